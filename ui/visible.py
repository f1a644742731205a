"""Text as a person may safely see it: hidden characters become visible marks, long lines become short blocks.

It owns the choice of what counts as hidden and where a line may be broken. It knows no Qt and never changes what is
stored or hashed: the raw text stays with the item. All text that goes in is untrusted.
"""

from __future__ import annotations

import html
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# Longest block handed to a text widget: one block of 200,000 characters stalls the layout for seconds.
BLOCK_LIMIT = 1_000
# Stands for a line break inside a block. A text's own U+2028 is always shown as a mark.
LINE_END = "\u2028"
# A document of 300,000 blocks takes 70 ms for each change of its width: texts of more lines than the first figure have
# up to so many of them in one block. A block is read in one direction, so lines of another begin a new one, unless the
# text has more lines than anybody reads.
_LINES_APART, _LINES_TOGETHER, _DIRECTIONS_APART = 2_000, 100, 20_000
# Marks that are told apart from the text around them, and characters looked at in one go.
_MARKS_KEPT, _LOOK = 2_000, 50_000
# How far back from the limit a space is looked for before a word is cut.
_BREAK_WINDOW = 120

_NAMES = {
    0x00AD: "SHY",
    0x034F: "CGJ",
    0x061C: "ALM",
    0x115F: "HANGUL FILLER",
    0x1160: "HANGUL FILLER",
    0x180E: "MVS",
    0x200B: "ZWSP",
    0x200C: "ZWNJ",
    0x200D: "ZWJ",
    0x200E: "LRM",
    0x200F: "RLM",
    0x2028: "LINE SEP",
    0x2029: "PARA SEP",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2060: "WJ",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
    0x2800: "BRAILLE BLANK",
    0x3164: "HANGUL FILLER",
    0xFEFF: "BOM",
    0xFFA0: "HANGUL FILLER",
    0xFFFC: "OBJECT",
}
_TAG_FIRST, _TAG_LAST = 0xE0000, 0xE007F
_JOINERS = (0x200C, 0x200D)
# Scripts whose spelling needs the joiners: Arabic and the Indic blocks.
_JOINING_SCRIPTS = ((0x0600, 0x08FF), (0x0900, 0x0DFF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))
# Controls, format characters, lone surrogates and private use: nothing a font can be trusted to show.
HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
# The marks on one letter that are drawn: more than any spelling needs. What is heaped on top hides the lines around it.
_MARKS_DRAWN = 4
_HEAP = re.compile(f"{_MARKS}+")
# Where anything hidden, or a blank that passes for nothing, can lie; a run of tags, or of a heap, is one match.
_SUSPECT = re.compile(
    "[\U000e0000-\U000e007f]+"
    f"|(?<={_MARKS}{{{_MARKS_DRAWN}}}){_MARKS}+"
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U0010ffff]"
)


class Mark(NamedTuple):
    """A visible mark inside a block: it starts at `start` and is `length` characters long."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class VisibleText:
    """Text ready to show. `marks` is aligned with `blocks`; `hidden` counts the characters that became marks.

    `sources` is aligned with `blocks` too: for each block, the offset in the raw text of each of its characters
    (a mark's characters all point at the character they stand for). A block of a text with thousands of lines holds
    several, with `LINE_END` between them. Marks beyond the first 2,000 are in the blocks and not in `marks`.
    """

    blocks: tuple[str, ...]
    marks: tuple[tuple[Mark, ...], ...]
    sources: tuple[Sequence[int], ...]
    hidden: int


Places = Callable[[str], Iterable[tuple[int, int, str]]]
"""Finds what becomes a mark in a piece of text: start, end and the words of the mark, in order, without overlap."""


def make_visible(raw: str) -> VisibleText:
    """Return `raw` with every hidden character shown as a mark, in blocks of at most 1,000 characters.

    A block ends at each line break, or in a text of thousands of lines after 100, and inside a long line at a space
    near the limit or, failing that, at the limit, but never between a letter and what combines with it unless a run of
    those is itself longer than the limit.
    """
    # A look at all of it at once would keep other threads waiting.
    steps = range(0, len(raw), _LOOK)
    if all(_SUSPECT.search(raw, max(0, start - _MARKS_DRAWN), start + _LOOK) is None for start in steps):
        return _as_it_stands(raw)
    return visible_by(raw, hidden_places)


def _as_it_stands(raw: str) -> VisibleText:
    """Return a text that hides nothing: its blocks are stretches of it."""
    blocks, sources = list[str](), list[Sequence[int]]()
    for start, end in _stretches(raw):
        blocks.append(raw[start:end].replace("\n", LINE_END))
        sources.append(range(start, end))
    return VisibleText(tuple(blocks), ((),) * len(blocks), tuple(sources), 0)


def visible_by(raw: str, places: Places) -> VisibleText:
    """Return `raw` in the blocks of `make_visible` with marks for whatever `places` finds."""
    blocks, marks, sources = list[str](), list[tuple[Mark, ...]](), list[Sequence[int]]()
    hidden = marked = 0
    for start, end in _stretches(raw):
        for part in _fit_lines(raw, start, end, places):
            blocks.append(part.text)
            marks.append(part.marks if marked < _MARKS_KEPT else ())
            sources.append(part.sources)
            hidden += part.hidden
            marked += len(part.marks)
    return VisibleText(tuple(blocks), tuple(marks), tuple(sources), hidden)


def one_line(raw: str, limit: int = 200) -> str:
    """Return the beginning of `raw` on one line with hidden characters marked, for list rows and table cells."""
    flat = " ".join(raw[: limit * 2].split())[:limit]
    return _mark_piece(flat, 0, hidden_places).text


def plain_tip(text: str) -> str:
    """Return `text` so that a tooltip shows exactly these characters, whatever markup they look like."""
    return f"<span>{html.escape(text)}</span>"


def _stretches(raw: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of what goes into a block: a line, a piece of a long one, or many short ones."""
    lines = raw.count("\n")
    start = 0
    while start <= len(raw):
        end = raw.find("\n", start)
        end = len(raw) if end < 0 else end
        if lines > _LINES_APART and end - start < BLOCK_LIMIT:
            end = _end_of_lines(raw, start, mixed=lines > _DIRECTIONS_APART)
            yield start, end - raw.endswith("\r", start, end)
        else:
            yield from _cut(raw, start, end - raw.endswith("\r", start, end))
        start = end + 1


def _end_of_lines(raw: str, start: int, *, mixed: bool) -> int:
    """Return where the last line ends that goes into the block that begins at `start`."""
    window = raw[start : start + BLOCK_LIMIT]
    whole = start + BLOCK_LIMIT >= len(raw) or raw[start + BLOCK_LIMIT] == "\n"
    lines = window.split("\n", _LINES_TOGETHER)
    if len(lines) > _LINES_TOGETHER or (not whole and len(lines) > 1):
        lines.pop()
    if not (mixed or window.isascii()):  # a block is read in one direction
        directions = [_direction(line) for line in lines]
        first = next((direction for direction in directions if direction), "")
        other = next((n for n, direction in enumerate(directions) if direction not in ("", first)), len(lines))
        lines = lines[: max(1, other)]
    return start + sum(map(len, lines)) + len(lines) - 1


def _cut(raw: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > BLOCK_LIMIT:
        middle = _break_point(raw, start)
        yield start, middle
        start = middle
    yield start, end


def _break_point(line: str, start: int) -> int:
    limit = start + BLOCK_LIMIT
    space = line.rfind(" ", limit - _BREAK_WINDOW, limit)
    if space >= 0:
        return space + 1
    end = limit
    while end > limit - _BREAK_WINDOW and _continues(line[end]):
        end -= 1
    return end if end > limit - _BREAK_WINDOW else limit


def _continues(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    marks: tuple[Mark, ...]
    sources: Sequence[int]
    hidden: int
    start: int


def _fit_lines(raw: str, start: int, end: int, places: Places) -> Iterator[_Piece]:
    """Yield a stretch with its marks; what the marks make longer than a block may be goes into several."""
    piece = raw[start:end]
    if "\n" not in piece:
        yield from _fit(piece, start, places)
        return
    waiting: list[_Piece] = []
    length = 0
    for line in piece.split("\n"):
        for number, part in enumerate(_fit(line.removesuffix("\r"), start, places)):
            if waiting and (number or length + len(part.text) + 1 > BLOCK_LIMIT):
                yield _together(waiting)
                waiting, length = [], 0
            waiting.append(part)
            length += len(part.text) + 1
        start += len(line) + 1
    yield _together(waiting)


def _together(pieces: Sequence[_Piece]) -> _Piece:
    """Return several lines as one block."""
    if len(pieces) == 1:
        return pieces[0]
    marks, origin, length = list[Mark](), array("q"), 0
    for piece in pieces:
        if length:
            origin.append(piece.start - 1)  # the line break before
        marks += [Mark(length + mark.start, mark.length) for mark in piece.marks]
        origin.extend(piece.sources)
        length += len(piece.text) + 1
    text = LINE_END.join(piece.text for piece in pieces)
    return _Piece(text, tuple(marks), origin, sum(piece.hidden for piece in pieces), pieces[0].start)


def _fit(piece: str, start: int, places: Places) -> Iterator[_Piece]:
    """Yield the piece with its marks, in halves as long as the marks make it longer than a block may be."""
    marked = _mark_piece(piece, start, places)
    if len(marked.text) <= BLOCK_LIMIT or len(piece) < 2:
        yield marked
        return
    middle = len(piece) // 2
    yield from _fit(piece[:middle], start, places)
    yield from _fit(piece[middle:], start + middle, places)


def hidden_places(piece: str) -> Iterator[tuple[int, int, str]]:
    """Yield where hidden characters stand in a piece and what their marks say; a run of tags is one place."""
    for match in _SUSPECT.finditer(piece):
        name = _hidden_name(piece, match.start())
        if name is not None:
            yield match.start(), match.end(), name


def _mark_piece(piece: str, start: int, places: Places) -> _Piece:
    parts, found, origin = list[str](), list[Mark](), array("q")
    length = hidden = done = 0
    for first, end, name in places(piece):
        mark = f"⟦{name}⟧"
        parts += (piece[done:first], mark)
        origin.extend(range(start + done, start + first))
        length += first - done
        found.append(Mark(length, len(mark)))
        length += len(mark)
        origin.extend([start + first] * len(mark))
        hidden += end - first
        done = end
    if not found:
        return _Piece(piece, (), range(start, start + len(piece)), 0, start)
    origin.extend(range(start + done, start + len(piece)))
    return _Piece("".join(parts) + piece[done:], tuple(found), origin, hidden, start)


def _tag_name(piece: str, index: int) -> str:
    match = _SUSPECT.match(piece, index)
    run = match.group() if match else ""
    letters = "".join(chr(ord(c) - _TAG_FIRST) for c in run if 0xE0020 <= ord(c) <= 0xE007E)
    return f"TAGS: {letters}" if letters else "TAGS"


def _hidden_name(piece: str, index: int) -> str | None:
    character = piece[index]
    code = ord(character)
    if _TAG_FIRST <= code <= _TAG_LAST:
        return _tag_name(piece, index)
    if index >= _MARKS_DRAWN and _HEAP.fullmatch(piece, index - _MARKS_DRAWN, index + 1):
        heap = _HEAP.match(piece, index)
        return f"{heap.end() - index if heap else 1} COMBINING"
    if code in _JOINERS and _joins_legitimately(piece, index):
        return None
    if code in _NAMES:
        return _NAMES[code]
    if 0xFE00 <= code <= 0xFE0F:
        ordinary = index > 0 and _takes_selector(piece[index - 1])
        return None if ordinary else f"VS{code - 0xFE00 + 1}"
    if 0xE0100 <= code <= 0xE01EF:
        return f"VS{code - 0xE0100 + 17}"
    if unicodedata.category(character) in HIDDEN_CATEGORIES:
        return f"U+{code:04X}"
    return None


def _joins_legitimately(piece: str, index: int) -> bool:
    if index == 0 or index + 1 >= len(piece):
        return False
    before, after = piece[index - 1], piece[index + 1]
    if piece[index] == "\u200d" and _is_pictograph(after):
        return _is_pictograph(before) or before == "\ufe0f"
    return _is_joining_letter(before) and _is_joining_letter(after)


def _is_joining_letter(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _JOINING_SCRIPTS)


def _is_pictograph(character: str) -> bool:
    code = ord(character)
    return 0x1F000 <= code <= 0x1FAFF or 0x2190 <= code <= 0x2BFF or 0x1F3FB <= code <= 0x1F3FF


def _takes_selector(character: str) -> bool:
    return _is_pictograph(character) or character in "0123456789#*©®‼⁉™ℹ〰〽㊗㊙" or "\u3000" <= character <= "\u9fff"


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs right to left, so that a row is aligned the way it is read."""
    return _direction(text) == "R"


def _direction(text: str) -> str:
    """Return `L` or `R` for the first letter that has a direction, "" if none has."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return "L" if direction == "L" else "R"
    return ""
