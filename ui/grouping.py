"""Folds near-duplicates and conversations of the queue into one row each, and opens one to decide it as a whole.

It owns whether the list is folded and which entries a row stands for. It must not decide: a group that is opened is a
selection, and each of its entries is decided and recorded by itself.
"""

from __future__ import annotations

from array import array
from contextlib import suppress

from PySide6.QtCore import QObject, Signal, Slot

from core import services
from core.domain import QueueFilter
from core.errors import AppError, RoleError
from core.services import FoldedList, QueueGroups, Workspace
from ui.events import Change, Events
from ui.key_words import say
from ui.models.queue_model import QueueModel
from ui.notices import Notices
from ui.queue_feed import QueueFeed
from ui.tasks import TaskContext, TaskPool
from ui.widgets.queue_pane import QueuePane


class Grouping(QObject):
    """Joins the list to the groups of the workspace. `changed` asks for the list to be read again."""

    changed = Signal()

    def __init__(
        self,
        workspace: Workspace,
        pool: TaskPool,
        notices: Notices,
        feed: QueueFeed,
        pane: QueuePane,
    ) -> None:
        super().__init__(feed)
        self._workspace = workspace
        self._pool = pool
        self._notices = notices
        self._pane = pane
        self._model: QueueModel = pane.model
        self._groups: QueueGroups | None = None
        self._looking = False
        feed.fold_with(self._fold, lambda: self.on)
        feed.folded.connect(self._on_feed_folded)

    @property
    def on(self) -> bool:
        """Whether the list is folded."""
        return self._groups is not None

    def watch(self, events: Events) -> None:
        """Look for groups again when anything came in."""
        events.changed.connect(self._on_events_changed)

    @Slot()
    def toggle(self) -> None:
        """Fold the list, or show every entry again."""
        if self.on:
            self._groups = None
            self.changed.emit()
        else:
            self._look()

    def open(self, key: int) -> None:
        """Show and select all entries that a row stands for."""
        others = self._model.others_of(key)
        if not others:
            words = (
                self.tr("This row stands for itself.")
                if self.on
                else say(self.tr("Fold the queue first, with {key_fold_queue}."))
            )
            self._notices.show_info(words)
            return
        row = self._model.row_of(key)
        keys = self._model.all_keys()
        keys[row + 1 : row + 1] = others
        rest = {head: kept for head, kept in self._model.others.items() if head != key}
        self._pane.set_keys(keys, keep=key, empty_words="")
        self._model.set_others(rest)
        self._pane.select_rows(row, row + len(others))

    def _look(self) -> None:
        if self._looking:
            return
        self._looking = True
        self._notices.show_info(self.tr("Looking for near-duplicates and conversations…"))

        def look(context: TaskContext) -> QueueGroups:
            with suppress(RoleError):  # who may not group sees what others have grouped
                services.group_items(self._workspace, cancel=context.cancel)
            return services.queue_groups(self._workspace)

        self._pool.long(look, succeeded=self._on_found, failed=self._on_failed)

    def _fold(self, keys: array[int], wanted: QueueFilter) -> FoldedList:
        """Fold a list that was read. On a pool thread."""
        del wanted
        groups = self._groups
        return FoldedList(keys, {}) if groups is None else services.fold(keys, groups)

    @Slot(object)
    def _on_found(self, groups: QueueGroups) -> None:
        self._looking = False
        self._groups = groups
        self.changed.emit()

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self._looking = False
        self._notices.show_error(error)

    @Slot(object)
    def _on_feed_folded(self, others: dict[int, array[int]]) -> None:
        self._model.set_others(others)
        if self.on:
            count = sum(map(len, others.values()))
            if not others:
                words = self.tr("Nothing in this list is alike.")
            elif len(others) == 1:
                words = self.tr("One row stands for {count} more. {key_open_group} opens it.")
            else:
                words = self.tr("{rows} rows stand for {count} more. {key_open_group} opens one.")
            self._notices.show_info(say(words, rows=f"{len(others):,}", count=f"{count:,}"))

    @Slot(object)
    def _on_events_changed(self, change: Change) -> None:
        if change.everything and self.on:
            self._look()
