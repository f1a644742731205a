"""Makes the labels of the window: plain text, whatever is put in them.

It owns one decision: no label ever guesses at markup. Every label of the window that can show text comes from here
or from `ElidedLabel`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from ui.icons import glyph
from ui.theme import Theme


def plain_label(text: str = "", *, role: str = "", wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """Return a plain text label. `role` picks its style; `wrap` lets it run over several lines."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    label.setText(text)
    return label


class GlyphLabel(QLabel):
    """A small drawing in a token colour. Decoration: the words beside it say the same."""

    def __init__(self, theme: Theme, name: str, tone: str, *, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = name
        self._tone = tone
        self._size = size
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedSize(size, size)
        theme.changed.connect(self._draw)
        self._draw()

    def set_glyph(self, name: str, tone: str) -> None:
        """Show another drawing, or the same in another colour."""
        self._name, self._tone = name, tone
        self._draw()

    def _draw(self) -> None:
        tokens = self._theme.tokens
        colour = getattr(tokens, self._tone)
        self.setPixmap(glyph(self._name, colour=colour, cut=tokens.surface, size=self._size))
