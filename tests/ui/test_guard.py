"""The lock: everything hidden, no key reaches the desk, and only what opens the workspace opens it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit, QTableView

from core import services
from core.domain import SlotKind
from core.services import Workspace
from tests.fixtures.keychains import Keychain, offered
from tests.ui.conftest import ITEMS, PASSPHRASE, Stage
from tests.ui.fakes import FakeClassifier
from ui.guard import Guard
from ui.views.lock import LockView

K = Qt.Key


def workspace_of(stage: Stage) -> Workspace:
    session = stage.window._session
    assert session is not None
    return session.workspace


def guard_of(stage: Stage) -> Guard:
    return stage.window.guard


def lock_of(stage: Stage) -> LockView:
    view = guard_of(stage).view
    assert view is not None
    return view


def lock(stage: Stage) -> None:
    stage.press(K.Key_K, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)


def unlock(stage: Stage, passphrase: str = PASSPHRASE) -> None:
    stage.type(passphrase)
    stage.press(K.Key_Return)


def let_pass(stage: Stage, seconds: float) -> None:
    """Let time go by without a sign of anybody."""
    now = guard_of(stage).clock()
    guard_of(stage).clock = lambda: now + seconds


def settings(stage: Stage, **changes: object) -> None:
    workspace = workspace_of(stage)
    services.save_settings(workspace, settings=replace(workspace.settings, **changes))  # type: ignore[arg-type]


def readable(stage: Stage) -> str:
    """Every text that is on screen now, in any window."""
    texts = []
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            texts.append(window.windowTitle())
            for kind in (QLabel, QLineEdit, QPlainTextEdit):
                texts += [_text(part) for part in window.findChildren(kind) if part.isVisible()]
            texts += ["a table" for table in window.findChildren(QTableView) if table.isVisible()]
    return "\n".join(texts)


def _text(part: QLabel | QLineEdit | QPlainTextEdit) -> str:
    return part.toPlainText() if isinstance(part, QPlainTextEdit) else part.text()


def test_a_key_hides_everything_and_the_passphrase_brings_it_back(open_stage: Stage) -> None:
    stage = open_stage
    item = stage.item_id
    content = stage.desk.content.surface.toPlainText()
    assert content in readable(stage)
    lock(stage)
    assert guard_of(stage).is_locked
    shown = readable(stage)
    for word in (content, item, "desk", "mira", "Spam", "a table"):
        assert word not in shown, word
    assert QApplication.focusWidget() is lock_of(stage).field
    assert not stage.window.menuBar().isVisible()
    unlock(stage)
    stage.until(lambda: not guard_of(stage).is_locked)
    assert stage.item_id == item
    assert content in readable(stage)
    assert "desk" in stage.window.windowTitle()
    assert stage.window.menuBar().isVisible()


def test_a_picture_of_the_locked_window_holds_nothing_of_the_desk(open_stage: Stage) -> None:
    stage = open_stage
    lock(stage)
    first = stage.window.grab().toImage()
    unlock(stage)
    stage.until(lambda: not guard_of(stage).is_locked)
    stage.show("r-3")
    lock(stage)
    assert stage.window.grab().toImage() == first


def test_no_key_reaches_the_desk_behind_it(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    lock(stage)
    before = services.queue_counts(workspace_of(stage))
    stage.window.setFocus()
    for key in (K.Key_A, K.Key_S, K.Key_E, K.Key_1, K.Key_Return, K.Key_Escape, K.Key_J, K.Key_F2, K.Key_Question):
        stage.qtbot.keyClick(stage.window, key)
        stage.qtbot.keyClick(lock_of(stage), key)
    for key in (K.Key_Z, K.Key_I, K.Key_E, K.Key_F, K.Key_W, K.Key_O, K.Key_J):
        stage.qtbot.keyClick(stage.window, key, Qt.KeyboardModifier.ControlModifier)
    stage.qtbot.wait(50)
    assert guard_of(stage).is_locked
    assert services.queue_counts(workspace_of(stage)) == before
    assert [
        window for window in QApplication.topLevelWidgets() if isinstance(window, QDialog) and window.isVisible()
    ] == []
    for _ in range(12):  # the focus stays in front
        stage.press(K.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is None or focus is stage.window or lock_of(stage).isAncestorOf(focus)


def test_a_wrong_passphrase_keeps_it_locked(open_stage: Stage) -> None:
    stage = open_stage
    lock(stage)
    unlock(stage, "not this one")
    stage.until(lambda: "does not open" in lock_of(stage).problem.text())
    assert lock_of(stage).field.text() == ""
    stage.press(K.Key_Return)
    stage.until(lambda: "passphrase" in lock_of(stage).problem.text().lower())
    assert guard_of(stage).is_locked
    unlock(stage)
    stage.until(lambda: not guard_of(stage).is_locked)


def test_the_environment_does_not_open_it(open_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = open_stage
    monkeypatch.setenv("DOCKET_PASSPHRASE", PASSPHRASE)
    lock(stage)
    stage.press(K.Key_Return)
    stage.until(lambda: lock_of(stage).problem.text() != "")
    assert guard_of(stage).is_locked


@pytest.fixture
def keychain() -> Iterator[Keychain]:
    with offered(Keychain()) as made:
        yield made


def test_the_keychain_opens_it(open_stage: Stage, keychain: Keychain) -> None:
    stage = open_stage
    services.add_key(workspace_of(stage), SlotKind.KEYCHAIN)
    lock(stage)
    stage.press(K.Key_Return)
    stage.until(lambda: not guard_of(stage).is_locked)
    services.revoke_key(workspace_of(stage), SlotKind.PASSPHRASE)
    lock(stage)
    assert not lock_of(stage).field.isVisible()
    assert QApplication.focusWidget() is lock_of(stage).unlock
    keychain.kept.clear()
    stage.press(K.Key_Return)
    stage.until(lambda: lock_of(stage).problem.text() != "")
    assert guard_of(stage).is_locked


# After a while


def test_it_locks_after_the_time_that_is_set(open_stage: Stage) -> None:
    stage = open_stage
    settings(stage, lock_minutes=5)
    let_pass(stage, 250)
    guard_of(stage).look()
    assert not guard_of(stage).is_locked
    stage.press(K.Key_J)  # a sign of life
    let_pass(stage, 299)
    guard_of(stage).look()
    assert not guard_of(stage).is_locked
    let_pass(stage, 2)
    guard_of(stage).look()
    assert guard_of(stage).is_locked


def test_never_means_never(open_stage: Stage) -> None:
    stage = open_stage
    settings(stage, lock_minutes=0)
    let_pass(stage, 1e9)
    guard_of(stage).look()
    assert not guard_of(stage).is_locked


def test_a_key_after_too_long_a_time_locks_instead(open_stage: Stage) -> None:
    """A computer that slept: the first sign of a person must not be taken for their presence all along."""
    stage = open_stage
    stage.judge_all()
    before = services.queue_counts(workspace_of(stage))
    let_pass(stage, 3600)
    stage.press(K.Key_A)
    assert guard_of(stage).is_locked
    assert lock_of(stage).field.text() == ""
    stage.qtbot.wait(50)
    assert services.queue_counts(workspace_of(stage)) == before


def test_the_mouse_is_a_sign_of_life(open_stage: Stage) -> None:
    stage = open_stage
    let_pass(stage, 500)
    stage.qtbot.mouseMove(stage.desk.content, QPoint(5, 5))
    let_pass(stage, 500)
    guard_of(stage).look()
    assert not guard_of(stage).is_locked


# What goes on behind it


def test_judging_goes_on_behind_it(open_stage: Stage) -> None:
    stage = open_stage
    stage.classifier = gated(stage)
    stage.ctrl(K.Key_J)
    stage.until(lambda: stage.desk.judging.running)
    lock(stage)
    stage.classifier.release(len(ITEMS))
    stage.until(lambda: len(stage.classifier.judged) == len(ITEMS))
    assert guard_of(stage).is_locked
    unlock(stage)
    stage.until(lambda: not guard_of(stage).is_locked)
    stage.until(lambda: stage.shown.review.verdict is not None)


def test_judging_pauses_behind_it_where_that_is_set(open_stage: Stage) -> None:
    stage = open_stage
    settings(stage, judge_while_locked=False)
    stage.classifier = gated(stage)
    stage.ctrl(K.Key_J)
    stage.until(lambda: stage.desk.judging.running)
    lock(stage)
    stage.until(lambda: not stage.desk.judging.running)
    unlock(stage)
    stage.until(lambda: stage.desk.judging.running)
    stage.classifier.release(len(ITEMS))
    stage.until(lambda: len(stage.classifier.judged) >= len(ITEMS))


def gated(stage: Stage) -> FakeClassifier:
    """Let the classifier of this window wait at each item."""
    import threading

    stage.classifier._gate = threading.Semaphore(0)
    return stage.classifier


def test_a_dialog_goes_with_the_desk(open_stage: Stage) -> None:
    stage = open_stage
    box = QDialog(stage.window)
    box.setWindowTitle("words of an item")
    box.open()
    guard_of(stage).lock()
    assert not box.isVisible()
    assert "words of an item" not in readable(stage)


def test_leaving_and_closing_from_the_lock(open_stage: Stage) -> None:
    stage = open_stage
    lock(stage)
    lock_of(stage).leave.click()
    stage.until(lambda: stage.window.desk is None)
    assert stage.window.welcome is not None
    assert stage.window.welcome.isVisible()
    assert stage.window.menuBar().isVisible()
    stage.open()
    lock(stage)
    stage.window.close()
    with services.open_workspace(stage.folder, passphrase=PASSPHRASE) as again:
        assert [check for check in services.verify(again) if not check.ok] == []


def test_the_first_page_does_not_lock(stage: Stage) -> None:
    lock(stage)
    assert not guard_of(stage).is_locked
