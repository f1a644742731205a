"""Refused rows in the window: listed, mended in place, tried again, discarded when sure, written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from core import services
from core.services.workspace import Workspace
from tests.fixtures.workspaces import bring_in, new_workspace
from tests.ui.conftest import Stage
from ui.chores import Chores, ImportRequest
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.quarantine import QuarantineDialog
from ui.events import Events
from ui.mending import Mending
from ui.tasks import TaskPool
from ui.theme import Theme

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
GOOD = b'{"id": "ok", "content": "fine"}'
BAD = b'{"id": "a", "content": "cut\xe2\x80\x8b \xff'


class Screen:
    """The dialog on a workspace, with the end of its work waited for."""

    def __init__(self, qtbot: QtBot, theme: Theme, workspace: Workspace) -> None:
        self.qtbot = qtbot
        self.workspace = workspace
        self.pool = TaskPool()
        self.events = Events()
        self.changes: list[object] = []
        self.events.changed.connect(self.changes.append)
        self.mending = Mending(workspace, self.pool, self.events)
        self.dialog = QuarantineDialog(self.mending, theme)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.dialog.activateWindow()
        self.rest()

    def rest(self) -> None:
        self.qtbot.waitUntil(lambda: not self.pool.busy and not self.mending.busy, timeout=20_000)

    def press(self, button: QPushButton) -> None:
        assert button.isEnabled(), button.text()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.rest()

    def choose(self, row: int) -> None:
        self.dialog.table.selectRow(row)
        self.rest()

    def keys(self) -> list[int]:
        return services.quarantine_keys(self.workspace)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=["spam"]) as made:
        yield made


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme, workspace: Workspace) -> Iterator[Screen]:
    bring_in(workspace, [GOOD, BAD, b'{"id": "b"}', b'{"id": "c"}'])
    made = Screen(qtbot, theme, workspace)
    yield made
    made.pool.shutdown(timeout_s=20)


def answered(words: str, verb: Callable[[], object]) -> None:
    """Press the button with these words in the box that a verb opens."""

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, ConfirmDialog):
            QTimer.singleShot(20, answer)
            return
        next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == words).click()

    QTimer.singleShot(20, answer)
    verb()


def test_a_row_shows_where_it_stood_why_and_every_byte(screen: Screen) -> None:
    dialog = screen.dialog
    assert [dialog.model.index(0, column).data() for column in range(3)] == [
        "in.jsonl", "2", "not valid UTF-8 at byte 32",
    ]  # fmt: skip
    assert dialog.editor.place.text() == "in.jsonl, line 2"
    assert dialog.editor.text.toPlainText() == '{"id": "a", "content": "cut⟦U+200B⟧ ⟦xFF⟧'
    assert dialog.editor.text.textCursor().position() == len('{"id": "a", "content": "cut⟦U+200B⟧ ')
    assert not dialog.undo.isEnabled()
    assert dialog.count.text() == "3 waiting"


def test_a_row_is_mended_in_place_by_keys_alone(screen: Screen) -> None:
    dialog, edit = screen.dialog, screen.dialog.editor.text
    edit.setFocus()
    screen.qtbot.keyClick(edit, K.Key_End, CTRL)
    screen.qtbot.keyClicks(edit, "!")
    screen.qtbot.keyClick(edit, K.Key_Return, CTRL)
    screen.rest()
    assert dialog.outcome.text() == "In: 0. Still refused: 1."
    assert dialog.editor.row is not None
    assert dialog.editor.row.raw == BAD + b"!"  # the same row is in view
    edit.selectAll()
    edit.insertPlainText('{"id": "a", "content": "cut⟦U+200B⟧ off"}')
    screen.qtbot.keyClick(edit, K.Key_Return, CTRL)
    screen.rest()
    assert dialog.outcome.text() == "In: 1."
    item = screen.workspace.store.get_item("a")
    assert item is not None
    assert item.content == "cut\u200b off"
    assert len(screen.keys()) == dialog.model.rowCount() == 2
    assert len(screen.changes) == 1


def test_changes_are_undone_and_rows_tried_as_they_are(screen: Screen) -> None:
    dialog = screen.dialog
    before = dialog.editor.text.toPlainText()
    dialog.editor.text.insertPlainText("x")
    screen.press(dialog.undo)
    assert dialog.editor.text.toPlainText() == before
    screen.press(dialog.retry_all)
    assert dialog.outcome.text() == "In: 0. Still refused: 3."
    assert len(screen.keys()) == 3


def test_rows_are_discarded_only_when_the_person_is_sure(screen: Screen) -> None:
    dialog = screen.dialog
    screen.choose(1)
    answered("Cancel", lambda: screen.press(dialog.discard))
    assert len(screen.keys()) == 3
    dialog.activateWindow()
    dialog.table.setFocus()
    screen.qtbot.waitUntil(dialog.table.hasFocus)
    answered("Discard", lambda: screen.qtbot.keyClick(dialog.table, K.Key_Delete))
    screen.rest()
    assert [head.line for head in services.quarantine_rows(screen.workspace, keys=screen.keys())] == [2, 4]
    dialog.table.selectAll()
    answered("Discard", lambda: screen.press(dialog.discard))
    assert screen.keys() == []
    assert dialog.nothing.isVisible()
    assert not dialog.split.isVisible()
    assert not dialog.retry.isEnabled()


def test_rows_are_written_out(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "rows.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    screen.press(screen.dialog.export)
    assert out.read_bytes() == BAD + b'\n{"id": "b"}\n{"id": "c"}\n'
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "x"), ""))
    screen.press(screen.dialog.export)
    assert "There is no folder" in screen.dialog.problem.text()


def test_what_is_too_long_is_shown_and_not_edited(qtbot: QtBot, theme: Theme, workspace: Workspace) -> None:
    bring_in(workspace, [GOOD, b'{"id": "' + b"x" * 50_000, b'{"id": "b", "content": "' + b"x" * 4_300_000])
    screen = Screen(qtbot, theme, workspace)
    edit = screen.dialog.editor
    assert edit.text.isReadOnly()
    assert edit.text.document().blockCount() == 20
    assert edit.hint.text().startswith("Too long to be mended here")
    screen.choose(1)
    assert edit.hint.text().startswith("Too long: only the start was kept")
    assert not screen.dialog.retry.isEnabled()
    screen.pool.shutdown(timeout_s=20)


def test_an_import_that_refused_rows_leads_to_them(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    path = tmp_path / "new.jsonl"
    path.write_bytes(GOOD + b'\n{"id": "b"}\n')
    seen: list[int] = []

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QuarantineDialog) or not dialog.model.rowCount():
            QTimer.singleShot(50, act)
            return
        seen.append(dialog.model.rowCount())
        dialog.reject()

    chores = stage.window.findChild(Chores)
    assert chores is not None
    chores.import_file(ImportRequest(path))
    stage.until(lambda: "1 lines rejected" in stage.notice)
    QTimer.singleShot(50, act)
    stage.qtbot.mouseClick(stage.window.notice_bar.offer, Qt.MouseButton.LeftButton)
    stage.until(lambda: seen == [1])
    assert not stage.window.notice_bar.isVisible()
    stage.window.activateWindow()
    stage.until(stage.window.isActiveWindow)
    QTimer.singleShot(50, act)
    stage.press(K.Key_I, CTRL, Qt.KeyboardModifier.ShiftModifier)
    stage.until(lambda: seen == [1, 1])
