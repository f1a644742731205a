"""Paints a row of the library: a policy's title and version, and below in small how healthy it is.

It owns the two-line layout at a fixed height. It must not read anything but the row it is given.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.domain import FlipKind
from core.services import PolicyHealth
from ui.models.library_model import LibraryModel
from ui.theme import Theme, scaled_font
from ui.tokens import BASE_POINT_SIZE, CAPTION_POINT_SIZE, SPACE_3, Tokens
from ui.visible import one_line

ROW_HEIGHT = 72


def _tr(text: str) -> str:
    return QCoreApplication.translate("Library", text)


def health_words(health: PolicyHealth) -> list[tuple[str, str]]:
    """Return what is to be said of a policy's health, each with the name of its colour token."""
    said: list[tuple[str, str]] = []
    if health.policy is None:
        said.append((_tr("not published yet"), "unknown"))
    elif health.errors:
        said.append((_tr("errors: {count}").format(count=health.errors), "violates"))
    elif health.warnings:
        said.append((_tr("warnings: {count}").format(count=health.warnings), "unknown"))
    else:
        said.append((_tr("lint clean"), "safe"))
    if health.disagreements:
        said.append((_tr("disagreements: {count}").format(count=f"{health.disagreements:,}"), "text"))
    if health.drafts:
        said.append((_tr("draft"), "accent"))
    return said


def trial_words(health: PolicyHealth) -> tuple[str, str]:
    """Return what the last test of a policy says, with the name of its colour token."""
    run = health.run
    if run is None:
        return _tr("never tested"), "muted"
    broken = run.count(FlipKind.NEWLY_BROKEN)
    words = _tr("tested {day}: {fixed} fixed, {broken} broken").format(
        day=f"{run.finished_at:%d %b}", fixed=run.count(FlipKind.FIXED), broken=broken
    )
    return words, "violates" if broken else "muted"


class LibraryDelegate(QStyledItemDelegate):
    """Three short lines a row, the same height whatever is in it."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Fixed."""
        del option, index
        return QSize(200, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one policy."""
        tokens = self._theme.tokens
        box = QRectF(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        health = index.data(LibraryModel.HealthRole)
        painter.save()
        painter.setLayoutDirection(option.direction)
        painter.fillRect(box, QColor(tokens.selection if selected else tokens.surface))
        if selected:
            bar = QRectF(box.left(), box.top(), 3, box.height())
            painter.fillRect(_mirrored(painter, bar, box), QColor(tokens.accent))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), QColor(tokens.line))
        if isinstance(health, PolicyHealth):
            self._paint_words(painter, health, box.adjusted(SPACE_3 + 2, 8, -SPACE_3, -8), tokens)
        painter.restore()

    def _paint_words(self, painter: QPainter, health: PolicyHealth, room: QRectF, tokens: Tokens) -> None:
        version = f"v{health.policy.version}" if health.policy is not None else ""
        caption = scaled_font(CAPTION_POINT_SIZE)
        title = scaled_font(BASE_POINT_SIZE, bold=True)
        aside = QFontMetricsF(caption).horizontalAdvance(version) + 8
        line = QRectF(room.left(), room.top(), room.width() - aside, 19)
        self._say(painter, _mirrored(painter, line, room), health.title, title, tokens.text)
        painter.setFont(caption)
        painter.setPen(QColor(tokens.muted))
        right = QRectF(room.left(), room.top(), room.width(), 19)
        painter.drawText(right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, version)
        at = room.left()
        for number, (words, colour) in enumerate(health_words(health)):
            text = f"· {words}" if number else words
            width = QFontMetricsF(caption).horizontalAdvance(text) + 5
            place = _mirrored(painter, QRectF(at, room.top() + 20, room.right() - at, 17), room)
            self._say(painter, place, text, caption, getattr(tokens, colour))
            at += width
        words, colour = trial_words(health)
        self._say(
            painter, QRectF(room.left(), room.top() + 37, room.width(), 17), words, caption, getattr(tokens, colour)
        )

    def _say(self, painter: QPainter, box: QRectF, text: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, max(0.0, box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)


def _mirrored(painter: QPainter, place: QRectF, within: QRectF) -> QRectF:
    """Return a place of a row as it lies where words run leftwards, the place itself elsewhere."""
    if painter.layoutDirection() != Qt.LayoutDirection.RightToLeft:
        return place
    return QRectF(within.left() + within.right() - place.right(), place.top(), place.width(), place.height())
