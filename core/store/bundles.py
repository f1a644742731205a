"""What sealed bundles need of a workspace: its signature, its age identity, and whose bundles it takes.

It owns the table of senders and the two secrets. No secret leaves but to open or sign.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import rfc8785
from sqlalchemy import Connection, Row, delete, insert, select, update

from core.domain import Sender
from core.errors import InputError, UsageError
from core.store import audit
from core.store.database import Database
from core.store.rows import from_time, to_time
from core.store.tables import AUDIT_EVENT, SECRET, SENDER

AGE_IDENTITY = "age_identity"
TRUSTED, FORGOTTEN, IMPORTED = "sender.trusted", "sender.forgotten", "bundle.imported"
SIGNED = b"docket-bundle-v1\x00"


def signed_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Return what is signed of a bundle's manifest.

    Raises:
        InputError: it holds what canonical JSON cannot.
    """
    try:
        return SIGNED + rfc8785.dumps(dict(manifest))
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise InputError("The bundle's manifest is malformed.", "Have it made and sent again.") from error


class BundleQueries:
    """What the store answers about bundles."""

    _db: Database

    def age_identity(self, make: Callable[[], str], *, actor: str) -> str:
        """Return the secret identity that bundles to this workspace are opened with; `make` makes it the first time."""
        query = select(SECRET.c.value).where(SECRET.c.name == AGE_IDENTITY)
        with self._db.read() as connection:
            kept = connection.execute(query).scalar()
        if kept is not None:
            return str(kept)
        with self._db.write() as connection:
            kept = connection.execute(query).scalar()
            if kept is None:
                kept = make()
                connection.execute(insert(SECRET).values(name=AGE_IDENTITY, value=kept))
                audit.append(connection, "bundle.identity_made", actor, {})
        return str(kept)

    def senders(self) -> list[Sender]:
        """Return the workspaces whose bundles are taken, by name."""
        with self._db.read() as connection:
            rows = connection.execute(select(SENDER).order_by(SENDER.c.name, SENDER.c.public_key))
            return [_sender_of(row) for row in rows]

    def sender(self, public_key: str) -> Sender | None:
        """Return the sender with this key (hex), or None."""
        with self._db.read() as connection:
            row = connection.execute(select(SENDER).where(SENDER.c.public_key == public_key)).first()
        return None if row is None else _sender_of(row)

    def trust_sender(self, public_key: str, name: str, *, actor: str) -> Sender:
        """Take bundles of this key from now on, under a name; a known one is renamed. Return it."""
        now = to_time(None)
        with self._db.write() as connection:
            known = connection.execute(select(SENDER).where(SENDER.c.public_key == public_key)).first()
            if known is None:
                values = {"public_key": public_key, "name": name, "trusted_by": actor, "trusted_at": now}
                connection.execute(insert(SENDER).values(**values, serial=0, head="", bundle=""))
            else:
                connection.execute(update(SENDER).where(SENDER.c.public_key == public_key).values(name=name))
            audit.append(connection, TRUSTED, actor, {"public_key": public_key, "name": name})
            return _sender_of(connection.execute(select(SENDER).where(SENDER.c.public_key == public_key)).one())

    def forget_sender(self, public_key: str, *, actor: str) -> None:
        """Take no bundle of this key any more.

        Raises:
            UsageError: there is none.
        """
        with self._db.write() as connection:
            gone = connection.execute(delete(SENDER).where(SENDER.c.public_key == public_key)).rowcount
            if not gone:
                raise UsageError("There is no sender with that key.", "See `main.py bundle senders`.")
            audit.append(connection, FORGOTTEN, actor, {"public_key": public_key})

    def note_bundle(self, public_key: str, *, serial: int, head: str, bundle: str, actor: str) -> None:
        """Remember the last bundle of a sender by its hash, and where the sender's chain stood then."""
        values = {"serial": serial, "head": head, "bundle": bundle, "imported_at": to_time(None)}
        with self._db.write() as connection:
            connection.execute(update(SENDER).where(SENDER.c.public_key == public_key).values(values))
            details = {"public_key": public_key, "serial": serial, "head": head, "sha256": bundle}
            audit.append(connection, IMPORTED, actor, details)


def _sender_of(row: Row[Any]) -> Sender:
    return Sender(
        public_key=row.public_key,
        name=row.name,
        trusted_by=row.trusted_by,
        trusted_at=from_time(row.trusted_at),
        serial=row.serial,
        head=row.head,
        bundle=row.bundle,
        imported_at=from_time(row.imported_at) if row.imported_at else None,
    )


def check_senders(connection: Connection) -> tuple[bool, str]:
    """Hold the senders whose bundles are taken in against what the chain told of them; name the first that differs."""
    event = AUDIT_EVENT.c
    told: dict[str, tuple[int, dict[str, Any]]] = {}
    kinds = (TRUSTED, FORGOTTEN, IMPORTED)
    rows = connection.execute(
        select(event.id, event.kind, event.payload).where(event.kind.in_(kinds)).order_by(event.id)
    )
    for number, kind, payload in rows:
        said = json.loads(payload)
        key = said["public_key"]
        before = told.pop(key, (0, {"serial": 0, "head": "", "bundle": ""}))[1]
        if kind == TRUSTED:
            told[key] = number, {**before, "name": said["name"]}
        elif kind == IMPORTED and "name" in before:
            told[key] = number, {**before, "serial": said["serial"], "head": said["head"], "bundle": said["sha256"]}
    for row in connection.execute(select(SENDER).order_by(SENDER.c.public_key)):
        number, values = told.pop(row.public_key, (0, {}))
        if not number:
            return False, f"sender {row.public_key[:16]} was never recorded in the audit chain"
        if any(row._mapping[name] != value for name, value in values.items()):  # noqa: SLF001 - public despite its name
            return False, f"sender {row.public_key[:16]} differs from what event {number} recorded"
    for key, (number, _) in told.items():
        return False, f"sender {key[:16]} is missing (event {number} recorded it)"
    return True, "all told"
