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
from core.errors import LockedError, StorageError, UsageError, WorkspaceError
from core.services.unlocking import NO_KEY, PASSPHRASE_VARIABLE, Secret, unlock
from core.settings import FILE as SETTINGS_FILE
from core.settings import Settings, read_settings, write_settings
from core.store import database, key_slots, keys, place, rotation
from core.store.backup import BackupFile, new_path
from core.store.database import Database
from core.store.key_use import note_use
from core.store.keychain import keychain_backend, set_secret
from core.store.keys import KeyFile, read_keys, write_keys
from core.store.store import Store
from core.store.wrapping import Argon2Cost

TEAM_NOTICE = (
    "This workspace lies on a server. Docket does not encrypt content there: whoever runs the server, and whoever gets "
    "at its disks or backups, can read it."
)
"""What a person is told before they rely on a team's workspace."""


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
    """An open workspace. Its services may be called from any thread; close it once.

    `remarks` are sentences for the person who opens it: settings that are not used, and why.
    """

    folder: Path
    store: Store
    settings: Settings
    reviewer: str
    undo_steps: list[UndoStep] = field(default_factory=list)
    undo_lock: threading.Lock = field(default_factory=threading.Lock)
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    closed: bool = False
    remarks: tuple[str, ...] = ()
    _sampling: bytes = field(default=b"", repr=False)

    def sampling_secret(self) -> bytes:
        """Return the secret by which shares of the items are chosen, read once."""
        if not self._sampling:
            self._sampling = self.store.sampling_secret()
        return self._sampling

    @property
    def is_team(self) -> bool:
        """Whether it lies on a server that others use, too."""
        return self.store.on_server

    def require_file(self, what: str) -> None:
        """Refuse what makes sense only for a workspace in a file.

        Raises:
            UsageError: it lies on a server.
        """
        if self.is_team:
            raise UsageError(f"{what} is for workspaces in a file; this one lies on a server.", "See docs/team.md.")

    def close(self) -> None:
        """Let go of what this session holds, sign the end of the audit chain and close. May be called twice.

        Raises:
            StorageError: the disk is full: what was done is stored, and the next close signs it.
        """
        if self.closed:
            return
        self.closed = True
        try:
            self._sign_off()
        except StorageError as error:
            raise StorageError(
                f"What was done is stored, but the end of the session could not be signed: {error.message}", error.hint
            ) from None

    def _sign_off(self) -> None:
        try:
            if self.is_team:
                self.store.release_claims(session=self.session)
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


def workspace_folder(named: str) -> Path:
    """Return the folder of a workspace as a person names it: a folder, or a team's postgresql+psycopg:// address.

    Raises:
        UsageError: it looks like an address and is none of PostgreSQL.
    """
    return place.local_folder(named)


def is_workspace(folder: Path) -> bool:
    """Whether the folder holds a workspace that this person may look into."""
    try:
        there = place.is_team(folder) or (folder / database.FILE).is_file()
        return there and (folder / keys.FILE).is_file()
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
    """Create a workspace in a new or empty folder and open it; on a server, join the one that is there.

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
        if place.is_team(folder):
            return _join(folder, kept, data_key, reviewer)
        store = Store.create(folder, data_key, creator=reviewer or _login(), slots=key_slots.tell_all(kept))
        kept.signing_key = store.public_key()
        write_keys(folder, kept)
        settings = Settings(reviewer=reviewer or "")
        if reviewer:
            write_settings(folder, settings)
    except BaseException:
        for name in (database.FILE, f"{database.FILE}-wal", f"{database.FILE}-shm", keys.FILE, place.FILE):
            (folder / name).unlink(missing_ok=True)
        kept.forget_keychain()
        raise
    return Workspace(folder, store, settings, reviewer or _login())


def _join(folder: Path, kept: KeyFile, data_key: bytes, reviewer: str | None) -> Workspace:
    """Join the workspace on a server: the login there is who decides, so that nobody can use another's name."""
    from core.store.team import TeamStore  # brings a server's driver, which nobody else needs

    url = place.server_url(folder)
    store = TeamStore.join(folder, url, data_key, slots=key_slots.tell_all(kept))
    if reviewer not in (None, store.login):
        store.close()
        raise UsageError(
            f"On this server you are {store.login}.", "Leave the reviewer's name out, or log in otherwise."
        )
    kept.signing_key = store.public_key()
    place.write_server(folder, url)
    write_keys(folder, kept)
    if url.password and keychain_backend() is not None:
        set_secret(place.secret_name(url), str(url.password))
    return Workspace(folder, store, read_settings(folder), store.login)


def check_new_folder(folder: Path) -> None:
    """Say whether a new workspace can go into a folder; nothing is made.

    Raises:
        WorkspaceError: it is not empty, or a file. StorageError: it cannot be looked at.
    """
    try:
        if folder.exists():
            _require_empty(folder)
    except OSError as error:
        raise StorageError(f"{folder} cannot be read: {error.strerror}.", "Choose a folder you may write to.") from None


def _require_empty(folder: Path) -> None:
    if is_workspace(folder):
        raise WorkspaceError(f"{folder} already holds a workspace.", "Open it, or choose another folder.")
    if not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file.", "Choose a new or empty folder.")
    if any(folder.iterdir()):
        raise WorkspaceError(f"{folder} is not empty.", "Choose a new or empty folder.")


def prepare_folder(folder: Path) -> None:
    """Make a folder for a new workspace.

    Raises:
        WorkspaceError: it is not empty, or a file. StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _require_empty(folder)
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
    if not there and place.is_team(folder):
        hint = "Join it once with `main.py init --workspace URL`."
        raise WorkspaceError("This workstation has not joined that workspace yet.", hint)
    if not there:
        raise WorkspaceError(f"{folder} is not a workspace.", "Create one with `main.py init`, or name another folder.")
    kept = read_keys(folder)
    remarks: list[str] = []
    settings = read_settings(folder, remarks)
    secret = Secret(passphrase, recovery_code)
    if place.is_team(folder):
        from core.store.team import TeamStore

        kind, data_key = unlock(kept, secret)
        team = TeamStore.connect(folder, place.server_url(folder), data_key)
        note_use(folder, kind)
        return Workspace(folder, team, settings, team.login, remarks=tuple(remarks))
    kept, (kind, data_key) = rotation.settle(folder, kept, lambda candidate: unlock(candidate, secret))
    store = Store.open(folder, data_key, before_upgrade=lambda source: back_up_before_upgrade(folder, source, kept))
    rotation.remove_begun(folder)  # nobody is at it: the database would not have opened
    note_use(folder, kind)
    return Workspace(folder, store, settings, settings.reviewer or _login(), remarks=tuple(remarks))


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
    if not workspace.is_team:  # there it is the login
        workspace.reviewer = settings.reviewer or workspace.reviewer
    return settings


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "reviewer"
