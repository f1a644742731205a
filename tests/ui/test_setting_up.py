"""The first steps in the real window: from nothing to the first judged items, by keys; closed and gone on with."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import EntryState
from core.errors import ModelError
from core.services import ListedModel, ModelFit
from tests.ui.conftest import PASSPHRASE, Stage
from tests.ui.looking import assert_named, assert_nothing_cut, assert_plain
from ui.dialogs.first_steps import FirstSteps
from ui.dialogs.importing import ImportDialog
from ui.setting_up import SettingUp
from ui.steps.first_items import FIRST_ITEMS, FirstItemsStep
from ui.steps.items import ItemsStep
from ui.steps.keys import KeysStep
from ui.steps.model import ModelStep
from ui.steps.page import StepPage
from ui.steps.place import PlaceStep
from ui.steps.policy import PolicyStep

K = Qt.Key
S = TypeVar("S", bound=StepPage)
PLACE, KEYS, MODEL, POLICY, ITEMS, FIRST = range(6)


def setting_up(stage: Stage) -> SettingUp:
    return stage.window.administration.setting_up


def dialog_of(stage: Stage) -> FirstSteps:
    dialog = setting_up(stage).dialog
    assert dialog is not None
    return dialog


def step(stage: Stage, kind: type[S]) -> S:
    found = next(step for step in dialog_of(stage).steps if isinstance(step, kind))
    assert isinstance(found, kind)
    return found


def begin(stage: Stage, folder: Path) -> None:
    """Go to the step of keys for a workspace in `folder`."""
    stage.press(K.Key_N, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    place = step(stage, PlaceStep)
    stage.until(lambda: QApplication.focusWidget() is place.name_field)
    stage.type(folder.name)
    place.where.setText(str(folder.parent))
    stage.press(K.Key_Return)
    stage.until(lambda: dialog_of(stage).index == KEYS)


def make(stage: Stage, folder: Path) -> str:
    """Make the workspace and return its recovery code, which is not ticked yet."""
    begin(stage, folder)
    keys = step(stage, KeysStep)
    stage.type(PASSPHRASE)
    stage.press(K.Key_Tab)
    stage.type(PASSPHRASE)
    stage.press(K.Key_Return)
    stage.until(lambda: keys.recovery.isVisible())
    return keys.recovery.code.text()


def look(stage: Stage) -> None:
    """Nothing is cut off, without a name, or taken for markup."""
    stage.qtbot.wait(30)
    for check in (assert_nothing_cut, assert_named, assert_plain):
        check(dialog_of(stage))


def test_from_nothing_to_the_first_ten_items_by_keys(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    code = make(stage, folder)
    dialog, keys = dialog_of(stage), step(stage, KeysStep)
    look(stage)
    assert QApplication.focusWidget() is keys.recovery.tick
    stage.press(K.Key_Return)
    assert dialog.index == KEYS  # the code has to be kept first
    assert not dialog.next.isEnabled()
    assert not dialog.back.isEnabled()
    assert not any(dialog.list.item(row).flags() & Qt.ItemFlag.ItemIsEnabled for row in (PLACE, MODEL, FIRST))
    stage.press(K.Key_Space)
    stage.press(K.Key_Return)
    assert dialog.index == MODEL
    assert keys.recovery.code.text() == ""  # shown once
    model = step(stage, ModelStep)
    stage.until(lambda: model.models.rowCount() > 1)
    look(stage)
    stage.press(K.Key_Down)
    stage.press(K.Key_Return)
    assert "not on this machine" in model.problem.text()
    stage.press(K.Key_Up)
    stage.press(K.Key_Return)
    stage.until(lambda: dialog.index == POLICY)
    policy = step(stage, PolicyStep)
    stage.until(lambda: policy.list.count() == len(services.shipped_policies()))
    look(stage)
    assert not dialog.next.isEnabled()
    stage.press(K.Key_End)
    stage.press(K.Key_Space)
    stage.press(K.Key_Return)
    stage.until(lambda: dialog.index == ITEMS)
    items = step(stage, ItemsStep)
    assert QApplication.focusWidget() is items.file
    look(stage)
    stage.press(K.Key_Tab)
    stage.press(K.Key_Return)  # the sample queue
    stage.until(lambda: items.ready)
    assert "72" in items.count.text()
    dialog.next.setFocus()
    stage.press(K.Key_Return)
    assert dialog.index == FIRST
    look(stage)
    stage.press(K.Key_Return)
    stage.until(lambda: len(stage.classifier.judged) == FIRST_ITEMS and not stage.desk.judging.running)
    stage.until(lambda: dialog.next.text() == "Go to the desk")
    look(stage)
    stage.press(K.Key_Return)
    assert setting_up(stage).dialog is None
    stage.until(lambda: stage.desk.reviewing.current is not None and stage.shown.review.verdict is not None)
    assert len(stage.classifier.judged) == FIRST_ITEMS
    stage.until(lambda: QApplication.focusWidget() is stage.desk.queue.table)
    stage.ctrl(K.Key_W)
    with services.open_workspace(folder, recovery_code=code) as workspace:
        assert services.queue_counts(workspace).by_state[EntryState.JUDGED] == FIRST_ITEMS
        assert {policy.policy_id for policy in services.list_policies(workspace)} == {"spam", "harassment"}
    assert services.last_workspace() == folder


def test_what_is_wrong_with_name_place_and_passphrase_is_said_in_place(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    stage.window.administration.setting_up.begin()
    place, dialog = step(stage, PlaceStep), dialog_of(stage)
    place.where.setText(str(tmp_path))
    for name, words in (
        ("", "name"),
        ("..", "name"),
        ("a/b", "name"),
        ("full", "not empty"),
        ("desk", "already holds"),
    ):
        place.name_field.setText(name)
        dialog.go_on()
        stage.until(lambda words=words: words in place.problem.text())
        assert dialog.index == PLACE
    place.where.setText("postgres://nowhere")
    assert not place.name_field.isEnabled()
    dialog.go_on()
    stage.until(lambda: "postgresql" in place.problem.text())
    place.where.setText(str(tmp_path))
    place.name_field.setText("new")
    dialog.go_on()
    stage.until(lambda: dialog.index == KEYS)
    keys = step(stage, KeysStep)
    assert not keys.keychain.isEnabled()  # there is none in a test
    for first, again, words in (("short", "", "8 characters"), (PASSPHRASE, "another one", "differ")):
        keys.new.first.setText(first)
        keys.new.again.setText(again)
        dialog.go_on()
        assert words in keys.problem.text()
    keys.passphrase.setChecked(False)
    dialog.go_on()
    assert "at least one" in keys.problem.text()
    (tmp_path / "new").write_text("in the way since")
    keys.passphrase.setChecked(True)
    keys.new.again.setText(PASSPHRASE)
    dialog.go_on()
    stage.until(lambda: "is a file" in keys.problem.text())
    assert dialog.next.isEnabled()
    assert stage.window.desk is None


def test_closed_in_the_middle_it_leaves_a_workspace_and_goes_on_later(stage: Stage, tmp_path: Path) -> None:
    code = make(stage, tmp_path / "half")
    stage.press(K.Key_Escape)
    assert setting_up(stage).dialog is None
    assert "recovery code was not kept" in stage.notice
    assert code not in stage.notice
    stage.until(lambda: stage.desk.queue.empty.isVisible())
    stage.until(stage.window.isActiveWindow)
    stage.press(K.Key_F, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    stage.until(lambda: setting_up(stage).dialog is not None)
    dialog = dialog_of(stage)
    assert dialog.index == MODEL
    dialog.show_step(KEYS)
    keys = step(stage, KeysStep)
    stage.until(lambda: "Recovery code" in keys.listed.text())
    dialog.show_step(PLACE)
    assert not step(stage, PlaceStep).where.isEnabled()
    look(stage)
    stage.window.close_workspace()
    assert setting_up(stage).dialog is None  # it was about that workspace


def test_a_new_workspace_takes_the_place_of_the_open_one_only_once_made(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    begin(stage, tmp_path / "second")
    assert stage.desk._workspace.folder == stage.folder
    stage.press(K.Key_Escape)
    assert stage.desk._workspace.folder == stage.folder
    stage.until(stage.window.isActiveWindow)
    make(stage, tmp_path / "second")
    assert stage.desk._workspace.folder == tmp_path / "second"
    services.open_workspace(stage.folder, passphrase=PASSPHRASE).close()  # it was closed


def test_with_everything_done_it_opens_at_the_last_step(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.window.administration.setting_up.go_on()
    stage.until(lambda: setting_up(stage).dialog is not None)
    dialog = dialog_of(stage)
    stage.until(lambda: dialog.index == FIRST and dialog.next.text() == "Go to the desk")
    states = [dialog.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(6)]
    assert all("done" in state for state in states)


def test_a_policy_of_ones_own_shows_its_labels_before_it_counts(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    path = tmp_path / "own.md"
    shipped = next(path for path in services.shipped_policies() if path.stem == "spam")
    path.write_text(shipped.read_text().replace("SP", "OWN").replace("id: spam", "id: own"), encoding="utf-8")
    (tmp_path / "huge.md").write_bytes(b"x" * (1024 * 1024 + 1))
    stage.window.administration.setting_up.go_on()
    stage.until(lambda: setting_up(stage).dialog is not None)
    dialog, policy = dialog_of(stage), step(stage, PolicyStep)
    dialog.show_step(POLICY)
    stage.until(lambda: policy.list.count() == len(services.shipped_policies()))
    policy.offer_file(tmp_path / "huge.md")
    stage.until(lambda: "larger than 1 MiB" in policy.problem.text())
    policy.offer_file(path)
    stage.until(lambda: "OWN2" in policy.labels.text())
    assert len(stage.desk.policies) == 2
    dialog.go_on()
    stage.until(lambda: dialog.index == ITEMS)
    stage.until(lambda: len(stage.desk.policies) == 3)


def test_a_file_that_is_dropped_is_looked_at_and_comes_in(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    path = tmp_path / "more.jsonl"
    path.write_text('{"id": "n-1", "content": "One more.", "policy": "spam"}\n', encoding="utf-8")
    stage.window.administration.setting_up.go_on()
    stage.until(lambda: setting_up(stage).dialog is not None)
    dialog, items = dialog_of(stage), step(stage, ItemsStep)
    dialog.show_step(ITEMS)
    stage.until(lambda: "6 items" in items.count.text())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    asked: list[Path] = []

    def answer() -> None:
        importing = QApplication.activeModalWidget()
        if isinstance(importing, ImportDialog):
            asked.append(importing.request().path)
            importing.submit()
        else:
            QTimer.singleShot(20, answer)

    QTimer.singleShot(20, answer)
    nothing = Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, nothing)
    items.dropEvent(drop)
    stage.until(lambda: "7 items" in items.count.text())
    assert asked == [path]


def test_a_model_that_fails_is_said_and_can_be_tried_again(open_stage: Stage) -> None:
    stage = open_stage
    stage.classifier.fault = ModelError("The model is gone.", "Choose another.")
    stage.window.administration.setting_up.go_on()
    stage.until(lambda: setting_up(stage).dialog is not None)
    dialog, first = dialog_of(stage), step(stage, FirstItemsStep)
    dialog.show_step(FIRST)
    stage.until(lambda: "0 of 6" in first.words.text())
    dialog.go_on()
    stage.until(lambda: "model is gone" in first.problem.text() and not stage.desk.judging.running)
    stage.classifier.fault = None
    assert dialog.next.text() == "Judge the first ten items"
    dialog.go_on()
    stage.until(lambda: "6 of 6" in first.words.text())
    assert first.problem.text() == ""


def test_the_lock_takes_the_steps_away_and_says_that_the_code_is_gone(stage: Stage, tmp_path: Path) -> None:
    code = make(stage, tmp_path / "locked")
    stage.window.guard.lock()
    assert setting_up(stage).dialog is None
    assert all(code not in label.text() for label in stage.window.findChildren(type(stage.window.notice_bar.title)))
    view = stage.window.guard.view
    assert view is not None
    stage.until(lambda: QApplication.focusWidget() is view.field)
    stage.type(PASSPHRASE)
    stage.press(K.Key_Return)
    stage.until(lambda: not stage.window.guard.is_locked)
    assert "recovery code was not kept" in stage.notice


def test_another_model_is_chosen_and_download_leads_to_the_models(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    stage.window.administration.setting_up.go_on()
    stage.until(lambda: setting_up(stage).dialog is not None)
    model = step(stage, ModelStep)
    fits: list[ModelFit] = []
    listed = [ListedModel("sample", "Sample", tmp_path, "chatml", 1, True), ListedModel("x", "X", None, "", 1, False)]
    model._show_models((listed, fits))
    assert model.models.rowCount() == 2
    model.add_file(tmp_path / "no.gguf")
    stage.until(lambda: not model.busy)
    assert "no.gguf" in stage.notice
    model.download.click()
    assert setting_up(stage).dialog is None
    shelf = stage.window.shelf
    assert shelf is not None
    assert shelf.index == 3
