"""Intervals against scipy, against the definition, and against simulated truth."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from core.domain.insight import TOO_FEW, Estimate
from core.insight.intervals import difference_of, f1_of, kappa_of, median_of, share_of, sign_test, wilson


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_equals_scipy(pair: tuple[int, int]) -> None:
    part, whole = pair
    theirs = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
    assert wilson(part, whole) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_the_figure_lies_inside_its_interval_at_the_ends() -> None:
    for estimate in (share_of(0, 12), share_of(12, 12), f1_of(12, 0, 0), f1_of(0, 5, 7)):
        assert estimate.value is not None
        assert estimate.low is not None
        assert estimate.high is not None
        assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
        assert estimate.low < estimate.high


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_f1_equals_scikit_learn(tp: int, fp: int, fn: int) -> None:
    estimate = f1_of(tp, fp, fn)
    if tp + fp + fn == 0:
        assert estimate == Estimate(None, 0)
        return
    human = [1] * tp + [0] * fp + [1] * fn
    model = [1] * tp + [1] * fp + [0] * fn
    assert estimate.value == pytest.approx(metrics.f1_score(human, model, zero_division=0), abs=1e-12)
    assert estimate.n == tp + fp + fn


def covered(draws: int, truth: float, make: object) -> float:
    hits = 0
    for _ in range(draws):
        estimate = make()  # type: ignore[operator]
        hits += estimate.low is not None and estimate.low <= truth <= estimate.high
    return hits / draws


@pytest.mark.parametrize("n", [30, 200])
def test_kappa_and_f1_intervals_hold_the_truth(n: int) -> None:
    random = np.random.default_rng(n)
    shares = np.array([0.3, 0.1, 0.05, 0.55])  # both, model only, human only, neither
    chance = (0.4 * 0.35) + (0.6 * 0.65)
    kappa, f1 = (0.85 - chance) / (1 - chance), 0.6 / 0.75

    def drawn() -> tuple[int, int, int, int]:
        both, model, human, neither = random.multinomial(n, shares)
        return int(both), int(model), int(human), int(neither)

    def one_kappa() -> Estimate:
        both, model, human, neither = drawn()
        return kappa_of({(True, True): both, (False, True): model, (True, False): human, (False, False): neither})

    assert covered(600, kappa, one_kappa) >= 0.92
    assert covered(600, f1, lambda: f1_of(*drawn()[:3])) >= 0.92


def test_kappa_of_perfect_agreement_still_has_an_interval() -> None:
    estimate = kappa_of(Counter({(True, True): 10, (False, False): 10}))
    assert estimate.value == 1.0
    assert estimate.low is not None
    assert 0.5 < estimate.low < 1.0
    assert estimate.high == pytest.approx(1.0)


def test_difference_by_newcombes_own_example() -> None:
    # R. G. Newcombe (1998), table II, case (a), method 10: 56/70 less 48/80.
    found = difference_of(share_of(56, 70), share_of(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_median_lies_between_its_order_statistics() -> None:
    assert median_of([]) == Estimate(None, 0)
    random = np.random.default_rng(5)
    draws = [median_of(random.exponential(1.0, 25).tolist()) for _ in range(600)]
    inside = [d.low <= np.log(2) <= d.high for d in draws if d.low is not None and d.high is not None]
    assert np.mean(inside) >= 0.93
    assert median_of([3.0, 1.0, 2.0, 4.0]).value == 2.5


@given(st.integers(0, 80), st.integers(0, 80))
def test_sign_test_equals_scipy(first: int, second: int) -> None:
    if first + second == 0:
        assert sign_test(first, second) is None
    else:
        assert sign_test(first, second) == pytest.approx(stats.binomtest(first, first + second).pvalue, abs=1e-12)


def test_too_few_says_so_instead_of_a_number() -> None:
    assert share_of(1, TOO_FEW - 1).words() == f"too few (n {TOO_FEW - 1})"
    assert share_of(5, TOO_FEW).words() == "0.50 (0.24–0.76, n 10)"
    assert Estimate(None, 40).words() == "not defined (n 40)"
