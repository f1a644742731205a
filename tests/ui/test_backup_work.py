"""The dialog of backups in the real window: made, checked, proven and restored beside; nothing is replaced."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core import services
from tests.ui.conftest import PASSPHRASE, Stage
from tests.ui.looking import assert_named, assert_nothing_cut, assert_plain
from ui.dialogs.backups import BackupsDialog

K = Qt.Key


def dialog_of(stage: Stage) -> BackupsDialog:
    dialog = stage.window.administration.backup_work.dialog
    assert dialog is not None
    return dialog


def show(stage: Stage) -> BackupsDialog:
    stage.until(stage.window.isActiveWindow)
    stage.press(K.Key_B, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)
    dialog = dialog_of(stage)
    stage.until(dialog.isActiveWindow)
    return dialog


def checked(dialog: BackupsDialog) -> list[str]:
    return [dialog.rows.item(row, 2).text() for row in range(dialog.rows.rowCount())]


def look(dialog: BackupsDialog) -> None:
    for check in (assert_nothing_cut, assert_named, assert_plain):
        check(dialog)


def test_a_backup_is_made_checked_proven_and_restored_beside_by_keys(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    assert "no backup yet" in dialog.state.text()
    assert not dialog.restore.isEnabled()
    look(dialog)
    assert QApplication.focusWidget() is dialog.now
    stage.press(K.Key_Return)
    stage.until(lambda: checked(dialog) == ["as it was made"])
    look(dialog)
    key = stage.desk.reviewing.wanted_key
    assert key is not None
    services.decide(stage.desk._workspace, key=key, label="SP0")  # after the backup
    dialog.restore.click()
    stage.until(lambda: dialog.pages.currentWidget() is dialog.form)
    look(dialog)
    for words in ("up to event", "since then, which are not in it", "Nothing is replaced"):
        assert words in dialog.about.text()
    assert QApplication.focusWidget() is dialog.target
    target = Path(dialog.target.text())
    assert target == stage.folder.with_name("desk-restored")
    stage.press(K.Key_Return)
    stage.until(lambda: dialog.pages.currentWidget() is dialog.form and "passphrase" in dialog.form_problem.text())
    assert not target.exists()
    dialog.passphrase.setText("not the passphrase")
    stage.press(K.Key_Return)
    stage.until(lambda: "does not open" in dialog.form_problem.text())
    dialog.passphrase.setText(PASSPHRASE)
    stage.press(K.Key_Return)
    stage.until(lambda: dialog.pages.currentWidget() is dialog.end)
    look(dialog)
    assert "Proven: " in dialog.proven.text()
    assert QApplication.focusWidget() is dialog.stay  # the safe answer
    dialog.open_it.click()
    assert stage.window.administration.backup_work.dialog is None
    stage.until(lambda: stage.window.desk is not None and stage.desk._workspace.folder == target)
    stage.until(lambda: stage.desk.reviewing.current is not None)
    assert services.queue_counts(stage.desk._workspace).total == 6
    with services.open_workspace(stage.folder, passphrase=PASSPHRASE) as before:  # as it was, decision and all
        assert services.get_review(before, key=key).decision is not None
    assert services.get_review(stage.desk._workspace, key=key).decision is None


def test_a_backup_that_was_changed_is_seen_and_refused(open_stage: Stage) -> None:
    stage = open_stage
    made = services.make_backup(stage.desk._workspace).path
    raw = bytearray(made.read_bytes())
    raw[len(raw) // 2] ^= 1
    made.write_bytes(raw)
    dialog = show(stage)
    stage.until(lambda: checked(dialog) == ["CHANGED"])
    stage.window.administration.backup_work._on_dialog_look_wanted(made)
    stage.until(lambda: dialog.pages.currentWidget() is dialog.form)
    dialog.passphrase.setText(PASSPHRASE)
    dialog.submit()
    stage.until(lambda: "damaged" in dialog.form_problem.text())
    assert not Path(dialog.target.text()).exists()
    stage.press(K.Key_Escape)
    assert dialog.pages.currentWidget() is dialog.overview
    made.write_bytes(b"no ZIP file")
    stage.window.administration.backup_work._on_dialog_look_wanted(made)
    stage.until(lambda: "no ZIP file" in dialog.problem.text())


def test_without_a_workspace_a_file_is_restored(open_stage: Stage, tmp_path: Path) -> None:
    stage = open_stage
    path = services.make_backup(stage.desk._workspace, out=tmp_path / "kept.zip").path
    stage.ctrl(K.Key_W)
    dialog = show(stage)
    assert not dialog.table.isVisible()
    assert QApplication.focusWidget() is dialog.file
    look(dialog)
    stage.window.administration.backup_work._on_dialog_look_wanted(path)
    stage.until(lambda: dialog.pages.currentWidget() is dialog.form)
    dialog.target.setText(str(stage.folder))  # in use
    dialog.passphrase.setText(PASSPHRASE)
    dialog.submit()
    stage.until(lambda: "already holds" in dialog.form_problem.text())
    dialog.target.setText(str(tmp_path / "back"))
    dialog.submit()
    stage.until(lambda: dialog.pages.currentWidget() is dialog.end)
    dialog.stay.click()
    stage.press(K.Key_Escape)
    assert stage.window.administration.backup_work.dialog is None
    services.open_workspace(tmp_path / "back", passphrase=PASSPHRASE).close()


def test_the_schedule_is_kept_and_the_lock_takes_the_dialog_away(open_stage: Stage) -> None:
    stage = open_stage
    dialog = show(stage)
    dialog.hours.setValue(0)
    assert dialog.hours.text() == "never"
    dialog.keep.setValue(3)
    dialog.keep.editingFinished.emit()
    stage.until(lambda: stage.desk._workspace.settings.backups_kept == 3)
    assert not services.backup_due(stage.desk._workspace)
    stage.window.guard.lock()
    assert stage.window.administration.backup_work.dialog is None
