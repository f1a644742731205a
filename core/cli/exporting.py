"""The command `export`: what is written, as what, and where.

It owns its options; the formats belong to `core.exchange`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, PolicyOption, WorkspaceOption, begin


class ExportFormat(StrEnum):
    """The formats of `export`."""

    JSONL = "jsonl"
    CSV = "csv"


class ExportKind(StrEnum):
    """What `export` can write."""

    DISAGREEMENTS = "disagreements"
    DECISIONS = "decisions"
    ITEMS = "items"


def export(
    ctx: typer.Context,
    kind: Annotated[ExportKind, typer.Argument(metavar="disagreements|decisions|items", help="What to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="File to write.")],
    format_name: Annotated[ExportFormat, typer.Option("--format", help="Format of the file.")] = ExportFormat.JSONL,
    policy_id: PolicyOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write disagreements, decisions or items to a file."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        summary = services.export(workspace, what=kind.value, out=out, format=format_name.value, policy_id=policy_id)
    document = {"path": str(summary.path), "rows": summary.rows, "sha256": summary.sha256}
    call.answer(document, output.pairs(document))
