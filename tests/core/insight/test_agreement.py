"""The figures of agreement, against scikit-learn and by hand."""

from __future__ import annotations

import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from core.insight.agreement import Agreement, Pair, cohen_kappa, measure_agreement

SIDES = {"SP0": False, "SP1": False, "SP2": True, "SP4": True}
LABELS = st.sampled_from(sorted(SIDES))


def pair(human: str, model: str) -> Pair:
    return Pair(SIDES[human], SIDES[model], human, model)


def assert_same(ours: float | None, theirs: float) -> None:
    if ours is None:
        assert math.isnan(theirs)
    else:
        assert ours == pytest.approx(theirs, abs=1e-12, rel=0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=60))
def test_figures_equal_scikit_learn(answers: list[tuple[str, str]]) -> None:
    found = measure_agreement(pair(human, model) for human, model in answers)
    human, model = [SIDES[one] for one, _ in answers], [SIDES[other] for _, other in answers]
    options = {"zero_division": float("nan")}
    with warnings.catch_warnings():
        # scikit-learn divides zero by zero where we answer None.
        warnings.simplefilter("ignore")
        assert_same(found.agreement, metrics.accuracy_score(human, model))
        assert_same(found.kappa, metrics.cohen_kappa_score(human, model))
        assert_same(found.precision, metrics.precision_score(human, model, **options))
        assert_same(found.recall, metrics.recall_score(human, model, **options))
        assert_same(found.f1, metrics.f1_score(human, model, **options))
        labels = [list(column) for column in zip(*answers, strict=True)]
        assert_same(found.label_agreement, metrics.accuracy_score(*labels))
        assert_same(found.label_kappa, metrics.cohen_kappa_score(*labels))
    matrix = metrics.confusion_matrix(human, model, labels=[False, True])
    counts = [found.true_negatives, found.false_positives, found.false_negatives, found.true_positives]
    assert counts == matrix.ravel().tolist()
    assert found.n == len(answers) == sum(found.labels.values())


def test_by_hand() -> None:
    answers = [("SP2", "SP2")] * 20 + [("SP2", "SP0")] * 5 + [("SP0", "SP4")] * 10 + [("SP0", "SP0")] * 15
    found = measure_agreement(pair(human, model) for human, model in answers)
    assert (found.agreement, found.precision, found.recall) == (35 / 50, 20 / 30, 20 / 25)
    assert found.kappa == pytest.approx(0.4, abs=1e-12)
    assert found.f1 == pytest.approx(8 / 11, abs=1e-12)
    assert found.labels == {("SP2", "SP2"): 20, ("SP2", "SP0"): 5, ("SP0", "SP4"): 10, ("SP0", "SP0"): 15}


def test_labels_may_differ_where_sides_agree() -> None:
    found = measure_agreement([pair("SP2", "SP4"), pair("SP0", "SP0")])
    assert (found.agreement, found.label_agreement) == (1.0, 0.5)


def test_nothing_to_compare_has_no_figures() -> None:
    found = measure_agreement([])
    assert found == Agreement(0, 0, 0, 0, 0, *[None] * 7, labels={})


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ([("SP0", "SP0")] * 3, {"kappa", "precision", "recall", "f1", "label_kappa"}),
        ([("SP2", "SP0")] * 3, {"precision"}),
        ([("SP0", "SP2")] * 3, {"recall"}),
        ([("SP2", "SP2")] * 3, {"kappa", "label_kappa"}),
    ],
)
def test_a_figure_without_denominator_is_none(answers: list[tuple[str, str]], missing: set[str]) -> None:
    found = measure_agreement(pair(human, model) for human, model in answers)
    names = ("agreement", "kappa", "precision", "recall", "f1", "label_agreement", "label_kappa")
    assert {name for name in names if getattr(found, name) is None} == missing


def test_kappa_keeps_its_precision_on_large_counts() -> None:
    n = 10**9
    assert cohen_kappa({(True, True): n, (False, False): n, (True, False): 1}) == pytest.approx(1 - 1 / n, abs=1e-12)
