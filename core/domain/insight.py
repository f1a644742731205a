"""How good the judging is, as values: figures with their n and interval, and what they are made of.

It owns the words of measuring: what is compared, by what it is divided, and what a figure says. No arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.decisions import Cause

TOO_FEW = 10
"""A figure over fewer than this says so instead of showing a number: its interval would span most of the scale."""

REFERENCE = "import:"
"""How the reviewer of a label begins that came with its item: a reference to score people and model against."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, the n it stands on and its 95% interval. `value` is None where its denominator is zero."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there is a number worth showing."""
        return self.value is not None and self.n >= TOO_FEW

    def words(self, digits: int = 2) -> str:
        """Return the figure as a person reads it: `0.83 (0.71-0.91, n 48)`, or why there is none."""
        if self.value is None and self.n >= TOO_FEW:
            return f"not defined (n {self.n:,})"
        if not self.enough or self.value is None:
            return f"too few (n {self.n:,})"
        if self.low is None or self.high is None:
            return f"{self.value:.{digits}f} (n {self.n:,})"
        return f"{self.value:.{digits}f} ({self.low:.{digits}f}\u2013{self.high:.{digits}f}, n {self.n:,})"


class Dimension(StrEnum):
    """By what figures are divided. `label` is the human's, `clause` what either side named."""

    POLICY = "policy"
    VERSION = "version"
    LABEL = "label"
    CLAUSE = "clause"
    SOURCE = "source"
    LANGUAGE = "language"
    KIND = "kind"
    REVIEWER = "reviewer"
    REVIEW = "review"
    EFFORT = "effort"
    MODEL = "model"
    MONTH = "month"
    WEEK = "week"


class Cell(StrEnum):
    """Which of the compared items: a corner of the confusion matrix, or several.

    `flagged` by the model, `violating` by the human, `either` of them: what precision, recall and F1 stand on. Items
    that are `decided` need no verdict to be compared with, nor do `timed` ones, whose time is known.
    """

    ALL = "all"
    TRUE_POSITIVE = "true_positive"
    FALSE_POSITIVE = "false_positive"
    FALSE_NEGATIVE = "false_negative"
    TRUE_NEGATIVE = "true_negative"
    DISAGREEMENT = "disagreement"
    FLAGGED = "flagged"
    VIOLATING = "violating"
    EITHER = "either"
    DECIDED = "decided"
    TIMED = "timed"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A standing decision beside the parsed verdict it is compared with, without any content.

    `entry` is the queue entry. The model's fields are None where no verdict could be compared.
    """

    entry: int
    item_id: str
    policy_id: str
    version: int
    human_label: str
    human_violates: bool
    reviewer: str
    decided_at: datetime
    model_label: str | None = None
    model_violates: bool | None = None
    score: float | None = None
    blind: bool = False
    imported: bool = False
    cause: Cause | None = None
    rule_id: str | None = None
    rule_ids: tuple[str, ...] = ()
    source: str = ""
    language: str = ""
    kind: str = ""
    effort: str = ""
    model: str = ""
    seconds: float | None = None

    @property
    def compared(self) -> bool:
        """Whether there is a verdict to compare."""
        return self.model_label is not None and self.model_violates is not None

    @property
    def agrees(self) -> bool:
        """Whether both gave the same label on the same side."""
        return (self.human_label, self.human_violates) == (self.model_label, self.model_violates)


@dataclass(frozen=True, slots=True)
class Rating:
    """What one reviewer said last of one item under one policy version. `unit` names item and version.

    `entry` is the queue entry, 0 where it is not known.
    """

    unit: int
    reviewer: str
    label: str
    violates: bool
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one part of the compared decisions. Positive class: violates (of a label part: that label).

    `labels` counts (human label, model label); `seconds` is the median time on an item.
    """

    decided: int
    compared: int
    agreement: Estimate
    kappa: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    cells: Mapping[Cell, int]
    labels: Mapping[tuple[str, str], int]
    causes: Mapping[Cause, int]
    seconds: Estimate


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of one value of one dimension, `kim` of `reviewer` say."""

    dimension: Dimension
    value: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two shares lie apart: first minus second, with 95% interval and the p of a two-sided test."""

    first: Estimate
    second: Estimate
    difference: Estimate
    p: float | None
    test: str


@dataclass(frozen=True, slots=True)
class PolicyMeasures:
    """Everything measured under one policy, or over all: the whole, its parts, and blind against assisted.

    `blind_gap` is the agreement of assisted decisions less that of blind ones; labels that came in by import count
    as neither.
    """

    policy_id: str | None
    whole: Figures
    parts: tuple[Part, ...]
    blind_gap: Difference


@dataclass(frozen=True, slots=True)
class ReviewerPair:
    """Cohen's kappa and the share of equal labels of two reviewers over the items both decided."""

    first: str
    second: str
    kappa: Estimate
    agreement: Estimate


@dataclass(frozen=True, slots=True)
class GoldenScore:
    """How often one reviewer gave the label known to be right. Seen by a lead and the person alone.

    `hidden` of a hidden golden item, else of a label that came with the item.
    """

    reviewer: str
    score: Estimate
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ReviewerMeasures:
    """How far reviewers agree with each other. `alpha` is Krippendorff's, nominal; n are items decided by two or more.

    `golden_hidden` counts the scores this person may not see.
    """

    policy_id: str | None
    reviewers: tuple[str, ...]
    alpha: Estimate
    alpha_violates: Estimate
    pairs: tuple[ReviewerPair, ...]
    golden: tuple[GoldenScore, ...]
    golden_hidden: int = 0


@dataclass(frozen=True, slots=True)
class VersionDrift:
    """What changed from one policy version to the next. `flips` counts items both judged by (before, after).

    `flipped` is the share of them on which the model changed sides, `p` McNemar's exact test of one side winning.
    """

    policy_id: str
    before: int
    after: int
    agreement: Difference
    violating: Difference
    flips: Mapping[tuple[bool, bool], int]
    flipped: Estimate
    p: float | None


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of the reliability curve: mean score, and the share that violates."""

    low: float
    high: float
    mean_score: float
    violating: Estimate


@dataclass(frozen=True, slots=True)
class Threshold:
    """The score from which a target is met: what it gives on decided items, and how many open ones lie above it.

    `score` is None when no threshold meets the target.
    """

    target: str
    wanted: float
    score: float | None
    precision: Estimate
    recall: Estimate
    workload: int
    open_items: int


@dataclass(frozen=True, slots=True)
class CalibrationCurve:
    """How honest the scores are, raw or mapped. `method` is `raw`, `platt` or `isotonic`.

    `error` is the expected calibration error over equal-width bins; mapped scores are out of fold.
    """

    method: str
    error: Estimate
    brier: Estimate
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibration of one policy's scores on its decided items, and thresholds by target."""

    policy_id: str
    n: int
    auc: Estimate
    curves: tuple[CalibrationCurve, ...]
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """One layer of an audit stream: items the model passed or flagged with scores from `low` to `high`.

    `drawn` of its `size` items were sampled, of which `decided` are and `violating` do.
    """

    name: str
    flagged: bool
    size: int
    drawn: int
    decided: int = 0
    violating: int = 0


@dataclass(frozen=True, slots=True)
class AuditDraw:
    """One draw of the audit stream: which entries to look at, and from what they were drawn."""

    number: int
    policy_id: str
    drawn_at: datetime
    strata: tuple[Stratum, ...]
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditRecall:
    """Recall over everything the model judged, misses included, from an audit stream.

    `misses` estimates how many violating items the model passed; `pending` sampled items are not decided yet.
    `draw_of` is the number of the draw each of the `strata` belongs to.
    """

    policy_id: str
    draws: int
    strata: tuple[Stratum, ...]
    recall: Estimate
    precision: Estimate
    misses: Estimate
    pending: int = 0
    entries: tuple[int, ...] = field(default=())
    draw_of: tuple[int, ...] = ()
