"""Deciding a selection at once, and giving the reasons of a blind decision once its verdict is shown.

It owns that a batch is one transaction and one step to take back, each decision recorded by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.domain import BatchSummary, Cause, Decision, Review, SecondState, utc_now
from core.errors import AppError, UsageError
from core.services.members import Deed, require
from core.services.review import Given, draft, get_review
from core.services.sight import as_seen, rules_of, wants_second
from core.services.workspace import UndoStep, Workspace

LARGEST_BATCH = 1_000


def decide_many(
    workspace: Workspace,
    *,
    keys: Sequence[int],
    label: str | None = None,
    agree: bool = False,
    cause: Cause | None = None,
    rule_id: str | None = None,
    note: str = "",
    seconds: float | None = None,
) -> BatchSummary:
    """Decide several entries alike, all or none of those that can be; return the decisions and what was left out.

    Left out, with the reason: an entry whose policy lacks the label or the rule, one without a policy, one with no
    verdict (or a hidden one) to agree with, one that wants an independent decision, one that needs a reason.
    `seconds` is the time for all of them; each decision gets its part.

    Raises:
        RoleError: an auditor, or no member. UsageError: no entry, more than 1,000, or none of them can be decided so.
    """
    require(workspace, Deed.REVIEW)
    wanted = list(dict.fromkeys(keys))
    if not 0 < len(wanted) <= LARGEST_BATCH:
        raise UsageError(f"A batch has 1 to {LARGEST_BATCH:,} items.", "Select fewer of them.")
    each = None if seconds is None else seconds / len(wanted)
    given = Given(label, agree, cause, rule_id, note, each)
    drafted: list[tuple[Review, Decision]] = []
    left: list[tuple[int, str]] = []
    for key in wanted:
        try:
            drafted.append(_draft_one(workspace, key, given))
        except AppError as error:
            left.append((key, error.message))
    if not drafted:
        raise UsageError(left[0][1], "Select other items, or decide them one by one.")
    decisions = [decision for _, decision in drafted]
    asked = [wants_second(workspace, rules_of(workspace, one.policy_id), one.item_id) for one in decisions]
    with workspace.undo_lock:
        stored = workspace.store.add_decisions(decisions, actor=workspace.reviewer, wanted=asked)
        batch = 1 + max((step.batch for step in workspace.undo_steps), default=0)
        for (review, _), (entry, decision) in zip(drafted, stored, strict=True):
            standing = review.decision.key if review.decision is not None else None
            step = UndoStep(entry, review.state, decision=decision.key, standing=standing, batch=batch)
            workspace.undo_steps.append(step)
    return BatchSummary(tuple(decision for _, decision in stored), tuple(left))


def _draft_one(workspace: Workspace, key: int, given: Given) -> tuple[Review, Decision]:
    review = get_review(workspace, key=key)
    hidden = as_seen(workspace, review).hidden
    if hidden.decisions:
        raise UsageError("It wants an independent decision.", "Decide it by itself.")
    if hidden.verdict and given.agree:
        raise UsageError("Its verdict is hidden until it is decided.", "Decide it by itself.")
    second = workspace.store.second_review(key)
    if second is not None and second.state is SecondState.DIFFERS:
        raise UsageError("Two reviewers differ on it.", "Settle it by itself.")
    return review, draft(workspace, review, replace(given, blind=hidden.verdict))


def explain(
    workspace: Workspace, *, key: int, cause: Cause | None = None, rule_id: str | None = None, note: str = ""
) -> Decision:
    """Add reasons to this reviewer's standing decision, whose label, time and blindness stay; return it as stored.

    Decision and reasons are taken back together.

    Raises:
        RoleError: an auditor, or no member. UsageError: no decision of this reviewer stands, or no such rule.
    """
    require(workspace, Deed.REVIEW)
    review = get_review(workspace, key=key)
    standing = review.decision
    if standing is None or standing.reviewer != workspace.reviewer:
        raise UsageError("There is no decision of yours to explain.", "Decide the item first.")
    draft(workspace, review, Given(standing.label, False, cause, rule_id, note))
    said = replace(standing, cause=cause, rule_id=rule_id or None, note=note, decided_at=utc_now())
    with workspace.undo_lock:
        entry, stored = workspace.store.add_decision(said, actor=workspace.reviewer)
        steps = workspace.undo_steps
        if steps and steps[-1].decision == standing.key:
            steps[-1] = replace(steps[-1], decision=stored.key)
        else:
            steps.append(UndoStep(entry, review.state, decision=stored.key, standing=standing.key))
    return stored
