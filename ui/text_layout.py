"""Sections of text laid out as lines for a reading surface: what stands where, before any widget sees it.

It owns the arithmetic between raw text, blocks and Qt's positions. It knows no widget and may run on any thread, so
that a million characters are laid out away from the window.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from ui.visible import VisibleText, make_visible

# Blocks coloured in one go where a whole section is: a surface that fills up in slices can do them one by one.
_TONED = 20
# Spans of one kind that are told apart; what is beyond is in the text all the same.
_SPANS_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text under a heading. `emphasis` draws the bar that says "this is the one"; `muted` greys it.

    `quotes` are (start, end) offsets into the raw text that a verdict cites, `flags` those of words to be wary of.
    """

    heading: str
    body: VisibleText
    emphasis: bool = False
    muted: bool = False
    mono: bool = False
    quotes: tuple[tuple[int, int], ...] = ()
    flags: tuple[tuple[int, int], ...] = ()

    @staticmethod
    def of(heading: str, raw: str, *, emphasis: bool = False, muted: bool = False, mono: bool = False) -> Section:
        """Make a section of raw text on the spot; for long content let a task call `make_visible` instead."""
        return Section(heading, make_visible(raw), emphasis, muted, mono)


@dataclass(slots=True)
class TextLayout:
    """Where things came to lie. `lines` are the blocks of the document, `starts` the position of each.

    `spans` are (start, length, kind) in positions of the document, in order of start; `bars` and `heads` are numbers
    of blocks. `joined` holds the blocks that go on the line before: nobody broke the text there. `marks` counts those
    among the spans.
    """

    lines: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    bars: list[tuple[int, int]] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)
    length: int = 0
    marks: int = 0

    def add(self, line: str) -> int:
        """Append a block and return where it starts."""
        start = self.length
        self.lines.append(line)
        self.starts.append(start)
        self.length += utf16_length(line) + 1
        return start


def utf16_length(text: str) -> int:
    """Length as Qt counts it: characters outside the basic plane count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def lay_out(sections: Sequence[Section]) -> TextLayout:
    """Return the layout of sections one below the other, with a small gap between them."""
    layout = TextLayout()
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
    layout.spans.sort(key=lambda span: span[0])
    return layout


def _lay_body(layout: TextLayout, section: Section) -> None:
    body = section.body
    first, start, before = len(layout.lines), layout.length, -1
    for number, line in enumerate(body.blocks):
        at = layout.add(line)
        if number and len(body.sources[number]) and body.sources[number][0] == before + 1:
            layout.joined.add(first + number)
        before = body.sources[number][-1] if len(body.sources[number]) else before + 1
        if body.marks[number] and layout.marks < _SPANS_KEPT:
            layout.marks += len(body.marks[number])
            marks = body.marks[number]
            layout.spans += [(at + utf16_length(line[: mark.start]), mark.length, "mark") for mark in marks]
    for wanted, kind in ((section.muted, "muted"), (section.mono, "mono")):
        if wanted:
            ends = [*layout.starts[first + _TONED :: _TONED], layout.length]
            for begin, end in zip([start, *ends], ends, strict=False):
                layout.spans.append((begin, end - begin - 1, kind))
    for places, kind in ((section.quotes, "quote"), (section.flags, "flag")):
        _lay_places(layout, body, first, places, kind)


def _lay_places(
    layout: TextLayout, body: VisibleText, first: int, places: Sequence[tuple[int, int]], kind: str
) -> None:
    if not places:
        return
    # A block without a character of its own stands where the one before it ends.
    origins: list[int] = []
    for sources in body.sources:
        origins.append(sources[0] if len(sources) else (origins[-1] if origins else 0))
    most = len(layout.spans) + _SPANS_KEPT
    for begin, end in places:
        # The first of those that stand where it begins: empty lines after it stand there, too.
        number = bisect_left(origins, origins[max(0, bisect_right(origins, begin) - 1)])
        while number < len(origins) and origins[number] < end and len(layout.spans) < most:
            line, sources = body.blocks[number], body.sources[number]
            left, right = bisect_left(sources, begin), bisect_left(sources, end)
            if left < right:
                at = layout.starts[first + number] + utf16_length(line[:left])
                layout.spans.append((at, utf16_length(line[left:right]), kind))
            number += 1
