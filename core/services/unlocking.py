"""From the slots of a workspace to its data key: the passphrase or recovery code given, the keychain, the environment.

It owns the order in which slots are tried and the words of a refusal. It must not keep a secret.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from core.domain import SlotKind
from core.errors import LockedError
from core.store import keys
from core.store.keychain import keychain_backend
from core.store.keys import KeyFile, read_keys
from core.store.wrapping import is_recovery_code

PASSPHRASE_VARIABLE = "DOCKET_PASSPHRASE"  # noqa: S105 - the name of a variable
NO_KEY = (
    "There is no keychain here and no passphrase was given.",
    f"Set {PASSPHRASE_VARIABLE}, or run Docket where it can ask for one.",
)


@dataclass(frozen=True, slots=True)
class Secret:
    """What a person gave to open a workspace; nothing: the keychain, else `DOCKET_PASSPHRASE`. Its repr is empty."""

    passphrase: str | None = field(default=None, repr=False)
    recovery_code: str | None = field(default=None, repr=False)


def needs_passphrase(folder: Path) -> bool:
    """Whether only a passphrase opens the workspace here: no keychain slot, or no keychain in this session.

    Raises:
        WorkspaceError: keys.json is missing or damaged.
    """
    kept = read_keys(folder)
    return keys.PASSPHRASE in kept.slots and kept.open_keychain() is None


def needs_typing(kept: KeyFile) -> bool:
    """Whether somebody has to type a passphrase or recovery code here: one is there, and the keychain opens nothing."""
    return bool({keys.PASSPHRASE, keys.RECOVERY} & set(kept.slots)) and kept.open_keychain() is None


def keychain_available() -> bool:
    """Whether this machine offers a keychain fit to hold the key, so that no passphrase is needed."""
    return keychain_backend() is not None


def unlock(kept: KeyFile, secret: Secret) -> tuple[SlotKind, bytes]:
    """Return the slot that opened and the data key (32 bytes).

    Raises:
        LockedError: no slot opens; the message says which way was tried.
    """
    if secret.recovery_code is not None:
        data_key = kept.open_recovery(secret.recovery_code)
        if data_key is None:
            raise LockedError("The recovery code does not open this workspace.", "Check it and try again.")
        return SlotKind.RECOVERY, data_key
    passphrase = secret.passphrase
    if passphrase is None:
        data_key = kept.open_keychain()
        if data_key is not None:
            return SlotKind.KEYCHAIN, data_key
        passphrase = os.environ.get(PASSPHRASE_VARIABLE)
    if not passphrase:
        raise _nothing_given(kept)
    found = open_typed(kept, passphrase)
    if found is None:
        raise LockedError("The passphrase does not open this workspace.", "Check it and try again.")
    return found


def open_typed(kept: KeyFile, typed: str) -> tuple[SlotKind, bytes] | None:
    """Return the slot that what somebody typed opens, and the data key: the passphrase's, else the recovery code's."""
    data_key = kept.open_passphrase(typed)
    if data_key is not None:
        return SlotKind.PASSPHRASE, data_key
    data_key = kept.open_recovery(typed) if is_recovery_code(typed) else None
    return None if data_key is None else (SlotKind.RECOVERY, data_key)


def _nothing_given(kept: KeyFile) -> LockedError:
    if keys.PASSPHRASE in kept.slots:
        hint = f"Enter it when asked, or set {PASSPHRASE_VARIABLE}."
        return LockedError("The workspace needs its passphrase.", hint)
    if keys.KEYCHAIN in kept.slots:
        hint = "Start Docket in the session the workspace was made in"
        hint += ", or use `main.py keys recover`." if keys.RECOVERY in kept.slots else "."
        return LockedError("The keychain holds no key for it.", hint)
    return LockedError("Only the recovery code opens this workspace.", "Use `main.py keys recover`.")
