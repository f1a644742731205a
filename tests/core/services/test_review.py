"""Reviewing through the verbs: what a decision must be, what undo takes back, and a plain model beside the desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import services
from core.domain import Cause, EntryState, Item, PolicyVersion, QueueFilter, Review
from core.errors import BusyError, UsageError
from core.services.workspace import Workspace
from core.store import database
from tests.fixtures.values import make_item, make_policy, make_verdict
from tests.fixtures.workspaces import audit_kinds, new_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=()) as made:
        made.store.add_policy(make_policy(), author="kim", note="", actor="kim")
        yield made


def policy_of(workspace: Workspace, policy_id: str = "spam") -> PolicyVersion:
    return services.get_policy(workspace, policy_id=policy_id)


def add(workspace: Workspace, *items: Item, verdict: str | None = "", **changes: Any) -> list[int]:
    """Add items and judge them with a label (None: unparsed, "": not at all); return their entries."""
    workspace.store.add_items(items, source="test", actor="kim")
    if verdict != "":
        policy = policy_of(workspace)
        workspace.store.add_verdicts([make_verdict(item, policy, verdict, **changes) for item in items], actor="kim")
    return [services.find_entry(workspace, item_id=item.id) for item in items]


def look(workspace: Workspace, key: int) -> tuple[EntryState, str | None]:
    """State and standing label of an entry."""
    review = services.get_review(workspace, key=key)
    return review.state, review.decision.label if review.decision else None


def test_agreeing_takes_the_label_of_the_verdict(workspace: Workspace) -> None:
    [key] = add(workspace, make_item(), verdict="X2")
    decision = services.decide(workspace, key=key, agree=True, seconds=3, blind=True, note="clear")
    assert (decision.label, decision.violates, decision.agrees) == ("X2", True, True)
    assert (decision.reviewer, decision.blind, decision.seconds, decision.note) == ("kim", True, 3, "clear")
    assert decision.policy_hash == policy_of(workspace).hash
    review = services.get_review(workspace, key=key)
    assert review.verdict is not None
    assert decision.verdict_key == review.verdict.key
    assert review.decision == decision == review.history[-1]
    assert review.state is EntryState.DECIDED


@pytest.mark.parametrize(
    ("written", "label", "agrees"),
    [("X2", "X2", True), ("bad", "X2", True), ("BAD", "X2", True), ("valid", "X0", False), ("0", "X0", False)],
)
def test_a_label_is_a_code_or_an_alias(workspace: Workspace, written: str, label: str, agrees: bool) -> None:
    [key] = add(workspace, make_item(), verdict="X2")
    decision = services.decide(workspace, key=key, label=written, cause=Cause.MODEL_MISREAD, rule_id="X2.a")
    assert (decision.label, decision.agrees, decision.rule_id) == (label, agrees, "X2.a")


def test_another_violating_label_is_a_disagreement(workspace: Workspace) -> None:
    [key] = add(workspace, make_item(), verdict="X2")
    decision = services.decide(workspace, key=key, label="X4")
    assert (decision.violates, decision.agrees) == (True, False)
    assert services.queue_counts(workspace).disagreements == 1


@pytest.mark.parametrize("verdict", [None, ""])
def test_without_a_parsed_verdict_there_is_nothing_to_agree_with(workspace: Workspace, verdict: str | None) -> None:
    [key] = add(workspace, make_item(), verdict=verdict)
    with pytest.raises(UsageError, match="agree"):
        services.decide(workspace, key=key, agree=True, policy_id="spam")
    assert services.decide(workspace, key=key, label="X0", policy_id="spam").agrees is None


def test_the_version_that_judged_gives_the_labels(workspace: Workspace) -> None:
    [key] = add(workspace, make_item(), verdict="X2")
    old = policy_of(workspace)
    newer = make_policy(text="second", labels=old.labels[:2])
    workspace.store.add_policy(newer, author="kim", note="", actor="kim")
    assert services.decide(workspace, key=key, label="X4").policy_hash == old.hash
    [other] = add(workspace, make_item(2))
    with pytest.raises(UsageError, match="no such label"):
        services.decide(workspace, key=other, label="X4", policy_id="spam")
    assert services.decide(workspace, key=other, label="X2", policy_id="spam").policy_hash == newer.hash


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"label": "X2", "agree": True},
        {"label": ""},
        {"label": "nothing like it"},
        {"label": "X2", "rule_id": "X9"},
        {"label": "X2", "policy_id": "unknown"},
        {"label": "X2", "note": "n" * 10_001},
        {"label": "X2", "seconds": -1},
        {"label": "X2", "seconds": float("nan")},
        {"label": "X2", "seconds": float("inf")},
        {"label": "X2", "key": 10**9},
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_stored(workspace: Workspace, wrong: dict[str, Any]) -> None:
    [key] = add(workspace, make_item(), verdict="X2")
    with pytest.raises(UsageError) as caught:
        services.decide(workspace, **{"key": key, **wrong})
    assert caught.value.hint
    assert look(workspace, key) == (EntryState.JUDGED, None)
    assert "decision.recorded" not in audit_kinds(workspace)
    assert services.undo(workspace) is None


def test_an_entry_without_a_policy_needs_one(workspace: Workspace) -> None:
    [key] = add(workspace, make_item())
    with pytest.raises(UsageError, match="No policy"):
        services.decide(workspace, key=key, label="X2")
    services.decide(workspace, key=key, label="X2", policy_id="spam")
    assert services.find_entry(workspace, item_id="item-1", policy_id="spam") == key


def test_naming_another_policy_decides_that_entry(workspace: Workspace) -> None:
    other = make_policy("other")
    workspace.store.add_policy(other, author="kim", note="", actor="kim")
    [key] = add(workspace, make_item(), verdict="X2")
    workspace.store.add_verdicts([make_verdict(make_item(), other, "X0")], actor="kim")
    decision = services.decide(workspace, key=key, agree=True, policy_id="other")
    assert (decision.policy_id, decision.label, decision.agrees) == ("other", "X0", True)
    assert look(workspace, key) == (EntryState.JUDGED, None)
    assert look(workspace, services.find_entry(workspace, item_id="item-1", policy_id="other"))[1] == "X0"


def test_finding_an_entry(workspace: Workspace) -> None:
    workspace.store.add_policy(make_policy("other"), author="kim", note="", actor="kim")
    [free, bound] = add(workspace, make_item(1), make_item(2, policy="spam"))
    assert services.find_entry(workspace, item_id="item-1", policy_id="spam") == free
    assert services.find_entry(workspace, item_id="item-2", policy_id="spam") == bound
    with pytest.raises(UsageError, match="imported for the policy spam"):
        services.find_entry(workspace, item_id="item-2", policy_id="other")
    with pytest.raises(UsageError, match="no item"):
        services.find_entry(workspace, item_id="item-3")
    with pytest.raises(UsageError, match="no policy unknown"):
        services.find_entry(workspace, item_id="item-1", policy_id="unknown")
    services.decide(workspace, key=free, label="X0", policy_id="spam")
    second = services.find_entry(workspace, item_id="item-1", policy_id="other")
    assert second not in (free, bound)
    with pytest.raises(UsageError, match="which policy"):
        services.find_entry(workspace, item_id="item-1")


def test_a_decision_of_someone_else_is_imported_and_not_ours_to_undo(workspace: Workspace) -> None:
    [key] = add(workspace, make_item(), verdict="X2")
    moment = datetime(1, 1, 2, tzinfo=UTC)
    decision = services.decide(workspace, key=key, label="X0", reviewer="lee", decided_at=moment)
    assert (decision.reviewer, decision.imported, decision.decided_at) == ("lee", True, moment)
    assert services.get_review(workspace, key=key).decision == decision
    assert services.undo(workspace) is None


def test_undo_goes_back_step_by_step_to_the_beginning(workspace: Workspace) -> None:
    [key, other] = add(workspace, make_item(1), make_item(2), verdict="X2")
    services.escalate(workspace, key=key, reason="unsure")
    first = services.decide(workspace, key=key, agree=True, note="first")
    services.skip(workspace, key=other)
    second = services.decide(workspace, key=key, label="X0", cause=Cause.OTHER)
    third = services.decide(workspace, key=key, label="X4")
    assert (second.supersedes, third.supersedes) == (first.key, second.key)
    seen = []
    while (result := services.undo(workspace)) is not None:
        seen.append((result.key, result.what, *look(workspace, key), look(workspace, other)[0]))
    assert seen == [
        (key, "decision", EntryState.DECIDED, "X0", EntryState.SKIPPED),
        (key, "decision", EntryState.DECIDED, "X2", EntryState.SKIPPED),
        (other, "skip", EntryState.DECIDED, "X2", EntryState.JUDGED),
        (key, "decision", EntryState.ESCALATED, None, EntryState.JUDGED),
        (key, "escalation", EntryState.JUDGED, None, EntryState.JUDGED),
    ]
    history = services.get_review(workspace, key=key).history
    assert [decision.label for decision in history] == ["X2", "X0", "X4", "X0", "X2", None]
    assert history[4].note == "first"
    assert history[-1].withdrawn
    assert [decision.supersedes for decision in history] == [None, *(decision.key for decision in history[:-1])]


def test_what_another_desk_did_meanwhile_is_not_undone(workspace: Workspace) -> None:
    [key, other] = add(workspace, make_item(1), make_item(2), verdict="X2")
    services.decide(workspace, key=other, agree=True)
    services.decide(workspace, key=key, agree=True)
    with services.open_workspace(workspace.folder, passphrase="long enough") as second:
        services.decide(second, key=key, label="X0")
        with pytest.raises(UsageError, match="meanwhile"):
            services.undo(workspace)
        assert look(workspace, key) == (EntryState.DECIDED, "X0")
        assert services.undo(workspace) == services.UndoResult(other, "decision")  # the step before is still ours
        assert services.undo(second) == services.UndoResult(key, "decision")
        assert services.undo(second) is None
    assert look(workspace, key) == (EntryState.DECIDED, "X2")


def test_a_mark_changed_by_another_desk_is_not_undone(workspace: Workspace) -> None:
    [key] = add(workspace, make_item(1), verdict="X2")
    services.skip(workspace, key=key)
    with services.open_workspace(workspace.folder, passphrase="long enough") as second:
        services.escalate(second, key=key)
    with pytest.raises(UsageError, match="meanwhile"):
        services.undo(workspace)
    assert look(workspace, key)[0] is EntryState.ESCALATED
    assert services.undo(workspace) is None


def test_an_undo_that_could_not_be_written_can_be_tried_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    [key] = add(workspace, make_item(1), verdict="X2")
    services.decide(workspace, key=key, agree=True)
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.1)
    workspace.store._db.engine.dispose()
    with (
        services.open_workspace(workspace.folder, passphrase="long enough") as second,
        second.store._db.write(),
        pytest.raises(BusyError),
    ):
        services.undo(workspace)
    assert services.undo(workspace) == services.UndoResult(key, "decision")


def test_many_threads_decide_and_every_step_can_be_taken_back(workspace: Workspace) -> None:
    keys = add(workspace, *(make_item(number) for number in range(24)), verdict="X2")
    failures: list[Exception] = []

    def decide(part: list[int]) -> None:
        try:
            for key in part:
                services.decide(workspace, key=key, agree=True)
                services.queue_rows(workspace, keys=services.queue_ids(workspace, filter=QueueFilter()))
        except Exception as error:  # noqa: BLE001 - told in the main thread
            failures.append(error)

    threads = [threading.Thread(target=decide, args=(keys[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    undone = set()
    while (result := services.undo(workspace)) is not None:
        undone.add(result.key)
    assert undone == set(keys)
    assert services.queue_counts(workspace).by_state == {EntryState.JUDGED: 24}


@dataclass
class PlainEntry:
    """What an entry should show, by the simplest means there are."""

    item: Item
    judged: bool = False
    state: EntryState = EntryState.PENDING
    label: str | None = None

    def as_open(self, state: EntryState) -> EntryState:
        if state in (EntryState.PENDING, EntryState.JUDGED):
            return EntryState.JUDGED if self.judged else EntryState.PENDING
        return state


@dataclass
class PlainDesk:
    """A desk as one would draw it: entries, and a stack of what they were."""

    entries: dict[int, PlainEntry]
    stack: list[tuple[int, EntryState, str | None]] = field(default_factory=list)

    def remember(self, key: int) -> PlainEntry:
        entry = self.entries[key]
        self.stack.append((key, entry.state, entry.label))
        return entry

    def undo(self) -> int | None:
        if not self.stack:
            return None
        key, state, label = self.stack.pop()
        entry = self.entries[key]
        entry.state, entry.label = entry.as_open(state), label
        return key


STEPS = st.lists(
    st.tuples(st.sampled_from(["decide", "decide", "skip", "escalate", "judge", "undo", "undo"]), st.integers(0, 2),
              st.sampled_from(["X0", "X2", "X4"])),
    max_size=25,
)  # fmt: skip


def take(workspace: Workspace, desk: PlainDesk, verb: str, key: int, label: str) -> None:
    """Take one step on the desk and on its model."""
    entry = desk.entries[key]
    if verb == "undo":
        result = services.undo(workspace)
        assert (result.key if result else None) == desk.undo()
    elif verb == "judge":
        policy = policy_of(workspace)
        workspace.store.add_verdicts([make_verdict(entry.item, policy, label)], actor="kim")
        entry.judged = True
        entry.state = entry.as_open(entry.state)
    elif verb == "decide":
        services.decide(workspace, key=key, label=label, policy_id="spam")
        desk.remember(key)
        entry.state, entry.label = EntryState.DECIDED, label
    elif entry.state is EntryState.DECIDED:
        with pytest.raises(UsageError):
            (services.skip if verb == "skip" else services.escalate)(workspace, key=key)
    else:
        (services.skip if verb == "skip" else services.escalate)(workspace, key=key)
        desk.remember(key).state = EntryState.SKIPPED if verb == "skip" else EntryState.ESCALATED


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_desk_does_what_its_plain_model_does(workspace: Workspace, steps: list[tuple[str, int, str]]) -> None:
    workspace.undo_steps.clear()
    start = len(services.queue_ids(workspace, filter=QueueFilter()))
    items = [make_item(start + number) for number in range(3)]
    keys = add(workspace, *items)
    desk = PlainDesk({key: PlainEntry(item) for key, item in zip(keys, items, strict=True)})
    longest: dict[int, tuple[Any, ...]] = dict.fromkeys(keys, ())
    for verb, number, label in steps:
        take(workspace, desk, verb, keys[number], label)
        for key, entry in desk.entries.items():
            review: Review = services.get_review(workspace, key=key)
            assert (review.state, review.decision.label if review.decision else None) == (entry.state, entry.label)
            assert review.history[: len(longest[key])] == longest[key]  # nothing of the past ever changes
            longest[key] = review.history
    assert [check for check in services.verify(workspace) if not check.ok] == []
