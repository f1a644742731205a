"""The store: one encrypted workspace database with everything it answers. Services use this class and nothing below.

It owns opening, closing, migration and verification. Its methods may be called from any thread; each is one short
transaction. Values in and out are those of `core.domain`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, insert, select, text

from core.domain import Check
from core.errors import AppError, WorkspaceError
from core.store import audit, migrations
from core.store.database import FILE, Database
from core.store.items import ItemQueries
from core.store.judgements import JudgementQueries, decision_record
from core.store.policies import PolicyQueries
from core.store.queue import QueueQueries
from core.store.tables import APPEND_ONLY, AUDIT_EVENT, DECISION, SECRET

SIGNING_KEY = "signing_key"


class Store(ItemQueries, PolicyQueries, JudgementQueries, QueueQueries):
    """A workspace database. Make one with `create` or `open`."""

    def __init__(self, database: Database) -> None:
        """Take an opened database whose tables are up to date."""
        self._db = database

    @classmethod
    def create(cls, folder: Path, data_key: bytes) -> Store:
        """Make a new database in the folder, with a signing key of its own.

        Raises:
            WorkspaceError: there is one already, or it cannot be written.
        """
        if (folder / FILE).exists():
            raise WorkspaceError(f"{folder} already holds a workspace.", "Open it, or choose another folder.")
        database = Database(folder, data_key)
        try:
            with database.write() as connection:
                migrations.upgrade(connection)
                secret = Ed25519PrivateKey.generate().private_bytes_raw().hex()
                connection.execute(insert(SECRET).values(name=SIGNING_KEY, value=secret))
                audit.append(connection, "workspace.created", "", {"schema": migrations.HEAD})
            (folder / FILE).chmod(0o600)
        except BaseException:
            database.close()
            raise
        return cls(database)

    @classmethod
    def open(cls, folder: Path, data_key: bytes) -> Store:
        """Open the database of a workspace and bring its tables up to date.

        Raises:
            LockedError: the key is not this database's. NewerError: a newer Docket wrote it. WorkspaceError: other.
        """
        if not (folder / FILE).is_file():
            raise WorkspaceError(f"{folder} has no {FILE}.", "Restore it from a backup.")
        database = Database(folder, data_key)
        try:
            with database.read() as connection:
                behind = migrations.current_revision(connection) != migrations.HEAD
            if behind:
                with database.write() as connection:
                    migrations.upgrade(connection)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def close(self) -> tuple[int, str]:
        """Sign the end of the audit chain and close; return the chain's size and head.

        The database is closed even where signing fails, on a full disk say.
        """
        try:
            with self._db.read() as connection:
                end = audit.chain_end(connection)
                signed = connection.execute(text("SELECT size, head FROM checkpoint ORDER BY id DESC LIMIT 1")).first()
            if signed is None or tuple(signed) != end:
                with self._db.write() as connection:
                    audit.add_checkpoint(connection, self._signing_key(connection))
                    end = audit.chain_end(connection)
        finally:
            self._db.close()
        return end

    def record(self, kind: str, actor: str, details: Mapping[str, Any]) -> None:
        """Append an audit event for what changed nothing else in the database, such as an export."""
        with self._db.write() as connection:
            audit.append(connection, kind, actor, details)

    def public_key(self) -> str:
        """Return the public half (hex) of the workspace's signing key."""
        with self._db.read() as connection:
            return self._signing_key(connection).public_key().public_bytes_raw().hex()

    def _signing_key(self, connection: Connection) -> Ed25519PrivateKey:
        value = connection.execute(select(SECRET.c.value).where(SECRET.c.name == SIGNING_KEY)).scalar_one()
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(value))

    # Verification

    def verify(self, *, public_key: str, chain_size: int, chain_head: str) -> list[Check]:
        """Check pages, keys, triggers, chain, records and checkpoints. Never raises for damage: it is in the checks.

        Args:
            public_key: the signing key (hex) that `keys.json` holds.
            chain_size: events at the last close, from `keys.json`.
            chain_head: hash of the last of them.
        """
        steps: dict[str, Callable[[Connection], tuple[bool, str]]] = {
            "pages": _check_pages,
            "foreign_keys": _check_foreign_keys,
            "schema": _check_schema,
            "triggers": _check_triggers,
            "audit_chain": audit.check_chain,
            "records": _check_records,
            "checkpoints": partial(self._check_checkpoints, public_key=public_key, size=chain_size, head=chain_head),
        }
        checks = []
        for name, step in steps.items():
            try:
                with self._db.read() as connection:
                    ok, detail = step(connection)
            except AppError as error:
                ok, detail = False, error.message
            hint = "" if ok else "Keep this folder as it is and restore a backup into a new one."
            checks.append(Check(name, ok, detail, hint))
        return checks

    def _check_checkpoints(self, connection: Connection, *, public_key: str, size: int, head: str) -> tuple[bool, str]:
        if self._signing_key(connection).public_key().public_bytes_raw().hex() != public_key:
            return False, "the signing key is not the one keys.json names"
        kept = (size, head or audit.EMPTY_HEAD)
        return audit.check_checkpoints(connection, Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)), kept)


def _check_pages(connection: Connection) -> tuple[bool, str]:
    broken = [str(row[0]) for row in connection.execute(text("PRAGMA cipher_integrity_check"))]
    if not broken:
        broken = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
    pages = connection.execute(text("PRAGMA page_count")).scalar()
    return (False, broken[0]) if broken else (True, f"{pages} pages")


def _check_foreign_keys(connection: Connection) -> tuple[bool, str]:
    first = connection.execute(text("PRAGMA foreign_key_check")).first()
    return (True, "all point somewhere") if first is None else (False, f"{first[0]} {first[1]} points to nothing")


def _check_schema(connection: Connection) -> tuple[bool, str]:
    revision = migrations.current_revision(connection)
    return revision == migrations.HEAD, f"step {revision}"


def _check_triggers(connection: Connection) -> tuple[bool, str]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    present = {name for name, statement in rows if "RAISE(ABORT" in (statement or "")}
    missing = [f"{t}_no_{v}" for t in APPEND_ONLY for v in ("update", "delete") if f"{t}_no_{v}" not in present]
    return (not missing, f"{len(present)} in place" if not missing else f"missing: {', '.join(missing)}")


def _check_records(connection: Connection) -> tuple[bool, str]:
    """Hold every decision against the event that recorded it."""
    columns = [column for column in DECISION.c if column.name != "id"]
    rows = {row.id: row for row in connection.execute(select(DECISION))}
    count = 0
    events = connection.execute(
        select(AUDIT_EVENT.c.id, AUDIT_EVENT.c.payload)
        .where(AUDIT_EVENT.c.kind == "decision.recorded")
        .order_by(AUDIT_EVENT.c.id)
    )
    for number, payload in events:
        told = json.loads(payload)
        row = rows.pop(told["decision"], None)
        if row is None:
            return False, f"decision {told['decision']} (event {number}) is missing"
        stored = decision_record(row.id, {column.name: getattr(row, column.name) for column in columns})
        if any(_canonical(told[name]) != _canonical(value) for name, value in stored.items()):
            return False, f"decision {row.id} differs from what event {number} recorded"
        count += 1
    if rows:
        return False, f"decision {min(rows)} was never recorded in the audit chain"
    return True, f"{count} decisions"


def _canonical(value: object) -> bytes:
    return rfc8785.dumps(value)  # type: ignore[arg-type]
