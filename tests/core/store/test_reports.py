"""What exports and statistics read: pages follow each other without a gap, and counts are those of the pages."""

from __future__ import annotations

from collections import Counter

import pytest

from core.domain import VerdictStatus
from core.store.reports import PAGE
from core.store.store import Store
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

COUNT = 2 * PAGE + 50

BOTH = True


@pytest.fixture
def full_store(store: Store) -> Store:
    """COUNT items judged X2; every second is decided X2 and every fourth X4 on that verdict."""
    policy = make_policy()
    items = [make_item(number) for number in range(COUNT)]
    store.add_policy(policy, author="ana", note="", actor="ana")
    store.add_items(items, source="test", actor="ana")
    verdicts = store.add_verdicts([make_verdict(item, policy) for item in items], actor="ana")
    store.add_decisions(
        [
            make_decision(items[number], policy, "X4" if number % 4 == 0 else "X2", verdict_key=verdicts[number][1].key)
            for number in range(0, COUNT, 2)
        ],
        actor="ana",
    )
    return store


def test_items_come_once_each_with_their_judgements(full_store: Store) -> None:
    seen = list(full_store.iter_judged_items())
    assert [item.id for item, _, _ in seen] == [f"item-{number}" for number in range(COUNT)]
    for number, (item, verdicts, decisions) in enumerate(seen):
        assert [verdict.item_id for verdict in verdicts] == [item.id]
        assert [decision.item_id for decision in decisions] == [item.id] * (number % 2 == 0)
    assert list(full_store.iter_judged_items(policy_id="other")) == []


def test_disagreements_come_once_each_with_item_and_verdict(full_store: Store) -> None:
    seen = list(full_store.iter_disagreements(policy_id="spam"))
    assert [decision.item_id for decision, _, _ in seen] == [f"item-{number}" for number in range(0, COUNT, 4)]
    assert all(decision.item_id == item.id == verdict.item_id for decision, item, verdict in seen)
    assert list(full_store.iter_disagreements(policy_id="other")) == []


def test_counts_are_those_of_the_entries(full_store: Store) -> None:
    counts = full_store.policy_counts()["spam"]
    assert (counts.items, counts.judged, counts.decided) == (COUNT, COUNT, COUNT // 2)
    assert counts.by_status == {VerdictStatus.PARSED: COUNT}
    fourths = len(range(0, COUNT, 4))
    assert counts.pairs == Counter({("X2", True, "X2", True): COUNT // 2 - fourths, ("X4", True, "X2", True): fourths})
    assert full_store.policy_counts("other") == {}


def test_a_decision_without_a_verdict_is_compared_only_within_its_version(store: Store) -> None:
    old, new = make_policy(), make_policy(text="second")
    items = [make_item(1), make_item(2)]
    for policy in (old, new):
        store.add_policy(policy, author="ana", note="", actor="ana")
    store.add_items(items, source="test", actor="ana")
    store.add_decisions([make_decision(items[0], old, "X4"), make_decision(items[1], new, "X4")], actor="ana")
    store.add_verdicts([make_verdict(item, new) for item in items], actor="ana")
    assert store.policy_counts()["spam"].pairs == {("X4", True, "X2", True): 1}
    assert [item.id for _, item, _ in store.iter_disagreements()] == ["item-2"]
