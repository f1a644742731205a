"""The verbs of a lead: rules of review, golden items and how reviewers did on them.

It owns who may do these and what a rule may say. Which items the shares take is the business of `core.services.sight`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from core.domain import GoldenItem, GoldenScore, ReasonWhen, ReviewRules, SecondReview
from core.errors import UsageError
from core.policy.labels import find_label
from core.services.members import Deed, require
from core.services.policies import get_policy
from core.services.review import find_entry
from core.services.sight import rules_of
from core.services.workspace import Workspace


def review_rules(workspace: Workspace, *, policy_id: str) -> ReviewRules:
    """Return how items are reviewed under a policy.

    Raises:
        UsageError: there is no such policy.
    """
    return rules_of(workspace, _known(workspace, policy_id))


def set_review_rules(
    workspace: Workspace,
    *,
    policy_id: str,
    blind_percent: int | None = None,
    second_percent: int | None = None,
    cause_when: ReasonWhen | None = None,
    note_when: ReasonWhen | None = None,
) -> ReviewRules:
    """Set what is given, keep the rest, and return the rules as stored. From now on they are enforced.

    Raises:
        RoleError: the acting person does not lead. UsageError: no such policy, or a share outside 0 to 100.
    """
    require(workspace, Deed.OVERSEE)
    rules = rules_of(workspace, _known(workspace, policy_id))
    given: dict[str, Any] = {
        "blind_percent": blind_percent,
        "second_percent": second_percent,
        "cause_when": cause_when,
        "note_when": note_when,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    for name in ("blind_percent", "second_percent"):
        if not 0 <= changes.get(name, 0) <= 100:
            raise UsageError("A share is a whole number of percent from 0 to 100.", "Use 0 to turn it off.")
    wanted = replace(rules, **changes)
    if wanted == rules and rules.set_by:
        return rules
    return workspace.store.set_review_rules(wanted, actor=workspace.reviewer)


def add_golden(workspace: Workspace, *, item_id: str, policy_id: str, label: str) -> GoldenItem:
    """Hide an item whose right label is known among the others, for everyone but whoever adds it; return it.

    Raises:
        RoleError: the acting person does not lead. UsageError: no such item, policy or label, or it is golden already.
    """
    require(workspace, Deed.OVERSEE)
    policy = get_policy(workspace, policy_id=_known(workspace, policy_id))
    chosen = find_label(policy.labels, label)
    if chosen is None:
        codes = ", ".join(entry.code for entry in policy.labels)
        raise UsageError(f"The policy {policy_id} has no such label.", f"Use one of: {codes}.")
    item = workspace.store.get_item(item_id)
    if item is not None and item.removed_at is not None:
        raise UsageError("The content of that item was removed.", "Choose another item.")
    entry = find_entry(workspace, item_id=item_id, policy_id=policy_id)
    workspace.store.open_entry(item_id, policy_id)
    workspace.store.add_golden(entry, chosen.code, actor=workspace.reviewer)
    return next(g for g in workspace.store.golden_items() if (g.item_id, g.policy_id) == (item_id, policy_id))


def remove_golden(workspace: Workspace, *, item_id: str, policy_id: str) -> None:
    """Make a golden item an ordinary one again.

    Raises:
        RoleError: the acting person does not lead. UsageError: it is no golden item.
    """
    require(workspace, Deed.OVERSEE)
    key = workspace.store.find_entry(item_id, policy_id)
    if key is None:
        raise UsageError("That item is no golden item.", "See `main.py golden list`.")
    workspace.store.remove_golden(key, actor=workspace.reviewer)


def golden_items(workspace: Workspace) -> list[GoldenItem]:
    """Return the golden items, oldest first.

    Raises:
        RoleError: the acting person does not lead.
    """
    require(workspace, Deed.OVERSEE)
    return workspace.store.golden_items()


def golden_scores(workspace: Workspace) -> list[GoldenScore]:
    """Return how each reviewer did on the golden items of each policy, by name. The first answer on an item counts.

    Raises:
        RoleError: the acting person does not lead.
    """
    require(workspace, Deed.OVERSEE)
    return workspace.store.golden_scores()


def second_reviews(workspace: Workspace, *, policy_id: str | None = None) -> list[SecondReview]:
    """Return where every second review stands, with both decisions; those that still wait have no second.

    Raises:
        RoleError: the acting person does not lead. UsageError: there is no such policy.
    """
    require(workspace, Deed.OVERSEE)
    if policy_id is not None:
        _known(workspace, policy_id)
    return workspace.store.second_reviews(policy_id)


def _known(workspace: Workspace, policy_id: str) -> str:
    policy = get_policy(workspace, policy_id=policy_id)
    if policy.policy_id != policy_id:
        raise UsageError(f"There is no policy {policy_id}.", "See `main.py policy list`.")
    return policy_id
