"""A one-line label that shortens its plain text to the room it has and tells the whole of it in its tooltip.

It owns measuring and painting. It must never show markup.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from ui.visible import one_line, plain_tip, reads_right_to_left


class ElidedLabel(QLabel):
    """Shows as much of a text as fits, with an ellipsis where `mode` puts it."""

    def __init__(
        self, name: str, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._mode = mode
        self._full = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    @property
    def full_text(self) -> str:
        """The text before shortening."""
        return self._full

    def set_full_text(self, text: str) -> None:
        """Show a text; hidden characters in it are marked and line breaks become spaces."""
        self._full = one_line(text, 300)
        self.setText(self._full)
        self.setAccessibleName(f"{self._name}: {self._full}" if self._full else self._name)
        self.setToolTip(plain_tip(self._full) if self._full else "")

    def minimumSizeHint(self) -> QSize:
        """It can shrink to an ellipsis."""
        return QSize(self.fontMetrics().horizontalAdvance("…") + 2, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shortened text."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self._full, self._mode, self.width())
        side = QStyle.visualAlignment(self.layoutDirection(), self.alignment()) | Qt.AlignmentFlag.AlignAbsolute
        # The direction of the text decides where its dots go, that of the window on which side it stands.
        backwards = reads_right_to_left(text)
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if backwards else Qt.LayoutDirection.LeftToRight)
        painter.drawText(self.rect(), side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
