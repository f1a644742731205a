"""The verbs of keys: which slots there are, add, change and revoke one, come back in with the recovery code.

It owns what must hold before a slot changes: the role, a way in that stays. A new secret is handed in or, for the
recovery code, handed out once; none is kept, recorded or shown again.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.domain import KeySlot, SlotKind
from core.errors import LockedError, UsageError, WorkspaceError
from core.services.members import Deed, require
from core.services.unlocking import NO_KEY, Secret, open_typed
from core.services.workspace import Workspace, open_workspace
from core.store import key_slots
from core.store.key_use import forget_use, read_use
from core.store.keychain import keychain_backend
from core.store.keys import KeyFile, read_keys, write_keys
from core.store.wrapping import Argon2Cost


@dataclass(frozen=True, slots=True)
class KeyChange:
    """The slot as it is now. `recovery_code` is set when a new one was made: this is the only time it is seen."""

    slot: KeySlot
    recovery_code: str | None = field(default=None, repr=False)


def list_keys(folder: Path) -> list[KeySlot]:
    """Return the slots of a workspace, which need not be opened for that.

    Raises:
        WorkspaceError: keys.json is missing or damaged.
    """
    used = read_use(folder)
    return [replace(slot, last_used_at=used.get(slot.kind, "")) for slot in read_keys(folder).listed()]


def add_key(
    workspace: Workspace, kind: SlotKind, *, passphrase: str | None = None, cost: Argon2Cost | None = None
) -> KeyChange:
    """Add a way to open the workspace and return it. A passphrase slot needs the new passphrase.

    Raises:
        RoleError: the acting person does not lead. UsageError: there is such a slot.
        LockedError: no passphrase or one that is too short, or there is no keychain here.
    """
    _require(workspace)
    kept = read_keys(workspace.folder)
    if kind.value in kept.slots:
        raise UsageError(f"There is a {kind.value} slot already.", f"Use `main.py keys change {kind.value}`.")
    return _fill(workspace, kept, kind, key_slots.ADDED, passphrase, cost)


def change_key(
    workspace: Workspace, kind: SlotKind, *, passphrase: str | None = None, cost: Argon2Cost | None = None
) -> KeyChange:
    """Give a slot a new secret and return it; what opened it before does not open it any more.

    Backups made before keep opening with what was in force then.

    Raises:
        RoleError: the acting person does not lead. UsageError: there is no such slot.
        LockedError: no passphrase or one that is too short, or there is no keychain here.
    """
    _require(workspace)
    kept = read_keys(workspace.folder)
    _require_slot(kept, kind)
    return _fill(workspace, kept, kind, key_slots.CHANGED, passphrase, cost)


def revoke_key(workspace: Workspace, kind: SlotKind) -> list[KeySlot]:
    """Take a way in away and return those that stay.

    Raises:
        RoleError: the acting person does not lead. UsageError: there is no such slot, or it is the last one.
    """
    _require(workspace)
    kept = read_keys(workspace.folder)
    _require_slot(kept, kind)
    if len(kept.listed()) == 1:
        raise UsageError(f"The {kind.value} slot is the only way in.", "Add another one first.")
    after = replace(kept, slots={name: slot for name, slot in kept.slots.items() if name != kind.value})
    _put_in_force(workspace, kept, after, kind, key_slots.REVOKED)
    if kind is SlotKind.KEYCHAIN:
        kept.forget_keychain()
    return after.listed()


def check_key(workspace: Workspace, *, passphrase: str | None) -> None:
    """Hold what a person gave against an open workspace: its passphrase or recovery code, or None for the keychain.

    The environment does not count: a lock is there to find out who sits at the desk.

    Raises:
        LockedError: it does not open the workspace. WorkspaceError: keys.json is missing or damaged.
    """
    kept = read_keys(workspace.folder)
    if passphrase is None:
        found = kept.open_keychain()
    else:
        _, found = open_typed(kept, passphrase) or (None, None)
    if found is None and passphrase is None:
        raise LockedError("The keychain does not open this workspace.", "Enter its passphrase.")
    if found is None or not hmac.compare_digest(found, workspace.store.data_key()):
        raise LockedError("That passphrase does not open this workspace.", "Check it and try again.")


def recover(folder: Path, *, recovery_code: str, passphrase: str, cost: Argon2Cost | None = None) -> Workspace:
    """Open a workspace with its recovery code, give it this passphrase, and return it open. The code stays valid.

    Raises:
        LockedError: the code is not this workspace's, or the passphrase is too short.
        RoleError: the acting person does not lead. WorkspaceError: it cannot be opened.
    """
    workspace = open_workspace(folder, recovery_code=recovery_code)
    try:
        there = SlotKind.PASSPHRASE.value in read_keys(folder).slots
        verb = change_key if there else add_key
        verb(workspace, SlotKind.PASSPHRASE, passphrase=passphrase, cost=cost)
    except BaseException:
        workspace.close()
        raise
    return workspace


def wrap_for(
    kept: KeyFile, kind: SlotKind, data_key: bytes, secret: Secret, cost: Argon2Cost | None, *, anew: bool = True
) -> str | None:
    """Wrap a data key for one slot of a key file in memory; return the new code of a recovery slot.

    Raises:
        LockedError: the secret that is needed is not there or not good enough.
    """
    if kind is SlotKind.RECOVERY:
        return kept.add_recovery(data_key)
    if kind is SlotKind.KEYCHAIN:
        backend = keychain_backend()
        if backend is None:
            raise LockedError("There is no keychain here that is fit for secrets.", "Use a passphrase.")
        kept.add_keychain(backend, data_key, anew=anew)
    elif not secret.passphrase:
        raise LockedError(*NO_KEY)
    else:
        kept.add_passphrase(secret.passphrase, data_key, cost or Argon2Cost())
    return None


def _require(workspace: Workspace) -> None:
    """Let a lead change the keys of a file; of a team's workspace everybody has their own."""
    if not workspace.is_team:
        require(workspace, Deed.KEYS)


def _require_slot(kept: KeyFile, kind: SlotKind) -> None:
    if kind.value not in kept.slots:
        raise UsageError(f"There is no {kind.value} slot.", f"Use `main.py keys add {kind.value}`.")


def _fill(
    workspace: Workspace, kept: KeyFile, kind: SlotKind, event: str, passphrase: str | None, cost: Argon2Cost | None
) -> KeyChange:
    after = replace(kept, slots=dict(kept.slots))
    code = wrap_for(after, kind, workspace.store.data_key(), Secret(passphrase), cost)
    try:
        _put_in_force(workspace, kept, after, kind, event)
    except BaseException:
        if kind is SlotKind.KEYCHAIN:
            after.forget_keychain()
        raise
    if kind is SlotKind.KEYCHAIN:
        kept.forget_keychain()
    slot = next(slot for slot in after.listed() if slot.kind is kind)
    return KeyChange(slot, code)


def _put_in_force(workspace: Workspace, before: KeyFile, after: KeyFile, kind: SlotKind, event: str) -> None:
    """Write the slots and record the change; where it cannot be recorded, the slots of before come back."""
    write_keys(workspace.folder, after)
    backend = after.slots.get(kind.value, before.slots.get(kind.value, {})).get("backend")
    details = key_slots.tell_one(after, kind.value) | ({"backend": backend} if backend else {})
    try:
        workspace.store.record(event, workspace.reviewer, details)
    except WorkspaceError:
        write_keys(workspace.folder, before)
        raise
    forget_use(workspace.folder, kind)
