"""Which conversation an item is of, as far as that is known.

It owns which fields of the metadata say so, and the table. It must not keep any text: a conversation is a hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection

from core.domain import Item
from core.store.bulk import insert_rows
from core.store.tables import ITEM_THREAD

THREADS = ("conversation_id", "conversation", "thread_id", "thread")
"""Fields of the metadata that name a conversation, first come first served."""


def add_threads(connection: Connection, items: Mapping[int, Item]) -> None:
    """Keep which conversation new items are of, by their keys, where that is known."""
    found = [{"item_key": key, "thread": thread} for key, item in items.items() if (thread := thread_of(item))]
    insert_rows(connection, ITEM_THREAD, found)


def thread_of(item: Item) -> str:
    """Return a name for the conversation an item is of: what came with it, else the text it replies to; "" for none.

    It is a hash, so that nothing of the text is kept twice.
    """
    told = next((value for name in THREADS if isinstance(value := item.metadata.get(name), (str, int)) and value), None)
    named = f"id\0{told}" if told is not None else f"parent\0{item.parent}" if item.parent else ""
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32] if named else ""
