"""The levels of a plain text policy: `FR2 (INVALID) - Likely Violation`, what each is called and which answer it gives.

It owns how levels are recognised in plain text. It must not decide which labels a policy has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.policy.labels import strip_emphasis

MAX_LINE_CHARS = 500

_CODE = re.compile(r"(?<![\w-])(?P<prefix>[A-Z]{1,8})(?P<number>\d{1,2})(?![\w.])")
_HASHTAG = re.compile(r"\(#([A-Z]{1,8})\)")
_OPENS = re.compile(
    r"(?P<code>[A-Z]{1,8}\d{1,2})[ \t]*(?:\((?P<word>[A-Z]+)\))?[ \t]*[:\u2013\u2014-][ \t]*(?P<name>.+)"
)
_CLOSES = re.compile(
    r"(?P<name>[^()]{2,80}?)[ \t]*\((?P<code>[A-Z]{1,8}\d{1,2})[ \t]*[:\u2013\u2014-][ \t]*(?P<note>.+)\)"
)
_OUTPUT = re.compile(r"\W*Output:[ \t]*(?P<word>(?:IN)?VALID)\b(?P<rest>.*)")
_ESCALATE = re.compile(r"\bescalat", re.IGNORECASE)
_SAFE_NAME = re.compile(
    r"\b(?:non|not|no|un)[- ]?(?:violat\w*|spam\w*|dangerous|graphic|harm\w*)"
    r"|\b(?:safe|allowed|benign|acceptable|legitimate|informational)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level. `outcome` is the answer it gives (`VALID`, `INVALID` or ""); `line` is an index."""

    code: str
    number: int
    name: str
    outcome: str
    violates: bool
    escalate: bool
    text: str
    line: int


def find_levels(lines: Sequence[str]) -> list[Level]:
    """Return the levels a text lays out under headings, in order; nothing when fewer than two share a prefix."""
    plain = [_bare(line) if len(line) <= MAX_LINE_CHARS else "" for line in lines]
    prefixes = _prefixes(plain)
    heads: dict[str, tuple[int, re.Match[str]]] = {}
    for number, line in enumerate(plain):
        match = _OPENS.fullmatch(line) or _CLOSES.fullmatch(line)
        if match is not None and match["code"].rstrip("0123456789") in prefixes:
            heads.setdefault(match["code"], (number, match))
    if len(heads) < 2:
        return []
    starts = sorted(number for number, _ in heads.values())
    return [_level(match, number, plain[number + 1 : _end(plain, number, starts)]) for number, match in heads.values()]


def _bare(line: str) -> str:
    """Return a line without heading marks, list marks, emphasis and leading symbols."""
    return re.sub(r"^[^\w(\"\u201c]+", "", strip_emphasis(line)).strip()


def _prefixes(lines: Sequence[str]) -> set[str]:
    """Return the prefixes that codes of this text may have: its hashtag's, else any that two codes share."""
    tagged = {tag for line in lines[:5] for tag in _HASHTAG.findall(line)}
    if tagged:
        return tagged
    numbers: dict[str, set[str]] = {}
    for line in lines:
        for match in _CODE.finditer(line):
            numbers.setdefault(match["prefix"], set()).add(match["number"])
    return {prefix for prefix, found in numbers.items() if len(found) >= 2}


def _end(lines: Sequence[str], start: int, starts: Sequence[int]) -> int:
    """Return the index where a level ends: at the next level, else at its own Output line, else at the text's end."""
    following = next((number for number in starts if number > start), None)
    if following is not None:
        return following
    last = next((number for number in range(start + 1, len(lines)) if _OUTPUT.fullmatch(lines[number])), start)
    return last + 1


def _level(match: re.Match[str], number: int, lines: Sequence[str]) -> Level:
    named = match.groupdict()
    output = next((found for line in lines if (found := _OUTPUT.fullmatch(line))), None)
    outcome = named.get("word") or (output["word"] if output else "")
    name = " ".join(part for part in (match["name"].strip(), _note(named.get("note"))) if part)
    number_of = int(match["code"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    safe = outcome == "VALID" or (not outcome and (number_of == 0 or bool(_SAFE_NAME.search(name))))
    first = next((line for line in lines if line and not line.endswith(":") and not _OUTPUT.fullmatch(line)), "")
    return Level(
        code=match["code"],
        number=number_of,
        name=match["name"].strip(),
        outcome=outcome if outcome in ("VALID", "INVALID") else "",
        violates=not safe,
        escalate=bool(output and _ESCALATE.search(output["rest"])),
        text=f"{name}. {first}".strip() if first else name,
        line=number,
    )


def _note(note: str | None) -> str:
    return f"({note.strip()})" if note else ""
