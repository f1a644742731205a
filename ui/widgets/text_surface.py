"""A read-only surface for untrusted text: sections with headings, hidden characters as marks, never any markup.

It owns how text is filled in, coloured and scrolled: a first screen at once, the rest in slices, so that no text is
too long. It must not decide what is shown: callers hand it sections. Copying gives plain text without live addresses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, QMimeData, QPoint, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.defang import defang
from ui.text_layout import Section, TextLayout, lay_out
from ui.theme import Theme, mono_font, scaled_font
from ui.tokens import CAPTION_POINT_SIZE, READING_POINT_SIZE, SPACE_3
from ui.visible import LINE_END, make_visible
from ui.widgets.plain_layout import DirectionalLayout

_BAR_WIDTH = 3.0
# Blocks and positions that are there at once: more than any screen holds. The rest follows a slice at a time.
_FIRST_BLOCKS, _FIRST_LENGTH = 240, 60_000
_SLICE_BLOCKS, _SLICE_LENGTH = 200, 20_000
_SLICE_MS = 8
_TINTED_TOGETHER = 20
ZOOM_LEAST, ZOOM_MOST = -4, 16


class TextSurface(QPlainTextEdit):
    """Shows sections of plain text. Keyboard selectable; Tab leaves it."""

    def __init__(
        self, theme: Theme, name: str, *, point_size: float = READING_POINT_SIZE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._point_size = point_size
        self._zoom = 0
        self._layout = TextLayout()
        self._filled = 0  # blocks of the layout that are in the document
        self._tinted = 0  # spans of the layout that are drawn
        self._goal: int | None = None  # position to scroll to once it is there
        self._goal_lines = 0
        self._filling = QTimer(self, interval=0)
        self._filling.timeout.connect(self._fill_slice)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        document = QTextDocument(self)
        document.setDocumentLayout(DirectionalLayout(document))
        self.setDocument(document)
        self.setFont(scaled_font(point_size))
        self.document().setDocumentMargin(SPACE_3)
        theme.changed.connect(self._on_theme_changed)

    @property
    def complete(self) -> bool:
        """Whether all of the text is in the document, in its colours."""
        return self._filled == len(self._layout.lines) and self._tinted == len(self._layout.spans)

    @property
    def zoom(self) -> int:
        """Points the text is larger than usual."""
        return self._zoom

    def set_zoom(self, points: int) -> None:
        """Make the text so many points larger than usual, from 4 smaller to 16 larger."""
        self._zoom = max(ZOOM_LEAST, min(ZOOM_MOST, points))
        self.setFont(scaled_font(self._point_size + self._zoom))
        self.show_layout(self._layout, keep_scroll=True)

    def show_sections(self, sections: Sequence[Section], *, keep_scroll: bool = False) -> None:
        """Replace everything. Scrolls to the top unless told to stay."""
        self.show_layout(lay_out(sections), keep_scroll=keep_scroll)

    def show_layout(self, layout: TextLayout, *, keep_scroll: bool = False) -> None:
        """Replace everything by sections that were laid out before."""
        top = self.cursorForPosition(QPoint(0, 0)).position()
        clock = _started()
        self._layout = layout
        self._goal = None
        self._filled = self._slice_end(0, _FIRST_BLOCKS, _FIRST_LENGTH)
        self._tinted = 0
        self.setPlainText("\n".join(layout.lines[: self._filled]))
        self._tint(clock)
        self._go_to(top if keep_scroll else 0)
        if self.complete:
            self._filling.stop()
        else:
            self._filling.start()

    def append_stream(self, text: str) -> None:
        """Add text to the end as it arrives, and follow it if the end was in view."""
        bar = self.verticalScrollBar()
        following = bar.value() >= bar.maximum() - 1
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText("\n".join(make_visible(text).blocks))
        if following:
            bar.setValue(bar.maximum())

    def scroll_to_section(self, index: int) -> None:
        """Bring the heading of a section to the top of the view, as soon as it is there."""
        if 0 <= index < len(self._layout.heads):
            self._go_to(self._layout.starts[self._layout.heads[index]])

    def scroll_to_position(self, position: int) -> None:
        """Bring a position of the document into view, a little below the top, as soon as it is there."""
        self._go_to(position, lines_above=2)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Give the clipboard plain text and nothing else: no live addresses, lines whole as they were written."""
        cursor = self.textCursor()
        parts: list[str] = []
        block = self.document().findBlock(cursor.selectionStart())
        while block.isValid() and block.position() <= cursor.selectionEnd():
            first = max(0, cursor.selectionStart() - block.position())
            last = cursor.selectionEnd() - block.position()
            if parts and block.blockNumber() not in self._layout.joined:
                parts.append("\n")
            # Positions count as Qt does; so must the cut.
            raw = block.text().encode("utf-16-le", "surrogatepass")[2 * first : 2 * last]
            parts.append(raw.decode("utf-16-le", "surrogatepass"))
            block = block.next()
        data = QMimeData()
        data.setText(defang("".join(parts).replace(LINE_END, "\n")))
        return data

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, then the bar beside the sections under judgement."""
        super().paintEvent(event)
        if not self._layout.bars:
            return
        painter = QPainter(self.viewport())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.tokens.accent))
        block = self.firstVisibleBlock()
        offset = self.contentOffset()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                break
            if any(first <= block.blockNumber() <= last for first, last in self._layout.bars):
                height = block.layout().boundingRect().height()
                painter.drawRect(QRectF(2.0, box.top(), _BAR_WIDTH, height))
            block = block.next()
        painter.end()

    @Slot()
    def _fill_slice(self) -> None:
        """Add and colour blocks for a few milliseconds."""
        clock = _started()
        lines = self._layout.lines
        cursor = QTextCursor(self.document())
        while self._filled < len(lines) and clock.elapsed() < _SLICE_MS:
            until = self._slice_end(self._filled, _SLICE_BLOCKS, _SLICE_LENGTH)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            # In the plain format: at the end of a mark it would take over the mark's.
            cursor.insertText("\n" + "\n".join(lines[self._filled : until]), QTextCharFormat())
            self._filled = until
        self._tint(clock)
        if self._goal is not None:
            self._go_to(self._goal, self._goal_lines)
        if self.complete:
            self._filling.stop()

    def _slice_end(self, first: int, blocks: int, length: int) -> int:
        """Return the block before which a slice that begins at `first` ends: one block at least."""
        starts = self._layout.starts
        if first >= len(starts):
            return first
        end = bisect_left(starts, starts[first] + length, first + 1)
        return min(len(starts), first + blocks, end)

    def _go_to(self, position: int, lines_above: int = 0) -> None:
        """Bring the line of a position to the top, some lines below it, or remember to once it is there."""
        number = bisect_right(self._layout.starts, position) - 1
        if number >= self._filled and self._filled < len(self._layout.lines):
            self._goal, self._goal_lines = position, lines_above
            return
        self._goal = None
        block = self.document().findBlock(position)
        before = block
        for _ in range(lines_above + 1):  # the lines of a block are counted once it is laid out
            self.document().documentLayout().blockBoundingRect(before)
            before = before.previous() if before.previous().isValid() else before
        line = block.layout().lineForTextPosition(position - block.position())
        number = block.firstLineNumber() + (line.lineNumber() if line.isValid() else 0)
        self.verticalScrollBar().setValue(max(0, number - lines_above))

    def _tint(self, clock: QElapsedTimer) -> None:
        """Colour the spans of what was filled in since, as far as time allows."""
        spans, lines = self._layout.spans, self._layout.lines
        there = self._layout.starts[self._filled] if self._filled < len(lines) else self._layout.length
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        formats = self._formats()
        first = self._tinted
        while self._tinted < len(spans) and (self._tinted - first < _TINTED_TOGETHER or clock.elapsed() < _SLICE_MS):
            start, length, kind = spans[self._tinted]
            if start + length >= there:
                break
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(formats[kind])
            self._tinted += 1
        cursor.endEditBlock()

    def _formats(self) -> dict[str, QTextCharFormat]:
        tokens = self._theme.tokens
        names = ("head", "target", "gap", "muted", "mono", "mark", "quote", "flag")
        formats = {kind: QTextCharFormat() for kind in names}
        for kind, colour in (("head", tokens.muted), ("target", tokens.accent)):
            formats[kind].setFont(scaled_font(CAPTION_POINT_SIZE + self._zoom, bold=True))
            formats[kind].setForeground(QColor(colour))
        formats["gap"].setFont(scaled_font(6.0))
        formats["muted"].setForeground(QColor(tokens.muted))
        formats["mono"].setFont(mono_font(self._point_size + self._zoom - 1))
        formats["mark"].setFont(mono_font(self._point_size + self._zoom - 2))
        formats["mark"].setForeground(QColor(tokens.mark))
        formats["mark"].setBackground(QColor(tokens.mark_soft))
        formats["quote"].setBackground(QColor(tokens.selection))
        formats["quote"].setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        formats["flag"].setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        formats["flag"].setUnderlineColor(QColor(tokens.violates))
        return formats

    @Slot()
    def _on_theme_changed(self) -> None:
        self.show_layout(self._layout, keep_scroll=True)


def _started() -> QElapsedTimer:
    clock = QElapsedTimer()
    clock.start()
    return clock
