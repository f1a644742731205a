"""Groups of near-duplicates: which items belong together, and the sketches by which later ones find them.

It owns the table of groups. How alike two texts are is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, insert, select, update

from core.domain import Item
from core.store.database import Database
from core.store.items import CHUNK, PAGE
from core.store.rows import item_of
from core.store.tables import ITEM, ITEM_GROUP, ITEM_THREAD, QUEUE_ENTRY


class GroupQueries:
    """What the store answers about groups of near-duplicates."""

    _db: Database

    def iter_ungrouped(self) -> Iterator[tuple[int, Item]]:
        """Yield the key and the item of all that have no group yet and still have content, oldest first."""
        grouped = exists().where(ITEM_GROUP.c.item_key == ITEM.c.id)
        query = select(ITEM).where(~grouped, ITEM.c.removed_at.is_(None)).order_by(ITEM.c.id).limit(PAGE)
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(ITEM.c.id > after)).all()
            if not rows:
                return
            after = rows[-1].id
            for row in rows:
                yield row.id, item_of(row)

    def iter_sketches(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield item key, group key and sketch of every item that has a group, oldest first."""
        group = ITEM_GROUP.c
        query = select(group.item_key, group.group_key, group.sketch).order_by(group.item_key).limit(20 * PAGE)
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(group.item_key > after)).all()
            if not rows:
                return
            after = rows[-1].item_key
            for row in rows:
                yield row.item_key, row.group_key, row.sketch

    def set_groups(self, new: Sequence[tuple[int, int, bytes]], moved: Mapping[int, int]) -> None:
        """Store (item key, group key, sketch) of new items and move whole groups to another one, in one transaction."""
        group = ITEM_GROUP.c
        with self._db.write() as connection:
            for start in range(0, len(new), CHUNK):
                rows = [{"item_key": i, "group_key": g, "sketch": s} for i, g, s in new[start : start + CHUNK]]
                connection.execute(insert(ITEM_GROUP), rows)
            if moved:
                move = (
                    update(ITEM_GROUP).where(group.group_key == bindparam("before")).values(group_key=bindparam("to"))
                )
                connection.execute(move, [{"before": before, "to": to} for before, to in moved.items()])

    def groups_of(self, item_keys: Sequence[int]) -> dict[int, int]:
        """Return the group key of those items that have one, by item key."""
        group = ITEM_GROUP.c
        found: dict[int, int] = {}
        with self._db.read() as connection:
            for start in range(0, len(item_keys), CHUNK):
                chunk = list(item_keys[start : start + CHUNK])
                query = select(group.item_key, group.group_key).where(group.item_key.in_(chunk))
                found.update((row.item_key, row.group_key) for row in connection.execute(query))
        return found

    def entries_alike(self) -> list[tuple[int, int]]:
        """Return entry key and a number of its group for all entries of near-duplicates, under one policy each."""
        group, entry = ITEM_GROUP.c, QUEUE_ENTRY.c
        shared = select(group.group_key).group_by(group.group_key).having(func.count() > 1)
        query = (
            select(entry.id, group.group_key, entry.policy_id)
            .join(QUEUE_ENTRY, entry.item_key == group.item_key)
            .where(group.group_key.in_(shared))
        )
        return self._numbered(query)

    def entries_by_thread(self) -> list[tuple[int, int]]:
        """Return entry key and a number of its conversation for all entries that share one, under one policy each."""
        thread, entry = ITEM_THREAD.c, QUEUE_ENTRY.c
        shared = select(thread.thread).group_by(thread.thread).having(func.count() > 1)
        query = (
            select(entry.id, thread.thread, entry.policy_id)
            .join(QUEUE_ENTRY, entry.item_key == thread.item_key)
            .where(thread.thread.in_(shared))
        )
        return self._numbered(query)

    def _numbered(self, query: Select[Any]) -> list[tuple[int, int]]:
        numbers: dict[tuple[object, object], int] = {}
        with self._db.read() as connection:
            return [
                (int(key), numbers.setdefault((group, policy_id), len(numbers)))
                for key, group, policy_id in connection.execute(query)
            ]

    def group_members(self, group_key: int) -> list[int]:
        """Return the keys of the items in a group, oldest first."""
        query = select(ITEM_GROUP.c.item_key).where(ITEM_GROUP.c.group_key == group_key)
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(ITEM_GROUP.c.item_key)).scalars())

    def count_groups(self) -> tuple[int, int]:
        """Return how many groups have more than one member, and how many items those hold together."""
        sizes = (
            select(func.count(ITEM_GROUP.c.item_key).label("n"))
            .group_by(ITEM_GROUP.c.group_key)
            .having(func.count() > 1)
            .subquery()
        )
        with self._db.read() as connection:
            row = connection.execute(select(func.count(), func.coalesce(func.sum(sizes.c.n), 0))).one()
        return int(row[0]), int(row[1])


def forget_sketches(connection: Connection, item_keys: Sequence[int]) -> None:
    """Empty the sketches of items whose content is removed: they say something of the text. The group stays."""
    connection.execute(update(ITEM_GROUP).where(ITEM_GROUP.c.item_key.in_(item_keys)).values(sketch=b""))
