"""Verdicts and decisions: kept word for word, each in its order, and the queue entry brought up to date with them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain import Cause, Decision, Effort, EntryState, PolicyVersion, Verdict, VerdictStatus
from core.errors import UsageError
from core.store.items import PAGE
from core.store.keys import KeyFile
from core.store.recording import risk_of, uncertainty_of
from core.store.store import Store
from tests.fixtures.values import MOMENT, make_decision, make_item, make_policy, make_verdict

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PART = st.floats(0, 1)
MOMENTS = st.datetimes(timezones=st.just(UTC))
ITEM = make_item()
FULL_VERDICT = make_verdict(
    ITEM, make_policy(), score=0.25, detail="d", label_mass=0.5, reasoning_cut=True, rationale_cut=True
)

BOTH = True


@pytest.fixture
def policy(store: Store) -> PolicyVersion:
    """The policy, with one item to judge under it."""
    store.add_items([ITEM], source="test", actor="ana")
    return store.add_policy(make_policy(), author="ana", note="", actor="ana")


def state_of(store: Store) -> EntryState:
    """The state of the one entry."""
    [row] = store.queue_rows([store.find_entry(ITEM.id, "spam") or 0])
    return row.state


def test_the_full_verdict_of_these_tests_leaves_nothing_at_its_default() -> None:
    plain = Verdict("", "", "", VerdictStatus.UNPARSED)
    same = [entry.name for entry in fields(Verdict) if getattr(FULL_VERDICT, entry.name) == getattr(plain, entry.name)]
    assert set(same) <= {"key", "fast"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    score=st.none() | PART, mass=st.none() | PART, texts=st.lists(TEXT, min_size=4, max_size=4),
    lists=st.lists(TEXT, max_size=3), seconds=st.floats(0, 1e9) | st.integers(0, 100),
    status=st.sampled_from(VerdictStatus), effort=st.none() | st.sampled_from(Effort), at=MOMENTS,
    options=st.dictionaries(TEXT, st.integers(-5, 5) | PART | TEXT, max_size=3),
)  # fmt: skip
def test_any_verdict_comes_back_as_it_was(
    store: Store, policy: PolicyVersion, score: float | None, mass: float | None, texts: list[str], lists: list[str],
    seconds: float, status: VerdictStatus, effort: Effort | None, at: datetime, options: dict[str, object],
) -> None:  # fmt: skip
    verdict = replace(
        FULL_VERDICT, status=status, score=score, label_mass=mass, rationale=texts[0], reasoning=texts[1],
        raw_output=texts[2], detail=texts[3], rule_ids=tuple(lists), quotes=tuple(lists), invented=tuple(lists),
        seconds=seconds, effort=effort, created_at=at, settings=options,
    )  # fmt: skip
    [(_, stored)] = store.add_verdicts([verdict], actor="ana")
    assert stored == replace(verdict, key=stored.key)
    assert store.get_verdict(ITEM.id, "spam") == stored == store.verdict_by_key(stored.key)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    label=st.sampled_from(["X0", "X2"]), agrees=st.none() | st.booleans(), cause=st.none() | st.sampled_from(Cause),
    note=TEXT, reviewer=TEXT, seconds=st.none() | st.floats(0, 1e9) | st.integers(0, 100), at=MOMENTS,
    flags=st.tuples(st.booleans(), st.booleans()), rule=st.none() | TEXT,
)  # fmt: skip
def test_any_decision_comes_back_as_it_was(
    store: Store, policy: PolicyVersion, label: str, agrees: bool | None, cause: Cause | None, note: str, reviewer: str,
    seconds: float | None, at: datetime, flags: tuple[bool, bool], rule: str | None,
) -> None:  # fmt: skip
    before = store.decisions_of(ITEM.id, "spam")
    decision = make_decision(
        ITEM, policy, label, agrees=agrees, cause=cause, note=note, reviewer=reviewer, seconds=seconds, decided_at=at,
        blind=flags[0], imported=flags[1], rule_id=rule,
    )  # fmt: skip
    _, stored = store.add_decision(decision, actor="ana")
    assert stored == replace(decision, key=stored.key, supersedes=before[-1].key if before else None)
    assert store.decisions_of(ITEM.id, "spam") == [*before, stored]
    assert list(store.iter_decisions()) == [stored]


def test_whatever_was_stored_verifies(store: Store, policy: PolicyVersion) -> None:
    store.add_verdicts([replace(FULL_VERDICT, seconds=2), replace(FULL_VERDICT, score=1)], actor="ana")
    store.add_decision(make_decision(ITEM, policy, seconds=5), actor="ana")
    store.add_decision(make_decision(ITEM, policy, seconds=5.5, blind=True), actor="ana")
    store.add_decision(make_decision(ITEM, policy, None), actor="ana")
    checks = store.verify(KeyFile(signing_key=store.public_key()))
    assert [check for check in checks if not check.ok] == []


def test_a_moment_in_another_zone_is_the_same_moment(store: Store, policy: PolicyVersion) -> None:
    at = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    _, stored = store.add_decision(make_decision(ITEM, policy, decided_at=at), actor="ana")
    assert stored.decided_at == MOMENT
    assert stored.decided_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("changes", "risk", "uncertainty"),
    [
        ({"label": "X2"}, 1.0, 0.0),
        ({"label": "X0"}, 0.0, 0.0),
        ({"label": "X2", "score": 0.75}, 0.75, 0.5),
        ({"label": "X2", "score": 0.5}, 0.5, 1.0),
        ({"label": None}, 0.5, 1.0),
        ({"label": None, "score": 0.9}, 0.5, 1.0),
        ({"label": None, "status": VerdictStatus.FAILED}, 0.5, 1.0),
    ],
)
def test_risk_and_uncertainty(changes: dict[str, object], risk: float, uncertainty: float) -> None:
    verdict = make_verdict(ITEM, make_policy(), **changes)  # type: ignore[arg-type]
    assert (risk_of(verdict), uncertainty_of(verdict)) == (risk, uncertainty)


def test_an_entry_goes_from_pending_to_judged_to_decided(store: Store, policy: PolicyVersion) -> None:
    [(key, _)] = store.add_verdicts([FULL_VERDICT], actor="ana")
    assert state_of(store) is EntryState.JUDGED
    entry, decision = store.add_decision(make_decision(ITEM, policy), actor="ana")
    assert entry == key
    assert state_of(store) is EntryState.DECIDED
    store.add_verdicts([FULL_VERDICT], actor="ana")
    assert state_of(store) is EntryState.DECIDED  # a later verdict does not undo it
    store.add_decision(make_decision(ITEM, policy, None), actor="ana", after=decision.key)
    assert state_of(store) is EntryState.JUDGED
    assert list(store.iter_decisions()) == []
    assert len(store.decisions_of(ITEM.id, "spam")) == 2


def test_a_withdrawal_goes_back_to_the_mark_before(store: Store, policy: PolicyVersion) -> None:
    store.add_decision(make_decision(ITEM, policy), actor="ana")
    store.add_decision(make_decision(ITEM, policy, None), actor="ana", state=EntryState.ESCALATED)
    assert state_of(store) is EntryState.ESCALATED
    store.add_decision(make_decision(ITEM, policy, None), actor="ana", state=EntryState.JUDGED)
    assert state_of(store) is EntryState.PENDING  # without a verdict nothing is judged


def test_a_fast_pass_orders_the_queue_and_judges_nothing(store: Store, policy: PolicyVersion) -> None:
    [(key, _)] = store.add_verdicts([make_verdict(ITEM, policy, score=0.75, fast=True)], actor="ana")
    assert state_of(store) is EntryState.PENDING
    store.mark(key, EntryState.SKIPPED, reviewer="ana", reason="")
    store.mark(key, EntryState.PENDING, reviewer="ana", reason="")
    assert state_of(store) is EntryState.PENDING
    store.add_decision(make_decision(ITEM, policy, "X0"), actor="ana")
    assert store.queue_counts().disagreements == 0
    store.add_decision(make_decision(ITEM, policy, None), actor="ana")
    assert state_of(store) is EntryState.PENDING


def test_a_decision_made_before_the_verdict_is_compared_when_it_comes(store: Store, policy: PolicyVersion) -> None:
    _, early = store.add_decision(make_decision(ITEM, policy, "X0"), actor="ana")
    assert store.queue_counts().disagreements == 0
    store.add_verdicts([make_verdict(ITEM, policy, "X2")], actor="ana")
    assert store.queue_counts().disagreements == 1
    store.add_decision(make_decision(ITEM, policy, "X2", agrees=True, verdict_key=1), actor="ana")
    assert store.queue_counts().disagreements == 0
    store.add_decision(early, actor="ana")  # as undo brings it back
    assert store.queue_counts().disagreements == 1


def test_a_decision_on_what_changed_meanwhile_is_refused(store: Store, policy: PolicyVersion) -> None:
    _, first = store.add_decision(make_decision(ITEM, policy), actor="ana")
    _, second = store.add_decision(make_decision(ITEM, policy, "X0"), actor="ana")
    with pytest.raises(UsageError, match="meanwhile"):
        store.add_decision(make_decision(ITEM, policy, None), actor="ana", after=first.key)
    assert list(store.iter_decisions()) == [second]


def test_an_unknown_item_stops_the_whole_batch(store: Store, policy: PolicyVersion) -> None:
    gone = make_item("gone")
    with pytest.raises(UsageError, match="no item"):
        store.add_verdicts([FULL_VERDICT, make_verdict(gone, policy)], actor="ana")
    with pytest.raises(UsageError, match="no item"):
        store.add_decisions([make_decision(ITEM, policy), make_decision(gone, policy)], actor="ana")
    assert store.verdicts_of(ITEM.id) == []
    assert store.decisions_of(ITEM.id, "spam") == []
    assert state_of(store) is EntryState.PENDING
    assert store.get_verdict("gone", "spam") is None
    assert store.decisions_of("gone", "spam") == []


def test_all_verdicts_of_an_item_in_their_order(store: Store, policy: PolicyVersion) -> None:
    other = store.add_policy(make_policy("other"), author="ana", note="", actor="ana")
    verdicts = [make_verdict(ITEM, policy), make_verdict(ITEM, other), make_verdict(ITEM, policy, "X0")]
    stored = [verdict for _, verdict in store.add_verdicts(verdicts, actor="ana")]
    assert store.verdicts_of(ITEM.id) == stored
    assert store.verdicts_of(ITEM.id, "spam") == [stored[0], stored[2]]
    assert store.get_verdict(ITEM.id, "spam") == stored[2]


def test_standing_decisions_come_by_page_policy_and_disagreement(store: Store, policy: PolicyVersion) -> None:
    other = store.add_policy(make_policy("other"), author="ana", note="", actor="ana")
    count = PAGE + 20
    more = [make_item(number) for number in range(2, count + 2)]
    store.add_items(more, source="test", actor="ana")
    made = [make_decision(item, policy, agrees=number % 5 > 0) for number, item in enumerate(more)]
    store.add_decisions([*made, make_decision(ITEM, other, agrees=False)], actor="ana")
    store.add_decision(make_decision(more[0], policy, agrees=True), actor="ana")

    def ids(**options: object) -> list[str]:
        decisions: list[Decision] = list(store.iter_decisions(**options))  # type: ignore[arg-type]
        return [decision.item_id for decision in decisions]

    assert ids() == [*(item.id for item in more[1:]), ITEM.id, more[0].id]
    assert ids(policy_id="other") == [ITEM.id]
    assert ids(policy_id="spam", disagreements_only=True) == [item.id for item in more[5::5]]
