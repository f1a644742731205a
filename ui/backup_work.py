"""The dialog of backups at work: making one, checking those there are, proving and restoring one into a new folder.

It owns the life of that dialog and the order of its steps. With no workspace open it can restore a file, no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core import services
from core.domain import BackupContents, BackupSummary, KeptBackup, RestoreSummary
from core.errors import AppError, CancelledError
from core.services import Workspace
from ui.dialogs.backups import BackupsDialog, RestoreWish
from ui.notices import Notices
from ui.tasks import Task, TaskContext, TaskPool
from ui.views.welcome import WorkspaceRequest

_MB = 1e6


class BackupWork(QObject):
    """One for a window. `open_wanted` carries a request for the restored workspace."""

    open_wanted = Signal(object)

    def __init__(self, notices: Notices, pool: TaskPool, window: QWidget) -> None:
        """`pool` outlives any workspace."""
        super().__init__(window)
        self._notices, self._window_pool, self._window = notices, pool, window
        self._workspace: Workspace | None = None
        self._pool = pool
        self._task: Task | None = None
        self._passphrase = ""
        self.dialog: BackupsDialog | None = None

    def attach(self, workspace: Workspace, pool: TaskPool) -> None:
        """A workspace was opened; `pool` lives as long as it."""
        self._workspace, self._pool = workspace, pool

    def detach(self) -> None:
        """The workspace is about to close, and the dialog with it."""
        if self.dialog is not None:
            self.dialog.reject()
        self._workspace, self._pool = None, self._window_pool

    @Slot()
    def ask(self) -> None:
        """Show the dialog."""
        if self.dialog is not None:
            return
        workspace = self._workspace if self._workspace is not None and not self._workspace.is_team else None
        if workspace is None:
            dialog = BackupsDialog(None, parent=self._window)
        else:
            told = workspace.settings
            dialog = BackupsDialog(
                workspace.folder, hours=told.backup_hours, keep=told.backups_kept, parent=self._window
            )
        dialog.now_wanted.connect(self._on_dialog_now_wanted)
        dialog.look_wanted.connect(self._on_dialog_look_wanted)
        dialog.restore_wanted.connect(self._on_dialog_restore_wanted)
        dialog.open_wanted.connect(self._on_dialog_open_wanted)
        dialog.stop_wanted.connect(self._on_dialog_stop_wanted)
        dialog.schedule_changed.connect(self._on_dialog_schedule_changed)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        dialog.open()
        dialog.show_backups(())
        dialog.show_overview()
        self._read()

    def _read(self) -> None:
        """Read which backups there are, then hold each against its hash."""
        workspace = self._workspace
        if workspace is None or workspace.is_team:
            return

        def read(context: TaskContext) -> None:
            kept = services.kept_backups(workspace)
            context.report(kept)
            for one in kept:
                context.report((one.path, services.is_as_made(one, cancel=context.cancel)))

        self._keep(self._pool.long(read, failed=self._on_check_failed, progressed=self._on_read))

    @Slot(object)
    def _on_read(self, news: list[KeptBackup] | tuple[Path, bool | None]) -> None:
        if self.dialog is None:
            return
        if isinstance(news, list):
            self.dialog.show_backups(news)
        else:
            self.dialog.show_checked(*news)

    @Slot()
    def _on_dialog_now_wanted(self) -> None:
        workspace = self._workspace
        if workspace is None or self.dialog is None:
            return
        self.dialog.now.setEnabled(False)

        def run(context: TaskContext) -> BackupSummary:
            return services.make_backup(workspace, cancel=context.cancel)

        task = self._pool.long(run, succeeded=lambda _: self._read(), failed=self._fail)
        task.ended.connect(self._on_made)

    @Slot()
    def _on_made(self) -> None:
        if self.dialog is not None:
            self.dialog.now.setEnabled(True)
            self.dialog.now.setFocus()

    @Slot(object)
    def _on_dialog_look_wanted(self, path: Path) -> None:
        workspace = self._workspace

        def run(context: TaskContext) -> BackupContents:
            del context
            return services.look_at_backup(path, workspace=workspace)

        self._start(run, lambda contents: self.dialog.show_contents(contents) if self.dialog is not None else None)

    @Slot(object)
    def _on_dialog_restore_wanted(self, wish: RestoreWish) -> None:
        self._passphrase = wish.passphrase

        def run(context: TaskContext) -> RestoreSummary:
            return services.restore(
                wish.path,
                wish.folder,
                passphrase=wish.passphrase or None,
                progress=lambda done, total: context.report((done, total)),
                cancel=context.cancel,
            )

        self._start(run, self._on_restored, self._on_progressed)

    def _start(
        self,
        run: Callable[[TaskContext], Any],
        succeeded: Callable[[Any], None],
        progressed: Callable[[Any], None] | None = None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()  # checking gives way
        self._keep(self._pool.long(run, succeeded=succeeded, failed=self._fail, progressed=progressed))

    def _keep(self, task: Task) -> None:
        self._task = task
        task.ended.connect(lambda: self._forget(task))

    def _forget(self, task: Task) -> None:
        if self._task is task:
            self._task = None

    @Slot(object)
    def _on_check_failed(self, error: AppError) -> None:
        if not isinstance(error, CancelledError):  # it gave way, or the dialog is gone
            self._fail(error)

    @Slot(object)
    def _on_progressed(self, step: tuple[int, int]) -> None:
        done, total = step
        if self.dialog is not None:
            words = self.tr("Unpacked {done} of {total} MB")
            told = words.format(done=f"{done / _MB:,.1f}", total=f"{total / _MB:,.1f}")
            over = self.tr("Checking pages, tables and the audit chain…")
            self.dialog.show_progress(told if done < total else over, round(1000 * done / max(total, 1)))

    @Slot(object)
    def _on_restored(self, done: RestoreSummary) -> None:
        if self.dialog is not None:
            self.dialog.show_restored(done)
        else:
            self._notices.show_report(self.tr("Restored to {folder}.").format(folder=done.folder))

    @Slot(object)
    def _fail(self, error: AppError) -> None:
        if self.dialog is None:
            self._notices.show_error(error)
        else:
            self.dialog.fail(error)

    @Slot(object)
    def _on_dialog_open_wanted(self, folder: Path) -> None:
        request = WorkspaceRequest(folder, self._passphrase or None, create=False)
        if self.dialog is not None:
            self.dialog.accept()
        self.open_wanted.emit(request)

    @Slot()
    def _on_dialog_stop_wanted(self) -> None:
        if self._task is not None:
            self._task.cancel()

    @Slot(int, int)
    def _on_dialog_schedule_changed(self, hours: int, keep: int) -> None:
        workspace = self._workspace
        if workspace is None:
            return
        settings = replace(workspace.settings, backup_hours=hours, backups_kept=keep)
        if settings != workspace.settings:
            self._pool.quick(
                lambda _context: services.save_settings(workspace, settings=settings), failed=self._notices.show_error
            )

    @Slot()
    def _on_dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._passphrase = ""
        if dialog is not None:
            dialog.deleteLater()
        self._window.activateWindow()
