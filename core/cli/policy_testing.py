"""The commands that try a draft and publish it: `policy test`, `policy runs`, `policy publish`.

It owns how a flip report is told in text. The figures belong to `core.insight`, the obstacles to `core.services`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from typing import Annotated, Any

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.judging import AllowRemoteOption, ModelOption, warn_of_model
from core.cli.policy_versions import NoteOption
from core.cli.progress import ProgressLine, duration_text
from core.cli.stopping import stoppable
from core.domain import (
    Effort,
    Flip,
    FlipKind,
    PolicyVersion,
)
from core.domain.insight import Estimate
from core.errors import AppError, UsageError
from core.exchange.policy_records import (
    estimate_to_dict,
    figures_to_dict,
    flip_to_dict,
    flips_to_list,
    run_to_dict,
    version_to_dict,
)
from core.exchange.records import error_to_dict

RecordedOption = Annotated[
    bool, typer.Option("--recorded", help="No model: take the verdicts that are in the queue, whoever made them.")
]
COMPARED = ("precision", "recall", "f1", "kappa")
SHOWN = 20
"""Cases that flipped listed in plain text; JSON has all."""


def try_policies(
    ctx: typer.Context,
    texts: Annotated[list[str], typer.Argument(metavar="DRAFT...", help="Drafts or files to test.")],
    cases: Annotated[str, typer.Option("--cases", metavar="SET", help="The case set to test on.")],
    against: Annotated[
        list[str] | None,
        typer.Option("--against", metavar="VERSION", help="What it is to replace (else the current version)."),
    ] = None,
    model: ModelOption = None,
    recorded: RecordedOption = False,
    effort: Annotated[Effort | None, typer.Option("--effort", help="Reasoning effort (else the policy's).")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Only read the label's score: a quick look.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N cases: a quick look, not kept.")
    ] = None,
    allow_remote: AllowRemoteOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge a case set under a draft and what it is to replace, and report what flips. Ctrl+C; again goes on."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace, stoppable() as stop, ExitStack() as stack:
        drafts = [services.find_draft(workspace, name=text)[0] for text in texts]
        opponents = _opponents(workspace, drafts, against or [])
        if allow_remote is not None:
            services.allow_remote(workspace, host=allow_remote)
        services.get_case_set(workspace, name=cases)  # a wrong name is told before a model is loaded
        classifier = None
        if not recorded:
            classifier = stack.enter_context(closing(services.open_classifier(workspace, model=model)))
            warn_of_model(classifier)
        progress = stack.enter_context(closing(_TrialProgress()))
        reports = [
            services.run_policy_test(
                workspace,
                draft=draft,
                case_set=cases,
                against=opponent,
                classifier=classifier,
                effort=effort,
                fast=fast,
                limit=limit,
                on_event=progress.on_event,
                cancel=stop.event,
            )
            for draft, opponent in zip(drafts, opponents, strict=True)
        ]
    together = services.all_right([report.run for report in reports])
    call.answer(_report_document(reports, together), _report_lines(reports, together))


def _opponents(
    workspace: services.Workspace, drafts: Sequence[PolicyVersion], named: Sequence[str]
) -> list[PolicyVersion | None]:
    """Return what each draft is compared with: the text named for its policy, else its current version."""
    versions = [services.find_text(workspace, name=name) for name in named]
    if len(versions) == 1 and len(drafts) == 1:
        return list(versions)
    by_policy = {version.policy_id: version for version in versions}
    unknown = by_policy.keys() - {draft.policy_id for draft in drafts}
    if unknown:
        raise UsageError(
            f"--against names {min(unknown)}, which is not tested.", "Name a version of each tested policy."
        )
    current = {policy.policy_id: policy for policy in services.list_policies(workspace)}
    return [by_policy.get(draft.policy_id, current.get(draft.policy_id)) for draft in drafts]


class _TrialProgress:
    """Shows a test as it goes."""

    def __init__(self) -> None:
        self._line = ProgressLine()

    def on_event(self, event: services.TrialEvent) -> None:
        """Take an event of `services.run_policy_test`."""
        if isinstance(event, services.TrialStarted):
            there = f", {event.reused} are there already" if event.reused else ""
            self._line.show(f"{event.total} answers needed{there}", last=True)
        elif isinstance(event, services.TrialJudged):
            left = "" if event.seconds_left is None else f", {duration_text(event.seconds_left)} left"
            self._line.show(f"{event.done} of {event.total} answers{left}", last=event.done == event.total)
        elif isinstance(event, services.ModelRestarted):
            self._line.close()
            output.say(f"The model process died ({event.reason}) and was started again; nothing is lost.")

    def close(self) -> None:
        """End the line."""
        self._line.close()


def list_runs(
    ctx: typer.Context,
    run: Annotated[int | None, typer.Argument(metavar="[RUN]", help="Number of a run to show whole.")] = None,
    policy_id: PolicyOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="How many to list.")] = 20,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List test runs, newest first, or show one."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        if run is not None:
            report = services.get_run(workspace, key=run)
            call.answer(_report_document([report], None), _report_lines([report], None))
            return
        runs = services.list_runs(workspace, policy_id=policy_id, limit=limit)
    rows = [
        (
            r.key,
            r.policy_id,
            r.draft_hash[:12],
            r.case_set,
            len(r.flips),
            *(r.count(kind) for kind in FlipKind),
            r.model,
        )
        for r in runs
    ]
    headers = ("run", "policy", "text", "case set", "cases", "fixed", "broken", "unchanged", "unparsed", "model")
    call.answer({"runs": [run_to_dict(r) for r in runs]}, output.table(headers, rows, right=[0, 4, 5, 6, 7, 8]))


def _report_document(reports: Sequence[services.FlipReport], together: services.AllRight | None) -> dict[str, Any]:
    documents = [_one_document(report) for report in reports]
    document: dict[str, Any] = dict(documents[0])
    if len(documents) > 1:
        document["reports"] = documents
    if together is not None:
        document["all_policies_right"] = {
            "policies": list(together.policies),
            "items": together.items,
            "draft": estimate_to_dict(together.draft),
            "against": estimate_to_dict(together.against),
        }
    return document


def _one_document(report: services.FlipReport) -> dict[str, Any]:
    test, difference = report.mcnemar, report.difference
    return {
        **run_to_dict(report.run),
        "kept": report.kept,
        "left_out": report.left_out,
        "figures": {
            "draft": figures_to_dict(report.draft),
            "against": figures_to_dict(report.against),
            "difference": None
            if difference is None
            else {
                "n": difference.n,
                **{
                    name: estimate_to_dict(getattr(difference, name)) for name in ("precision", "recall", "f1", "kappa")
                },
            },
            "mcnemar": None if test is None else {"fixed": test.fixed, "broken": test.broken, "p": test.p},
        },
        "labels": [
            {"label": row.label, "support": row.support, "precision": row.precision, "recall": row.recall, "f1": row.f1}
            for row in report.labels
        ],
        "clauses": [
            {
                "clause": row.clause or None,
                "cases": row.cases,
                "right": row.right,
                "right_before": row.before,
                "fixed": row.fixed,
                "newly_broken": row.broken,
                "unparsed": row.unparsed,
                "output_tokens": row.output_tokens,
                "seconds": row.seconds,
            }
            for row in report.clauses
        ],
        "items": flips_to_list(report.run.flips),
    }


def _report_lines(reports: Sequence[services.FlipReport], together: services.AllRight | None) -> Iterator[str]:
    for report in reports:
        yield from _one_report(report)
        yield ""
    if together is not None:
        yield f"right under all {len(together.policies)} policies at once, {together.items} items"
        yield from output.pairs({"draft": _figure(together.draft), "before": _figure(together.against)})


def _one_report(report: services.FlipReport) -> Iterator[str]:
    run = report.run
    shown: dict[str, object] = {
        "policy": run.policy_id,
        "run": run.key or "not kept",
        "cases": f"{len(run.flips)} of {run.case_set}" + (f", {report.left_out} left out" if report.left_out else ""),
        "model": run.model,
        "flips": ", ".join(f"{run.count(kind)} {kind.value.replace('_', ' ')}" for kind in FlipKind),
    }
    if report.mcnemar is not None:
        shown["McNemar"] = f"p = {report.mcnemar.p:.3g}"
    yield from output.pairs(shown)
    yield ""
    sides = [("draft", report.draft), *([("before", report.against)] if report.against is not None else [])]
    rows: list[tuple[object, ...]] = [
        (name, figures.n, *map(_figure, (figures.precision, figures.recall, figures.f1, figures.kappa, figures.right)),
         figures.prompt_tokens + figures.output_tokens, duration_text(figures.seconds))
        for name, figures in sides
    ]  # fmt: skip
    if report.difference is not None:
        gap = report.difference
        rows.append(("change", gap.n, *map(_figure, (gap.precision, gap.recall, gap.f1, gap.kappa)), None, None, None))
    headers = ("", "read", "precision", "recall", "F1", "kappa", "right", "tokens", "time")
    yield from output.table(headers, rows, right=[1])
    yield ""
    clauses = [(r.clause or "-", r.cases, r.right, r.before, r.fixed, r.broken, r.unparsed) for r in report.clauses]
    columns = ("clause", "cases", "right", "before", "fixed", "broken", "unparsed")
    yield from output.table(columns, clauses, right=range(1, 7))
    yield from _flip_lines([flip for flip in run.flips if flip.kind is not FlipKind.UNCHANGED])


def _flip_lines(flips: Sequence[Flip]) -> Iterator[str]:
    if not flips:
        return
    yield ""
    ordered = sorted(flips, key=lambda flip: (not flip.lost, flip.kind.value))
    rows = [
        (
            flip.case.item_id,
            flip.kind.value.replace("_", " "),
            flip.case.label,
            (flip.before.label or flip.before.status.value) if flip.before is not None else None,
            flip.after.label or flip.after.status.value,
            flip.clause,
        )
        for flip in ordered[:SHOWN]
    ]
    yield from output.table(("item", "what", "human", "before", "now", "clause"), rows)
    if len(flips) > SHOWN:
        yield f"and {len(flips) - SHOWN} more; --json lists all"


def _figure(estimate: Estimate | None) -> str | None:
    if estimate is None or estimate.value is None:
        return None
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} ({estimate.low:.2f} to {estimate.high:.2f})"


def publish(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="DRAFT", help="Name of a draft.")],
    note: NoteOption = None,
    accept_broken: Annotated[
        bool, typer.Option("--accept-broken", help="Publish although cases that were right are not any more.")
    ] = False,
    untested: Annotated[bool, typer.Option("--untested", help="Publish without a test of this text.")] = False,
    accept_lint: Annotated[bool, typer.Option("--accept-lint", help="Publish despite lint errors.")] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a draft the current version of its policy, once it was tested and what it breaks was seen."""
    call = begin(ctx, folder, as_json)
    waved = {
        services.Obstacle.BREAKS: accept_broken,
        services.Obstacle.UNTESTED: untested,
        services.Obstacle.LINT: accept_lint,
    }
    accepted = frozenset(obstacle for obstacle, given in waved.items() if given)
    with call.workspace() as workspace:
        check = services.check_publication(workspace, name=name)
        try:
            policy = services.publish_draft(workspace, name=name, note=note or "", accepted=accepted, seen=check)
        except UsageError as error:
            _refuse(call, check, error)
            raise typer.Exit(1) from None
    call.answer(
        {"published": True, "id": policy.policy_id, **version_to_dict(policy), **_grounds(check)},
        [*_lost_lines(check), output.visible(f"{policy.policy_id} version {policy.version} is published")],
    )


def _grounds(check: services.PublishCheck) -> dict[str, Any]:
    return {
        "run": run_to_dict(check.run) if check.run is not None else None,
        "newly_broken": [flip_to_dict(flip) for flip in check.lost],
        "obstacles": [obstacle.value for obstacle in check.obstacles],
    }


def _refuse(call: Call, check: services.PublishCheck, error: AppError) -> None:
    if call.as_json:
        output.print_document({**error_to_dict(error), "published": False, **_grounds(check)})
        return
    output.print_lines(_lost_lines(check))
    call.fail(error)


def _lost_lines(check: services.PublishCheck) -> Iterator[str]:
    if check.lost:
        yield f"{len(check.lost)} cases were right and are not any more:"
        yield from _flip_lines(check.lost)
        yield ""
