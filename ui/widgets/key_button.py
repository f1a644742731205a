"""Buttons that show the key which does the same: the decision bar is made of them.

It owns their painting and size, mirrored where text runs from right to left. It must not know what a press means, nor
register the key: actions do that.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.icons import paint_glyph
from ui.theme import Theme, scaled_font
from ui.tokens import CAPTION_POINT_SIZE, RADIUS, SPACE_1, SPACE_2, Tokens
from ui.visible import plain_tip

CARD_HEIGHT = 46
_LINE_HEIGHT = 30
_PAD = 10.0
_GLYPH = 14.0
_GLYPH_ROOM = _GLYPH + SPACE_1
_POINTING = frozenset({"next", "previous", "skipped", "undo"})
# A word of which less is seen says nothing.
_LEAST_WORDS = 28.0


class KeyButton(QAbstractButton):
    """A button with a key cap before its words. `detail` is a second, quieter line; `primary` fills it with accent.

    One that `shrinks` shortens its words where there is no room for them, and its tooltip tells the whole.
    """

    def __init__(
        self, theme: Theme, text: str, key: str, *, detail: str = "", glyph: str = "", primary: bool = False,
        shrinks: bool = False, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._theme = theme
        self._key = key
        self._detail = detail
        self._glyph = glyph
        self._tone = ""
        self._primary = primary
        self._shrinks = shrinks
        self._suggested = ""
        self._bare = False
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

    def set_bare(self, *, bare: bool) -> None:
        """Leave the glyph out where there is no room for it."""
        self._bare = bare
        self.updateGeometry()
        self.update()

    def set_tone(self, glyph: str, tone: str) -> None:
        """Put a glyph before the words, in the token colour named `tone`."""
        self._glyph, self._tone = glyph, tone
        self.update()

    @property
    def words_fit(self) -> bool:
        """Whether the whole first line is seen."""
        return self.width() >= math.floor(self._frame_width() + self._words_width())

    def sizeHint(self) -> QSize:
        """Room for everything without cutting the first line; the second line may be elided."""
        width = self._frame_width() + self._words_width() + (self._tag_width() if self._suggested else 0)
        detail = QFontMetricsF(self._small()).horizontalAdvance(self._detail) + _PAD * 2 if self._detail else 0
        return QSize(math.ceil(max(width, min(detail, 190)) + 1), CARD_HEIGHT if self._two_lines else _LINE_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for the first line, or where it shrinks for the beginning of it."""
        hint = self.sizeHint()
        if not self._two_lines and not self._shrinks:
            return hint
        words = min(self._words_width(), _LEAST_WORDS) if self._shrinks else self._words_width()
        return QSize(math.ceil(self._frame_width() + words), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, key cap, glyph, words and detail."""
        del event
        painter = QPainter(self)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # key, glyph and words keep their places
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        self._paint_frame(painter, tokens)
        room = self.width() - 2 * _PAD
        line = QRectF(_PAD, 5, room, 18) if self._two_lines else QRectF(_PAD, 0, room, self.height())
        beside = self._paint_first_line(painter, tokens, line)
        if self._two_lines:
            detail = self._detail if beside or not self._suggested else f"{self._suggested} · {self._detail}"
            painter.setFont(self._small())
            painter.setPen(QColor(self._ink(tokens, quiet=True)))
            text = QFontMetricsF(self._small()).elidedText(detail, Qt.TextElideMode.ElideRight, room)
            painter.drawText(self._mirrored(QRectF(_PAD, 24, room, 17)), self._near(), text)
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

    def _paint_first_line(self, painter: QPainter, tokens: Tokens, line: QRectF) -> bool:
        """Paint cap, glyph and words, and the tag at the far end; say whether there was room for the tag."""
        ink = self._ink(tokens)
        x = line.left()
        cap = self._mirrored(QRectF(x, line.center().y() - 9, self._cap_width(), 18))
        cap_ink = tokens.boundary if self.isEnabled() and not self._primary else ink
        painter.setPen(QPen(QColor(cap_ink), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setFont(self._small(bold=True))
        painter.setPen(QColor(ink))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        x += cap.width() + SPACE_2
        if self._glyph and not self._bare:
            tone = getattr(tokens, self._tone) if self._tone and self.isEnabled() else ink
            box = self._mirrored(QRectF(x, line.center().y() - _GLYPH / 2, _GLYPH, _GLYPH))
            self._paint_glyph(painter, tone, tokens.surface, box)
            x += _GLYPH_ROOM
        room = QRectF(x, line.top(), line.right() - x, line.height())
        beside = bool(self._suggested) and self._words_width() + self._tag_width() <= room.width() + 1
        font = self._font() if self._words_width() <= room.width() + 1 else self._small(bold=self._two_lines)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        text = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width() + 1)
        painter.drawText(self._mirrored(room), self._near(), text)
        if beside:
            painter.setFont(self._small())
            painter.setPen(QColor(self._ink(tokens, quiet=True)))
            painter.drawText(self._mirrored(room), self._near(far=True), self._suggested)
        return beside

    def _paint_glyph(self, painter: QPainter, colour: str, cut: str, box: QRectF) -> None:
        """Paint the glyph; one that points somewhere points the way the text runs."""
        painter.save()
        if self._glyph in _POINTING and self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(2 * box.center().x(), 0)
            painter.scale(-1, 1)
        paint_glyph(painter, self._glyph, box, colour=colour, cut=cut)
        painter.restore()

    def _mirrored(self, box: QRectF) -> QRectF:
        """The box where the direction of the window puts it."""
        if self.layoutDirection() == Qt.LayoutDirection.LeftToRight:
            return box
        return QRectF(self.width() - box.right(), box.top(), box.width(), box.height())

    def _near(self, *, far: bool = False) -> Qt.AlignmentFlag:
        """Where a line begins, or with `far` where it ends; whatever the direction of its own letters."""
        left = (self.layoutDirection() == Qt.LayoutDirection.LeftToRight) is not far
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter

    def _frame_width(self) -> float:
        """Everything of the first line but its words."""
        return _PAD * 2 + self._cap_width() + SPACE_2 + (_GLYPH_ROOM if self._glyph and not self._bare else 0)

    def _words_width(self) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance(self.text())

    def _tag_width(self) -> float:
        return QFontMetricsF(self._small()).horizontalAdvance(self._suggested) + SPACE_2

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
