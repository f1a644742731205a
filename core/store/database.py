"""A workspace's database: its transactions, wherever it lies, and the encrypted file with its connections.

It owns how parts of one transaction join, the file's engine, its two kinds of transaction (read, and write under a lock
with BEGIN IMMEDIATE) and the one function that decides whether an error of its driver is known. It holds no query.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlcipher3 import dbapi2

from core.errors import AppError, BusyError, InputError, LockedError, StorageError, WorkspaceError
from core.store.backfill import BRAKE_PAGES, Backfill

sqlcipher: Any = dbapi2  # a C module without types
FILE = "workspace.db"
BUSY_TIMEOUT_S = 10.0
PAGE_BYTES = 4096  # what SQLCipher 4 makes
LOOKS, BETWEEN_LOOKS_S = 5, 0.05  # at a page that seems damaged: one of thirty looks met a page being written


_BUSY = (BusyError, "Another process is writing to this workspace.", "Wait for it to finish, or close it.")
_DAMAGED = (StorageError, "A page of the database cannot be read.", "Run `main.py verify`, then restore a backup.")
# SQLite's primary result codes: https://www.sqlite.org/rescode.html
_KNOWN: dict[int, tuple[type[AppError], str, str]] = {
    5: _BUSY,
    6: _BUSY,
    8: (StorageError, "The workspace is read-only.", "Check the permissions of its folder."),
    10: (StorageError, "The disk failed while the database was read or written.", "Check the disk and its free space."),
    11: _DAMAGED,
    13: (StorageError, "The disk is full. Nothing was written.", "Free some space and try again."),
    14: (StorageError, "The database file cannot be opened.", "Check the folder and its permissions."),
    26: (
        LockedError,
        "The key does not open this database, or its first page is damaged.",
        "Restore keys.json and workspace.db together from one backup.",
    ),
}
SURROGATE = ("A text holds half a surrogate pair, which is not a character and cannot be stored.", "Mend the input.")


def translate(error: Exception) -> AppError | None:
    """Return the known failure behind a driver's error, or None when it is a bug of ours."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    known = _KNOWN.get(getattr(origin, "sqlite_errorcode", -1))
    if known is not None:
        kind, message, hint = known
        return kind(message, hint)
    if isinstance(origin, sqlcipher.IntegrityError) and "append-only" in str(origin):
        return WorkspaceError(
            "That record is append-only and cannot be changed.", "Add a new record that supersedes it."
        )
    return None


def damaged_page() -> AppError:
    """Return what is said of a page that cannot be read."""
    kind, message, hint = _DAMAGED
    return kind(message, hint)


@contextmanager
def translated() -> Iterator[None]:
    """Raise the known failures behind a driver's errors.

    Raises:
        AppError: see `translate`. InputError: a text that cannot be stored.
    """
    try:
        yield
    except UnicodeEncodeError:
        raise InputError(*SURROGATE) from None
    except (DBAPIError, sqlcipher.Error) as error:
        known = translate(error)
        if known is None:
            raise
        raise known from None


def open_keyed(path: Path, data_key: bytes, *, timeout_s: float | None = None) -> Any:  # noqa: ANN401 - no types
    """Return a bare connection to an existing file, with its key set and nothing read yet."""
    # `mode=rw` makes no file: one that is gone must be missed, not replaced by an empty one.
    connection = sqlcipher.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_TIMEOUT_S if timeout_s is None else timeout_s,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA cipher_log_level = NONE")  # failures are raised, not printed
    connection.execute(f"PRAGMA key = \"x'{data_key.hex()}'\"")
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another that took its name, or None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _require_same(path: Path, before: tuple[int, int] | None) -> None:
    """Refuse a connection whose file lost its name while it waited, to one under another key: it is out of date."""
    if _identity(path) != before:
        raise BusyError("The workspace was written anew by another process.", "Open it again.")


class Database(ABC):
    """One database, shared by threads. Short transactions only; within `transaction` all of a thread are one."""

    shared = False
    """Whether other workstations write to it, too."""

    engine: Engine

    def __init__(self, path: Path, data_key: bytes) -> None:
        """Prepare to open; no connection is made yet. `data_key` is 32 raw bytes."""
        self.path = path
        self._key = data_key.hex()
        self._closed = False
        self._joined = threading.local()

    @property
    def data_key(self) -> bytes:
        """The key, 32 raw bytes."""
        return bytes.fromhex(self._key)

    def _joined_connection(self) -> Connection | None:
        """Return the connection of the transaction that this thread is in, if it is in one."""
        connection: Connection | None = getattr(self._joined, "connection", None)
        return connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let every `read` and `write` of this thread take part in one write transaction, kept or undone as a whole.

        One inside another is part of it.

        Raises:
            AppError: the driver's failure in Docket's words.
        """
        if self._joined_connection() is not None:
            yield
            return
        with self.write() as connection:
            self._joined.connection = connection
            try:
                yield
            finally:
                self._joined.connection = None

    def read(self) -> AbstractContextManager[Connection]:
        """One read transaction: what it sees does not change while it lasts.

        Raises:
            AppError: the driver's failure in Docket's words.
        """
        return self._part(self._begin_read)

    def write(self) -> AbstractContextManager[Connection]:
        """One write transaction, alone among all who append to the audit chain: kept whole, or not at all.

        Raises:
            AppError: the driver's failure in Docket's words.
        """
        return self._part(self._begin_write)

    def share(self) -> AbstractContextManager[Connection]:
        """One write transaction for what leaves no link in the chain, beside others where there may be several.

        Raises:
            AppError: the driver's failure in Docket's words.
        """
        return self._part(self._begin_shared)

    @contextmanager
    def _part(self, begin: Callable[[], AbstractContextManager[Connection]]) -> Iterator[Connection]:
        """The transaction this thread is in, if it is in one, else one of its own."""
        joined = self._joined_connection()
        with self._translated():
            if joined is not None:
                yield joined
            else:
                with begin() as connection:
                    yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        if self._closed:
            raise WorkspaceError("The workspace has been closed.", "Open it again.")
        with self._in_our_words():
            yield

    def close(self) -> None:
        """Close all connections; nothing can be read or written any more."""
        self._closed = True
        self.engine.dispose()

    @abstractmethod
    def _in_our_words(self) -> AbstractContextManager[None]:
        """Raise the driver's known failures as AppError."""

    @abstractmethod
    def _begin_read(self) -> AbstractContextManager[Connection]: ...

    @abstractmethod
    def _begin_write(self) -> AbstractContextManager[Connection]: ...

    def _begin_shared(self) -> AbstractContextManager[Connection]:
        return self._begin_write()

    @abstractmethod
    def overwrite_deleted(self, connection: Connection) -> None:
        """Let what this transaction deletes be overwritten, not only given free."""

    @abstractmethod
    def damaged_pages(self) -> list[str]:
        """Return what is said of each page that is not what was written, in the order of the file."""

    @abstractmethod
    def broken_trees(self) -> list[str]:
        """Return what is said of each tree of pages that contradicts itself."""

    @abstractmethod
    def compact(self) -> bool:
        """Write everything anew without what was deleted; return whether nothing is left of it here."""


class FileDatabase(Database):
    """One encrypted SQLite file; it has one writer at a time."""

    def __init__(self, folder: Path, data_key: bytes, *, name: str = FILE) -> None:
        """Prepare to open an existing file, empty or not; no connection is made yet. `data_key` is 32 raw bytes."""
        super().__init__(folder / name, data_key)
        self._write_lock = threading.RLock()
        self._backfill = Backfill(self._open_keyed)
        # The last one used comes first: one that another wrote past has to read its pages again.
        self.engine = create_engine(
            "sqlite://", creator=self._connect, module=sqlcipher, poolclass=QueuePool, pool_size=8, max_overflow=24,
            pool_use_lifo=True,
            hide_parameters=True,  # neither a log nor an error of the library quotes content
        )  # fmt: skip
        event.listen(self.engine, "begin", _begin)

    def _open_keyed(self) -> Any:  # noqa: ANN401 - the driver has no types
        return open_keyed(self.path, self.data_key)

    def _connect(self) -> object:
        before = _identity(self.path)
        connection = self._open_keyed()
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute(f"PRAGMA wal_autocheckpoint = {BRAKE_PAGES}")
            _require_same(self.path, before)
        except Exception:
            connection.close()
            raise
        return connection

    def _in_our_words(self) -> AbstractContextManager[None]:
        return translated()

    @contextmanager
    def _begin_read(self) -> Iterator[Connection]:
        with self.engine.connect() as connection, _dropped_when_damaged(connection), connection.begin():
            yield connection

    @contextmanager
    def _begin_write(self) -> Iterator[Connection]:
        with self._write_lock, self.engine.connect() as plain, _dropped_when_damaged(plain):
            connection = plain.execution_options(docket_write=True)
            with connection.begin():
                yield connection
            self._backfill.after_commit(plain.connection.dbapi_connection)

    def overwrite_deleted(self, connection: Connection) -> None:
        """Let what this transaction deletes be overwritten in the file, not only given free."""
        connection.exec_driver_sql("PRAGMA secure_delete = ON")

    def damaged_pages(self) -> list[str]:
        """Return what SQLCipher says of each page that does not match its HMAC, in the order of the file.

        On a bare connection: any other already fails when a page of the table of tables is among them. SQLCipher reads
        the file past SQLite's locks and takes a page for damaged that is being written just then, by this process or
        another, and one that stands in the log only. A damaged page is one that fails at every look, the log emptied.
        """
        with self._translated():
            last = self._cut_after()
            if last is not None:
                return [f"the file ends after page {last}: page {last + 1} is missing"]
            damaged = self._failing_pages()
            for _ in range(LOOKS - 1):
                if damaged:
                    self._backfill.wait()
                    time.sleep(BETWEEN_LOOKS_S)
                    self._empty_log()
                    again = set(self._failing_pages())
                    damaged = [page for page in damaged if page in again]
            return damaged

    def broken_trees(self) -> list[str]:
        """Return what SQLite says of each b-tree and search index that contradicts itself.

        On a connection of its own: FTS5 checks an index by what it remembers of it, and calls one damaged that
        somebody else has written to since this connection last used it.
        """
        try:
            with self._translated(), closing(self._open_keyed()) as connection:
                answers = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        except sqlcipher.Error:  # none of the known failures
            return ["what is stored there cannot be read"]
        return [answer for answer in answers if answer != "ok"]

    def _empty_log(self) -> None:
        """Bring into the file what stands in its log, as far as readers let it: a pass they held up left pages out."""
        with closing(self._open_keyed()) as connection, suppress(sqlcipher.DatabaseError):
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _failing_pages(self) -> list[str]:
        with closing(self._open_keyed()) as connection:
            return [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]

    def _cut_after(self) -> int | None:
        """Return the last page of a file that is shorter than its own header says, else None.

        SQLite refuses such a file as it refuses any damage, but reads it where the schema may be written.
        """
        answers = []
        for mode in ("OFF", "ON"):
            with closing(self._open_keyed()) as connection, suppress(sqlcipher.DatabaseError):
                connection.execute(f"PRAGMA writable_schema = {mode}")
                connection.execute("PRAGMA schema_version").fetchone()  # asks for the first page alone
                answers.append(mode)
        return self.path.stat().st_size // PAGE_BYTES if answers == ["ON"] else None

    def compact(self) -> bool:
        """Write the file anew without what was deleted and empty its log; return whether nothing is left in either.

        It takes as much memory as the database is large. False: another connection still reads what was there.

        Raises:
            AppError: see `translate`.
        """
        self._backfill.wait()
        with self._write_lock, self._translated(), closing(self._open_keyed()) as connection:
            connection.execute("PRAGMA temp_store = MEMORY")  # never a temporary file
            connection.execute("VACUUM")
            connection.execute("PRAGMA busy_timeout = 1000")  # a reader that takes longer is told of
            [busy, *_] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        """Close all connections; nothing can be read or written any more."""
        self._closed = True
        self._backfill.wait()
        super().close()


@contextmanager
def _dropped_when_damaged(connection: Connection) -> Iterator[None]:
    """Keep a connection that met a bad page out of the pool: SQLCipher then refuses good pages on it too."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(translate(error), StorageError):
            connection.invalidate()
        raise


def _begin(connection: Connection) -> None:
    mode = "IMMEDIATE" if connection.get_execution_options().get("docket_write") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")
