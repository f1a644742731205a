"""The two layouts every form uses: a column without margins, and widgets side by side.

It owns their spacing. It must not know what is in them.
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.tokens import SPACE_2, SPACE_3


def page_column(page: QWidget) -> QVBoxLayout:
    """Give a page a column for its parts and return it."""
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_3)
    return column


def row_of(*widgets: QWidget | None) -> QHBoxLayout:
    """Return widgets side by side; None takes the room that is left."""
    row = QHBoxLayout()
    row.setSpacing(SPACE_2)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
