"""What differs between two texts of a policy: settings, labels, and clause by clause with the changed words.

It owns which clause of one text corresponds to which of the other. It judges neither.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain import Label, PolicyVersion
from core.policy.clauses import Clause, find_clauses

ALIKE = 0.5
"""Share of words two clauses without ids have in common, from which on one is taken for a rewording of the other."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MAX_WORDS = 4000
"""Words of a clause that are compared one by one; longer ones change as a whole."""


class Change(StrEnum):
    """What became of a clause. `moved` says that its words are the same in another place."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a clause's words; `kept` in both texts or only in this one."""

    text: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    """One row of a side-by-side view. `before_spans` and `after_spans` join to the two texts."""

    change: Change
    before: Clause | None
    after: Clause | None
    before_spans: tuple[Span, ...] = ()
    after_spans: tuple[Span, ...] = ()

    @property
    def clause(self) -> str:
        """The rule's id, else the heading it stands under."""
        side = self.after or self.before
        return (side.id or side.section) if side else ""


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A setting of the front matter, or a field of a label (`labels.SP2.name`). "" where a side has none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """Everything that differs, with the clauses that do not between, in order of the newer text."""

    before: PolicyVersion
    after: PolicyVersion
    fields: tuple[FieldDiff, ...]
    clauses: tuple[ClauseDiff, ...]

    @property
    def changed(self) -> tuple[ClauseDiff, ...]:
        """The clauses that are not the same."""
        return tuple(row for row in self.clauses if row.change is not Change.SAME)

    @property
    def empty(self) -> bool:
        """Whether nothing differs that has a meaning."""
        return not self.fields and not self.changed


def diff_policies(before: PolicyVersion, after: PolicyVersion) -> PolicyDiff:
    """Compare two texts clause by clause; a rule corresponds to the rule of its id wherever it stands."""
    fields = (*_settings(before, after), *_labels(before, after))
    return PolicyDiff(before, after, fields, tuple(_clauses(find_clauses(before), find_clauses(after))))


def _settings(before: PolicyVersion, after: PolicyVersion) -> Iterator[FieldDiff]:
    def values(policy: PolicyVersion) -> dict[str, str]:
        kinds = ", ".join(kind.value for kind in policy.applies_to)
        return {
            "id": policy.policy_id,
            "title": policy.title,
            "applies_to": kinds,
            "output": policy.output.value,
            "effort": policy.effort.value,
        }

    old, new = values(before), values(after)
    yield from (FieldDiff(name, old[name], new[name]) for name in old if old[name] != new[name])


def _labels(before: PolicyVersion, after: PolicyVersion) -> Iterator[FieldDiff]:
    def values(label: Label | None) -> dict[str, str]:
        if label is None:
            return {}
        return {
            "name": label.name,
            "violates": str(label.violates).lower(),
            "severity": str(label.severity),
            "escalate": str(label.escalate).lower(),
            "aliases": ", ".join(label.aliases),
        }

    for code in dict.fromkeys(label.code for label in (*before.labels, *after.labels)):
        old, new = before.label(code), after.label(code)
        if old is None or new is None:
            yield FieldDiff(f"labels.{code}", old.name if old else "", new.name if new else "")
            continue
        left, right = values(old), values(new)
        yield from (
            FieldDiff(f"labels.{code}.{name}", left[name], right[name]) for name in left if left[name] != right[name]
        )


def _clauses(before: Sequence[Clause], after: Sequence[Clause]) -> Iterator[ClauseDiff]:
    """Yield the rows in order of the newer text; what was taken out stands where it was."""
    left, right = _keys(before, after), _keys(after, before)
    elsewhere = dict(zip(left, before, strict=True))
    still_there = set(right)
    paired = set[object]()
    matcher = difflib.SequenceMatcher(a=left, b=right, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from map(_pair, before[i1:i2], after[j1:j2])
            continue
        old = [clause for key, clause in zip(left[i1:i2], before[i1:i2], strict=True) if key not in still_there]
        new = list(zip(right[j1:j2], after[j1:j2], strict=True))
        fresh = [clause for key, clause in new if key not in elsewhere]
        likely = dict(_reworded(old, fresh))
        gone = [clause for clause in old if id(clause) not in {id(other) for other in likely.values()}]
        yield from (ClauseDiff(Change.REMOVED, clause, None, (Span(clause.text, kept=False),)) for clause in gone)
        for key, clause in new:
            other = elsewhere.get(key)
            if other is not None and key not in paired:
                paired.add(key)
                yield _pair(other, clause, moved=True)
            elif clause in likely:
                yield _pair(likely[clause], clause)
            else:
                yield ClauseDiff(Change.ADDED, None, clause, (), (Span(clause.text, kept=False),))


def _keys(clauses: Sequence[Clause], others: Sequence[Clause]) -> list[tuple[str, str, int]]:
    """Return what a clause is recognised by: the id of a rule both texts have once, else its words, counted."""
    counts = [Counter(clause.id for clause in side) for side in (clauses, others)]
    seen: Counter[tuple[str, str]] = Counter()
    keys = []
    for clause in clauses:
        known = clause.id and all(count[clause.id] == 1 for count in counts)
        name = ("rule", clause.id) if known else ("text", clause.text)
        keys.append((*name, seen[name]))
        seen[name] += 1
    return keys


def _reworded(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Yield (new, old) where a clause without a counterpart is much like one, in order, each used once."""
    first = 0
    for clause in new:
        for index in range(first, len(old)):
            if bool(clause.level) == bool(old[index].level) and _likeness(old[index].text, clause.text) >= ALIKE:
                yield clause, old[index]
                first = index + 1
                break


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.split()[:MAX_WORDS], other.split()[:MAX_WORDS], autojunk=False).ratio()


def _pair(before: Clause, after: Clause, moved: bool = False) -> ClauseDiff:
    if before.text == after.text:
        span = (Span(after.text, kept=True),)
        return ClauseDiff(Change.MOVED if moved else Change.SAME, before, after, span, span)
    left, right = _words(before.text, after.text)
    return ClauseDiff(Change.CHANGED, before, after, left, right)


def _words(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return both texts in stretches, each kept or not; neighbours of one kind are one stretch."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MAX_WORDS:
        return (Span(before, kept=False),), (Span(after, kept=False),)
    left, right = list[Span](), list[Span]()
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for spans, words in ((left, old[i1:i2]), (right, new[j1:j2])):
            if words:
                spans.append(Span("".join(words), kept=tag == "equal"))
    return tuple(left), tuple(right)
