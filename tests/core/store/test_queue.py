"""The queue: what it lists, in which order, by which index, and what one row shows."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain import EntryState, ItemKind, PolicyVersion, QueueFilter, QueueSort, Turn, VerdictStatus
from core.errors import UsageError
from core.store.queue import EXCERPT
from core.store.store import Store
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

BOTH = True


@pytest.fixture
def policy(store: Store) -> PolicyVersion:
    """The policy of most tests here."""
    return store.add_policy(make_policy(), author="ana", note="", actor="ana")


def ids(store: Store, **filters: object) -> list[str]:
    """The item ids a filter lists, in order."""
    return [row.item_id for row in store.queue_rows(store.queue_ids(QueueFilter(**filters)))]  # type: ignore[arg-type]


def judge(store: Store, policy: PolicyVersion, scores: dict[str, float | None]) -> None:
    """Add one item for each name and judge it with its score; None leaves it pending."""
    items = {name: make_item(name, id=name) for name in scores}
    store.add_items(list(items.values()), source="test", actor="ana")
    for name, score in scores.items():
        if score is not None:
            store.add_verdicts([make_verdict(items[name], policy, score=score)], actor="ana")


def test_risk_comes_first_and_what_is_not_judged_last(store: Store, policy: PolicyVersion) -> None:
    judge(store, policy, {"low": 0.1, "pending": None, "high": 0.9, "even": 0.5, "high too": 0.9})
    assert ids(store) == ["high", "high too", "even", "low", "pending"]
    assert ids(store, sort=QueueSort.UNCERTAINTY) == ["even", "low", "high", "high too", "pending"]
    assert ids(store, sort=QueueSort.AGE) == ["low", "pending", "high", "even", "high too"]


def test_a_verdict_without_a_score_is_ranked_by_what_it_said(store: Store, policy: PolicyVersion) -> None:
    items = [make_item(name, id=name) for name in ("safe", "bad", "unread")]
    store.add_items(items, source="test", actor="ana")
    for item, label in zip(items, ("X0", "X2", None), strict=True):
        store.add_verdicts([make_verdict(item, policy, label)], actor="ana")
    assert ids(store) == ["bad", "unread", "safe"]
    assert ids(store, sort=QueueSort.UNCERTAINTY)[0] == "unread"


def test_disagreements_come_first_in_their_order(store: Store, policy: PolicyVersion) -> None:
    judge(store, policy, {"same": 0.9, "other": 0.1, "open": 0.5})
    store.add_decision(make_decision(make_item(id="same"), policy, agrees=True), actor="ana")
    store.add_decision(make_decision(make_item(id="other"), policy, "X0", agrees=False), actor="ana")
    assert ids(store, sort=QueueSort.DISAGREEMENT) == ["other", "same", "open"]
    assert ids(store, disagreements_only=True) == ["other"]
    assert store.queue_counts().disagreements == 1


def test_filters_by_state_and_policy(store: Store, policy: PolicyVersion) -> None:
    judge(store, policy, {"a": 0.9, "b": 0.5, "c": None})
    store.add_items([make_item(id="d", policy="other")], source="test", actor="ana")
    store.mark(store.find_entry("b", "spam") or 0, EntryState.SKIPPED, reviewer="ana", reason="")
    assert ids(store, states=(EntryState.JUDGED,)) == ["a"]
    assert ids(store, states=(EntryState.SKIPPED, EntryState.PENDING)) == ["b", "c", "d"]
    assert ids(store, policy_id="spam") == ["a", "b"]
    assert ids(store, policy_id="") == ["c"]
    assert ids(store, policy_id="spam", states=(EntryState.PENDING,)) == []
    counts = store.queue_counts()
    assert counts.by_state == {EntryState.JUDGED: 1, EntryState.SKIPPED: 1, EntryState.PENDING: 2}
    assert store.queue_counts("spam").total == 2


@pytest.mark.parametrize(
    ("content", "excerpt"),
    [
        ("two\r\n\tlines  here", "two lines here"),
        ("x" * 500, "x" * EXCERPT),
        ("\x00 behind a NUL", "\x00 behind a NUL"),
        ("in\x00side", "in\x00side"),
        ("\n" * 5000 + "far down", "far down"),
        ("\u200bzero\u202ewidth\U000e0041", "\u200bzero\u202ewidth\U000e0041"),
        ("日" * 1000, "日" * EXCERPT),
        ("🙂" * 300, "🙂" * EXCERPT),
        (" \n ", ""),
    ],
)
def test_an_excerpt_is_one_line_that_hides_nothing(store: Store, content: str, excerpt: str) -> None:
    store.add_items([make_item(content=content)], source="test", actor="ana")
    [row] = store.queue_rows(store.queue_ids(QueueFilter()))
    assert row.excerpt == excerpt


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.text(st.characters(exclude_categories=["Cs"]), max_size=1500))
def test_an_excerpt_is_the_first_words_of_any_text(store: Store, content: str) -> None:
    item_id = f"item-{len(store.queue_ids(QueueFilter()))}"
    store.add_items([make_item(id=item_id, content=content)], source="test", actor="ana")
    [row] = store.queue_rows([store.find_entry(item_id, None) or 0])
    assert row.excerpt == " ".join(content.split())[:EXCERPT]


def test_rows_come_in_the_order_asked_and_what_is_gone_is_left_out(store: Store) -> None:
    store.add_items([make_item(number) for number in range(1200)], source="test", actor="ana")
    keys = list(reversed(store.queue_ids(QueueFilter(sort=QueueSort.AGE))))
    rows = store.queue_rows([10**9, *keys])
    assert [row.key for row in rows] == keys


def test_a_row_shows_verdict_and_decision(store: Store, policy: PolicyVersion) -> None:
    item = make_item(kind=ItemKind.REPLY, parent="before")
    store.add_items([item], source="test", actor="ana")
    [row] = store.queue_rows(store.queue_ids(QueueFilter()))
    assert (row.policy_id, row.state, row.status, row.decision_label) == ("", EntryState.PENDING, None, None)
    [(key, _)] = store.add_verdicts([make_verdict(item, policy, score=0.75)], actor="ana")
    store.add_decision(make_decision(item, policy, "X0", agrees=False), actor="ana")
    [row] = store.queue_rows([key])
    assert (row.kind, row.policy_id, row.state) == (ItemKind.REPLY, "spam", EntryState.DECIDED)
    assert (row.status, row.verdict_label, row.verdict_violates) == (VerdictStatus.PARSED, "X2", True)
    assert (row.score, row.decision_label, row.agrees) == (0.75, "X0", False)


def test_a_review_shows_the_policy_version_that_judged(store: Store, policy: PolicyVersion) -> None:
    item = make_item(
        kind=ItemKind.CONVERSATION,
        messages=(Turn("user", "hi"), Turn("bot", "content of 1")),
        target=1,
        metadata={"a": 1},
    )
    store.add_items([item], source="test", actor="ana")
    [(key, verdict)] = store.add_verdicts([make_verdict(item, policy)], actor="ana")
    newer = store.add_policy(make_policy(text="second"), author="ana", note="", actor="ana")
    review = store.get_review(key)
    assert review is not None
    assert (review.item, review.policy, review.verdict) == (item, policy, verdict)
    store.add_verdicts([make_verdict(item, newer)], actor="ana")
    again = store.get_review(key)
    assert again is not None
    assert again.policy == newer
    assert store.get_review(10**9) is None


def test_marks_open_and_close_an_entry(store: Store, policy: PolicyVersion) -> None:
    item = make_item()
    store.add_items([item], source="test", actor="ana")
    key = store.find_entry("item-1", None) or 0
    assert store.mark(key, EntryState.ESCALATED, reviewer="ana", reason="unsure") is EntryState.PENDING
    store.add_verdicts([make_verdict(item, policy)], actor="ana")
    with pytest.raises(UsageError, match="meanwhile"):
        store.mark(key, EntryState.PENDING, reviewer="ana", reason="", after=EntryState.SKIPPED)
    assert store.mark(key, EntryState.PENDING, reviewer="ana", reason="") is EntryState.ESCALATED
    [row] = store.queue_rows([key])
    assert row.state is EntryState.JUDGED  # the verdict that came meanwhile counts
    store.add_decision(make_decision(item, policy), actor="ana")
    with pytest.raises(UsageError, match="decided"):
        store.mark(key, EntryState.SKIPPED, reviewer="ana", reason="")
    with pytest.raises(UsageError, match="no such"):
        store.mark(10**9, EntryState.SKIPPED, reviewer="ana", reason="")


def test_one_item_under_two_policies_has_two_entries(store: Store, policy: PolicyVersion) -> None:
    other = store.add_policy(make_policy("other"), author="ana", note="", actor="ana")
    item = make_item()
    store.add_items([item], source="test", actor="ana")
    [(first, _)] = store.add_verdicts([make_verdict(item, policy)], actor="ana")
    assert store.find_entry("item-1", "other") is None
    second, _ = store.add_decision(make_decision(item, other), actor="ana")
    assert first != second
    assert store.find_entry("item-1", "spam") == first
    assert store.find_entry("item-1", "other") == second == store.open_entry("item-1", "other")
    assert store.find_entry("item-1", None) is None
    assert [row.state for row in store.queue_rows([first, second])] == [EntryState.JUDGED, EntryState.DECIDED]
