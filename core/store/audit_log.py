"""The audit chain as a reader sees it: pages of events, and the whole of it for an export.

It owns reading; how links are made and checked is the business of `audit`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from core.domain import AuditEvent
from core.errors import StorageError
from core.store.database import Database
from core.store.rows import from_time
from core.store.tables import AUDIT_EVENT, CHECKPOINT

PAGE = 500
_COMMON = ("kind", "actor", "at")


class AuditQueries:
    """What the store answers about its own history."""

    _db: Database

    def audit_events(
        self, *, limit: int, kind: str | None = None, actor: str | None = None, since: datetime | None = None
    ) -> list[AuditEvent]:
        """Return the newest events that match, newest first. `kind` is a whole kind or its first word.

        Raises:
            StorageError: an event cannot be read; it is named.
        """
        found: list[AuditEvent] = []
        for event in self._newest_first():
            if (
                (kind is None or kind in (event.kind, event.kind.partition(".")[0]))
                and (actor is None or event.actor == actor)
                and (since is None or event.at >= since)
            ):
                found.append(event)
            if len(found) >= limit:
                break
        return found

    def _newest_first(self) -> Iterator[AuditEvent]:
        before: int | None = None
        while True:
            query = select(AUDIT_EVENT).order_by(AUDIT_EVENT.c.id.desc()).limit(PAGE)
            with self._db.read() as connection:
                rows = connection.execute(query.where(AUDIT_EVENT.c.id < before) if before else query).all()
            if not rows:
                return
            before = rows[-1].id
            for row in rows:
                yield _event(row)

    def iter_chain(self, size: int) -> Iterator[tuple[int, dict[str, Any], str]]:
        """Yield the first `size` events, oldest first: number, whole payload, hash (hex).

        Raises:
            StorageError: an event cannot be read; it is named.
        """
        after = 0
        while after < size:
            query = select(AUDIT_EVENT).where(AUDIT_EVENT.c.id > after, AUDIT_EVENT.c.id <= size)
            with self._db.read() as connection:
                rows = connection.execute(query.order_by(AUDIT_EVENT.c.id).limit(PAGE)).all()
            if not rows:
                return
            after = rows[-1].id
            for row in rows:
                yield row.id, _payload(row), row.hash

    def checkpoints(self, size: int) -> list[dict[str, Any]]:
        """Return the signed statements about the first `size` events, oldest first, as the table holds them."""
        query = select(CHECKPOINT).where(CHECKPOINT.c.size <= size).order_by(CHECKPOINT.c.id)
        with self._db.read() as connection:
            return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 - public despite its name


def _payload(row: Row[Any]) -> dict[str, Any]:
    try:
        payload = json.loads(row.payload)
        if all(isinstance(payload[name], str) for name in _COMMON):
            return dict(payload)
    except (ValueError, TypeError, KeyError):
        pass
    raise StorageError(f"Event {row.id} of the audit chain cannot be read.", "Run `main.py verify`.")


def _event(row: Row[Any]) -> AuditEvent:
    payload = _payload(row)
    try:
        at = from_time(payload["at"])
    except ValueError:
        raise StorageError(f"Event {row.id} of the audit chain has no time.", "Run `main.py verify`.") from None
    details = {name: value for name, value in payload.items() if name not in _COMMON}
    return AuditEvent(row.id, at, payload["kind"], payload["actor"], details, row.hash)
