"""The figures of a run: how good a text is on a case set, and whether another is better. No arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.domain.insight import Estimate
from core.domain.verdicts import VerdictStatus


@dataclass(frozen=True, slots=True)
class Figures:
    """How one text does on the cases whose answer could be read (`n` of `cases`). Positive class: violates.

    `right` is the share of all cases that were answered as the human did, in label and side, unread ones included.
    Costs are sums over all cases.
    """

    cases: int
    n: int
    right: Estimate
    agreement: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    kappa: Estimate
    by_status: Mapping[VerdictStatus, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """Draft minus the other text, on the cases read under both, each resampled with both of its answers."""

    n: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    kappa: Estimate


@dataclass(frozen=True, slots=True)
class McNemar:
    """The exact test whether two texts are right equally often: `fixed` and `broken` count the cases that changed.

    `p` is two-sided. Q. McNemar, Psychometrika 12 (1947); exact form: a binomial test of the changed cases at 1/2.
    """

    fixed: int
    broken: int
    p: float


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """One label against all others, over the cases that were read. `support` counts the human's."""

    label: str
    support: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class ClauseFigures:
    """What became of the cases that turn on one clause ("" for none); `before` is None where nothing was compared."""

    clause: str
    cases: int
    right: int
    before: int | None
    fixed: int
    broken: int
    unparsed: int
    output_tokens: int
    seconds: float
