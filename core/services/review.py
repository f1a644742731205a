"""The verbs of reviewing: look at the queue, decide, skip, escalate.

It owns what a decision must be before it is stored: a label and a rule the policy has, a verdict to agree with, the
reasons the policy's rules of review ask for. Everything it changes is appended.
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
    SecondState,
    Verdict,
    VerdictStatus,
    utc_now,
)
from core.errors import UsageError
from core.policy.labels import find_label
from core.services.members import Deed, require
from core.services.reasons import check_reasons
from core.services.sight import rules_of, wants_second
from core.services.workspace import UndoStep, Workspace

LONGEST_NOTE = 10_000  # characters


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
    given = Given(label, agree, cause, rule_id, note, seconds, blind)
    drafted = draft(workspace, review, given, policy_id=policy_id)
    someone_else = reviewer is not None and reviewer != workspace.reviewer
    decision = replace(
        drafted,
        reviewer=reviewer or workspace.reviewer,
        decided_at=decided_at or utc_now(),
        imported=imported or someone_else,
    )
    return _store(workspace, review, decision)


@dataclass(frozen=True, slots=True)
class Given:
    """What a reviewer says, before it is held against the policy and the verdict."""

    label: str | None = None
    agree: bool = False
    cause: Cause | None = None
    rule_id: str | None = None
    note: str = ""
    seconds: float | None = None
    blind: bool = False


def draft(workspace: Workspace, review: Review, given: Given, *, policy_id: str | None = None) -> Decision:
    """Return the decision that would be stored, by this reviewer and now.

    Raises:
        UsageError: no policy, an unknown label or rule, nothing to agree with, or a reason is missing that the rules of
            the policy ask for.
    """
    check_content(review.item)
    policy = review.policy or _current(workspace, policy_id)
    verdict = review.verdict
    chosen = _label(policy, verdict, given.label, agree=given.agree)
    _check_details(policy, given.rule_id, given.note, given.seconds)
    if not given.blind:  # whether it differs is not known yet
        check_reasons(rules_of(workspace, policy.policy_id), chosen, verdict, given.cause, given.note)
    return Decision(
        item_id=review.item.id,
        policy_id=policy.policy_id,
        policy_hash=policy.hash,
        label=chosen.code,
        violates=chosen.violates,
        agrees=_agrees(chosen, verdict),
        reviewer=workspace.reviewer,
        decided_at=utc_now(),
        cause=given.cause,
        rule_id=given.rule_id or None,
        note=given.note,
        blind=given.blind,
        seconds=given.seconds,
        verdict_key=verdict.key if verdict else None,
    )


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
    wanted = False
    if not decision.imported:
        if review.key in workspace.store.standing_of([review.key], workspace.reviewer).independent:
            return _store_independent(workspace, review, decision)
        check_difference(workspace, review.key)
        wanted = wants_second(workspace, rules_of(workspace, decision.policy_id), decision.item_id)
    with workspace.undo_lock:
        entry, stored = workspace.store.add_decision(decision, actor=workspace.reviewer, wanted=wanted)
        if not stored.imported:
            standing = review.decision.key if review.decision is not None else None
            workspace.undo_steps.append(UndoStep(entry, review.state, decision=stored.key, standing=standing))
    return stored


def _store_independent(workspace: Workspace, review: Review, decision: Decision) -> Decision:
    with workspace.undo_lock:
        stored = workspace.store.add_independent(review.key, decision, actor=workspace.reviewer)
        workspace.undo_steps.append(UndoStep(review.key, review.state, independent=stored.key))
    return stored


def check_difference(workspace: Workspace, key: int) -> None:
    """Leave an entry on which two reviewers differ to a lead.

    Raises:
        RoleError: they differ, and the acting person does not lead.
    """
    second = workspace.store.second_review(key)
    if second is not None and second.state is SecondState.DIFFERS:
        require(workspace, Deed.OVERSEE)


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
        others = workspace.store.standing_of([key], workspace.reviewer).skipped_by_others
        before = workspace.store.mark(key, state, reviewer=workspace.reviewer, reason=reason)
        back = EntryState.PENDING if key in others else before  # open for this reviewer; the store knows how open
        workspace.undo_steps.append(UndoStep(key, back, mark=state))
    return before
