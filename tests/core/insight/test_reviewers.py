"""Alpha and kappa between reviewers, against krippendorff and scikit-learn computed apart."""

from __future__ import annotations

import csv
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from core.domain.insight import Estimate, Rating
from core.insight.reviewers import (
    alpha_of,
    krippendorff_alpha,
    nominal_alpha,
    pair_reviewers,
    reviewers_of,
    score_golden,
)

RATERS = [f"label_{number}" for number in range(1, 11)]


@pytest.fixture(scope="module")
def hatecheck(docket_data: Path) -> list[dict[str, str]]:
    with (docket_data / "hatecheck" / "test_suite_annotations.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def ratings_of(rows: list[dict[str, str]]) -> list[Rating]:
    return [
        Rating(unit, rater, row[rater], row[rater] == "hateful")
        for unit, row in enumerate(rows)
        for rater in RATERS
        if row[rater]
    ]


def test_alpha_on_five_of_ten_raters_equals_krippendorffs(hatecheck: list[dict[str, str]]) -> None:
    codes = {"": np.nan, "hateful": 1.0, "non-hateful": 0.0}
    matrix = [[codes.get(row[rater], 2.0) for row in hatecheck] for rater in RATERS]
    theirs = krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal")
    ours = alpha_of(ratings_of(hatecheck))
    assert ours.value == pytest.approx(theirs, abs=1e-9)
    assert ours.n == len(hatecheck)
    assert ours.low is not None
    assert ours.high is not None
    assert ours.low < ours.value < ours.high


@settings(max_examples=200)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=12))
def test_alpha_of_any_counts_equals_krippendorffs(rows: list[list[int]]) -> None:
    counts = np.array(rows, dtype=np.int64)
    pairable = counts[counts.sum(axis=1) > 1]
    assume(np.count_nonzero(pairable.sum(axis=0)) > 1)
    theirs = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
    assert nominal_alpha(counts) == pytest.approx(theirs, abs=1e-9)


def test_kappa_of_two_raters_equals_scikit_learns(hatecheck: list[dict[str, str]]) -> None:
    pairs = pair_reviewers(ratings_of(hatecheck))
    assert len(pairs) == 40  # five of the 45 pairs never met over one case
    for pair in pairs[:10]:
        both = [row for row in hatecheck if row[pair.first] and row[pair.second]]
        theirs = cohen_kappa_score([row[pair.first] for row in both], [row[pair.second] for row in both])
        assert pair.kappa.value == pytest.approx(theirs, abs=1e-9)
        assert pair.kappa.n == pair.agreement.n == len(both)


def test_context_changes_labels_as_krippendorff_and_scikit_learn_say(docket_data: Path) -> None:
    with (docket_data / "context_toxicity" / "cat_small.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    without, within = [row["label_oc"] for row in rows], [row["label_ic"] for row in rows]
    ratings = [
        Rating(unit, reviewer, label, label == "1")
        for reviewer, labels in (("without", without), ("within", within))
        for unit, label in enumerate(labels)
    ]
    [pair] = pair_reviewers(ratings)
    assert pair.kappa.n == len(rows) == 978
    assert pair.kappa.value == pytest.approx(cohen_kappa_score(without, within), abs=1e-9)
    assert pair.agreement.value == pytest.approx(np.mean([a == b for a, b in zip(without, within, strict=True)]))
    matrix = [[float(label) for label in labels] for labels in (without, within)]
    theirs = krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal")
    assert alpha_of(ratings, sides=True).value == pytest.approx(theirs, abs=1e-9)


def test_alpha_says_nothing_where_nothing_can_differ() -> None:
    assert krippendorff_alpha([]) == Estimate(None, 0)
    assert krippendorff_alpha([["a"], ["b"]]) == Estimate(None, 0)
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) == Estimate(None, 2)


def test_the_same_ratings_give_the_same_interval() -> None:
    units = [["a", "b"], ["a", "a"], ["b", "b"], ["b", "a", "b"]] * 5
    assert krippendorff_alpha(units) == krippendorff_alpha(units)


def test_a_reference_label_is_no_reviewer_but_a_measure_of_one() -> None:
    ratings = [Rating(unit, "import:gold", "SP0", False) for unit in range(12)]
    ratings += [Rating(unit, "kim", "SP0" if unit < 9 else "SP2", unit >= 9) for unit in range(12)]
    ratings += [Rating(99, "kim", "SP0", False), Rating(99, "ana", "SP0", False)]
    assert reviewers_of(ratings) == ("ana", "kim")
    assert alpha_of(ratings).n == 1
    [score] = score_golden(ratings)
    assert (score.reviewer, score.score.value, score.score.n) == ("kim", 0.75, 12)
