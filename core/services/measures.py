"""The verb `stats`: how far humans and the model agree under each policy.

It owns which pairs are compared and which figure answers which question; the counts are made in the store and the
formulae belong to `core.insight`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat

from core.domain import PolicyStats
from core.domain.insight import Estimate
from core.insight.agreement import Agreement, Pair, measure_agreement
from core.insight.intervals import f1_of, kappa_of, share_of
from core.services.policies import check_policy
from core.services.workspace import Workspace
from core.store.reports import PolicyCounts


def stats(workspace: Workspace, *, policy_id: str | None = None) -> list[PolicyStats]:
    """Return the figures of every policy of the workspace, by id, or of one.

    `items` counts queue entries of the policy, `judged` those with a verdict and `by_status` their latest verdicts,
    `decided` those with a standing decision. Compared are the standing decisions with the parsed verdict they were
    made on; a label that came before any verdict is compared with the latest one of the same policy version.

    `agreement` is the share of compared decisions that are no disagreement: same label, and so same `violates`.
    `kappa`, `precision`, `recall` and `f1` ask only whether the content violates, with the human as the truth.

    Raises:
        UsageError: there is no such policy.
    """
    check_policy(workspace, policy_id)
    known = [policy_id] if policy_id else [policy.policy_id for policy in workspace.store.list_policies()]
    counts = workspace.store.policy_counts(policy_id)
    return [_figures(name, counts.get(name, PolicyCounts())) for name in known]


def _figures(policy_id: str, counts: PolicyCounts) -> PolicyStats:
    measured = measure_agreement(_pairs(counts))
    return PolicyStats(
        policy_id=policy_id,
        items=counts.items,
        judged=counts.judged,
        decided=counts.decided,
        compared=measured.n,
        agreement=measured.label_agreement,
        kappa=measured.kappa,
        precision=measured.precision,
        recall=measured.recall,
        f1=measured.f1,
        by_status=dict(counts.by_status),
        estimates=_estimates(measured),
    )


def _estimates(measured: Agreement) -> dict[str, Estimate]:
    """Return the figures of `stats` with n and interval."""
    both, model_only = measured.true_positives, measured.false_positives
    human_only, neither = measured.false_negatives, measured.true_negatives
    same = sum(count for (human, model), count in measured.labels.items() if human == model)
    sides = {(True, True): both, (False, True): model_only, (True, False): human_only, (False, False): neither}
    return {
        "agreement": share_of(same, measured.n),
        "kappa": kappa_of(sides),
        "precision": share_of(both, both + model_only),
        "recall": share_of(both, both + human_only),
        "f1": f1_of(both, model_only, human_only),
    }


def _pairs(counts: PolicyCounts) -> Iterator[Pair]:
    for (label, violates, said, said_violates), count in counts.pairs.items():
        yield from repeat(Pair(bool(violates), bool(said_violates), label or "", said or ""), count)
