"""Intervals of shares and of what is a function of a share. It owns formulae only, light enough for every command.

All intervals are two-sided at 95%. Wilson: E. B. Wilson, JASA 22 (1927); unlike Wald's it holds for small n and for
shares near 0 and 1. Newcombe: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import comb, sqrt

from core.domain.insight import Estimate
from core.insight.agreement import Answer, cohen_kappa

Z = 1.959963984540054
"""The 97.5% point of the standard normal distribution."""


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return Wilson's interval of the share part / whole; `whole` above 0."""
    share = part / whole
    spread = 1 + Z * Z / whole
    middle = (share + Z * Z / (2 * whole)) / spread
    half = Z * sqrt(share * (1 - share) / whole + Z * Z / (4 * whole * whole)) / spread
    # At the ends rounding must not leave the scale, nor exclude the share itself.
    return (0.0 if part <= 0 else max(0.0, middle - half), 1.0 if part >= whole else min(1.0, middle + half))


def share_of(part: int, whole: int) -> Estimate:
    """Return the share part / whole with Wilson's interval."""
    return Estimate(part / whole, whole, *wilson(part, whole)) if whole else Estimate(None, 0)


def f1_of(true_positives: int, false_positives: int, false_negatives: int) -> Estimate:
    """Return F1 with an interval; n are the items that either side called a violation.

    F1 = 2J / (1 + J) where J = tp / (tp + fp + fn), the Jaccard index, is a share: its Wilson limits, mapped, are
    F1's.
    """
    union = true_positives + false_positives + false_negatives
    if not union:
        return Estimate(None, 0)
    low, high = (2 * share / (1 + share) for share in wilson(true_positives, union))
    return Estimate(2 * true_positives / (2 * true_positives + false_positives + false_negatives), union, low, high)


def kappa_of(counts: Mapping[tuple[Answer, Answer], int]) -> Estimate:
    """Return Cohen's kappa of counts by (first's answer, second's answer), with an interval.

    The interval is Wilson's of the observed agreement, mapped at the observed chance agreement, which Cohen's own
    standard error (1960) takes as fixed, too; unlike a bootstrap it does not collapse where both always agreed.
    """
    n = sum(counts.values())
    kappa = cohen_kappa(counts)
    if kappa is None:
        return Estimate(None, n)
    same = sum(count for (one, other), count in counts.items() if one == other)
    chance = _chance(counts, n)
    low, high = ((limit - chance) / (1 - chance) for limit in wilson(same, n))
    return Estimate(kappa, n, max(-1.0, low), high)


def _chance(counts: Mapping[tuple[Answer, Answer], int], n: int) -> float:
    """Return the agreement expected by chance."""
    first: Counter[Answer] = Counter()
    second: Counter[Answer] = Counter()
    for (one, other), count in counts.items():
        first[one] += count
        second[other] += count
    return sum(count * second[answer] for answer, count in first.items()) / n**2


def difference_of(first: Estimate, second: Estimate) -> Estimate:
    """Return the difference of two independent shares with Newcombe's interval; n is the smaller one's."""
    n = min(first.n, second.n)
    if first.value is None or second.value is None:
        return Estimate(None, n)
    low_1, high_1 = first.low or 0.0, 1.0 if first.high is None else first.high
    low_2, high_2 = second.low or 0.0, 1.0 if second.high is None else second.high
    gap = first.value - second.value
    below = sqrt((first.value - low_1) ** 2 + (high_2 - second.value) ** 2)
    above = sqrt((high_1 - first.value) ** 2 + (second.value - low_2) ** 2)
    return Estimate(gap, n, gap - below, gap + above)


def median_of(values: Sequence[float]) -> Estimate:
    """Return the median with the interval between two order statistics, which holds for any distribution.

    The ranks are those of the sign test (W. J. Conover, Practical Nonparametric Statistics, 1999, 3.2), by the normal
    approximation.
    """
    n = len(values)
    if not n:
        return Estimate(None, 0)
    ordered = sorted(values)
    half = n // 2
    middle = ordered[half] if n % 2 else (ordered[half - 1] + ordered[half]) / 2
    reach = Z * sqrt(n) / 2
    low = max(0, round(n / 2 - reach) - 1)
    high = min(n - 1, round(n / 2 + reach))
    return Estimate(middle, n, ordered[low], ordered[high])


def sign_test(first: int, second: int) -> float | None:
    """Return McNemar's exact two-sided p for two counts of discordant pairs, None when there are none.

    The binomial test at one half (Q. McNemar, Psychometrika 12, 1947, in its exact form).
    """
    n = first + second
    if not n:
        return None
    tail = sum(comb(n, k) for k in range(min(first, second) + 1))
    return min(1.0, float(2 * tail / 2**n))
