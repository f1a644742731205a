"""How far humans and the model agree: counts, raw agreement, Cohen's kappa, precision, recall and F1.

It owns the formulae and nothing else. It reads no store and decides nothing about which pairs are compared: the caller
gives one pair for each standing decision whose verdict was parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Answer = TypeVar("Answer", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a human and the model said of the same item under the same policy."""

    human_violates: bool
    model_violates: bool
    human_label: str
    model_label: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The figures of a set of pairs. Positive class: violates. A ratio is None where its denominator is zero.

    `true_positives` counts pairs in which both say that the content violates, `false_positives` those in which only
    the model does. `agreement` and `kappa` compare sides; `label_agreement` and `label_kappa` compare labels, which
    may differ on the same side. `labels` counts (human label, model label).
    """

    n: int
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int
    agreement: float | None
    kappa: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    label_agreement: float | None
    label_kappa: float | None
    labels: Mapping[tuple[str, str], int]


def measure_agreement(pairs: Iterable[Pair]) -> Agreement:
    """Return the figures of the pairs, which are read once and in any order."""
    sides: Counter[tuple[bool, bool]] = Counter()
    labels: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        sides[pair.human_violates, pair.model_violates] += 1
        labels[pair.human_label, pair.model_label] += 1
    both, model_only = sides[True, True], sides[False, True]
    human_only, neither = sides[True, False], sides[False, False]
    n = both + model_only + human_only + neither
    return Agreement(
        n=n,
        true_positives=both,
        false_positives=model_only,
        false_negatives=human_only,
        true_negatives=neither,
        agreement=ratio(both + neither, n),
        kappa=cohen_kappa(sides),
        precision=ratio(both, both + model_only),
        recall=ratio(both, both + human_only),
        f1=ratio(2 * both, 2 * both + model_only + human_only),
        label_agreement=ratio(sum(count for (human, model), count in labels.items() if human == model), n),
        label_kappa=cohen_kappa(labels),
        labels=dict(labels),
    )


def ratio(part: int, whole: int) -> float | None:
    """Return part / whole, None when the whole is zero."""
    return part / whole if whole else None


def cohen_kappa(counts: Mapping[tuple[Answer, Answer], int]) -> float | None:
    """Return Cohen's kappa of counts by (first rater's answer, second rater's answer), unweighted, from -1 to 1.

    kappa = (po - pe) / (1 - pe), J. Cohen, Educational and Psychological Measurement 20 (1960), with po the observed
    agreement and pe the agreement expected by chance; computed in whole numbers, multiplied through by n squared.
    None when chance alone would agree always, that is, when both raters gave one and the same answer throughout.
    """
    n = sum(counts.values())
    first: Counter[Answer] = Counter()
    second: Counter[Answer] = Counter()
    for (one, other), count in counts.items():
        first[one] += count
        second[other] += count
    observed = n * sum(count for (one, other), count in counts.items() if one == other)
    expected = sum(count * second[answer] for answer, count in first.items())
    return ratio(observed - expected, n * n - expected)
