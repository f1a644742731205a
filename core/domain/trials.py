"""How policies are tried before they are published: drafts, case sets, runs and what a run flips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.verdicts import VerdictStatus


class DraftOrigin(StrEnum):
    """Who wrote a draft: a person, or a model whose text no person has accepted yet."""

    PERSON = "person"
    MODEL = "model"


class Blind(StrEnum):
    """Which decisions to freeze: blind ones `first`, `only` blind ones, or `any`, oldest first."""

    FIRST = "first"
    ONLY = "only"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy text that is being worked on. Unlike a version it changes; nothing is ever judged for keeps by it.

    `base_hash` names the version it was begun from, "" for a policy that is new here.
    """

    name: str
    policy_id: str
    document: str
    base_hash: str
    origin: DraftOrigin
    author: str
    note: str
    created_at: datetime
    updated_at: datetime


class CaseSource(StrEnum):
    """Where the human label of a case comes from."""

    BLIND = "blind"
    ASSISTED = "assisted"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Case:
    """A frozen pair: an item and the label a human gave it under a policy. `rule_id` is the clause that decided."""

    item_id: str
    policy_id: str
    label: str
    violates: bool
    rule_id: str | None = None
    source: CaseSource = CaseSource.ASSISTED
    decision_key: int | None = None
    key: int = 0
    removed: bool = False


@dataclass(frozen=True, slots=True)
class CaseSet:
    """Cases to test policies on. A set may grow; no case of it ever changes.

    `cases` counts all, `violating` and `blind` some of them; `policies` are the ids they were decided under, sorted.
    """

    name: str
    note: str
    created_by: str
    created_at: datetime
    cases: int
    violating: int
    blind: int
    policies: tuple[str, ...]


class FlipKind(StrEnum):
    """What a draft does to a case.

    `fixed`: right now and not before. `newly_broken`: wrong now and right before. `unparsed`: no answer could be
    read now. `unchanged`: everything else.
    """

    FIXED = "fixed"
    NEWLY_BROKEN = "newly_broken"
    UNCHANGED = "unchanged"
    UNPARSED = "unparsed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of a case under one text: the part of a verdict that a comparison needs."""

    status: VerdictStatus
    label: str | None
    violates: bool | None
    rule_ids: tuple[str, ...] = ()
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Flip:
    """One case of a run: what was said before (None: nothing to compare with), what is said now, and who is right."""

    case: Case
    kind: FlipKind
    before: Answer | None
    after: Answer
    was_right: bool | None
    is_right: bool

    @property
    def lost(self) -> bool:
        """Whether the case was right and is not any more: newly broken, or no longer read."""
        return bool(self.was_right) and not self.is_right

    @property
    def clause(self) -> str:
        """The rule that decided: the human's, else the one cited now, else the one cited before, "" for none."""
        cited = [*self.after.rule_ids, *(self.before.rule_ids if self.before else ())]
        return self.case.rule_id or next(iter(cited), "")


@dataclass(frozen=True, slots=True)
class TrialRun:
    """A finished run of a text over a case set. `against_hash` is "" where there was nothing to compare with.

    `model` is the name of the model; of recorded verdicts the names that made them. `effort` is "" for these.
    `cases_sha256` names the state of the set: items, labels and rules.
    """

    policy_id: str
    draft_hash: str
    against_hash: str
    case_set: str
    cases_sha256: str
    model: str
    model_sha256: str
    effort: str
    fast: bool
    actor: str
    started_at: datetime
    finished_at: datetime
    flips: tuple[Flip, ...]
    key: int = 0

    def count(self, kind: FlipKind) -> int:
        """Return how many cases ended so."""
        return sum(flip.kind is kind for flip in self.flips)
