"""The commands of measuring: `insight show`, `reviewers`, `drift`, `calibration`, `items`, `draw`, `recall`, `next`.

It owns their wording. Every figure is printed with its n and interval, or with the words that there are too few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.families import family
from core.domain.behind import Compared
from core.domain.insight import (
    AuditRecall,
    Calibration,
    Cell,
    Difference,
    Dimension,
    Figures,
    PolicyMeasures,
    ReviewerMeasures,
    Stratum,
)
from core.errors import UsageError
from core.exchange.behind import behind_of
from core.exchange.insight import (
    calibration_to_dict,
    drift_to_dict,
    entries_to_dict,
    measures_to_dict,
    reviewers_to_dict,
)
from core.exchange.opinions import draw_to_dict, recall_to_dict, useful_to_dict

app = family("How good the judging is, with n and interval.")

PAGE = 500
THE_POLICY = Annotated[str, typer.Option("--policy", metavar="ID", help="The policy to measure.")]
ByOption = Annotated[
    list[Dimension] | None, typer.Option("--by", metavar="WHAT", help="Divide by this. May be repeated.")
]


@app.command("show")
def show(
    ctx: typer.Context,
    policy_id: PolicyOption = None,
    by: ByOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far model and humans agree, whole and divided, and blind beside assisted."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        measured = services.policy_measures(workspace, policy_id=policy_id, by=by or ())
    call.answer(measures_to_dict(measured), _measures_lines(measured))


def _measures_lines(measured: PolicyMeasures) -> Iterator[str]:
    rows = [("all", *_cells(measured.whole))]
    rows += [(f"{part.dimension.value} {part.value}", *_cells(part.figures)) for part in measured.parts]
    headers = ("", "decided", "agreement", "kappa", "precision", "recall", "F1", "seconds an item")
    yield from output.table(headers, rows, right=[1])
    yield ""
    yield f"Assisted less blind agreement: {_difference(measured.blind_gap)}"
    causes = ", ".join(f"{cause.value} {count}" for cause, count in sorted(measured.whole.causes.items()))
    yield f"Causes of overrides: {causes or 'none given'}"


def _cells(figures: Figures) -> tuple[object, ...]:
    shares = (figures.agreement, figures.kappa, figures.precision, figures.recall, figures.f1)
    return (figures.decided, *(share.words() for share in shares), figures.seconds.words(1))


def _difference(difference: Difference) -> str:
    p = "" if difference.p is None or not difference.difference.enough else f", p {difference.p:.3g}"
    return difference.difference.words() + p


@app.command("reviewers")
def reviewers(
    ctx: typer.Context, policy_id: PolicyOption = None, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show how far reviewers agree with each other, and scores on items with a reference label (own, or for a lead)."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        measured = services.reviewer_measures(workspace, policy_id=policy_id)
    call.answer(reviewers_to_dict(measured), _reviewer_lines(measured))


def _reviewer_lines(measured: ReviewerMeasures) -> Iterator[str]:
    yield f"Krippendorff's alpha, labels: {measured.alpha.words()}"
    yield f"Krippendorff's alpha, violating or not: {measured.alpha_violates.words()}"
    if measured.pairs:
        yield ""
        rows = [(pair.first, pair.second, pair.kappa.words(), pair.agreement.words()) for pair in measured.pairs]
        yield from output.table(("reviewer", "and", "kappa", "agreement"), rows)
    if measured.golden:
        yield ""
        yield from output.table(
            ("reviewer", "right labels of", "score"),
            [
                (mark.reviewer, "hidden golden items" if mark.hidden else "labels that came along", mark.score.words())
                for mark in measured.golden
            ],
        )
    if measured.golden_hidden:
        yield f"{measured.golden_hidden} scores of others are seen by them and by a lead."


@app.command("drift")
def drift(
    ctx: typer.Context, policy_id: THE_POLICY, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show what changed from each version of a policy to the next."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        steps = services.version_drift(workspace, policy_id=policy_id)
    rows = [
        (
            f"{step.before} to {step.after}",
            _difference(step.agreement),
            _difference(step.violating),
            sum(step.flips.values()),
            step.flips.get((False, True), 0),
            step.flips.get((True, False), 0),
        )
        for step in steps
    ]
    headers = ("versions", "agreement changed by", "share violating by", "judged by both", "to violating", "to safe")
    plain = output.table(headers, rows, right=[3, 4, 5]) if rows else iter(["The policy has one version."])
    call.answer(drift_to_dict(policy_id, steps), plain)


@app.command("calibration")
def calibration(
    ctx: typer.Context,
    policy_id: THE_POLICY,
    target_recall: Annotated[
        float, typer.Option("--target-recall", metavar="SHARE", help="Find the threshold that reaches this recall.")
    ] = 0.95,
    target_precision: Annotated[
        float, typer.Option("--target-precision", metavar="SHARE", help="And the one that reaches this precision.")
    ] = 0.9,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how honest the scores are, and the thresholds that meet a target with the work they cost."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        found = services.calibration(
            workspace, policy_id=policy_id, target_recall=target_recall, target_precision=target_precision
        )
    call.answer(calibration_to_dict(found), _calibration_lines(found))


def _calibration_lines(found: Calibration) -> Iterator[str]:
    yield f"Decided items with a score: {found.n}"
    yield f"Area under the ROC curve: {found.auc.words()}"
    rows = [(curve.method, curve.error.words(3), curve.brier.words(3)) for curve in found.curves]
    yield from output.table(("scores", "calibration error", "Brier score"), rows)
    for threshold in found.thresholds:
        wish = f"{threshold.target} {threshold.wanted:g}"
        if threshold.score is None:
            yield f"No threshold reaches {wish}."
            continue
        yield (
            f"{wish}: score {threshold.score:.4f} and above; precision {threshold.precision.words()}, recall "
            f"{threshold.recall.words()}; {threshold.workload:,} of {threshold.open_items:,} open items to review"
        )


@app.command("items")
def items(
    ctx: typer.Context,
    policy_id: PolicyOption = None,
    by: Annotated[Dimension | None, typer.Option("--by", metavar="WHAT", help="The part's dimension.")] = None,
    value: Annotated[str, typer.Option("--value", metavar="TEXT", help="The part's value.")] = "",
    cell: Annotated[Cell, typer.Option("--cell", help="Which of its compared items.")] = Cell.ALL,
    key: Annotated[
        str | None, typer.Option("--behind", metavar="KEY", help="Any figure, by the key its --json calls `behind`.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the items a figure stands on."""
    call = begin(ctx, folder, as_json)
    if key is not None and (by is not None or value or cell is not Cell.ALL):
        raise UsageError("A key says everything.", "Give --behind alone, or --by, --value and --cell.")
    behind = Compared(by, value, cell) if key is None else behind_of(key)
    with call.workspace() as workspace:
        keys = services.entries_behind(workspace, policy_id=policy_id, behind=behind)
        pages: Iterator[Sequence[int]] = (keys[start : start + PAGE] for start in range(0, len(keys), PAGE))
        rows = list(chain.from_iterable(services.queue_rows(workspace, keys=page) for page in pages))
    plain = output.table(
        ("item", "policy", "model", "human", "content"),
        [(row.item_id, row.policy_id, row.verdict_label, row.decision_label, row.excerpt) for row in rows],
    )
    call.answer(entries_to_dict((row.key, row.item_id) for row in rows), plain)


@app.command("draw")
def draw(
    ctx: typer.Context,
    policy_id: THE_POLICY,
    size: Annotated[int, typer.Option("--size", metavar="N", help="Items to draw.")] = 200,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="Draw the same sample again.")] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw an audit sample of what the model judged since the last draw, stratified by score."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        drawn = services.draw_audit(workspace, policy_id=policy_id, size=size, seed=seed)
        ids = _item_ids(workspace, drawn.entries)
    call.answer(draw_to_dict(drawn, ids), chain(_strata_lines(drawn.strata), ["", *map(output.visible, ids)]))


@app.command("recall")
def recall(
    ctx: typer.Context, policy_id: THE_POLICY, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Estimate recall over everything the model judged, misses included, from the audit samples."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        found = services.audit_recall(workspace, policy_id=policy_id)
        ids = _item_ids(workspace, found.entries)
    call.answer(recall_to_dict(found, ids), _recall_lines(found))


def _recall_lines(found: AuditRecall) -> Iterator[str]:
    if not found.draws:
        yield "Nothing was drawn yet: see `main.py insight draw`."
        return
    undecided = [one.name for one in found.strata if one.size and not one.decided]
    if undecided:
        yield f"Recall is known once every layer has a decided item; there is none yet of: {'; '.join(undecided)}."
    elif found.recall.value is None:
        yield f"Recall: no violating item was found, so there is nothing to recall (n {found.recall.n:,})."
    else:
        yield f"Recall: {found.recall.words()}"
    yield f"Precision: {found.precision.words()}"
    yield f"Violating items the model passed: {found.misses.words(0)}"
    yield f"Sampled items still to decide: {found.pending}"
    yield ""
    yield from _strata_lines(found.strata)


def _strata_lines(strata: Sequence[Stratum]) -> Iterator[str]:
    rows = [(one.name, one.size, one.drawn, one.decided, one.violating) for one in strata]
    yield from output.table(("layer", "items", "drawn", "decided", "violating"), rows, right=range(1, 5))


@app.command("next")
def most_useful(
    ctx: typer.Context,
    policy_id: THE_POLICY,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="At most this many.")] = 50,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the open items whose labels would teach the most, and why."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        listed = services.most_useful_next(workspace, policy_id=policy_id, limit=limit)
    rows = [(one.item_id, f"{one.usefulness:.2f}", ", ".join(one.reasons) or None) for one in listed]
    call.answer(useful_to_dict(policy_id, listed), output.table(("item", "useful", "because"), rows, right=[1]))


def _item_ids(workspace: services.Workspace, entries: Sequence[int]) -> list[str]:
    return [row.item_id for row in services.queue_rows(workspace, keys=entries)]
