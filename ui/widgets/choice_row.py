"""Buttons side by side, in as many rows as their words need.

It owns how many stand in a row. It must not know what they choose.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from ui.tokens import SPACE_2


class ChoiceRow(QWidget):
    """One row where every word fits, else two or more of equal length.

    They are of one width; where `uneven`, a row is broken only when not even its words side by side have room.
    """

    def __init__(
        self, buttons: Sequence[QAbstractButton], parent: QWidget | None = None, *, spacing: int = SPACE_2,
        uneven: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._spacing = spacing
        self._uneven = uneven
        self._buttons = tuple(buttons)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)
        self._place(len(self._buttons))

    def refit(self) -> None:
        """Look again how many fit, after words changed."""
        self._fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        super().resizeEvent(event)
        self._fit(event.size().width())

    def _fit(self, width: int) -> None:
        widths = [button.sizeHint().width() for button in self._buttons]
        widest, count = max(widths), len(self._buttons)
        if self._uneven and sum(widths) + (count - 1) * self._spacing <= width:
            self._place(count)
            return
        rows = next((rows for rows in range(1, count) if self._needed(widest, -(-count // rows)) <= width), count)
        self._place(-(-count // rows))

    def _needed(self, widest: int, columns: int) -> int:
        return columns * widest + (columns - 1) * self._spacing

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for index, button in enumerate(self._buttons):
            self._grid.addWidget(button, index // columns, index % columns)
        # A grid never needs less than its widest row; the row must be free to shrink and be broken anew.
        self.setMinimumWidth(1)
        self.updateGeometry()
