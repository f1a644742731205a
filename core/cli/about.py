"""The command `licences`: what Docket is made of.

It owns the wording; the list comes from the service.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin


def show_licences(
    ctx: typer.Context,
    sbom: Annotated[
        Path | None, typer.Option("--sbom", metavar="FILE", help="Write the list as an SBOM (CycloneDX, JSON) as well.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the libraries Docket runs with and the licences they state."""
    call = begin(ctx, folder, as_json)
    listed = services.list_components()
    if sbom is not None:
        output.say(f"SBOM written: {services.write_sbom(out=sbom)}")
    document = {"version": services.version(), "components": [asdict(one) for one in listed]}
    rows = [(one.name, one.version, one.licence) for one in listed]
    call.answer(document, output.table(("library", "version", "licence"), rows))
