"""The command `demo`: the sample in the window, or the whole way once without a window.

It owns the two forms and how the headless result is shown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin, named_place
from core.cli.judging import JudgingProgress, warn_of_model
from core.cli.stopping import stoppable
from core.exchange.records import decision_to_dict, verdict_to_dict


def run_demo(
    ctx: typer.Context,
    headless: Annotated[bool, typer.Option("--headless", help="No window: judge, decide, export, print.")] = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="N", help="With --headless: sample items to judge (else 12)."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            callback=named_place,
            help="With --headless: folder for the exports (else a temporary one).",
        ),
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Try Docket on the sample queue with the sample model, in a workspace that is thrown away."""
    call = begin(ctx, folder, as_json)
    if not headless:
        if limit is not None or out is not None:
            raise typer.BadParameter("goes with --headless", param_hint="--limit and --out")
        raise typer.Exit(call.open_window(None, True))
    _run_headless(call, limit, out)


def _run_headless(call: Call, limit: int | None, out: Path | None) -> None:
    progress = JudgingProgress()
    with (
        stoppable() as stop,
        closing(services.open_classifier(None, model=services.SAMPLE_ID)) as classifier,
        closing(progress),
    ):
        warn_of_model(classifier)
        target = (out or Path(tempfile.mkdtemp(prefix="docket-demo-"))).absolute()
        result = services.run_demo(
            classifier=classifier, out=target, limit=limit, on_event=progress.on_event, cancel=stop.event
        )
    document = {
        "verdicts": [verdict_to_dict(verdict) for verdict in result.verdicts],
        "decisions": [decision_to_dict(decision) for decision in result.decisions],
        "disagreements": result.disagreements,
        "files": [str(path) for path in result.files],
    }
    call.answer(document, _result_lines(result))
    if stop.exit_status:
        raise typer.Exit(stop.exit_status)


def _result_lines(result: services.DemoResult) -> Iterator[str]:
    rows = [
        (
            verdict.item_id,
            verdict.policy_id,
            verdict.label or verdict.status.value,
            None if verdict.score is None else f"{verdict.score:.2f}",
            decision.label,
            "disagrees" if decision.agrees is False else "",
            f"{verdict.seconds:.1f} s",
            verdict.output_tokens,
        )
        for verdict, decision in zip(result.verdicts, result.decisions, strict=True)
    ]
    headers = ("item", "policy", "model", "score", "sample", "", "time", "tokens")
    yield from output.table(headers, rows, right=[3, 6, 7])
    yield f"{len(result.verdicts)} judged by {output.visible(result.model.name)}, SHA-256 {result.model.sha256}"
    yield f"{result.disagreements} of {len(result.decisions)} decisions disagree with the model"
    for path in result.files:
        yield f"written: {output.visible(str(path))}"
