"""The command `export`: what is written, as what, where, and what is left out.

It owns its options; the formats belong to `core.exchange`.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.bundles import bundle_passphrase
from core.cli.call import JsonOption, PolicyOption, WorkspaceOption, begin, named_place
from core.cli.stopping import stoppable
from core.domain import Cause, EntryState, QueueFilter
from core.exchange.formats import EXPORT_FORMATS
from core.exchange.redaction import ContentChoice


class Kind(StrEnum):
    """What there is to export. A word that is none of these is wrong usage."""

    DISAGREEMENTS = "disagreements"
    DECISIONS = "decisions"
    ITEMS = "items"


def export(
    ctx: typer.Context,
    kind: Annotated[Kind, typer.Argument(metavar="disagreements|decisions|items", help="What to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="PATH", callback=named_place, help="File or folder to write.")],
    format_name: Annotated[
        str, typer.Option("--format", metavar="NAME", help=f"One of {', '.join(EXPORT_FORMATS)}.")
    ] = "jsonl",
    policy_id: PolicyOption = None,
    states: Annotated[
        list[EntryState] | None, typer.Option("--state", metavar="STATE", help="Only entries in this state.")
    ] = None,
    search: Annotated[str, typer.Option("--search", metavar="TEXT", help="Only entries with this text.")] = "",
    view_name: Annotated[str | None, typer.Option("--view", metavar="NAME", help="A view saved at the desk.")] = None,
    blind_only: Annotated[bool, typer.Option("--blind-only", help="Only decisions made before the verdict.")] = False,
    causes: Annotated[
        list[Cause] | None, typer.Option("--cause", metavar="CAUSE", help="Only decisions with this cause.")
    ] = None,
    pseudonyms: Annotated[bool, typer.Option("--pseudonyms", help="Replace the names of reviewers.")] = False,
    mask: Annotated[bool, typer.Option("--mask", help="Replace addresses, numbers and handles in texts.")] = False,
    content: Annotated[
        ContentChoice, typer.Option("--content", metavar="HOW", help="The content: full, hash or none.")
    ] = ContentChoice.FULL,
    no_reasoning: Annotated[bool, typer.Option("--no-reasoning", help="Leave the model's reasoning out.")] = False,
    recipients: Annotated[
        list[str] | None, typer.Option("--to", metavar="RECIPIENT", help="Of a bundle: seal it to age1…")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write disagreements, decisions or items to a file."""
    call = begin(ctx, folder, as_json)
    asked = QueueFilter(tuple(states or ()), policy_id, search)
    with call.workspace() as workspace, stoppable() as stop:
        view = services.narrow_view(workspace, name=view_name, asked=asked) if states or search or view_name else None
        options = services.ExportOptions(
            policy_id, view, blind_only, tuple(causes or ()), pseudonyms, mask, content, reasoning=not no_reasoning
        )
        summary = services.export(
            workspace,
            what=kind.value,
            out=out,
            format=format_name,
            options=options,
            recipients=recipients or (),
            passphrase=bundle_passphrase(wanted=format_name == "bundle" and not recipients),
            cancel=stop.event,
        )
    document = {"path": str(summary.path), "rows": summary.rows, "sha256": summary.sha256}
    call.answer(document, output.pairs(document))
