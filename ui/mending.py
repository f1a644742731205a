"""The work of the quarantine's screen: rows are read, tried again, mended, discarded and written out, as tasks.

It owns that one of these runs at a time and the words of its outcome. It must not show anything itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core import services
from core.domain import ImportSummary, QuarantinedRow
from core.errors import AppError
from core.services import Workspace
from ui.events import Events
from ui.tasks import Task, TaskContext, TaskPool


class Mending(QObject):
    """`listed` carries all keys, oldest first; `said` an outcome in words; `busy_changed` whether something runs."""

    listed = Signal(object)
    said = Signal(str)
    failed = Signal(object)
    progressed = Signal(int, int)
    busy_changed = Signal(bool)

    def __init__(self, workspace: Workspace, pool: TaskPool, events: Events, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._events = events
        self._task: Task | None = None

    @property
    def busy(self) -> bool:
        """Whether something that changes rows runs."""
        return self._task is not None

    def heads(self, keys: Sequence[int]) -> Sequence[QuarantinedRow]:
        """Read a page of rows without their bytes, in the GUI thread; none when they cannot be read."""
        try:
            return services.quarantine_rows(self._workspace, keys=keys, with_raw=False)
        except AppError as error:
            self.failed.emit(error)
            return ()

    def reload(self) -> None:
        """Read the list again."""
        self._pool.quick(
            lambda _context: services.quarantine_keys(self._workspace),
            succeeded=self.listed.emit,
            failed=self.failed.emit,
        )

    def read(self, key: int, shown: Callable[[QuarantinedRow], None]) -> None:
        """Read one row with its bytes."""
        self._pool.quick(
            lambda _context: services.get_quarantined(self._workspace, key=key),
            succeeded=shown,
            failed=self.failed.emit,
        )

    def retry(self, keys: Sequence[int]) -> None:
        """Try rows again as they are."""
        self._bring_in(
            lambda context: services.retry_quarantined(
                self._workspace,
                keys=keys,
                progress=lambda done, total: context.report((done, total)),
                cancel=context.cancel,
            )
        )

    def mend(self, key: int, raw: bytes) -> None:
        """Put these bytes in the place of a row and try it."""
        self._bring_in(lambda _context: services.mend_quarantined(self._workspace, key=key, raw=raw))

    def discard(self, keys: Sequence[int]) -> None:
        """Let rows go for good."""

        def done(count: int) -> None:
            self.said.emit(self.tr("Discarded: {count}.").format(count=f"{count:,}"))
            self.reload()

        self._start(lambda _context: services.drop_quarantined(self._workspace, keys=keys), done)

    def write(self, keys: Sequence[int], out: Path) -> None:
        """Write rows to a file as they stand."""

        def done(count: int) -> None:
            self.said.emit(self.tr("Written to {name}: {count}.").format(name=out.name, count=f"{count:,}"))

        self._start(lambda _context: services.write_quarantined(self._workspace, keys=keys, out=out), done)

    def cancel(self) -> None:
        """Ask what runs to stop; what came in stays."""
        if self._task is not None:
            self._task.cancel()

    def _bring_in(self, verb: Callable[[TaskContext], ImportSummary]) -> None:
        def run(context: TaskContext) -> ImportSummary:
            summary = verb(context)
            if summary.stored:
                services.group_items(self._workspace, cancel=context.cancel)
            return summary

        self._start(run, self._on_brought_in)

    def _start(self, run: Callable[[TaskContext], Any], succeeded: Callable[[Any], None]) -> None:
        if self._task is not None:
            return
        self._task = self._pool.long(
            run, succeeded=succeeded, failed=self._on_failed, progressed=lambda step: self.progressed.emit(*step)
        )
        self._task.ended.connect(self._on_ended)
        self.busy_changed.emit(True)

    @Slot(object)
    def _on_brought_in(self, summary: ImportSummary) -> None:
        came, still = summary.stored + summary.duplicates, len(summary.rejected)
        if came:
            self._events.everything_changed()
        words = self.tr("In: {came}. Still refused: {still}.") if still else self.tr("In: {came}.")
        self.said.emit(words.format(came=f"{came:,}", still=f"{still:,}"))
        self.reload()

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self.failed.emit(error)
        self._events.everything_changed()
        self.reload()

    @Slot()
    def _on_ended(self) -> None:
        self._task = None
        self.busy_changed.emit(False)
