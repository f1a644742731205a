"""What sealed bundles need of a workspace: its signature, its age identity, and whose bundles it takes.

It owns the table of senders and the two secrets. No secret leaves but to open or sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import rfc8785
from sqlalchemy import Row, delete, insert, select, update

from core.domain import Sender
from core.errors import InputError, UsageError
from core.store import audit
from core.store.database import Database
from core.store.rows import from_time, to_time
from core.store.tables import SECRET, SENDER

AGE_IDENTITY = "age_identity"
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
            audit.append(connection, "sender.trusted", actor, {"public_key": public_key, "name": name})
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
            audit.append(connection, "sender.forgotten", actor, {"public_key": public_key})

    def note_bundle(self, public_key: str, *, serial: int, head: str, bundle: str, actor: str) -> None:
        """Remember the last bundle of a sender by its hash, and where the sender's chain stood then."""
        values = {"serial": serial, "head": head, "bundle": bundle, "imported_at": to_time(None)}
        with self._db.write() as connection:
            connection.execute(update(SENDER).where(SENDER.c.public_key == public_key).values(values))
            details = {"public_key": public_key, "serial": serial, "head": head, "sha256": bundle}
            audit.append(connection, "bundle.imported", actor, details)


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
