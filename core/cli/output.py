"""What leaves the command line: one JSON document or aligned plain text on standard output, all else on standard error.

It owns strict JSON and the rule that no character of content can steer a terminal. It knows no command.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_HALF_PAIRS = re.compile("[\ud800-\udfff]")
# Escaped in JSON although it need not be: C1 controls steer some terminals, the others end lines for some readers.
_ESCAPED = re.compile("[\u007f-\u009f\u2028\u2029]")
_GAP = "  "


def to_json(document: Mapping[str, Any]) -> str:
    """Return a document as one line of strict JSON that is always valid UTF-8 (half a surrogate pair becomes U+FFFD).

    Raises:
        ValueError: a number is not finite.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    text = _HALF_PAIRS.sub("\ufffd", text)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def visible(text: str, *, keep: str = "") -> str:
    r"""Return text with control, format and surrogate characters, but those in `keep`, written like `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _mark(character) if character not in keep and unicodedata.category(character) in _INVISIBLE else character
        for character in text
    )


def _mark(character: str) -> str:
    number = ord(character)
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    return short or (
        f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
    )


def columns_of(text: str) -> int:
    """Return how many terminal columns a text takes that holds no control characters."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def shorten(text: str, columns: int) -> str:
    """Return a text cut to a number of columns, the cut marked by an ellipsis."""
    if columns_of(text) <= columns:
        return text
    kept: list[str] = []
    room = columns - 1
    for character in text:
        room -= columns_of(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept) + "…"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()) -> Iterator[str]:
    """Yield the lines of a table: a header, then the rows; columns `right` are right-aligned, None is `-`.

    The last column is cut to the terminal's width, and left whole when standard output is not a terminal.
    """
    cells = [[visible("-" if value is None else str(value)) for value in row] for row in rows]
    widths = [max(columns_of(line[index]) for line in [list(headers), *cells]) for index in range(len(headers))]
    to_right = set(right)
    last = len(headers) - 1
    room = None
    if sys.stdout.isatty():
        room = max(10, shutil.get_terminal_size().columns - sum(widths[:last]) - len(_GAP) * last)
    for line in [list(headers), *cells]:
        if room is not None:
            line[last] = shorten(line[last], room)
        yield _GAP.join(_pad(text, widths[i], i in to_right, i == last) for i, text in enumerate(line)).rstrip()


def _pad(text: str, width: int, right: bool, last: bool) -> str:
    space = " " * (width - columns_of(text))
    return space + text if right else text if last else text + space


def pairs(values: Mapping[str, object]) -> Iterator[str]:
    """Yield `name  value` lines with the values aligned; None is `-`."""
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        yield f"{name.ljust(width)}{_GAP}{visible('-' if value is None else str(value))}"


def print_document(document: Mapping[str, Any]) -> None:
    """Print a document on standard output, and hand it over at once."""
    sys.stdout.write(to_json(document) + "\n")
    sys.stdout.flush()


def print_lines(lines: Iterable[str]) -> None:
    """Print lines that are already fit for a terminal on standard output."""
    for line in lines:
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Print one line of news on standard error."""
    sys.stderr.write(visible(text) + "\n")
    sys.stderr.flush()
