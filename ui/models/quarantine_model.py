"""The refused rows as a Qt item model: keys held, a page of heads read when it comes into view, no bytes.

It owns which pages are kept and what a cell says. It must not query anything itself: it is handed a function that reads
heads by key, in the GUI thread.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.domain import QuarantinedRow
from ui.visible import one_line

_PAGE_ROWS = 100
_CACHED_PAGES = 20
_Index = QModelIndex | QPersistentModelIndex
FetchHeads = Callable[[Sequence[int]], Sequence[QuarantinedRow]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Quarantine", text)


class QuarantineModel(QAbstractTableModel):
    """File, line and reason, one refused row each, oldest first."""

    def __init__(self, fetch: FetchHeads, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._keys: list[int] = []
        self._pages: OrderedDict[int, dict[int, QuarantinedRow]] = OrderedDict()
        self._titles = (_tr("File"), _tr("Line"), _tr("Why it was refused"))

    def show(self, keys: Sequence[int]) -> None:
        """Show the rows with these keys."""
        self.beginResetModel()
        self._keys = list(keys)
        self._pages.clear()
        self.endResetModel()

    @property
    def keys(self) -> list[int]:
        """The keys of all rows."""
        return list(self._keys)

    def key_at(self, row: int) -> int | None:
        """Return the key of a row, None outside the list."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def row_of(self, key: int) -> int:
        """Return where a key stands, -1 if it is not there."""
        return self._keys.index(key) if key in self._keys else -1

    def head_at(self, row: int) -> QuarantinedRow | None:
        """Return a row without its bytes, None outside the list or when it is gone."""
        key = self.key_at(row)
        return None if key is None else self._page(row // _PAGE_ROWS).get(key)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows wait."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Three."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the title of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows or a screen reader says."""
        head = self.head_at(index.row())
        if head is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (one_line(head.source, 80), f"{head.line:,}", reason_words(head.reason))[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = _tr("{file}, line {line}: {reason}")
            reason = reason_words(head.reason)
            return words.format(file=one_line(head.source, 80), line=head.line, reason=reason)
        return None

    def _page(self, number: int) -> dict[int, QuarantinedRow]:
        page = self._pages.get(number)
        if page is None:
            start = number * _PAGE_ROWS
            page = {head.key: head for head in self._fetch(self._keys[start : start + _PAGE_ROWS])}
            self._pages[number] = page
            if len(self._pages) > _CACHED_PAGES:
                self._pages.popitem(last=False)
        return page


def reason_words(reason: str) -> str:
    """Return a reason as a sentence shows it: names of fields in quotes, on one line."""
    parts = one_line(reason, 300).split("`")
    return "".join(part if place % 2 == 0 else f"“{part}”" for place, part in enumerate(parts))
