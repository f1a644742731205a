"""The tables. Rows of these classes never leave `core/store`; everything above sees the dataclasses of `core.domain`.

Times are ISO 8601 text in UTC with microseconds, so that they sort and hash the same everywhere. JSON is canonical
text. Tables in `APPEND_ONLY` are so by trigger; `REMOVABLE` is the one exception, for a purge.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

_APART: dict[str, Any] = {"sqlite_where": text("disagrees = 1"), "postgresql_where": text("disagrees = 1")}
"""Indexes over the few entries that disagree; they cost the others nothing."""


_BIG: Any = BigInteger().with_variant(Integer(), "sqlite")
"""A number beyond two thousand million: a file has 64 bits for any."""

_WAITING: dict[str, Any] = {"sqlite_where": text("waits > 0"), "postgresql_where": text("waits > 0")}


class ItemRow(SQLModel, table=True):
    """An item as imported."""

    __tablename__ = "item"
    __table_args__ = (Index("ix_item_content", "content_hash"), Index("ix_item_source", "source", "id"))

    id: int | None = Field(default=None, primary_key=True)
    item_id: str = Field(sa_column=Column(Text, unique=True, nullable=False))
    kind: str
    content: str = Field(sa_column=Column(Text, nullable=False))
    parent: str | None = Field(default=None, sa_column=Column(Text))
    messages: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    target: int | None = None
    meta: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    policy_id: str | None = None
    content_hash: str
    source: str = ""
    imported_at: str
    removed_at: str | None = None


class PolicyVersionRow(SQLModel, table=True):
    """One immutable version of a policy; `parsed` holds labels, rules and sections as JSON."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("policy_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)
    policy_id: str
    version: int
    title: str = Field(sa_column=Column(Text, nullable=False))
    document: str = Field(sa_column=Column(Text, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    parsed: str = Field(sa_column=Column(Text, nullable=False))
    output: str
    effort: str
    author: str = ""
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: str


class VerdictRow(SQLModel, table=True):
    """What a model said. Lists and settings are JSON."""

    __tablename__ = "verdict"
    __table_args__ = (
        Index("ix_verdict_item_policy", "item_key", "policy_id", "id"),
        Index("ix_verdict_policy_hash", "policy_hash", "item_key"),
        Index("ix_verdict_policy", "policy_id", "id"),
        Index("ix_verdict_status", "status", "id"),
        Index("ix_verdict_label", "label", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_key: int = Field(foreign_key="item.id")
    policy_id: str
    policy_hash: str = Field(foreign_key="policy_version.hash")
    status: str
    label: str | None = None
    violates: bool | None = None
    score: float | None = None
    rationale: str = Field(default="", sa_column=Column(Text, nullable=False))
    reasoning: str = Field(default="", sa_column=Column(Text, nullable=False))
    rule_ids: str = "[]"
    quotes: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    invented: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    model: str = ""
    model_sha256: str = ""
    prompt_sha256: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    effort: str | None = None
    raw_output: str = Field(default="", sa_column=Column(Text, nullable=False))
    detail: str = Field(default="", sa_column=Column(Text, nullable=False))
    label_mass: float | None = None
    reasoning_cut: bool = False
    rationale_cut: bool = False
    fast: bool = False
    settings: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    created_at: str


class DecisionRow(SQLModel, table=True):
    """What a human said. A change is a new row that supersedes."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_item_policy", "item_key", "policy_id", "id"),
        Index("ix_decision_policy", "policy_id", "id"),
        Index("ix_decision_label", "label", "id"),
        Index("ix_decision_reviewer", "reviewer", "id"),
        Index("ix_decision_cause", "cause", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_key: int = Field(foreign_key="item.id")
    policy_id: str
    policy_hash: str = Field(foreign_key="policy_version.hash")
    verdict_key: int | None = Field(default=None, foreign_key="verdict.id")
    label: str | None = None
    violates: bool | None = None
    agrees: bool | None = None
    cause: str | None = None
    rule_id: str | None = None
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    reviewer: str
    blind: bool = False
    seconds: float | None = None
    supersedes: int | None = Field(default=None, foreign_key="decision.id")
    withdrawn: bool = False
    imported: bool = False
    decided_at: str


class QueueEntryRow(SQLModel, table=True):
    """Where the review of one item under one policy stands, with what each sort needs. The only table that changes."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        UniqueConstraint("item_key", "policy_id"),
        Index("ix_entry_risk", text("risk DESC"), "id"),
        Index("ix_entry_uncertainty", text("uncertainty DESC"), "id"),
        Index("ix_entry_disagrees", text("disagrees DESC"), "id"),
        Index("ix_entry_verdict", "verdict_key", "id"),
        Index("ix_entry_decision", "decision_key", "id"),
        Index("ix_entry_policy", "policy_id", "id"),
        Index("ix_entry_policy_risk", "policy_id", text("risk DESC"), "id"),
        Index("ix_entry_policy_uncertainty", "policy_id", text("uncertainty DESC"), "id"),
        Index("ix_entry_policy_disagrees", "policy_id", text("disagrees DESC"), "id"),
        Index("ix_entry_state", "state", "id"),
        Index("ix_entry_state_risk", "state", text("risk DESC"), "id"),
        Index("ix_entry_state_uncertainty", "state", text("uncertainty DESC"), "id"),
        Index("ix_entry_state_disagrees", "state", text("disagrees DESC"), "id"),
        Index("ix_entry_policy_state", "policy_id", "state", "id"),
        Index("ix_entry_policy_state_risk", "policy_id", "state", text("risk DESC"), "id"),
        Index("ix_entry_policy_state_uncertainty", "policy_id", "state", text("uncertainty DESC"), "id"),
        Index("ix_entry_policy_state_disagrees", "policy_id", "state", text("disagrees DESC"), "id"),
        Index("ix_entry_apart_risk", "disagrees", text("risk DESC"), "id", **_APART),
        Index("ix_entry_apart_uncertainty", "disagrees", text("uncertainty DESC"), "id", **_APART),
        Index("ix_entry_apart_policy_risk", "disagrees", "policy_id", text("risk DESC"), "id", **_APART),
        Index("ix_entry_apart_policy_uncertainty", "disagrees", "policy_id", text("uncertainty DESC"), "id", **_APART),
        Index("ix_entry_expected", text("expected DESC"), "id"),
        Index("ix_entry_policy_expected", "policy_id", text("expected DESC"), "id"),
        Index("ix_entry_state_expected", "state", text("expected DESC"), "id"),
        Index("ix_entry_policy_state_expected", "policy_id", "state", text("expected DESC"), "id"),
        Index("ix_entry_apart_expected", "disagrees", text("expected DESC"), "id", **_APART),
        Index("ix_entry_apart_policy_expected", "disagrees", "policy_id", text("expected DESC"), "id", **_APART),
        Index("ix_entry_waits", "policy_id", "waits", "id", **_WAITING),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_key: int = Field(foreign_key="item.id")
    policy_id: str | None = None
    state: str = "pending"
    verdict_key: int | None = Field(default=None, foreign_key="verdict.id")
    decision_key: int | None = Field(default=None, foreign_key="decision.id")
    risk: float = -1.0
    uncertainty: float = -1.0
    disagrees: int = -1
    opinion: float = -1.0
    expected: float = -1.0
    waits: int = 0


class QueueCountRow(SQLModel, table=True):
    """How many entries stand in a state under a policy ("" for none); triggers keep it. `apart`: they disagree."""

    __tablename__ = "queue_count"

    policy_id: str = Field(primary_key=True)
    state: str = Field(primary_key=True)
    apart: bool = Field(primary_key=True)
    entries: int


class ItemLanguageRow(SQLModel, table=True):
    """The language tag of an item; no row where nothing is known."""

    __tablename__ = "item_language"
    __table_args__ = (Index("ix_item_language", "language", "item_key"),)

    item_key: int = Field(
        sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True, autoincrement=False, nullable=False)
    )
    language: str


class ItemThreadRow(SQLModel, table=True):
    """The conversation an item is of, as a hash; no row where none is known."""

    __tablename__ = "item_thread"
    __table_args__ = (Index("ix_item_thread", "thread", "item_key"),)

    item_key: int = Field(
        sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True, autoincrement=False, nullable=False)
    )
    thread: str


class SavedViewRow(SQLModel, table=True):
    """A filter of the queue with a name. `wanted` is JSON and may hold what somebody searched for."""

    __tablename__ = "saved_view"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    wanted: str = Field(sa_column=Column(Text, nullable=False))
    saved_by: str


class ClaimRow(SQLModel, table=True):
    """Who holds a queue entry until when. Changed freely: it proves nothing, so the audit chain has none of it."""

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_holder", "holder", "entry_key"),
        Index("ix_claim_session", "session", "entry_key"),
    )

    entry_key: int = Field(
        sa_column=Column(Integer, ForeignKey("queue_entry.id"), primary_key=True, autoincrement=False, nullable=False)
    )
    holder: str = Field(sa_column=Column(Text, nullable=False))
    session: str
    since: str
    until: str


class RemarkRow(SQLModel, table=True):
    """Why a reviewer skipped or escalated an item."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_item", "item_key", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    item_key: int = Field(foreign_key="item.id")
    reason: str = Field(sa_column=Column(Text, nullable=False))


class ItemGroupRow(SQLModel, table=True):
    """The group of near-duplicates an item is in, named by the key of its oldest member; alone, it is its own group.

    `sketch` are the band keys of the item's MinHash, by which later items find it.
    """

    __tablename__ = "item_group"
    __table_args__ = (Index("ix_item_group", "group_key", "item_key"),)

    item_key: int = Field(
        sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True, autoincrement=False, nullable=False)
    )
    group_key: int = Field(foreign_key="item.id")
    sketch: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class QuarantineRow(SQLModel, table=True):
    """A row of a file that was refused, as it stood there, until somebody mends or drops it.

    `plan` is JSON: how the file was read, so that the mended row is read in the same way. `whole` is false where only
    the start of a row that was too long is kept.
    """

    __tablename__ = "quarantine"
    __table_args__ = (Index("ix_quarantine_row", "raw_hash", "source", "line"),)

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(sa_column=Column(Text, nullable=False))
    line: int
    reason: str = Field(sa_column=Column(Text, nullable=False))
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    raw_hash: str
    whole: bool
    plan: str = Field(sa_column=Column(Text, nullable=False))
    at: str


class SenderRow(SQLModel, table=True):
    """A workspace whose sealed bundles are taken in, by its public signing key (hex), and the last one that was.

    `serial` is the size of the sender's audit chain then: an older bundle would take things back.
    """

    __tablename__ = "sender"

    public_key: str = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))
    trusted_by: str
    trusted_at: str
    serial: int = 0
    head: str = ""
    bundle: str = ""
    imported_at: str | None = None


class ColumnMapRow(SQLModel, table=True):
    """Which column a person said holds which field, by the hash of a table's column names. `fields` is JSON."""

    __tablename__ = "column_map"

    columns_hash: str = Field(primary_key=True)
    fields: str = Field(sa_column=Column(Text, nullable=False))


class ImportPlaceRow(SQLModel, table=True):
    """How far an import came that has not ended; `key` is a hash of the file and of how it is read."""

    __tablename__ = "import_place"

    key: str = Field(primary_key=True)
    offset: int = Field(sa_column=Column(BigInteger, nullable=False))
    line: int = Field(sa_column=Column(BigInteger, nullable=False))
    read: int = Field(sa_column=Column(BigInteger, nullable=False))
    first_key: int
    began: str


class IndependentRow(SQLModel, table=True):
    """What a reviewer said without sight of an earlier decision on the same entry; it supersedes nothing."""

    __tablename__ = "independent_decision"
    __table_args__ = (Index("ix_independent_entry", "entry_key", "reviewer", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    entry_key: int = Field(foreign_key="queue_entry.id")
    item_key: int = Field(foreign_key="item.id")
    policy_id: str
    policy_hash: str = Field(foreign_key="policy_version.hash")
    verdict_key: int | None = Field(default=None, foreign_key="verdict.id")
    label: str | None = None
    violates: bool | None = None
    agrees: bool | None = None
    cause: str | None = None
    rule_id: str | None = None
    remark: int | None = Field(default=None, foreign_key="remark.id")
    reviewer: str
    blind: bool = False
    seconds: float | None = None
    withdrawn: bool = False
    decided_at: str


class SecondReviewRow(SQLModel, table=True):
    """Where the second review of an entry stands. Kept in step with the decisions, like the queue."""

    __tablename__ = "second_review"
    __table_args__ = (Index("ix_second_review_state", "state", "entry_key"),)

    entry_key: int = Field(primary_key=True, foreign_key="queue_entry.id", sa_column_kwargs={"autoincrement": False})
    state: str
    first_key: int = Field(foreign_key="decision.id")
    first_reviewer: str
    second_key: int | None = Field(default=None, foreign_key="independent_decision.id")
    adjudicated_key: int | None = Field(default=None, foreign_key="decision.id")


class SkipRow(SQLModel, table=True):
    """Who put an entry aside for themselves."""

    __tablename__ = "skip"

    entry_key: int = Field(primary_key=True, foreign_key="queue_entry.id", sa_column_kwargs={"autoincrement": False})
    reviewer: str = Field(sa_column=Column(Text, primary_key=True))


class ReviewRulesRow(SQLModel, table=True):
    """How items are reviewed under a policy, where a lead has said so. Its history is in the audit chain."""

    __tablename__ = "review_rules"

    policy_id: str = Field(primary_key=True)
    blind_percent: int
    second_percent: int
    cause_when: str
    note_when: str
    set_by: str


class GoldenRow(SQLModel, table=True):
    """An item whose right label is known. Its history is in the audit chain."""

    __tablename__ = "golden"

    entry_key: int = Field(primary_key=True, foreign_key="queue_entry.id", sa_column_kwargs={"autoincrement": False})
    label: str
    added_by: str
    added_at: str
    after_decision: int
    after_independent: int


class OpinionRow(SQLModel, table=True):
    """One version of a second opinion. `card` is JSON without content; `model`, which has words, goes with a purge.

    `trial` is JSON: on which entries it was tried out of fold, and what came of it.
    """

    __tablename__ = "second_opinion"
    __table_args__ = (UniqueConstraint("policy_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    policy_id: str
    version: int
    card: str = Field(sa_column=Column(Text, nullable=False))
    model: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    model_sha256: str
    trial: str | None = Field(default=None, sa_column=Column(Text))


class EmbeddingRow(SQLModel, table=True):
    """The vector one model gave one content: float32, little-endian. It tells of the content, so a purge removes it."""

    __tablename__ = "embedding"

    content_hash: str = Field(primary_key=True)
    model_sha256: str = Field(primary_key=True)
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DeferralRow(SQLModel, table=True):
    """That sure negatives of a policy wait, as a lead set it. Its history is in the audit chain."""

    __tablename__ = "deferral"

    policy_id: str = Field(primary_key=True)
    version: int
    guarantee: str = Field(sa_column=Column(Text, nullable=False))
    audit_percent: int
    set_by: str
    set_at: str


class AuditDrawRow(SQLModel, table=True):
    """One draw of an audit stream. `strata` is JSON; `up_to` is the newest verdict it was drawn from."""

    __tablename__ = "audit_draw"
    __table_args__ = (Index("ix_audit_draw_policy", "policy_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    policy_id: str
    seed: int = Field(sa_type=_BIG)
    up_to: int
    strata: str = Field(sa_column=Column(Text, nullable=False))
    drawn_by: str
    drawn_at: str


class AuditSampleRow(SQLModel, table=True):
    """An entry that was drawn, from which layer of its draw, with the verdict it had then."""

    __tablename__ = "audit_sample"

    draw: int = Field(foreign_key="audit_draw.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_key: int = Field(foreign_key="queue_entry.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    layer: int


class PurgingRow(SQLModel, table=True):
    """The items a purge is at, within its transaction; empty at any other time. It opens the triggers for them."""

    __tablename__ = "purging"

    item_key: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})


class AuditRow(SQLModel, table=True):
    """One link of the audit chain. `payload` is the canonical JSON that was hashed."""

    __tablename__ = "audit_event"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    payload: str = Field(sa_column=Column(Text, nullable=False))
    hash: str = Field(unique=True)


class CheckpointRow(SQLModel, table=True):
    """A signed statement: the chain had `size` events and ended in `head`."""

    __tablename__ = "checkpoint"

    id: int | None = Field(default=None, primary_key=True)
    size: int
    head: str
    created_at: str
    signature: str


class SecretRow(SQLModel, table=True):
    """Values that belong to the workspace itself: its id and its signing key, protected by the file's encryption."""

    __tablename__ = "secret"

    name: str = Field(primary_key=True)
    value: str = Field(sa_column=Column(Text, nullable=False))


class MemberRow(SQLModel, table=True):
    """Who belongs to the workspace, in which role; `removed` keeps the name. Its history is in the audit chain."""

    __tablename__ = "member"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    role: str
    added_by: str
    added_at: str


class ModelFileRow(SQLModel, table=True):
    """The SHA-256 of a model file that was hashed before, so that 60 GB are not read at each start."""

    __tablename__ = "model_file"
    __table_args__ = (UniqueConstraint("path", "size_bytes", "mtime_ns"),)

    id: int | None = Field(default=None, primary_key=True)
    path: str = Field(sa_column=Column(Text, nullable=False))
    size_bytes: int = Field(sa_type=_BIG)
    mtime_ns: int = Field(sa_type=_BIG)
    sha256: str


class PolicyDraftRow(SQLModel, table=True):
    """A policy text that is being worked on; it changes and goes when it is published."""

    __tablename__ = "policy_draft"

    name: str = Field(sa_column=Column(Text, primary_key=True))
    policy_id: str
    document: str = Field(sa_column=Column(Text, nullable=False))
    base_hash: str = ""
    origin: str
    author: str
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_at: str
    updated_at: str


class CaseSetRow(SQLModel, table=True):
    """A named set of cases."""

    __tablename__ = "case_set"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    created_by: str
    created_at: str


class CaseRow(SQLModel, table=True):
    """One frozen pair of a set: an item and the label a human gave it under a policy."""

    __tablename__ = "case_entry"
    __table_args__ = (
        UniqueConstraint("set_key", "item_key", "policy_id"),
        Index("ix_case_policy", "set_key", "policy_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    set_key: int = Field(foreign_key="case_set.id")
    item_key: int = Field(foreign_key="item.id")
    policy_id: str
    label: str
    violates: bool
    rule_id: str | None = None
    source: str
    decision_key: int | None = Field(default=None, foreign_key="decision.id")
    added_by: str
    added_at: str


class TrialRunRow(SQLModel, table=True):
    """A finished run of a text over a case set; `flips` is JSON that names cases by key and holds no content."""

    __tablename__ = "trial_run"
    __table_args__ = (Index("ix_trial_policy", "policy_id", "id"), Index("ix_trial_draft", "draft_hash", "id"))

    id: int | None = Field(default=None, primary_key=True)
    policy_id: str
    draft_hash: str
    against_hash: str = ""
    set_key: int = Field(foreign_key="case_set.id")
    cases_sha256: str
    model: str
    model_sha256: str = ""
    effort: str = ""
    fast: bool = False
    actor: str
    started_at: str
    finished_at: str
    flips: str = Field(sa_column=Column(Text, nullable=False))


class TrialVerdictRow(SQLModel, table=True):
    """What a model said of an item under a text on trial: kept so that a run can go on, and gone with the content."""

    __tablename__ = "trial_verdict"
    __table_args__ = (
        UniqueConstraint("policy_hash", "item_key", "model_sha256", "model", "effort", "fast"),
        Index("ix_trial_verdict_item", "item_key", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_key: int = Field(foreign_key="item.id")
    policy_id: str
    policy_hash: str
    status: str
    label: str | None = None
    violates: bool | None = None
    score: float | None = None
    rationale: str = Field(default="", sa_column=Column(Text, nullable=False))
    reasoning: str = Field(default="", sa_column=Column(Text, nullable=False))
    rule_ids: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    quotes: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    invented: str = Field(default="[]", sa_column=Column(Text, nullable=False))
    model: str = ""
    model_sha256: str = ""
    prompt_sha256: str = ""
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    effort: str | None = None
    raw_output: str = Field(default="", sa_column=Column(Text, nullable=False))
    detail: str = Field(default="", sa_column=Column(Text, nullable=False))
    label_mass: float | None = None
    reasoning_cut: bool = False
    rationale_cut: bool = False
    fast: bool = False
    settings: str = Field(default="{}", sa_column=Column(Text, nullable=False))
    created_at: str


# The tables themselves, for statements: columns are `ITEM.c.content`.
METADATA = SQLModel.metadata
ITEM = METADATA.tables["item"]
POLICY_VERSION = METADATA.tables["policy_version"]
VERDICT = METADATA.tables["verdict"]
DECISION = METADATA.tables["decision"]
QUEUE_ENTRY = METADATA.tables["queue_entry"]
QUEUE_COUNT = METADATA.tables["queue_count"]
ITEM_LANGUAGE = METADATA.tables["item_language"]
ITEM_THREAD = METADATA.tables["item_thread"]
SAVED_VIEW = METADATA.tables["saved_view"]
CLAIM = METADATA.tables["claim"]
REMARK = METADATA.tables["remark"]
ITEM_GROUP = METADATA.tables["item_group"]
QUARANTINE = METADATA.tables["quarantine"]
SENDER = METADATA.tables["sender"]
COLUMN_MAP = METADATA.tables["column_map"]
IMPORT_PLACE = METADATA.tables["import_place"]
INDEPENDENT = METADATA.tables["independent_decision"]
SECOND_REVIEW = METADATA.tables["second_review"]
SKIP = METADATA.tables["skip"]
REVIEW_RULES = METADATA.tables["review_rules"]
GOLDEN = METADATA.tables["golden"]
OPINION = METADATA.tables["second_opinion"]
EMBEDDING = METADATA.tables["embedding"]
DEFERRAL = METADATA.tables["deferral"]
AUDIT_DRAW = METADATA.tables["audit_draw"]
AUDIT_SAMPLE = METADATA.tables["audit_sample"]
PURGING = METADATA.tables["purging"]
AUDIT_EVENT = METADATA.tables["audit_event"]
CHECKPOINT = METADATA.tables["checkpoint"]
SECRET = METADATA.tables["secret"]
MEMBER = METADATA.tables["member"]
MODEL_FILE = METADATA.tables["model_file"]
POLICY_DRAFT = METADATA.tables["policy_draft"]
CASE_SET = METADATA.tables["case_set"]
CASE = METADATA.tables["case_entry"]
TRIAL_RUN = METADATA.tables["trial_run"]
TRIAL_VERDICT = METADATA.tables["trial_verdict"]
APPEND_ONLY = {
    "item": ("item_id",),
    "policy_version": ("hash",),
    "verdict": (),
    "decision": (),
    "remark": (),
    "independent_decision": (),
    "audit_event": ("hash",),
    "checkpoint": (),
    "case_set": ("name",),
    "case_entry": (),
    "trial_run": (),
}
"""The tables that are never changed, each with its unique columns besides the key."""

REMOVABLE: dict[str, dict[str, str | None]] = {
    "item": {"content": "", "parent": None, "messages": "[]", "meta": "{}"},
    "verdict": {
        "rationale": "", "reasoning": "", "rule_ids": "[]", "quotes": "[]", "invented": "[]", "raw_output": "",
        "detail": "",
    },
    "decision": {"note": ""},
    "remark": {"reason": ""},
}  # fmt: skip
"""What a purge takes out of the append-only tables, and what stands there instead. Every other column stays."""
