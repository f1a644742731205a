"""The commands about texts of policies: `policy history`, `policy diff`, `policy draft …`.

It owns their wording and the plain form of a difference; what differs is the business of `core.policy.diff`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.domain import Draft
from core.errors import InputError
from core.exchange.policy_records import diff_to_dict, draft_to_dict, version_to_dict
from core.policy.diff import Change, ClauseDiff, PolicyDiff

SHORT_HASH = 12

TEXT_HELP = "A file, draft:NAME, ID@VERSION, the start of a hash, or the id of a policy."
DraftArgument = Annotated[str, typer.Argument(metavar="DRAFT", help="Name of a draft.")]
NoteOption = Annotated[str | None, typer.Option("--note", metavar="T", help="What it is about.")]

drafts = family("Texts that are being worked on until they are published.")


def history(
    ctx: typer.Context,
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a policy.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the versions of a policy, newest first."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        versions = services.policy_history(workspace, policy_id=policy_id)
    rows = [
        (v.version, v.hash[:SHORT_HASH], f"{v.created_at:%Y-%m-%d %H:%M}" if v.created_at else None, v.author, v.note)
        for v in versions
    ]
    document = {"id": policy_id, "versions": [version_to_dict(version) for version in versions]}
    call.answer(document, output.table(("version", "hash", "published", "author", "note"), rows, right=[0]))


def diff(
    ctx: typer.Context,
    before: Annotated[str, typer.Argument(metavar="[BEFORE]", help=TEXT_HELP)],
    after: Annotated[str | None, typer.Argument(metavar="AFTER", help="The same; alone: against the current.")] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what differs between two texts of a policy, clause by clause."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        found = services.diff(workspace, before=before if after is not None else None, after=after or before)
    call.answer(diff_to_dict(found), _diff_lines(found))


def _diff_lines(found: PolicyDiff) -> Iterator[str]:
    if found.empty:
        yield "no difference"
    for row in found.fields:
        yield output.visible(f"{row.field}: {row.before or '-'} -> {row.after or '-'}")
    for clause in found.changed:
        yield from _clause_lines(clause)


def _clause_lines(row: ClauseDiff) -> Iterator[str]:
    side = row.after or row.before
    place = f"line {side.line}" if side is not None else ""
    yield ""
    yield output.visible(f"{row.change.value} {row.clause} ({place})")
    for mark, clause in (("-", row.before), ("+", row.after)):
        if clause is not None and not (row.change is Change.MOVED and mark == "-"):
            yield from (output.visible(f"{mark} {line}") for line in clause.text.split("\n"))


@drafts.command("list")
def list_drafts(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the drafts of the workspace."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        found = services.list_drafts(workspace)
    rows = [(d.name, d.policy_id, d.origin.value, d.author, f"{d.updated_at:%Y-%m-%d %H:%M}", d.note) for d in found]
    document = {"drafts": [draft_to_dict(draft) for draft in found]}
    call.answer(document, output.table(("draft", "policy", "written by", "author", "changed", "note"), rows))


@drafts.command("new")
def new_draft(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="TEXT", help=TEXT_HELP)],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Its name, else the policy's id.")] = None,
    policy_id: Annotated[
        str | None, typer.Option("--policy", metavar="ID", help="Make it a draft of this other, new policy.")
    ] = None,
    note: NoteOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin a draft from a version or a file; of a plain text, with what was inferred of it written out."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        draft = services.new_draft(workspace, source=source, name=name, note=note or "", policy_id=policy_id)
    _answer_draft(call, draft)


@drafts.command("show")
def show_draft(
    ctx: typer.Context, name: DraftArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Print a draft, ready to be saved to a file and edited."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        draft = services.get_draft(workspace, name=name)
    lines = draft.document.removesuffix("\n").split("\n")
    call.answer(draft_to_dict(draft, whole=True), (output.visible(line) for line in lines))


@drafts.command("save")
def save_draft(
    ctx: typer.Context,
    name: DraftArgument,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="The new text; - reads standard input.")],
    note: NoteOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replace the text of a draft."""
    call = begin(ctx, folder, as_json)
    text = _read_text(file)
    with call.workspace() as workspace:
        draft = services.save_draft(workspace, name=name, text=text, note=note)
    _answer_draft(call, draft)


def _read_text(file: str) -> str:
    if file != "-":
        return services.read_policy_text(Path(file))
    raw = sys.stdin.buffer.read(services.LARGEST_POLICY_BYTES + 1)
    if len(raw) > services.LARGEST_POLICY_BYTES:
        raise InputError("The text is larger than 1 MiB.", "A policy has some hundred words; check what is piped in.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("The text is not UTF-8.", "Save it as UTF-8.") from None


@drafts.command("accept")
def accept_draft(
    ctx: typer.Context, name: DraftArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Take responsibility for a draft that a model wrote, so that it may be published."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        draft = services.accept_draft(workspace, name=name)
    _answer_draft(call, draft)


@drafts.command("discard")
def discard_draft(
    ctx: typer.Context, name: DraftArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Throw a draft away."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        draft = services.discard_draft(workspace, name=name)
    call.answer({**draft_to_dict(draft, whole=True), "discarded": True}, [output.visible(f"{draft.name} is gone")])


def _answer_draft(call: Call, draft: Draft) -> None:
    shown = {"draft": draft.name, "policy": draft.policy_id, "written by": draft.origin.value, "author": draft.author}
    call.answer(draft_to_dict(draft, whole=True), output.pairs(shown))
