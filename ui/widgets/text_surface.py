"""A read-only surface for untrusted text: sections with headings, hidden characters as marks, never any markup.

It owns how text is laid in blocks, coloured and scrolled. It must not decide what is shown: callers hand it sections
made by `ui.visible`. Copying gives plain text only.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QMimeData, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.theme import Theme, mono_font, scaled_font
from ui.tokens import CAPTION_POINT_SIZE, READING_POINT_SIZE, SPACE_3
from ui.visible import VisibleText, make_visible

# Marks and quotes beyond this many are still written out, only without their tint.
_FORMAT_LIMIT = 2_000
_BAR_WIDTH = 3.0


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text under a heading. `emphasis` draws the bar that says "this is the one"; `muted` greys it.

    `quotes` are (start, end) offsets into the raw text that a verdict cites.
    """

    heading: str
    body: VisibleText
    emphasis: bool = False
    muted: bool = False
    mono: bool = False
    quotes: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def of(heading: str, raw: str, *, emphasis: bool = False, muted: bool = False, mono: bool = False) -> Section:
        """Make a section of raw text on the spot; for long content let a task call `make_visible` instead."""
        return Section(heading, make_visible(raw), emphasis, muted, mono)


@dataclass(slots=True)
class _Layout:
    """Where things came to lie, in blocks (headings, bars) and characters of the document (formats)."""

    lines: list[str] = field(default_factory=list)
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    bars: list[tuple[int, int]] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    position: int = 0

    def add(self, line: str) -> int:
        """Append a block and return where it starts."""
        start = self.position
        self.lines.append(line)
        self.position += utf16_length(line) + 1
        return start


def utf16_length(text: str) -> int:
    """Length as Qt counts it: characters outside the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class TextSurface(QPlainTextEdit):
    """Shows sections of plain text. Keyboard selectable; Tab leaves it."""

    def __init__(
        self, theme: Theme, name: str, *, point_size: float = READING_POINT_SIZE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._point_size = point_size
        self._sections: tuple[Section, ...] = ()
        self._layout = _Layout()
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(scaled_font(point_size))
        self.document().setDocumentMargin(SPACE_3)
        theme.changed.connect(self._on_theme_changed)

    @property
    def sections(self) -> tuple[Section, ...]:
        """What is shown."""
        return self._sections

    def show_sections(self, sections: Sequence[Section], *, keep_scroll: bool = False) -> None:
        """Replace everything. Scrolls to the top unless told to stay."""
        bar = self.verticalScrollBar()
        before = bar.value()
        self._sections = tuple(sections)
        self._layout = _lay_out(self._sections)
        self.setPlainText("\n".join(self._layout.lines))
        self._tint()
        bar.setValue(before if keep_scroll else 0)

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
        """Bring the heading of a section to the top of the view."""
        if 0 <= index < len(self._layout.heads):
            block = self.document().findBlockByNumber(self._layout.heads[index])
            self.verticalScrollBar().setValue(block.firstLineNumber())

    def createMimeDataFromSelection(self) -> QMimeData:
        """Give the clipboard plain text and nothing else."""
        data = QMimeData()
        data.setText(self.textCursor().selectedText().replace("\u2029", "\n"))
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

    def _tint(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        formats = self._formats()
        for start, length, kind in self._layout.spans[:_FORMAT_LIMIT]:
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(formats[kind])
        cursor.endEditBlock()

    def _formats(self) -> dict[str, QTextCharFormat]:
        tokens = self._theme.tokens
        formats = {kind: QTextCharFormat() for kind in ("head", "target", "gap", "muted", "mono", "mark", "quote")}
        for kind, colour in (("head", tokens.muted), ("target", tokens.accent)):
            formats[kind].setFont(scaled_font(CAPTION_POINT_SIZE, bold=True))
            formats[kind].setForeground(QColor(colour))
        formats["gap"].setFont(scaled_font(6.0))
        formats["muted"].setForeground(QColor(tokens.muted))
        formats["mono"].setFont(mono_font(self._point_size - 1))
        formats["mark"].setFont(mono_font(self._point_size - 2))
        formats["mark"].setForeground(QColor(tokens.mark))
        formats["mark"].setBackground(QColor(tokens.mark_soft))
        formats["quote"].setBackground(QColor(tokens.selection))
        formats["quote"].setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
        return formats

    @Slot()
    def _on_theme_changed(self) -> None:
        self.show_sections(self._sections, keep_scroll=True)


def _lay_out(sections: Sequence[Section]) -> _Layout:
    layout = _Layout()
    for section in sections:
        if layout.lines:
            layout.spans.append((layout.add("\u00a0"), 1, "gap"))
        layout.heads.append(len(layout.lines))
        first = len(layout.lines)
        if section.heading:
            kind = "target" if section.emphasis else "head"
            layout.spans.append((layout.add(section.heading), utf16_length(section.heading), kind))
        _lay_body(layout, section)
        if section.emphasis:
            layout.bars.append((first, len(layout.lines) - 1))
    return layout


def _lay_body(layout: _Layout, section: Section) -> None:
    start = layout.position
    late: list[tuple[int, int, str]] = []
    for number, line in enumerate(section.body.blocks):
        at = layout.add(line)
        late += [(at + utf16_length(line[: mark.start]), mark.length, "mark") for mark in section.body.marks[number]]
        origin = section.body.sources[number]
        for begin, end in section.quotes:
            left, right = bisect_left(origin, begin), bisect_left(origin, end)
            if left < right:
                late.append((at + utf16_length(line[:left]), utf16_length(line[left:right]), "quote"))
    for wanted, kind in ((section.muted, "muted"), (section.mono, "mono")):
        if wanted and layout.position > start:
            layout.spans.append((start, layout.position - start - 1, kind))
    layout.spans += late
