"""The dialog of keys in the real window: who it is, each way in, a new data key while the desk comes and goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import SlotKind
from core.errors import LockedError, StorageError
from core.services import KeyRotation
from tests.fixtures.keychains import Keychain, offered
from tests.ui.conftest import PASSPHRASE, Stage
from tests.ui.looking import assert_named, assert_nothing_cut, assert_plain
from ui.dialogs.key_slots import KeyDeed, KeySlotsDialog

K = Qt.Key
SECOND = "another long passphrase"
ROWS = {kind: row for row, kind in enumerate(SlotKind)}


def dialog_of(stage: Stage) -> KeySlotsDialog:
    dialog = stage.window.administration.key_changes.dialog
    assert dialog is not None
    return dialog


def show(stage: Stage) -> KeySlotsDialog:
    stage.until(stage.window.isActiveWindow)
    stage.press(K.Key_K, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)
    stage.until(lambda: stage.window.administration.key_changes.dialog is not None)
    stage.until(lambda: QApplication.focusWidget() is dialog_of(stage).table)
    return dialog_of(stage)


def ask(dialog: KeySlotsDialog, deed: KeyDeed, kind: SlotKind, current: str = PASSPHRASE, new: str = "") -> None:
    dialog.table.selectRow(ROWS[kind])
    dialog.ask(deed)
    dialog.current.setText(current)
    dialog.new.first.setText(new)
    dialog.new.again.setText(new)
    dialog.submit()


def state(dialog: KeySlotsDialog, kind: SlotKind) -> str:
    return dialog.rows.item(ROWS[kind], 1).text()


def opens(stage: Stage, **secret: str) -> bool:
    try:
        services.open_workspace(stage.folder, **secret).close()  # type: ignore[arg-type]
    except LockedError:
        return False
    return True


def test_the_passphrase_is_changed_by_keys_and_only_by_who_knows_it(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    for check in (assert_nothing_cut, assert_named, assert_plain):
        check(dialog)
    assert state(dialog, SlotKind.PASSPHRASE).startswith("set on")
    [slot] = services.list_keys(stage.folder)
    assert dialog.rows.item(ROWS[SlotKind.PASSPHRASE], 2).text() == slot.last_used_at[:10] != ""
    assert state(dialog, SlotKind.KEYCHAIN) == "not set"
    assert not dialog.revoke.isEnabled()  # of a way that is not there
    stage.press(K.Key_Down)
    assert not dialog.revoke.isEnabled()  # the last way in
    stage.press(K.Key_Tab)
    stage.press(K.Key_Return)
    stage.until(lambda: QApplication.focusWidget() is dialog.current)
    stage.press(K.Key_Return)
    assert "shows that it is you" in dialog.problem.text()
    stage.type("not the passphrase")
    stage.press(K.Key_Tab)
    stage.type(SECOND)
    stage.press(K.Key_Tab)
    stage.type(SECOND)
    assert_nothing_cut(dialog)
    stage.press(K.Key_Return)
    stage.until(lambda: "does not open" in dialog.problem.text())
    assert QApplication.focusWidget() is dialog.current
    stage.type(PASSPHRASE)
    stage.press(K.Key_Return)
    stage.until(lambda: dialog.pages.currentWidget() is dialog.overview)
    assert dialog.current.text() == dialog.new.typed == ""
    stage.press(K.Key_Escape)
    assert stage.window.administration.key_changes.dialog is None
    stage.ctrl(K.Key_W)
    assert opens(stage, passphrase=SECOND)
    assert not opens(stage, passphrase=PASSPHRASE)


def test_a_recovery_code_is_shown_once_and_missed_if_it_was_not_kept(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    ask(dialog, KeyDeed.SET, SlotKind.RECOVERY)
    stage.until(lambda: dialog.recovery.code.text() != "")
    code = dialog.recovery.code.text()
    assert not dialog.over.isEnabled()
    dialog.recovery.tick.click()
    dialog.over.click()
    assert dialog.recovery.code.text() == ""
    assert state(dialog, SlotKind.RECOVERY).startswith("set on")
    ask(dialog, KeyDeed.SET, SlotKind.RECOVERY)
    stage.until(lambda: dialog.recovery.code.text() != "")
    second = dialog.recovery.code.text()
    stage.press(K.Key_Escape)
    assert "was not kept" in stage.notice
    dialog = show(stage)
    ask(dialog, KeyDeed.REVOKE, SlotKind.PASSPHRASE, "wrong passphrase")
    stage.until(lambda: "does not open" in dialog.problem.text())
    ask(dialog, KeyDeed.REVOKE, SlotKind.PASSPHRASE)
    stage.until(lambda: state(dialog, SlotKind.PASSPHRASE) == "not set")
    stage.press(K.Key_Escape)
    stage.ctrl(K.Key_W)
    assert opens(stage, recovery_code=second)
    assert not opens(stage, recovery_code=code)


def test_the_keychain_is_added_only_where_there_is_one(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    dialog.table.selectRow(ROWS[SlotKind.KEYCHAIN])
    assert not dialog.set_button.isEnabled()
    stage.press(K.Key_Escape)
    with offered(Keychain()):
        dialog = show(stage)
        ask(dialog, KeyDeed.SET, SlotKind.KEYCHAIN)
        stage.until(lambda: state(dialog, SlotKind.KEYCHAIN).startswith("set on"))
        assert "Keychain" in dialog.rows.item(ROWS[SlotKind.KEYCHAIN], 3).text()


def test_a_new_data_key_closes_the_desk_and_brings_it_back(open_stage: Stage) -> None:
    stage = open_stage
    before = stage.desk._workspace.store.data_key()
    services.add_key(stage.desk._workspace, SlotKind.RECOVERY)
    dialog = show(stage)
    ask(dialog, KeyDeed.ROTATE, SlotKind.PASSPHRASE, "wrong passphrase")
    stage.until(lambda: "does not open" in dialog.problem.text())
    assert stage.window.desk is not None  # nothing was closed for that
    ask(dialog, KeyDeed.ROTATE, SlotKind.PASSPHRASE)
    stage.until(lambda: dialog.recovery.code.text() != "")
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    assert stage.window.administration.key_changes.dialog is dialog
    code = dialog.recovery.code.text()
    dialog.recovery.tick.click()
    dialog.over.click()
    assert stage.desk._workspace.store.data_key() != before
    assert [check for check in services.verify(stage.desk._workspace) if not check.ok] == []
    dialog.reject()
    stage.ctrl(K.Key_W)
    assert opens(stage, recovery_code=code)
    assert opens(stage, passphrase=PASSPHRASE)


def test_a_rotation_that_fails_or_is_stopped_brings_the_desk_back(
    open_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_stage
    dialog = show(stage)
    told: list[str] = []

    def full(*_: object, progress: Callable[[int, int], None], **__: object) -> KeyRotation:
        progress(1_000_000, 4_000_000)
        told.append("begun")
        raise StorageError("The disk is full.", "Free some space.")

    monkeypatch.setattr(services, "rotate_key", full)
    ask(dialog, KeyDeed.ROTATE, SlotKind.PASSPHRASE)
    stage.until(lambda: "disk is full" in dialog.problem.text())
    assert "1.0 of 4.0 MB" in dialog.progress_words.text()
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    monkeypatch.undo()
    ask(dialog, KeyDeed.ROTATE, SlotKind.PASSPHRASE)
    stage.until(lambda: stage.window.administration.key_changes._rotation is not None)
    dialog.reject()  # stops it, and stays until it has stopped
    assert stage.window.administration.key_changes.dialog is dialog
    stage.until(lambda: not stage.window.administration.key_changes._rotating)
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    assert told == ["begun"]


def test_the_lock_is_set_here_and_takes_the_dialog_away(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    dialog.minutes.setValue(3)
    dialog.minutes.editingFinished.emit()
    dialog.goes_on.click()
    stage.until(lambda: stage.desk._workspace.settings.lock_minutes == 3)
    stage.until(lambda: not stage.desk._workspace.settings.judge_while_locked)
    dialog.ask(KeyDeed.SET)
    dialog.current.setText(PASSPHRASE)
    stage.window.guard.lock()
    assert stage.window.administration.key_changes.dialog is None
    assert not dialog.isVisible()


def test_who_may_not_change_keys_is_told_so(open_stage: Stage) -> None:
    stage = open_stage
    dialog = KeySlotsDialog(
        "desk", keychain=True, lock_minutes=0, judge_while_locked=True, refusal="Needs a lead.", in_file=False,
        parent=stage.window,
    )  # fmt: skip
    stage.qtbot.addWidget(dialog)
    dialog.show_slots(services.list_keys(stage.folder))
    dialog.show()
    assert dialog.refused.isVisible()
    for row in range(3):
        dialog.table.selectRow(row)
        assert not any(button.isEnabled() for button in (dialog.set_button, dialog.revoke, dialog.rotate))
    assert dialog.minutes.text() == "never"


def test_closing_the_window_closes_the_dialog_first(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    ask(dialog, KeyDeed.SET, SlotKind.RECOVERY, "wrong passphrase")
    stage.window.close()
    assert stage.window.administration.key_changes.dialog is None
