"""The commands that need a model: `classify` and `inspect`.

It owns how a run is shown while it lasts. Every verdict is in the workspace before it is counted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import Annotated, Any

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, PolicyOption, WorkspaceOption, begin
from core.cli.progress import ProgressLine, duration_text
from core.cli.stopping import stoppable
from core.domain import ClassifySummary, Effort, PromptView, Verdict
from core.exchange.records import classify_to_dict, prompt_to_dict, verdict_to_dict

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        envvar="DOCKET_MODEL",
        metavar="ID|PATH|URL",
        help="Model to use (else the workspace's, else the sample).",
    ),
]
FastOption = Annotated[
    bool, typer.Option("--fast", help="Only read the label's score, to order a new queue; a full pass follows.")
]
CombinedOption = Annotated[
    bool, typer.Option("--combined", help="One call for all policies: content is read once, answers are less accurate.")
]
AllowRemoteOption = Annotated[
    str | None,
    typer.Option("--allow-remote", metavar="HOST", help="Allow this workspace to send content to a server."),
]
LayersOption = Annotated[
    str | None,
    typer.Option("--gpu-layers", metavar="auto|N", help="Layers on the graphics card, where there is one."),
]
ExpertsOption = Annotated[
    str | None,
    typer.Option("--cpu-experts", metavar="auto|N", help="Layers of these whose experts stay on the processor."),
]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="Go on where a run stopped. This is what happens without it, too.")
]

SAMPLE_WARNING = (
    "The sample model is judging. It is near chance (AUC 0.56 on the OpenAI moderation set): "
    "it shows how Docket works, its verdicts mean nothing."
)


class JudgingProgress:
    """Shows a run as it goes: how many, how long still, and when the model process had to be started again."""

    def __init__(self) -> None:
        self._line = ProgressLine()

    def on_event(self, event: services.JudgingEvent) -> None:
        """Take an event of `services.classify`."""
        if isinstance(event, services.JudgingStarted):
            self._line.show(f"{event.total} items to judge with {output.visible(event.model.name)}", last=True)
        elif isinstance(event, services.VerdictStored):
            left = "" if event.seconds_left is None else f", {duration_text(event.seconds_left)} left"
            self._line.show(f"{event.done} of {event.total} judged{left}", last=event.done == event.total)
        elif isinstance(event, services.ModelRestarted):
            self._line.close()
            output.say(f"The model process died ({event.reason}) and was started again; nothing is lost.")

    def close(self) -> None:
        """End the line."""
        self._line.close()


def warn_of_model(classifier: services.Classifier) -> None:
    """Say on standard error when the sample model is at work, or a graphics card is not used as it was asked to be."""
    if classifier.info.is_sample:
        output.say(SAMPLE_WARNING)
    if fallback := services.fallback_of(classifier):
        output.say(output.visible(fallback))


def classify(
    ctx: typer.Context,
    policy_id: PolicyOption = None,
    model: ModelOption = None,
    effort: Annotated[Effort | None, typer.Option("--effort", help="Reasoning effort (else the policy's).")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Judge at most this many.")] = None,
    fast: FastOption = False,
    combined: CombinedOption = False,
    allow_remote: AllowRemoteOption = None,
    resume: ResumeOption = False,
    gpu_layers: LayersOption = None,
    cpu_experts: ExpertsOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Judge what has no verdict of the current policy yet. Ctrl+C keeps what is finished; run it again to go on."""
    del resume
    call = begin(ctx, folder, as_json)
    if combined and (fast or policy_id is not None):
        raise typer.BadParameter("judges under all policies, with reasoning", param_hint="--combined")
    with call.workspace() as workspace, stoppable() as stop:
        if policy_id is not None:
            services.get_policy(workspace, policy_id=policy_id)  # a wrong id is told before a model is loaded
        if allow_remote is not None:
            services.allow_remote(workspace, host=allow_remote)
        progress = JudgingProgress()
        engine = services.engine_values(gpu_layers=gpu_layers, cpu_experts=cpu_experts)
        with closing(services.open_classifier(workspace, model=model, **engine)) as classifier, closing(progress):
            warn_of_model(classifier)
            if combined:
                summary = services.classify_combined(
                    workspace,
                    classifier=classifier,
                    effort=effort,
                    limit=limit,
                    on_event=progress.on_event,
                    cancel=stop.event,
                )
            else:
                summary = services.classify(
                    workspace,
                    classifier=classifier,
                    policy_id=policy_id,
                    effort=effort,
                    limit=limit,
                    fast=fast,
                    on_event=progress.on_event,
                    cancel=stop.event,
                )
    call.answer(classify_to_dict(summary), _summary_lines(summary))
    if stop.exit_status:
        raise typer.Exit(stop.exit_status)


def _summary_lines(summary: ClassifySummary) -> Iterator[str]:
    statuses = ", ".join(f"{count} {status.value}" for status, count in summary.by_status.items() if count)
    yield from output.pairs(
        {
            "judged": f"{summary.judged} ({statuses})" if statuses else summary.judged,
            "time": f"{duration_text(summary.seconds)}, {summary.items_per_s:.2f} items/s",
            "output tokens": summary.output_tokens,
            "model": summary.model.name,
            "model sha256": summary.model.sha256 or None,
            "runs on": summary.device or None,
            "graphics card": summary.fallback or None,
        }
    )
    if summary.cancelled:
        yield "Stopped before the end. `main.py classify` goes on where it stopped."


def inspect(
    ctx: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Id of the item.")],
    policy_id: Annotated[str | None, typer.Option("--policy", metavar="ID", help="Policy it is judged under.")] = None,
    model: ModelOption = None,
    rerun: Annotated[bool, typer.Option("--rerun", help="Judge again and say whether it agrees.")] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the exact prompt an item is judged with, and what came back."""
    call = begin(ctx, folder, as_json)
    again: services.Rerun | None = None
    with call.workspace() as workspace, closing(services.open_classifier(workspace, model=model)) as classifier:
        view, verdict = services.inspect(workspace, classifier=classifier, item_id=item, policy_id=policy_id)
        if rerun:
            again = services.rerun(workspace, classifier=classifier, item_id=item, policy_id=policy_id)
    document = prompt_to_dict(view, verdict)
    lines = _inspect_lines(view, verdict)
    if again is not None:
        document["rerun"] = _rerun_to_dict(again)
        lines = chain(lines, _rerun_lines(again))
    call.answer(document, lines)


def _rerun_to_dict(again: services.Rerun) -> dict[str, Any]:
    return {
        "agrees": again.agrees,
        "same_text": again.same_text,
        "same_prompt": again.same_prompt,
        "same_model": again.same_model,
        "score_difference": again.score_difference,
        "verdict": verdict_to_dict(again.now),
    }


def _rerun_lines(again: services.Rerun) -> Iterator[str]:
    yield ""
    yield from output.pairs(
        {
            "judged again": "agrees" if again.agrees else "DIFFERS",
            "label": again.now.label or again.now.status.value,
            "same text": "yes" if again.same_text else "no",
            "same prompt": "yes" if again.same_prompt else "no",
            "same model": "yes" if again.same_model else "no",
            "score differs by": again.score_difference,
        }
    )


def _inspect_lines(view: PromptView, verdict: Verdict | None) -> Iterator[str]:
    yield f"Prompt, {len(view.tokens)} tokens, SHA-256 {view.sha256}"
    yield ""
    for line in view.text.split("\n"):
        yield output.visible(line)
    yield ""
    yield from output.table(
        ("id", "span", "control", "text"),
        [(token.id, token.span, "yes" if token.control else "", token.text) for token in view.tokens],
        right=[0],
    )
    yield ""
    if verdict is None:
        yield "No verdict yet."
        return
    yield from output.pairs(
        {
            "status": verdict.status.value,
            "label": verdict.label,
            "score": verdict.score,
            "rules": " ".join(verdict.rule_ids) or None,
            "detail": verdict.detail or None,
            "model": verdict.model,
            "model sha256": verdict.model_sha256,
            "raw output": verdict.raw_output,
        }
    )
