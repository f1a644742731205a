"""The cases of a test run as rows of a table. It owns the rows it is handed; it must not query anything."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from core.domain import Answer, Flip, FlipKind
from ui.theme import Theme
from ui.visible import one_line
from ui.words import status_word

Index = QModelIndex | QPersistentModelIndex


def _tr(text: str) -> str:
    return QCoreApplication.translate("Flips", text)


def kind_words() -> dict[FlipKind, str]:
    """Return the words for what a draft does to a case."""
    return {
        FlipKind.NEWLY_BROKEN: _tr("Newly broken"),
        FlipKind.UNPARSED: _tr("Unparsed"),
        FlipKind.FIXED: _tr("Fixed"),
        FlipKind.UNCHANGED: _tr("Unchanged"),
    }


def answer_word(answer: Answer | None) -> str:
    """Return what a model said of a case, in a word."""
    if answer is None:
        return "–"
    return answer.label or status_word(answer.status)


class FlipModel(QAbstractTableModel):
    """One case a row: what became of it, the item, the human's label, the model's before and now, the clause."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._flips: list[Flip] = []

    def show(self, flips: Sequence[Flip]) -> None:
        """Show other cases."""
        self.beginResetModel()
        self._flips = list(flips)
        self.endResetModel()

    def flip(self, row: int) -> Flip | None:
        """Return the case of a row, None outside the rows."""
        return self._flips[row] if 0 <= row < len(self._flips) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many cases are shown."""
        return 0 if parent.isValid() else len(self._flips)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many columns a case has."""
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the name of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            names = (_tr("What"), _tr("Item"), _tr("Human"), _tr("Before"), _tr("Now"), _tr("Clause"))
            return names[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's words, or the colour of what became of the case."""
        flip = self.flip(index.row())
        if flip is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            cells = (
                kind_words()[flip.kind],
                one_line(flip.case.item_id),
                flip.case.label,
                answer_word(flip.before),
                answer_word(flip.after),
                flip.clause or "–",
            )
            return one_line(cells[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in (0, 4):
            tokens = self._theme.tokens
            colours = {
                FlipKind.NEWLY_BROKEN: tokens.violates,
                FlipKind.UNPARSED: tokens.unknown,
                FlipKind.FIXED: tokens.safe,
                FlipKind.UNCHANGED: tokens.muted,
            }
            return QColor(colours[flip.kind])
        return None
