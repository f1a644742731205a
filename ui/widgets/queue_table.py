"""The list of the queue as a table of one column, with rows of one height.

It owns how the list looks and moves. It must not know what is chosen in it.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.models.queue_model import QueueModel
from ui.theme import Theme
from ui.widgets.queue_delegate import ROW_HEIGHT, QueueDelegate


class _List(QTableView):
    """A table of one column that moves like a list: Home and End go to the first and last row."""

    def moveCursor(self, action: QTableView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Go to the ends of the list rather than of the row."""
        ends = {QTableView.CursorAction.MoveHome: 0, QTableView.CursorAction.MoveEnd: self.model().rowCount() - 1}
        row = ends.get(action)
        return super().moveCursor(action, modifiers) if row is None else self.model().index(row, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the current row in view when a panel opens under the list, unless it had been scrolled away."""
        current = self.currentIndex()
        place = self.visualRect(current)
        seen = place.isValid() and place.top() >= 0 and place.bottom() <= event.oldSize().height()
        super().resizeEvent(event)
        if seen:
            self.scrollTo(current)


def make_queue_table(theme: Theme, model: QueueModel, name: str) -> QTableView:
    """Return the table for a model; `name` is what a screen reader calls it."""
    table = _List()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setItemDelegate(QueueDelegate(theme, table))
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.horizontalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
    theme.changed.connect(table.viewport().update)
    return table
