"""The verbs of reviewing: look at the queue, decide, skip, escalate, undo.

It owns what a decision must be before it is stored: a label and a rule the policy has, a verdict to agree with.
Everything it changes is appended; undo is a further record.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain import (
    Cause,
    Decision,
    EntryState,
    Item,
    Label,
    PolicyVersion,
    QueueCounts,
    QueueFilter,
    QueueRow,
    Review,
    Verdict,
    VerdictStatus,
    utc_now,
)
from core.errors import UsageError
from core.policy.labels import find_label
from core.services.members import Deed, require
from core.services.workspace import UndoStep, Workspace

LONGEST_NOTE = 10_000  # characters


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What was taken back: the queue entry and one word (`decision`, `skip`, `escalation`)."""

    key: int
    what: str


def queue_ids(workspace: Workspace, *, filter: QueueFilter) -> array[int]:  # noqa: A002 - the field's own word
    """Return the keys of the queue entries that match, in order. A million take about a second."""
    return workspace.store.queue_ids(filter)


def queue_rows(workspace: Workspace, *, keys: Sequence[int]) -> list[QueueRow]:
    """Return one row for each key, in their order; a key that is gone is left out."""
    return workspace.store.queue_rows(keys)


def queue_counts(workspace: Workspace, *, policy_id: str | None = None) -> QueueCounts:
    """Return how many entries stand in each state."""
    return workspace.store.queue_counts(policy_id)


def get_review(workspace: Workspace, *, key: int) -> Review:
    """Return everything about one queue entry.

    Raises:
        UsageError: it is gone.
    """
    review = workspace.store.get_review(key)
    if review is None:
        raise UsageError("There is no such queue entry.", "Reload the queue.")
    return review


def find_entry(workspace: Workspace, *, item_id: str, policy_id: str | None = None) -> int:
    """Return the queue entry of an item under a policy, made if it is not there; without a policy its only one.

    Raises:
        RoleError: an entry would have to be made, and the role may not.
        UsageError: no such item or policy, the item is for another policy, or several could be meant.
    """
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    if policy_id is not None:
        _current(workspace, policy_id)
        if item.policy not in (None, policy_id):
            raise UsageError(f"That item was imported for the policy {item.policy}.", f"Use --policy {item.policy}.")
    key = workspace.store.find_entry(item_id, policy_id)
    if key is not None:
        return key
    if policy_id is None:
        raise UsageError("It is not clear under which policy.", "Name one with --policy; see `main.py policy list`.")
    require(workspace, Deed.REVIEW)
    return workspace.store.open_entry(item_id, policy_id)


def decide(
    workspace: Workspace,
    *,
    key: int,
    label: str | None = None,
    agree: bool = False,
    policy_id: str | None = None,
    cause: Cause | None = None,
    rule_id: str | None = None,
    note: str = "",
    seconds: float | None = None,
    blind: bool = False,
    reviewer: str | None = None,
    decided_at: datetime | None = None,
    imported: bool = False,
) -> Decision:
    """Record a decision on a queue entry and return it as stored.

    `label` is a code or alias of the policy version that judged, else of the current one; `agree` takes the
    verdict's. A later decision on the same entry supersedes the earlier one. `policy_id` is needed where the entry
    has no policy yet; naming another one decides the item's entry under that policy. `seconds` from 0.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: no policy, an unknown label or rule, nothing to agree with, both or neither of label and agree.
    """
    require(workspace, Deed.REVIEW)
    review = _review_under(workspace, key, policy_id)
    check_content(review.item)
    policy = review.policy or _current(workspace, policy_id)
    verdict = review.verdict
    chosen = _label(policy, verdict, label, agree=agree)
    _check_details(policy, rule_id, note, seconds)
    decision = Decision(
        item_id=review.item.id,
        policy_id=policy.policy_id,
        policy_hash=policy.hash,
        label=chosen.code,
        violates=chosen.violates,
        agrees=_agrees(chosen, verdict),
        reviewer=reviewer or workspace.reviewer,
        decided_at=decided_at or utc_now(),
        cause=cause,
        rule_id=rule_id or None,
        note=note,
        blind=blind,
        seconds=seconds,
        verdict_key=verdict.key if verdict else None,
        imported=imported or (reviewer is not None and reviewer != workspace.reviewer),
    )
    return _store(workspace, review, decision)


def check_content(item: Item) -> None:
    """Refuse an item whose content was removed for good.

    Raises:
        UsageError: it was.
    """
    if item.removed_at is not None:
        raise UsageError(
            f"The content of that item was removed on {item.removed_at:%Y-%m-%d}.",
            "There is nothing left to judge; what was decided stays.",
        )


def _check_details(policy: PolicyVersion, rule_id: str | None, note: str, seconds: float | None) -> None:
    if rule_id and policy.rule(rule_id) is None:
        raise UsageError(
            f"The policy {policy.policy_id} has no rule {rule_id}.", "See `main.py policy show` for its rules."
        )
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"The note is longer than {LONGEST_NOTE:,} characters.", "Shorten it.")
    if seconds is not None and not 0 <= seconds < math.inf:
        raise UsageError("The seconds are not a number from 0.", "Leave them out if they are not known.")


def _store(workspace: Workspace, review: Review, decision: Decision) -> Decision:
    """Store a decision and remember what stood before it; one that was imported is not this session's to undo."""
    with workspace.undo_lock:
        entry, stored = workspace.store.add_decision(decision, actor=workspace.reviewer)
        if not stored.imported:
            standing = review.decision.key if review.decision is not None else None
            workspace.undo_steps.append(UndoStep(entry, review.state, decision=stored.key, standing=standing))
    return stored


def _review_under(workspace: Workspace, key: int, policy_id: str | None) -> Review:
    """Return the review of an entry, or of the same item's entry under the policy that is named."""
    review = get_review(workspace, key=key)
    if policy_id is None or (review.policy is not None and review.policy.policy_id == policy_id):
        return review
    return get_review(workspace, key=find_entry(workspace, item_id=review.item.id, policy_id=policy_id))


def _current(workspace: Workspace, policy_id: str | None) -> PolicyVersion:
    """Return the current version of a policy; its hash is no name for it here."""
    if policy_id is None:
        raise UsageError("No policy was chosen for this item.", "Name one with --policy; see `main.py policy list`.")
    policy = workspace.store.get_policy(policy_id)
    if policy is None or policy.policy_id != policy_id:
        raise UsageError(f"There is no policy {policy_id}.", "See `main.py policy list`.")
    return policy


def _label(policy: PolicyVersion, verdict: Verdict | None, label: str | None, *, agree: bool) -> Label:
    if agree == (label is not None):
        raise UsageError("Give either a label or agreement.", "Use --agree, or --label CODE.")
    if agree:
        if verdict is None or verdict.fast or verdict.status is not VerdictStatus.PARSED or verdict.label is None:
            raise UsageError("There is no verdict to agree with.", "Give the label with --label CODE.")
        label = verdict.label
    chosen = find_label(policy.labels, label or "")
    if chosen is None:
        codes = ", ".join(entry.code for entry in policy.labels)
        raise UsageError(f"The policy {policy.policy_id} has no such label.", f"Use one of: {codes}.")
    return chosen


def _agrees(chosen: Label, verdict: Verdict | None) -> bool | None:
    # A fast pass orders the queue; it is no verdict to agree or disagree with.
    if verdict is None or verdict.fast or verdict.status is not VerdictStatus.PARSED:
        return None
    return chosen.code == verdict.label and chosen.violates == verdict.violates


def skip(workspace: Workspace, *, key: int, reason: str = "") -> EntryState:
    """Put an entry aside for this reviewer; return the state it had.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: it is decided or gone.
    """
    return _mark(workspace, key, EntryState.SKIPPED, reason)


def escalate(workspace: Workspace, *, key: int, reason: str = "") -> EntryState:
    """Hand an entry to a lead; return the state it had.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: it is decided or gone.
    """
    return _mark(workspace, key, EntryState.ESCALATED, reason)


def _mark(workspace: Workspace, key: int, state: EntryState, reason: str) -> EntryState:
    require(workspace, Deed.REVIEW)
    with workspace.undo_lock:
        before = workspace.store.mark(key, state, reviewer=workspace.reviewer, reason=reason)
        workspace.undo_steps.append(UndoStep(key, before, mark=state))
    return before


def undo(workspace: Workspace) -> UndoResult | None:
    """Take back this session's last step, or return None when there is none left. Any number of steps.

    A decision is taken back by a further one: the decision that stood before it again, or a withdrawal. A step that
    someone else has built upon meanwhile is given up, so that the next call reaches the one before it.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: someone else decided or marked the item meanwhile.
    """
    require(workspace, Deed.REVIEW)
    with workspace.undo_lock:
        if not workspace.undo_steps:
            return None
        step = workspace.undo_steps[-1]
        try:
            result = _take_back(workspace, step)
        except UsageError:
            workspace.undo_steps.pop()
            raise
        workspace.undo_steps.pop()
    return result


def _take_back(workspace: Workspace, step: UndoStep) -> UndoResult:
    if step.decision is not None:
        _restore_decision(workspace, step, step.decision)
        return UndoResult(step.entry, "decision")
    what = "escalation" if step.mark is EntryState.ESCALATED else "skip"
    workspace.store.mark(
        step.entry, step.before, reviewer=workspace.reviewer, reason=f"undo of a {what}", after=step.mark
    )
    return UndoResult(step.entry, what)


def _restore_decision(workspace: Workspace, step: UndoStep, undone_key: int) -> None:
    """Append the decision that stood before the step once more, or a withdrawal when none did."""
    history = {decision.key: decision for decision in get_review(workspace, key=step.entry).history}
    earlier = history.get(step.standing or 0)
    if earlier is not None:
        back = replace(earlier, decided_at=utc_now())
    else:
        back = replace(
            history[undone_key], label=None, violates=None, agrees=None, cause=None, rule_id=None, note="", blind=False,
            seconds=None, decided_at=utc_now(), withdrawn=True, reviewer=workspace.reviewer,
        )  # fmt: skip
    _, stored = workspace.store.add_decision(back, actor=workspace.reviewer, after=undone_key, state=step.before)
    for index, other in enumerate(workspace.undo_steps):
        if earlier is not None and other.decision == earlier.key:  # its decision stands under a new key now
            workspace.undo_steps[index] = replace(other, decision=stored.key)
