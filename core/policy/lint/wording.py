"""The words of a policy: those that leave the line to the reader, and characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from core.policy.lint.findings import Finding
from core.policy.lint.text import Text

_VAGUE = re.compile(
    r"(?<![\w-])(?:inappropriate(?:ly)?|(?<!age )appropriate(?:ly)?|generally|usually|typically|normally|sometimes|"
    r"(?<!how )(?<!as )often|etc\b\.?|and so on|and the like|reasonabl[ey]|unreasonabl[ey]|excessive(?:ly)?|"
    r"offensive|bad(?! faith)|harmful(?:ly)?|unacceptable|problematic|questionable|somewhat|too much|"
    r"too many)(?![\w-])",
    re.IGNORECASE,
)
# England's flag and its like: a black flag spelled out in tag characters. Anything else that is invisible is told.
_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{1,12}\U000e007f")
_JOINER = "\u200d"


def check_wording(text: Text) -> Iterator[Finding]:
    """Yield P301 once for each word and P302 once for each line."""
    yield from _vague(text)
    yield from _hidden(text)


def _vague(text: Text) -> Iterator[Finding]:
    places: dict[str, list[tuple[int, int]]] = {}
    for index, line in text.prose():
        for match in _VAGUE.finditer(line):
            places.setdefault(match.group().casefold().rstrip("."), []).append((index, match.start()))
    for word, found in places.items():
        (index, column), others = found[0], [str(line + 1) for line, _ in found[1:]]
        also = f" Also on line {', '.join(others)}." if others else ""
        reason = f"`{word}` leaves the line to the reader: say what counts.{also}"
        yield text.warn("P301", index, reason, column=column)


def _hidden(text: Text) -> Iterator[Finding]:
    for index, line in text.lines():
        shown = _FLAG.sub(lambda flag: " " * len(flag.group()), line)
        found = [
            column
            for column, mark in enumerate(shown)
            if unicodedata.category(mark) in ("Cf", "Cc")
            and mark != "\t"
            and not (mark == _JOINER and _joins_symbols(shown, column))
        ]
        if found:
            count = "a character" if len(found) == 1 else f"{len(found)} characters"
            reason = f"The line holds {count} that nobody sees but the model reads."
            yield text.warn("P302", index, reason, column=found[0])


def _joins_symbols(line: str, column: int) -> bool:
    before = line[:column].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[-1:]
    return all(mark and unicodedata.category(mark) == "So" for mark in (before, line[column + 1 : column + 2]))
