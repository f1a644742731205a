"""The key file: `keys.json` with one wrapped copy of the data key for each slot. The key itself is never written.

It owns the workspace's id, its public signing key, the end of the audit chain at the last close, and the slots. While
the data key is being rotated it holds the slots of both keys. A keychain that is not the one a key was put into is an
error, never a silent switch.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain import KeySlot, SlotKind, utc_now
from core.errors import LockedError, NewerError, StorageError, WorkspaceError
from core.store import keychain
from core.store.wrapping import KEY_BYTES, Argon2Cost, derive, derive_recovery, new_recovery_code, unwrap, wrap

FILE = "keys.json"
VERSION = 1
PASSPHRASE, KEYCHAIN, RECOVERY = SlotKind.PASSPHRASE.value, SlotKind.KEYCHAIN.value, SlotKind.RECOVERY.value
MIN_PASSPHRASE = 8
Slots = dict[str, dict[str, Any]]


@dataclass(slots=True)
class KeyFile:
    """The contents of `keys.json`. `next_slots` wrap the key that a rotation is about to put in force."""

    workspace: str = field(default_factory=lambda: str(uuid.uuid4()))
    signing_key: str = ""
    chain_size: int = 0
    chain_head: str = ""
    slots: Slots = field(default_factory=dict)
    next_slots: Slots = field(default_factory=dict)

    def _bound(self, slot: str) -> bytes:
        # A wrapped key moved to another workspace or slot does not open.
        return f"docket-key-v{VERSION}:{self.workspace}:{slot}".encode()

    def _put(self, name: str, slot: dict[str, Any], wrapping: bytes, data_key: bytes) -> None:
        added = utc_now().isoformat(timespec="seconds")
        self.slots[name] = {"added_at": added, **slot, **wrap(wrapping, data_key, self._bound(name))}

    def listed(self) -> list[KeySlot]:
        """Return the slots there are, in a fixed order."""
        return [
            KeySlot(kind, str(slot.get("added_at", "")), str(slot.get("backend", "")))
            for kind in SlotKind
            if (slot := self.slots.get(kind.value)) is not None
        ]

    def add_passphrase(self, passphrase: str, data_key: bytes, cost: Argon2Cost) -> None:
        """Wrap the data key with a passphrase.

        Raises:
            LockedError: it is too short.
        """
        if len(passphrase) < MIN_PASSPHRASE:
            raise LockedError(
                f"It has fewer than {MIN_PASSPHRASE} characters.",
                "Choose a longer one, several words say.",
                title="The new passphrase is too short",
            )
        slot: dict[str, Any] = {
            "salt": secrets.token_hex(16), "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
        }  # fmt: skip
        self._put(PASSPHRASE, slot, derive(passphrase, slot), data_key)

    def open_passphrase(self, passphrase: str) -> bytes | None:
        """Return the data key through the passphrase, or None when it is wrong or there is no such slot."""
        slot = self.slots.get(PASSPHRASE)
        if slot is None:
            return None
        try:
            return unwrap(derive(passphrase, slot), slot, self._bound(PASSPHRASE))
        except (KeyError, ValueError, TypeError):
            return None

    def add_keychain(self, backend: str, data_key: bytes, *, anew: bool = False) -> None:
        """Wrap the data key with a random key that is kept in the OS keychain; the one that is there is used again.

        `anew` makes a new one under another name, so that the slot of before still opens until this file is written.

        Raises:
            LockedError: the keychain refuses.
        """
        wrapping = None if anew else self._keychain_key()
        entry = self._keychain_entry()
        if wrapping is None:
            entry = f"{self.workspace}:{secrets.token_hex(4)}" if anew else entry
            wrapping = secrets.token_bytes(KEY_BYTES)
            keychain.set_secret(entry, base64.b64encode(wrapping).decode("ascii"))
        self._put(KEYCHAIN, {"backend": backend, "entry": entry}, wrapping, data_key)

    def open_keychain(self) -> bytes | None:
        """Return the data key through the keychain, or None when that slot is not there or does not open.

        Raises:
            LockedError: the keychain is not the one the key was stored in.
        """
        slot = self.slots.get(KEYCHAIN)
        if slot is None:
            return None
        backend = keychain.keychain_backend()
        if backend is not None and backend != slot.get("backend") and PASSPHRASE not in self.slots:
            raise LockedError(
                f"The key lies in {slot.get('backend')}, and this session offers {backend}.",
                "Start Docket in the session the workspace was made in, or use `main.py keys recover`.",
            )
        wrapping = self._keychain_key() if backend == slot.get("backend") else None
        return unwrap(wrapping, slot, self._bound(KEYCHAIN)) if wrapping is not None else None

    def _keychain_entry(self) -> str:
        return str(self.slots.get(KEYCHAIN, {}).get("entry", self.workspace))

    def _keychain_key(self) -> bytes | None:
        secret = keychain.get_secret(self._keychain_entry())
        try:
            wrapping = base64.b64decode(secret, validate=True) if secret else b""
        except ValueError:
            return None
        return wrapping if len(wrapping) == KEY_BYTES else None

    def forget_keychain(self) -> None:
        """Take this workspace's key out of the keychain, if it is there; a keychain that refuses keeps it."""
        if KEYCHAIN in self.slots:
            keychain.delete_secret(self._keychain_entry())

    def add_recovery(self, data_key: bytes) -> str:
        """Wrap the data key with a new recovery code and return the code, which is kept nowhere."""
        code = new_recovery_code()
        salt = secrets.token_bytes(16)
        self._put(RECOVERY, {"salt": salt.hex()}, derive_recovery(code, salt), data_key)
        return code

    def open_recovery(self, code: str) -> bytes | None:
        """Return the data key through the recovery code, or None when it is another's or there is no such slot.

        Raises:
            LockedError: it is no recovery code at all.
        """
        slot = self.slots.get(RECOVERY)
        if slot is None:
            return None
        try:
            salt = bytes.fromhex(slot["salt"])
        except (KeyError, ValueError, TypeError):
            return None
        return unwrap(derive_recovery(code, salt), slot, self._bound(RECOVERY))


def write_keys(folder: Path, keys: KeyFile) -> None:
    """Write `keys.json` whole or not at all, readable by its owner only.

    Raises:
        StorageError: it cannot be written.
    """
    partial = folder / f"{FILE}.part"
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(encode_keys(keys))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / FILE)
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StorageError(f"{FILE} cannot be written: {error.strerror}.", "Check space and permissions.") from None


def encode_keys(keys: KeyFile) -> bytes:
    """Return the bytes of `keys.json`."""
    document: dict[str, Any] = {
        "version": VERSION, "workspace": keys.workspace, "signing_key": keys.signing_key,
        "chain": {"size": keys.chain_size, "head": keys.chain_head}, "slots": keys.slots,
    }  # fmt: skip
    if keys.next_slots:
        document["next_slots"] = keys.next_slots
    return json.dumps(document, indent=1).encode("ascii")


def sync_folder(folder: Path) -> None:
    """Bring the folder's entries to the disk, where the system lets a folder be opened."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_keys(folder: Path) -> KeyFile:
    """Read `keys.json`.

    Raises:
        WorkspaceError: missing or damaged. NewerError: written by a newer Docket.
    """
    try:
        return decode_keys((folder / FILE).read_bytes())
    except FileNotFoundError:
        raise WorkspaceError(f"{folder} has no {FILE}.", "Create a workspace with `main.py init`.") from None
    except OSError as error:
        raise WorkspaceError(f"{FILE} cannot be read: {error.strerror}.", "Check its permissions.") from None


def decode_keys(raw: bytes) -> KeyFile:
    """Return what the bytes of a `keys.json` say.

    Raises:
        WorkspaceError: damaged. NewerError: written by a newer Docket.
    """
    try:
        values = json.loads(raw.decode("ascii"))
        if int(values["version"]) > VERSION:
            raise NewerError(f"{FILE} has version {values['version']}.", "Open it with the newer Docket that wrote it.")
        chain = values["chain"]
        return KeyFile(
            str(values["workspace"]), str(values["signing_key"]), int(chain["size"]), str(chain["head"]),
            _slots(values["slots"]), _slots(values.get("next_slots", {})),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WorkspaceError(f"{FILE} cannot be read.", "Restore it from a backup: the data key is in it.") from None


def _slots(values: dict[str, dict[str, Any]]) -> Slots:
    return {str(name): dict(slot) for name, slot in values.items()}
