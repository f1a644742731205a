"""Rows of words with keys at their far end, for lists of commands.

It owns how such a row is painted. What the words and keys are is the list's business.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem

from ui.tokens import SPACE_2, SPACE_3

KEYS_ROLE = Qt.ItemDataRole.UserRole + 1


def key_row(words: str, keys: str) -> QListWidgetItem:
    """Return a row that says `words`, and `keys` at the end; a screen reader says both."""
    item = QListWidgetItem(words)
    item.setData(KEYS_ROLE, keys)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {keys}" if keys else words)
    return item


class KeyRows(QStyledItemDelegate):
    """Paints the keys of a row at its end, and its words in the room that is left."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        super().paint(painter, option, index)
        keys = index.data(KEYS_ROLE)
        if not keys:
            return
        end = Qt.AlignmentFlag.AlignLeft if self._from_right(option) else Qt.AlignmentFlag.AlignRight
        painter.save()
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawText(self._inside(option.rect), end | Qt.AlignmentFlag.AlignVCenter, str(keys))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Every row as high as the next, whenever it was added."""
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + SPACE_2)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Leave the keys their room: words that would run into them end in dots."""
        super().initStyleOption(option, index)
        metrics = option.fontMetrics
        taken = metrics.horizontalAdvance(str(index.data(KEYS_ROLE) or "")) + 2 * SPACE_3
        room = self._inside(option.rect).width() - taken
        if room > 0:
            option.text = metrics.elidedText(option.text, Qt.TextElideMode.ElideRight, room)

    @staticmethod
    def _from_right(option: QStyleOptionViewItem) -> bool:
        return option.direction == Qt.LayoutDirection.RightToLeft

    @staticmethod
    def _inside(row: QRect) -> QRect:
        return row.adjusted(SPACE_3, 0, -SPACE_3, 0)
