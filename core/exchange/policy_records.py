"""The JSON shapes of policy work: versions, differences, drafts, case sets, test runs and publication.

It owns the field names, which others rely on: fields may be added, none renamed. It reads no database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.domain import (
    Answer,
    Case,
    CaseSet,
    DisagreementGroup,
    Draft,
    Figures,
    Flip,
    FlipKind,
    PolicyVersion,
    TrialRun,
)
from core.domain.insight import Estimate
from core.exchange.records import by_status_to_dict, time_to_text
from core.policy.clauses import Clause
from core.policy.diff import ClauseDiff, PolicyDiff


def version_to_dict(policy: PolicyVersion) -> dict[str, Any]:
    """Return one object of `policy history`."""
    return {
        "version": policy.version,
        "hash": policy.hash,
        "title": policy.title,
        "author": policy.author,
        "created_at": time_to_text(policy.created_at),
        "note": policy.note,
        "labels": [label.code for label in policy.labels],
    }


def diff_to_dict(diff: PolicyDiff) -> dict[str, Any]:
    """Return the `policy diff` document; clauses that are the same are left out."""
    return {
        "id": diff.after.policy_id,
        "before": {"hash": diff.before.hash, "version": diff.before.version or None},
        "after": {"hash": diff.after.hash, "version": diff.after.version or None},
        "same": diff.empty,
        "fields": [{"field": row.field, "before": row.before, "after": row.after} for row in diff.fields],
        "clauses": [_clause_diff(row) for row in diff.changed],
    }


def _clause_diff(row: ClauseDiff) -> dict[str, Any]:
    return {
        "clause": row.clause,
        "change": row.change.value,
        "before": _clause(row.before),
        "after": _clause(row.after),
    }


def _clause(clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {"id": clause.id or None, "section": clause.section, "line": clause.line, "text": clause.text}


def draft_to_dict(draft: Draft, *, whole: bool = False) -> dict[str, Any]:
    """Return one object of `policy draft`; the text only where the whole is asked for."""
    shown: dict[str, Any] = {
        "name": draft.name,
        "policy": draft.policy_id,
        "base_hash": draft.base_hash or None,
        "origin": draft.origin.value,
        "author": draft.author,
        "note": draft.note,
        "created_at": time_to_text(draft.created_at),
        "updated_at": time_to_text(draft.updated_at),
    }
    return {**shown, "document": draft.document} if whole else shown


def case_set_to_dict(case_set: CaseSet) -> dict[str, Any]:
    """Return one object of `policy cases`."""
    return {
        "name": case_set.name,
        "cases": case_set.cases,
        "violating": case_set.violating,
        "blind": case_set.blind,
        "policies": list(case_set.policies),
        "note": case_set.note,
        "created_by": case_set.created_by,
        "created_at": time_to_text(case_set.created_at),
    }


def case_to_dict(case: Case) -> dict[str, Any]:
    """Return one case; its content is the item's."""
    return {
        "item": case.item_id,
        "policy": case.policy_id,
        "label": case.label,
        "violates": case.violates,
        "rule_id": case.rule_id,
        "source": case.source.value,
        "removed": case.removed,
    }


def run_to_dict(run: TrialRun) -> dict[str, Any]:
    """Return what a run is and how its cases ended, without the cases."""
    return {
        "run": run.key or None,
        "policy": run.policy_id,
        "draft_hash": run.draft_hash,
        "against_hash": run.against_hash or None,
        "case_set": run.case_set,
        "cases": len(run.flips),
        **{kind.value: run.count(kind) for kind in FlipKind},
        "model": run.model,
        "model_sha256": run.model_sha256,
        "effort": run.effort or None,
        "fast": run.fast,
        "by": run.actor,
        "started_at": time_to_text(run.started_at),
        "finished_at": time_to_text(run.finished_at),
    }


def flip_to_dict(flip: Flip) -> dict[str, Any]:
    """Return one case of a run."""
    return {
        "item": flip.case.item_id,
        "policy": flip.case.policy_id,
        "kind": flip.kind.value,
        "label": flip.case.label,
        "violates": flip.case.violates,
        "clause": flip.clause or None,
        "was_right": flip.was_right,
        "is_right": flip.is_right,
        "before": _answer(flip.before),
        "after": _answer(flip.after),
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "status": answer.status.value,
        "label": answer.label,
        "violates": answer.violates,
        "rule_ids": list(answer.rule_ids),
        "output_tokens": answer.output_tokens,
        "seconds": answer.seconds,
    }


def estimate_to_dict(estimate: Estimate | None) -> dict[str, Any] | None:
    """Return a figure with its 95% interval."""
    return (
        None
        if estimate is None
        else {
            "value": estimate.value,
            "n": estimate.n,
            "low": estimate.low,
            "high": estimate.high,
        }
    )


def figures_to_dict(figures: Figures | None) -> dict[str, Any] | None:
    """Return how one text does on the cases."""
    if figures is None:
        return None
    names = ("right", "agreement", "precision", "recall", "f1", "kappa")
    return {
        "cases": figures.cases,
        "read": figures.n,
        **{name: estimate_to_dict(getattr(figures, name)) for name in names},
        "by_status": by_status_to_dict(figures.by_status),
        "prompt_tokens": figures.prompt_tokens,
        "output_tokens": figures.output_tokens,
        "seconds": figures.seconds,
    }


def flips_to_list(flips: Iterable[Flip]) -> list[dict[str, Any]]:
    """Return cases of a run, those that were lost first, then those that were won."""
    order = {FlipKind.NEWLY_BROKEN: 0, FlipKind.UNPARSED: 1, FlipKind.FIXED: 2, FlipKind.UNCHANGED: 3}
    return [flip_to_dict(flip) for flip in sorted(flips, key=lambda flip: order[flip.kind])]


def group_to_dict(group: DisagreementGroup) -> dict[str, Any]:
    """Return one object of `policy refine groups`; `alike` lists item ids, the largest cluster first."""
    return {
        "group": group.key,
        "cause": group.cause.value if group.cause else None,
        "clause": group.clause or None,
        "clause_text": group.clause_text or None,
        "line": group.line or None,
        "missed": group.missed,
        "overdone": group.overdone,
        "items": [
            {
                "item": item.item_id,
                "excerpt": item.excerpt,
                "label": item.human_label,
                "model_label": item.model_label,
                "rule_ids": list(item.cited),
                "note": item.note,
            }
            for item in group.items
        ],
        "alike": [[group.items[index].item_id for index in cluster] for cluster in group.alike],
    }
