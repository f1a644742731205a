"""The bytes of a row as text that can be edited without losing any of them, and back.

It owns the marks: a byte that is no UTF-8 shows as ⟦xFF⟧, a character that cannot be seen, or that a text widget would
change, as ⟦U+200B⟧. What is left in place comes back as it was. It knows no Qt.
"""

from __future__ import annotations

import re

from ui.visible import hidden_places

MARK = re.compile("⟦(?:x([0-9A-F]{2})|U\\+([0-9A-F]{4,6}))⟧")
"""A mark: the byte or the code point it stands for, in hexadecimal."""

# Qt's text widgets turn a no-break space into a space and give meaning to some noncharacters; undecodable bytes and
# what opens a mark of its own stand for themselves.
_CHANGED = re.compile("[\xa0⟦\udc80-\udcff\ufdd0-\ufdef\ufffe\uffff]")
_PLACE = re.compile(r"at (character|byte) (\d{1,7})")


def spell(raw: bytes) -> str:
    """Return bytes as text in which everything shows; `unspell` gives the same bytes back."""
    return _spell(raw.decode("utf-8", "surrogateescape"))


def unspell(text: str) -> bytes:
    """Return the bytes that a text stands for; a mark that names nothing is text like any other."""
    parts, done = list[bytes](), 0
    for mark in MARK.finditer(text):
        meant = _meant(mark)
        if meant is not None:
            parts += (text[done : mark.start()].encode("utf-8", "replace"), meant)
            done = mark.end()
    return b"".join(parts) + text[done:].encode("utf-8", "replace")


def fault_place(reason: str, raw: bytes) -> int | None:
    """Return where in the spelled text a reason points to, None when it names no place."""
    found = _PLACE.search(reason)
    if found is None:
        return None
    before = int(found[2]) - 1
    if found[1] == "byte":
        return len(spell(raw[:before]))
    return len(_spell(raw.decode("utf-8", "surrogateescape")[:before]))


def _spell(text: str) -> str:
    hidden = {place for start, end, _ in hidden_places(text) for place in range(start, end)}
    hidden |= {found.start() for found in _CHANGED.finditer(text)}
    if not hidden:
        return text
    return "".join(_mark(each) if place in hidden else each for place, each in enumerate(text))


def _mark(character: str) -> str:
    code = ord(character)
    return f"⟦x{code - 0xDC00:02X}⟧" if 0xDC80 <= code <= 0xDCFF else f"⟦U+{code:04X}⟧"


def _meant(mark: re.Match[str]) -> bytes | None:
    if mark[1]:
        return bytes([int(mark[1], 16)])
    code = int(mark[2], 16)
    return None if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code).encode()
