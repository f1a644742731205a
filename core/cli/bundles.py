"""The commands `bundle …`: keys to give to others, whose bundles are taken in, what a bundle says of itself.

It owns their options and words; bundles themselves are the business of `core.services.bundles`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.asking import ask_secret, at_terminal
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.domain import MergeSummary
from core.exchange.bundle_records import manifest_to_dict, sender_to_dict

PASSPHRASE_VARIABLE = "DOCKET_BUNDLE_PASSPHRASE"  # noqa: S105 - the name of a variable

app = family("Sealed bundles between workspaces.")


def bundle_passphrase(*, wanted: bool) -> str | None:
    """Return the passphrase of a bundle from the environment, or at a terminal by asking, if one is wanted."""
    if not wanted:
        return None
    given = os.environ.get(PASSPHRASE_VARIABLE)
    return given or (ask_secret("Passphrase of the bundle: ") if at_terminal() else None)


@app.command("key")
def show_keys(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show what to give others: the key that signs, and the recipient to seal to."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        key, recipient = services.bundle_keys(workspace)
    document = {"key": key, "recipient": recipient}
    call.answer(document, output.pairs(document))


@app.command("senders")
def show_senders(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the workspaces whose bundles are taken in."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        senders = services.list_senders(workspace)
    cells = [(sender.name, sender.public_key, sender.imported_at or "-") for sender in senders]
    document = {"senders": [sender_to_dict(sender) for sender in senders]}
    call.answer(document, output.table(("name", "key", "last bundle"), cells))


@app.command("trust")
def trust(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The sender's key, compared by another way.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What to call the sender.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in bundles signed with a key from now on."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        sender = services.trust_sender(workspace, public_key=key, name=name)
    call.answer(sender_to_dict(sender), [f"Bundles of {output.visible(sender.name)} are taken in."])


@app.command("forget")
def forget(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="The sender's key.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in no bundle of a key any more; what came in stays."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        services.forget_sender(workspace, public_key=key)
    call.answer({"forgotten": key}, ["Its bundles are refused from now on."])


@app.command("show")
def show_bundle(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A sealed bundle.")],
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a bundle and show what it says of itself; nothing is stored."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        passphrase = bundle_passphrase(wanted=services.needs_bundle_passphrase(path))
        manifest = services.inspect_bundle(workspace, path=path, passphrase=passphrase)
    document = manifest_to_dict(manifest)
    shown = {"from": manifest.origin.name, "key": manifest.origin.public_key, "made": manifest.origin.created_at}
    call.answer(document, output.pairs({**shown, **manifest.counts}))


def merge_lines(summary: MergeSummary) -> Iterator[str]:
    """Yield what a bundle brought, and its conflicts, as plain text."""
    for conflict in summary.conflicts:
        place = " under ".join(part for part in (conflict.item_id, conflict.policy_id) if part)
        labels = f" ({conflict.here} here, {conflict.there} there)" if conflict.there else ""
        yield output.visible(f"{place}: {conflict.reason}{labels}")
    if summary.already:
        yield f"This bundle of {output.visible(summary.sender)} came in before; nothing changed."
        return
    yield from output.pairs(
        {
            "from": summary.sender,
            "policies": summary.policies,
            "items": summary.items,
            "there already": summary.duplicates,
            "verdicts": summary.verdicts,
            "decisions": summary.decisions,
            "second reviews": summary.second_reviews,
            "conflicts": len(summary.conflicts),
        }
    )
