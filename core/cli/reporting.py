"""The command `report`. It owns its wording; what a report holds is the business of `core.insight.evaluation`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin, named_place
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable


def write_report(
    ctx: typer.Context,
    policy_id: Annotated[str, typer.Option("--policy", metavar="ID", help="The policy to report on.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", callback=named_place, help="Folder to write into.")],
    dated: Annotated[
        datetime | None, typer.Option("--date", metavar="DATE", formats=["%Y-%m-%d"], help="Date on it (today).")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the evaluation report of a policy as HTML and PDF."""
    call = begin(ctx, folder, as_json)
    line = ProgressLine()
    with call.workspace() as workspace, stoppable() as stop:
        files = services.write_evaluation(
            workspace,
            policy_id=policy_id,
            out=out,
            dated=dated.date() if dated else None,
            cancel=stop.event,
            progress=line.show,
        )
    line.close()
    document = {
        "policy": files.policy_id,
        "dated": files.dated.isoformat(),
        "html": str(files.html),
        "html_sha256": files.html_sha256,
        "pdf": str(files.pdf),
        "pdf_sha256": files.pdf_sha256,
    }
    call.answer(document, output.pairs(document))
