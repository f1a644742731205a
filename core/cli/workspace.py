"""The commands about a workspace as a whole: `init`, `verify`, `doctor`.

It owns their wording; what is checked and created is the business of the services.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import PASSPHRASE_VARIABLE, Call, JsonOption, WorkspaceOption, at_terminal, begin
from core.domain import Check
from core.errors import AppError, LockedError
from core.exchange.records import checks_to_dict

ReviewerOption = Annotated[
    str | None, typer.Option("--reviewer", metavar="NAME", help="Name your decisions are recorded under.")
]


def init(
    ctx: typer.Context,
    reviewer: ReviewerOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Create a workspace: its keys and its encrypted database."""
    call = begin(ctx, folder, as_json)
    target = call.folder or services.default_workspace_folder()
    passphrase = _ask_passphrase()
    with services.create_workspace(target, passphrase=passphrase, reviewer=reviewer) as workspace:
        created, name = workspace.folder, workspace.reviewer
    services.remember_workspace(created)
    call.answer({"workspace": str(created), "reviewer": name}, _created(created, name))


def _created(folder: Path, reviewer: str) -> Iterator[str]:
    yield from output.pairs({"workspace": folder, "reviewer": reviewer})
    yield "Next: `main.py policy add policies/spam.md`, then `main.py import FILE`."


def _ask_passphrase() -> str | None:
    """Ask twice for a passphrase where there is no keychain to hold the key and a person to ask.

    Raises:
        LockedError: the two differ.
    """
    if os.environ.get(PASSPHRASE_VARIABLE) or services.keychain_available() or not at_terminal():
        return None
    first = getpass.getpass("Passphrase for the new workspace: ", stream=sys.stderr)
    if first and getpass.getpass("Once more: ", stream=sys.stderr) != first:
        raise LockedError("The two passphrases differ.", "Nothing was created. Run it again.")
    return first or None


def verify(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check the database, its pages and keys, the audit chain and its checkpoints."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _report(call, services.verify(workspace))


def doctor(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check this machine: Python, Qt, the model runtime, the keychain, the workspace."""
    call = begin(ctx, folder, as_json)
    named = call.folder or services.last_workspace()
    if named is None:
        _report(call, services.doctor(None))
        return
    try:
        workspace = call.workspace()
    except AppError as error:
        _report(call, [*services.doctor(None), Check("workspace", False, f"{named}: {error.message}", error.hint)])
        return
    with workspace:
        _report(call, services.doctor(workspace))


def _report(call: Call, checks: Sequence[Check]) -> None:
    call.answer(checks_to_dict(checks), _check_lines(checks))
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _check_lines(checks: Sequence[Check]) -> Iterator[str]:
    yield from output.table(
        ("", "check", "detail"), [("ok" if check.ok else "FAILED", check.name, check.detail) for check in checks]
    )
    for check in checks:
        if check.hint and not check.ok:
            yield f"{output.visible(check.name)}: {output.visible(check.hint)}"
