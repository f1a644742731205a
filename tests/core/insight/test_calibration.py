"""Calibration against scikit-learn, and thresholds against the definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, precision_recall_curve, roc_auc_score

from core.domain.insight import Calibration, Estimate
from core.insight.calibration import auc_of, calibrate, fit_platt


def sharpened(n: int = 1500, seed: int = 3) -> tuple[list[float], list[bool]]:
    """Scores that exaggerate: the truth has half their log odds."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, n)
    truth = random.random(n) < 1 / (1 + np.exp(-logits / 2))
    return (1 / (1 + np.exp(-logits))).tolist(), truth.tolist()


def made() -> tuple[Calibration, list[float], list[bool]]:
    scores, truth = sharpened()
    return calibrate("spam", scores, truth, open_scores=[0.1, 0.5, 0.9, 0.99]), scores, truth


def test_the_raw_curve_equals_scikit_learns() -> None:
    found, scores, truth = made()
    raw = found.curves[0]
    shares, means = calibration_curve(truth, scores, n_bins=10)
    assert [part.violating.value for part in raw.bins] == pytest.approx(shares.tolist(), abs=1e-9)
    assert [part.mean_score for part in raw.bins] == pytest.approx(means.tolist(), abs=1e-9)
    weights = np.array([part.violating.n for part in raw.bins])
    assert raw.error.value == pytest.approx(float((np.abs(shares - means) * weights).sum() / len(truth)), abs=1e-9)
    assert raw.brier.value == pytest.approx(brier_score_loss(truth, scores), abs=1e-9)
    assert found.auc.value == pytest.approx(roc_auc_score(truth, scores), abs=1e-9)


def test_mappings_make_exaggerated_scores_honest() -> None:
    found, _, _ = made()
    raw, platt, isotonic = found.curves
    assert [raw.method, platt.method, isotonic.method] == ["raw", "platt", "isotonic"]
    assert raw.error.value is not None
    for mapped in (platt, isotonic):
        assert mapped.error.value is not None
        assert mapped.error.value < raw.error.value / 2
    for curve in found.curves:
        assert curve.error.low is not None
        assert curve.error.high is not None
        assert curve.error.low <= (curve.error.value or 0) <= curve.error.high


def test_thresholds_meet_their_targets_at_the_least_cost() -> None:
    found, scores, truth = made()
    recall_wanted, precision_wanted = found.thresholds
    precision, recall, edges = precision_recall_curve(truth, scores)
    assert recall_wanted.score == pytest.approx(max(edges[recall[:-1] >= 0.95]))
    meets = precision[:-1] >= 0.9
    assert precision_wanted.score == pytest.approx(min(edges[meets]))
    assert recall_wanted.recall.value is not None
    assert recall_wanted.recall.value >= 0.95
    assert recall_wanted.workload == sum(score >= (recall_wanted.score or 0) for score in (0.1, 0.5, 0.9, 0.99))
    assert recall_wanted.open_items == 4


def test_equal_scores_stand_or_fall_together() -> None:
    found = calibrate("spam", [0.5] * 30, [True] * 20 + [False] * 10)
    [recall, precision] = found.thresholds
    assert (recall.score, recall.recall.value, recall.precision.value) == (0.5, 1.0, 20 / 30)
    assert precision.score is None


@pytest.mark.parametrize("truth", [[], [True] * 12, [False] * 12])
def test_one_side_alone_has_no_area_and_no_mapping(truth: list[bool]) -> None:
    found = calibrate("spam", [0.3] * len(truth), truth)
    assert found.auc == Estimate(None, 0)
    assert [curve.method for curve in found.curves] == (["raw"] if truth else [])


def test_the_interval_of_the_area_holds_the_truth() -> None:
    random = np.random.default_rng(11)
    truth = np.array([True] * 40 + [False] * 80)
    held = 0
    for _ in range(400):
        area = auc_of(random.normal(0, 1, 120) + truth * 1.5, truth)
        held += area.low is not None and area.high is not None and area.low <= 0.8555 <= area.high
    assert held / 400 >= 0.93


@pytest.mark.parametrize(("bad", "good"), [(10, 30), (12, 200), (40, 80)])
def test_the_interval_of_a_high_area_of_few_items_holds_the_truth(bad: int, good: int) -> None:
    random = np.random.default_rng(5)
    truth = np.array([True] * bad + [False] * good)
    held = 0
    for _ in range(400):
        area = auc_of(random.normal(0, 1, bad + good) + truth * 2.5, truth)
        held += area.low is not None and area.high is not None and area.low <= norm.cdf(2.5 / 2**0.5) <= area.high
    assert held / 400 >= 0.93


def test_a_perfect_ranking_of_few_items_is_neither_certain_nor_unknown() -> None:
    truth = np.array([True] * 16 + [False] * 44)
    area, worst = auc_of(truth.astype(float), truth), auc_of(1.0 - truth, truth)
    assert (area.value, area.high, worst.value, worst.low) == (1.0, 1.0, 0.0, 0.0)
    assert area.low == pytest.approx(0.914, abs=0.001)
    assert worst.high == pytest.approx(1 - 0.914, abs=0.001)


def test_sides_that_lie_apart_do_not_make_platts_mapping_certain() -> None:
    scores = np.array([0.9] * 16 + [0.2] * 44)
    mapped = fit_platt(scores, scores > 0.5)(np.array([0.9, 0.2]))
    assert mapped.tolist() == pytest.approx([17 / 18, 1 / 46], abs=1e-3)
