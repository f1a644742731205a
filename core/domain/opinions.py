"""The second opinion as values: what was trained, how good it is, what it says, and what may wait for it.

It owns words and no arithmetic. A second opinion never decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.insight import Estimate


class Features(StrEnum):
    """What a second opinion reads of an item: its words, the vector an embedding model gives it, or both."""

    WORDS = "words"
    VECTORS = "vectors"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of a learning curve: the area under the ROC curve, out of fold, after so many labels."""

    labels: int
    auc: Estimate


@dataclass(frozen=True, slots=True)
class Contender:
    """One side of a head-to-head over the same items."""

    name: str
    agreement: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    auc: Estimate


@dataclass(frozen=True, slots=True)
class HeadToHead:
    """Safeguard model and second opinion on the same decided items, the latter out of fold.

    `only_model` items were right by the model alone, `only_opinion` by the second opinion alone; `p` is McNemar's.
    """

    blind: bool
    n: int
    model: Contender
    opinion: Contender
    only_model: int
    only_opinion: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A bound on how many violating items a threshold lets wait, proved on labels that were held out.

    With confidence 1 - `risk`, at most `error` of the violating items score below `threshold`. `calibrated_on` held-out
    violating items stand behind it; `waiting` is the share of held-out items below.
    """

    error: float
    risk: float
    threshold: float
    calibrated_on: int
    waiting: Estimate


@dataclass(frozen=True, slots=True)
class OpinionCard:
    """One version of a second opinion: what it learnt from and how good it is, out of fold. Holds no content.

    `policy_versions` are those the decisions were made under; `guarantee` is there when labels were held out for one.
    `reads` says what it learnt from, `embedding` and `embedding_sha256` which model gave the vectors, if any did.
    """

    policy_id: str
    version: int
    trained_by: str
    trained_at: datetime
    labels: int
    violating: int
    policy_versions: tuple[int, ...]
    features: int
    auc: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    curve: tuple[CurvePoint, ...]
    heads: tuple[HeadToHead, ...]
    guarantee: Guarantee | None = None
    has_model: bool = True
    reads: Features = Features.WORDS
    embedding: str = ""
    embedding_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase and its weight: above 0 it speaks for violating, below for safe."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scoring run did: so many entries got an opinion; so many of them wait, so many are the audit sample."""

    scored: int
    waiting: int
    audited: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Deferral:
    """That sure negatives wait behind the model's queue, as a lead set it.

    `sure` entries are below the threshold: `waiting` of them wait and `audited` do not, to measure the error.
    Of the audited ones `decided` are, `violating` do; `missed` is that share.
    """

    policy_id: str
    version: int
    guarantee: Guarantee
    audit_percent: int
    set_by: str
    set_at: datetime
    waiting: int = 0
    audited: int = 0
    decided: int = 0
    violating: int = 0
    missed: Estimate = field(default_factory=lambda: Estimate(None, 0))


@dataclass(frozen=True, slots=True)
class Useful:
    """One entry of "most useful next" and why: `uncertain`, `disputed`, `clause`, or `different`."""

    entry: int
    item_id: str
    usefulness: float
    reasons: tuple[str, ...]
