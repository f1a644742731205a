"""The queue as a Qt item model: all ids in one array, rows read a page at a time when they are looked at.

It owns paging and a small cache. It must not filter, sort or know a widget: it is handed ids in order and a function
that reads rows by id. A page is read in the GUI thread: that takes under a millisecond.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core.domain import EntryState, QueueRow
from core.errors import AppError
from ui.visible import one_line
from ui.words import alike_words, excerpt_words, row_sentence

PAGE_ROWS = 100
# 4,000 rows at most are kept: more than forty screens.
_CACHED_PAGES = 40

OPEN_STATES = (EntryState.PENDING, EntryState.JUDGED)
# Rows looked at for the next entry of a kind before it counts as not there.
_SCAN_ROWS = 400

_Index = QModelIndex | QPersistentModelIndex
FetchRows = Callable[[Sequence[int]], Sequence[QueueRow]]


def is_open(row: QueueRow) -> bool:
    """Whether an entry still waits for a decision."""
    return row.state in OPEN_STATES


class QueueModel(QAbstractTableModel):
    """One column, one row for each queue entry. `RowRole` gives the `QueueRow`, None if it cannot be read."""

    RowRole = Qt.ItemDataRole.UserRole + 1
    KeyRole = Qt.ItemDataRole.UserRole + 2
    failed = Signal(object)

    def __init__(self, fetch: FetchRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._keys: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, QueueRow]] = OrderedDict()
        self._titles: dict[str, str] = {}
        self.others: dict[int, array[int]] = {}
        self._near = 0  # where the last entry that was asked for stands: the next one is mostly beside it

    def set_keys(self, keys: array[int]) -> None:
        """Show these entries in this order."""
        self.beginResetModel()
        self._keys = keys
        self._pages.clear()
        self.endResetModel()

    def extend(self, keys: array[int]) -> bool:
        """Show a list that begins with what is shown already, whose rows stay; False if it does not."""
        shown = len(self._keys)
        if not 0 < shown < len(keys) or keys[:shown] != self._keys:
            return False
        self.beginInsertRows(QModelIndex(), shown, len(keys) - 1)
        self._keys = keys
        self._pages.pop(shown // PAGE_ROWS, None)  # it may have ended there
        self.endInsertRows()
        return True

    def set_titles(self, titles: dict[str, str]) -> None:
        """Tell the titles of the policies by id."""
        self._titles = dict(titles)

    def set_others(self, others: dict[int, array[int]]) -> None:
        """Tell which further entries a row stands for, by its own."""
        if others or self.others:
            self.others = others
            self.dataChanged.emit(self.index(0, 0), self.index(max(0, len(self._keys) - 1), 0))

    def others_of(self, key: int) -> array[int]:
        """Return the further entries a row stands for."""
        return self.others.get(key, array("q"))

    def all_keys(self) -> array[int]:
        """Return a copy of the whole list."""
        return self._keys[:]

    def title_of(self, policy_id: str) -> str:
        """Return the title of a policy as a row shows it, its id if it has none, "" for no policy."""
        return one_line(self._titles.get(policy_id, policy_id), 60)

    def key_at(self, row: int) -> int | None:
        """Return the entry at a row, None outside the list."""
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def row_of(self, key: int) -> int:
        """Return where an entry stands, -1 if it is not listed. A look through all of a million takes a millisecond."""
        near = range(max(0, self._near - 2), min(len(self._keys), self._near + 3))
        at = next((row for row in near if self._keys[row] == key), -1)
        if at < 0 and len(self._keys):
            import numpy as np  # loaded when it is needed: it takes a sixth of a second

            found = np.flatnonzero(np.frombuffer(self._keys, dtype=np.int64) == key)
            at = int(found[0]) if len(found) else -1
        self._near = max(0, at)
        return at

    def row_at(self, row: int) -> QueueRow | None:
        """Return the row, reading its page if need be; None outside the list or when it cannot be read."""
        key = self.key_at(row)
        return None if key is None else self._page(row // PAGE_ROWS).get(key)

    def next_where(self, key: int, wanted: Callable[[QueueRow], bool]) -> int | None:
        """Return the next entry of a kind within some hundred rows, from the top again after the end, or None."""
        here, count = self.row_of(key), self.rowCount()
        after = range(here + 1, min(count, here + 1 + _SCAN_ROWS))
        for number in (*after, *range(min(here, _SCAN_ROWS))):
            row = self.row_at(number)
            if row is not None and wanted(row):
                return row.key
        return None

    def refresh(self, keys: Collection[int]) -> None:
        """Read these entries again if they are in the cache, and say that their rows changed. Order stays."""
        wanted = set(keys)
        for number, page in list(self._pages.items()):
            stale = wanted & page.keys()
            if not stale:
                continue
            for row in self._read(sorted(stale)):
                page[row.key] = row
            start = number * PAGE_ROWS
            for offset, key in enumerate(self._keys[start : start + PAGE_ROWS]):
                if key in stale:
                    index = self.index(start + offset, 0)
                    self.dataChanged.emit(index, index)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Number of entries; 0 below any entry."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """One."""
        return 0 if parent.isValid() else 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return excerpt, spoken sentence, key or row."""
        if not index.isValid():
            return None
        if role == self.KeyRole:
            return self.key_at(index.row())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, self.RowRole):
            return None
        row = self.row_at(index.row())
        if row is None or role == self.RowRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(excerpt_words(row))
        sentence = row_sentence(row, self.title_of(row.policy_id))
        more = len(self.others_of(row.key))
        return one_line(f"{sentence}. {alike_words(more)}" if more else sentence, 400)

    def _page(self, number: int) -> dict[int, QueueRow]:
        page = self._pages.get(number)
        if page is None:
            start = number * PAGE_ROWS
            page = {row.key: row for row in self._read(self._keys[start : start + PAGE_ROWS])}
            self._pages[number] = page
            if len(self._pages) > _CACHED_PAGES:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page

    def _read(self, keys: Sequence[int]) -> Sequence[QueueRow]:
        try:
            return self._fetch(keys)
        except AppError as error:
            self.failed.emit(error)
            return ()
