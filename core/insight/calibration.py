"""How honest scores are: reliability, expected calibration error, Platt and isotonic mappings, thresholds by target.

It owns which curve answers which question; scikit-learn and numpy do the arithmetic. Scores are probabilities of
violating; truth is the human's. It reads no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from core.domain.insight import Calibration, CalibrationCurve, Estimate, ReliabilityBin, Threshold
from core.insight.intervals import Z, share_of

BINS = 10
FOLDS = 5
RESAMPLES = 500
_AT_ONCE = 4_000_000
"""Items of resamples that are held in memory together."""

SEED = 20261124
_HALVINGS = 50

Reals = NDArray[np.float64]
Bits = NDArray[np.bool_]


def calibrate(
    policy_id: str,
    scores: Sequence[float],
    violating: Sequence[bool],
    *,
    open_scores: Sequence[float] = (),
    target_recall: float | None = 0.95,
    target_precision: float | None = 0.9,
) -> Calibration:
    """Return the calibration of scores against truth, in the same order, and the thresholds that meet the targets.

    `open_scores` are those of items nobody decided: the workload of a threshold. Mapped curves need `FOLDS` of each
    side, and are left out otherwise.
    """
    values, truth = np.asarray(scores, dtype=np.float64), np.asarray(violating, dtype=np.bool_)
    curves: list[CalibrationCurve] = []
    if len(values):
        curves.append(_curve("raw", values, truth))
    if len(values) and min(truth.sum(), (~truth).sum()) >= FOLDS:
        curves += [_curve(name, _out_of_fold(fit, values, truth), truth) for name, fit in _METHODS.items()]
    wanted = [(name, wish) for name, wish in (("recall", target_recall), ("precision", target_precision)) if wish]
    thresholds = thresholds_of(values, truth, open_scores, wanted)
    return Calibration(policy_id, len(values), auc_of(values, truth), tuple(curves), thresholds)


def thresholds_of(
    values: Reals, truth: Bits, open_scores: Sequence[float], targets: Iterable[tuple[str, float]]
) -> tuple[Threshold, ...]:
    """Return the threshold of each target, (`recall` or `precision`, share), in order."""
    waiting = np.asarray(open_scores, dtype=np.float64)
    return tuple(_threshold(target, wish, values, truth, waiting) for target, wish in targets)


def auc_of(values: Reals, truth: Bits) -> Estimate:
    """Return the area under the ROC curve; n is that of the smaller side, None where a side is missing.

    The interval is of the score type, R. G. Newcombe, Statistics in Medicine 25 (2006), method 5: it stays inside 0 and
    1, and a perfect ranking of few items is not taken for certain.
    """
    positives, negatives = int(truth.sum()), int((~truth).sum())
    n = min(positives, negatives)
    if not n:
        return Estimate(None, n)
    area = float(roc_auc_score(truth, values))
    low, high = _farthest(area, 0.0, positives, negatives), _farthest(area, 1.0, positives, negatives)
    return Estimate(area, n, low, high)


def _farthest(area: float, end: float, positives: int, negatives: int) -> float:
    """Return the true area, between the one found and an end of the scale, from which that lies Z deviations away."""
    near, far = area, end
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        within = abs(area - middle) <= Z * _area_deviation(middle, positives, negatives)
        near, far = (middle, far) if within else (near, middle)
    return far


def _area_deviation(area: float, positives: int, negatives: int) -> float:
    """Return the standard deviation of an area, of J. A. Hanley and B. J. McNeil (1982) for sides of mean size."""
    spread = (1 - area) / (2 - area) + area / (1 + area)
    each = (positives + negatives) / 2 - 1
    return sqrt(area * (1 - area) * (1 + each * spread) / (positives * negatives))


def expected_calibration_error(values: Reals, truth: Bits) -> float:
    """Return the mean distance of score and share violating over `BINS` bins of equal width, weighted by their n.

    M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015.
    """
    place = _bins_of(values)
    counts = np.bincount(place, minlength=BINS)
    gaps = np.bincount(place, truth - values, minlength=BINS)
    return float(np.abs(gaps[counts > 0]).sum() / len(values))


def _bins_of(values: Reals) -> NDArray[np.int64]:
    return np.minimum((values * BINS).astype(np.int64), BINS - 1)


def _curve(method: str, values: Reals, truth: Bits) -> CalibrationCurve:
    place = _bins_of(values)
    bins = []
    for number in range(BINS):
        inside = place == number
        if inside.any():
            share = share_of(int(truth[inside].sum()), int(inside.sum()))
            bins.append(ReliabilityBin(number / BINS, (number + 1) / BINS, float(values[inside].mean()), share))
    gaps, squares = truth - values, (truth - values) ** 2
    error = expected_calibration_error(values, truth)
    return CalibrationCurve(
        method,
        _bootstrap(lambda rows: _error_of(rows, place, gaps), error, len(values)),
        _bootstrap(lambda rows: squares[rows].mean(axis=1), float(brier_score_loss(truth, values)), len(values)),
        tuple(bins),
    )


def _bootstrap(figure: Callable[[NDArray[np.int64]], Reals], found: float, n: int) -> Estimate:
    """Return a figure with its percentile interval over resampled items.

    `figure` gives one number for each row of a matrix of resampled places (resamples, items). A distance from
    perfection cannot come out below zero, so a resample is farther from it than its source; the interval is moved by
    the difference of the means (B. Efron, The Jackknife, 1982, ch. 10).
    """
    random = np.random.default_rng(SEED)
    at_once = max(1, _AT_ONCE // n)
    sizes = [min(at_once, RESAMPLES - start) for start in range(0, RESAMPLES, at_once)]
    drawn = np.concatenate([figure(random.integers(0, n, (size, n))) for size in sizes])
    low, high = np.percentile(drawn, [2.5, 97.5]) - (drawn.mean() - found)
    return Estimate(found, n, max(0.0, float(min(low, found))), float(max(high, found)))


def _error_of(rows: NDArray[np.int64], place: NDArray[np.int64], gaps: Reals) -> Reals:
    """Return the expected calibration error of each resample: `gaps` are truth less score, `place` their bins."""
    bins = (np.arange(len(rows))[:, None] * BINS + place[rows]).ravel()
    sums = np.bincount(bins, gaps[rows].ravel(), minlength=len(rows) * BINS).reshape(-1, BINS)
    return np.asarray(np.abs(sums).sum(axis=1) / rows.shape[1], dtype=np.float64)


def fit_platt(values: Reals, truth: Bits) -> Callable[[Reals], Reals]:
    """Return the mapping of J. Platt (1999) on the logit of the scores, fitted on these.

    Its targets are Platt's, a little short of 0 and 1, so that sides that lie apart do not make it certain.
    """
    bad, good = int(truth.sum()), int((~truth).sum())
    wanted = np.where(truth, (bad + 1) / (bad + 2), 1 / (good + 2))
    logits = _logits(values)
    model = LogisticRegression(C=1e6).fit(
        np.vstack([logits, logits]), np.repeat([True, False], len(values)), np.concatenate([wanted, 1 - wanted])
    )
    return lambda scores: np.asarray(model.predict_proba(_logits(scores))[:, 1], dtype=np.float64)


def fit_isotonic(values: Reals, truth: Bits) -> Callable[[Reals], Reals]:
    """Return the monotone mapping that fits best in squares (B. Zadrozny, C. Elkan, KDD 2002)."""
    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(values, truth.astype(np.float64))
    return lambda scores: np.asarray(model.predict(scores), dtype=np.float64)


def _logits(values: Reals) -> Reals:
    inside = np.clip(values, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(inside / (1 - inside)).reshape(-1, 1), dtype=np.float64)


_METHODS: dict[str, Callable[[Reals, Bits], Callable[[Reals], Reals]]] = {
    "platt": fit_platt,
    "isotonic": fit_isotonic,
}


def _out_of_fold(fit: Callable[[Reals, Bits], Callable[[Reals], Reals]], values: Reals, truth: Bits) -> Reals:
    """Return each score as mapped by a fit that did not see it: a mapping must not be praised for what it learnt."""
    mapped = np.empty_like(values)
    for learnt, held in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(values, truth):
        mapped[held] = fit(values[learnt], truth[learnt])(values[held])
    return np.clip(mapped, 0.0, 1.0)


def _threshold(target: str, wanted: float, values: Reals, truth: Bits, open_scores: Reals) -> Threshold:
    """Return the threshold that meets a target on the decided items: for recall the highest, for precision the lowest.

    Of several that reach a precision, the one with the highest recall.
    """
    nothing = Threshold(target, wanted, None, Estimate(None, 0), Estimate(None, 0), 0, len(open_scores))
    total = int(truth.sum())
    if not total:
        return nothing
    order = np.argsort(-values, kind="stable")
    ranked, hits = values[order], np.cumsum(truth[order])
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))  # equal scores stand or fall together
    above, found = ends + 1, hits[ends]
    meets = found / total >= wanted if target == "recall" else found / above >= wanted
    places = np.flatnonzero(meets)
    if not len(places):
        return nothing
    place = places[0] if target == "recall" else places[-1]
    score = float(ranked[ends[place]])
    return Threshold(
        target=target,
        wanted=wanted,
        score=score,
        precision=share_of(int(found[place]), int(above[place])),
        recall=share_of(int(found[place]), total),
        workload=int((open_scores >= score).sum()),
        open_items=len(open_scores),
    )
