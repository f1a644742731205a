"""A new data key for a workspace: everything is written anew beside it, proven, and put in force in one step.

It owns the order of those steps and what becomes of a rotation that was cut off at any of them. At every moment the
database in place opens with one of the keys that `keys.json` wraps:

1. `workspace.db.new` is written under the new key while nobody else has the workspace open; the old one is untouched.
2. It is verified, chain and all, and the rotation is recorded in it.
3. `keys.json` takes the new key's slots beside the old ones.
4. `workspace.db.new` takes the place of `workspace.db`.
5. `keys.json` drops the old key's slots.

Cut off before 4, the next opening removes what was begun; after it, the next opening does step 5.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.domain import SlotKind
from core.errors import LockedError, StorageError, WorkspaceError
from core.store import key_slots
from core.store.copying import Progress, reencrypt, sole_use
from core.store.database import FILE, FileDatabase
from core.store.keys import KeyFile, Slots, read_keys, sync_folder, write_keys
from core.store.store import Store

NEW_FILE = f"{FILE}.new"


def rotate(
    folder: Path,
    kept: KeyFile,
    old_key: bytes,
    new_key: bytes,
    new_slots: Slots,
    *,
    actor: str,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> KeyFile:
    """Put a new data key (32 bytes) with its slots in force and return what `keys.json` holds then.

    Raises:
        BusyError: the workspace is open elsewhere. StorageError: there is no room, or `verify` finds something wrong.
        CancelledError: `cancel` was set. In each case the workspace is as it was.
    """
    target = folder / NEW_FILE
    with sole_use(folder / FILE, old_key) as connection:
        try:
            size = (folder / FILE).stat().st_size
            reencrypt(connection, target, new_key, size=size, progress=progress, cancel=cancel)
            chain_size, chain_head = _prove(folder, kept, new_key, actor, new_slots)
            sync_folder(folder)
            write_keys(folder, replace(kept, next_slots=new_slots))
            if os.name != "posix":
                connection.close()  # Windows lets no open file be replaced; if somebody comes in now, replacing fails
            target.replace(folder / FILE)
        except BaseException as error:
            _undo(folder, kept)
            if isinstance(error, OSError):
                raise _refused(folder, error) from None
            raise
        after = replace(kept, slots=new_slots, next_slots={}, chain_size=chain_size, chain_head=chain_head)
        with contextlib.suppress(OSError, StorageError):  # it is in force; the next opening does what is left
            sync_folder(folder)
            write_keys(folder, after)
    return after


def _undo(folder: Path, kept: KeyFile) -> None:
    """Go back, unless the new file is in place already: then the next opening goes on to the end."""
    if not (folder / NEW_FILE).exists():
        return
    remove_begun(folder)
    with contextlib.suppress(WorkspaceError):  # the next opening sees that the old key is the one in force
        if read_keys(folder).next_slots:
            write_keys(folder, kept)


def settle(
    folder: Path, kept: KeyFile, unlock: Callable[[KeyFile], tuple[SlotKind, bytes]]
) -> tuple[KeyFile, tuple[SlotKind, bytes]]:
    """Finish or undo a rotation that was cut off; return the slots in force, which of them opened and its data key.

    Raises:
        LockedError: `unlock` opens neither the slots of before nor those of after. BusyError: a rotation is under way.
    """
    if not kept.next_slots:
        return kept, unlock(kept)
    refused: LockedError | None = None
    before, after = replace(kept, next_slots={}), replace(kept, slots=kept.next_slots, next_slots={})
    for candidate in (before, after):
        try:
            found = unlock(candidate)
        except LockedError as error:
            refused = refused or error
            continue
        if _opens(folder, found[1]):
            remove_begun(folder)
            write_keys(folder, candidate)
            return candidate, found
    raise refused or LockedError(
        "No slot opens the database, which was being encrypted anew.", "Restore a backup into a new folder."
    )


def remove_begun(folder: Path) -> None:
    """Remove what a rotation that did not come to its end left beside the database."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            (folder / f"{NEW_FILE}{suffix}").unlink(missing_ok=True)


def _opens(folder: Path, data_key: bytes) -> bool:
    database = FileDatabase(folder, data_key)
    try:
        with database.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except LockedError:
        return False
    finally:
        database.close()
    return True


def _prove(folder: Path, kept: KeyFile, new_key: bytes, actor: str, slots: Slots) -> tuple[int, str]:
    """Verify what was written, record the rotation in it and sign it; return the end of its chain."""
    store = Store.open(folder, new_key, name=NEW_FILE)
    try:
        checks = store.verify(kept)
        wrong = next((check for check in checks if not check.ok), None)
        if wrong is None:
            store.record(key_slots.ROTATED, actor, key_slots.tell_all(kept, slots))
    finally:
        end = store.close()
    if wrong is not None:
        raise StorageError(f"The workspace is not sound: {wrong.name}: {wrong.detail}.", wrong.hint)
    if any((folder / f"{NEW_FILE}{suffix}").exists() for suffix in ("-journal", "-wal")):
        raise StorageError("What was written did not reach the disk.", "Nothing was changed. Try again.")
    return end


def _refused(folder: Path, error: OSError) -> StorageError:
    reason = (error.strerror or str(error)).lower()
    return StorageError(f"{folder} cannot be written: {reason}. Nothing was changed.", "Free some space and try again.")
