"""A label of a few lines that never needs more width than it has: long words are broken, too much text is cut short.

It owns breaking and painting. It must never show markup.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.visible import plain_tip

_LEAST_WIDTH = 40


class WrappedLabel(QLabel):
    """Shows its text in `lines` lines at most, its height what they need; the tooltip tells what is left out."""

    def __init__(self, lines: int, *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        if role:
            self.setProperty("role", role)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self.setToolTip(plain_tip(text) if text else "")
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Narrower means higher, up to the number of lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Pixels that the text needs in so many of width."""
        margins = self.contentsMargins()
        count = min(self._lines, max(1, len(self._broken(width - margins.left() - margins.right()))))
        return math.ceil(count * self.fontMetrics().lineSpacing()) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        """What the text needs in the width there is."""
        width = max(self.width(), _LEAST_WIDTH)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(_LEAST_WIDTH, self.fontMetrics().lineSpacing())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        del event
        room = self.contentsRect()
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        broken, height = self._broken(room.width()), self.fontMetrics().lineSpacing()
        shown = broken[: self._lines]
        if len(broken) > self._lines:
            rest = self.text()[sum(len(line) for line in broken[: self._lines - 1]) :]
            shown[-1] = self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
        for number, line in enumerate(shown):
            box = QRect(room.left(), room.top() + number * height, room.width(), height)
            painter.drawText(box, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, line.rstrip())
        painter.end()

    def _broken(self, width: int) -> list[str]:
        """Return the text in lines of so many pixels at most."""
        text = self.text()
        if QFontMetricsF(self.font()).horizontalAdvance(text) <= width:
            return [text]
        layout = QTextLayout(text, self.font())
        layout.setTextOption(_anywhere())
        found = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            line.setPosition(QPointF(0, 0))
            found.append(text[line.textStart() : line.textStart() + line.textLength()])
        layout.endLayout()
        return found


def _anywhere() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
