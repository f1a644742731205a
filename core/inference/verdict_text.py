"""Reads the label out of a free text answer.

It owns what counts as an answer: the whole text, a field (`Classification: INVALID`), a line, a clear claim. It must
not guess: where two different labels could be meant, it returns none and says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from core.domain import Label, OutputForm, PolicyVersion
from core.policy.labels import find_label, fold_name, label_names, plain_dashes, settle, strip_emphasis

MAX_ANSWER_CHARS = 100_000
MAX_MENTIONS = 500
CONFLICT = "The answer names different labels: "
NO_LABEL = "The answer names no label of the policy."

_KEY = re.compile(
    r"\b(?:(?:my |the )?final )?(?:answer|classification|label|verdict|output|decision|result|category|code|judge?ment|"
    r"conclusion|rating|violation|violates)[ \t]{0,4}(?:\([^()\n]{0,80}\))?[ \t]{0,4}[:=]",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^(?:\s+|[>#*+\-\u2022]+[ \t]+|\d{1,2}[.)][ \t]+)+")
_DELIMITER = re.compile(
    r"[ \t]*[(\[\n]|[ \t]*[:;,.!](?=\s|$)|[ \t]+-+(?=[ \t])|[ \t]*(?:\+|->|\u2192|=>|\|)|"
    r"[ \t]+(?:because|since|due to|and escalat\w*)\b"
)
_QUOTES = "\"'`\u201c\u201d\u2018\u2019"
_HEDGED_BEFORE = re.compile(
    r"\b(?:not|never|neither|nor|no|cannot|without|unless|if|whether|would|could|should have|might|may|rather than|"
    r"instead of|than|over|versus|vs|between|either|unclear|unsure|ambiguous|normally|example|say(?:s|ing)?|said|"
    r"claim\w*|ask\w*|tells?|told|instruct\w*|want\w*|pretend\w*|demand\w*|includ\w*|contain\w*|quot\w*|writes?|wrote)\b"
    r"|n['\u2019]t\b",
    re.IGNORECASE,
)
_HEDGED_AFTER = re.compile(
    r"[\s,(:;-]*(?:\?|(?:but )?(?:only |even )?(?:if|unless|when|provided|assuming|depending|would|could|might|may)\b)",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"(?:\b(?:is|are|as|be|answer|label|classify|verdict|under|therefore|thus|so|hence|assign|choose|with)"
    r"|->|\u2192|=>|(?<![!<>])=)[\s\"'(\[:]*(?:(?:an?|the|label|code|category)[ \t]+)?[\"'(\[]*$",
    re.IGNORECASE,
)
_MORE_NUMBERS = re.compile(r"\A[ \t]*,|^\W{0,4}\d{1,3}\W{0,4}$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?;\n](?=\s|$)")
_BACK = 300
_HEAD = 160
"""How far a label is looked for from the start of a line, and how far back its sentence is read, in characters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from an answer. `problem` says in a sentence why there is no label."""

    label: Label | None
    problem: str = ""
    rationale: str = ""
    rule_ids: tuple[str, ...] = ()
    quotes: tuple[str, ...] = field(default=())


def conflict(labels: Iterable[Label]) -> str:
    """Return the sentence that says which different labels an answer names."""
    return CONFLICT + ", ".join(dict.fromkeys(label.code for label in labels)) + "."


def read_text(answer: str, policy: PolicyVersion) -> Reading:
    """Return what a free text answer says. The label is None where it names none, or several that differ."""
    if len(answer) > MAX_ANSWER_CHARS:
        return Reading(None, "The answer is too long to be one.")
    reader = _Reader(policy)
    text = reader.without_options(_without_quoted(_clean(answer)))
    if reader.names_too_many(text):
        return Reading(None, "The answer repeats labels too often to be one.")
    label = reader.value_label(text)
    if label is not None:
        return Reading(label)
    hits = reader.explicit(text)
    named = hits or [] if reader.fields else hits + list(reader.claims(text))
    label = settle(named)
    mentions = list(reader.open_mentions(text))
    if label is not None and (hits or settle(mentions) is not None):
        return Reading(label)
    named = named if settle(named) is None and named else mentions
    return Reading(None, NO_LABEL if len({label.code for label in named}) < 2 else conflict(named))


def value_label(value: str, policy: PolicyVersion) -> Label | None:
    """Return the label that the value of an answer field means, None when it is none or not one alone."""
    reader = _Reader(policy)
    text = reader.without_options(_clean(value))
    parts = reader.parts(text)
    return reader.value_label(text) or (settle(parts) if parts else None)


def explicit_labels(text: str, policy: PolicyVersion) -> list[Label]:
    """Return the labels that fields and lines of a text give as its answer."""
    reader = _Reader(policy)
    return reader.explicit(reader.without_options(_clean(text)))


def _clean(text: str) -> str:
    """Return the text without emphasis and invisible spaces, with plain dashes."""
    text = re.sub("[\u00a0\u2007\u202f]", " ", re.sub("[\u200b-\u200d\u2060\ufeff]", "", text))
    return strip_emphasis(plain_dashes(text)).strip()


def _without_quoted(text: str) -> str:
    """Return the text without block quotes: they repeat the content. An answer that is all quote stays."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
    return "\n".join(lines).strip() or text


class _Reader:
    """The names of one policy's labels and how they are found in a text that has been cleaned."""

    def __init__(self, policy: PolicyVersion) -> None:
        self.policy, self.labels = policy, _binary_names(policy)
        # Aliases of the form `Risk Tier: LOW` say that a label counts in that field only.
        self.fields = {
            fold_name(key)
            for label in self.labels
            for alias in label.aliases
            for key, found, value in [alias.partition(":")]
            if found and value.strip()
        }
        names = {plain_dashes(name) for label in self.labels for name in label_names(label)}
        words = sorted((name for name in names if not name.isdigit() and ":" not in name), key=len, reverse=True)
        self.by_name = {plain_dashes(name): label for label in self.labels for name in label_names(label)}
        any_name = "|".join(map(re.escape, words)) or r"(?!)"
        end = r"(?!-?\w|\.[a-z0-9]{1,3}\b)"
        self._mention = re.compile(rf"(?<![\w-])(?:{any_name}){end}")
        self._part = re.compile(rf"(?<![\w-])(?P<letter>[A-Z])-(?P<name>{any_name}){end}")
        self._list = re.compile(rf"[ \t]*(?:,|/|&|\+|\band\b|\bor\b)[ \t]*(?:{any_name}){end}", re.IGNORECASE)
        quoted = rf"[\"'\u201c(]?(?:{any_name}){end}[\"'\u201d)]?"
        self._options = re.compile(
            rf"(?<![\w-]){quoted}(?:,[ \t]*{quoted}){{0,20}}"
            rf"(?:,?[ \t]*(?:\bor\b|/|\||\bvs\b\.?)[ \t]*{quoted})+(?:[ \t]*\?)?"
        )

    def without_options(self, text: str) -> str:
        """Return the text without lists of labels to choose from: `VALID or INVALID` answers nothing."""
        return self._options.sub(" ", text)

    def names_too_many(self, text: str) -> bool:
        """Tell whether a text mentions labels more often than any answer does."""
        return next(islice(self._mention.finditer(text), MAX_MENTIONS, None), None) is not None

    def explicit(self, text: str) -> list[Label]:
        """Return the labels given as an answer: in the policy's own fields, else in any answer field or line."""
        lines = [line for line in text.split("\n") if line.strip()]
        if self.fields:
            own = [label for line in lines for label in self._own_field(line)]
            if own:
                return own
        hits = self.parts(text)
        following = False
        for line in lines:
            found, following = self._answers(line, after_key=following)
            hits += found
        return hits

    def parts(self, text: str) -> list[Label]:
        """Return what a label in parts means (`D-SP4, R-SP0`): the graver part, or all if a part is given twice."""
        parts: dict[str, dict[str, Label]] = {}
        for match in self._part.finditer(text):
            if match.group() not in self.by_name:
                label = self.by_name[match["name"]]
                parts.setdefault(match["letter"], {})[label.code] = label
        named = [label for labels in parts.values() for label in labels.values()]
        if any(len(labels) > 1 for labels in parts.values()):
            return named
        return [max(named, key=_gravity)] if named else []

    def _own_field(self, line: str) -> Iterator[Label]:
        """Yield the label of a line in one of the policy's own fields, all of them if the line lists several."""
        key, found, value = _BULLET.sub("", line).partition(":")
        if not found or fold_name(key) not in self.fields:
            return
        value = _unwrap(value) if value.strip() != "[]" else "[]"
        for end in _ends(value):
            label = find_label(self.labels, f"{_trim(key)}: {_trim(value[:end])}")
            if label is not None:
                yield label
                if self._list.match(value[end:]):
                    yield from self.open_mentions(value[end:])
                return

    def _answers(self, line: str, *, after_key: bool) -> tuple[list[Label], bool]:
        """Return the labels that a line gives, and whether it ends in a key whose value is on the next line."""
        keys = [match for match in _KEY.finditer(line) if not self._is_reported(line, match.start())]
        if not keys:
            label = self._line_label(line, alone=not after_key) or self._named_value(line)
            return ([label] if label else []), False
        starts = [match.start() for match in keys[1:]] + [len(line)]
        values = [line[match.end() : end] for match, end in zip(keys, starts, strict=True)]
        found = [label for value in values if (label := self.value_label(value))]
        return found, not _trim(values[-1])

    def _is_reported(self, line: str, start: int) -> bool:
        """Tell whether what stands at a place in a line is quoted or reported speech rather than the answer."""
        before = line[max(0, start - _BACK) : start]
        return before[-1:] in tuple(_QUOTES) or _HEDGED_BEFORE.search(_last_sentence(before)) is not None

    def _line_label(self, line: str, *, alone: bool) -> Label | None:
        # A number at the start of a line may be a list mark as well as an answer.
        return None if alone and _trim(line)[:1].isdigit() else self.value_label(line)

    def _named_value(self, line: str) -> Label | None:
        """Return the label that stands as the whole value of a field we have no name for: `Spam check: INVALID`."""
        key, found, value = _BULLET.sub("", line).partition(":")
        name = _unwrap(value)
        if self.fields or not found or len(key) > 40 or not name.isupper() or _HEDGED_BEFORE.search(key):
            return None
        return self.by_name.get(name)

    def value_label(self, value: str) -> Label | None:
        """Return the label that a stretch of text opens with and means, None when unsure."""
        text = _unwrap(_BULLET.sub("", value))
        whole = find_label(self.labels, text) or self._rule_label(text)
        if whole is not None:
            return whole
        for end in _ends(text):
            head, rest = _trim(text[:end]), text[end:]
            label = find_label(self.labels, head) or self._rule_label(head)
            if label is not None:
                unsure = _HEDGED_AFTER.match(rest) or (head.isdigit() and _MORE_NUMBERS.search(rest))
                return None if unsure else settle([label, *self.open_mentions(rest)])
        return None

    def _rule_label(self, text: str) -> Label | None:
        rule = self.policy.rule(text)
        return self.policy.label(rule.label) if rule is not None and rule.label else None

    def open_mentions(self, text: str) -> Iterator[Label]:
        """Yield the labels that a text mentions without a negation or a condition around them."""
        yield from (self.by_name[match.group()] for match in self._open(text))

    def claims(self, text: str) -> Iterator[Label]:
        """Yield the labels that a text claims: `is VALID`, `classified as INVALID`, `therefore: SP2`."""
        for match in self._open(text):
            if _CLAIM.search(text[max(0, match.start() - _BACK) : match.start()]):
                yield self.by_name[match.group()]

    def _open(self, text: str) -> Iterator[re.Match[str]]:
        for match in self._mention.finditer(text):
            sentence = _last_sentence(text[max(0, match.start() - _BACK) : match.start()])
            if not _HEDGED_BEFORE.search(sentence) and not _HEDGED_AFTER.match(text[match.end() : match.end() + 40]):
                yield match


def _binary_names(policy: PolicyVersion) -> tuple[Label, ...]:
    """Return the policy's labels; those of a binary policy answer to 0 and 1 as well."""
    taken = {name for label in policy.labels for name in label_names(label)}
    if policy.output is not OutputForm.BINARY or taken & {"0", "1"}:
        return policy.labels
    return tuple(replace(label, aliases=(*label.aliases, "1" if label.violates else "0")) for label in policy.labels)


def _ends(text: str) -> list[int]:
    """Return where a label at the start of a text may end, the furthest first."""
    ends = [match.start() for match in _DELIMITER.finditer(text[:_HEAD]) if match.start()]
    return [*([len(text)] if len(text) <= _HEAD else []), *reversed(ends)]


def _last_sentence(text: str) -> str:
    ends = list(_SENTENCE_END.finditer(text))
    return text[ends[-1].end() :] if ends else text


def _trim(text: str) -> str:
    """Return the text without quotes and symbols before it and quotes and stops after it."""
    text = text.strip().rstrip(_QUOTES + ".,;:!").strip()
    start = 0
    while start < len(text) and (text[start] in _QUOTES or unicodedata.category(text[start]) in ("So", "Mn", "Zs")):
        start += 1
    return text[start:].rstrip(_QUOTES)


def _unwrap(text: str) -> str:
    """Return the text without the quotes, brackets and stops around all of it."""
    text = _trim(text)
    while len(text) > 2 and text[0] + text[-1] in ("[]", "()", "<>", "{}") and text.count(text[0]) == 1:
        text = _trim(text[1:-1])
    return text


def _gravity(label: Label) -> tuple[bool, int]:
    return label.violates, label.severity


def is_bare(answer: str, policy: PolicyVersion) -> bool:
    """Tell whether an answer is a label and nothing else."""
    return find_label(policy.labels, _unwrap(_clean(answer))) is not None
