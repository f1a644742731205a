"""What humans say: decisions and their causes. Append-only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
