"""The commands that refine a policy from its disagreements: `policy refine …`. It owns their wording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.cli.judging import ModelOption, warn_of_model
from core.cli.stopping import stoppable
from core.domain import DisagreementGroup, Draft
from core.exchange.policy_records import diff_to_dict, draft_to_dict, group_to_dict
from core.policy.diff import PolicyDiff

app = family("From disagreements to edits of a policy, as drafts.")

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a policy.")]
DraftOption = Annotated[
    str | None, typer.Option("--draft", metavar="DRAFT", help="The draft to change or begin (else the policy's own).")
]


@app.command("groups")
def groups(
    ctx: typer.Context, policy_id: IdArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Group the disagreements of a policy by cause, clause and likeness."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        found = services.disagreement_groups(workspace, policy_id=policy_id)
    call.answer({"id": policy_id, "groups": [group_to_dict(group) for group in found]}, _group_lines(found))


def _group_lines(found: Sequence[DisagreementGroup]) -> Iterator[str]:
    if not found:
        yield "no disagreement"
    for group in found:
        yield output.visible(f"{group.key}  {len(group.items)} items: {group.missed} missed, {group.overdone} overdone")
        if group.clause_text:
            yield output.visible(f"  line {group.line}: {' '.join(group.clause_text.split())}")
        for cluster in group.alike:
            for position, index in enumerate(cluster):
                item = group.items[index]
                mark = "=" if position else "-"
                said = f"human {item.human_label}, model {item.model_label}"
                yield output.visible(f"  {mark} {item.item_id}  {said}  {item.excerpt[:100]}")


@app.command("edit")
def edit(
    ctx: typer.Context,
    policy_id: IdArgument,
    clause: Annotated[str, typer.Option("--clause", metavar="RULE", help="The rule to say anew.")],
    text: Annotated[str, typer.Option("--text", metavar="T", help="What it is to say.")],
    draft: DraftOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say one rule anew, in a draft."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        changed = services.edit_clause(workspace, policy_id=policy_id, clause=clause, text=text, name=draft)
        found = services.diff(workspace, before=None, after=f"draft:{changed.name}")
    _answer(call, changed, found)


@app.command("suggest")
def suggest(
    ctx: typer.Context,
    policy_id: IdArgument,
    group: Annotated[str, typer.Option("--group", metavar="GROUP", help="A group, as `groups` names it.")],
    model: ModelOption = None,
    draft: DraftOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let the model propose an edit, in a draft that is published only after a person accepted it."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace, stoppable() as stop:
        wanted = services.find_group(workspace, policy_id=policy_id, key=group)
        with closing(services.open_classifier(workspace, model=model)) as classifier:
            warn_of_model(classifier)
            made = services.suggest_edit(workspace, group=wanted, classifier=classifier, name=draft, cancel=stop.event)
        found = services.diff(workspace, before=None, after=f"draft:{made.name}")
    _answer(call, made, found)


@app.command("example")
def example(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Id of a decided item.")],
    policy_id: Annotated[str, typer.Option("--policy", metavar="ID", help="The policy it was decided under.")],
    draft: DraftOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add one decided item to the examples of a draft."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        changed = services.promote_to_example(workspace, item_id=item, policy_id=policy_id, name=draft)
        found = services.diff(workspace, before=None, after=f"draft:{changed.name}")
    _answer(call, changed, found)


def _answer(call: Call, draft: Draft, found: PolicyDiff) -> None:
    document = {**draft_to_dict(draft, whole=True), "diff": diff_to_dict(found)}
    lines = [output.visible(f"draft {draft.name}, written by a {draft.origin.value}")]
    for row in found.changed:
        lines += [output.visible(f"- {line}") for line in (row.before.text.split("\n") if row.before else [])]
        lines += [output.visible(f"+ {line}") for line in (row.after.text.split("\n") if row.after else [])]
    call.answer(document, lines)
