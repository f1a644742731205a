"""The commands that move records in and out: `import` and `export`.

It owns their options and the listing of refused lines; formats belong to `core.intake` and `core.exchange`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable
from core.domain import ImportSummary
from core.exchange.records import import_to_dict

_MIB = 1024**2


class ImportFormat(StrEnum):
    """The formats of `import`."""

    AUTO = "auto"
    JSONL = "jsonl"
    VERDICTS = "verdicts"


class ExportFormat(StrEnum):
    """The formats of `export`."""

    JSONL = "jsonl"
    CSV = "csv"


class ExportKind(StrEnum):
    """What `export` can write."""

    DISAGREEMENTS = "disagreements"
    DECISIONS = "decisions"
    ITEMS = "items"


def import_files(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to read, one JSON object a line.")],
    format_name: Annotated[ImportFormat, typer.Option("--format", help="Format of the files.")] = ImportFormat.AUTO,
    policies: Annotated[
        Path | None, typer.Option("--policies", metavar="DIR", help="Folder of the policies recorded verdicts name.")
    ] = None,
    policy_id: Annotated[
        str | None, typer.Option("--policy", metavar="ID", help="Restrict the items to this policy.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=COLUMN", help="Read a field from another column. May be repeated."),
    ] = None,
    decide_from: Annotated[
        str | None, typer.Option("--decide-from", metavar="FIELD", help="Field whose label becomes a decision.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring items or recorded verdicts into the workspace."""
    call = begin(ctx, folder, as_json)
    summaries: list[ImportSummary] = []
    with call.workspace() as workspace, stoppable() as stop:
        for path in files:
            progress = _ImportProgress(path)
            summary = services.import_file(
                workspace,
                path=path,
                format=format_name.value,
                policies=policies,
                policy_id=policy_id,
                field_map=read_mapping(mapping or []),
                decide_from=decide_from,
                progress=progress.show,
                cancel=stop.event,
            )
            progress.end(summary)
            summaries.append(summary)
    _answer_import(call, files, summaries)


def read_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return field names by the column they are read from, of `FIELD=COLUMN` options."""
    fields: dict[str, str] = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not (name and sign and column):
            raise typer.BadParameter("must look like FIELD=COLUMN", param_hint="--map")
        fields[name] = column
    return fields


class _ImportProgress:
    """The progress of one file."""

    def __init__(self, path: Path) -> None:
        self._name = output.visible(path.name)
        self._line = ProgressLine()

    def show(self, done: int, total: int) -> None:
        self._line.show(f"{self._name}: {done / _MIB:.1f} of {total / _MIB:.1f} MiB read")

    def end(self, summary: ImportSummary) -> None:
        self._line.show(
            f"{self._name}: {summary.read} read, {summary.stored} stored, {summary.duplicates} there already, "
            f"{len(summary.rejected)} rejected",
            last=True,
        )
        self._line.close()


def _answer_import(call: Call, files: Sequence[Path], summaries: Sequence[ImportSummary]) -> None:
    document = import_to_dict(summaries)
    if len(files) > 1:
        names = [str(path) for path, summary in zip(files, summaries, strict=True) for _ in summary.rejected]
        for name, row in zip(names, document["rejected"], strict=True):
            row["file"] = name
    call.answer(document, _import_lines(files, summaries))
    if document["rejected"]:
        raise typer.Exit(1)


def _import_lines(files: Sequence[Path], summaries: Sequence[ImportSummary]) -> Iterator[str]:
    for path, summary in zip(files, summaries, strict=True):
        for row in summary.rejected:
            yield f"{output.visible(str(path))}, line {row.line}: {output.visible(row.reason)}"
    total = import_to_dict(summaries)
    yield from output.pairs(
        {
            "read": total["read"],
            "stored": total["stored"],
            "there already": total["duplicates"],
            "rejected": len(total["rejected"]),
            "verdicts": total["verdicts"],
            "decisions": total["decisions"],
        }
    )


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
