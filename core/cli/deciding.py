"""The command `decide`, in both forms: one decision, or a file of them with one acknowledgement a line.

It owns the acknowledgements `{"ack": id}`: each is printed after its decision is on the disk, never before.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.stopping import stoppable
from core.domain import Cause, Decision, RejectedRow
from core.exchange.records import decision_to_dict

ReviewerOption = Annotated[
    str | None, typer.Option("--reviewer", metavar="NAME", help="Who decided (else the workspace's reviewer).")
]
RecordsOption = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="Take decisions from JSON lines; acknowledge each.")
]


def decide(
    ctx: typer.Context,
    item: Annotated[str | None, typer.Argument(metavar="[ITEM]", help="Id of the item to decide.")] = None,
    policy_id: Annotated[str | None, typer.Option("--policy", metavar="ID", help="Policy it is decided under.")] = None,
    agree: Annotated[bool, typer.Option("--agree", help="Agree with the model's label.")] = False,
    label: Annotated[str | None, typer.Option("--label", metavar="CODE", help="Label of your own.")] = None,
    cause: Annotated[Cause | None, typer.Option("--cause", help="Why the model was overridden.")] = None,
    rule_id: Annotated[str | None, typer.Option("--rule", metavar="ID", help="Rule of the policy it rests on.")] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Note to keep with the decision.")] = "",
    reviewer: ReviewerOption = None,
    records: RecordsOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a human decision, or a file of them. Exit status 1 when a line of the file was refused."""
    call = begin(ctx, folder, as_json)
    if records is not None:
        if any((item, policy_id, agree, label, cause, rule_id, note, reviewer)):
            raise typer.BadParameter("takes everything from the file: leave the rest out", param_hint="--from")
        _decide_from(call, records)
        return
    if item is None or policy_id is None:
        raise typer.BadParameter("name an ITEM and its --policy, or a file with --from", param_hint="ITEM")
    if agree == (label is not None):
        raise typer.BadParameter("give either --agree or --label CODE", param_hint="--agree")
    with call.workspace() as workspace:
        decision = services.decide(
            workspace,
            key=services.find_entry(workspace, item_id=item, policy_id=policy_id),
            policy_id=policy_id,
            label=label,
            agree=agree,
            cause=cause,
            rule_id=rule_id,
            note=note,
            reviewer=reviewer,
        )
    call.answer(decision_to_dict(decision), _decision_lines(decision))


def _decision_lines(decision: Decision) -> Iterator[str]:
    against = {True: "agrees with the model", False: "disagrees with the model", None: "no verdict to compare with"}
    yield from output.pairs(
        {
            "item": decision.item_id,
            "policy": decision.policy_id,
            "label": decision.label,
            "reviewer": decision.reviewer,
            "verdict": against[decision.agrees],
        }
    )


def _decide_from(call: Call, records: Path) -> None:
    """Print one acknowledgement a line; with --json a last line sums up, else refused lines go to standard error."""
    acknowledged = 0
    rejected: list[dict[str, Any]] = []
    with call.workspace() as workspace, stoppable() as stop:
        for outcome in services.decide_from_file(workspace, path=records, cancel=stop.event):
            if isinstance(outcome, RejectedRow):
                rejected.append({"line": outcome.line, "reason": outcome.reason})
                if not call.as_json:
                    output.say(f"{records}, line {outcome.line}: {outcome.reason}")
            else:
                acknowledged += 1
                output.print_document({"ack": outcome.item_id})
    if call.as_json:
        output.print_document({"acknowledged": acknowledged, "rejected": rejected})
    else:
        output.say(f"{acknowledged} decisions stored, {len(rejected)} lines rejected.")
    if rejected:
        raise typer.Exit(1)
