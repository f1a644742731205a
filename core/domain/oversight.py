"""What a lead watches over: rules of review, blind and second reviews, golden items. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.decisions import Decision


class ReasonWhen(StrEnum):
    """When a decision needs a cause, or a note. `side` means that human and model differ on violates or not.

    `ask` is as `override`, but only the desk asks; files and commands may leave the reason out.
    """

    NEVER = "never"
    ASK = "ask"
    SIDE = "side"
    OVERRIDE = "override"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """How items are reviewed under one policy. Shares are whole percents, 0 to 100.

    `blind_percent` of the items hide their verdict until the label is committed, `second_percent` are reviewed by a
    second person. `set_by` is "" for the usual rules, which nobody has set.
    """

    policy_id: str
    blind_percent: int = 10
    second_percent: int = 0
    cause_when: ReasonWhen = ReasonWhen.ASK
    note_when: ReasonWhen = ReasonWhen.NEVER
    set_by: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a reviewer may not see of an entry yet: the model's verdict, what others decided."""

    verdict: bool = False
    decisions: bool = False


NOTHING_HIDDEN = Hidden()


class SecondState(StrEnum):
    """Where a second review stands. `differs` waits for a lead; `settled` is agreed or adjudicated."""

    WAITING = "waiting"
    DIFFERS = "differs"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class ItemReviews:
    """What was decided on an item beside its standing decisions: what travels along in a bundle.

    `independent` are the decisions made without sight of another, each reviewer's last one. `settled` are the first
    decisions of pairs that differed and that a lead has settled since; the standing decision is the settling one.
    """

    independent: tuple[Decision, ...] = ()
    settled: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondReview:
    """Two independent decisions on one entry. `second` is None while it waits; `adjudicated` says a lead settled it."""

    key: int
    state: SecondState
    first: Decision
    second: Decision | None = None
    adjudicated: bool = False


class Worklist(StrEnum):
    """Lists of entries that wait for this person in particular."""

    SECOND = "second"
    ADJUDICATE = "adjudicate"


@dataclass(frozen=True, slots=True)
class GoldenItem:
    """An item whose right label is known, hidden among the others."""

    item_id: str
    policy_id: str
    label: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class GoldenMark:
    """What a reviewer's first answer on one golden item, by queue entry, was: the right label or not."""

    entry: int
    policy_id: str
    reviewer: str
    right: bool


@dataclass(frozen=True, slots=True)
class GoldenScore:
    """How a reviewer did on the golden items of a policy: so many decided, so many of them right."""

    reviewer: str
    policy_id: str
    decided: int
    right: int


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What deciding a selection did: the decisions, in the order of the keys, and what was left out and why."""

    decisions: tuple[Decision, ...]
    left: tuple[tuple[int, str], ...] = ()
