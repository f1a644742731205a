"""Choosing the model from the menu, on the real services; content never leaves without a yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from core import services
from core.services import ListedModel
from tests.ui.conftest import PASSPHRASE, Stage
from ui.dialogs.model import ConsentDialog, ModelDialog

K = Qt.Key
SERVER = "http://203.0.113.9:8000/v1#guard"


@pytest.fixture
def answers(open_stage: Stage) -> Callable[..., None]:
    """Press the key and give each dialog that opens its answer, in order."""

    def run(*acts: Callable[[QDialog], None]) -> None:
        left = list(acts)

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QDialog):
                left.pop(0)(dialog)
            if left:
                QTimer.singleShot(20, look)

        open_stage.window.activateWindow()
        open_stage.until(open_stage.window.isActiveWindow)
        QTimer.singleShot(20, look)
        open_stage.ctrl(K.Key_M)
        open_stage.until(lambda: not left)

    return run


def type_address(dialog: QDialog) -> None:
    assert isinstance(dialog, ModelDialog)
    dialog.address.setFocus()
    dialog.address.setText(SERVER)
    dialog.use_button.click()


def model_of(stage: Stage) -> tuple[str, tuple[str, ...], list[str]]:
    with services.open_workspace(stage.folder, passphrase=PASSPHRASE) as workspace:
        kinds = [event.kind for event in workspace.store.audit_events(limit=100)]
        return workspace.settings.model, workspace.settings.remote_hosts, kinds


def test_a_server_elsewhere_is_used_only_after_a_yes(open_stage: Stage, answers: Callable[..., None]) -> None:
    def refuse(dialog: QDialog) -> None:
        assert isinstance(dialog, ConsentDialog)
        assert "203.0.113.9" in dialog.words.text()
        assert dialog.focusWidget() is dialog.refuse_button
        dialog.reject()

    answers(type_address, refuse)
    open_stage.until(lambda: "Nothing leaves this machine" in open_stage.notice)
    answers(type_address, lambda dialog: dialog.allow_button.click())  # type: ignore[attr-defined]
    open_stage.until(lambda: "203.0.113.9" in open_stage.notice)
    answers(type_address)  # not asked again
    open_stage.window.close_workspace()
    model, hosts, kinds = model_of(open_stage)
    assert model == SERVER
    assert hosts == ("203.0.113.9",)
    assert kinds.count("remote.allowed") == 1
    assert kinds.count("model.chosen") == 1


def test_the_next_run_uses_the_model_that_was_chosen(open_stage: Stage, answers: Callable[..., None]) -> None:
    stage = open_stage
    stage.judge_all()
    assert stage.classifier.closed == 0

    def choose_sample(dialog: QDialog) -> None:
        assert isinstance(dialog, ModelDialog)
        dialog.table.selectRow(0)
        stage.qtbot.keyClick(dialog.table, K.Key_Return)

    answers(choose_sample)
    stage.until(lambda: "sample" in stage.notice)
    assert stage.classifier.closed == 1


def test_nothing_is_asked_while_the_model_runs(open_stage: Stage) -> None:
    open_stage.desk.judging.start(policy_id=None, first=lambda: None)
    open_stage.ctrl(K.Key_M)
    assert "Stop judging" in open_stage.notice
    open_stage.until(lambda: not open_stage.desk.judging.running)


class TestDialog:
    """The form alone."""

    MODELS = (
        ListedModel("sample", "Sample", Path("/x.gguf"), "chatml", 98_362_432, True, "near chance"),
        ListedModel("gpt-oss-safeguard-20b", "gpt-oss-safeguard-20b", None, "harmony", 12 * 1024**3, False),
        ListedModel("cut", "cut", Path("/cut.gguf"), "", 9, False, problem="cut is damaged."),
    )

    def test_only_what_can_judge_can_be_chosen(self, qtbot: object) -> None:
        del qtbot
        dialog = ModelDialog(self.MODELS, "")
        assert dialog.wanted == "sample"
        rows = dialog.table.model()
        assert [bool(rows.flags(rows.index(n, 0)) & Qt.ItemFlag.ItemIsEnabled) for n in range(3)] == [
            True,
            False,
            False,
        ]
        assert rows.index(2, 2).data() == "cut is damaged."
        dialog.deleteLater()

    def test_an_address_takes_the_place_of_the_list_and_is_checked(self, qtbot: object) -> None:
        del qtbot
        dialog = ModelDialog(self.MODELS, "")
        dialog.address.setText("guard.example")
        dialog.submit()
        assert dialog.result() == 0
        assert "http" in dialog.problem.text()
        dialog.address.setText(SERVER)
        dialog.submit()
        assert dialog.result() == QDialog.DialogCode.Accepted
        assert dialog.wanted == SERVER
        dialog.deleteLater()
