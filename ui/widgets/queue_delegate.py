"""Paints a row of the queue: what it says, and in small what it is, what the model said and what a human said.

It owns the two-line layout at a fixed height. It must not read anything but the row it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

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
_LEFT = 34.0
_RIGHT = 12.0
_GLYPH = 14.0
_BAR = 34.0
_CODE_LENGTH = 12


@dataclass(slots=True)
class _Pen:
    """Writes right to left along the second line. `left` is where the next thing ends."""

    painter: QPainter
    font: QFont
    left: float
    top: float

    def word(self, text: str, colour: str, *, gap: float = 8.0) -> None:
        width = QFontMetricsF(self.font).horizontalAdvance(text)
        self.painter.setFont(self.font)
        self.painter.setPen(QColor(colour))
        box = QRectF(self.left - width - 1, self.top, width + 1, 18)
        self.painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
        self.left -= width + gap

    def glyph(self, name: str, colour: str, cut: str, *, gap: float = 8.0) -> None:
        box = QRectF(self.left - _GLYPH + 1, self.top + 2, _GLYPH - 1, _GLYPH - 1)
        paint_glyph(self.painter, name, box, colour=colour, cut=cut)
        self.left -= _GLYPH + gap

    def bar(self, score: float, colour: str, track: str, *, gap: float = 6.0) -> None:
        box = QRectF(self.left - _BAR, self.top + 7, _BAR, 4)
        self.painter.fillRect(box, QColor(track))
        self.painter.fillRect(QRectF(box.left(), box.top(), _BAR * min(1.0, max(0.0, score)), 4), QColor(colour))
        self.left -= _BAR + gap


class QueueDelegate(QStyledItemDelegate):
    """Two lines a row, the same height whatever is in it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Fixed, so that a million rows need no measuring."""
        del option, index
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        tokens = self._theme.tokens
        box = QRectF(option.rect)
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        row = index.data(QueueModel.RowRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background = tokens.selection if selected else tokens.surface
        painter.fillRect(box, QColor(background))
        if selected:
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), QColor(tokens.accent))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(tokens.line))
        if isinstance(row, QueueRow):
            self._paint_state(painter, row, box, background)
            self._paint_excerpt(painter, row, box)
            left = self._paint_badges(painter, row, box, background)
            self._paint_kind(painter, row, box, left, index)
        painter.restore()

    def _paint_state(self, painter: QPainter, row: QueueRow, box: QRectF, background: str) -> None:
        tokens = self._theme.tokens
        name, colour = {
            EntryState.PENDING: ("pending", tokens.muted),
            EntryState.JUDGED: (f"{row.kind.value}", tokens.accent),
            EntryState.SKIPPED: ("skipped", tokens.muted),
            EntryState.ESCALATED: ("escalated", tokens.unknown),
            EntryState.DECIDED: ("decided", tokens.muted),
        }[row.state]
        place = QRectF(box.left() + 12, box.top() + 10, _GLYPH, _GLYPH)
        paint_glyph(painter, name, place, colour=colour, cut=background)

    def _paint_excerpt(self, painter: QPainter, row: QueueRow, box: QRectF) -> None:
        tokens = self._theme.tokens
        done = row.state in (EntryState.DECIDED, EntryState.SKIPPED, EntryState.ESCALATED)
        font = scaled_font(BASE_POINT_SIZE)
        room = QRectF(box.left() + _LEFT, box.top() + 7, box.width() - _LEFT - _RIGHT, 20)
        text = QFontMetricsF(font).elidedText(one_line(excerpt_words(row)), Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted if done else tokens.text))
        # The direction of the text decides on which side it begins and where the ellipsis goes.
        backwards = reads_right_to_left(text)
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if backwards else Qt.LayoutDirection.LeftToRight)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def _paint_badges(self, painter: QPainter, row: QueueRow, box: QRectF, background: str) -> float:
        tokens = self._theme.tokens
        pen = _Pen(painter, scaled_font(CAPTION_POINT_SIZE), box.right() - _RIGHT, box.top() + 29)
        strong = scaled_font(CAPTION_POINT_SIZE, bold=True)
        if row.decision_label is not None:
            differs = row.agrees is False
            pen.font = strong
            pen.word(_short(row.decision_label), tokens.text, gap=5)
            pen.glyph("disagree" if differs else "decided", tokens.unknown if differs else tokens.safe, background)
        if row.hidden.verdict:
            pen.word(QCoreApplication.translate("QueueDelegate", "verdict hidden"), tokens.muted)
        if row.status is None:
            return pen.left
        tone = tone_of(violates=row.verdict_violates if row.status is VerdictStatus.PARSED else None)
        colour = getattr(tokens, tone)
        pen.font = scaled_font(CAPTION_POINT_SIZE)
        if row.status is VerdictStatus.PARSED and row.score is not None:
            pen.word(f"{row.score:.2f}", tokens.muted, gap=6)
            lean = score_tone(row.score, violates=row.verdict_violates)
            pen.bar(row.score, getattr(tokens, lean), tokens.line)
        parsed = row.status is VerdictStatus.PARSED and row.verdict_label is not None
        pen.font = strong
        pen.word(_short(row.verdict_label or "") if parsed else status_word(row.status), colour, gap=5)
        pen.glyph(tone, colour, background)
        return pen.left

    def _paint_kind(
        self, painter: QPainter, row: QueueRow, box: QRectF, left: float, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        title = model.title_of(row.policy_id) if isinstance(model, QueueModel) else row.policy_id
        more = len(model.others_of(row.key)) if isinstance(model, QueueModel) else 0
        parts = (alike_words(more) if more else "", kind_word(row.kind), title)
        text = " · ".join(part for part in parts if part)
        font = scaled_font(CAPTION_POINT_SIZE, bold=bool(more))
        room = QRectF(box.left() + _LEFT, box.top() + 29, max(0.0, left - box.left() - _LEFT), 18)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.tokens.muted))
        painter.drawText(
            room,
            Qt.AlignmentFlag.AlignVCenter,
            QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width()),
        )


def _short(code: str) -> str:
    return code if len(code) <= _CODE_LENGTH and code.isprintable() else one_line(code, _CODE_LENGTH - 1) + "…"
