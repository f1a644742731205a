"""The verbs of reviewing: look at the queue, decide, skip, escalate, undo.

It owns what a decision must be before it is stored: a label and a rule the policy has, a verdict to agree with.
Everything it changes is appended; undo is a further record.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain import (
    Cause,
    Decision,
    EntryState,
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
    """Return the queue entry of an item under a policy.

    Raises:
        UsageError: there is none, or several policies could be meant.
    """
    key = workspace.store.find_entry(item_id, policy_id)
    if key is not None:
        return key
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    if policy_id is not None and workspace.store.get_policy(policy_id) is not None:
        if item.policy is not None and item.policy != policy_id:
            raise UsageError(f"That item was imported for the policy {item.policy}.", f"Use --policy {item.policy}.")
        return workspace.store.open_entry(item_id, policy_id)
    raise UsageError("It is not clear under which policy.", "Name one with --policy; see `main.py policy list`.")


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
    verdict's. A later decision on the same entry supersedes the earlier one.

    Raises:
        UsageError: no policy, an unknown label or rule, nothing to agree with, both or neither of label and agree.
    """
    review = get_review(workspace, key=key)
    policy = _policy(workspace, review, policy_id)
    verdict = review.verdict if review.verdict and review.verdict.policy_id == policy.policy_id else None
    chosen = _label(policy, verdict, label, agree=agree)
    if rule_id and policy.rule(rule_id) is None:
        raise UsageError(
            f"The policy {policy.policy_id} has no rule {rule_id}.", "See `main.py policy show` for its rules."
        )
    if len(note) > LONGEST_NOTE:
        raise UsageError(f"The note is longer than {LONGEST_NOTE:,} characters.", "Shorten it.")
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
    entry, stored = workspace.store.add_decision(decision, actor=workspace.reviewer)
    with workspace.undo_lock:
        workspace.undo_steps.append(UndoStep(entry, decision=stored.key))
    return stored


def _policy(workspace: Workspace, review: Review, policy_id: str | None) -> PolicyVersion:
    if review.policy is not None and policy_id in (None, review.policy.policy_id):
        return review.policy
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
        if verdict is None or verdict.status is not VerdictStatus.PARSED or verdict.label is None:
            raise UsageError("There is no verdict to agree with.", "Give the label with --label CODE.")
        label = verdict.label
    chosen = find_label(policy.labels, label or "")
    if chosen is None:
        codes = ", ".join(entry.code for entry in policy.labels)
        raise UsageError(f"The policy {policy.policy_id} has no such label.", f"Use one of: {codes}.")
    return chosen


def _agrees(chosen: Label, verdict: Verdict | None) -> bool | None:
    if verdict is None or verdict.status is not VerdictStatus.PARSED:
        return None
    return chosen.code == verdict.label and chosen.violates == verdict.violates


def skip(workspace: Workspace, *, key: int, reason: str = "") -> EntryState:
    """Put an entry aside for this reviewer; return the state it had.

    Raises:
        UsageError: it is decided or gone.
    """
    return _mark(workspace, key, EntryState.SKIPPED, reason)


def escalate(workspace: Workspace, *, key: int, reason: str = "") -> EntryState:
    """Hand an entry to a lead; return the state it had.

    Raises:
        UsageError: it is decided or gone.
    """
    return _mark(workspace, key, EntryState.ESCALATED, reason)


def _mark(workspace: Workspace, key: int, state: EntryState, reason: str) -> EntryState:
    before = workspace.store.mark(key, state, reviewer=workspace.reviewer, reason=reason)
    with workspace.undo_lock:
        workspace.undo_steps.append(UndoStep(key, before=before))
    return before


def undo(workspace: Workspace) -> UndoResult | None:
    """Take back this session's last step, or return None when there is none left. Any number of steps.

    A decision is taken back by a further one: the decision that stood before it again, or a withdrawal.
    """
    with workspace.undo_lock:
        if not workspace.undo_steps:
            return None
        step = workspace.undo_steps.pop()
    try:
        return _take_back(workspace, step)
    except Exception:
        with workspace.undo_lock:
            workspace.undo_steps.append(step)
        raise


def _take_back(workspace: Workspace, step: UndoStep) -> UndoResult:
    if step.decision is None:
        review = get_review(workspace, key=step.entry)
        what = "escalation" if review.state is EntryState.ESCALATED else "skip"
        workspace.store.mark(
            step.entry, step.before or EntryState.JUDGED, reviewer=workspace.reviewer, reason=f"undo of a {what}"
        )
        return UndoResult(step.entry, what)
    review = get_review(workspace, key=step.entry)
    history = {decision.key: decision for decision in review.history}
    undone = history[step.decision]
    if review.history[-1].key != undone.key:
        raise UsageError("That decision was superseded meanwhile.", "Decide the item again instead.")
    earlier = history.get(undone.supersedes or 0)
    now = utc_now()
    if earlier is not None and not earlier.withdrawn:
        back = replace(earlier, decided_at=now, note=earlier.note, key=0, supersedes=None)
    else:
        back = replace(
            undone, label=None, violates=None, agrees=None, cause=None, rule_id=None, note="", blind=False,
            seconds=None, decided_at=now, withdrawn=True, reviewer=workspace.reviewer, key=0, supersedes=None,
        )  # fmt: skip
    workspace.store.add_decision(back, actor=workspace.reviewer)
    return UndoResult(step.entry, "decision")
