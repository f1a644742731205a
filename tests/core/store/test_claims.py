"""Claims in the store: each entry has one holder at most, in the order of the queue, until it is done or time is up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain import Claim, EntryState, PolicyVersion, QueueFilter, QueueSort
from core.errors import UsageError
from core.store.store import Store
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

BOTH = True
MINUTE = timedelta(minutes=1)
GONE = timedelta(microseconds=1)


@pytest.fixture
def policy(store: Store) -> PolicyVersion:
    """Six items: 0 to 3 judged with rising risk, 4 pending, 5 decided by bo."""
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    items = [make_item(number) for number in range(6)]
    store.add_items(items, source="test", actor="ana")
    for number in range(4):
        store.add_verdicts([make_verdict(items[number], policy, score=0.1 + number / 5)], actor="ana")
    store.add_decision(make_decision(items[5], policy, reviewer="bo"), actor="bo")
    return policy


def take(store: Store, who: str, count: int = 1, *, lasts: timedelta = MINUTE, **options: object) -> list[str]:
    """Claim for a person and return the ids of the items."""
    second = bool(options.pop("second", False))
    wanted = QueueFilter(**options)  # type: ignore[arg-type]
    taken = store.claim_next(wanted, holder=who, session=f"of {who}", count=count, lasts=lasts, second=second)
    return [claim.item_id for claim in taken]


def entry(store: Store, number: int) -> int:
    """The queue entry of an item."""
    return store.find_entry(f"item-{number}", "spam") or store.find_entry(f"item-{number}", None) or 0


def test_the_next_items_come_in_order_and_to_one_person_each(store: Store, policy: PolicyVersion) -> None:
    assert take(store, "ana", 2) == ["item-3", "item-2"]
    assert take(store, "bo") == ["item-1"]
    assert take(store, "ana", 9) == ["item-0", "item-4"]
    assert take(store, "bo") == []


@pytest.mark.parametrize("sort", QueueSort)
def test_every_order_is_the_order_of_the_list(store: Store, policy: PolicyVersion, sort: QueueSort) -> None:
    wanted = QueueFilter(states=(EntryState.PENDING, EntryState.JUDGED), sort=sort)
    listed = [row.item_id for row in store.queue_rows(store.queue_ids(wanted))]
    assert take(store, "ana", 9, sort=sort) == listed


def test_filters_hold(store: Store, policy: PolicyVersion) -> None:
    assert take(store, "ana", 9, states=(EntryState.PENDING,)) == ["item-4"]
    assert take(store, "ana", 9, search='"content of 2"') == ["item-2"]
    assert take(store, "ana", 9, policy_id="other") == []


def test_time_runs_out(store: Store, policy: PolicyVersion) -> None:
    assert take(store, "ana", lasts=GONE) == ["item-3"]
    assert take(store, "bo") == ["item-3"]
    assert [claim.holder for claim in store.claims(session="")] == ["bo"]


def test_who_holds_what(store: Store, policy: PolicyVersion) -> None:
    take(store, "bo")
    take(store, "ana", 2)
    claims = store.claims(session="of ana")
    assert [(claim.holder, claim.item_id, claim.mine) for claim in claims] == [
        ("ana", "item-1", True),
        ("ana", "item-2", True),
        ("bo", "item-3", False),
    ]
    assert [claim.holder for claim in store.claims(session="", holder="bo")] == ["bo"]
    assert isinstance(claims[0], Claim)
    assert claims[0].until - claims[0].since == MINUTE


def test_only_the_holder_acts_and_that_ends_the_claim(store: Store, policy: PolicyVersion) -> None:
    take(store, "ana", 2)
    with pytest.raises(UsageError, match="ana holds that item until"):
        store.add_decision(make_decision(make_item(3), policy, reviewer="bo"), actor="bo")
    with pytest.raises(UsageError, match="ana holds that item until"):
        store.mark(entry(store, 2), EntryState.SKIPPED, reviewer="bo", reason="")
    store.add_decision(make_decision(make_item(3), policy, reviewer="ana"), actor="ana")
    store.mark(entry(store, 2), EntryState.SKIPPED, reviewer="ana", reason="")
    assert store.claims(session="") == []
    store.add_decision(make_decision(make_item(3), policy, reviewer="bo"), actor="bo")


def test_what_was_decided_elsewhere_may_come_in(store: Store, policy: PolicyVersion) -> None:
    take(store, "ana")
    store.add_decision(make_decision(make_item(3), policy, reviewer="import:label", imported=True), actor="bo")
    assert take(store, "bo") == ["item-2"]


def test_one_entry_is_held_and_held_longer(store: Store, policy: PolicyVersion) -> None:
    key = entry(store, 2)
    first = store.claim_entry(key, holder="ana", session="of ana", lasts=MINUTE)
    longer = store.claim_entry(key, holder="ana", session="of ana", lasts=5 * MINUTE)
    assert longer.until > first.until
    with pytest.raises(UsageError, match="ana holds that item until"):
        store.claim_entry(key, holder="bo", session="of bo", lasts=MINUTE)
    with pytest.raises(UsageError, match="no such queue entry"):
        store.claim_entry(10**6, holder="bo", session="of bo", lasts=MINUTE)


def test_letting_go(store: Store, policy: PolicyVersion) -> None:
    take(store, "ana", 3)
    take(store, "bo")
    assert store.release_claims(session="of ana", keys=[entry(store, 3)]) == 1
    assert take(store, "bo") == ["item-3"]
    assert store.release_claims(session="of ana") == 2
    assert store.release_claims(holder="bo") == 2
    assert store.claims(session="") == []


def test_a_second_review_is_of_what_somebody_else_decided_and_waits(store: Store, policy: PolicyVersion) -> None:
    assert take(store, "ana", 9, second=True) == []  # nobody asked for one
    store.add_decision(make_decision(make_item(3), policy, reviewer="bo"), actor="bo", wanted=True)
    assert take(store, "bo", 9, second=True) == []
    assert take(store, "ana", 9, second=True) == ["item-3"]
    assert take(store, "cy", 9, second=True) == []
    key = entry(store, 3)
    with pytest.raises(UsageError, match="ana holds that item"):
        store.add_independent(key, make_decision(make_item(3), policy, reviewer="cy"), actor="cy")
    store.add_independent(key, make_decision(make_item(3), policy, reviewer="ana"), actor="ana")
    assert store.claims(session="") == []
    assert take(store, "cy", 9, second=True) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["take", "release"]), st.integers(1, 4)), max_size=12
    )
)
def test_nobody_ever_holds_what_another_holds(store: Store, steps: list[tuple[str, str, int]]) -> None:
    if not store.queue_counts().total:
        store.add_items([make_item(number) for number in range(8)], source="test", actor="ana")
    store.release_claims()
    held: dict[str, set[str]] = {who: set() for who in "abc"}
    for who, verb, count in steps:
        if verb == "release":
            assert store.release_claims(holder=who) == len(held[who])
            held[who] = set()
            continue
        taken = take(store, who, count)
        everyone = set().union(*held.values())
        assert len(taken) == min(count, 8 - len(everyone))
        assert not everyone & set(taken)
        held[who] |= set(taken)
    listed = {(claim.holder, claim.item_id) for claim in store.claims(session="")}
    assert listed == {(who, item) for who, items in held.items() for item in items}
