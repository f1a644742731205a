"""Policies without front matter: what their labels, rules, sections, title and effort are, inferred from the text.

It owns that inference. The labels are the answers that the text asks the model for; where none can be made out it
refuses instead of inventing some. What it finds is meant to be shown to a person for confirmation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain import Effort, Label, Rule
from core.policy import answers
from core.policy.front_matter import refuse
from core.policy.labels import GENERIC_CODES, fold_name, shared_name, strip_emphasis
from core.policy.levels import Level, find_levels
from core.policy.structure import BULLET, heading_level, heading_text, join_sections, text_lines

_RULER = re.compile(r"[ \t]*[=\-_*]{3,}[ \t]*")
_EFFORT = re.compile(
    r"\b(low|medium|high) reasoning effort\b|\breasoning(?: effort)?: ?(low|medium|high)\b", re.IGNORECASE
)
_LEVEL_LABELS = re.compile(
    r"\b(?:each|every) (?:item|example|input|message|post)s? (?:gets?|receives?|has) \w+ labels?\b", re.IGNORECASE
)
_RULE = re.compile(
    rf"[ \t]*(?:{BULLET})?(?P<mark>\*\*|__|`)?(?P<id>(?P<code>[A-Z][A-Z-]{{0,7}}\d{{0,3}})\.[a-z0-9]{{1,4}})"
    r"(?:\*\*|__|`)?(?:[ \t]*[:.)\]\u2013\u2014-]+)?(?:[ \t]+|$)(?P<text>.*)"
)


@dataclass(frozen=True, slots=True)
class PlainPolicy:
    """What a plain text says about itself."""

    title: str
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    sections: dict[str, str]
    effort: Effort | None


def infer_policy(document: str) -> PlainPolicy:
    """Infer title, labels, rules, sections and effort of a canonical plain text.

    Raises:
        InputError: the text does not show which answers it asks for, or not which of them violate.
    """
    lines = document.split("\n")
    levels = find_levels(lines)
    labels = infer_labels(document, levels)
    effort = _EFFORT.search(document)
    sections, section_of = _sections(lines)
    return PlainPolicy(
        title=_title(lines),
        labels=labels,
        rules=_rules(lines, levels, labels, section_of),
        sections=sections,
        effort=Effort((effort.group(1) or effort.group(2)).lower()) if effort else None,
    )


def infer_labels(document: str, levels: Sequence[Level]) -> tuple[Label, ...]:
    """Return the answers the text asks for as labels.

    In this order: one word of a few (`VALID or INVALID`); a code for each level (`SP0` … `SP4`); a field with options
    or with a category from the text's list (`Risk Tier: [LOW / HIGH]`). Levels that are not asked for are aliases.

    Raises:
        InputError: none of these can be made out.
    """
    text = strip_emphasis(document)
    words = answers.asked_words(text)
    if levels and (_LEVEL_LABELS.search(text) or not words):
        labels = _level_labels(text, levels)
    elif words and answers.is_strict(text):
        labels = _word_labels(words, levels)
    else:
        labels = answers.field_labels(text) or (_word_labels(words, levels) if words else ())
    if {label.violates for label in labels} != {True, False} or shared_name(labels) is not None:
        raise refuse(
            1,
            "no front matter stands here, and the text does not show which answers it asks for.",
            "Write in it for example `Return exactly one word: VALID or INVALID.`, or put front matter above it.",
        )
    return labels


def _word_labels(words: Sequence[answers.Word], levels: Sequence[Level]) -> tuple[Label, ...]:
    """Return a label for each word; the codes of levels that answer with the word are its aliases."""
    labels = []
    for word in words:
        own = [level for level in levels if level.outcome == word.text]
        severity = min((level.number for level in own), default=2 if word.violates else 0)
        labels.append(
            Label(
                code=word.text,
                name=word.name,
                violates=word.violates,
                severity=max(1, min(4, severity)) if word.violates else 0,
                aliases=tuple(level.code for level in own),
            )
        )
    return tuple(labels)


def _level_labels(text: str, levels: Sequence[Level]) -> tuple[Label, ...]:
    """Return a label for each level, and INVALID for answers that give the side only, if the text allows them."""
    labels = [
        Label(
            code=level.code,
            name=level.name or level.code,
            violates=level.violates,
            severity=min(4, level.number) if level.violates else 0,
            escalate=level.escalate,
            aliases=_short_code(text, level),
        )
        for level in levels
    ]
    outcomes = {level.outcome for level in levels}
    labels = [_with_outcome(label, level, labels) for label, level in zip(labels, levels, strict=True)]
    for word, violates in (("VALID", False), ("INVALID", True)):
        side = [label for label in labels if label.violates == violates]
        if word in outcomes and len(side) > 1:
            name = "Violates, level not given" if violates else "Safe, level not given"
            labels.append(Label(word, name, violates, min(label.severity for label in side)))
    return tuple(labels)


def _with_outcome(label: Label, level: Level, labels: Sequence[Label]) -> Label:
    """Add the word the text tells the model to print for this level, where no other level prints the same."""
    side = [other for other in labels if other.violates == label.violates]
    names = list(label.aliases)
    if level.outcome and len(side) == 1:
        names.append(level.outcome)
    if level.outcome and level.escalate and sum(other.escalate for other in side) == 1:
        names.append(f"{level.outcome} + ESCALATE")
    return replace(label, aliases=tuple(names))


def _short_code(text: str, level: Level) -> tuple[str, ...]:
    """Return the shortened code of a level (`S4` for SP4) if the text's own two-part examples write it (`D-S4`)."""
    short = f"{level.code[0]}{level.number}"
    written = re.search(rf"\b[A-Z]-{re.escape(short)}\b", text)
    return (short,) if written and short != level.code else ()


def _title(lines: Sequence[str]) -> str:
    first = next((line for line in lines if any(mark.isalnum() for mark in line)), "")
    return strip_emphasis(heading_text(first)).strip()[:120] or "Policy"


def is_heading(line: str) -> bool:
    """Tell whether a line of a plain text is a heading: marked as one, or short, bare and in capitals."""
    level = heading_level(line)
    if level:
        return level <= 2
    words = strip_emphasis(line).strip().rstrip(":")
    letters = [mark for mark in words if mark.isalpha()]
    capitals = len(letters) >= 3 and all(mark.isupper() for mark in letters)
    bare = line[:1] not in (" ", "\t", "-", "*", "+", "|", '"') or line.startswith("**")
    return capitals and bare and len(words) <= 60 and words[-1:] not in ".!?" and words not in GENERIC_CODES


def _sections(lines: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the sections, and for each line the name of the section it stands in."""
    title = _title(lines)
    parts: list[tuple[str, list[str]]] = [(title, [])]
    section_of: list[str] = []
    for _, line, fenced in text_lines("\n".join(lines)):
        if not fenced and is_heading(line):
            name = strip_emphasis(heading_text(line)).strip().rstrip(":")
            parts.append((name, []))
        elif not _RULER.fullmatch(line) and not (len(parts) == 1 and _title([line]) == title):
            parts[-1][1].append(line)
        section_of.append(parts[-1][0])
    sections = join_sections(parts)
    if not sections.get(title, "-"):
        del sections[title]
    return sections, section_of


def _rules(
    lines: Sequence[str], levels: Sequence[Level], labels: Sequence[Label], section_of: Sequence[str]
) -> tuple[Rule, ...]:
    """Return clauses with ids of their own, and the levels that are not labels themselves, in order of the text."""
    by_name = {fold_name(name): label.code for label in labels for name in (label.code, *label.aliases)}
    found: list[tuple[int, Rule]] = [
        (level.line, Rule(level.code, level.text, by_name.get(fold_name(level.code)), section_of[level.line]))
        for level in levels
        if level.code not in {label.code for label in labels}
    ]
    for number, line in enumerate(lines):
        match = _RULE.fullmatch(line)
        if match is not None:
            words = match["text"].replace(match["mark"], "", 1) if match["mark"] else match["text"]
            owner = by_name.get(fold_name(match["code"]))
            found.append((number, Rule(match["id"], words.strip(), owner, section_of[number])))
    rules: dict[str, Rule] = {}
    for _, rule in sorted(found, key=lambda pair: pair[0]):
        rules.setdefault(rule.id, rule)
    return tuple(rules.values())
