"""The sheet of keys, made from the actions themselves so that it cannot be out of date.

It owns its layout. It must not name a key by hand that an action already names.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import plain_label

_MOST_WORDS = 260
_COLUMNS = 3
_MOST_WIDTH, _MOST_HEIGHT = 1276, 790


class KeySheet(QDialog):
    """Shows every action with its keys, a column block for each menu."""

    def __init__(self, groups: Sequence[tuple[str, Sequence[QAction]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, SPACE_3, 0)
        columns.setSpacing(SPACE_6)
        for column in _balanced(groups):
            columns.addLayout(self._column(column))
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        words = self.tr("In the override strip: 1 to 6 choose the cause, R the clause, N the note, Enter decides.")
        foot.addWidget(plain_label(words, role="caption", wrap=True), 1)
        foot.addWidget(close)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        outer.setSpacing(SPACE_4)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Keys"))
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        outer.addWidget(area, 1)
        outer.addLayout(foot)
        wanted = sheet.sizeHint()
        self.resize(min(wanted.width() + 3 * SPACE_6, _MOST_WIDTH), min(wanted.height() + 4 * SPACE_6, _MOST_HEIGHT))

    def _column(self, groups: Sequence[tuple[str, Sequence[QAction]]]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_2)
        for title, actions in groups:
            column.addWidget(plain_label(title, role="section"))
            grid = QGridLayout()
            grid.setHorizontalSpacing(SPACE_3)
            grid.setVerticalSpacing(1)
            grid.setColumnStretch(0, 1)
            for row, action in enumerate(actions):
                grid.addWidget(_words(action), row, 0)
                keys = QHBoxLayout()
                keys.setSpacing(3)
                keys.addStretch(1)
                for key in action.shortcuts():
                    keys.addWidget(plain_label(key.toString(QKeySequence.SequenceFormat.NativeText), role="key"))
                grid.addLayout(keys, row, 1, Qt.AlignmentFlag.AlignRight)
            column.addLayout(grid)
        column.addStretch(1)
        return column


def _words(action: QAction) -> ElidedLabel:
    """The words of an action; those of a label with a long name are shortened."""
    label = ElidedLabel(action.text())
    label.set_full_text(plain_words(action))
    needed = label.fontMetrics().horizontalAdvance(label.full_text) + SPACE_1
    label.setMinimumWidth(min(needed, _MOST_WORDS))
    label.setAccessibleName(label.full_text)
    return label


def plain_words(action: QAction) -> str:
    """Return an action's words without the marks of menu mnemonics."""
    return action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def _balanced(groups: Sequence[tuple[str, Sequence[QAction]]]) -> list[list[tuple[str, Sequence[QAction]]]]:
    """Fill the columns so that the longest is as short as keeping the order allows, greedily."""
    rows = sum(len(actions) + 2 for _, actions in groups)
    columns: list[list[tuple[str, Sequence[QAction]]]] = [[]]
    height = 0
    for title, actions in groups:
        if columns[-1] and height + len(actions) / 2 > rows / _COLUMNS and len(columns) < _COLUMNS:
            columns.append([])
            height = 0
        columns[-1].append((title, actions))
        height += len(actions) + 2
    return columns
