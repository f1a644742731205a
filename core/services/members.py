"""Who may do what, and the verbs that change it. Every other service asks here, and only here.

It owns the table of roles and deeds and the words of a refusal. The acting person is the workspace's reviewer: the
name in its settings, else the login. Roles keep colleagues from mistakes and the record honest; whoever holds the key
of an embedded database can write to its file behind Docket's back, and `verify` is what finds that.
"""

from __future__ import annotations

from enum import StrEnum

from core.domain import Member, Role
from core.errors import RoleError, UsageError
from core.services.workspace import Workspace

LONGEST_NAME = 200  # characters


class Deed(StrEnum):
    """Something that changes the workspace. The value ends the sentence "… may not"."""

    REVIEW = "decide, skip or escalate items"
    IMPORT = "bring in items or decisions"
    JUDGE = "run the model"
    DRAFT = "write drafts or case sets"
    PUBLISH = "add or publish policies"
    MANAGE = "change who belongs to the workspace"
    SEND = "let content leave this machine"
    PURGE = "remove content"
    KEYS = "change the keys"
    TRAIN = "train a second opinion or draw an audit sample"
    DEFER = "let items wait behind the queue"
    OVERSEE = "set rules of review, use golden items or settle differences"


ALLOWED: dict[Role, frozenset[Deed]] = {
    Role.LEAD: frozenset(Deed),
    Role.REVIEWER: frozenset({Deed.REVIEW, Deed.IMPORT, Deed.JUDGE, Deed.DRAFT, Deed.TRAIN}),
    Role.AUDITOR: frozenset(),
}


def role_of(workspace: Workspace) -> Role | None:
    """Return the role of the acting person, None when they are no member."""
    return workspace.store.role_of(workspace.reviewer)


def refusal(workspace: Workspace, deed: Deed) -> RoleError | None:
    """Return why the acting person may not do this, or None when they may."""
    role = role_of(workspace)
    if role is not None and deed in ALLOWED[role]:
        return None
    leads = [member.name for member in workspace.store.members() if member.role is Role.LEAD]
    ask = f"Ask a lead: {', '.join(leads[:5])}."
    if role is None:
        return RoleError(
            f"{workspace.reviewer} is no member of this workspace and may not {deed.value}.",
            f"{ask} They can add you with `main.py member add`.",
        )
    needed = "needs a lead" if Role.REVIEWER not in _roles_for(deed) else "needs a reviewer or a lead"
    article = "an" if role is Role.AUDITOR else "a"
    return RoleError(f"To {deed.value} {needed}; {workspace.reviewer} is {article} {role.value}.", ask)


def _roles_for(deed: Deed) -> list[Role]:
    return [role for role, deeds in ALLOWED.items() if deed in deeds]


def require(workspace: Workspace, deed: Deed) -> None:
    """Let the acting person's role do this, or refuse.

    Raises:
        RoleError: the role does not allow it.
    """
    refused = refusal(workspace, deed)
    if refused is not None:
        raise refused


def list_members(workspace: Workspace) -> list[Member]:
    """Return the members by name, without those who were removed."""
    return [member for member in workspace.store.members() if member.role is not None]


def add_member(workspace: Workspace, *, name: str, role: Role = Role.REVIEWER) -> Member:
    """Add a member and return it. With the first colleague the acting person is listed, too, as lead.

    Raises:
        RoleError: the acting person does not lead. UsageError: the name is none, or a member's already.
    """
    require(workspace, Deed.MANAGE)
    checked = _checked_name(name)
    workspace.store.add_member(checked, role, actor=workspace.reviewer)
    return _member(workspace, checked)


def change_role(workspace: Workspace, *, name: str, role: Role) -> Member:
    """Give a member another role and return the member.

    Raises:
        RoleError: the acting person does not lead. UsageError: no such member, or no lead would be left.
    """
    require(workspace, Deed.MANAGE)
    workspace.store.change_role(name, role, actor=workspace.reviewer)
    return _member(workspace, name)


def remove_member(workspace: Workspace, *, name: str) -> Member:
    """Remove a member, whose decisions stay, and return what is left of it: a name without a role.

    Raises:
        RoleError: the acting person does not lead. UsageError: no such member, or no lead would be left.
    """
    require(workspace, Deed.MANAGE)
    workspace.store.change_role(name, None, actor=workspace.reviewer)
    return _member(workspace, name)


def _member(workspace: Workspace, name: str) -> Member:
    return next(member for member in workspace.store.members() if member.name == name)


def _checked_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError("That is no name for a member.", f"Use 1 to {LONGEST_NAME} printable characters.")
    return name
