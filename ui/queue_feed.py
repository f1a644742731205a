"""Reads what the queue pane shows: ids in order, rows by id, counts, policies.

It owns which answer is still wanted: a list asked for before the filter changed again is dropped, and counts that are
asked for in quick succession are read once. Of a long list the beginning is told before the rest is read. It must not
know a widget.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core import services
from core.domain import PolicyVersion, QueueCounts, QueueFilter, QueueRow, Worklist
from core.services import FoldedList, Workspace
from ui.notices import Notices
from ui.tasks import TaskContext, TaskPool

_COUNT_PAUSE_MS = 120


Fold = Callable[["array[int]", QueueFilter], FoldedList]


def _as_it_is(keys: array[int], wanted: QueueFilter) -> FoldedList:
    del wanted
    return FoldedList(keys, {})


class QueueFeed(QObject):
    """Ids and counts come off the GUI thread; a page of rows is read where it is asked for.

    `ids_begun` carries the first ids of a list of which `ids_read` is about to carry all.
    """

    ids_begun = Signal(object)
    ids_read = Signal(object)
    counted = Signal(object)
    policies_read = Signal(object)
    worklist_read = Signal(object, object)
    folded = Signal(object)

    def __init__(self, workspace: Workspace, pool: TaskPool, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._notices = notices
        self._generation = 0
        self.interleave = False
        self._fold: Fold = _as_it_is
        self._folding: Callable[[], bool] = lambda: False
        self.dress: Callable[[QueueRow], QueueRow] | None = None
        self._count_policy: str | None = None
        self._pause = QTimer(self, singleShot=True, interval=_COUNT_PAUSE_MS)
        self._pause.timeout.connect(self._count)

    def rows(self, keys: Sequence[int]) -> Sequence[QueueRow]:
        """Return one row for each key, in their order. Under a millisecond for a page.

        Raises:
            AppError: the database cannot be read.
        """
        rows = services.seen_rows(self._workspace, keys=keys)
        return rows if self.dress is None else [self.dress(row) for row in rows]

    def fold_with(self, fold: Fold, folding: Callable[[], bool]) -> None:
        """Let every list that is read go through `fold`, on a pool thread; `folded` tells what its rows stand for.

        `folding` says whether that changes the list.
        """
        self._fold = fold
        self._folding = folding

    def read_ids(self, wanted: QueueFilter, *, keep: int | None = None) -> None:
        """Read the ids that match; the newest question wins.

        `keep` is the entry in view: a list it stands deep in is not told before all of it is there.
        """
        self._generation += 1
        generation = self._generation
        early = not self.interleave and not self._folding()

        def read(context: TaskContext) -> tuple[int, FoldedList]:
            first = services.first_ids(self._workspace, filter=wanted, keep=keep) if early else None
            if first is not None:
                context.report((generation, first))
            keys = services.seen_ids(self._workspace, filter=wanted, interleave=self.interleave)
            return generation, self._fold(keys, wanted)

        self._pool.long(
            read, succeeded=self._on_ids_read, failed=self._notices.show_error, progressed=self._on_ids_begun
        )

    def give_ids(self, keys: array[int]) -> None:
        """Answer with these ids instead of a query; a list that is still being read is no longer wanted."""
        self._generation += 1
        self.folded.emit({})
        self.ids_read.emit(keys)

    def read_worklist(self, worklist: Worklist) -> None:
        """Read the entries that wait for this person in particular."""

        def read(context: TaskContext) -> array[int]:
            del context
            return services.seen_ids(self._workspace, filter=QueueFilter(), worklist=worklist)

        def succeeded(keys: array[int]) -> None:
            self.worklist_read.emit(worklist, keys)

        self._pool.quick(read, succeeded=succeeded, failed=self._notices.show_error)

    def count_soon(self, policy_id: str | None) -> None:
        """Read the counts shortly, for one policy or all."""
        self._count_policy = policy_id
        self._pause.start()

    def read_policies(self) -> None:
        """Read the current version of every policy."""

        def read(context: TaskContext) -> tuple[PolicyVersion, ...]:
            del context
            return tuple(services.list_policies(self._workspace))

        self._pool.quick(read, succeeded=self.policies_read.emit, failed=self._notices.show_error)

    @Slot()
    def _count(self) -> None:
        policy_id = self._count_policy

        def read(context: TaskContext) -> QueueCounts:
            del context
            return services.queue_counts(self._workspace, policy_id=policy_id)

        self._pool.long(read, succeeded=self.counted.emit, failed=self._notices.show_error)

    @Slot(object)
    def _on_ids_begun(self, result: tuple[int, array[int]]) -> None:
        generation, keys = result
        if generation == self._generation:
            self.ids_begun.emit(keys)

    @Slot(object)
    def _on_ids_read(self, result: tuple[int, FoldedList]) -> None:
        generation, found = result
        if generation == self._generation:
            self.ids_read.emit(found.keys)
            self.folded.emit(found.others)
