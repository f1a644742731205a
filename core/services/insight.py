"""The verbs of measuring: figures by any dimension, reviewers beside each other, drift, calibration, items behind.

It owns what is read for each question and who may see whose score; arithmetic belongs to `core.insight`, and its heavy
libraries are loaded when a verb needs them. Nothing here changes the workspace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from core.domain import Role
from core.domain.insight import (
    Calibration,
    Comparison,
    Dimension,
    GoldenScore,
    PolicyMeasures,
    ReviewerMeasures,
    Threshold,
    VersionDrift,
)
from core.errors import UsageError
from core.insight.intervals import share_of
from core.services.members import role_of
from core.services.policies import check_policy
from core.services.workspace import Workspace


def policy_measures(
    workspace: Workspace, *, policy_id: str | None = None, by: Sequence[Dimension] = tuple(Dimension)
) -> PolicyMeasures:
    """Return the figures of one policy, or of all together, whole and by each dimension.

    Compared are the standing decisions with the parsed verdict they were made on. Takes about ten seconds for a
    million decisions.

    Raises:
        UsageError: there is no such policy.
    """
    from core.insight.measures import measure

    return measure(_comparisons(workspace, policy_id), policy_id=policy_id, dimensions=tuple(dict.fromkeys(by)))


def reviewer_measures(workspace: Workspace, *, policy_id: str | None = None) -> ReviewerMeasures:
    """Return how far the reviewers agree with each other and with reference labels.

    A reviewer's score on golden items, and on items that came with a label, is seen by a lead and by that person
    alone; the others are counted in `golden_hidden`.

    Raises:
        UsageError: there is no such policy.
    """
    from core.insight.reviewers import alpha_of, pair_reviewers, reviewers_of, score_golden

    check_policy(workspace, policy_id)
    ratings = workspace.store.ratings(policy_id)
    golden = [*_golden_items(workspace, policy_id), *score_golden(ratings)]
    seen = [score for score in golden if may_see_score(workspace, score.reviewer)]
    return ReviewerMeasures(
        policy_id=policy_id,
        reviewers=reviewers_of(ratings),
        alpha=alpha_of(ratings),
        alpha_violates=alpha_of(ratings, sides=True),
        pairs=tuple(pair_reviewers(ratings)),
        golden=tuple(seen),
        golden_hidden=len(golden) - len(seen),
    )


def may_see_score(workspace: Workspace, reviewer: str) -> bool:
    """Whether the acting person may see how a reviewer did: a lead may, and the person alone."""
    return reviewer == workspace.reviewer or role_of(workspace) is Role.LEAD


def _golden_items(workspace: Workspace, policy_id: str | None) -> list[GoldenScore]:
    """Return how each reviewer did on hidden golden items, over the policies asked for; the first answer counts."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for mark in workspace.store.golden_scores():
        if policy_id in (None, mark.policy_id):
            counts[mark.reviewer][0] += mark.right
            counts[mark.reviewer][1] += mark.decided
    return [GoldenScore(name, share_of(right, decided), hidden=True) for name, (right, decided) in counts.items()]


def version_drift(workspace: Workspace, *, policy_id: str) -> list[VersionDrift]:
    """Return what changed from each version of a policy to the next one, oldest first; one version gives none.

    Raises:
        UsageError: there is no such policy.
    """
    from core.insight.drift import drift_between
    from core.insight.measures import Tally, measure

    check_policy(workspace, policy_id)
    versions = workspace.store.policy_history(policy_id)
    measured = measure(
        workspace.store.iter_comparisons(policy_id=policy_id), policy_id=policy_id, dimensions=(Dimension.VERSION,)
    )
    figures = {part.value: part.figures for part in measured.parts}
    nothing = Tally().figures()
    return [
        drift_between(
            policy_id,
            (before.version, after.version),
            (
                figures.get(f"{policy_id} v{before.version}", nothing),
                figures.get(f"{policy_id} v{after.version}", nothing),
            ),
            (workspace.store.sides_of(before.hash), workspace.store.sides_of(after.hash)),
            workspace.store.sides_by_version(before.hash, after.hash),
        )
        for before, after in pairwise(versions)
    ]


def calibration(
    workspace: Workspace,
    *,
    policy_id: str,
    target_recall: float | None = 0.95,
    target_precision: float | None = 0.9,
) -> Calibration:
    """Return how honest the scores of one policy are, and the thresholds that meet the targets.

    Raises:
        UsageError: there is no such policy, or a target is not above 0 and at most 1.
    """
    from core.insight.calibration import calibrate

    for target in (target_recall, target_precision):
        if target is not None and not 0 < target <= 1:
            raise UsageError("A target is a share.", "Give a number above 0 and at most 1, such as 0.95.")
    scored = _scored(workspace, policy_id)
    return calibrate(
        policy_id,
        [score for score, _ in scored],
        [side for _, side in scored],
        open_scores=workspace.store.open_scores(policy_id),
        target_recall=target_recall,
        target_precision=target_precision,
    )


def thresholds(workspace: Workspace, *, policy_id: str, targets: Sequence[tuple[str, float]]) -> list[Threshold]:
    """Return the threshold that meets each target, (`recall` or `precision`, share), with the work it costs.

    Raises:
        UsageError: there is no such policy.
    """
    import numpy as np

    from core.insight.calibration import thresholds_of

    scored = _scored(workspace, policy_id)
    values = np.array([score for score, _ in scored], dtype=np.float64)
    truth = np.array([side for _, side in scored], dtype=np.bool_)
    return list(thresholds_of(values, truth, workspace.store.open_scores(policy_id), targets))


def _scored(workspace: Workspace, policy_id: str) -> list[tuple[float, bool]]:
    """Return (score, human side) of every decided item whose verdict has a score."""
    return [
        (item.score, item.human_violates)
        for item in _comparisons(workspace, policy_id)
        if item.compared and item.score is not None
    ]


def _comparisons(workspace: Workspace, policy_id: str | None) -> Iterator[Comparison]:
    check_policy(workspace, policy_id)
    return workspace.store.iter_comparisons(policy_id=policy_id)
