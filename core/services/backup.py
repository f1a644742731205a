"""The verbs `backup` and `restore`: a copy while the desk goes on, and a copy that is proven before it counts.

It owns the order sign, copy, record, publish on the way out and unpack, open, verify, move on the way in. The file's
format belongs to `core.store.backup`.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.domain import BackupSummary, Check, RestoreSummary, utc_now
from core.errors import InputError, StorageError
from core.services.health import verify
from core.services.unlocking import needs_typing
from core.services.workspace import Workspace, open_workspace, prepare_folder, settings_bytes
from core.store import backup as files
from core.store.keys import KeyFile, read_keys

Progress = Callable[[int, int], None]


def make_backup(
    workspace: Workspace,
    *,
    out: Path | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> BackupSummary:
    """Copy the workspace, as it is at this moment, into one file; reviewing goes on meanwhile.

    Without `out` into its own folder of backups, where the oldest beyond the setting `backups_kept` are deleted.
    `progress` gets bytes done and in all. The event that records it names the file's hash.

    Raises:
        StorageError: there is such a file, no room, or a page is damaged. CancelledError: `cancel` was set.
        UsageError: the workspace lies on a server.
    """
    workspace.require_file("A backup by Docket")
    kept = read_keys(workspace.folder)
    size, head = workspace.store.sign_end()
    # A chain that was cut must not become the new truth: restoring has to find it.
    if workspace.store.holds(kept.chain_size, kept.chain_head) and size >= kept.chain_size:
        kept = replace(kept, chain_size=size, chain_head=head)
    path = out or files.new_path(workspace.folder)
    with files.BackupFile(path) as target:
        settings = settings_bytes(workspace.folder)
        digest = target.write(workspace.store.file, kept, settings, progress=progress, cancel=cancel)
        workspace.store.record("backup.made", workspace.reviewer, {"file": path.name, "sha256": digest, "upto": size})
        target.publish()
    if out is None:
        files.prune(workspace.folder, workspace.settings.backups_kept)
    return BackupSummary(path, path.stat().st_size, digest, kept.chain_size)


def list_backups(workspace: Workspace) -> list[Path]:
    """Return the backups in the workspace's own folder, oldest first."""
    return files.own_backups(workspace.folder)


def backup_due(workspace: Workspace, *, now: datetime | None = None) -> bool:
    """Whether the newest backup in the workspace's own folder is older than the setting `backup_hours` allows."""
    hours = workspace.settings.backup_hours
    if hours == 0 or workspace.is_team:
        return False
    made = files.own_backups(workspace.folder)
    if not made:
        return True
    try:
        newest = datetime.fromtimestamp(made[-1].stat().st_mtime, UTC)
    except OSError:
        return True
    # A clock that was set back must not stop backups for ever.
    return abs((now or utc_now()) - newest) >= timedelta(hours=hours)


def backup_needs_passphrase(path: Path) -> bool:
    """Whether only a passphrase or recovery code opens a backup here.

    Raises:
        InputError: it is no backup, or damaged.
    """
    return needs_typing(files.read_backup_keys(path))


def restore(
    path: Path,
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery_code: str | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> RestoreSummary:
    """Unpack a backup beside a new or empty folder, open it, verify all of it, and only then put it there.

    It opens with the keys of its day: the passphrase, keychain or recovery code that were in force when it was made.

    Raises:
        InputError: it is no backup, damaged, or not what it says. LockedError: no slot of it opens.
        StorageError: `verify` found something, which is named; or there is no room. Nothing was restored.
        WorkspaceError: the folder is not empty. CancelledError: `cancel` was set.
    """
    with _trial_beside(folder) as trial:
        manifest = files.unpack(path, trial, progress=progress, cancel=cancel)
        kept = read_keys(trial)
        _compare(path, manifest, kept)
        checks = _prove(trial, path, passphrase, recovery_code)
        try:
            folder.rmdir()
            trial.replace(folder)
        except OSError as error:
            raise StorageError(f"{folder} cannot be made: {error.strerror}.", "Choose another folder.") from None
    return RestoreSummary(folder, kept.workspace, manifest.created_at, manifest.chain_size, tuple(checks))


@contextmanager
def _trial_beside(folder: Path) -> Iterator[Path]:
    """Make a folder beside a new or empty one; after a failure both are as they were."""
    there = folder.exists()
    prepare_folder(folder)
    trial = folder.with_name(f".{folder.name}-{secrets.token_hex(6)}.part")
    try:
        trial.mkdir(mode=0o700)
        yield trial
    except BaseException as error:
        shutil.rmtree(trial, ignore_errors=True)
        if not there:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise StorageError(f"{trial} cannot be made: {error.strerror}.", "Choose another folder.") from None
        raise


def _compare(path: Path, manifest: files.Manifest, kept: KeyFile) -> None:
    said = (manifest.workspace, manifest.chain_size, manifest.chain_head)
    if said != (kept.workspace, kept.chain_size, kept.chain_head):
        raise InputError(f"{path} does not hold the keys it says.", "Nothing was restored. Use another backup.")


def _prove(trial: Path, path: Path, passphrase: str | None, recovery_code: str | None) -> list[Check]:
    with open_workspace(trial, passphrase=passphrase, recovery_code=recovery_code) as workspace:
        checks = verify(workspace)
        wrong = next((check for check in checks if not check.ok), None)
        if wrong is not None:
            raise StorageError(
                f"The backup is not sound: {wrong.name}: {wrong.detail}.", "Nothing was restored. Use another backup."
            )
        workspace.store.record("workspace.restored", workspace.reviewer, {"file": path.name})
    return checks
