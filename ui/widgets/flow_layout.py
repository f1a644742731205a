"""Small widgets one after the other, in as many rows as the width asks for: the rules a verdict names.

It owns their places, mirrored where text runs from right to left. It must not know what they are.
"""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Never needs more width than it has: what is wider than a row is cut to it."""

    def __init__(self, parent: QWidget, *, spacing: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Put an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, None outside the layout."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take an item out, None outside the layout."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """None."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Pixels that the rows need in so many of width."""
        return max((place.bottom() + 1 for place in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """One row."""
        sizes = [item.sizeHint() for item in self._items]
        across = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(across, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Any width will do."""
        return QSize(1, max((item.sizeHint().height() for item in self._items), default=0))

    def setGeometry(self, rect: QRect) -> None:
        """Put every item into its place."""
        super().setGeometry(rect)
        parent = self.parentWidget()
        mirrored = parent is not None and parent.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for item, place in zip(self._items, self._places(rect.width()), strict=True):
            left = rect.width() - place.left() - place.width() if mirrored else place.left()
            item.setGeometry(QRect(rect.left() + left, rect.top() + place.top(), place.width(), place.height()))

    def _places(self, width: int) -> list[QRect]:
        places, x, y, high = list[QRect](), 0, 0, 0
        for item in self._items:
            size = item.sizeHint()
            wide = min(size.width(), max(width, 1))
            if x and x + wide > width:
                x, y, high = 0, y + high + self.spacing(), 0
            places.append(QRect(x, y, wide, size.height()))
            x, high = x + wide + self.spacing(), max(high, size.height())
        return places
