"""The commands `quarantine …`: refused rows are listed, looked at, mended, tried again or dropped.

It owns their options and how a row is shown; what happens to it is the business of `core.services.quarantine`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin, named_place
from core.cli.families import family
from core.domain import ImportSummary, QuarantinedRow
from core.errors import InputError
from core.exchange.records import import_to_dict, quarantined_to_dict

app = family("Rows that an import refused, kept as they stood.")

_Row = Annotated[int, typer.Argument(metavar="ROW", help="Number from `quarantine list`.")]
_Rows = Annotated[list[int] | None, typer.Argument(metavar="[ROW…]", help="Numbers from `quarantine list`.")]
_Everything = Annotated[bool, typer.Option("--all", help="Every row.")]


@app.command("list")
def show_rows(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="At most this many.")] = 100,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List refused rows with file, line and reason."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        total = services.quarantine_size(workspace)
        rows = services.quarantine_rows(workspace, keys=services.quarantine_keys(workspace)[:limit])
    document = {"total": total, "rows": [quarantined_to_dict(row) for row in rows]}
    cells = [(row.key, row.line, row.source, row.reason) for row in rows]
    call.answer(document, output.table(("row", "line", "file", "reason"), cells, right=(0, 1)))


@app.command("show")
def show_row(
    ctx: typer.Context,
    number: _Row,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", callback=named_place, help="Write the bytes to a file, to mend them there."
        ),
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one refused row as it stood."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        row = services.get_quarantined(workspace, key=number)
        if out is not None:
            services.write_quarantined(workspace, keys=[number], out=out)
    call.answer(quarantined_to_dict(row, whole=True), _row_lines(row))


@app.command("mend")
def mend_row(
    ctx: typer.Context,
    number: _Row,
    source: Annotated[
        Path, typer.Option("--from", metavar="FILE", allow_dash=True, help="The mended row; `-` is standard input.")
    ],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put mended bytes in a row's place and try it. Exit status 1 when it is refused again."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        summary = services.mend_quarantined(workspace, key=number, raw=_read_bytes(source))
    _answer(call, summary)


@app.command("retry")
def retry_rows(
    ctx: typer.Context,
    numbers: _Rows = None,
    everything: _Everything = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try rows again as they are, for example once their policy is there. Exit status 1 when one is refused again."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        summary = services.retry_quarantined(workspace, keys=_chosen(workspace, numbers, everything))
    _answer(call, summary)


@app.command("drop")
def drop_rows(
    ctx: typer.Context,
    numbers: _Rows = None,
    everything: _Everything = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let rows go for good."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        dropped = services.drop_quarantined(workspace, keys=_chosen(workspace, numbers, everything))
    call.answer({"dropped": dropped}, [f"{dropped} dropped"])


@app.command("export")
def export_rows(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", callback=named_place, help="Where to write them.")],
    numbers: _Rows = None,
    everything: _Everything = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write rows to one file as they stood, to mend and import it; rows of one table come under its columns."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        rows = services.write_quarantined(workspace, keys=_chosen(workspace, numbers, everything), out=out)
    call.answer({"rows": rows, "file": str(out)}, [f"{rows} rows written to {output.visible(str(out))}"])


def _chosen(workspace: services.Workspace, numbers: Sequence[int] | None, everything: bool) -> list[int]:
    if bool(numbers) == everything:
        raise typer.BadParameter("name rows, or --all", param_hint="ROW")
    return services.quarantine_keys(workspace) if everything else list(numbers or ())


def _read_bytes(source: Path) -> bytes:
    limit = services.LARGEST_MENDED + 1
    try:
        if source == Path("-"):
            return sys.stdin.buffer.read(limit).removesuffix(b"\n")
        with source.open("rb") as stream:
            return stream.read(limit).removesuffix(b"\n")
    except OSError as error:
        raise InputError(f"{source} cannot be read.", "Check the path and its permissions.") from error


def _row_lines(row: QuarantinedRow) -> Iterator[str]:
    yield from output.pairs({"row": row.key, "file": row.source, "line": row.line, "reason": row.reason})
    yield ""
    yield output.visible(row.raw.decode("utf-8", "backslashreplace"), keep="\n")
    if not row.whole:
        yield "… the rest was too long to keep"


def _answer(call: Call, summary: ImportSummary) -> None:
    document = import_to_dict([summary])
    lines = [f"line {row.line}: {output.visible(row.reason)}" for row in summary.rejected]
    call.answer(document, [*lines, f"{summary.stored} stored, {summary.duplicates} there already"])
    if summary.rejected:
        raise typer.Exit(1)
