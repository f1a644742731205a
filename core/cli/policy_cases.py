"""The commands about case sets: `policy cases …`. It owns their wording; what is frozen stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.families import family
from core.cli.importing import FormatOption, MapOption, read_mapping
from core.cli.policy_versions import NoteOption
from core.domain import Blind
from core.exchange.policy_records import case_set_to_dict, case_to_dict
from core.exchange.records import import_to_dict

app = family("Frozen human labels to test policies on.")

SetArgument = Annotated[str, typer.Argument(metavar="SET", help="Name of a case set.")]


@app.command("list")
def list_sets(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the case sets of the workspace."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        found = services.list_case_sets(workspace)
    rows = [(s.name, s.cases, s.violating, s.blind, " ".join(s.policies), s.note) for s in found]
    headers = ("case set", "cases", "violating", "blind", "policies", "note")
    document = {"case_sets": [case_set_to_dict(case_set) for case_set in found]}
    call.answer(document, output.table(headers, rows, right=[1, 2, 3]))


@app.command("show")
def show_set(
    ctx: typer.Context,
    name: SetArgument,
    policy_id: PolicyOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the cases of a set: items, human labels and the clauses that decided."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        case_set = services.get_case_set(workspace, name=name)
        cases = services.list_cases(workspace, name=name, policy_id=policy_id)
    rows = [(c.item_id, c.policy_id, c.label, "yes" if c.violates else "no", c.rule_id, c.source.value) for c in cases]
    document = {**case_set_to_dict(case_set), "items": [case_to_dict(case) for case in cases]}
    call.answer(document, output.table(("item", "policy", "label", "violates", "rule", "from"), rows))


@app.command("freeze")
def freeze(
    ctx: typer.Context,
    name: SetArgument,
    policies: Annotated[list[str], typer.Option("--policy", metavar="ID", help="Decided under it. May be repeated.")],
    blind: Annotated[
        Blind, typer.Option("--blind", help="Blind decisions first, only these, or any, oldest first.")
    ] = Blind.FIRST,
    reviewers: Annotated[
        list[str] | None, typer.Option("--reviewer", metavar="NAME", help="Only by these. May be repeated.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many a policy.")] = None,
    note: NoteOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Freeze decisions into a case set; one that is there grows, and what is in it stays as it is."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        result = services.freeze_cases(
            workspace,
            name=name,
            policy_ids=policies,
            blind=blind,
            reviewers=reviewers or (),
            limit=limit,
            note=note or "",
        )
    _answer(call, result)


@app.command("import")
def import_rows(
    ctx: typer.Context,
    name: SetArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled rows to bring in.")],
    policy_id: Annotated[str, typer.Option("--policy", metavar="ID", help="The policy the labels are of.")],
    label_field: Annotated[str, typer.Option("--label-field", metavar="FIELD", help="Where the label is.")] = "label",
    format_name: FormatOption = "auto",
    mapping: MapOption = None,
    note: NoteOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring in labelled rows as a case set. Exit status 1 when a row was refused."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        result = services.import_cases(
            workspace,
            name=name,
            path=file,
            policy_id=policy_id,
            label_field=label_field,
            format=format_name,
            field_map=read_mapping(mapping or []),
            note=note or "",
        )
    _answer(call, result)
    if result.imported is not None and result.imported.rejected:
        raise typer.Exit(1)


@app.command("promote")
def promote(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Id of a decided item.")],
    policy_id: Annotated[str, typer.Option("--policy", metavar="ID", help="The policy it was decided under.")],
    name: Annotated[str | None, typer.Option("--set", metavar="SET", help="Which set (else golden-POLICY).")] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add one decided item to the policy's golden set."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        result = services.promote_to_cases(workspace, item_id=item, policy_id=policy_id, name=name)
    _answer(call, result)


def _answer(call: Call, result: services.FreezeResult) -> None:
    document = {**case_set_to_dict(result.case_set), "added": result.added, "known": result.known}
    if result.imported is not None:
        document["import"] = import_to_dict([result.imported])
    call.answer(document, _lines(result))


def _lines(result: services.FreezeResult) -> Iterator[str]:
    for row in result.imported.rejected if result.imported is not None else ():
        yield f"line {row.line}: {output.visible(row.reason)}"
    shown = result.case_set
    yield from output.pairs(
        {
            "case set": shown.name,
            "added": result.added,
            "there already": result.known,
            "cases": f"{shown.cases} ({shown.violating} violating, {shown.blind} decided blind)",
            "policies": " ".join(shown.policies),
        }
    )
