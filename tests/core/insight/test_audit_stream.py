"""The audit stream: what is drawn, by hand, and 500 simulated streams whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.insight import Estimate, Stratum
from core.insight.audit_stream import EDGES, LEAST, Unit, allocate, draw, estimate

RUNS = 500


def simulate(
    seed: int, *, items: int, base_rate: float, skill: float, size: int, known: bool
) -> tuple[float, Estimate]:
    """One stream: the true recall of the model on it, and the estimate from a sample."""
    random = np.random.default_rng(seed)
    violating = random.random(items) < base_rate
    logits = random.normal(0.0, 1.5, items) + np.where(violating, skill, -1.5 * skill)
    scores = 1 / (1 + np.exp(-logits))
    flagged = scores >= 0.5
    units = [
        Unit(number, bool(flagged[number]), float(scores[number]),
             bool(violating[number]) if known and flagged[number] else None)
        for number in range(items)
    ]  # fmt: skip
    strata, drawn = draw(units, size, seed=seed)
    looked_at = list(strata)
    for entry, layer in drawn.items():
        stratum = looked_at[layer]
        looked_at[layer] = replace(
            stratum, decided=stratum.decided + 1, violating=stratum.violating + int(violating[entry])
        )
    recall, _, _ = estimate(looked_at)
    return float((violating & flagged).sum() / violating.sum()), recall


def count_layers(
    seed: int, *, items: int, base_rate: float, skill: float, size: int, known: bool
) -> tuple[float, Estimate]:
    """The same stream as `simulate`, counted layer by layer instead of unit by unit: it costs a hundredth."""
    random = np.random.default_rng(seed)
    violating = random.random(items) < base_rate
    logits = random.normal(0.0, 1.5, items) + np.where(violating, skill, -1.5 * skill)
    scores = 1 / (1 + np.exp(-logits))
    flagged = scores >= 0.5
    layer = np.where(flagged, len(EDGES) + 1, np.searchsorted(EDGES, scores, side="right"))
    sizes, bad = (np.bincount(layer, weights, minlength=len(EDGES) + 2) for weights in (None, violating))
    sums = np.bincount(layer, scores, minlength=len(EDGES) + 2)
    names = [n for n in range(len(sizes)) if sizes[n] and not (known and n == len(EDGES) + 1)]
    counts = allocate({str(n): (int(sizes[n]), float(sums[n] / sizes[n])) for n in names}, size)
    strata = []
    for n in range(len(sizes)):
        drawn = counts.get(str(n), int(sizes[n]))  # what is known counts in full
        found = int(random.hypergeometric(int(bad[n]), int(sizes[n] - bad[n]), drawn)) if drawn else 0
        strata.append(Stratum(str(n), n == len(EDGES) + 1, int(sizes[n]), drawn, drawn, found))
    recall, _, _ = estimate(strata)
    return float((violating & flagged).sum() / violating.sum()), recall


STREAMS = pytest.mark.parametrize(
    "stream",
    [
        {"items": 5000, "base_rate": 0.08, "skill": 1.5, "size": 300, "known": True},
        {"items": 5000, "base_rate": 0.03, "skill": 2.0, "size": 400, "known": False},
    ],
    ids=["flagged items decided", "flagged items sampled, too"],
)


@STREAMS
def test_the_interval_of_recall_holds_the_truth(stream: dict[str, float]) -> None:
    check_coverage(count_layers, stream)


@pytest.mark.slow
@STREAMS
def test_the_interval_holds_the_truth_unit_by_unit(stream: dict[str, float]) -> None:
    check_coverage(simulate, stream)


def check_coverage(run_one: Callable[..., tuple[float, Estimate]], stream: dict[str, float]) -> None:
    """Simulate five hundred streams and hold each interval against the truth."""
    held = 0
    for run in range(RUNS):
        truth, recall = run_one(run, **stream)
        assert recall.low is not None
        assert recall.high is not None
        held += recall.low <= truth <= recall.high
    assert held / RUNS >= 0.93


def test_reviewing_flagged_items_alone_shows_no_recall() -> None:
    strata = [
        Stratum("flagged, decided before", True, 90, 90, 90, 60),
        Stratum("passed, score 0 to 0.05", False, 910, 50),
    ]
    recall, precision, misses = estimate(strata)
    assert recall.value is None
    assert misses.value is None
    assert precision.value == pytest.approx(60 / 90)


def test_by_hand() -> None:
    strata = [
        Stratum("flagged, decided before", True, 100, 100, 100, 80),
        Stratum("passed, score 0 to 0.05", False, 1000, 50, 50, 1),
        Stratum("passed, score 0.2 to 0.5", False, 100, 50, 50, 10),
    ]
    recall, precision, misses = estimate(strata)
    assert misses.value == pytest.approx(1000 / 50 + 100 * 10 / 50)
    assert recall.value == pytest.approx(80 / 120)
    assert recall.n == 200
    assert precision.value == precision.low == precision.high == 0.8


def test_once_everything_is_decided_nothing_is_left_to_guess() -> None:
    strata = [Stratum("a", True, 10, 10, 10, 6), Stratum("b", False, 30, 30, 30, 2)]
    recall, _, misses = estimate(strata)
    assert (recall.value, recall.low, recall.high) == pytest.approx((0.75, 0.75, 0.75))
    assert (misses.value, misses.low, misses.high) == (2, 2, 2)


def test_no_violation_anywhere_is_no_recall() -> None:
    recall, _, misses = estimate([Stratum("a", True, 5, 5, 5, 0), Stratum("b", False, 50, 20, 20, 0)])
    assert recall.value is None
    assert misses.value == 0
    assert misses.high is not None
    assert misses.high > 1


UNITS = st.lists(
    st.builds(
        Unit,
        entry=st.just(0),
        flagged=st.booleans(),
        score=st.none() | st.floats(0, 1),
        violating=st.none() | st.booleans(),
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(UNITS, st.integers(0, 150), st.integers(0, 10))
def test_a_draw_takes_what_was_asked_from_open_units_only(listed: list[Unit], size: int, seed: int) -> None:
    units = [replace(unit, entry=number) for number, unit in enumerate(listed)]
    strata, drawn = draw(units, size, seed=seed)
    open_units = {unit.entry for unit in units if unit.violating is None}
    assert len(drawn) == min(size, len(open_units))
    assert set(drawn) <= open_units
    assert sum(stratum.size for stratum in strata) == len(units)
    for number, stratum in enumerate(strata):
        assert stratum.drawn <= stratum.size
        if not stratum.decided:
            assert sum(layer == number for layer in drawn.values()) == stratum.drawn
    assert draw(units, size, seed=seed) == (strata, drawn)


def test_every_layer_gets_its_least_where_the_size_allows() -> None:
    units = [Unit(n, False, 0.01) for n in range(5000)]
    units += [Unit(5000 + n, False, 0.4) for n in range(40)]
    strata, _ = draw(units, 60, seed=1)
    assert min(stratum.drawn for stratum in strata) >= LEAST
