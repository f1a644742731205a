"""Queue entries of many items at once: found or made, changed in memory, written back in few statements.

It owns which entry is an item's under a policy. What stands in one is the business of whoever changes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from core.store.bulk import insert_rows, new_keys
from core.store.items import CHUNK, UNSCORED
from core.store.tables import QUEUE_ENTRY

Entry = dict[str, Any]
"""The columns of a queue entry, as they will stand after `write`."""


class Entries:
    """The entries of some items, each under a policy, locked for the caller's write transaction."""

    def __init__(self, connection: Connection, wanted: Iterable[tuple[int, str]]) -> None:
        """Find the entry of each (item key, policy); one without a policy is adopted, else one is made."""
        self._connection = connection
        self._changes: dict[int, dict[str, Any]] = {}
        self._entries: dict[tuple[int, str | None], Entry] = {}
        pairs = list(dict.fromkeys(wanted))
        self._load(sorted({item for item, _ in pairs}))
        missing: list[Entry] = []
        for item, policy_id in pairs:
            if (item, policy_id) in self._entries:
                continue
            free = self._entries.pop((item, None), None)
            if free is not None:
                self._entries[item, policy_id] = free
                self.change(free, {"policy_id": policy_id})
            else:
                missing.append({"item_key": item, "policy_id": policy_id, "state": "pending", **UNSCORED})
        keys = new_keys(connection, QUEUE_ENTRY, len(missing))
        made = [{"id": key, **entry} for key, entry in zip(keys, missing, strict=True)]
        insert_rows(connection, QUEUE_ENTRY, made)
        for entry in made:
            self._entries[entry["item_key"], entry["policy_id"]] = {**entry, "verdict_key": None, "decision_key": None}

    def _load(self, items: list[int]) -> None:
        for start in range(0, len(items), CHUNK):
            chunk = items[start : start + CHUNK]
            query = select(QUEUE_ENTRY).where(QUEUE_ENTRY.c.item_key.in_(chunk)).order_by(QUEUE_ENTRY.c.id)
            for row in self._connection.execute(query.with_for_update()):
                self._entries[row.item_key, row.policy_id] = row._asdict()

    def of(self, item: int, policy_id: str) -> Entry:
        """Return the entry of one of the pairs that were asked for."""
        return self._entries[item, policy_id]

    def change(self, entry: Entry, values: Mapping[str, Any]) -> None:
        """Set columns of an entry; what stands in them already costs nothing."""
        new = {name: value for name, value in values.items() if entry[name] != value}
        entry.update(new)
        self._changes.setdefault(entry["id"], {}).update(new)

    def write(self) -> None:
        """Write the changes back, those of the same columns together: each column costs its indexes."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for key, values in self._changes.items():
            if values:
                alike.setdefault(tuple(sorted(values)), []).append({"entry": key, **values})
        self._changes = {}
        for rows in alike.values():
            self._connection.execute(update(QUEUE_ENTRY).where(QUEUE_ENTRY.c.id == bindparam("entry")), rows)
