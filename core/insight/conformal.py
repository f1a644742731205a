"""Which items may wait: a threshold below which at most a promised share of the violating items lies.

It owns the bound and its proof; it knows no classifier. The scores it is given must come from a model that saw none of
these items, and the items to come must be like them: a bound learnt on one kind of traffic says nothing of another.

Split conformal prediction for one class (V. Vovk, Conditional validity of inductive conformal predictors, ACML 2012):
below the k-th smallest of n exchangeable scores lies a Beta(k, n + 1 - k) share of all to come. The threshold takes
the largest k whose share exceeds the error with probability `risk` at most, so the promise holds for the threshold
that was drawn, not only on average over thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, log

from scipy.stats import beta

from core.domain.opinions import Guarantee
from core.errors import UsageError
from core.insight.intervals import share_of

RISK = 0.05
UNLIKELY = 0.5
"""What is called a sure negative is at least more likely harmless than not, however large an error is accepted."""


def labels_needed(error: float, risk: float = RISK) -> int:
    """Return how many held-out violating items the bound needs: below that not even the smallest score proves it."""
    return ceil(log(risk) / log(1 - error))


@lru_cache
def _rank(n: int, error: float, risk: float) -> int:
    """Return the largest k whose smallest-but-k of n scores keeps the error with probability 1 - risk."""
    rank = 1
    while rank < n and beta.sf(error, rank + 1, n - rank) <= risk:
        rank += 1
    return rank


def guarantee(scores: Sequence[float], violating: Sequence[bool], *, error: float, risk: float = RISK) -> Guarantee:
    """Return the threshold for a promised error on held-out scores, aligned with the truth; at most `UNLIKELY`.

    Raises:
        UsageError: the error is no share, or too few violating items were held out.
    """
    if not 0 < error < 1:
        raise UsageError("An error is a share between 0 and 1.", "Give 0.05 for one in twenty violating items.")
    found = sorted(score for score, side in zip(scores, violating, strict=True) if side)
    n = len(found)
    if n < labels_needed(error, risk):
        raise UsageError(
            f"{n} violating items were held out; to promise {error:g} takes {labels_needed(error, risk)}.",
            "Decide more items, or accept a larger error.",
            title="Not enough labels",
        )
    threshold = min(found[_rank(n, error, risk) - 1], UNLIKELY)
    below = sum(score < threshold for score in scores)
    return Guarantee(error, risk, threshold, n, share_of(below, len(scores)))
