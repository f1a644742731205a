"""Buttons that show the key which does the same: the decision bar is made of them.

It owns their painting and size. It must not know what a press means, nor register the key: actions do that.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.icons import paint_glyph
from ui.theme import Theme, scaled_font
from ui.tokens import CAPTION_POINT_SIZE, RADIUS, SPACE_1, SPACE_2, Tokens
from ui.visible import plain_tip

_PAD = 10.0
_GLYPH = 14.0


class KeyButton(QAbstractButton):
    """A button with a key cap before its words. `detail` is a second, quieter line; `primary` fills it with accent."""

    def __init__(
        self, theme: Theme, text: str, key: str, *, detail: str = "", glyph: str = "", primary: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme = theme
        self._key = key
        self._detail = detail
        self._glyph = glyph
        self._tone = ""
        self._primary = primary
        self._suggested = ""
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.update)
        self._describe()

    @property
    def key(self) -> str:
        """The key cap's text."""
        return self._key

    def set_words(self, text: str, *, detail: str = "", suggested: str = "") -> None:
        """Change both lines and the small tag in the corner that says who suggests this (empty for nobody)."""
        self.setText(text)
        self._detail = detail
        self._suggested = suggested
        self._describe()
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self._describe()
        self.updateGeometry()
        self.update()

    def set_tone(self, glyph: str, tone: str) -> None:
        """Put a glyph before the words, in the token colour named `tone`."""
        self._glyph, self._tone = glyph, tone
        self.update()

    def sizeHint(self) -> QSize:
        """Room for everything without cutting the first line; the second line may be elided."""
        metrics = QFontMetricsF(self._font())
        width = _PAD * 2 + self._cap_width() + SPACE_2 + metrics.horizontalAdvance(self.text())
        width += _GLYPH + SPACE_1 if self._glyph else 0
        width += QFontMetricsF(self._small()).horizontalAdvance(self._suggested) + SPACE_2 if self._suggested else 0
        detail = QFontMetricsF(self._small()).horizontalAdvance(self._detail) + _PAD * 2 if self._detail else 0
        return QSize(round(max(width, min(detail, 190)) + 1), 46 if self._two_lines else 30)

    def minimumSizeHint(self) -> QSize:
        """The first line is never cut."""
        hint = self.sizeHint()
        if not self._two_lines:
            return hint
        first = QFontMetricsF(self._font()).horizontalAdvance(self.text()) + self._cap_width() + SPACE_2 + _PAD * 2
        first += _GLYPH + SPACE_1 if self._glyph else 0
        return QSize(round(first + 1), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, key cap, glyph, words and detail."""
        del event
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # key, glyph and words keep their places
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        self._paint_frame(painter, tokens)
        line = QRectF(
            _PAD, 5 if self._two_lines else 0, self.width() - 2 * _PAD, 18 if self._two_lines else self.height()
        )
        self._paint_first_line(painter, tokens, line)
        if self._two_lines:
            painter.setFont(self._small())
            painter.setPen(QColor(self._ink(tokens, quiet=True)))
            room = QRectF(_PAD, 24, self.width() - 2 * _PAD, 17)
            text = QFontMetricsF(self._small()).elidedText(self._detail, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

    def _paint_frame(self, painter: QPainter, tokens: Tokens) -> None:
        fill, edge, width = tokens.surface, tokens.boundary, 1.0
        if self._primary:
            fill = edge = tokens.accent_hover if self.underMouse() or self.isDown() else tokens.accent
        elif self.isChecked():
            fill, edge = tokens.accent_soft, tokens.accent
        elif self.isDown() or self.underMouse():
            fill = tokens.selection if self.isDown() else tokens.raised
        if not self.isEnabled():
            fill, edge = tokens.raised, tokens.disabled if tokens.boundary == tokens.text else tokens.line
        if self.hasFocus():
            edge, width = (tokens.text if self._primary else tokens.accent), 2.0
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(fill))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)

    def _paint_first_line(self, painter: QPainter, tokens: Tokens, line: QRectF) -> None:
        ink = self._ink(tokens)
        x = line.left()
        cap = QRectF(x, line.center().y() - 9, self._cap_width(), 18)
        cap_ink = tokens.boundary if self.isEnabled() and not self._primary else ink
        painter.setPen(QPen(QColor(cap_ink), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(self._small(bold=True))
        painter.setPen(QColor(ink))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        x += cap.width() + SPACE_2
        if self._glyph:
            tone = getattr(tokens, self._tone) if self._tone and self.isEnabled() else ink
            box = QRectF(x, line.center().y() - _GLYPH / 2, _GLYPH, _GLYPH)
            paint_glyph(painter, self._glyph, box, colour=tone, cut=tokens.surface)
            x += _GLYPH + SPACE_1
        painter.setFont(self._font())
        painter.setPen(QColor(ink))
        painter.drawText(
            QRectF(x, line.top(), line.right() - x, line.height()), Qt.AlignmentFlag.AlignVCenter, self.text()
        )
        if self._suggested:
            painter.setFont(self._small())
            painter.setPen(QColor(self._ink(tokens, quiet=True)))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._suggested)

    @property
    def _two_lines(self) -> bool:
        return bool(self._detail)

    def _ink(self, tokens: Tokens, *, quiet: bool = False) -> str:
        if not self.isEnabled():
            return tokens.disabled
        if self._primary:
            return tokens.on_accent
        return tokens.muted if quiet else tokens.text

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if self._two_lines or self._primary else QFont.Weight.Normal)
        return font

    def _small(self, *, bold: bool = False) -> QFont:
        return scaled_font(CAPTION_POINT_SIZE, bold=bold)

    def _cap_width(self) -> float:
        return max(18.0, QFontMetricsF(self._small(bold=True)).horizontalAdvance(self._key) + 10)

    def _describe(self) -> None:
        words = ", ".join(part for part in (self.text(), self._detail, self._suggested) if part)
        self.setAccessibleName(words)
        self.setAccessibleDescription(self.tr("Key {key}").format(key=self._key))
        self.setToolTip(plain_tip(f"{words}  ({self._key})"))
