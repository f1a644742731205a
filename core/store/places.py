"""How far imports came that have not ended: written in the transaction of each batch, gone with the last one.

It owns that table. It holds no name of a file, only what tells one reading of one file from every other, as a hash.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from core.domain import ImportPlace
from core.store.database import Database
from core.store.rows import from_time, to_time
from core.store.tables import IMPORT_PLACE, ITEM

_CHUNK = 500


class PlaceQueries:
    """What the store answers about imports under way."""

    _db: Database

    def import_place(self, key: str) -> ImportPlace | None:
        """Return how far the import with this key came, None when it never began or ended."""
        place = IMPORT_PLACE.c
        query = select(place.offset, place.line, place.read, place.first_key, place.began).where(place.key == key)
        with self._db.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        return ImportPlace(row.offset, row.line, row.read, row.first_key, from_time(row.began))

    def keep_import_place(self, key: str, place: ImportPlace) -> None:
        """Write down how far an import came; call it within the transaction of the batch that came that far."""
        with self._db.write() as connection:
            connection.execute(delete(IMPORT_PLACE).where(IMPORT_PLACE.c.key == key))
            values = {"offset": place.offset, "line": place.line, "read": place.read, "first_key": place.first_key}
            connection.execute(insert(IMPORT_PLACE).values(key=key, began=to_time(place.began), **values))

    def forget_import_place(self, key: str) -> None:
        """An import has ended."""
        with self._db.write() as connection:
            connection.execute(delete(IMPORT_PLACE).where(IMPORT_PLACE.c.key == key))

    def next_item_key(self) -> int:
        """Return the key that the next new item gets."""
        with self._db.read() as connection:
            return (connection.execute(select(ITEM.c.id).order_by(ITEM.c.id.desc()).limit(1)).scalar() or 0) + 1

    def items_since(self, first_key: int, source: str, ids: Sequence[str]) -> set[str]:
        """Return those ids whose item came from this source with this key or a later one."""
        item, found = ITEM.c, set[str]()
        query = select(item.item_id).where(item.id >= first_key, item.source == source)
        with self._db.read() as connection:
            for start in range(0, len(ids), _CHUNK):
                some = query.where(item.item_id.in_(ids[start : start + _CHUNK]))
                found.update(connection.execute(some).scalars())
        return found
