"""The slots of `keys.json` held against the audit chain: who was given a way in, and is it the one that is there?

It owns the fingerprint of a slot, the fields by which events tell of slots, and the check. A fingerprint is a hash of
what is wrapped, never of a secret; each workstation of a team has slots of its own, told apart by their key file's id.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from core.store.keys import KeyFile
from core.store.rows import to_json
from core.store.tables import AUDIT_EVENT

CREATED, JOINED = "workspace.created", "workstation.joined"
ADDED, CHANGED, REVOKED, ROTATED = "key.added", "key.changed", "key.revoked", "key.rotated"
_KINDS = (CREATED, JOINED, ADDED, CHANGED, REVOKED, ROTATED)
HINT = "Take a slot nobody knows of away with `main.py keys revoke`; give others anew with `main.py keys change`."


def fingerprint(slot: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of everything that stands in a slot."""
    return hashlib.sha256(b"docket-slot-v1\x00" + to_json(dict(sorted(slot.items()))).encode()).hexdigest()


def tell_all(kept: KeyFile, slots: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """Return what an event tells of all slots of a key file, or of those that are about to be in force."""
    told = {name: fingerprint(slot) for name, slot in sorted((slots or kept.slots).items())}
    return {"key_file": kept.workspace, "slots": list(told), "fingerprints": told}


def tell_one(kept: KeyFile, name: str) -> dict[str, Any]:
    """Return what an event tells of one slot of a key file; nothing but its name once it is gone."""
    slot = kept.slots.get(name)
    told = {"key_file": kept.workspace, "slot": name}
    return told | ({"fingerprint": fingerprint(slot)} if slot is not None else {})


@dataclass(slots=True)
class _Told:
    """What the chain says: each slot with its event and fingerprint (None: an older Docket told none), what went."""

    slots: dict[str, tuple[int, str | None]]
    gone: dict[str, int]
    whole: bool = False

    def take(self, number: int, kind: str, said: Mapping[str, Any]) -> None:
        if "slots" in said:
            prints = said.get("fingerprints") or {}
            self.slots = {name: (number, prints.get(name)) for name in said["slots"]}
            self.gone.clear()
            self.whole = True
        elif kind == REVOKED:
            self.slots.pop(said["slot"], None)
            self.gone[said["slot"]] = number
        elif "slot" in said:
            self.slots[said["slot"]] = (number, said.get("fingerprint"))
            self.gone.pop(said["slot"], None)


def check_slots(connection: Connection, kept: KeyFile, *, shared: bool) -> tuple[bool, str]:
    """Hold the slots of a key file against the events that gave, changed or took them; name the first that differs."""
    event = AUDIT_EVENT.c
    told = _Told({}, {})
    rows = connection.execute(
        select(event.id, event.kind, event.payload).where(event.kind.in_(_KINDS)).order_by(event.id)
    )
    for number, kind, payload in rows:
        said = json.loads(payload)
        # An older event on a server does not say whose slots it was about.
        if said.get("key_file", "" if shared else kept.workspace) == kept.workspace:
            told.take(number, kind, said)
    for name, (number, wanted) in sorted(told.slots.items()):
        slot = kept.slots.get(name)
        if slot is None:
            return False, f"the {name} slot is missing (event {number} recorded it)"
        if wanted not in (None, fingerprint(slot)):
            return False, f"the {name} slot differs from what event {number} recorded"
    for name in sorted(kept.slots.keys() - told.slots.keys()):
        if name in told.gone:
            return False, f"the {name} slot is there, and event {told.gone[name]} took it away"
        if told.whole:
            return False, f"the {name} slot was never recorded in the audit chain"
    return True, f"{len(kept.slots)} slots, {len(told.slots)} told"
