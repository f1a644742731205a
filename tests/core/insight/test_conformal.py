"""The bound on what may wait: 500 simulated workspaces whose true error is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from core.errors import UsageError
from core.insight.conformal import guarantee, labels_needed

RUNS = 500


@pytest.mark.parametrize(("labels", "error"), [(60, 0.05), (200, 0.1), (300, 0.02)])
def test_the_promised_error_is_kept(labels: int, error: float) -> None:
    kept = 0
    for run in range(RUNS):
        random = np.random.default_rng(run)
        violating, safe = random.beta(4, 2, labels), random.beta(1.5, 5, 3 * labels)
        scores = np.concatenate([violating, safe])
        found = guarantee(scores.tolist(), [True] * labels + [False] * 3 * labels, error=error)
        # The share of the violating items to come that would wait, known exactly.
        kept += bool(beta.cdf(found.threshold, 4, 2) <= error)
        assert found.calibrated_on == labels
    assert kept / RUNS >= 0.93


def test_it_lets_something_wait_where_scores_tell_sides_apart() -> None:
    random = np.random.default_rng(1)
    scores = np.concatenate([random.beta(8, 2, 200), random.beta(2, 8, 600)]).tolist()
    found = guarantee(scores, [True] * 200 + [False] * 600, error=0.05)
    assert found.waiting.value is not None
    assert found.waiting.value > 0.5
    assert found.waiting.n == 800


def test_too_few_labels_prove_nothing() -> None:
    needed = labels_needed(0.05)
    assert needed == 59
    with pytest.raises(UsageError) as caught:
        guarantee([0.5] * (needed - 1), [True] * (needed - 1), error=0.05)
    assert "59" in caught.value.message
    assert guarantee([n / 100 for n in range(needed)], [True] * needed, error=0.05).threshold == 0.0


@pytest.mark.parametrize("error", [0.0, 1.0, -1.0, float("nan")])
def test_an_error_is_a_share(error: float) -> None:
    with pytest.raises(UsageError):
        guarantee([0.5] * 100, [True] * 100, error=error)


def test_what_is_more_likely_violating_than_not_never_waits() -> None:
    scores = [0.95 - n / 1000 for n in range(60)] + [0.1] * 100
    assert guarantee(scores, [True] * 60 + [False] * 100, error=0.5).threshold == 0.5
