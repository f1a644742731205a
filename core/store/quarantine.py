"""Rows that were refused, as they stood, until somebody mends or drops them; and mappings of columns to be used again.

It owns these two tables. They hold what a file held, so they are content: encrypted like all of it, and purged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, literal, or_, select

from core.domain import QuarantinedRow, RejectedRow
from core.store import audit
from core.store.database import Database
from core.store.rows import from_time, to_json, to_time
from core.store.tables import COLUMN_MAP, QUARANTINE

_CHUNK = 200


class QuarantineQueries:
    """What the store answers about refused rows and remembered columns."""

    _db: Database

    def add_quarantine(self, rows: Sequence[QuarantinedRow]) -> int:
        """Keep refused rows; one that is kept already, from the same place, is not kept twice. Return how many came."""
        now = to_time(None)
        values = [
            {
                "source": row.source, "line": row.line, "reason": row.reason, "raw": row.raw, "whole": row.whole,
                "raw_hash": hashlib.sha256(row.raw).hexdigest(), "plan": row.plan, "at": now,
            }
            for row in rows
        ]  # fmt: skip
        with self._db.write() as connection:
            for start in range(0, len(values), _CHUNK):
                chunk = values[start : start + _CHUNK]
                known = _known(connection, chunk)
                fresh = [row for row in chunk if (row["raw_hash"], row["source"], row["line"]) not in known]
                if fresh:
                    connection.execute(insert(QUARANTINE), fresh)
        return len(values)

    def quarantine_size(self) -> int:
        """Return how many rows are kept."""
        with self._db.read() as connection:
            return int(connection.execute(select(func.count()).select_from(QUARANTINE)).scalar_one())

    def quarantine_keys(self) -> list[int]:
        """Return the keys of the rows, oldest first."""
        with self._db.read() as connection:
            return list(connection.execute(select(QUARANTINE.c.id).order_by(QUARANTINE.c.id)).scalars())

    def quarantine_rows(self, keys: Sequence[int], *, with_raw: bool = True) -> list[QuarantinedRow]:
        """Return the rows with these keys, in their order, perhaps without bytes; a key that is gone is left out."""
        row = QUARANTINE.c
        raw = row.raw if with_raw else literal(b"").label("raw")
        found: dict[int, QuarantinedRow] = {}
        with self._db.read() as connection:
            for start in range(0, len(keys), _CHUNK):
                query = select(row.id, row.source, row.line, row.reason, row.whole, row.plan, row.at, raw)
                query = query.where(row.id.in_(list(keys[start : start + _CHUNK])))
                found |= {each["id"]: _row_of(each) for each in connection.execute(query).mappings()}
        return [found[key] for key in keys if key in found]

    def refused_since(self, source: str, began: datetime, plan: str) -> list[RejectedRow]:
        """Return the rows of a source that were refused under a plan since a moment and still wait."""
        row = QUARANTINE.c
        query = select(row.line, row.reason).where(row.source == source, row.at >= to_time(began), row.plan == plan)
        with self._db.read() as connection:
            return [RejectedRow(found.line, found.reason) for found in connection.execute(query.order_by(row.id))]

    def release(self, keys: Sequence[int], *, how: str, actor: str) -> int:
        """Let rows go, `how` being mended or dropped; the audit chain keeps what they were by hash. Return how many."""
        row = QUARANTINE.c
        gone = 0
        with self._db.write() as connection:
            for start in range(0, len(keys), _CHUNK):
                chunk = list(keys[start : start + _CHUNK])
                rows = connection.execute(select(row.source, row.line, row.raw_hash).where(row.id.in_(chunk))).all()
                if rows:
                    connection.execute(delete(QUARANTINE).where(row.id.in_(chunk)))
                    told = [[each.source, each.line, each.raw_hash] for each in rows]
                    audit.append(connection, "quarantine.released", actor, {"how": how, "rows": told})
                gone += len(rows)
        return gone

    def purge_quarantine(self, before: datetime, *, actor: str) -> int:
        """Delete the rows that came before a moment; return how many."""
        with self._db.write() as connection:
            self._db.overwrite_deleted(connection)
            gone = connection.execute(delete(QUARANTINE).where(QUARANTINE.c.at < to_time(before))).rowcount
            if gone:
                audit.append(connection, "quarantine.purged", actor, {"before": to_time(before), "rows": gone})
        return gone

    def remember_columns(self, columns_hash: str, fields: Mapping[str, str]) -> None:
        """Keep which column holds which field for tables of these columns."""
        with self._db.write() as connection:
            connection.execute(delete(COLUMN_MAP).where(COLUMN_MAP.c.columns_hash == columns_hash))
            connection.execute(insert(COLUMN_MAP).values(columns_hash=columns_hash, fields=to_json(dict(fields))))

    def recall_columns(self, columns_hash: str) -> dict[str, str] | None:
        """Return the mapping that was kept for tables of these columns, or None."""
        query = select(COLUMN_MAP.c.fields).where(COLUMN_MAP.c.columns_hash == columns_hash)
        with self._db.read() as connection:
            text = connection.execute(query).scalar()
        return None if text is None else dict(json.loads(text))


def _known(connection: Connection, rows: Sequence[Mapping[str, object]]) -> set[tuple[str, str, int]]:
    row = QUARANTINE.c
    same = (
        and_(row.raw_hash == each["raw_hash"], row.source == each["source"], row.line == each["line"]) for each in rows
    )
    query = select(row.raw_hash, row.source, row.line).where(or_(*same))
    return {(found.raw_hash, found.source, found.line) for found in connection.execute(query)}


def _row_of(row: RowMapping) -> QuarantinedRow:
    return QuarantinedRow(
        key=row["id"],
        source=row["source"],
        line=row["line"],
        reason=row["reason"],
        raw=bytes(row["raw"]),
        whole=bool(row["whole"]),
        plan=row["plan"],
        at=from_time(row["at"]),
    )
