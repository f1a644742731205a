"""The verbs of narrowing the queue: what there is to filter by, and filters kept under a name.

It owns what a name may be. Anyone who may review may keep a view; views are shared.
"""

from __future__ import annotations

from dataclasses import fields, replace

from core.domain import QueueFacets, QueueFilter, SavedView
from core.errors import UsageError
from core.services.members import Deed, require
from core.services.policies import check_policy
from core.services.workspace import Workspace

LONGEST_NAME = 60  # characters
MOST_VIEWS = 200


def queue_facets(workspace: Workspace) -> QueueFacets:
    """Return the sources, languages and reviewers there are to filter by."""
    return workspace.store.queue_facets()


def list_views(workspace: Workspace) -> list[SavedView]:
    """Return the saved views by name."""
    return workspace.store.list_views()


def get_view(workspace: Workspace, name: str) -> SavedView:
    """Return one saved view.

    Raises:
        UsageError: there is none of that name.
    """
    found = next((view for view in workspace.store.list_views() if view.name == name), None)
    if found is None:
        names = ", ".join(view.name for view in workspace.store.list_views()) or "none yet"
        raise UsageError("There is no saved view of that name.", f"Saved views: {names}.")
    return found


def narrow_view(workspace: Workspace, *, name: str | None, asked: QueueFilter) -> QueueFilter:
    """Return the saved view of that name with whatever was asked for besides in place of its own; None: what was asked.

    Raises:
        UsageError: there is none of that name, or no policy of the id that was asked for.
    """
    check_policy(workspace, asked.policy_id)
    if name is None:
        return asked
    given = {field.name: getattr(asked, field.name) for field in fields(asked)}
    new = {field: value for field, value in given.items() if value != getattr(QueueFilter(), field)}
    return replace(get_view(workspace, name).wanted, **new)


def save_view(workspace: Workspace, *, name: str, wanted: QueueFilter) -> SavedView:
    """Keep a filter under a name, in place of one that had it.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: the name is empty, too long or not one line, or there are too many views.
    """
    require(workspace, Deed.REVIEW)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError("A view needs a name.", f"One line of at most {LONGEST_NAME} characters.")
    names = {view.name for view in workspace.store.list_views()}
    if name not in names and len(names) >= MOST_VIEWS:
        raise UsageError(f"There are {MOST_VIEWS} saved views already.", "Remove one that nobody uses.")
    view = SavedView(name, wanted, workspace.reviewer)
    workspace.store.save_view(view)
    return view


def remove_view(workspace: Workspace, name: str) -> None:
    """Forget a saved view.

    Raises:
        RoleError: an auditor, or no member. UsageError: there is none of that name.
    """
    require(workspace, Deed.REVIEW)
    if not workspace.store.remove_view(name, actor=workspace.reviewer):
        get_view(workspace, name)
