"""The verbs of the workspace itself: create, open, close.

It owns the folder (database, keys, settings) and the session of one reviewer in it. It holds no query and no policy.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from core.domain import EntryState
from core.errors import LockedError, StorageError, WorkspaceError
from core.settings import Settings, read_settings, write_settings
from core.store import database, keys
from core.store.keys import Argon2Cost, KeyFile, keychain_backend, read_keys, write_keys
from core.store.store import Store

PASSPHRASE_VARIABLE = "DOCKET_PASSPHRASE"  # noqa: S105 - the name of a variable
_NO_KEY = (
    "There is no keychain here and no passphrase was given.",
    f"Set {PASSPHRASE_VARIABLE}, or run Docket where it can ask for one.",
)


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step that can be taken back: a decision (its key) or a mark, and what stood before it.

    `before` is the state the entry had, `mark` the one a mark gave it, `standing` the decision that stood before.
    """

    entry: int
    before: EntryState
    decision: int | None = None
    standing: int | None = None
    mark: EntryState | None = None


@dataclass(slots=True)
class Workspace:
    """An open workspace. Its services may be called from any thread; close it once."""

    folder: Path
    store: Store
    settings: Settings
    reviewer: str
    undo_steps: list[UndoStep] = field(default_factory=list)
    undo_lock: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    def close(self) -> None:
        """Sign the end of the audit chain and let the file go. May be called twice."""
        if self.closed:
            return
        self.closed = True
        try:
            kept = read_keys(self.folder)
            # A chain that was cut must not become the new truth: verify has to find it.
            whole = self.store.holds(kept.chain_size, kept.chain_head)
        finally:
            size, head = self.store.close()
        if whole and size > kept.chain_size:
            kept.chain_size, kept.chain_head = size, head
            write_keys(self.folder, kept)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        with contextlib.suppress(WorkspaceError):  # the first failure is the one to tell
            self.close()


def is_workspace(folder: Path) -> bool:
    """Whether the folder holds a workspace that this person may look into."""
    try:
        return (folder / keys.FILE).is_file() and (folder / database.FILE).is_file()
    except OSError:
        return False


def needs_passphrase(folder: Path) -> bool:
    """Whether only a passphrase opens the workspace here: no keychain slot, or no keychain in this session.

    Raises:
        WorkspaceError: keys.json is missing or damaged.
    """
    kept = read_keys(folder)
    return keys.PASSPHRASE in kept.slots and kept.open_keychain() is None


def keychain_available() -> bool:
    """Whether this machine offers a keychain fit to hold the key, so that no passphrase is needed."""
    return keychain_backend() is not None


def create_workspace(
    folder: Path, *, passphrase: str | None = None, reviewer: str | None = None, cost: Argon2Cost | None = None
) -> Workspace:
    """Create a workspace in a new or empty folder and open it.

    The key goes to the OS keychain if there is one, and is wrapped with the passphrase if one is given; without
    either `DOCKET_PASSPHRASE` is taken. `cost` is for tests: it makes a passphrase cheap to guess.

    Raises:
        LockedError: no keychain and no passphrase, or one that is too short.
        WorkspaceError: the folder is not empty, or cannot be written.
    """
    passphrase = passphrase or os.environ.get(PASSPHRASE_VARIABLE)
    # A throwaway or headless workspace with a passphrase leaves no trace in the keychain.
    backend = keychain_backend() if not passphrase else None
    if backend is None and not passphrase:
        raise LockedError(*_NO_KEY)
    data_key = secrets.token_bytes(32)
    kept = KeyFile()
    if passphrase:
        kept.add_passphrase(passphrase, data_key, cost or Argon2Cost())
    _prepare_folder(folder)
    try:
        if backend is not None:
            kept.add_keychain(backend, data_key)
        store = Store.create(folder, data_key, creator=reviewer or _login())
        kept.signing_key = store.public_key()
        write_keys(folder, kept)
        settings = Settings(reviewer=reviewer or "")
        if reviewer:
            write_settings(folder, settings)
    except BaseException:
        for name in (database.FILE, f"{database.FILE}-wal", f"{database.FILE}-shm", keys.FILE):
            (folder / name).unlink(missing_ok=True)
        kept.forget_keychain()
        raise
    return Workspace(folder, store, settings, reviewer or _login())


def _prepare_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if is_workspace(folder):
            raise WorkspaceError(f"{folder} already holds a workspace.", "Open it, or choose another folder.")
        if any(folder.iterdir()):
            raise WorkspaceError(f"{folder} is not empty.", "Choose a new or empty folder.")
        folder.chmod(0o700)
    except FileExistsError:
        raise WorkspaceError(f"{folder} is a file.", "Choose a new or empty folder.") from None
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror}.", "Choose a folder you may write to.") from None


def open_workspace(folder: Path, *, passphrase: str | None = None) -> Workspace:
    """Open a workspace: with the passphrase given, else the keychain, else `DOCKET_PASSPHRASE`.

    Raises:
        LockedError: no slot opens. NewerError: a newer Docket wrote it. WorkspaceError: there is none, or damaged.
    """
    try:
        there = (folder / keys.FILE).is_file()
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from None
    if not there:
        raise WorkspaceError(f"{folder} is not a workspace.", "Create one with `main.py init`, or name another folder.")
    kept = read_keys(folder)
    settings = read_settings(folder)
    data_key = _unlock(kept, passphrase)
    store = Store.open(folder, data_key)
    return Workspace(folder, store, settings, settings.reviewer or _login())


def _unlock(kept: KeyFile, passphrase: str | None) -> bytes:
    if passphrase is None:
        data_key = kept.open_keychain()
        if data_key is not None:
            return data_key
        passphrase = os.environ.get(PASSPHRASE_VARIABLE)
    if not passphrase:
        raise LockedError(
            "The workspace needs its passphrase."
            if keys.PASSPHRASE in kept.slots
            else "The keychain holds no key for it.",
            f"Enter it when asked, or set {PASSPHRASE_VARIABLE}."
            if keys.PASSPHRASE in kept.slots
            else "Start Docket in the session the workspace was made in.",
        )
    data_key = kept.open_passphrase(passphrase)
    if data_key is None:
        raise LockedError("The passphrase does not open this workspace.", "Check it and try again.")
    return data_key


def save_settings(workspace: Workspace, *, settings: Settings) -> Settings:
    """Write the settings and use them from now on; return them.

    Raises:
        StorageError: the file cannot be written.
    """
    write_settings(workspace.folder, settings)
    workspace.settings = settings
    workspace.reviewer = settings.reviewer or workspace.reviewer
    return settings


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reviewer"
