"""The commands about keys: `keys list`, `add`, `change`, `revoke`, `recover` and `rotate`.

It owns their wording. A secret is asked for or taken from the environment, never from an argument, and a recovery code
is printed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from core import services
from core.cli import asking, output
from core.cli.call import Call, JsonOption, WorkspaceOption, begin
from core.cli.families import family
from core.cli.progress import ProgressLine
from core.cli.stopping import stoppable
from core.domain import KeySlot, SlotKind

app = family("What opens the workspace.")

SlotArgument = Annotated[
    SlotKind, typer.Argument(metavar="keychain|passphrase|recovery", help="The way in that is meant.")
]


@app.command("list")
def list_slots(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the ways to open the workspace."""
    call = begin(ctx, folder, as_json)
    slots = services.list_keys(call.chosen_folder())
    call.answer({"slots": [slot_to_dict(slot) for slot in slots]}, slot_lines(slots))


@app.command("add")
def add_slot(
    ctx: typer.Context, slot: SlotArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Add a way to open the workspace: the keychain, a passphrase, a recovery code."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _answer(call, services.add_key(workspace, slot, passphrase=_new_secret(slot)))


@app.command("change")
def change_slot(
    ctx: typer.Context, slot: SlotArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Give a way in a new secret; the old one opens only backups made before."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        _answer(call, services.change_key(workspace, slot, passphrase=_new_secret(slot)))


@app.command("revoke")
def revoke_slot(
    ctx: typer.Context, slot: SlotArgument, folder: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Take a way in away. The last one stays."""
    call = begin(ctx, folder, as_json)
    with call.workspace() as workspace:
        left = services.revoke_key(workspace, slot)
    call.answer({"slots": [slot_to_dict(kept) for kept in left]}, slot_lines(left))


@app.command("recover")
def recover(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Open the workspace with its recovery code and give it a new passphrase."""
    call = begin(ctx, folder, as_json)
    target = call.chosen_folder()
    code = asking.recovery_code()
    with services.recover(target, recovery_code=code, passphrase=asking.new_passphrase()):
        slots = services.list_keys(target)
    call.answer({"slots": [slot_to_dict(slot) for slot in slots]}, slot_lines(slots))


@app.command("rotate")
def rotate(ctx: typer.Context, folder: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Encrypt the workspace anew under a new data key, and print a new recovery code."""
    call = begin(ctx, folder, as_json)
    target = call.chosen_folder()
    line = ProgressLine()
    passphrase = asking.ask_passphrase(target, for_wrapping=True)
    with stoppable() as stop:
        try:
            done = services.rotate_key(
                target,
                passphrase=passphrase,
                progress=lambda bytes_done, total: line.show(_encrypted(bytes_done, total)),
                cancel=stop.event,
            )
        finally:
            line.close()
    document = {"slots": [slot_to_dict(slot) for slot in done.slots], "recovery_code": done.recovery_code}
    call.answer(document, [*slot_lines(done.slots), *(code_lines(done.recovery_code) if done.recovery_code else ())])


def _encrypted(done: int, total: int) -> str:
    return f"Encrypting: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB"


def slot_to_dict(slot: KeySlot) -> dict[str, Any]:
    """Return a slot as a document: `{"slot", "added_at", "backend", "last_used_at"}`."""
    return {
        "slot": slot.kind.value,
        "added_at": slot.added_at or None,
        "backend": slot.backend or None,
        "last_used_at": slot.last_used_at or None,
    }


def slot_lines(slots: Iterable[KeySlot]) -> Iterator[str]:
    """Yield the slots as a table."""
    return output.table(
        ("slot", "added", "last used", "kept in"),
        [(s.kind.value, s.added_at[:10], s.last_used_at[:10] or None, s.backend or None) for s in slots],
    )


def code_lines(code: str) -> Iterator[str]:
    """Yield a recovery code with what to do with it."""
    yield f"Recovery code: {code}"
    yield "Print it and lock it away: it opens the workspace when all else is lost. It is not shown again."


def _new_secret(slot: SlotKind) -> str | None:
    return asking.new_passphrase() if slot is SlotKind.PASSPHRASE else None


def _answer(call: Call, change: services.KeyChange) -> None:
    document = slot_to_dict(change.slot)
    lines = list(slot_lines([change.slot]))
    if change.recovery_code is not None:
        document["recovery_code"] = change.recovery_code
        lines.extend(code_lines(change.recovery_code))
    call.answer(document, lines)
