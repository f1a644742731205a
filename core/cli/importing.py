"""The command `import`: what is read, as what, with a look before anything is stored, once or from a watched folder.

It owns its options, the preview as text and the listing of refused rows; formats belong to `core.intake`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from core import services
from core.cli import output
from core.cli.asking import at_terminal
from core.cli.bundles import bundle_passphrase, merge_lines
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.progress import ProgressLine
from core.cli.stopping import Stop, stoppable
from core.domain import ImportPreview, ImportSummary
from core.errors import CancelledError, UsageError
from core.exchange.bundle_records import merge_to_dict
from core.exchange.records import import_to_dict, preview_to_dict
from core.intake.detect import IMPORT_FORMATS

_MIB = 1024**2
_SHOWN = 76
_REFUSED_SHOWN = 20
"""Refused rows of a file in plain text, so that its totals stay on the screen; JSON and the quarantine have all."""
FormatOption = Annotated[
    str, typer.Option("--format", metavar="NAME", help=f"auto, or one of {', '.join(IMPORT_FORMATS)}.")
]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Read a field from another column. May be repeated."),
]
_SEPARATORS = {"comma": ",", "tab": "\t", "semicolon": ";", "bar": "|"}


def import_files(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files to read; `-` is standard input.", allow_dash=True)
    ],
    format_name: FormatOption = "auto",
    policies: Annotated[
        Path | None, typer.Option("--policies", metavar="DIR", help="Folder of the policies recorded verdicts name.")
    ] = None,
    policy_id: Annotated[
        str | None, typer.Option("--policy", metavar="ID", help="Restrict the items to this policy.")
    ] = None,
    mapping: MapOption = None,
    decide_from: Annotated[
        str | None, typer.Option("--decide-from", metavar="FIELD", help="Field whose label becomes a decision.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", metavar="NAME", help="Of the text, where the guess is wrong.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", metavar="NAME", help="Of a table: comma, tab, semicolon or bar.")
    ] = None,
    header: Annotated[
        int | None, typer.Option("--header", metavar="ROW", min=0, help="Row that names the columns; 0 for none.")
    ] = None,
    split: Annotated[
        str | None, typer.Option("--split", metavar="HOW", help="Plain text: lines, paragraphs or file.")
    ] = None,
    skip_known: Annotated[
        bool, typer.Option("--skip-known", help="Leave out content that is there under another id.")
    ] = False,
    no_group: Annotated[bool, typer.Option("--no-group", help="Do not group near-duplicates afterwards.")] = False,
    no_score: Annotated[
        bool, typer.Option("--no-score", help="Do not let second opinions score what came in.")
    ] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only show the guess and ten rows.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before a guessed format is imported.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Import what appears in a folder, until stopped.")] = False,
    take_policies: Annotated[
        bool, typer.Option("--take-policies", help="Of a bundle: take other versions of policies, too.")
    ] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring items, recorded verdicts or decisions into the workspace. Exit status 1 when a row was refused."""
    call = begin(ctx, folder, as_json)
    wishes = services.Wishes(
        format_name, read_mapping(mapping or []), encoding, _read_separator(separator), header, split
    )
    options: dict[str, Any] = {
        "policies": policies, "policy_id": policy_id, "decide_from": decide_from, "skip_known": skip_known,
        "wishes": wishes, "stdin": sys.stdin.buffer if hasattr(sys.stdin, "buffer") else None,
    }  # fmt: skip
    with call.workspace() as workspace, stoppable() as stop:
        if preview:
            _show_previews(call, workspace, files, options)
            return
        if len(files) == 1 and services.is_sealed(files[0]):
            _merge(call, workspace, files[0], take_policies, stop)
            return
        if watch:
            _watch(call, workspace, files, options, stop)
            return
        if not yes:
            _ask_about_guesses(call, workspace, files, options)
        summaries = [_import_one(workspace, path, options, stop) for path in files]
        fresh = any(summary.stored for summary in summaries)
        if fresh and not no_group:
            services.group_items(workspace, cancel=stop.event)
        scored = _score(workspace, stop) if fresh and not no_score else 0
    _answer_import(call, files, summaries, scored)


def _score(workspace: services.Workspace, stop: Stop) -> int:
    """Let second opinions score what came in; return how many items they did."""
    line = ProgressLine()
    scored = services.score_new(workspace, cancel=stop.event, progress=line.show).scored
    line.close()
    return scored


def _merge(call: Call, workspace: services.Workspace, path: Path, take_policies: bool, stop: Stop) -> None:
    passphrase = bundle_passphrase(wanted=services.needs_bundle_passphrase(path))
    progress = _ImportProgress(path)
    summary = services.import_bundle(
        workspace,
        path=path,
        passphrase=passphrase,
        take_policies=take_policies,
        progress=progress.show,
        cancel=stop.event,
    )
    call.answer(merge_to_dict(summary), merge_lines(summary))


def read_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Return field names by the column they are read from, of `FIELD=COLUMN` options."""
    fields: dict[str, str] = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not (name and sign and column):
            raise typer.BadParameter("must look like FIELD=COLUMN", param_hint="--map")
        fields[name] = column
    return fields


def _read_separator(name: str | None) -> str | None:
    if name is None or len(name) == 1:
        return name
    if name not in _SEPARATORS:
        raise typer.BadParameter(f"must be one character, or {', '.join(_SEPARATORS)}", param_hint="--separator")
    return _SEPARATORS[name]


def _import_one(workspace: services.Workspace, path: Path, options: dict[str, Any], stop: Stop) -> ImportSummary:
    progress = _ImportProgress(path)
    summary = services.import_file(workspace, path=path, progress=progress.show, cancel=stop.event, **options)
    progress.end(summary)
    return summary


def _preview(workspace: services.Workspace, path: Path, options: dict[str, Any]) -> ImportPreview:
    rest = {name: value for name, value in options.items() if name not in ("wishes", "stdin")}
    return services.preview_import(
        workspace,
        path=path,
        wishes=options["wishes"],
        options=services.ImportOptions(**rest),
        stdin=options["stdin"],
    )


def _show_previews(call: Call, workspace: services.Workspace, files: Sequence[Path], options: dict[str, Any]) -> None:
    found = [(path, _preview(workspace, path, options)) for path in files]
    documents = [{"file": str(path), **preview_to_dict(preview)} for path, preview in found]
    call.answer({"files": documents}, [line for path, preview in found for line in preview_lines(path, preview)])


def _ask_about_guesses(
    call: Call, workspace: services.Workspace, files: Sequence[Path], options: dict[str, Any]
) -> None:
    """At a terminal, show what a file was taken for when that was a guess, and ask.

    Raises:
        CancelledError: the answer was no.
    """
    if call.as_json or not at_terminal():
        return
    for path in files:
        preview = _preview(workspace, path, options)
        if preview.notes:
            for line in preview_lines(path, preview):
                sys.stderr.write(line + "\n")
            if not typer.confirm("Import it like this?", default=True, err=True):
                raise CancelledError(
                    "Nothing was imported.", "Use --map, --header, --encoding or --format to say more."
                )


def preview_lines(path: Path, preview: ImportPreview) -> Iterator[str]:
    """Yield what a file was taken for and its first rows, as plain text."""
    yield f"{output.visible(str(path))}: {preview.format}"
    for note in preview.notes:
        yield f"  {output.visible(note)}"
    for row in preview.rows:
        if row.reason:
            yield f"  {row.line:>6}  refused: {output.visible(row.reason)}"
        elif row.decision:
            yield f"  {row.line:>6}  decision on {output.visible(row.decision)}"
        for item in row.items:
            shown = output.shorten(output.visible(item.content), _SHOWN)
            yield f"  {row.line:>6}  {output.visible(item.id)}  {shown}"


def _watch(
    call: Call, workspace: services.Workspace, folders: Sequence[Path], options: dict[str, Any], stop: Stop
) -> None:
    if len(folders) != 1 or not folders[0].is_dir():
        raise UsageError("--watch takes one folder.", "Name the folder that files are put into.")
    for seen in services.watch_folder(
        folders[0], take=lambda path: _import_one(workspace, path, options, stop), cancel=stop.event
    ):
        if seen.summary is not None:
            scored = _score(workspace, stop) if seen.summary.stored else 0
            document = {"file": str(seen.path), **import_to_dict([seen.summary], scored=scored)}
            call.answer(document, _import_lines([seen.path], [seen.summary]))
        elif seen.error is not None:
            call.fail(seen.error)


class _ImportProgress:
    """The progress of one file."""

    def __init__(self, path: Path) -> None:
        self._name = output.visible(path.name)
        self._line = ProgressLine()

    def show(self, done: int, total: int) -> None:
        size = f"{done / _MIB:.1f} of {total / _MIB:.1f} MiB read" if total else "reading"
        self._line.show(f"{self._name}: {size}")

    def end(self, summary: ImportSummary) -> None:
        self._line.show(
            f"{self._name}: {summary.read} read, {summary.stored} stored, {summary.duplicates} there already, "
            f"{len(summary.rejected)} rejected",
            last=True,
        )
        self._line.close()


def _answer_import(call: Call, files: Sequence[Path], summaries: Sequence[ImportSummary], scored: int) -> None:
    document = import_to_dict(summaries, scored=scored)
    if len(files) > 1:
        names = [str(path) for path, summary in zip(files, summaries, strict=True) for _ in summary.rejected]
        for name, row in zip(names, document["rejected"], strict=True):
            row["file"] = name
    call.answer(document, _import_lines(files, summaries))
    if document["rejected"]:
        raise typer.Exit(1)


def _import_lines(files: Sequence[Path], summaries: Sequence[ImportSummary]) -> Iterator[str]:
    for path, summary in zip(files, summaries, strict=True):
        for row in summary.rejected[:_REFUSED_SHOWN]:
            name = output.visible(f"{path}, {row.part}" if row.part else str(path))
            yield f"{name}, line {row.line}: {output.visible(row.reason)}"
        if (more := len(summary.rejected) - _REFUSED_SHOWN) > 0:
            yield f"{output.visible(str(path))}: {more} more refused"
    for path, summary in zip(files, summaries, strict=True):
        if summary.continued_from:
            yield f"{output.visible(str(path))}: went on behind line {summary.continued_from}, where it stopped"
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
    if total["quarantined"]:
        waiting = "1 row waits" if total["quarantined"] == 1 else f"{total['quarantined']} rows wait"
        yield f"{waiting} in the quarantine: see `main.py quarantine list`."
