"""Import and export from the menu, on the real services."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from core import services
from core.domain import BundleManifest, Cause, QueueFilter
from tests.ui.conftest import ITEMS, Stage
from ui.chores import ImportRequest
from ui.dialogs.importing import ImportDialog, dropped_file
from ui.dialogs.transfer import ExportDialog

K = Qt.Key


def with_dialog(stage: Stage, key: Qt.Key, act: Callable[[QDialog], None]) -> None:
    """Press a key that opens a dialog, and act on it while it is open."""
    seen: list[QDialog] = []

    def run() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:  # a busy machine opens it later
            QTimer.singleShot(50, run)
            return
        assert isinstance(dialog, QDialog)
        seen.append(dialog)
        act(dialog)

    QTimer.singleShot(50, run)
    stage.ctrl(key)
    stage.until(lambda: bool(seen))


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_disagreements_are_exported_from_the_menu(open_stage: Stage, tmp_path: Path, format_: str) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-2")
    stage.press(K.Key_1)
    stage.press(K.Key_3)
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-2")
    out = tmp_path / f"out.{format_}"

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog.format.setCurrentIndex(dialog.format.findData(format_))
        dialog.path.setText(str(out))
        stage.qtbot.keyClick(dialog.path, K.Key_Return)

    with_dialog(stage, K.Key_E, act)
    stage.until(lambda: "Exported 1" in stage.notice)
    text = out.read_text(encoding="utf-8-sig")
    rows = (
        [json.loads(line) for line in text.splitlines()]
        if format_ == "jsonl"
        else list(csv.DictReader([*text.splitlines()]))
    )
    assert [(row["id"], row["label"], row["cause"]) for row in rows] == [("m-2", "SP0", "missing_context")]


def test_the_export_path_is_checked_before_anything_runs(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        assert dialog.path.text().endswith("disagreements.jsonl")
        dialog.what.setCurrentIndex(dialog.what.findData("items"))
        assert dialog.path.text().endswith("items.jsonl")
        dialog.path.setText(str(tmp_path / "nowhere" / "x.jsonl"))
        dialog.submit()
        assert dialog.isVisible()
        assert "does not exist" in dialog.problem.text()
        dialog.path.clear()
        dialog.submit()
        assert "Name a file" in dialog.problem.text()
        dialog.reject()

    with_dialog(stage, K.Key_E, act)
    assert stage.notice == ""


def test_import_brings_items_in_and_lists_what_it_refused(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    source = tmp_path / "more.jsonl"
    source.write_text('{"id": "new-1", "content": "Fresh text", "policy": "spam"}\nnot json\n', encoding="utf-8")

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        dialog.path.setText(str(tmp_path / "missing.jsonl"))
        dialog.submit()
        assert "no such file" in dialog.problem.text()
        dialog.path.setText(str(source))
        dialog.submit()

    with_dialog(stage, K.Key_I, act)
    stage.until(lambda: "1 stored" in stage.notice)
    assert "line 2" in stage.notice
    stage.until(lambda: stage.desk.model.rowCount() == len(ITEMS) + 1)


def test_a_file_that_cannot_be_read_is_a_notice(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    source = tmp_path / "binary.jsonl"
    source.write_bytes(b"\xff\xfe\x00\x00garbage\n")

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        dialog.path.setText(str(source))
        dialog.submit()

    with_dialog(stage, K.Key_I, act)
    stage.until(lambda: stage.notice != "")
    assert stage.item_id != ""


def test_the_import_dialog_shows_the_guess_and_ten_rows_before_anything_is_stored(
    open_stage: Stage, tmp_path: Path
) -> None:
    stage = open_stage
    source = tmp_path / "reports.csv"
    rows = "".join(f"{number},Nice weather and more words {number}\u202e,de\n" for number in range(30))
    source.write_text("Internal use,,\nkey,comment,lang\n" + rows + "\n", encoding="utf-8")

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        dialog.path.setText(str(source))
        stage.until(lambda: dialog.rows.rowCount() == 10)
        assert "row 2 names the columns" in dialog.guess.text()
        assert dialog.columns["content"].currentData() == "comment"
        assert "\u202e" not in dialog.rows.item(0, 2).text()
        assert stage.desk.model.rowCount() == len(ITEMS)
        box = dialog.columns["content"]
        box.setCurrentIndex(box.findData("lang"))
        box.activated.emit(box.currentIndex())
        stage.until(lambda: dialog.rows.item(0, 2).text() == "de")
        box = dialog.columns["content"]
        box.setCurrentIndex(box.findData("comment"))
        dialog.submit()

    with_dialog(stage, K.Key_I, act)
    stage.until(lambda: "30 stored" in stage.notice)
    stage.until(lambda: stage.desk.model.rowCount() == len(ITEMS) + 30)


def test_a_bundle_is_sealed_from_the_dialog_and_comes_back_in(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    out = tmp_path / "week.docket"

    def seal(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog.what.setCurrentIndex(dialog.what.findData("items"))
        dialog.format.setCurrentIndex(dialog.format.findData("bundle"))
        dialog.path.setText(str(out))
        dialog.submit()
        assert "recipient or with a passphrase" in dialog.problem.text()
        dialog.recipient.setText(services.bundle_keys(stage.window._session.workspace)[1])
        dialog.submit()

    with_dialog(stage, K.Key_E, seal)
    stage.until(lambda: f"Exported {len(ITEMS)}" in stage.notice)

    found: list[BundleManifest] = []
    stage.window._session.keys._chores.look(ImportRequest(out), found.append, lambda error: pytest.fail(str(error)))
    stage.until(lambda: bool(found))
    assert found[0].counts["items"] == len(ITEMS)
    stage.window._session.keys._chores.import_file(ImportRequest(out))
    stage.until(lambda: "Bundle of this workspace: 0 items" in stage.notice)


def test_an_export_keeps_to_a_saved_view(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    services.save_view(stage.desk._workspace, name="Harassment only", wanted=QueueFilter(policy_id="harassment"))
    out = tmp_path / "view.jsonl"

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        dialog.what.setCurrentIndex(dialog.what.findData("items"))
        dialog.view.setCurrentIndex(dialog.view.findText("Harassment only"))
        dialog.path.setText(str(out))
        stage.qtbot.keyClick(dialog.path, K.Key_Return)

    with_dialog(stage, K.Key_E, act)
    stage.until(lambda: "Exported 1" in stage.notice)
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["m-4"]


def dropping(*paths: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    modifiers, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, modifiers)
    _KEPT.append(data)  # the event does not own it
    return event


_KEPT: list[QMimeData] = []


def test_one_dropped_file_is_looked_at_and_two_are_not(open_stage: Stage, tmp_path: Path) -> None:
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    for path in (one, two):
        path.write_text('{"id": "d", "content": "dropped"}\n', encoding="utf-8")
    assert dropped_file(dropping(one)) == one
    assert dropped_file(dropping(one, two)) is None
    assert dropped_file(dropping(tmp_path)) is None
    seen: list[str] = []

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        dialog.dropEvent(dropping(two))
        seen.append(dialog.path.text())
        dialog.reject()

    with_dialog(open_stage, K.Key_I, act)
    assert seen == [str(two)]


def test_an_export_keeps_to_a_cause(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog((), tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.request().options.causes == ()
    dialog.cause.setCurrentIndex(dialog.cause.findText("Model misread"))
    assert dialog.request().options.causes == (Cause.MODEL_MISREAD,)


def test_a_column_becomes_a_human_label(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    path = tmp_path / "gold.csv"
    path.write_text("id,text,gold\nn-1,buy the best watches,SP4\nn-2,see you tomorrow,SP0\n")

    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        assert not dialog.label.isVisible()
        dialog.path.setText(str(path))
        stage.until(lambda: dialog.label.isVisible())
        dialog.policy.setCurrentIndex(dialog.policy.findData("spam"))
        dialog.label.setCurrentIndex(dialog.label.findData("gold"))
        assert dialog.request().decide_from == "gold"
        stage.qtbot.keyClick(dialog.path, K.Key_Return)

    with_dialog(stage, K.Key_I, act)
    stage.until(lambda: "2 stored" in stage.notice)
    workspace = stage.desk._workspace
    assert [each.label for each in workspace.store.decisions_of("n-1", "spam")] == ["SP4"]
    assert workspace.store.decisions_of("n-2", "spam")[0].reviewer == "import:gold"
