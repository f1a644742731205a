"""The commands about a workspace as a whole: `init`, `settings`, `verify`, `doctor`.

It owns their wording; what is checked and created is the business of the services.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from core import services
from core.cli import asking, output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.keys import code_lines
from core.domain import Check, SlotKind
from core.errors import AppError
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
    with services.create_workspace(target, passphrase=_ask_passphrase(), reviewer=reviewer) as workspace:
        created, name, team = workspace.folder, workspace.reviewer, workspace.is_team
        # Of a team's workspace only a signing key is kept here; whoever loses it joins again.
        code = "" if team else services.add_key(workspace, SlotKind.RECOVERY).recovery_code or ""
    services.remember_workspace(created)
    document: dict[str, Any] = {"workspace": str(created), "reviewer": name, "recovery_code": code or None}
    if team:
        output.say(services.TEAM_NOTICE)
        document["notice"] = services.TEAM_NOTICE
    call.answer(document, _created(created, name, code))


def _created(folder: Path, reviewer: str, code: str) -> Iterator[str]:
    yield from output.pairs({"workspace": folder, "reviewer": reviewer})
    if code:
        yield from code_lines(code)
    yield "Next: `main.py policy add policies/spam.md`, then `main.py import FILE`."


def _ask_passphrase() -> str | None:
    """Ask twice for a passphrase where there is no keychain to hold the key and a person to ask.

    Raises:
        LockedError: the two differ.
    """
    given = bool(os.environ.get(services.PASSPHRASE_VARIABLE))
    if given or services.keychain_available() or not asking.at_terminal():
        return None
    return asking.ask_twice("Passphrase for the new workspace: ")


def change_settings(
    ctx: typer.Context,
    given: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME=VALUE]…", help="What to set; `auto` lets Docket choose.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the settings of the workspace, after setting those that are given."""
    call = begin(ctx, folder, as_json)
    values = {}
    for text in given or ():
        name, sign, value = text.partition("=")
        if not sign:
            raise typer.BadParameter(f"{name} is not NAME=VALUE", param_hint="NAME=VALUE")
        values[name.strip()] = value.strip()
    with call.workspace() as workspace:
        settings = services.change_settings(workspace, values=values) if values else workspace.settings
    shown = asdict(settings)
    lines = output.table(("setting", "value"), [(name, _setting_word(value)) for name, value in shown.items()])
    call.answer({"settings": shown}, lines)


def _setting_word(value: object) -> str:
    if value is None or value == "":
        return "auto"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def verify(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check the database, its pages and keys, the audit chain and its checkpoints. Exit status 1 when one fails."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _report(call, services.verify(workspace))


def doctor(
    ctx: typer.Context,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="Write a ZIP for support as well; it holds no content."),
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check this machine: Python, Qt, the model runtime, the keychain, the workspace.

    Exit status 1 when a check fails.
    """
    call = begin(ctx, folder, as_json)
    named = call.folder or services.last_workspace()
    if named is None:
        _write_bundle(None, report)
        _report(call, services.doctor(None))
        return
    try:
        workspace = call.workspace()
    except AppError as error:
        _write_bundle(None, report)
        _report(call, [*services.doctor(None), Check("workspace", False, f"{named}: {error.message}", error.hint)])
        return
    with workspace:
        _write_bundle(workspace, report)
        _report(call, services.doctor(workspace))


def _write_bundle(workspace: services.Workspace | None, report: Path | None) -> None:
    if report is not None:
        path = services.write_support_bundle(workspace, out=report)
        output.say(f"Written for support, without content: {path}")


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
