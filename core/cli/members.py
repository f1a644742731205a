"""The commands about members: `member list`, `member add`, `member role`, `member remove`.

It owns their wording; who may change what is the business of `core.services.members`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.domain import Member, Role
from core.exchange.trust import member_to_dict, members_to_dict

app = family("Who belongs to the workspace, in which role.")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name decisions are recorded under.")]
RoleArgument = Annotated[Role, typer.Argument(metavar="lead|reviewer|auditor", help="The role from now on.")]
RoleOption = Annotated[
    Role, typer.Option("--role", metavar="lead|reviewer|auditor", help="What the member may do (reviewer).")
]


@app.command("list")
def list_members(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the members of the workspace and the role of whoever asks."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        members, name, role = services.list_members(workspace), workspace.reviewer, services.role_of(workspace)
    you = f"{output.visible(name)}, {role.value if role else 'no member'}"
    call.answer(members_to_dict(members, name, role), [*_lines(members), f"You are {you}."])


@app.command("add")
def add_member(
    ctx: typer.Context,
    name: NameArgument,
    role: RoleOption = Role.REVIEWER,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a member. From the second one on, roles say who may do what."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _answer(call, services.add_member(workspace, name=name, role=role))


@app.command("role")
def change_role(
    ctx: typer.Context,
    name: NameArgument,
    role: RoleArgument,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a member another role."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _answer(call, services.change_role(workspace, name=name, role=role))


@app.command("remove")
def remove_member(
    ctx: typer.Context, name: NameArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Remove a member; what the member decided stays."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _answer(call, services.remove_member(workspace, name=name))


def _answer(call: Call, member: Member) -> None:
    call.answer(member_to_dict(member), _lines([member]))


def _lines(members: Iterable[Member]) -> Iterable[str]:
    rows = [
        (member.role.value if member.role else "removed", member.added_by, f"{member.added_at:%Y-%m-%d}", member.name)
        for member in members
    ]
    return output.table(("role", "by", "since", "member"), rows)
