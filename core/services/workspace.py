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
from core.services.unlocking import NO_KEY, PASSPHRASE_VARIABLE, Secret, unlock
from core.settings import FILE as SETTINGS_FILE
from core.settings import Settings, read_settings, write_settings
from core.store import database, keys
from core.store.backup import BackupFile, new_path
from core.store.database import Database
from core.store.keychain import keychain_backend
from core.store.keys import KeyFile, read_keys, write_keys
from core.store.store import Store
from core.store.wrapping import Argon2Cost


@dataclass(frozen=True, slots=True)
class UndoStep:
    """One step that can be taken back: a decision (its key) or a mark, and what stood before it.

    `before` is the state the entry had, `mark` the one a mark gave it, `standing` the decision that stood before,
    `independent` the independent decision it was instead. Steps of one `batch` (not 0) are taken back together.
    """

    entry: int
    before: EntryState
    decision: int | None = None
    standing: int | None = None
    mark: EntryState | None = None
    independent: int | None = None
    batch: int = 0


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
    _sampling: bytes = field(default=b"", repr=False)

    def sampling_secret(self) -> bytes:
        """Return the secret by which shares of the items are chosen, read once."""
        if not self._sampling:
            self._sampling = self.store.sampling_secret()
        return self._sampling

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


def create_workspace(
    folder: Path,
    *,
    passphrase: str | None = None,
    keychain: bool = False,
    reviewer: str | None = None,
    cost: Argon2Cost | None = None,
) -> Workspace:
    """Create a workspace in a new or empty folder and open it.

    The key is wrapped with the passphrase given, else with `DOCKET_PASSPHRASE`, else put into the OS keychain; with
    `keychain` into the keychain in any case, where there is one. `cost` is for tests: it makes a passphrase cheap.

    Raises:
        LockedError: no keychain and no passphrase, or one that is too short.
        WorkspaceError: the folder is not empty, or cannot be written.
    """
    passphrase = passphrase or os.environ.get(PASSPHRASE_VARIABLE)
    # A throwaway or headless workspace with a passphrase leaves no trace in the keychain.
    backend = keychain_backend() if keychain or not passphrase else None
    if backend is None and not passphrase:
        raise LockedError(*NO_KEY)
    data_key = secrets.token_bytes(32)
    kept = KeyFile()
    if passphrase:
        kept.add_passphrase(passphrase, data_key, cost or Argon2Cost())
    prepare_folder(folder)
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


def prepare_folder(folder: Path) -> None:
    """Make a folder for a new workspace.

    Raises:
        WorkspaceError: it is not empty, or a file. StorageError: it cannot be made.
    """
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


def open_workspace(folder: Path, *, passphrase: str | None = None, recovery_code: str | None = None) -> Workspace:
    """Open a workspace: with the passphrase or recovery code given, else the keychain, else `DOCKET_PASSPHRASE`.

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
    data_key = unlock(kept, Secret(passphrase, recovery_code))
    store = Store.open(folder, data_key, before_upgrade=lambda source: back_up_before_upgrade(folder, source, kept))
    return Workspace(folder, store, settings, settings.reviewer or _login())


def back_up_before_upgrade(folder: Path, source: Database, kept: KeyFile) -> None:
    """Copy a workspace whose tables are about to change into its folder of backups.

    Raises:
        StorageError: there is no room for it, or a page is damaged.
    """
    with BackupFile(new_path(folder, before_upgrade=True)) as target:
        target.write(source, kept, settings_bytes(folder))
        target.publish()


def settings_bytes(folder: Path) -> bytes | None:
    """Return the bytes of the settings for a backup, None when there are none."""
    try:
        return (folder / SETTINGS_FILE).read_bytes()
    except OSError:
        return None


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
