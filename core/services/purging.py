"""The verb `purge`: content older than a date is removed for good; what was decided about it stays, with its hash.

It owns the order count, confirm, remove, compact. It never removes more than was confirmed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from core.domain import PurgePlan, PurgeSummary, utc_now
from core.errors import CancelledError, UsageError
from core.services.members import Deed, require
from core.services.policies import check_policy
from core.services.workspace import Workspace
from core.store.backup import own_backups


def purge_plan(workspace: Workspace, *, before: datetime, policy_id: str | None = None) -> PurgePlan:
    """Return how many items would lose their content: imported, and decided if at all, before a moment.

    With a policy, an item that another policy reviews, too, is left alone.

    Raises:
        RoleError: the acting person does not lead. UsageError: no such policy, or the moment is to come.
    """
    require(workspace, Deed.PURGE)
    if before > utc_now():
        raise UsageError("That date is in the future.", "Name the first day whose content is to stay.")
    check_policy(workspace, policy_id)
    return workspace.store.purge_plan(before, policy_id)


def purge(
    workspace: Workspace,
    *,
    before: datetime,
    policy_id: str | None = None,
    confirm: int,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> PurgeSummary:
    """Remove content, parent, turns, metadata, reasoning, raw output, quotes, notes and remarks of what is due.

    `confirm` must be the number of items `purge_plan` gave: whoever removes something has seen how much. One
    transaction and one audit event for some hundred items; what an interruption leaves is removed when it is run again.

    Raises:
        RoleError: the acting person does not lead.
        UsageError: another number is due, no such policy, or the moment is to come. Nothing was removed.
        CancelledError: `cancel` was set; what was removed stays so.
    """
    plan = purge_plan(workspace, before=before, policy_id=policy_id)
    if plan.items != confirm:
        raise UsageError(
            f"{plan.items} items would lose their content, not {confirm}. Nothing was removed.",
            f"Look again, then confirm with --confirm {plan.items}.",
        )
    items = verdicts = notes = 0
    while items < plan.items:
        if cancel is not None and cancel.is_set():
            raise CancelledError(f"Stopped after {items} items.", "Run it again to go on; nothing comes back.")
        done = workspace.store.purge_batch(before, policy_id, actor=workspace.reviewer)
        if done[0] == 0:
            break
        items, verdicts, notes = items + done[0], verdicts + done[1], notes + done[2]
        if progress is not None:
            progress(items, plan.items)
    if policy_id is None:
        workspace.store.purge_quarantine(before, actor=workspace.reviewer)
    compacted = workspace.store.compact()
    return PurgeSummary(
        items, verdicts, notes, compacted, len(own_backups(workspace.folder)), workspace.store.notes_in_chain()
    )
