"""The queue: states, orders, filters, rows and the whole of one review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.decisions import Cause, Decision
from core.domain.items import Item, ItemKind
from core.domain.oversight import NOTHING_HIDDEN, Hidden
from core.domain.policies import PolicyVersion
from core.domain.verdicts import Verdict, VerdictStatus


class EntryState(StrEnum):
    """Where a queue entry stands. `pending` waits for the model, `judged` for a human."""

    PENDING = "pending"
    JUDGED = "judged"
    SKIPPED = "skipped"
    ESCALATED = "escalated"
    DECIDED = "decided"


class QueueSort(StrEnum):
    """The orders the queue offers."""

    RISK = "risk"
    UNCERTAINTY = "uncertainty"
    AGE = "age"
    DISAGREEMENT = "disagreement"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which queue entries, in which order. Empty `states` means every state; None means no restriction.

    `label` is the one that stands: the human's, or the model's where nobody has decided. `reviewer` and `cause` are of
    the standing decision, `status` of the latest verdict, `source` of the import, `language` a lower-case tag.
    """

    states: tuple[EntryState, ...] = ()
    policy_id: str | None = None
    search: str = ""
    disagreements_only: bool = False
    sort: QueueSort = QueueSort.RISK
    label: str | None = None
    status: VerdictStatus | None = None
    source: str | None = None
    language: str | None = None
    reviewer: str | None = None
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter with a name, shared by all who work in the workspace."""

    name: str
    wanted: QueueFilter
    saved_by: str


@dataclass(frozen=True, slots=True)
class QueueFacets:
    """What there is to filter by, each in alphabetical order; cut where there are more than anyone would read."""

    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue: a review of one item under one policy. `excerpt` is at most 200 characters, one line.

    `key` names the queue entry. `policy_id` is "" while no policy has been chosen for the item. `hidden` says what
    is left out because this reviewer is to judge without it.
    """

    key: int
    item_id: str
    kind: ItemKind
    policy_id: str
    state: EntryState
    excerpt: str
    status: VerdictStatus | None
    verdict_label: str | None
    verdict_violates: bool | None
    score: float | None
    decision_label: str | None
    agrees: bool | None
    removed_at: datetime | None = None
    hidden: Hidden = NOTHING_HIDDEN


@dataclass(frozen=True, slots=True)
class Review:
    """Everything the desk shows for one queue entry. `history` holds all decisions, oldest first.

    `hidden` says what is left out because this reviewer is to judge without it.
    """

    key: int
    state: EntryState
    item: Item
    policy: PolicyVersion | None
    verdict: Verdict | None
    decision: Decision | None
    history: tuple[Decision, ...] = ()
    hidden: Hidden = NOTHING_HIDDEN


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many entries stand in each state, and how many decided ones disagree with the model."""

    by_state: Mapping[EntryState, int]
    disagreements: int

    @property
    def total(self) -> int:
        """All entries."""
        return sum(self.by_state.values())
