"""The command `kit`: everything an air-gapped machine needs in one folder.

It owns how the gathering is shown; what is gathered is the business of the service.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin, named_place
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable


def make_kit(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", callback=named_place, help="A new or empty folder.")],
    models: Annotated[
        list[str] | None, typer.Option("--model", metavar="ID", help="A model to take along; may be repeated.")
    ] = None,
    without_sample: Annotated[
        bool, typer.Option("--without-sample", help="Leave the sample model out: 100 MB less.")
    ] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Gather the program, its libraries, models and an installer for a machine without a network."""
    call = begin(ctx, folder, as_json)
    line = ProgressLine()
    try:
        with stoppable() as stop:
            kit = services.make_kit(
                out=out,
                models=models or (),
                with_sample=not without_sample,
                progress=lambda name, done, total: line.show(f"{done} of {total}: {output.visible(name)}"),
                cancel=stop.event,
            )
    finally:
        line.close()
    document = {
        "folder": str(kit.folder),
        "wheels": kit.wheels,
        "models": list(kit.models),
        "size_bytes": kit.size_bytes,
    }
    where = output.visible(str(kit.folder))
    size = f"{kit.size_bytes / 1024**2:,.0f} MiB"
    call.answer(
        document,
        [
            f"{where}: {kit.wheels} wheels, {len(kit.models)} model files, {size}.",
            "There: python3 install.py --to ~/docket",
        ],
    )
