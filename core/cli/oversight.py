"""The commands of a lead: `policy rules`, `golden list|add|remove|scores`, `second`.

It owns their wording; who may do what is the business of the services.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.families import family
from core.domain import GoldenItem, ReasonWhen, SecondReview
from core.exchange.oversight import golden_to_dict, rules_to_dict, scores_to_dict, second_reviews_to_dict

app = family("Hidden items whose right label is known.")

ItemArgument = Annotated[str, typer.Argument(metavar="ITEM", help="Id of the item.")]
UnderOption = Annotated[str, typer.Option("--policy", metavar="ID", help="Policy it is reviewed under.")]
_WHEN = "never|ask|side|override|always"


def rules(
    ctx: typer.Context,
    policy_id: Annotated[str, typer.Argument(metavar="ID", help="Id of the policy.")],
    blind: Annotated[
        int | None, typer.Option("--blind", metavar="N", help="Percent of items whose verdict is hidden at first.")
    ] = None,
    second: Annotated[
        int | None, typer.Option("--second", metavar="N", help="Percent of items that a second person reviews.")
    ] = None,
    cause: Annotated[
        ReasonWhen | None, typer.Option("--cause", metavar=_WHEN, help="When a decision needs a cause.")
    ] = None,
    note: Annotated[
        ReasonWhen | None, typer.Option("--note", metavar=_WHEN, help="When a decision needs a note.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how items are reviewed under a policy, or change it."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        if all(option is None for option in (blind, second, cause, note)):
            shown = services.review_rules(workspace, policy_id=policy_id)
        else:
            shown = services.set_review_rules(
                workspace,
                policy_id=policy_id,
                blind_percent=blind,
                second_percent=second,
                cause_when=cause,
                note_when=note,
            )
    lines = output.pairs(
        {
            "policy": shown.policy_id,
            "blind": f"{shown.blind_percent}%",
            "second review": f"{shown.second_percent}%",
            "cause": shown.cause_when.value,
            "note": shown.note_when.value,
            "set by": shown.set_by or None,
        }
    )
    call.answer(rules_to_dict(shown), lines)


@app.command("list")
def list_golden(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the golden items."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        golden = services.golden_items(workspace)
    call.answer({"golden": [golden_to_dict(one) for one in golden]}, _golden_lines(golden))


@app.command("add")
def add_golden(
    ctx: typer.Context,
    item: ItemArgument,
    policy_id: UnderOption,
    label: Annotated[str, typer.Option("--label", metavar="CODE", help="The right label.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hide an item whose right label is known among the others; every other reviewer gets it once."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        golden = services.add_golden(workspace, item_id=item, policy_id=policy_id, label=label)
    call.answer(golden_to_dict(golden), _golden_lines([golden]))


@app.command("remove")
def remove_golden(
    ctx: typer.Context,
    item: ItemArgument,
    policy_id: UnderOption,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a golden item an ordinary one."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        services.remove_golden(workspace, item_id=item, policy_id=policy_id)
    call.answer({"id": item, "policy": policy_id}, [f"{output.visible(item)} is an ordinary item now."])


@app.command("scores")
def show_scores(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show how each reviewer did on the golden items; the first answer on an item counts."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        scores = services.golden_scores(workspace)
    rows = [
        (score.reviewer, score.policy_id, score.decided, score.right,
         services.share_of(score.right, score.decided).words())
        for score in scores
    ]  # fmt: skip
    headers = ("reviewer", "policy", "decided", "right", "share right")
    call.answer(scores_to_dict(scores), output.table(headers, rows, right=[2, 3]))


def show_second(
    ctx: typer.Context, policy_id: PolicyOption = None, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """List the second reviews: those that wait, those that differ, those that are settled."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        reviews = services.second_reviews(workspace, policy_id=policy_id)
    call.answer(second_reviews_to_dict(reviews), _second_lines(reviews))


def _golden_lines(golden: Iterable[GoldenItem]) -> Iterable[str]:
    rows = [(one.policy_id, one.label, one.added_by, f"{one.added_at:%Y-%m-%d}", one.item_id) for one in golden]
    return output.table(("policy", "label", "by", "since", "item"), rows)


def _second_lines(reviews: Iterable[SecondReview]) -> Iterable[str]:
    rows = [
        (
            review.first.policy_id,
            review.state.value,
            f"{review.first.reviewer}: {review.first.label}",
            f"{review.second.reviewer}: {review.second.label}" if review.second is not None else None,
            review.first.item_id,
        )
        for review in reviews
    ]
    return output.table(("policy", "state", "first", "second", "item"), rows)
