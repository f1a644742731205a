"""A row of choices of which one is on, each with a count under its word: the state filter of the queue.

It owns its painting, its keys (arrows move, as among radio buttons) and one signal. It must not query anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from ui.theme import Theme, scaled_font
from ui.tokens import CAPTION_POINT_SIZE, SPACE_1
from ui.widgets.choice_row import ChoiceRow


class Segment(QAbstractButton):
    """One choice: a word and, if it is counted, a count."""

    def __init__(self, theme: Theme, text: str, parent: QWidget, *, counted: bool = True) -> None:
        super().__init__(parent)
        self._theme = theme
        self._counted = counted
        self._count: int | None = None
        self.setText(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)
        self.set_count(None)

    def set_count(self, count: int | None) -> None:
        """Show a count, or a dash while it is unknown."""
        self._count = count
        name = self.text() if count is None else self.tr("{name}: {count}").format(name=self.text(), count=count)
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the word, which is never cut."""
        width = QFontMetricsF(scaled_font(CAPTION_POINT_SIZE, bold=True)).horizontalAdvance(self.text())
        return QSize(round(width) + 2 * SPACE_1 + 2, 40 if self._counted else 32)

    def minimumSizeHint(self) -> QSize:
        """Never smaller than its word."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint word and count; the one that is on is underlined and tinted, never tinted alone."""
        del event
        tokens = self._theme.tokens
        painter = QPainter(self)
        box = QRectF(self.rect())
        on = self.isChecked()
        if on or self.underMouse():
            painter.fillRect(box, QColor(tokens.accent_soft if on else tokens.raised))
        painter.setPen(QColor(tokens.text if on else tokens.muted))
        painter.setFont(scaled_font(CAPTION_POINT_SIZE, bold=on))
        room = box.adjusted(0, 4, 0, -20) if self._counted else box
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._counted:
            painter.setFont(scaled_font(CAPTION_POINT_SIZE, bold=True))
            count = "–" if self._count is None else f"{self._count:,}"
            painter.drawText(box.adjusted(0, 18, 0, -5), Qt.AlignmentFlag.AlignCenter, count)
        if on:
            painter.fillRect(QRectF(0, box.height() - 2, box.width(), 2), QColor(tokens.accent))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        painter.end()


class Segmented(QWidget):
    """The row. `chosen` carries the index a person chose, not one set from code."""

    chosen = Signal(int)

    def __init__(
        self, theme: Theme, name: str, words: Sequence[str], parent: QWidget | None = None, *, counted: bool = True
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._segments = [Segment(theme, word, self, counted=counted) for word in words]
        for index, segment in enumerate(self._segments):
            self._group.addButton(segment, index)
        row.addWidget(ChoiceRow(self._segments, spacing=0, uneven=True))
        self._segments[0].setChecked(True)
        self._group.idClicked.connect(self._on_group_id_clicked)

    @property
    def index(self) -> int:
        """The index of the choice that is on."""
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Turn a choice on without telling anyone."""
        self._segments[index].setChecked(True)

    def set_counts(self, counts: Sequence[int]) -> None:
        """Show the counts, aligned with the words."""
        for segment, count in zip(self._segments, counts, strict=True):
            segment.set_count(count)

    @Slot(int)
    def _on_group_id_clicked(self, index: int) -> None:
        self.chosen.emit(index)
