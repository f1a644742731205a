"""The commands `backup` and `restore`.

It owns their wording; what is copied and how it is proven is the business of `core.services.backup`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import asking, output
from core.cli.call import JsonOption, WorkspaceOption, begin, named_place
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable
from core.domain import BackupSummary, RestoreSummary
from core.errors import UsageError
from core.exchange.records import checks_to_dict


def backup(
    ctx: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", callback=named_place, help="File to write (else in the workspace's own folder)."
        ),
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the workspace into one encrypted file, while others go on working in it."""
    call = begin(ctx, folder, as_json)
    line = ProgressLine()
    with call.workspace() as workspace, stoppable() as stop:
        try:
            made = services.make_backup(workspace, out=out, progress=_show(line, "Backup"), cancel=stop.event)
        finally:
            line.close()
    document = {"path": str(made.path), "bytes": made.size_bytes, "sha256": made.sha256, "events": made.events}
    call.answer(document, _made_lines(made))


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `backup` wrote.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove a backup, then put it into the new folder named with --workspace."""
    call = begin(ctx, folder, as_json)
    if call.folder is None:
        raise UsageError("Where should it be restored to?", "Name a new folder with --workspace DIR.")
    code, passphrase = os.environ.get(asking.RECOVERY_CODE_VARIABLE), None
    if code is None and asking.must_ask_passphrase() and services.backup_needs_passphrase(file):
        passphrase = asking.ask_secret("Passphrase or recovery code of the backup: ")
    line = ProgressLine()
    with stoppable() as stop:
        try:
            made = services.restore(
                file,
                call.folder,
                passphrase=passphrase,
                recovery_code=code,
                progress=_show(line, "Restore"),
                cancel=stop.event,
            )
        finally:
            line.close()
    services.remember_workspace(made.folder)
    document = {
        "workspace": str(made.folder), "created_at": made.created_at, "events": made.events,
        **checks_to_dict(made.checks),
    }  # fmt: skip
    call.answer(document, _restored_lines(made))


def _show(line: ProgressLine, what: str) -> Callable[[int, int], None]:
    def show(done: int, total: int) -> None:
        line.show(f"{what}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB")

    return show


def _made_lines(made: BackupSummary) -> Iterator[str]:
    values = {"file": made.path, "bytes": f"{made.size_bytes:,}", "sha256": made.sha256, "events": f"{made.events:,}"}
    yield from output.pairs(values)


def _restored_lines(made: RestoreSummary) -> Iterator[str]:
    values = {"workspace": made.folder, "made": made.created_at, "events": f"{made.events:,}"}
    yield from output.pairs(values)
    yield f"Proven: {', '.join(check.name for check in made.checks)}."
