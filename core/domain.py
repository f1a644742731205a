"""The words of Docket as frozen values: items, policies, verdicts, decisions and the rows of the queue.

It owns the vocabulary and nothing else: no database, no model, no files. Everything that crosses a boundary
(store to services, services to window, window to model process) is one of these or built of these.
Times are timezone-aware UTC datetimes; scores are probabilities from 0 to 1; durations are seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


def utc_now() -> datetime:
    """Return the present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


class ItemKind(StrEnum):
    """What is being reviewed."""

    MESSAGE = "message"
    REPLY = "reply"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation. Both fields are untrusted text."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to review. Immutable after import; every text in it is hostile until shown otherwise.

    `content` is the text under judgement: the message, the reply, or the target turn of a conversation.
    `messages` holds all turns of a conversation (empty otherwise) and `target` the index of the one judged.
    `policy` restricts the item to one policy; None lets any policy that applies to its kind judge it.
    `removed_at` says when its content was removed for good; then every text is empty and `removed_hash` is the hash
    of what was there.
    """

    id: str
    kind: ItemKind
    content: str
    parent: str | None = None
    messages: tuple[Turn, ...] = ()
    target: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    policy: str | None = None
    removed_at: datetime | None = None
    removed_hash: str = ""

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) over everything that is judged: kind, parent, turns, target and content; not id or metadata."""
        if self.removed_at is not None:
            return self.removed_hash
        digest = hashlib.sha256(b"docket-item-v1")
        parts = [self.kind.value, self.parent or "", str(self.target), self.content]
        for turn in self.messages:
            parts += [turn.role, turn.content]
        for part in parts:
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "big"))
            digest.update(raw)
        return digest.hexdigest()


class OutputForm(StrEnum):
    """What a policy asks the model to answer with."""

    BINARY = "binary"
    CATEGORY = "category"
    RATIONALE = "rationale"
    TEXT = "text"


class Effort(StrEnum):
    """How long the model may reason."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Label:
    """A code of a policy. `severity` runs from 0 (none) to 4 (gravest)."""

    code: str
    name: str
    violates: bool
    severity: int = 0
    escalate: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """An addressable clause of a policy: `SP2.a` and its text. `label` is the code the id starts with, if any."""

    id: str
    text: str
    label: str | None
    section: str


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One immutable version of a policy, named by the SHA-256 (hex) of its canonical document.

    `document` is the canonical text, front matter included; `body` is what the model reads. `sections` maps
    each first-level heading to its text, in document order. `version` counts from 1 within a workspace.
    """

    hash: str
    policy_id: str
    title: str
    document: str
    body: str
    labels: tuple[Label, ...]
    rules: tuple[Rule, ...]
    sections: Mapping[str, str]
    applies_to: tuple[ItemKind, ...]
    output: OutputForm
    effort: Effort
    version: int = 0
    author: str = ""
    note: str = ""
    created_at: datetime | None = None

    def label(self, code: str) -> Label | None:
        """Return the label with exactly this code, or None."""
        return next((label for label in self.labels if label.code == code), None)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule with exactly this id, or None."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


class VerdictStatus(StrEnum):
    """How a model run ended. Only `parsed` carries a label; every other status goes to a human."""

    PARSED = "parsed"
    UNPARSED = "unparsed"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model that judged. `sha256` is of the weights file (of the first part when split), "" for a server."""

    name: str
    sha256: str
    prompt_format: str
    source: str
    is_sample: bool = False
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class RawOutput:
    """What came out of a model for one item, before anyone interprets it.

    `output` is the final text, `reasoning` what came before it. `label_scores` maps label codes to probabilities
    normalised over the policy's labels (they sum to 1) when the engine read them from the logits, else it is empty;
    `label_mass` is the probability that fell on any label before normalising. `finish` is `stop`, `length`
    (output cut by a limit) or `error`. `reasoning_cut` and `rationale_cut` say that a budget ended that part.
    Content longer than the window is judged in `parts`; then `part_outputs` holds one output for each, in order.
    """

    output: str
    reasoning: str = ""
    finish: str = "stop"
    label_scores: Mapping[str, float] = field(default_factory=dict)
    label_mass: float | None = None
    reasoning_cut: bool = False
    rationale_cut: bool = False
    prompt_sha256: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    error: str = ""
    parts: int = 1
    part_outputs: tuple[RawOutput, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a model said of (item, policy version). `score` is the probability of violating, None when unknown.

    `quotes` are spans the model cited; `invented` lists the rule ids and quotes among them that the policy or the
    content does not hold. `settings` records what else shaped the run (temperature, seed, budget, engine).
    `fast` marks a first pass that read the label's score only, to order the queue; a full verdict follows it.
    """

    item_id: str
    policy_id: str
    policy_hash: str
    status: VerdictStatus
    label: str | None = None
    violates: bool | None = None
    score: float | None = None
    rationale: str = ""
    reasoning: str = ""
    rule_ids: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    model: str = ""
    model_sha256: str = ""
    prompt_sha256: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    effort: Effort | None = None
    raw_output: str = ""
    detail: str = ""
    label_mass: float | None = None
    reasoning_cut: bool = False
    rationale_cut: bool = False
    fast: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    key: int = 0


class Cause(StrEnum):
    """Why a reviewer overrode the model."""

    POLICY_GAP = "policy_gap"
    MODEL_MISREAD = "model_misread"
    MISSING_CONTEXT = "missing_context"
    BORDERLINE = "borderline"
    BAD_EXAMPLE = "bad_example"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a human said of (item, policy version). Append-only: a change is a new decision that supersedes.

    `label` is None only when `withdrawn`: the reviewer took the superseded decision back (undo) and none stands.
    `agrees` is None when no parsed verdict was there to agree with. `verdict_key` is the verdict it was made on.
    `imported` marks decisions that were brought in rather than made at this desk.
    """

    item_id: str
    policy_id: str
    policy_hash: str
    label: str | None
    violates: bool | None
    agrees: bool | None
    reviewer: str
    decided_at: datetime
    cause: Cause | None = None
    rule_id: str | None = None
    note: str = ""
    blind: bool = False
    seconds: float | None = None
    verdict_key: int | None = None
    supersedes: int | None = None
    withdrawn: bool = False
    imported: bool = False
    key: int = 0


class EntryState(StrEnum):
    """Where a queue entry stands. `pending` waits for the model, `judged` for a human."""

    PENDING = "pending"
    JUDGED = "judged"
    SKIPPED = "skipped"
    ESCALATED = "escalated"
    DECIDED = "decided"


class Role(StrEnum):
    """What a member of a workspace may do: a lead everything, a reviewer judge and decide, an auditor only read."""

    LEAD = "lead"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a workspace. `role` None: removed, kept so that a name is never free to be taken silently."""

    name: str
    role: Role | None
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class PurgePlan:
    """What a purge would remove: so many items, of which nobody decided so many."""

    items: int
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class PurgeSummary:
    """What a purge removed. `verdicts` and `notes` count the records that lost their texts.

    `compacted` says that the bytes are gone from the database files; it is False while another program reads them.
    `backups` counts files of this workspace that still hold the content, `notes_in_chain` audit events of older
    versions that hold a reviewer's note, which nothing can take out of the chain.
    """

    items: int
    verdicts: int
    notes: int
    compacted: bool
    backups: int = 0
    notes_in_chain: int = 0


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One link of the audit chain; `number` counts from 1. `details` is what the payload holds besides the rest."""

    number: int
    at: datetime
    kind: str
    actor: str
    details: Mapping[str, Any]
    hash: str


class QueueSort(StrEnum):
    """The orders the queue offers."""

    RISK = "risk"
    UNCERTAINTY = "uncertainty"
    AGE = "age"
    DISAGREEMENT = "disagreement"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which queue entries, in which order. Empty `states` means every state; None means no restriction."""

    states: tuple[EntryState, ...] = ()
    policy_id: str | None = None
    search: str = ""
    disagreements_only: bool = False
    sort: QueueSort = QueueSort.RISK


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of the queue: a review of one item under one policy. `excerpt` is at most 200 characters, one line.

    `key` names the queue entry. `policy_id` is "" while no policy has been chosen for the item.
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


@dataclass(frozen=True, slots=True)
class Review:
    """Everything the desk shows for one queue entry. `history` holds all decisions, oldest first."""

    key: int
    state: EntryState
    item: Item
    policy: PolicyVersion | None
    verdict: Verdict | None
    decision: Decision | None
    history: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many entries stand in each state, and how many decided ones disagree with the model."""

    by_state: Mapping[EntryState, int]
    disagreements: int

    @property
    def total(self) -> int:
        """All entries."""
        return sum(self.by_state.values())


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """An input line that was not stored. `line` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. `read` = `stored` + `duplicates` + rejected rows."""

    read: int
    stored: int
    duplicates: int
    rejected: tuple[RejectedRow, ...] = ()
    verdicts: int = 0
    decisions: int = 0


@dataclass(frozen=True, slots=True)
class ClassifySummary:
    """What a classification run did. `output_tokens` is the sum over the items of this run."""

    judged: int
    by_status: Mapping[VerdictStatus, int]
    seconds: float
    output_tokens: int
    model: ModelInfo
    cancelled: bool = False

    @property
    def items_per_s(self) -> float:
        """Items judged a second, 0.0 for an empty run."""
        return self.judged / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class PolicyStats:
    """Agreement of model and humans under one policy; positive class: violates.

    Decisions count once for each (item, policy), the standing one. Only parsed verdicts enter `agreement`, `kappa`,
    `precision`, `recall` and `f1`; each is None where its denominator is zero. `compared` is their n.
    """

    policy_id: str
    items: int
    judged: int
    decided: int
    compared: int
    agreement: float | None
    kappa: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    by_status: Mapping[VerdictStatus, int]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `verify` or `doctor`. `hint` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PromptToken:
    """One token of an exact prompt. `span` is `system`, `policy`, `content` or `scaffold`."""

    id: int
    text: str
    span: str
    control: bool


@dataclass(frozen=True, slots=True)
class PromptView:
    """The exact prompt the model reads: its text and its tokens, in order."""

    text: str
    tokens: tuple[PromptToken, ...]
    sha256: str
