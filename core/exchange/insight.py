"""The JSON shapes of figures. It owns field names: fields may be added, none renamed.

A figure is `{"value", "n", "low", "high", "enough"}`; `value` is null where there are too few to show a number, and
`enough` says so. `behind` is the key of the items a figure stands on, which `insight items --behind` lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.domain.behind import Compared, Marked, OpenItems, Shared, Stepped
from core.domain.insight import (
    Calibration,
    CalibrationCurve,
    Cell,
    Difference,
    Dimension,
    Estimate,
    Figures,
    PolicyMeasures,
    ReliabilityBin,
    ReviewerMeasures,
    Threshold,
    VersionDrift,
)
from core.exchange.behind import key_of

RAW = "raw"
"""The curve of the scores as they are; those of mapped ones are out of fold, and no item is in one of their bins."""


def estimate_to_dict(estimate: Estimate) -> dict[str, Any]:
    """Return one figure; with too few it has an n and nothing else."""
    shown = estimate.enough
    return {
        "value": estimate.value if shown else None,
        "n": estimate.n,
        "low": estimate.low if shown else None,
        "high": estimate.high if shown else None,
        "enough": shown,
    }


STANDS_ON = {
    "decided": Cell.DECIDED,
    "compared": Cell.ALL,
    "agreement": Cell.DISAGREEMENT,
    "kappa": Cell.ALL,
    "precision": Cell.FLAGGED,
    "recall": Cell.VIOLATING,
    "f1": Cell.EITHER,
    "seconds": Cell.TIMED,
}
"""What opens behind each figure of a part: its n, and of the agreement the items that differ."""


def figures_to_dict(figures: Figures, by: Dimension | None = None, value: str = "") -> dict[str, Any]:
    """Return the figures of one part; `confusion` lists human label, model label and how often."""
    part = Compared(by, value)
    return {
        "decided": figures.decided,
        "compared": figures.compared,
        "agreement": estimate_to_dict(figures.agreement),
        "kappa": estimate_to_dict(figures.kappa),
        "precision": estimate_to_dict(figures.precision),
        "recall": estimate_to_dict(figures.recall),
        "f1": estimate_to_dict(figures.f1),
        "seconds": estimate_to_dict(figures.seconds),
        "cells": {cell.value: figures.cells.get(cell, 0) for cell in Cell},
        "confusion": [
            {
                "human": human,
                "model": model,
                "count": count,
                "behind": key_of(replace(part, human=human, model=model)),
            }
            for (human, model), count in sorted(figures.labels.items())
        ],
        "causes": {cause.value: count for cause, count in sorted(figures.causes.items())},
        "behind": {
            **{name: key_of(replace(part, cell=cell)) for name, cell in STANDS_ON.items()},
            **{f"cause {cause.value}": key_of(replace(part, cause=cause)) for cause in sorted(figures.causes)},
        },
    }


def difference_to_dict(difference: Difference) -> dict[str, Any]:
    """Return two shares and how far they lie apart."""
    return {
        "first": estimate_to_dict(difference.first),
        "second": estimate_to_dict(difference.second),
        "difference": estimate_to_dict(difference.difference),
        "p": difference.p if difference.difference.enough else None,
        "test": difference.test,
    }


def measures_to_dict(measures: PolicyMeasures) -> dict[str, Any]:
    """Return the `insight show` document."""
    gap = measures.blind_gap
    return {
        "policy": measures.policy_id,
        "whole": figures_to_dict(measures.whole),
        "blind_gap": {**difference_to_dict(gap), "first_is": "assisted", "second_is": "blind"},
        "parts": [
            {
                "by": part.dimension.value,
                "value": part.value,
                **figures_to_dict(part.figures, part.dimension, part.value),
            }
            for part in measures.parts
        ],
    }


def reviewers_to_dict(measures: ReviewerMeasures) -> dict[str, Any]:
    """Return the `insight reviewers` document; `golden` holds the scores this person may see."""
    return {
        "policy": measures.policy_id,
        "reviewers": list(measures.reviewers),
        "alpha": estimate_to_dict(measures.alpha),
        "alpha_violates": estimate_to_dict(measures.alpha_violates),
        "behind": key_of(Shared()),
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "kappa": estimate_to_dict(pair.kappa),
                "agreement": estimate_to_dict(pair.agreement),
                "behind": key_of(Shared(pair.first, pair.second)),
                "differ": key_of(Shared(pair.first, pair.second, differ=True)),
            }
            for pair in measures.pairs
        ],
        "golden": [
            {
                "reviewer": mark.reviewer,
                "hidden": mark.hidden,
                "score": estimate_to_dict(mark.score),
                "behind": key_of(Marked(mark.reviewer, mark.hidden)),
                "wrong": key_of(Marked(mark.reviewer, mark.hidden, wrong=True)),
            }
            for mark in measures.golden
        ],
        "golden_hidden": measures.golden_hidden,
    }


def drift_to_dict(policy_id: str, steps: Iterable[VersionDrift]) -> dict[str, Any]:
    """Return the `insight drift` document, oldest step first; differences are after less before."""
    return {
        "policy": policy_id,
        "steps": [
            {
                "before": step.before,
                "after": step.after,
                "agreement": difference_to_dict(step.agreement),
                "violating": difference_to_dict(step.violating),
                "judged_by_both": sum(step.flips.values()),
                "to_violating": step.flips.get((False, True), 0),
                "to_safe": step.flips.get((True, False), 0),
                "flipped": estimate_to_dict(step.flipped),
                "p": step.p,
                "test": "McNemar's exact test",
                "behind": key_of(Stepped(step.before, step.after)),
                "behind_flipped": key_of(Stepped(step.before, step.after, flipped=True)),
            }
            for step in steps
        ],
    }


def calibration_to_dict(calibration: Calibration) -> dict[str, Any]:
    """Return the `insight calibration` document."""
    return {
        "policy": calibration.policy_id,
        "n": calibration.n,
        "auc": estimate_to_dict(calibration.auc),
        "curves": [_curve_to_dict(curve) for curve in calibration.curves],
        "thresholds": [_threshold_to_dict(threshold) for threshold in calibration.thresholds],
    }


def _curve_to_dict(curve: CalibrationCurve) -> dict[str, Any]:
    return {
        "method": curve.method,
        "expected_calibration_error": estimate_to_dict(curve.error),
        "brier": estimate_to_dict(curve.brier),
        "bins": [
            {
                "from": part.low,
                "to": part.high,
                "mean_score": part.mean_score,
                "violating": estimate_to_dict(part.violating),
                **({"behind": key_of(bin_behind(part))} if curve.method == RAW else {}),
            }
            for part in curve.bins
        ],
    }


def _threshold_to_dict(threshold: Threshold) -> dict[str, Any]:
    return {
        "target": threshold.target,
        "wanted": threshold.wanted,
        "score": threshold.score,
        "precision": estimate_to_dict(threshold.precision),
        "recall": estimate_to_dict(threshold.recall),
        "workload": threshold.workload,
        "open": threshold.open_items,
        "behind": None if threshold.score is None else key_of(OpenItems(threshold.score)),
    }


def bin_behind(part: ReliabilityBin) -> Compared:
    """Return what stands behind a bin of the raw scores; the last one holds the score 1, too."""
    return Compared(score_from=part.low, score_to=part.high if part.high < 1 else None)


def entries_to_dict(entries: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """Return the `insight items` document from (queue entry, item id)."""
    listed = [{"entry": entry, "id": item_id} for entry, item_id in entries]
    return {"total": len(listed), "items": listed}


def intervals_to_dict(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    """Return figures by name."""
    return {name: estimate_to_dict(estimate) for name, estimate in estimates.items()}
