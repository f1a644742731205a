"""Which list the desk shows: the queue as its filter says, or one that another page asked for.

It owns where the list came from, and what becomes of the entry in view when another list arrives. It must not read a
database: the feed does.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from core.domain import QueueFilter, Worklist
from ui.queue_feed import QueueFeed
from ui.widgets.queue_pane import QueuePane
from ui.words import empty_list_words, worklist_word


class Listing(QObject):
    """Joins feed and pane. `wanted` tells the entry in view or on its way there, None if there is none.

    `entry_due` carries the entry to open as none of the list is in view, `kept` the one that stays, `emptied` why there
    is nothing to show; `replaced` fires when another list is asked for by name, `arrived` after any has come.
    """

    entry_due = Signal(int)
    kept = Signal(int)
    emptied = Signal(str)
    replaced = Signal()
    arrived = Signal()

    def __init__(self, feed: QueueFeed, pane: QueuePane, wanted: Callable[[], int | None], parent: QObject) -> None:
        super().__init__(parent)
        self._feed = feed
        self._pane = pane
        self._wanted = wanted
        self._pinned: array[int] | None = None
        self._begun = False  # the list in view is the beginning of one that is being read
        self._worklist: Worklist | None = None
        self._changed_since: set[int] = set()
        feed.ids_begun.connect(self._on_ids_begun)
        feed.ids_read.connect(self._on_ids_read)
        feed.worklist_read.connect(self._on_worklist_read)
        pane.filter_changed.connect(self._on_filter_changed)
        pane.refresh_wanted.connect(self.reload)
        pane.whole_wanted.connect(self.show_whole_queue)

    @property
    def empty_words(self) -> str:
        """Why the list would be empty, and what to do."""
        return empty_list_words(self._pane.current_filter(), pinned=self._pinned is not None)

    def place(self, key: int) -> str:
        """Say where an entry stands; how many there are only once they are all read."""
        model = self._pane.model
        row = model.row_of(key)
        if row < 0:
            return self.tr("not in this list")
        count = "…" if self._begun else f"{model.rowCount():,}"
        return self.tr("{place} of {count}").format(place=f"{row + 1:,}", count=count)

    @Slot()
    def reload(self) -> None:
        """Read the list again in its present order; the entry in view stays in view."""
        wanted = self._pane.current_filter()
        if self._pinned is None:
            self._feed.read_ids(wanted, keep=self._wanted())
        else:
            self._feed.give_ids(self._pinned)
        self._feed.count_soon(wanted.policy_id)

    def show_entries(self, keys: Sequence[int], title: str) -> None:
        """List exactly these queue entries, in this order, until the person asks for the queue again."""
        self._pinned = array("q", keys)
        self._worklist = None
        self._pane.set_pinned(title)
        self.reload()
        self.replaced.emit()

    @Slot()
    def show_whole_queue(self) -> None:
        """Go back from a list that another page asked for to what the filter says."""
        if self._pinned is not None:
            self._forget_pinned()
            self.reload()
            self.replaced.emit()

    def read_on(self) -> bool:
        """Ask again for what waits for this person in particular; False if the list is none of that."""
        if self._worklist is None:
            return False
        self._feed.read_worklist(self._worklist)
        return True

    def note_changed(self, key: int) -> None:
        """Count an entry whose place in the order may be another by now."""
        self._changed_since.add(key)
        self._pane.set_stale(len(self._changed_since))

    def _forget_pinned(self) -> None:
        self._pinned = self._worklist = None
        self._pane.set_pinned("")

    @Slot(object)
    def _on_filter_changed(self, wanted: QueueFilter) -> None:
        del wanted
        self._forget_pinned()
        self.reload()

    @Slot(object, object)
    def _on_worklist_read(self, worklist: Worklist, keys: array[int]) -> None:
        self.show_entries(keys, worklist_word(worklist))
        self._worklist = worklist

    @Slot(object)
    def _on_ids_begun(self, keys: array[int]) -> None:
        self._begun = True
        self._show(keys, more=False)

    @Slot(object)
    def _on_ids_read(self, keys: array[int]) -> None:
        more, self._begun = self._begun, False
        self._show(keys, more=more)

    def _show(self, keys: array[int], *, more: bool) -> None:
        self._changed_since.clear()
        wanted = self._wanted()
        self._pane.set_keys(keys, keep=wanted, empty_words=self.empty_words, more=more)
        if not keys:
            self.emptied.emit(self.empty_words)
        elif wanted is None or not self._pane.set_current(wanted):
            self.entry_due.emit(keys[0])
        else:
            self.kept.emit(wanted)
        self.arrived.emit()
