"""The view that hides nothing: every character a reader cannot tell apart is spelled out by code point and name.

It owns what is spelled out besides hidden characters: letters of a second alphabet inside a word, heaps of combining
marks, blanks that are no plain space. It knows no Qt and never changes what is stored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from core.scripts import mixed_words, script_of
from ui.visible import VisibleText, hidden_places, visible_by

# More marks on one letter than any spelling needs (Vietnamese has two, pointed Hebrew three).
_HEAP = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}")
_BLANK = re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def make_revealed(raw: str) -> VisibleText:
    """Return `raw` with everything ambiguous spelled out, in the blocks of `make_visible`."""
    return visible_by(raw, _places)


def _places(piece: str) -> Iterator[tuple[int, int, str]]:
    found = [(start, end, _spelled(piece[start:end], name)) for start, end, name in hidden_places(piece)]
    found += [(m.start(), m.end(), f"{m.end() - m.start()} COMBINING") for m in _HEAP.finditer(piece)]
    found += [(m.start(), m.end(), _code(m.group())) for m in _BLANK.finditer(piece)]
    found += list(_foreign_letters(piece))
    done = 0
    for start, end, name in sorted(found):
        if start >= done:
            yield start, end, name
            done = end


def _foreign_letters(piece: str) -> Iterator[tuple[int, int, str]]:
    for word in mixed_words(piece):
        home = word.scripts[0]  # most of its letters are of this one; the others are what hides
        for index in range(word.start, word.end):
            script = script_of(piece[index])
            if script in word.scripts and script != home:
                yield index, index + 1, f"{piece[index]} {_code(piece[index])} {script}"


def _spelled(found: str, name: str) -> str:
    if len(found) > 1 or name.startswith(("U+", "TAGS")):
        return name
    return f"{_code(found)} {unicodedata.name(found, name)}"


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
