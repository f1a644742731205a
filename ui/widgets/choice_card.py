"""A large button with a drawing, a title and a sentence: the ways to begin on the first page.

It owns its painting. It must not know what choosing it does.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.icons import paint_glyph
from ui.theme import Theme, scaled_font
from ui.tokens import BASE_POINT_SIZE, CAPTION_POINT_SIZE, RADIUS, SPACE_4
from ui.visible import one_line, plain_tip

_GLYPH = 22.0
_HEIGHT = 64


class ChoiceCard(QAbstractButton):
    """`primary` fills it with the accent: the choice most people want. Enter and Space press it."""

    def __init__(
        self, theme: Theme, glyph: str, title: str, words: str, *, primary: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self._words = one_line(words, 200)
        self._primary = primary
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(self._words)
        self.setToolTip(plain_tip(self._words))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide enough for its title; the sentence may be shortened."""
        title = QFontMetricsF(scaled_font(BASE_POINT_SIZE + 1, bold=True)).horizontalAdvance(self.text())
        return QSize(round(title + _GLYPH + 4 * SPACE_4), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.underMouse() or self.isDown()
        ink = quiet = tokens.on_accent
        fill = edge = tokens.accent_hover if hot else tokens.accent
        if not self._primary:
            ink, quiet = tokens.text, tokens.muted
            fill, edge = (tokens.raised if hot else tokens.surface), tokens.boundary
        if not self.isEnabled():
            ink = quiet = tokens.muted
            fill, edge = tokens.raised, tokens.line
        width = 2.0 if self.hasFocus() else 1.0
        if self.hasFocus():
            edge = tokens.text if self._primary else tokens.accent
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 2, RADIUS + 2)
        place = QRectF(SPACE_4 + 2, (self.height() - _GLYPH) / 2, _GLYPH, _GLYPH)
        tone = ink if self._primary or not self.isEnabled() else tokens.accent
        paint_glyph(painter, self._glyph, place, colour=tone, cut=fill)
        left = place.right() + SPACE_4
        room = QRectF(left, 11, self.width() - left - SPACE_4, 21)
        painter.setFont(scaled_font(BASE_POINT_SIZE + 1, bold=True))
        painter.setPen(QColor(ink))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        small = scaled_font(CAPTION_POINT_SIZE)
        painter.setFont(small)
        painter.setPen(QColor(quiet))
        text = QFontMetricsF(small).elidedText(self._words, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room.translated(0, 21), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
