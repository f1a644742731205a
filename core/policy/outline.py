"""The outline of a policy's text: its parts, what each part is for, and which label it speaks of.

It owns where parts begin and end in the document, by heading of any level, line of capitals or level of a plain text.
It judges nothing: what is missing or wrong is for the linter to say. Lines are indexes into the canonical document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain import Label, PolicyVersion
from core.policy.labels import fold_name, label_names, strip_emphasis
from core.policy.levels import find_levels
from core.policy.plaintext import is_heading
from core.policy.structure import heading_level, heading_text, text_lines


class Role(StrEnum):
    """What a part of a policy is for."""

    INSTRUCTIONS = "instructions"
    DEFINITIONS = "definitions"
    VIOLATES = "violates"
    SAFE = "safe"
    EXAMPLES = "examples"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it. `line` is the heading's index, `end` that of the next part.

    `answer` is the code the heading names (a label's, or that of a level), "" for none; `label` is what it means.
    """

    name: str
    line: int
    end: int
    role: Role
    answer: str = ""
    label: Label | None = None


# Tried in this order: "Examples of what violates" holds examples, "Not allowed" is no safe part.
_ROLES = (
    (Role.EXAMPLES, re.compile(r"\bexamples?\b", re.IGNORECASE)),
    (Role.DEFINITIONS, re.compile(r"\b(?:definitions?|terms|glossary)\b", re.IGNORECASE)),
    (
        Role.VIOLATES,
        re.compile(
            r"\bviolat\w*|\binvalid\b|\bprohibited\b|\bdisallowed\b|\bforbidden\b|\bbanned\b|"
            r"\b(?:not|never) (?:allowed|permitted|acceptable|ok)\b|\bunsafe\b",
            re.IGNORECASE,
        ),
    ),
    (
        Role.SAFE,
        re.compile(
            r"\bsafe\b|\ballowed\b|\bvalid\b|\bpermitted\b|\bacceptable\b|\bexceptions?\b|\bexemptions?\b",
            re.IGNORECASE,
        ),
    ),
    (
        Role.INSTRUCTIONS,
        re.compile(
            r"\binstructions?\b|\bgoal\b|\btask\b|\bpurpose\b|\bscope\b|\bprocess\b|\bprocedure\b|\bprinciple\b",
            re.IGNORECASE,
        ),
    ),
)
_NEGATED = re.compile(r"\b(?:non|not|no|does not|do not)[- ](?=violat)", re.IGNORECASE)
_CODE = re.compile(r"[\w.+-]+")


def body_start(policy: PolicyVersion) -> int:
    """Return the index of the first line of the document that the model reads."""
    head = policy.document.removesuffix("\n")
    return head.count("\n") - policy.body.removesuffix("\n").count("\n")


def body_lines(policy: PolicyVersion) -> Iterator[tuple[int, str, bool]]:
    """Yield (index in the document, line, whether it is fenced) for each line of the body."""
    first = body_start(policy)
    for index, line, fenced in text_lines(policy.body.removesuffix("\n")):
        yield first + index, line, fenced


def find_parts(policy: PolicyVersion) -> tuple[Part, ...]:
    """Return the parts of the body in order; what stands above the first heading is a part without a name."""
    first = body_start(policy)
    lines = policy.document.split("\n")
    plain = policy.body == policy.document
    levels = {level.line: level.code for level in find_levels(lines)} if plain else {}
    starts = [
        index
        for index, line, fenced in body_lines(policy)
        if not fenced and (index in levels or heading_level(line) or (plain and is_heading(line)))
    ]
    if not starts or starts[0] > first:
        starts.insert(0, first - 1)  # what stands above the first heading has none of its own
    ends = [*starts[1:], len(lines)]
    return tuple(
        _part(policy, lines[start] if start >= first else "", start, end, levels.get(start, ""))
        for start, end in zip(starts, ends, strict=True)
    )


def _part(policy: PolicyVersion, line: str, start: int, end: int, level: str) -> Part:
    name = strip_emphasis(heading_text(line)).strip().rstrip(":")
    named = _named(policy.labels, name)
    label = next(iter(named.values())) if len({other.code for other in named.values()}) == 1 else None
    answer = level or (next(iter(named)) if label is not None else "")
    return Part(name, start, end, _role(name, label), answer, label)


def _named(labels: Sequence[Label], text: str) -> dict[str, Label]:
    """Return the labels whose code or alias stands in a heading as a word of its own, by what is written."""
    by_name = {name: label for label in labels for name in label_names(label) if not name.isdigit()}
    return {word: by_name[word] for word in _CODE.findall(text) if word in by_name}


def _role(name: str, label: Label | None) -> Role:
    if label is not None:
        return Role.VIOLATES if label.violates else Role.SAFE
    if _NEGATED.search(name):
        return Role.SAFE
    return next((role for role, pattern in _ROLES if pattern.search(name)), Role.OTHER)


def part_of(parts: Sequence[Part], line: int) -> Part:
    """Return the part a line of the body stands in."""
    return next(part for part in reversed(parts) if part.line <= line)


def mentions(label: Label, text: str) -> bool:
    """Tell whether a text names a label by code, alias or name."""
    folded = f" {fold_name(text)} "
    names = [fold_name(name) for name in (*label_names(label), label.name)]
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in names if name)
