"""A workspace's database on a PostgreSQL server: its connections, its transactions, and its errors in Docket's words.

It owns what differs from the encrypted file: one lock for all who append to the audit chain, snapshots for reading, and
texts that PostgreSQL cannot hold as they are. It holds no query. The server holds content unencrypted by Docket.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.adapt import Buffer
from psycopg.types.string import StrDumper, TextLoader
from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from core.errors import AppError, BusyError, InputError, LockedError, StorageError, WorkspaceError
from core.store import place
from core.store.database import SURROGATE, Database
from core.store.keychain import read_secret

OLDEST = 150_000
"""PostgreSQL 15, as `server_version_num` counts."""

LOCK_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 10
CHAIN_LOCK = 0x446F636B6574
"""Names the advisory lock of whoever appends to the chain: "Docket" in ASCII."""

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_NUL, _MARK = "\x00", "\x1a"
_APPEND_ONLY = ("That record is append-only and cannot be changed.", "Add a new record that supersedes it.")
_LOST = (
    StorageError,
    "The connection to the server was lost.",
    "Check the network and try again; nothing is half done.",
)
_DENIED = (
    StorageError, "The server does not let this login do that.",
    "Ask whoever runs the server for rights on the database (docs/team.md).",
)  # fmt: skip
# SQLSTATE by its first characters, the longest first: https://www.postgresql.org/docs/15/errcodes-appendix.html
_KNOWN: dict[str, tuple[type[AppError], str, str]] = {
    "55P03": (BusyError, "Another workstation is writing to this workspace.", "Try again."),
    "23505": (BusyError, "Another workstation stored the same thing at the same moment.", "Run it again to go on."),
    "40001": (BusyError, "Another workstation changed the same thing.", "Try again."),
    "40P01": (BusyError, "Another workstation changed the same thing.", "Try again."),
    "53100": (StorageError, "The server's disk is full. Nothing was written.", "Ask whoever runs the server."),
    "53300": (BusyError, "The server takes no more connections.", "Try again, or ask whoever runs the server."),
    "53": (StorageError, "The server is out of resources. Nothing was written.", "Ask whoever runs the server."),
    "25006": (StorageError, "The database on the server is read-only.", "Ask whoever runs the server."),
    "28": (LockedError, "The server refuses this login.", "Check name and password (docs/team.md)."),
    "3D000": (WorkspaceError, "The server has no database of that name.", "Ask whoever runs the server to make it."),
    "42501": _DENIED,
    "57": _LOST,
    "58": (StorageError, "The server's disk failed.", "Ask whoever runs the server."),
    "08": _LOST,
}  # fmt: skip


def translate(error: Exception) -> AppError | None:
    """Return the known failure behind an error of the driver, without its words, or None when it is a bug of ours."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if not isinstance(origin, psycopg.Error):
        return None
    state = origin.sqlstate or ""
    for length in (5, 2):
        if (known := _KNOWN.get(state[:length])) is not None:
            kind, message, hint = known
            return kind(message, hint)
    if state == "P0001" and "append-only" in str(origin):
        return WorkspaceError(*_APPEND_ONLY)
    if isinstance(origin, psycopg.OperationalError) and not state:
        return _unreachable(str(origin))
    return None


def _unreachable(words: str) -> AppError:
    if "password" in words or "authentication failed" in words:
        return LockedError("The server refuses this login.", "Check name and password (docs/team.md).")
    if "does not exist" in words and "database" in words:
        return WorkspaceError("The server has no database of that name.", "Ask whoever runs the server to make it.")
    if "does not exist" in words and "role" in words:
        return LockedError("The server refuses this login.", "Check name and password (docs/team.md).")
    hint = "Check the address, the name you log in with and the network, then try again."
    return StorageError("The server cannot be reached.", hint)


class _Text(StrDumper):
    """PostgreSQL takes no NUL: it is written as two characters, and the first of them doubled."""

    def dump(self, obj: str) -> Buffer | None:
        if _NUL in obj or _MARK in obj:
            obj = obj.replace(_MARK, _MARK + "1").replace(_NUL, _MARK + "0")
        return super().dump(obj)


class _Loader(TextLoader):
    """What `_Text` wrote comes back as it was."""

    def load(self, data: Buffer) -> str | bytes:
        text = super().load(data)
        if isinstance(text, str) and _MARK in text:
            return text.replace(_MARK + "0", _NUL).replace(_MARK + "1", _MARK)
        return text


class ServerDatabase(Database):
    """One database on a server, shared by threads here and by other workstations. Short transactions only."""

    shared = True

    def __init__(self, folder: Path, url: URL, data_key: bytes) -> None:
        """Prepare to connect; nothing is asked yet. `data_key` (32 bytes) is this workstation's, not the server's."""
        super().__init__(folder / place.FILE, data_key)
        self.engine = create_engine(
            _complete(url),
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "docket"},
            poolclass=QueuePool, pool_size=4, max_overflow=8, pool_pre_ping=True, hide_parameters=True,
        )  # fmt: skip
        event.listen(self.engine, "connect", _prepare)

    @contextmanager
    def _begin_read(self) -> Iterator[Connection]:
        with self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def _begin_write(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
            yield connection

    def _begin_shared(self) -> AbstractContextManager[Connection]:
        return self.engine.begin()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except UnicodeEncodeError:
            raise InputError(*SURROGATE) from None
        except (DBAPIError, psycopg.Error) as error:
            known = translate(error)
            if known is None:
                raise
            raise known from None

    def login(self) -> str:
        """Return the name this connection logged in under.

        Raises:
            WorkspaceError: the server is older than PostgreSQL 15. AppError: see `translate`.
        """
        with self.read() as connection:
            version = connection.exec_driver_sql("SELECT current_setting('server_version_num')::int").scalar_one()
            if version < OLDEST:
                raise WorkspaceError("The server is older than PostgreSQL 15.", "Ask whoever runs it for a newer one.")
            return str(connection.exec_driver_sql("SELECT session_user").scalar_one())

    def overwrite_deleted(self, connection: Connection) -> None:
        """Do nothing: what the server does with deleted rows is its own business, see `compact`."""

    def broken_trees(self) -> list[str]:
        """Return nothing: the server keeps its own."""
        return []

    def damaged_pages(self) -> list[str]:
        """Return nothing: the pages are the server's, which checks them itself where its checksums are on."""
        return []

    def compact(self) -> bool:
        """Write the tables that held removed texts anew. The server's own log and backups are not reached.

        Raises:
            AppError: see `translate`.
        """
        with self._translated(), self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            for table in ("item", "verdict", "decision", "remark"):
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
        return True


def _complete(url: URL) -> URL:
    """Add the password from the keychain where none is given, and encryption where the server is elsewhere."""
    if url.password is None and (password := read_secret(place.secret_name(url))):
        url = url.set(password=password)
    elsewhere = url.host and not url.host.startswith("/") and url.host not in _LOCAL_HOSTS
    if elsewhere and "sslmode" not in url.query:
        url = url.update_query_dict({"sslmode": "require"})
    return url


def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - psycopg's connection, typed by its rows
    connection.adapters.register_dumper(str, _Text)
    for name in ("text", "varchar", "bpchar", "name"):
        connection.adapters.register_loader(name, _Loader)
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
        cursor.execute("SET synchronous_commit = on")  # acknowledged means on the server's disk
        cursor.execute("SET client_encoding = 'UTF8'")
    connection.commit()
