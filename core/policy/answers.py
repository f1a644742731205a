"""The answers a plain text policy asks for: words to choose from, fields with options, fields with a category.

It owns the reading of output instructions in plain text and which words stand for which side. It must not read outputs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from core.domain import Label
from core.policy.labels import fold_name

MAX_FIELDS = 40
MAX_CATEGORIES = 60

_WORD = r"[\"'\u201c]?([A-Z][A-Z0-9_-]{1,30}|[01])[\"'\u201d]?"
_GLOSS = r"(?:[ \t]{0,4}[(=:][^()\n]{0,60}\)?)?"
_CHOICE = re.compile(rf"{_WORD}{_GLOSS}[ \t]{{0,4}}(?:/|\||,?[ \t]{{1,4}}or\b)[ \t]{{0,4}}{_WORD}(?![\w])")
_ASKS = re.compile(r"\b(?:return|answer|respond|reply|output|classify|label|decide|print|write)\w*\b", re.IGNORECASE)
_STRICT = re.compile(
    r"\b(?:exactly|only)\b[^.\n]{0,40}\b(?:word|label|digit|number|one)\b|^Answer \(", re.IGNORECASE | re.MULTILINE
)
_JSON_VIOLATION = re.compile(
    r"[\"']violat(?:ion|es)[\"'][ \t]{0,4}:[ \t]{0,4}[<\[(]?[ \t]{0,4}(?:0|1|true|false)", re.IGNORECASE
)
_FIELD = re.compile(
    r"[ \t]*(?:[-*+\u2022][ \t]+)?(?P<name>[A-Z][A-Za-z /-]{1,40}):[ \t]{0,4}\[(?P<options>[^\]\n]{1,300})\][ \t]*"
)
_OPTION = re.compile(r"[A-Z][A-Z0-9_ -]{0,40}")
_LABEL_FIELD = re.compile(
    r"\b(?:label|verdict|class|classification|category|tier|level|rating|primary|outcome)\b", re.IGNORECASE
)
_ACTION_FIELD = re.compile(r"\b(?:decision|action|result|answer|status|policy)\b", re.IGNORECASE)
_CHECKLIST = re.compile(r"[ \t]*[-*+\u2022][ \t]+(?P<name>[A-Z][A-Za-z /-]{2,40}?)[ \t]*\([^)\n]*\)[ \t]*")
_LEVEL_LINE = re.compile(r"[ \t]*[-*+\u2022]?[ \t]*(?:Level|Severity|Tier)[ \t]+(?P<level>[0-4])[ \t]*:(?P<rest>.*)")

_SAFE = frozenset(
    re.findall(
        r"\S+",
        "0 no none safe valid allow allowed pass ok approve approved accept accepted keep benign clean compliant low "
        "medium moderate minimal false negative permitted",
    )
)
_VIOLATING = frozenset(
    re.findall(
        r"\S+",
        "1 yes unsafe invalid block blocked deny denied reject rejected remove removed violation violating violates "
        "flag flagged harmful high severe critical extreme true positive fail escalate prohibited disallowed",
    )
)
_SEVERITY = {"low": 1, "minimal": 1, "medium": 2, "moderate": 2, "high": 3, "severe": 4, "critical": 4, "extreme": 4}
_NAMES = {"VALID": "Does not violate", "INVALID": "Violates", "0": "Does not violate", "1": "Violates"}


@dataclass(frozen=True, slots=True)
class Word:
    """One of the answers to choose from."""

    text: str
    violates: bool

    @property
    def name(self) -> str:
        """The word as a reviewer reads it."""
        return _NAMES.get(self.text) or self.text.replace("_", " ").capitalize()


def asked_words(text: str) -> tuple[Word, ...]:
    """Return the words that the text asks the model to choose between, each with its side; empty when unsure."""
    if _JSON_VIOLATION.search(text):
        return Word("0", violates=False), Word("1", violates=True)
    for line in text.split("\n"):
        if _ASKS.search(line):
            for match in _CHOICE.finditer(line):
                words = _sided_pair(match.group(1), match.group(2))
                if words and {word.violates for word in words} == {True, False}:
                    return tuple(sorted(words, key=lambda word: word.violates))
    return ()


def _sided_pair(one: str, other: str) -> list[Word]:
    """Return two answer words with their sides, nothing when a side is unknown; of SPAM and NOT_SPAM one violates."""
    pair = {word: sided_word(word) for word in (one, other)}
    for word, opposite in ((one, other), (other, one)):
        if fold_name(opposite) in (f"not {fold_name(word)}", f"non {fold_name(word)}", f"no {fold_name(word)}"):
            pair[word] = Word(word, violates=True)
    known = [word for word in pair.values() if word is not None]
    return known if len(known) == 2 else []


def is_strict(text: str) -> bool:
    """Tell whether the text asks for a bare word and nothing else."""
    return _STRICT.search(text) is not None


def sided_word(word: str) -> Word | None:
    """Return an answer word with the side it stands for, None when the word does not show it."""
    folded = fold_name(word)
    if folded in _SAFE or folded in _VIOLATING:
        return Word(word, violates=folded in _VIOLATING)
    first, _, rest = folded.partition(" ")
    if rest and first in ("not", "non", "no"):
        return Word(word, violates=False)
    if first in ("allow", "permit", "approve"):
        return Word(word, violates=False)
    if first in ("require", "block", "deny", "escalate", "remove", "reject"):
        return Word(word, violates=True)
    return None


def field_labels(text: str) -> tuple[Label, ...]:
    """Return the labels of the field that carries the answer in the text's output form; empty when there is none.

    Aliases are written as the model prints them, `Risk Tier: LOW`: a value counts as an answer only in its field.
    """
    lines = text.split("\n")
    found = (match for line in lines if (match := _FIELD.fullmatch(line)))
    fields = [(match["name"].strip(), match["options"]) for match in islice(found, MAX_FIELDS)]
    categories = list(dict.fromkeys(_categories(lines)))
    for pattern in (_LABEL_FIELD, _ACTION_FIELD):
        for name, options in fields:
            if pattern.search(name):
                labels = _option_labels(name, options) or _category_labels(lines, name, fields, categories)
                if labels:
                    return labels
    return ()


def _option_labels(name: str, options: str) -> tuple[Label, ...]:
    parts = [part.strip() for part in re.split(r"[/|]|,|\bor\b", options)]
    words = [sided_word(part) for part in parts if _OPTION.fullmatch(part)]
    if len(words) != len(parts) or len(words) < 2 or None in words:
        return ()
    return tuple(
        Label(
            code=word.text,
            name=f"{name} {word.text.replace('_', ' ').lower()}",
            violates=word.violates,
            severity=_SEVERITY.get(fold_name(word.text), 2 if word.violates else 0),
            aliases=(f"{name}: {word.text}",),
        )
        for word in words
        if word is not None
    )


def _category_labels(
    lines: Sequence[str], name: str, fields: Sequence[tuple[str, str]], categories: Sequence[str]
) -> tuple[Label, ...]:
    """Return a label for each category of the text's checklist, and one for none of them."""
    if not 3 <= len(categories) <= MAX_CATEGORIES:
        return ()
    lists = [field for field, options in fields if field != name and "," in options and "..." in options]
    none = [f"{name}: None", *(f"{field}: {empty}" for field in lists for empty in ("None", "[]"))]
    labels = [Label("NONE", "No policy violated", violates=False, aliases=tuple(none))]
    for category in categories:
        code = fold_name(category).replace(" ", "-")
        severity = _listed_severity(lines, category)
        labels.append(Label(code, category, violates=True, severity=severity, aliases=(f"{name}: {code}",)))
    return tuple(labels)


def _categories(lines: Sequence[str]) -> Iterator[str]:
    """Yield the names of the longest run of `- Name (details)` lines."""
    best: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        match = _CHECKLIST.fullmatch(line)
        if match is not None:
            run.append(match["name"].strip())
            continue
        best = max(best, run, key=len)
        run = []
    yield from best


def _listed_severity(lines: Sequence[str], category: str) -> int:
    """Return the highest level whose line in the text's hierarchy names the category, 2 when none does."""
    folded = re.compile(rf"\b{re.escape(fold_name(category))}\b")
    found = [
        int(match["level"])
        for line in lines
        if (match := _LEVEL_LINE.fullmatch(line)) and folded.search(fold_name(match["rest"]))
    ]
    return max([level for level in found if level], default=2)
