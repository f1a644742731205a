"""The search index after an import: one piece where that pays, everything still found, and no harm on a server."""

from __future__ import annotations

import threading

from core.domain import QueueFilter
from core.store.store import Store
from tests.fixtures.values import make_item

BOTH = True


def pieces(store: Store) -> list[int]:
    with store.file.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM search_idx GROUP BY segid ORDER BY 1").all()
    return [pages for (pages,) in rows]


def add(store: Store, start: int, count: int) -> None:
    items = [
        make_item(n, content=f"words of {n} and {n * 7919 % 1000:03} more " * 4) for n in range(start, start + count)
    ]
    store.add_items(items, source="f", actor="kim")


def found(store: Store, text: str) -> int:
    return len(store.queue_ids(QueueFilter(search=text)))


def test_pieces_of_an_import_become_one_and_are_found(store: Store) -> None:
    for batch in range(7):
        add(store, batch * 50, 50)
    assert found(store, "words of 349") == 1
    store.merge_index()
    if not store.file.shared:
        assert len(pieces(store)) == 1
    assert found(store, "words of 349") == 1
    assert found(store, "more") == 350


def test_a_large_piece_is_not_written_anew_for_a_small_one(store: Store) -> None:
    add(store, 0, 400)
    store.merge_index()
    add(store, 400, 5)
    before = None if store.file.shared else pieces(store)
    store.merge_index()
    if before is not None:
        assert pieces(store) == before
        assert len(before) == 2
    assert found(store, "more") == 405


def test_it_stops_when_asked_and_does_nothing_on_an_empty_index(store: Store) -> None:
    store.merge_index()
    cancel = threading.Event()
    cancel.set()
    for batch in range(3):
        add(store, batch * 50, 50)
    before = None if store.file.shared else pieces(store)
    store.merge_index(cancel)
    if before is not None:
        assert pieces(store) == before


def test_a_batch_of_an_import_is_one_piece(store: Store) -> None:
    store.add_items([make_item(n, content=f"{n:05} " * 100) for n in range(2000)], source="f", actor="kim")
    if not store.file.shared:
        assert len(pieces(store)) == 1
