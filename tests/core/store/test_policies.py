"""Policy versions: numbered, never changed, and the newest is the current one."""

from __future__ import annotations

from dataclasses import replace

from core.domain import ItemKind
from core.store.store import Store
from tests.fixtures.values import make_policy

BOTH = True


def test_a_version_comes_back_as_it_was(store: Store) -> None:
    policy = make_policy(applies_to=(ItemKind.REPLY,), sections={"B": "1", "A": "ünï\x00"})
    stored = store.add_policy(policy, author="ana", note="first", actor="kim")
    assert stored.created_at is not None
    assert stored == replace(policy, version=1, author="ana", note="first", created_at=stored.created_at)
    assert store.get_policy("spam") == stored == store.get_policy(policy.hash)
    assert list(stored.sections) == ["B", "A"]
    found = store.get_policy("spam")
    assert found is not None
    assert list(found.sections) == ["B", "A"]


def test_the_newest_version_is_the_current_one(store: Store) -> None:
    first = store.add_policy(make_policy(text="1"), author="ana", note="", actor="ana")
    other = store.add_policy(make_policy("harassment"), author="ana", note="", actor="ana")
    second = store.add_policy(make_policy(text="2"), author="lee", note="", actor="ana")
    assert (first.version, second.version, other.version) == (1, 2, 1)
    assert store.list_policies() == [other, second]
    assert store.policy_history("spam") == [first, second]
    assert store.get_policy("spam") == second
    assert store.get_policy(first.hash) == first


def test_the_same_text_again_changes_nothing(store: Store) -> None:
    first = store.add_policy(make_policy(), author="ana", note="one", actor="ana")
    assert store.add_policy(make_policy(), author="lee", note="two", actor="lee") == first
    assert store.policy_history("spam") == [first]
    assert store.close()[0] == 2  # the creation and the policy


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.list_policies() == []
    assert store.get_policy("spam") is None
    assert store.policy_history("spam") == []
