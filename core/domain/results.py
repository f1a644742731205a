"""What the verbs return: summaries of imports and runs, figures, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.insight import Estimate
from core.domain.verdicts import ModelInfo, VerdictStatus


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
    `precision`, `recall` and `f1`; each is None where its denominator is zero. `compared` is their n. `estimates` holds
    the same figures by name, each with its own n and interval.
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
    estimates: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `verify` or `doctor`. `hint` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    hint: str = ""
