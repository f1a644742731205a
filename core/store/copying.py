"""Copies of the whole encrypted file: one of a workspace in use, and one under another key.

It owns the page copy and the sole use of the file that a change of its key needs. It must not decide where a copy goes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from core.errors import BusyError, CancelledError
from core.store.database import Database, damaged_page, open_keyed, sqlcipher, translated

Progress = Callable[[int, int], None]
_PAGES = 2000
"""Pages between two looks at the cancel event: 8 MB, some tens of milliseconds."""

_OPCODES = 200_000
"""SQLite's steps between two looks at the cancel event while a file is encrypted anew."""


def copy_online(
    database: Database, target: Path, *, progress: Progress | None = None, cancel: threading.Event | None = None
) -> None:
    """Copy the database as it is at this moment into a new file under the same key, while others go on writing.

    `progress` gets bytes done and in all.

    Raises:
        StorageError: a page is damaged, or the disk is full. CancelledError: `cancel` was set.
        The caller removes what was begun.
    """
    size = database.path.stat().st_size
    status = 0

    def on_step(code: int, remaining: int, total: int) -> None:
        nonlocal status
        status = code
        if progress is not None and total:
            progress(round(size * (total - remaining) / total), size)
        if cancel is not None and cancel.is_set():
            raise _stopped()

    make_private(target)
    with (
        translated(),
        closing(open_keyed(database.path, database.data_key)) as source,
        closing(open_keyed(target, database.data_key)) as copy,
    ):
        # Without a read transaction of its own the copy would begin again at every write of another connection.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        try:
            source.backup(copy, pages=_PAGES, progress=on_step)
        except sqlcipher.Error as error:
            error.sqlite_errorcode = status & 0xFF  # the copy itself does not say which it was
            raise
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode = DELETE")
        # The copy takes a page that fails its HMAC as a page of zeros and says nothing: look at what arrived.
        if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise damaged_page()


@contextmanager
def sole_use(path: Path, data_key: bytes) -> Iterator[Any]:
    """Hold the file alone: nobody else has it open, and whoever tries waits. Yields a bare connection.

    Raises:
        BusyError: it is open elsewhere. AppError: see `database.translate`.
    """
    with translated(), closing(open_keyed(path, data_key, timeout_s=1.0)) as connection:
        try:
            # Leaving WAL needs the file alone. In exclusive mode no lock is given back before the connection ends.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA main.locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            mode = connection.execute("PRAGMA main.journal_mode").fetchone()[0]
            connection.execute("COMMIT")
        except sqlcipher.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) in (5, 6):
                raise _in_use() from None
            raise
        if mode != "delete":
            raise _in_use()
        yield connection


def reencrypt(
    connection: Any,  # noqa: ANN401 - the driver has no types
    target: Path,
    new_key: bytes,
    *,
    size: int,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> None:
    """Write everything the connection of `sole_use` sees to a new file under another key, and bring it to the disk.

    `size` is the size of the file as it is (bytes), for `progress`.

    Raises:
        AppError: see `database.translate`. CancelledError: `cancel` was set. The caller removes what was begun.
    """

    def on_step() -> int:
        if progress is not None:
            with suppress(OSError):
                progress(min(target.stat().st_size, size), size)
        return int(cancel is not None and cancel.is_set())

    make_private(target)
    with translated():
        connection.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(target), f"x'{new_key.hex()}'"))
        # A file nobody reads before it is whole needs no journal; it is brought to the disk once, at the end.
        connection.execute("PRAGMA fresh.journal_mode = OFF")
        connection.execute("PRAGMA fresh.synchronous = OFF")
        connection.set_progress_handler(on_step, _OPCODES)
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT sqlcipher_export('fresh')").fetchone()
            connection.execute("COMMIT")
        except sqlcipher.OperationalError as error:
            if cancel is not None and cancel.is_set():
                raise _stopped() from None
            raise error from None
        finally:
            connection.set_progress_handler(None, 0)
        connection.execute("DETACH DATABASE fresh")
    sync_file(target)


def make_private(path: Path) -> None:
    """Make an empty file for its owner only, over one an interruption left."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def sync_file(path: Path) -> None:
    """Bring a file that was written by somebody else to the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stopped() -> CancelledError:
    return CancelledError("It was stopped.", "Nothing was changed.")


def _in_use() -> BusyError:
    return BusyError(
        "The workspace is open in another window or command.", "Close Docket everywhere else and try again."
    )
