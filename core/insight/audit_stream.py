"""Recall that reviewing flagged items cannot show: layers of what the model judged, a sample of each, an estimate.

It owns the layers, how many to draw from each, and the estimate by inverse-probability weights with its interval. It
reads no database and decides nothing about any item.

Intervals are MOVER's: limits of a sum of weighted shares from the Wilson limits of each (G. Y. Zou, W. Huang,
X. Zhang, Computational Statistics & Data Analysis 53, 2009), and of a ratio of two such sums (A. Donner, G. Y. Zou,
Statistical Methods in Medical Research 21, 2012). Wilson's n is enlarged for the share of the layer that was drawn.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from core.domain.insight import Estimate, Stratum
from core.insight.intervals import wilson

EDGES = (0.05, 0.2, 0.5)
"""Scores that part the layers of passed items: the sure, the likely, the doubtful, and those near or over the line."""

LEAST = 10
"""Drawn from each layer at least, if it has as many: below that a layer's own interval says nothing."""

_LEAST_GUESS = 0.02
_KNOWN_FLAGGED, _KNOWN_PASSED, _OPEN_FLAGGED, _UNSCORED = (
    "flagged, decided before", "passed, decided before", "flagged, open", "passed, no score",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One judged item: its queue entry, what the model said, and what a human has said of it already, if anything."""

    entry: int
    flagged: bool
    score: float | None = None
    violating: bool | None = None


def layer_of(unit: Unit) -> str:
    """Return the name of the layer a unit belongs to."""
    if unit.violating is not None:
        return _KNOWN_FLAGGED if unit.flagged else _KNOWN_PASSED
    if unit.flagged:
        return _OPEN_FLAGGED
    if unit.score is None:
        return _UNSCORED
    edges = (0.0, *EDGES, 1.0)
    number = sum(unit.score >= edge for edge in EDGES)
    return f"passed, score {edges[number]:g} to {edges[number + 1]:g}"


def draw(units: Sequence[Unit], size: int, *, seed: int) -> tuple[tuple[Stratum, ...], dict[int, int]]:
    """Draw `size` units without replacement, layer by layer; return the layers and the layer's number by entry.

    What is decided already is known and needs no draw. Layers get shares by Neyman's rule, in proportion to their size
    and to the standard deviation expected from their scores; each gets `LEAST` first. The entries come in random order.
    """
    layers: dict[str, list[Unit]] = {}
    for unit in units:
        layers.setdefault(layer_of(unit), []).append(unit)
    chance = random.Random(seed)  # noqa: S311 - a sample that can be drawn again, not a secret
    open_layers = {name: members for name, members in layers.items() if members[0].violating is None}
    counts = allocate({name: (len(members), _guess(members)) for name, members in open_layers.items()}, size)
    strata: list[Stratum] = []
    drawn: list[tuple[int, int]] = []
    for name in sorted(layers):
        members = layers[name]
        taken = chance.sample(members, counts.get(name, 0))
        drawn += [(unit.entry, len(strata)) for unit in taken]
        known = members[0].violating is not None
        violating = sum(bool(unit.violating) for unit in members)
        n = len(members)
        strata.append(
            Stratum(name, members[0].flagged, n, n, n, violating)
            if known
            else Stratum(name, members[0].flagged, n, len(taken))
        )
    chance.shuffle(drawn)
    return tuple(strata), dict(drawn)


def allocate(layers: Mapping[str, tuple[int, float]], size: int) -> dict[str, int]:
    """Return how many to draw from each layer, `size` in all or every unit there is.

    `layers` are (units, share of them that may be expected to violate) by name.
    """
    sizes = {name: units for name, (units, _) in layers.items()}
    counts = {name: min(LEAST, units) for name, units in sorted(sizes.items())}
    while sum(counts.values()) > size:  # fewer than the least of every layer: from the largest layers only
        del counts[min(counts, key=lambda name: sizes[name])]
    weights = {name: units * _deviation(guess) for name, (units, guess) in layers.items()}
    left = size - sum(counts.values())
    while left > 0:
        room = {name for name in layers if counts.get(name, 0) < sizes[name]}
        if not room:
            break
        total = sum(weights[name] for name in room)
        shares = {name: max(1, int(left * weights[name] / total)) for name in sorted(room)}
        for name, share in sorted(shares.items(), key=lambda pair: -weights[pair[0]]):
            more = min(share, left, sizes[name] - counts.get(name, 0))
            counts[name] = counts.get(name, 0) + more
            left -= more
    return counts


def _guess(members: Sequence[Unit]) -> float:
    """Return the share that violates as scores lead to expect; of unscored units what is hardest to know."""
    scores = [unit.score for unit in members if unit.score is not None]
    return sum(scores) / len(scores) if scores else 0.5


def _deviation(guess: float) -> float:
    """Return the standard deviation of violating at a guessed share."""
    guess = min(max(guess, _LEAST_GUESS), 1 - _LEAST_GUESS)
    return sqrt(guess * (1 - guess))


@dataclass(frozen=True, slots=True)
class _Total:
    """An estimated count with its limits; `known` is False where a layer has nothing decided."""

    value: float
    low: float
    high: float
    known: bool = True


def estimate(strata: Sequence[Stratum]) -> tuple[Estimate, Estimate, Estimate]:
    """Return recall, precision and the number of misses, estimated from the layers; n are decided units.

    Each is without a value while a layer that has units has none decided.
    """
    found = _total([stratum for stratum in strata if stratum.flagged])
    missed = _total([stratum for stratum in strata if not stratum.flagged])
    flagged = sum(stratum.size for stratum in strata if stratum.flagged)
    n_flagged = sum(stratum.decided for stratum in strata if stratum.flagged)
    n_passed = sum(stratum.decided for stratum in strata if not stratum.flagged)
    precision = Estimate(None, n_flagged)
    if found.known and flagged:
        precision = Estimate(found.value / flagged, n_flagged, found.low / flagged, found.high / flagged)
    misses = Estimate(missed.value, n_passed, missed.low, missed.high) if missed.known else Estimate(None, n_passed)
    if not (found.known and missed.known) or found.value + missed.value <= 0:
        return Estimate(None, n_flagged + n_passed), precision, misses
    low, high = _ratio(missed, found)
    recall = found.value / (found.value + missed.value)
    return Estimate(recall, n_flagged + n_passed, 1 / (1 + high), 1 / (1 + low)), precision, misses


def _total(strata: Sequence[Stratum]) -> _Total:
    value = below = above = 0.0
    for stratum in strata:
        if not stratum.size:
            continue
        if not stratum.decided:
            return _Total(0.0, 0.0, 0.0, known=False)
        share = stratum.violating / stratum.decided
        value += stratum.size * share
        if stratum.decided < stratum.size:
            # What was drawn without replacement tells more than its n: nothing is left to guess once all is drawn.
            n = stratum.decided * (stratum.size - 1) / (stratum.size - stratum.decided)
            low, high = wilson(share * n, n)
            below += (stratum.size * (share - low)) ** 2
            above += (stratum.size * (high - share)) ** 2
    return _Total(value, max(0.0, value - sqrt(below)), value + sqrt(above))


def _ratio(top: _Total, bottom: _Total) -> tuple[float, float]:
    """Return MOVER's limits of top / bottom, both not negative; the upper one may be infinite."""
    product = top.value * bottom.value
    square = product * product

    def root(first: float, second: float) -> float:
        return sqrt(max(0.0, square - first * second))

    low_top, high_top = top.low * (2 * top.value - top.low), top.high * (2 * top.value - top.high)
    low_bottom, high_bottom = (
        bottom.low * (2 * bottom.value - bottom.low),
        bottom.high * (2 * bottom.value - bottom.high),
    )
    low = (product - root(low_top, high_bottom)) / high_bottom if high_bottom else low_top / (2 * product)
    high = (product + root(high_top, low_bottom)) / low_bottom if low_bottom > 0 else float("inf")
    return max(0.0, low), max(0.0, high)
