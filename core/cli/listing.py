"""The commands that look: `queue` and `stats`.

It owns their wording. The queue is written page by page, so a long one is never held whole.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import Call, JsonOption, PolicyOption, WorkspaceOption, begin
from core.domain import Cause, EntryState, PolicyStats, QueueFilter, QueueRow, QueueSort, VerdictStatus
from core.exchange.records import queue_item_to_dict, stats_to_dict

PAGE = 200
SHOWN = 50
"""Rows of plain text when no limit is given: about a screen. JSON has all, for a program reads it."""


def show_queue(
    ctx: typer.Context,
    state: Annotated[
        list[EntryState] | None, typer.Option("--state", help="Only entries in this state. May be repeated.")
    ] = None,
    sort: Annotated[QueueSort, typer.Option("--sort", help="Order of the entries.")] = QueueSort.RISK,
    limit: Annotated[int | None, typer.Option("--limit", min=0, metavar="N", help="At most this many.")] = None,
    search: Annotated[str, typer.Option("--search", metavar="TEXT", help="Only items that hold this text.")] = "",
    label: Annotated[str | None, typer.Option("--label", metavar="CODE", help="The label that stands.")] = None,
    status: Annotated[VerdictStatus | None, typer.Option("--status", help="How the model run ended.")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="Where it was imported from.")] = None,
    language: Annotated[str | None, typer.Option("--language", metavar="TAG", help="Language tag of the item.")] = None,
    reviewer: Annotated[str | None, typer.Option("--reviewer", metavar="NAME", help="Who decided.")] = None,
    cause: Annotated[Cause | None, typer.Option("--cause", help="Why the model was overridden.")] = None,
    view: Annotated[str | None, typer.Option("--view", metavar="NAME", help="A view saved at the desk.")] = None,
    policy_id: PolicyOption = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the queue in the order it is worked through."""
    call = begin(ctx, folder, as_json)
    asked = QueueFilter(
        tuple(state or ()), policy_id, search, sort=sort, label=label, status=status, source=source,
        language=language.lower() if language else None, reviewer=reviewer, cause=cause,
    )  # fmt: skip
    with call.workspace() as workspace:
        wanted = services.narrow_view(workspace, name=view, asked=asked)
        keys = services.queue_ids(workspace, filter=wanted)
        total = len(keys)
        if limit is None and not call.as_json:
            limit = SHOWN
        shown = keys if limit is None else keys[:limit]
        if call.as_json:
            _print_queue(workspace, total, shown)
        else:
            output.print_lines(_queue_lines(workspace, total, shown))


def _print_queue(workspace: services.Workspace, total: int, keys: Sequence[int]) -> None:
    """Print the `queue` document piece by piece: `{"total", "items": [...]}`."""
    write = sys.stdout.write
    items = (output.to_json(queue_item_to_dict(services.get_review(workspace, key=key))) for key in keys)
    first = next(items, "")  # before anything is written: what cannot be read is told as an error
    write(f'{{"total": {total}, "items": [{first}')
    for item in items:
        write(f", {item}")
    write("]}\n")
    sys.stdout.flush()


def _excerpt(row: QueueRow) -> str:
    return f"content removed on {row.removed_at:%Y-%m-%d}" if row.removed_at is not None else row.excerpt


def _queue_lines(workspace: services.Workspace, total: int, keys: Sequence[int]) -> Iterator[str]:
    pages = (keys[start : start + PAGE] for start in range(0, len(keys), PAGE))
    rows = list(chain.from_iterable(services.queue_rows(workspace, keys=page) for page in pages))
    cells = [
        (r.item_id, r.policy_id or None, r.state.value, _model(r), _score(r), _human(r), _excerpt(r)) for r in rows
    ]
    yield from output.table(("item", "policy", "state", "model", "score", "human", "content"), cells, right=[4])
    yield f"{len(rows)} of {total}"


def _model(row: QueueRow) -> str | None:
    return row.verdict_label or (row.status.value if row.status else None)


def _score(row: QueueRow) -> str | None:
    return None if row.score is None else f"{row.score:.2f}"


def _human(row: QueueRow) -> str | None:
    if row.decision_label is None:
        return None
    return f"{row.decision_label} (disagrees)" if row.agrees is False else row.decision_label


def show_stats(
    ctx: typer.Context, policy_id: PolicyOption = None, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show how far model and humans agree, policy by policy."""
    call: Call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        stats = services.stats(workspace, policy_id=policy_id)
    call.answer(stats_to_dict(stats), _stats_lines(stats))


_MEASURES = ("agreement", "kappa", "precision", "recall", "f1")


def _stats_lines(stats: Sequence[PolicyStats]) -> Iterator[str]:
    rows = []
    for figures in stats:
        statuses = " ".join(f"{status.value} {count}" for status, count in figures.by_status.items() if count)
        counts = (figures.items, figures.judged, figures.decided, figures.compared)
        shown = [figures.estimates[name].words() for name in _MEASURES]
        rows.append((figures.policy_id, *counts, *shown, statuses or None))
    headers = ("policy", "items", "judged", "decided", "compared", "agreement", "kappa", "precision", "recall", "F1")
    yield from output.table((*headers, "verdicts"), rows, right=range(1, 5))
