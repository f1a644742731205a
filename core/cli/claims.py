"""The command `claims`: who holds which items, and freeing what somebody holds.

It owns its wording; who may see and free what is the business of `core.services.claiming`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from core import services
from core.cli import output
from core.cli.call import JsonOption, WorkspaceOption, begin
from core.domain import Claim
from core.exchange.trust import claims_to_dict


def show_claims(
    ctx: typer.Context,
    release: Annotated[
        str | None, typer.Option("--release", metavar="NAME", help="Free what this person holds, then list.")
    ] = None,
    folder: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List who holds which items until when; leads and auditors see everybody's."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        released = services.release_claims_of(workspace, holder=release) if release is not None else 0
        claims = services.list_claims(workspace)
    call.answer(claims_to_dict(claims, released), _lines(claims, released if release is not None else None))


def _lines(claims: Sequence[Claim], released: int | None) -> Iterator[str]:
    if released is not None:
        yield f"{released} freed"
    rows = [
        (claim.holder, f"{claim.since:%H:%M}", f"{claim.until:%H:%M} UTC", claim.policy_id or None, claim.item_id)
        for claim in claims
    ]
    yield from output.table(("holder", "since", "until", "policy", "item"), rows)
