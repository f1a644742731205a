"""The JSON shapes of figures. It owns field names: fields may be added, none renamed.

A figure is `{"value", "n", "low", "high", "enough"}`; `value` is null where there are too few to show a number, and
`enough` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.domain.insight import (
    Calibration,
    CalibrationCurve,
    Cell,
    Difference,
    Estimate,
    Figures,
    PolicyMeasures,
    ReviewerMeasures,
    Threshold,
    VersionDrift,
)


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


def figures_to_dict(figures: Figures) -> dict[str, Any]:
    """Return the figures of one part; `confusion` lists human label, model label and how often."""
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
            {"human": human, "model": model, "count": count} for (human, model), count in sorted(figures.labels.items())
        ],
        "causes": {cause.value: count for cause, count in sorted(figures.causes.items())},
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
            {"by": part.dimension.value, "value": part.value, **figures_to_dict(part.figures)}
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
        "pairs": [
            {
                "first": pair.first,
                "second": pair.second,
                "kappa": estimate_to_dict(pair.kappa),
                "agreement": estimate_to_dict(pair.agreement),
            }
            for pair in measures.pairs
        ],
        "golden": [
            {"reviewer": mark.reviewer, "hidden": mark.hidden, "score": estimate_to_dict(mark.score)}
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
    }


def entries_to_dict(entries: Iterable[tuple[int, str]]) -> dict[str, Any]:
    """Return the `insight items` document from (queue entry, item id)."""
    listed = [{"entry": entry, "id": item_id} for entry, item_id in entries]
    return {"total": len(listed), "items": listed}


def intervals_to_dict(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    """Return figures by name."""
    return {name: estimate_to_dict(estimate) for name, estimate in estimates.items()}
