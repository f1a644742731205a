"""The policies as rows with their health. It owns the rows it is handed; it must not query anything."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.services import PolicyHealth
from ui.visible import one_line

Index = QModelIndex | QPersistentModelIndex


class LibraryModel(QAbstractListModel):
    """One policy a row."""

    HealthRole = int(Qt.ItemDataRole.UserRole)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PolicyHealth] = []

    def show(self, rows: Sequence[PolicyHealth]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_of(self, policy_id: str) -> int:
        """Return the row of a policy, -1 when it is not there."""
        return next((number for number, row in enumerate(self._rows) if row.policy_id == policy_id), -1)

    def health(self, row: int) -> PolicyHealth | None:
        """Return what a row shows, None outside the rows."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many policies there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a row says, or the whole of it."""
        row = self.health(index.row())
        if row is None:
            return None
        if role == self.HealthRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return one_line(row.title)
        return None
