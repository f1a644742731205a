"""Backups on a schedule while a workspace is open.

It owns when it looks whether one is due. What is due and what is kept are settings; the copy is the service's business.
A failure is said once, and again only after a backup has gone well.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core import services
from core.domain import BackupSummary
from core.errors import AppError, CancelledError
from core.services import Workspace
from ui.notices import Notices
from ui.tasks import TaskContext, TaskPool

FIRST_LOOK_MS = 60_000
LOOK_EVERY_MS = 600_000


class BackupSchedule(QObject):
    """Lives as long as the desk. `made` carries the summary of each backup."""

    made = Signal(object)

    def __init__(
        self, workspace: Workspace, pool: TaskPool, notices: Notices, parent: QObject, *, first_ms: int = FIRST_LOOK_MS
    ) -> None:
        super().__init__(parent)
        self._workspace, self._pool, self._notices = workspace, pool, notices
        self._running = False
        self._complained = False
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(first_ms, self, self.look)

    @Slot()
    def look(self) -> None:
        """Make a backup if one is due."""
        if self._running:
            return
        self._running = True

        def run(context: TaskContext) -> BackupSummary | None:
            if not services.backup_due(self._workspace):
                return None
            return services.make_backup(self._workspace, cancel=context.cancel)

        self._pool.long(run, succeeded=self._on_run_succeeded, failed=self._on_run_failed)

    @Slot(object)
    def _on_run_succeeded(self, summary: BackupSummary | None) -> None:
        self._running = False
        if summary is not None:
            self._complained = False
            self.made.emit(summary)

    @Slot(object)
    def _on_run_failed(self, error: AppError) -> None:
        self._running = False
        if not self._complained and not isinstance(error, CancelledError):
            self._complained = True
            self._notices.show_error(error)
