"""Calibration against scikit-learn, and thresholds against the definition."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, precision_recall_curve, roc_auc_score

from core.domain.insight import Calibration, Estimate
from core.insight.calibration import auc_of, calibrate


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
