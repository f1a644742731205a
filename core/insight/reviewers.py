"""How far reviewers agree with each other, and with reference labels.

It owns which ratings are set side by side, and the arithmetic of alpha: the library for it may not travel with Docket
(docs/adr), so the tests hold ours against it. It reads no database.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.domain.insight import REFERENCE, Estimate, GoldenScore, Rating, ReviewerPair
from core.insight.intervals import kappa_of, share_of

RESAMPLES = 400
SEED = 20261124
"""Fixed, so that the same decisions give the same interval."""


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> Estimate:
    """Return Krippendorff's alpha (nominal) of units, each the answers it got, in any order; n counts the units.

    Units with one answer say nothing and are left out. The interval is a percentile bootstrap over units. None where
    every answer is one and the same.
    """
    pairable = [unit for unit in units if len(unit) > 1]
    answers = sorted({answer for unit in pairable for answer in unit}, key=str)
    if len(answers) < 2:
        return Estimate(None, len(pairable))
    column = {answer: number for number, answer in enumerate(answers)}
    counts = np.zeros((len(pairable), len(answers)), dtype=np.int64)
    for row, unit in enumerate(pairable):
        for answer in unit:
            counts[row, column[answer]] += 1
    value = nominal_alpha(counts)
    random = np.random.default_rng(SEED)
    drawn: list[float] = []
    for _ in range(RESAMPLES):
        sample = counts[random.integers(0, len(counts), len(counts))]
        if np.count_nonzero(sample.sum(axis=0)) > 1:
            drawn.append(nominal_alpha(sample))
    if not drawn:
        return Estimate(value, len(pairable))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(value, len(pairable), float(low), float(high))


def nominal_alpha(counts: NDArray[np.int64]) -> float:
    """Return alpha for nominal answers from counts (units by answers): 1 minus observed over expected disagreement.

    Units with fewer than two answers say nothing; at least two different answers must remain. Source: Krippendorff,
    Computing Krippendorff's Alpha-Reliability (2011), by the matrix of coincidences.
    """
    pairable = counts[counts.sum(axis=1) > 1].astype(np.float64)
    answers = pairable.sum(axis=1)
    totals = pairable.sum(axis=0)
    same = (pairable * (pairable - 1)).sum(axis=1) / (answers - 1)
    observed = totals.sum() - same.sum()
    expected = (totals.sum() ** 2 - (totals**2).sum()) / (totals.sum() - 1)
    return float(1 - observed / expected)


def alpha_of(ratings: Iterable[Rating], *, sides: bool = False) -> Estimate:
    """Return alpha between reviewers over labels, or over sides; reference labels do not count as a reviewer."""
    units: dict[int, list[Hashable]] = defaultdict(list)
    for rating in ratings:
        if not rating.reviewer.startswith(REFERENCE):
            units[rating.unit].append(rating.violates if sides else rating.label)
    return krippendorff_alpha(units.values())


def pair_reviewers(ratings: Iterable[Rating]) -> list[ReviewerPair]:
    """Return the agreement of every two reviewers who share an item, by name; labels are compared."""
    said: dict[str, dict[int, str]] = defaultdict(dict)
    for rating in ratings:
        if not rating.reviewer.startswith(REFERENCE):
            said[rating.reviewer][rating.unit] = rating.label
    return [pair for one, other in combinations(sorted(said), 2) if (pair := _pair(one, other, said[one], said[other]))]


def _pair(one: str, other: str, first: Mapping[int, str], second: Mapping[int, str]) -> ReviewerPair | None:
    shared = sorted(first.keys() & second.keys())
    if not shared:
        return None
    counts = Counter((first[unit], second[unit]) for unit in shared)
    same = sum(count for (here, there), count in counts.items() if here == there)
    return ReviewerPair(one, other, kappa_of(counts), share_of(same, len(shared)))


def score_golden(ratings: Iterable[Rating]) -> list[GoldenScore]:
    """Return how often each reviewer gave the reference label of an item that has one, by name."""
    listed = list(ratings)
    reference = {rating.unit: rating.label for rating in listed if rating.reviewer.startswith(REFERENCE)}
    right: dict[str, list[bool]] = defaultdict(list)
    for rating in listed:
        if not rating.reviewer.startswith(REFERENCE) and rating.unit in reference:
            right[rating.reviewer].append(rating.label == reference[rating.unit])
    return [GoldenScore(name, share_of(sum(marks), len(marks))) for name, marks in sorted(right.items())]


def reviewers_of(ratings: Iterable[Rating]) -> tuple[str, ...]:
    """Return the names of the people among the ratings, in order."""
    return tuple(sorted({rating.reviewer for rating in ratings if not rating.reviewer.startswith(REFERENCE)}))
