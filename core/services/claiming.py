"""The verbs of claims: take the next items to review, hold one, let go, and see who holds what.

It owns how long a claim lasts and who may see or free whose. One person alone may use them as well; then nobody else
ever holds anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.domain import Claim, QueueFilter, Role
from core.errors import RoleError, UsageError
from core.services.members import Deed, require, role_of
from core.services.workspace import Workspace

CLAIM_MINUTES = 15
"""How long a claim lasts when nothing is done with it: a long look at one item, a short break."""

MOST_AT_ONCE = 500


def claim_next(
    workspace: Workspace,
    *,
    filter: QueueFilter,  # noqa: A002 - the field's own word
    count: int = 1,
    second: bool = False,
    minutes: float = CLAIM_MINUTES,
) -> list[Claim]:
    """Take up to `count` items for review, the first of a filter's order that nobody holds, and return them in order.

    Without `states` in the filter the open ones are taken. `second` asks for second reviews: items that somebody else
    decided and that wait for another, independent decision. A claim ends with the decision, the skip or the
    escalation, when the workspace is closed, and after `minutes`.

    Raises:
        RoleError: an auditor, or no member. UsageError: a count or a time that makes no sense.
    """
    require(workspace, Deed.REVIEW)
    if not 1 <= count <= MOST_AT_ONCE:
        raise UsageError(f"Between 1 and {MOST_AT_ONCE} items can be taken at once.", "Ask for fewer.")
    return workspace.store.claim_next(
        filter, holder=workspace.reviewer, session=workspace.session, count=count, lasts=_lasts(minutes), second=second
    )


def claim_entry(workspace: Workspace, *, key: int, minutes: float = CLAIM_MINUTES) -> Claim:
    """Hold one queue entry, or hold it longer, and return the claim.

    Raises:
        RoleError: an auditor, or no member. UsageError: somebody else holds it, or it is gone.
    """
    require(workspace, Deed.REVIEW)
    return workspace.store.claim_entry(key, holder=workspace.reviewer, session=workspace.session, lasts=_lasts(minutes))


def release_claims(workspace: Workspace, *, keys: Sequence[int] | None = None) -> int:
    """Let go what this session holds, of these entries if any are named; return how many."""
    return workspace.store.release_claims(session=workspace.session, keys=keys)


def release_claims_of(workspace: Workspace, *, holder: str) -> int:
    """Free everything a person holds, in every session of theirs; return how many.

    Raises:
        RoleError: they are somebody else's and the acting person does not lead.
    """
    if holder != workspace.reviewer and role_of(workspace) is not Role.LEAD:
        raise RoleError("Only a lead frees what others hold.", "Ask a lead, or wait until the claims end.")
    return workspace.store.release_claims(holder=holder)


def list_claims(workspace: Workspace) -> list[Claim]:
    """Return who holds what, by holder, the oldest first: leads and auditors see all, reviewers their own.

    Raises:
        RoleError: no member.
    """
    role = role_of(workspace)
    if role is None:
        require(workspace, Deed.REVIEW)
    holder = workspace.reviewer if role is Role.REVIEWER else None
    return workspace.store.claims(session=workspace.session, holder=holder)


def _lasts(minutes: float) -> timedelta:
    if not 0 < minutes <= 24 * 60:
        raise UsageError("A claim lasts more than nothing and at most a day.", "Name another number of minutes.")
    return timedelta(minutes=minutes)
