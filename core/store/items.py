"""Items and the model-file book: what is known, what is to be judged, pages of items by key."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, delete, exists, func, insert, or_, select

from core.domain import Item, PolicyVersion
from core.store import audit
from core.store.bulk import insert_rows
from core.store.database import Database
from core.store.facets import add_languages
from core.store.rows import item_of, item_values, record_hash, to_time
from core.store.tables import ITEM, MODEL_FILE, QUEUE_ENTRY, VERDICT
from core.store.threads import add_threads

CHUNK = 500  # keys in one IN list
PAGE = 500  # rows read at a time when all are wanted

UNSCORED: dict[str, float] = {
    "risk": -1.0,
    "uncertainty": -1.0,
    "disagrees": -1,
    "opinion": -1.0,
    "expected": -1.0,
    "waits": 0,
}
"""The sort keys of an entry nobody and nothing has judged."""


def item_key(connection: Connection, item_id: str) -> int | None:
    """Return the key of the item with this id, or None."""
    return connection.execute(select(ITEM.c.id).where(ITEM.c.item_id == item_id)).scalar()


class ItemQueries:
    """What the store answers about items."""

    _db: Database

    def add_items(self, items: Sequence[Item], *, source: str, actor: str) -> int:
        """Store new items, each with a queue entry; one transaction, one audit event. Return how many.

        Raises:
            WorkspaceError: the database cannot be written. An id that is there already is a bug of the caller.
        """
        if not items:
            return 0
        now = to_time(None)
        values = [item_values(item, source=source, imported_at=now) for item in items]
        with self._db.write() as connection:
            first = (connection.execute(select(ITEM.c.id).order_by(ITEM.c.id.desc()).limit(1)).scalar() or 0) + 1
            for number, row in enumerate(values, first):
                row["id"] = number
            insert_rows(connection, ITEM, values)
            fresh = {"state": "pending", **UNSCORED}
            entries = [{"item_key": row["id"], "policy_id": row["policy_id"], **fresh} for row in values]
            insert_rows(connection, QUEUE_ENTRY, entries)
            new = {first + place: item for place, item in enumerate(items)}
            add_languages(connection, new)
            add_threads(connection, new)
            details = {
                "source": source,
                "first": first,
                "items": [[row["item_id"], row["content_hash"]] for row in values],
                "record": record_hash({"records": [record_hash(row) for row in values]}),
            }
            audit.append(connection, "items.imported", actor, details)
        return len(values)

    def known_items(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the content hashes of those ids that are stored, by id."""
        found: dict[str, str] = {}
        with self._db.read() as connection:
            for start in range(0, len(ids), CHUNK):
                chunk = ids[start : start + CHUNK]
                rows = connection.execute(select(ITEM.c.item_id, ITEM.c.content_hash).where(ITEM.c.item_id.in_(chunk)))
                found.update((row.item_id, row.content_hash) for row in rows)
        return found

    def known_contents(self, hashes: Sequence[str]) -> set[str]:
        """Return those content hashes that an item of the workspace has."""
        found: set[str] = set()
        with self._db.read() as connection:
            for start in range(0, len(hashes), CHUNK):
                chunk = hashes[start : start + CHUNK]
                found.update(
                    connection.execute(select(ITEM.c.content_hash).where(ITEM.c.content_hash.in_(chunk))).scalars()
                )
        return found

    def items_by_content(self, hashes: Sequence[str]) -> dict[str, str]:
        """Return the id of the oldest item with each of these content hashes that is there, by hash."""
        found: dict[str, str] = {}
        with self._db.read() as connection:
            for start in range(0, len(hashes), CHUNK):
                chunk = hashes[start : start + CHUNK]
                query = select(ITEM.c.content_hash, ITEM.c.item_id).where(ITEM.c.content_hash.in_(chunk))
                for row in connection.execute(query.order_by(ITEM.c.id)):
                    found.setdefault(row.content_hash, row.item_id)
        return found

    def get_item(self, item_id: str) -> Item | None:
        """Return one item, or None."""
        with self._db.read() as connection:
            row = connection.execute(select(ITEM).where(ITEM.c.item_id == item_id)).first()
        return None if row is None else item_of(row)

    def items(self, keys: Sequence[int]) -> list[Item]:
        """Return the items with these keys, in their order; a key that is gone is left out."""
        with self._db.read() as connection:
            rows = {row.id: row for row in connection.execute(select(ITEM).where(ITEM.c.id.in_(list(keys))))}
        return [item_of(rows[key]) for key in keys if key in rows]

    def iter_items(self) -> Iterator[Item]:
        """Yield all items, oldest first, a page at a time."""
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(select(ITEM).where(ITEM.c.id > after).order_by(ITEM.c.id).limit(PAGE)).all()
            if not rows:
                return
            after = rows[-1].id
            for row in rows:
                yield item_of(row)

    def to_judge(self, policy: PolicyVersion, *, limit: int | None = None, fast: bool = False) -> array[int]:
        """Return the keys of the items that this version applies to and has not judged.

        A fast pass leaves out what has any verdict of this version and goes oldest first; a full pass leaves out what
        has a full one and goes from the riskiest and least certain end of what a fast pass scored, then oldest first.
        What a second opinion lets wait comes last in both.
        """
        entry = QUEUE_ENTRY.c
        judged = exists().where(_judged_by(policy, fast=fast))
        urgency = case((entry.risk > entry.uncertainty, entry.risk), else_=entry.uncertainty)
        waiting = case((entry.waits == 1, 1), else_=0)
        query = (
            select(ITEM.c.id)
            .outerjoin(QUEUE_ENTRY, and_(entry.item_key == ITEM.c.id, entry.policy_id == policy.policy_id))
            .where(or_(ITEM.c.policy_id.is_(None), ITEM.c.policy_id == policy.policy_id))
            .where(ITEM.c.kind.in_([kind.value for kind in policy.applies_to]))
            .where(ITEM.c.removed_at.is_(None))
            .where(~judged)
            .order_by(waiting, *([] if fast else [func.coalesce(urgency, -1.0).desc()]), ITEM.c.id)
            .limit(limit)
        )
        with self._db.read() as connection:
            return array("q", connection.execute(query).scalars())

    def item_to_judge(self, entry_key: int, policy: PolicyVersion) -> Item | None:
        """Return the item of a queue entry if this version applies to it and has not judged it, else None."""
        with self._db.read() as connection:
            row = connection.execute(
                select(ITEM)
                .join(QUEUE_ENTRY, QUEUE_ENTRY.c.item_key == ITEM.c.id)
                .where(QUEUE_ENTRY.c.id == entry_key)
                .where(ITEM.c.removed_at.is_(None))
                .where(or_(QUEUE_ENTRY.c.policy_id.is_(None), QUEUE_ENTRY.c.policy_id == policy.policy_id))
                .where(or_(ITEM.c.policy_id.is_(None), ITEM.c.policy_id == policy.policy_id))
                .where(~exists().where(_judged_by(policy, fast=False)))
            ).first()
        if row is None or row.kind not in [kind.value for kind in policy.applies_to]:
            return None
        return item_of(row)

    def remember_model(self, path: str, size_bytes: int, mtime_ns: int, sha256: str) -> None:
        """Keep the SHA-256 of a model file for the next start."""
        same = ("path", "size_bytes", "mtime_ns")
        values = {"path": path, "size_bytes": size_bytes, "mtime_ns": mtime_ns, "sha256": sha256}
        with self._db.write() as connection:
            connection.execute(delete(MODEL_FILE).where(*(MODEL_FILE.c[name] == values[name] for name in same)))
            connection.execute(insert(MODEL_FILE).values(values))

    def recall_model(self, path: str, size_bytes: int, mtime_ns: int) -> str | None:
        """Return the SHA-256 of a model file that has not changed since it was hashed, or None."""
        file = MODEL_FILE.c
        query = select(file.sha256).where(file.path == path, file.size_bytes == size_bytes, file.mtime_ns == mtime_ns)
        with self._db.read() as connection:
            return connection.execute(query).scalar()


def _judged_by(policy: PolicyVersion, *, fast: bool) -> ColumnElement[bool]:
    same = and_(VERDICT.c.policy_hash == policy.hash, VERDICT.c.item_key == ITEM.c.id)
    return same if fast else and_(same, VERDICT.c.fast.is_(False))
