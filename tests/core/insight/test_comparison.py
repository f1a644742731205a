"""Figures of a run: equal to scikit-learn's, intervals that hold the value, and the exact test of McNemar."""

from __future__ import annotations

import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from core.domain import (
    Answer,
    Difference,
    Figures,
    VerdictStatus,
)
from core.domain.insight import Estimate
from core.insight.comparison import mcnemar, measure_difference, measure_labels, measure_share, measure_side

READ, UNREAD = VerdictStatus.PARSED, VerdictStatus.UNPARSED
CASES = st.lists(st.tuples(st.booleans(), st.sampled_from([True, False, None])), max_size=60)


def answer(violates: bool | None, **changes: object) -> Answer:
    status = UNREAD if violates is None else READ
    label = None if violates is None else ("BAD" if violates else "OK")
    return Answer(status, label, violates, **changes)  # type: ignore[arg-type]


def side(pairs: list[tuple[bool, bool | None]]) -> Figures:
    return measure_side([(human, answer(said), human is said) for human, said in pairs])


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_figures_are_those_of_scikit_learn(pairs: list[tuple[bool, bool | None]]) -> None:
    figures = side(pairs)
    human = [human for human, said in pairs if said is not None]
    model = [said for _, said in pairs if said is not None]
    assert (figures.cases, figures.n) == (len(pairs), len(human))
    if not human:
        assert figures.f1 == Estimate(None, 0)
        return
    for mine, theirs in (
        (figures.precision, metrics.precision_score),
        (figures.recall, metrics.recall_score),
        (figures.f1, metrics.f1_score),
    ):
        if mine.value is None:
            assert theirs(human, model, zero_division=0.0) == 0.0
        else:
            assert mine.value == pytest.approx(theirs(human, model, zero_division=0.0), abs=1e-12)
    if len(set(human) | set(model)) == 2:
        assert figures.kappa.value == pytest.approx(metrics.cohen_kappa_score(human, model), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(CASES)
def test_an_interval_is_in_order_and_the_same_every_time(pairs: list[tuple[bool, bool | None]]) -> None:
    figures = side(pairs)
    assert figures == side(list(reversed(pairs)))
    for estimate in (figures.right, figures.precision, figures.recall, figures.f1, figures.kappa):
        if estimate.low is not None:
            assert estimate.value is not None
            assert estimate.high is not None
            assert estimate.low <= estimate.high
            assert estimate.low >= -1
            assert estimate.high <= 1


def test_an_interval_is_as_wide_as_theory_says() -> None:
    # The share of 400 draws at 0.8 has a standard error of 0.02.
    share = measure_share(320, 400)
    assert share.value == 0.8
    assert share.low == pytest.approx(0.8 - 1.96 * 0.02, abs=0.006)
    assert share.high == pytest.approx(0.8 + 1.96 * 0.02, abs=0.006)


def test_a_difference_is_resampled_in_pairs() -> None:
    chance = random.Random(3)  # noqa: S311
    cases = [(chance.random() < 0.5, chance.random() < 0.7) for _ in range(300)]
    before = [(human, answer(said)) for human, said in cases]
    same = measure_difference([(human, said, said) for human, said in before])
    assert same.f1 == Estimate(0.0, 300, 0.0, 0.0)
    better = measure_difference([(human, said, answer(human)) for human, said in before])
    humans, saids = [human for human, _ in cases], [said for _, said in cases]
    assert better.f1.value == pytest.approx(1 - metrics.f1_score(humans, saids))
    assert better.f1.low is not None
    assert 0 < better.f1.low < better.f1.value
    assert measure_difference([]) == Difference(0, *[Estimate(None, 0)] * 4)


def test_a_case_that_one_side_could_not_read_is_in_no_difference() -> None:
    cases = [
        (True, answer(True), answer(None)),
        (True, answer(None), answer(True)),
        (False, answer(False), answer(False)),
    ]
    assert measure_difference(cases).n == 1


@pytest.mark.parametrize(("fixed", "broken", "p"), [(0, 0, 1.0), (6, 0, 0.03125), (5, 5, 1.0), (8, 2, 0.109375)])
def test_the_exact_test_of_mcnemar(fixed: int, broken: int, p: float) -> None:
    # By hand: twice the smaller tail of a fair coin, at most 1.
    assert mcnemar(fixed, broken).p == pytest.approx(p)
    assert mcnemar(broken, fixed).p == pytest.approx(p)


def test_labels_are_those_of_scikit_learn() -> None:
    chance = random.Random(5)  # noqa: S311
    pairs = [(chance.choice("ABC"), chance.choice("ABD")) for _ in range(200)]
    human, model = zip(*pairs, strict=True)
    names = sorted({*human, *model})
    expected = metrics.precision_recall_fscore_support(human, model, labels=names, zero_division=0.0)
    for figures, precision, recall, f1, support in zip(measure_labels(pairs), *expected, strict=True):
        assert (figures.precision or 0.0) == pytest.approx(precision)
        assert (figures.recall or 0.0) == pytest.approx(recall)
        assert (figures.f1 or 0.0) == pytest.approx(f1)
        assert figures.support == support


def test_costs_and_statuses_count_every_case() -> None:
    cases = [
        (human, answer(said, prompt_tokens=10, output_tokens=3, seconds=0.1), human is said)
        for human, said in product([True, False], [True, False, None])
    ]
    figures = measure_side(cases)
    assert (figures.prompt_tokens, figures.output_tokens) == (60, 18)
    assert figures.seconds == pytest.approx(0.6)
    assert figures.by_status == {READ: 4, UNREAD: 2}
    assert figures.right.value == pytest.approx(2 / 6)
