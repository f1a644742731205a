"""The command palette: type a few letters of anything Docket can do, and Enter does it.

It owns the matching and the list. It must not know what an action does: it triggers it after it is closed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QVBoxLayout, QWidget

from ui.dialogs.keys import plain_words
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.key_rows import KeyRows, key_row

_SIZE = (560, 420)
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QDialog):
    """`chosen` is the action to trigger once the dialog is gone, None when it was left."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[QAction]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Commands"))
        self.resize(*_SIZE)
        self.chosen: QAction | None = None
        self._entries = [
            (f"{title}: {plain_words(action)}", action)
            for title, actions in groups
            for action in actions
            if action.isEnabled()
        ]
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Command"))
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Matching commands"))
        self.list.setItemDelegate(KeyRows(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_2)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self.field.textChanged.connect(self._show_matches)
        self.field.returnPressed.connect(self._take_current)
        self.list.itemActivated.connect(self._take_current)
        self.list.itemClicked.connect(self._take_current)
        self._show_matches("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list while the field keeps the focus."""
        if event.key() in _MOVES:
            count = self.list.count()
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
            if count:
                row = min(count - 1, max(0, self.list.currentRow() + step[Qt.Key(event.key())]))
                self.list.setCurrentRow(row)
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _show_matches(self, typed: str) -> None:
        self.list.clear()
        ranked = [(rank, words, action) for words, action in self._entries if (rank := match(typed, words)) is not None]
        for _, words, action in sorted(ranked, key=lambda entry: entry[0]):
            keys = "  ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()[:2])
            item = key_row(words, keys)
            item.setData(Qt.ItemDataRole.UserRole, action)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    @Slot()
    def _take_current(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen = item.data(Qt.ItemDataRole.UserRole)
            self.accept()


def match(typed: str, words: str) -> int | None:
    """Return how well a phrase matches, 0 best, or None: every typed word at the start of one, in one, or scattered."""
    text, worst = words.casefold(), 0
    for part in typed.casefold().split():
        if any(word.startswith(part) for word in text.replace(":", " ").split()):
            rank = 0
        elif part in text:
            rank = 1
        elif _scattered(part, text):
            rank = 2
        else:
            return None
        worst = max(worst, rank)
    return worst


def _scattered(part: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in part)
