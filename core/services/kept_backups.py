"""The verbs about backups that are there: which, whether each is still the file that was made, what one holds.

It owns comparing a file with what the audit chain says of it. Making and restoring one is the business of
`core.services.backup`.
"""

from __future__ import annotations

import hashlib
import threading
from datetime import UTC, datetime
from pathlib import Path

from core.domain import BackupContents, KeptBackup
from core.errors import CancelledError, InputError
from core.services.auditing import audit_events
from core.services.unlocking import needs_typing
from core.services.workspace import Workspace
from core.store import backup as files
from core.store.keys import read_keys

_CHUNK = 1024 * 1024
_EVENTS = 1000


def kept_backups(workspace: Workspace) -> list[KeptBackup]:
    """Return the backups in the workspace's own folder, newest first, each with the hash the audit chain names.

    Raises:
        StorageError: the audit chain cannot be read.
    """
    events = audit_events(workspace, limit=_EVENTS, kind="backup.made")
    said = {str(event.details.get("file")): str(event.details.get("sha256", "")) for event in reversed(events)}
    found = []
    for path in reversed(files.own_backups(workspace.folder)):
        try:
            about = path.stat()
        except OSError:  # it was deleted meanwhile
            continue
        made_at = datetime.fromtimestamp(about.st_mtime, UTC)
        found.append(KeptBackup(path, made_at, about.st_size, said.get(path.name, "")))
    return found


def is_as_made(kept: KeptBackup, *, cancel: threading.Event | None = None) -> bool | None:
    """Hold a backup against the hash the audit chain names; None where it names none. Reads the whole file.

    Raises:
        InputError: it cannot be read. CancelledError: `cancel` was set.
    """
    if not kept.sha256:
        return None
    digest = hashlib.sha256()
    try:
        with kept.path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if cancel is not None and cancel.is_set():
                    raise CancelledError("The check was stopped.")
                digest.update(chunk)
    except OSError as error:
        raise InputError(f"{kept.path} cannot be read: {error.strerror}.", "Check the disk it is on.") from None
    return digest.hexdigest() == kept.sha256


def look_at_backup(path: Path, *, workspace: Workspace | None = None) -> BackupContents:
    """Return what a backup says of itself, and how many events the workspace that is open has beyond it.

    Nothing of that is proven: restoring does that.

    Raises:
        InputError: it is no backup, or damaged. NewerError: a newer Docket wrote it.
    """
    with files.open_backup(path) as (_, manifest):
        pass
    kept = files.read_backup_keys(path)
    newer: int | None = None
    if workspace is not None and read_keys(workspace.folder).workspace == manifest.workspace:
        newest = audit_events(workspace, limit=1)
        newer = max(0, newest[0].number - manifest.chain_size) if newest else 0
    return BackupContents(path, manifest.created_at, manifest.chain_size, needs_typing(kept), newer)
