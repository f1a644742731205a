"""The commands of the second opinion: `second-opinion train`, `score`, `show`, `wait`.

It owns their wording. What it says orders the queue and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable
from core.domain.opinions import Deferral, Features, HeadToHead, OpinionCard, Word
from core.errors import UsageError
from core.exchange.opinions import card_to_dict, deferral_to_dict, opinion_to_dict, scored_to_dict

app = family("A classifier trained from this workspace's decisions.")

THE_POLICY = Annotated[str, typer.Option("--policy", metavar="ID", help="The policy.")]


@app.command("train")
def train(
    ctx: typer.Context,
    policy_id: THE_POLICY,
    reads: Annotated[
        Features, typer.Option("--features", help="Learn from words, from vectors of an embedding model, or from both.")
    ] = Features.WORDS,
    embedding: Annotated[
        str | None,
        typer.Option("--embedding", metavar="MODEL", help="The GGUF file that gives vectors; remembered."),
    ] = None,
    no_score: Annotated[bool, typer.Option("--no-score", help="Do not score the undecided items with it now.")] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a new version from the decisions of a policy, say how good it is, and score the undecided items."""
    call = begin(ctx, folder, as_json)
    if embedding is not None and reads is Features.WORDS:
        raise UsageError("Words need no embedding model.", "Add --features both or --features vectors.")
    line = ProgressLine()
    with call.workspace() as workspace, stoppable() as stop:
        card = services.train_second_opinion(
            workspace, policy_id=policy_id, reads=reads, embedding=embedding, cancel=stop.event, progress=line.show
        )
        scored = None
        if not no_score:
            scored = services.score_queue(workspace, policy_id=policy_id, cancel=stop.event, progress=line.show)
    line.close()
    call.answer({**card_to_dict(card), "scored": scored.scored if scored else 0}, _card_lines(card))


def _card_lines(card: OpinionCard) -> Iterator[str]:
    yield from output.pairs(
        {
            "policy": f"{card.policy_id}, version {card.version} of its second opinion",
            "learnt from": _reads(card),
            "labels": f"{card.labels:,}, {card.violating:,} violating",
            "area under the curve": card.auc.words(3),
            "precision": card.precision.words(),
            "recall": card.recall.words(),
            "F1": card.f1.words(),
        }
    )
    if card.curve:
        yield ""
        yield from output.table(
            ("labels", "area under the curve"), [(point.labels, point.auc.words(3)) for point in card.curve], right=[0]
        )
    for head in card.heads:
        yield ""
        yield from _head_lines(head)


def _reads(card: OpinionCard) -> str:
    words = {Features.WORDS: "words", Features.VECTORS: "vectors", Features.BOTH: "words and vectors"}[card.reads]
    return f"{words} of {card.embedding}, SHA-256 {card.embedding_sha256[:12]}" if card.embedding else words


def _head_lines(head: HeadToHead) -> Iterator[str]:
    yield f"On the same {head.n:,} {'blind' if head.blind else 'decided'} items"
    rows = [
        (side.name, side.agreement.words(), side.precision.words(), side.recall.words(), side.f1.words())
        for side in (head.model, head.opinion)
    ]
    yield from output.table(("", "agreement", "precision", "recall", "F1"), rows)
    p = "" if head.p is None else f"; p {head.p:.3g}"
    yield f"Right alone: the model {head.only_model}, the second opinion {head.only_opinion}{p}"


@app.command("score")
def score(
    ctx: typer.Context, policy_id: THE_POLICY, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Let the newest version score the undecided items, for the order `expected` and for what waits."""
    call = begin(ctx, folder, as_json)
    line = ProgressLine()
    with call.workspace() as workspace, stoppable() as stop:
        scored = services.score_queue(workspace, policy_id=policy_id, cancel=stop.event, progress=line.show)
    line.close()
    document = scored_to_dict(scored)
    call.answer(document, output.pairs(document))


@app.command("show")
def show(
    ctx: typer.Context,
    policy_id: THE_POLICY,
    item_id: Annotated[str | None, typer.Option("--item", metavar="ID", help="The words that moved one item.")] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the versions, how good the newest is, the words that weigh, and what waits."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        cards = services.second_opinions(workspace, policy_id=policy_id)
        words = (
            services.weighing_words(workspace, policy_id=policy_id, item_id=item_id)
            if item_id is not None or (cards and cards[-1].has_model)
            else []
        )
        waiting = services.deferral(workspace, policy_id=policy_id)
    call.answer(opinion_to_dict(policy_id, cards, words, waiting), _show_lines(cards, words, waiting))


def _show_lines(cards: Sequence[OpinionCard], words: Sequence[Word], waiting: Deferral | None) -> Iterator[str]:
    if not cards:
        yield "Not enough labels, or not trained yet: see `main.py second-opinion train`."
        return
    yield from _card_lines(cards[-1])
    if words:
        yield ""
        yield from output.table(("weight", "word"), [(f"{word.weight:+.2f}", word.text) for word in words], right=[0])
    if waiting is not None:
        yield ""
        yield from _waiting_lines(waiting)


@app.command("wait")
def wait(
    ctx: typer.Context,
    policy_id: THE_POLICY,
    error: Annotated[
        float | None, typer.Option("--error", metavar="SHARE", help="At most this share of violating items may wait.")
    ] = None,
    audit: Annotated[
        int, typer.Option("--audit", metavar="PERCENT", help="So many of the sure ones are looked at all the same.")
    ] = 10,
    off: Annotated[bool, typer.Option("--off", help="Let nothing wait any more.")] = False,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let items that surely do not violate wait behind the queue, within a proved error. For a lead."""
    if off == (error is not None):
        raise UsageError("Say what is wanted.", "Give --error 0.05, say, to let items wait, or --off to stop it.")
    call = begin(ctx, folder, as_json)
    if error is None:
        with call.workspace() as workspace:
            back = services.stop_waiting(workspace, policy_id=policy_id)
        call.answer({"came_back": back}, [f"{back:,} items came back."])
        return
    line = ProgressLine()
    with call.workspace() as workspace, stoppable() as stop:
        waiting = services.start_waiting(
            workspace, policy_id=policy_id, error=error, audit_percent=audit, cancel=stop.event, progress=line.show
        )
    line.close()
    call.answer(deferral_to_dict(waiting), _waiting_lines(waiting))


def _waiting_lines(waiting: Deferral) -> Iterator[str]:
    proof = waiting.guarantee
    yield (
        f"Waiting: {waiting.waiting:,} items with a score below {proof.threshold:.4f}. With {1 - proof.risk:.0%} "
        f"confidence at most {proof.error:g} of violating items wait (proved on {proof.calibrated_on} held-out ones)."
    )
    yield f"Audit sample: {waiting.audited:,} items; share that violates: {waiting.missed.words(3)}"
