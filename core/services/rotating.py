"""The verb `keys rotate`: a new data key, for when the old one may be known to somebody.

It owns what must hold before it begins and the secrets the new key is wrapped with: the same passphrase and keychain,
and a new recovery code, because nobody knows the old one. How it is done is the business of `core.store.rotation`.
"""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.domain import KeySlot, SlotKind
from core.errors import LockedError
from core.services.keys import wrap_for
from core.services.members import Deed, require
from core.services.unlocking import PASSPHRASE_VARIABLE, Secret
from core.services.workspace import open_workspace
from core.store import rotation
from core.store.keys import KeyFile, Slots, read_keys
from core.store.wrapping import KEY_BYTES, Argon2Cost


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """The slots that open the workspace now. `recovery_code` replaces the one before; it is seen this once."""

    slots: tuple[KeySlot, ...]
    recovery_code: str | None = field(default=None, repr=False)


def rotate_key(
    folder: Path,
    *,
    passphrase: str | None = None,
    cost: Argon2Cost | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> KeyRotation:
    """Encrypt a workspace anew under a new data key. Nobody else may have it open meanwhile.

    It takes as much room again as the database; `progress` gets bytes done and in all. It may be killed at any moment:
    the workspace opens as before or as after. Backups made before keep the old key.

    Raises:
        UsageError: the workspace lies on a server.
        RoleError: the acting person does not lead. LockedError: a secret the new key is wrapped with is not there.
        BusyError: the workspace is open elsewhere. StorageError: no room, or `verify` finds something wrong.
        CancelledError: `cancel` was set. In each case nothing was changed.
    """
    with open_workspace(folder, passphrase=passphrase) as workspace:
        workspace.require_file("A new data key")
        require(workspace, Deed.KEYS)
        actor, old_key = workspace.reviewer, workspace.store.data_key()
    kept = read_keys(folder)
    new_key = secrets.token_bytes(KEY_BYTES)
    secret = Secret(passphrase or os.environ.get(PASSPHRASE_VARIABLE))
    slots, code = _wrap_all(kept, new_key, secret, cost)
    after = rotation.rotate(folder, kept, old_key, new_key, slots, actor=actor, progress=progress, cancel=cancel)
    return KeyRotation(tuple(after.listed()), code)


def _wrap_all(kept: KeyFile, new_key: bytes, secret: Secret, cost: Argon2Cost | None) -> tuple[Slots, str | None]:
    """Wrap the new key for every slot there is; return them, and the code of a new recovery slot."""
    if SlotKind.PASSPHRASE.value in kept.slots and (
        not secret.passphrase or kept.open_passphrase(secret.passphrase) is None
    ):
        raise LockedError(
            "The new key is wrapped with the passphrase, too, so the passphrase is needed.",
            f"Enter it when asked, or set {PASSPHRASE_VARIABLE}.",
        )
    fresh, code = replace(kept, slots=dict(kept.slots)), None
    kinds = [slot.kind for slot in kept.listed()]
    for kind in kinds:
        code = wrap_for(fresh, kind, new_key, secret, cost, anew=False) or code
    return {kind.value: fresh.slots[kind.value] for kind in kinds}, code
