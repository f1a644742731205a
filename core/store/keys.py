"""The data key and the slots that wrap it. The only module that imports keyring.

It owns `keys.json`: the workspace's id, its public signing key, the end of the audit chain at the last close, and
one wrapped copy of the data key for each slot. The key itself is never written anywhere. A keychain backend that
keeps secrets in plain text is refused, and a backend that changed is an error, never a silent switch.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import threading
import unicodedata
import uuid
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import LockedError, NewerError, StorageError, WorkspaceError

FILE = "keys.json"
SERVICE = "docket"
VERSION = 1
PASSPHRASE, KEYCHAIN = "passphrase", "keychain"
MIN_PASSPHRASE = 8
_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt", "keyring.backends.chainer.fail")
_keychain_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """How hard a passphrase is to guess. The default is the second choice of RFC 9106: 64 MiB, 3 passes, 4 lanes."""

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 4


LARGEST_COST = Argon2Cost(memory_kib=4 * 1024 * 1024, passes=64, lanes=64)


def keychain_backend() -> str | None:
    """Return the name of the OS keychain that can be used, or None when there is none fit for secrets."""
    import keyring
    from keyring.errors import KeyringError

    try:
        with _keychain_lock:
            backend = keyring.get_keyring()
            name = f"{type(backend).__module__}.{type(backend).__qualname__}"
            if name.startswith("keyring.backends.chainer"):
                usable = [b for b in getattr(backend, "backends", []) if not _is_refused(b)]
                return f"{type(usable[0]).__module__}.{type(usable[0]).__qualname__}" if usable else None
            return None if _is_refused(backend) or backend.priority <= 0 else name
    except (KeyringError, RuntimeError):
        return None


def _is_refused(backend: object) -> bool:
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    return name.startswith(_REFUSED) or "plaintext" in name.lower()


def _keychain_get(user: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        with _keychain_lock:
            return keyring.get_password(SERVICE, user)
    except (KeyringError, RuntimeError):
        return None


def _keychain_set(user: str, secret: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        with _keychain_lock:
            keyring.set_password(SERVICE, user, secret)
    except (KeyringError, RuntimeError):
        raise LockedError("The keychain refused to store the key.", "Unlock it, or use a passphrase instead.") from None


def read_secret(name: str) -> str | None:
    """Return a secret of this person from the OS keychain, such as a server's key, or None when there is none."""
    return _keychain_get(name) if keychain_backend() is not None else None


def _wrap(wrapping: bytes, data_key: bytes, bound: bytes) -> dict[str, str]:
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(wrapping).encrypt(nonce, data_key, bound)
    return {"nonce": nonce.hex(), "wrapped": sealed.hex()}


def _unwrap(wrapping: bytes, slot: dict[str, Any], bound: bytes) -> bytes | None:
    try:
        return AESGCM(wrapping).decrypt(bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"]), bound)
    except (InvalidTag, ValueError, KeyError, TypeError):
        return None


def _derive(passphrase: str, slot: dict[str, Any]) -> bytes:
    """Return the wrapping key of a passphrase; the same letters typed on another system give the same key."""
    cost = Argon2Cost(int(slot["memory_kib"]), int(slot["passes"]), int(slot["lanes"]))
    # A damaged or hostile file must not make this machine count for hours or take all its memory.
    parts = zip(astuple(cost), astuple(LARGEST_COST), strict=True)
    if not all(1 <= part <= largest for part, largest in parts):
        raise WorkspaceError(f"{FILE} names a cost that no passphrase has.", "Restore it from a backup.")
    try:
        return hash_secret_raw(
            unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
            bytes.fromhex(slot["salt"]),
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=32,
            type=Type.ID,
        )
    except HashingError:
        raise LockedError(
            "The passphrase could not be checked: the cost in keys.json cannot be paid here.",
            f"Free {cost.memory_kib // 1024} MiB of memory and try again, or restore keys.json from a backup.",
        ) from None


@dataclass(slots=True)
class KeyFile:
    """The contents of `keys.json`."""

    workspace: str = field(default_factory=lambda: str(uuid.uuid4()))
    signing_key: str = ""
    chain_size: int = 0
    chain_head: str = ""
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)

    def _bound(self, slot: str) -> bytes:
        # A wrapped key moved to another workspace or slot does not open.
        return f"docket-key-v{VERSION}:{self.workspace}:{slot}".encode()

    def add_passphrase(self, passphrase: str, data_key: bytes, cost: Argon2Cost) -> None:
        """Wrap the data key with a passphrase.

        Raises:
            LockedError: it is too short.
        """
        if len(passphrase) < MIN_PASSPHRASE:
            raise LockedError(
                f"The passphrase has fewer than {MIN_PASSPHRASE} characters.", "Choose a longer one, several words say."
            )
        slot: dict[str, Any] = {
            "salt": secrets.token_hex(16), "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
        }  # fmt: skip
        self.slots[PASSPHRASE] = {**slot, **_wrap(_derive(passphrase, slot), data_key, self._bound(PASSPHRASE))}

    def add_keychain(self, backend: str, data_key: bytes) -> None:
        """Wrap the data key with a random key that is kept in the OS keychain."""
        wrapping = secrets.token_bytes(32)
        _keychain_set(self.workspace, base64.b64encode(wrapping).decode("ascii"))
        self.slots[KEYCHAIN] = {"backend": backend, **_wrap(wrapping, data_key, self._bound(KEYCHAIN))}

    def open_keychain(self) -> bytes | None:
        """Return the data key through the keychain, or None when that slot is not there or does not open.

        Raises:
            LockedError: the keychain is not the one the key was stored in.
        """
        slot = self.slots.get(KEYCHAIN)
        if slot is None:
            return None
        backend = keychain_backend()
        if backend is not None and backend != slot.get("backend") and PASSPHRASE not in self.slots:
            raise LockedError(
                f"The key lies in {slot.get('backend')}, and this session offers {backend}.",
                "Start Docket in the session the workspace was made in.",
            )
        secret = _keychain_get(self.workspace) if backend == slot.get("backend") else None
        try:
            wrapping = base64.b64decode(secret, validate=True) if secret else b""
        except ValueError:
            return None
        return _unwrap(wrapping, slot, self._bound(KEYCHAIN)) if len(wrapping) == 32 else None

    def forget_keychain(self) -> None:
        """Take this workspace's key out of the keychain, if it is there; a keychain that refuses keeps it."""
        import keyring
        from keyring.errors import KeyringError

        if KEYCHAIN in self.slots:
            with contextlib.suppress(KeyringError, RuntimeError), _keychain_lock:
                keyring.delete_password(SERVICE, self.workspace)

    def open_passphrase(self, passphrase: str) -> bytes | None:
        """Return the data key through the passphrase, or None when it is wrong or there is no such slot."""
        slot = self.slots.get(PASSPHRASE)
        if slot is None:
            return None
        try:
            return _unwrap(_derive(passphrase, slot), slot, self._bound(PASSPHRASE))
        except (KeyError, ValueError, TypeError):
            return None


def write_keys(folder: Path, keys: KeyFile) -> None:
    """Write `keys.json` whole or not at all, readable by its owner only.

    Raises:
        StorageError: it cannot be written.
    """
    text = json.dumps(
        {
            "version": VERSION, "workspace": keys.workspace, "signing_key": keys.signing_key,
            "chain": {"size": keys.chain_size, "head": keys.chain_head}, "slots": keys.slots,
        },
        indent=1,
    )  # fmt: skip
    partial = folder / f"{FILE}.part"
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / FILE)
        _sync(folder)
    except OSError as error:
        raise StorageError(f"{FILE} cannot be written: {error.strerror}.", "Check space and permissions.") from None


def _sync(folder: Path) -> None:
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
        values = json.loads((folder / FILE).read_text(encoding="ascii"))
        if int(values["version"]) > VERSION:
            raise NewerError(f"{FILE} has version {values['version']}.", "Open it with the newer Docket that wrote it.")
        chain = values["chain"]
        return KeyFile(
            str(values["workspace"]), str(values["signing_key"]), int(chain["size"]), str(chain["head"]),
            {str(name): dict(slot) for name, slot in values["slots"].items()},
        )  # fmt: skip
    except FileNotFoundError:
        raise WorkspaceError(f"{folder} has no {FILE}.", "Create a workspace with `main.py init`.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise WorkspaceError(f"{FILE} cannot be read.", "Restore it from a backup: the data key is in it.") from None
