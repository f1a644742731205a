"""Paints a row of the queue: what it says, and in small what it is, what the model said and what a human said.

It owns the two-line layout at a fixed height. It must not read anything but the row it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.domain import EntryState, QueueRow, VerdictStatus
from ui.icons import paint_glyph
from ui.models.queue_model import QueueModel
from ui.theme import Theme, scaled_font
from ui.tokens import BASE_POINT_SIZE, CAPTION_POINT_SIZE
from ui.visible import one_line, reads_right_to_left
from ui.words import alike_words, excerpt_words, kind_word, score_tone, status_word, tone_of

ROW_HEIGHT = 54
_BEFORE = 34.0
_AFTER = 12.0
_GLYPH = 14.0
_BAR = 34.0
_CODE_LENGTH = 12
# From this width on a row has room for twice as long a code.
_ROOMY = 460
# Characters of an excerpt that are measured: more than the widest list holds.
_MEASURED = 400


@dataclass(frozen=True, slots=True)
class _Row:
    """A row being painted. Places are told from its leading edge, which is the right one where words run leftwards."""

    painter: QPainter
    box: QRectF
    backwards: bool

    def place(self, along: float, top: float, width: float, height: float) -> QRectF:
        left = self.box.width() - along - width if self.backwards else along
        return QRectF(self.box.left() + left, self.box.top() + top, width, height)

    def write(self, room: QRectF, text: str, *, from_right: bool) -> None:
        """Write a line at one side; its own letters say which way it runs, and so where its dots are."""
        backwards = reads_right_to_left(text)
        self.painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if backwards else Qt.LayoutDirection.LeftToRight)
        side = Qt.AlignmentFlag.AlignRight if from_right else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        self.painter.drawText(room, flags | Qt.TextFlag.TextSingleLine, text)


@dataclass(slots=True)
class _Pen:
    """Writes along the second line from its end to its beginning. `along` is where the next thing ends."""

    row: _Row
    font: QFont
    along: float
    top: float

    def word(self, text: str, colour: str, *, gap: float = 8.0) -> None:
        width = QFontMetricsF(self.font).horizontalAdvance(text)
        self.row.painter.setFont(self.font)
        self.row.painter.setPen(QColor(colour))
        room = self.row.place(self.along - width - 1, self.top, width + 1, 18)
        self.row.write(room, text, from_right=self.row.backwards)
        self.along -= width + gap

    def glyph(self, name: str, colour: str, cut: str, *, gap: float = 8.0) -> None:
        box = self.row.place(self.along - _GLYPH + 1, self.top + 2, _GLYPH - 1, _GLYPH - 1)
        paint_glyph(self.row.painter, name, box, colour=colour, cut=cut)
        self.along -= _GLYPH + gap

    def bar(self, score: float, colour: str, track: str, *, gap: float = 6.0) -> None:
        first, full = self.along - _BAR, _BAR * min(1.0, max(0.0, score))
        self.row.painter.fillRect(self.row.place(first, self.top + 7, _BAR, 4), QColor(track))
        self.row.painter.fillRect(self.row.place(first, self.top + 7, full, 4), QColor(colour))
        self.along -= _BAR + gap


class QueueDelegate(QStyledItemDelegate):
    """Two lines a row, the same height whatever is in it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        # Measuring a heap of marks takes milliseconds; what was measured goes with the list.
        self._elided = lru_cache(maxsize=500)(_elided)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Fixed, so that a million rows need no measuring."""
        del option, index
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        tokens = self._theme.tokens
        place = _Row(painter, QRectF(option.rect), option.direction == Qt.LayoutDirection.RightToLeft)
        width = place.box.width()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        row = index.data(QueueModel.RowRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background = tokens.selection if selected else tokens.surface
        painter.fillRect(place.box, QColor(background))
        if selected:
            painter.fillRect(place.place(0, 0, 3, ROW_HEIGHT), QColor(tokens.accent))
        painter.fillRect(place.place(0, ROW_HEIGHT - 1, width, 1), QColor(tokens.line))
        if isinstance(row, QueueRow):
            self._paint_state(place, row, background)
            self._paint_excerpt(place, row)
            end = self._paint_badges(place, row, background)
            self._paint_kind(place, row, end, index)
        painter.restore()

    def _paint_state(self, place: _Row, row: QueueRow, background: str) -> None:
        tokens = self._theme.tokens
        name, colour = {
            EntryState.PENDING: ("pending", tokens.muted),
            EntryState.JUDGED: (f"{row.kind.value}", tokens.accent),
            EntryState.SKIPPED: ("skipped", tokens.muted),
            EntryState.ESCALATED: ("escalated", tokens.unknown),
            EntryState.DECIDED: ("decided", tokens.muted),
        }[row.state]
        paint_glyph(place.painter, name, place.place(12, 10, _GLYPH, _GLYPH), colour=colour, cut=background)

    def _paint_excerpt(self, place: _Row, row: QueueRow) -> None:
        tokens = self._theme.tokens
        done = row.state in (EntryState.DECIDED, EntryState.SKIPPED, EntryState.ESCALATED)
        font = scaled_font(BASE_POINT_SIZE)
        room = place.place(_BEFORE, 7, place.box.width() - _BEFORE - _AFTER, 20)
        text = self._elided(excerpt_words(row), font.toString(), room.width())
        place.painter.setFont(font)
        place.painter.setPen(QColor(tokens.muted if done else tokens.text))
        place.write(room, text, from_right=reads_right_to_left(text))  # content begins where it is read from

    def _paint_badges(self, place: _Row, row: QueueRow, background: str) -> float:
        tokens = self._theme.tokens
        pen = _Pen(place, scaled_font(CAPTION_POINT_SIZE), place.box.width() - _AFTER, 29)
        strong = scaled_font(CAPTION_POINT_SIZE, bold=True)
        longest = _CODE_LENGTH if place.box.width() < _ROOMY else 2 * _CODE_LENGTH
        if row.decision_label is not None:
            differs = row.agrees is False
            pen.font = strong
            pen.word(_short(row.decision_label, longest), tokens.text, gap=5)
            pen.glyph("disagree" if differs else "decided", tokens.unknown if differs else tokens.safe, background)
        if row.hidden.verdict:
            pen.word(QCoreApplication.translate("QueueDelegate", "verdict hidden"), tokens.muted)
        if row.status is None:
            return pen.along
        tone = tone_of(violates=row.verdict_violates if row.status is VerdictStatus.PARSED else None)
        colour = getattr(tokens, tone)
        pen.font = scaled_font(CAPTION_POINT_SIZE)
        if row.status is VerdictStatus.PARSED and row.score is not None:
            pen.word(f"{row.score:.2f}", tokens.muted, gap=6)
            lean = score_tone(row.score, violates=row.verdict_violates)
            pen.bar(row.score, getattr(tokens, lean), tokens.line)
        parsed = row.status is VerdictStatus.PARSED and row.verdict_label is not None
        pen.font = strong
        pen.word(_short(row.verdict_label or "", longest) if parsed else status_word(row.status), colour, gap=5)
        pen.glyph(tone, colour, background)
        return pen.along

    def _paint_kind(self, place: _Row, row: QueueRow, end: float, index: QModelIndex | QPersistentModelIndex) -> None:
        model = index.model()
        title = model.title_of(row.policy_id) if isinstance(model, QueueModel) else row.policy_id
        more = len(model.others_of(row.key)) if isinstance(model, QueueModel) else 0
        parts = (alike_words(more) if more else "", kind_word(row.kind), title)
        text = " · ".join(part for part in parts if part)
        font = scaled_font(CAPTION_POINT_SIZE, bold=bool(more))
        room = place.place(_BEFORE, 29, max(0.0, end - _BEFORE), 18)
        place.painter.setFont(font)
        place.painter.setPen(QColor(self._theme.tokens.muted))
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        place.write(room, text, from_right=place.backwards)


def _elided(excerpt: str, font_key: str, width: float) -> str:
    """Return as much of an excerpt as there is room for."""
    font = QFont()
    font.fromString(font_key)
    line = one_line(excerpt)[:_MEASURED]
    return QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, width)


def _short(code: str, longest: int) -> str:
    return code if len(code) <= longest and code.isprintable() else one_line(code, longest - 1) + "…"
