"""The commands about the audit chain: `audit show` and `audit export`.

It owns their wording; the chain belongs to the store, the file's format to `core.exchange`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin, named_place
from core.cli.families import family
from core.domain import AuditEvent
from core.exchange.trust import events_to_dict

app = family("Who did what when, chained and signed.")

DATE_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]
_LONGEST_VALUE = 24
"""Characters: a value longer than that is a hash or a text, and stands in the JSON document."""


@app.command("show")
def show_events(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many events, newest first.")] = 50,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="K", help="Only this kind, or all of its first word.")
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", metavar="A", help="Only what this person did.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="DATE", formats=DATE_FORMATS, help="Only from then on (UTC).")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the newest events of the audit chain."""
    call = begin(ctx, folder, as_json)
    moment = since.replace(tzinfo=UTC) if since is not None else None
    with call.workspace() as workspace:
        events = services.audit_events(workspace, limit=limit, kind=kind, actor=actor, since=moment)
    rows = [(event.number, f"{event.at:%Y-%m-%d %H:%M:%S}", event.kind, event.actor, _told(event)) for event in events]
    call.answer(
        events_to_dict(events), output.table(("event", "time (UTC)", "kind", "actor", "details"), rows, right=[0])
    )


def _told(event: AuditEvent) -> str:
    """Return the short values of an event in one line; lists are counted, hashes left out."""
    return "  ".join(_short_values(event.details))


def _short_values(details: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any kind
    for name, value in details.items():
        if isinstance(value, list):
            yield f"{name}: {len(value)}"
        elif isinstance(value, str | int) and value != "" and len(str(value)) <= _LONGEST_VALUE:
            yield f"{name}: {str(value).lower() if isinstance(value, bool) else value}"


@app.command("export")
def export_chain(
    ctx: typer.Context,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", callback=named_place, help="File to write; one that is there is kept."),
    ],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole chain with its signed checkpoints, for anyone to verify."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        summary = services.export_audit(workspace, out=out)
    document = {"path": str(summary.path), "rows": summary.rows, "sha256": summary.sha256}
    call.answer(document, output.pairs(document))
