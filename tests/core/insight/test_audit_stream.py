"""The audit stream: what is drawn, by hand, and 500 simulated streams whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.insight import Estimate, Stratum
from core.insight.audit_stream import LEAST, Unit, draw, estimate

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


@pytest.mark.parametrize(
    "stream",
    [
        {"items": 5000, "base_rate": 0.08, "skill": 1.5, "size": 300, "known": True},
        {"items": 5000, "base_rate": 0.03, "skill": 2.0, "size": 400, "known": False},
    ],
    ids=["flagged items decided", "flagged items sampled, too"],
)
def test_the_interval_of_recall_holds_the_truth(stream: dict[str, float]) -> None:
    held = 0
    for run in range(RUNS):
        truth, recall = simulate(run, **stream)  # type: ignore[arg-type]
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
