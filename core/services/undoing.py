"""Taking back: this session's steps one after the other, each by a further record.

It owns the order of steps and which of them belong together. It must not decide anything new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.domain import EntryState, utc_now
from core.errors import UsageError
from core.services.members import Deed, require
from core.services.review import get_review
from core.services.workspace import UndoStep, Workspace


@dataclass(frozen=True, slots=True)
class UndoResult:
    """What was taken back: the queue entry and one word (`decision`, `skip`, `escalation`, `batch`).

    `keys` are the entries of a batch, empty for a single step.
    """

    key: int
    what: str
    keys: tuple[int, ...] = ()


def undo(workspace: Workspace) -> UndoResult | None:
    """Take back this session's last step, or return None when there is none left. Any number of steps.

    A decision is taken back by a further one: the decision that stood before it again, or a withdrawal. A step that
    someone else has built upon meanwhile is given up, so that the next call reaches the one before it. A batch is one
    step; what someone else has built upon stays as it is.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: someone else decided or marked the item meanwhile.
    """
    require(workspace, Deed.REVIEW)
    with workspace.undo_lock:
        if not workspace.undo_steps:
            return None
        step = workspace.undo_steps[-1]
        if step.batch:
            return _undo_batch(workspace, step.batch)
        return _undo_last(workspace)


def _undo_last(workspace: Workspace) -> UndoResult:
    try:
        result = _take_back(workspace, workspace.undo_steps[-1])
    except UsageError:
        workspace.undo_steps.pop()
        raise
    workspace.undo_steps.pop()
    return result


def _undo_batch(workspace: Workspace, batch: int) -> UndoResult:
    keys: list[int] = []
    refused: UsageError | None = None
    while workspace.undo_steps and workspace.undo_steps[-1].batch == batch:
        try:
            keys.append(_undo_last(workspace).key)
        except UsageError as error:
            refused = error
    if not keys and refused is not None:
        raise refused
    keys.reverse()
    return UndoResult(keys[0], "batch", tuple(keys))


def _take_back(workspace: Workspace, step: UndoStep) -> UndoResult:
    if step.independent is not None:
        _withdraw_independent(workspace, step.entry, step.independent)
        return UndoResult(step.entry, "decision")
    if step.decision is not None:
        _restore_decision(workspace, step, step.decision)
        return UndoResult(step.entry, "decision")
    what = "escalation" if step.mark is EntryState.ESCALATED else "skip"
    workspace.store.mark(
        step.entry, step.before, reviewer=workspace.reviewer, reason=f"undo of a {what}", after=step.mark
    )
    return UndoResult(step.entry, what)


def _withdraw_independent(workspace: Workspace, entry: int, undone_key: int) -> None:
    """Withdraw an independent decision, unless a lead has decided on it meanwhile."""
    second = workspace.store.second_review(entry)
    if second is not None and second.adjudicated:
        raise UsageError("A lead has decided on that item meanwhile.", "Look at it again.")
    said = next(one for one in workspace.store.independent_decisions(entry) if one.key == undone_key)
    gone = replace(
        said, label=None, violates=None, agrees=None, cause=None, rule_id=None, note="", blind=False, seconds=None,
        decided_at=utc_now(), withdrawn=True,
    )  # fmt: skip
    workspace.store.add_independent(entry, gone, actor=workspace.reviewer)


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
