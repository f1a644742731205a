"""The command `purge`: it counts, asks twice, and only then removes.

It owns the questions and the warnings; what is removed is the business of `core.services.purging`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.asking import at_terminal
from core.cli.audit import DATE_FORMATS
from core.cli.call import Call, JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable
from core.domain import PurgePlan, PurgeSummary
from core.errors import CancelledError, UsageError
from core.exchange.trust import purge_to_dict


def purge(
    ctx: typer.Context,
    before: Annotated[
        datetime,
        typer.Option("--before", metavar="DATE", formats=DATE_FORMATS, help="First day (UTC) whose content stays."),
    ],
    policy_id: PolicyOption = None,
    confirm: Annotated[
        int | None, typer.Option("--confirm", metavar="COUNT", min=0, help="The number of items, instead of questions.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove content older than a date for good; what was decided stays, with the content's hash."""
    call = begin(ctx, folder, as_json)
    moment = before.replace(tzinfo=UTC)
    with call.workspace() as workspace:
        plan = services.purge_plan(workspace, before=moment, policy_id=policy_id)
        summary = PurgeSummary(0, 0, 0, compacted=True)
        if plan.items or confirm:
            count = confirm if confirm is not None else _ask(plan, before)
            summary = _remove(workspace, moment, policy_id, count)
    _answer(call, summary)


def _ask(plan: PurgePlan, before: datetime) -> int:
    """Ask twice; return the number that was typed.

    Raises:
        UsageError: nobody can be asked. CancelledError: the answer was no.
    """
    what = f"{plan.items} items from before {before:%Y-%m-%d}, of which {plan.undecided} are not decided,"
    if not at_terminal():
        raise UsageError(f"{what} would lose their content for good.", f"Add --confirm {plan.items} if that is meant.")
    if not typer.confirm(f"{what} lose their content for good. Go on?", err=True):
        raise _kept()
    typed = typer.prompt("Type the number of items to remove their content", default="", show_default=False, err=True)
    if str(typed).strip() != str(plan.items):
        raise _kept()
    return plan.items


def _kept() -> CancelledError:
    return CancelledError("Nothing was removed.", "Run it again when you are sure.")


def _remove(workspace: services.Workspace, before: datetime, policy_id: str | None, count: int) -> PurgeSummary:
    line = ProgressLine()
    try:
        with stoppable() as stop:
            return services.purge(
                workspace,
                before=before,
                policy_id=policy_id,
                confirm=count,
                progress=lambda done, total: line.show(f"{done} of {total} items"),
                cancel=stop.event,
            )
    finally:
        line.close()


def _answer(call: Call, summary: PurgeSummary) -> None:
    call.answer(purge_to_dict(summary), _lines(summary))


def _lines(summary: PurgeSummary) -> Iterator[str]:
    yield from output.pairs({"items": summary.items, "verdicts": summary.verdicts, "notes": summary.notes})
    if not summary.compacted:
        yield "Another program has the workspace open: some bytes stay in its files until it is closed and"
        yield "`main.py purge` is run again."
    if summary.backups:
        yield f"{summary.backups} files in backups/ were made before and may hold the content: delete them."
    if summary.notes_in_chain:
        yield f"{summary.notes_in_chain} audit events of an older Docket hold a reviewer's note, which stays."
