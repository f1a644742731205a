"""Items and the book of model files: what goes in comes out, and what is to be judged is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain import Item, ItemKind, QueueFilter, QueueSort, Turn
from core.errors import WorkspaceError
from core.store.items import PAGE
from core.store.store import Store
from tests.core.store.conftest import raw_connection
from tests.fixtures.values import make_item, make_policy, make_verdict

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
TURNS = st.lists(st.builds(Turn, TEXT, TEXT), min_size=1, max_size=4).map(tuple)

BOTH = True


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Any item the domain can hold."""
    turns: tuple[Turn, ...] = draw(st.just(()) | TURNS)
    return Item(
        id=draw(TEXT),
        kind=draw(st.sampled_from(ItemKind)),
        content=draw(TEXT),
        parent=draw(st.none() | TEXT),
        messages=turns,
        target=draw(st.integers(0, len(turns) - 1)) if turns else None,
        metadata=draw(st.dictionaries(TEXT, JSON, max_size=3)),
        policy=draw(st.none() | TEXT),
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=items())
def test_any_item_comes_back_as_it_was(store: Store, item: Item) -> None:
    if store.known_items([item.id]):
        return
    assert store.add_items([item], source="test", actor="ana") == 1
    assert store.get_item(item.id) == item
    assert store.known_items([item.id, "not " + item.id]) == {item.id: item.content_hash}


def test_every_item_gets_a_queue_entry_and_a_batch_one_event(store: Store, tmp_path: Path) -> None:
    batch = [make_item(1), make_item(2, policy="spam")]
    assert store.add_items(batch, source="file.jsonl", actor="kim") == 2
    rows = store.queue_rows(store.queue_ids(QueueFilter(sort=QueueSort.AGE)))
    assert [(row.item_id, row.policy_id) for row in rows] == [("item-1", ""), ("item-2", "spam")]
    with raw_connection(tmp_path) as connection:
        events = connection.execute("SELECT payload FROM audit_event WHERE kind = 'items.imported'").fetchall()
    [told] = [json.loads(event[0]) for event in events]
    assert (told["source"], told["actor"], told["first"]) == ("file.jsonl", "kim", 1)
    assert told["items"] == [[item.id, item.content_hash] for item in batch]


def test_nothing_to_add_leaves_no_trace(store: Store) -> None:
    assert store.add_items([], source="test", actor="ana") == 0
    assert store.add_verdicts([], actor="ana") == []
    assert store.add_decisions([], actor="ana") == []
    assert store.close()[0] == 1  # the creation alone


def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    store.add_items([make_item(2)], source="test", actor="ana")
    with pytest.raises(WorkspaceError):
        store.add_items([make_item(1), make_item(2), make_item(3)], source="test", actor="ana")
    assert store.known_items(["item-1", "item-2", "item-3"]).keys() == {"item-2"}
    assert len(store.queue_ids(QueueFilter())) == 1


def test_pages_of_items_follow_each_other(store: Store) -> None:
    count = PAGE * 2 + 7
    store.add_items([make_item(number) for number in range(count)], source="test", actor="ana")
    assert [item.id for item in store.iter_items()] == [f"item-{number}" for number in range(count)]
    assert [item.id for item in store.items([3, 1, 10**9, 2])] == ["item-2", "item-0", "item-1"]


def test_ids_are_any_text_and_name_nothing_else(store: Store) -> None:
    ids = ["../../etc", "a/b", "C:\\x", "%_%", "'; DROP TABLE item; --", "\U0001f642", "a" * 5000, " ", "A", "a"]
    store.add_items([make_item(id=item_id) for item_id in ids], source="test", actor="ana")
    assert [item.id for item in store.iter_items()] == ids
    for item_id in ids:
        found = store.get_item(item_id)
        assert found is not None
        assert found.id == item_id


def to_judge(store: Store, **changes: Any) -> list[str]:
    """The ids of what is still to be judged by the policy `spam` or its variant."""
    return [item.id for item in store.items(store.to_judge(make_policy(**changes)))]


def test_what_is_to_be_judged(store: Store) -> None:
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    newer = store.add_policy(make_policy(text="second"), author="ana", note="", actor="ana")
    batch = [
        make_item("free"),
        make_item("bound", policy="spam"),
        make_item("other's", policy="other"),
        make_item("reply", kind=ItemKind.REPLY, parent="p"),
    ]
    store.add_items(batch, source="test", actor="ana")
    assert to_judge(store) == ["item-free", "item-bound", "item-reply"]
    assert to_judge(store, applies_to=(ItemKind.REPLY,)) == ["item-reply"]
    assert len(store.to_judge(policy, limit=2)) == 2
    assert len(store.to_judge(policy, limit=0)) == 0
    store.add_verdicts([make_verdict(batch[0], policy)], actor="ana")
    assert to_judge(store) == ["item-bound", "item-reply"]
    assert len(store.to_judge(newer)) == 3  # another version judges it again
    entry = store.find_entry("item-free", "spam") or 0
    assert store.item_to_judge(entry, policy) is None
    assert store.item_to_judge(entry, newer) == batch[0]
    assert store.item_to_judge(store.find_entry("item-other's", None) or 0, policy) is None
    assert store.item_to_judge(10**9, policy) is None


def test_a_model_file_is_recalled_while_it_is_the_same(store: Store) -> None:
    store.remember_model("/m.gguf", 10, 20, "ab")
    store.remember_model("/m.gguf", 10, 20, "cd")
    assert store.recall_model("/m.gguf", 10, 20) == "cd"
    for changed in (("/n.gguf", 10, 20), ("/m.gguf", 11, 20), ("/m.gguf", 10, 21)):
        assert store.recall_model(*changed) is None
