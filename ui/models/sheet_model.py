"""The table of a sheet as a Qt model. It owns roles and alignment; it must not know what the figures mean."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.domain.behind import Behind
from ui.sheets.values import Sheet, SheetKind
from ui.visible import plain_tip

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class SheetModel(QAbstractTableModel):
    """Shows one sheet; every cell is plain text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sheet = Sheet(SheetKind.AGREEMENT, (), ())

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self._sheet = sheet
        self.endResetModel()

    def behind(self, index: Index) -> Behind | None:
        """Return what stands behind a cell."""
        return self._sheet.rows[index.row()].behind[index.column()] if index.isValid() else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._sheet.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._sheet.headers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own type
        """Return the text of a cell, its side, and its whole text as a tip."""
        if not index.isValid():
            return None
        text = self._sheet.rows[index.row()].cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in self._sheet.numeric else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own type
        """Return the word above a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._sheet.headers):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._sheet.headers[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self._sheet.numeric else _LEFT
        return None
