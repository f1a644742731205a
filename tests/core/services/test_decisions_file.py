"""Decisions from a file: each is committed before it is acknowledged, and a bad one stops nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import services
from core.domain import Cause, RejectedRow, utc_now
from core.errors import CancelledError, InputError
from core.services import DecisionAck
from core.services.workspace import Workspace
from tests.fixtures.values import make_verdict
from tests.fixtures.workspaces import new_workspace, write_lines

RECORD = {"id": "a", "policy": "spam", "label": "SP0", "reviewer": "ana"}


def fill(workspace: Workspace) -> None:
    items = [{"id": name, "content": f"text {name}"} for name in "abc"]
    services.import_file(workspace, path=write_lines(workspace.folder.parent / "items.jsonl", items))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w") as made:
        fill(made)
        yield made


def run(workspace: Workspace, records: list[Any], **options: Any) -> list[DecisionAck | RejectedRow]:
    path = write_lines(workspace.folder.parent / "decisions.jsonl", records)
    return list(services.decide_from_file(workspace, path=path, **options))


def count(workspace: Workspace) -> int:
    return sum(len(workspace.store.decisions_of(name, "spam")) for name in "abc")


def test_a_record_becomes_a_decision_with_everything_it_says(workspace: Workspace) -> None:
    policy, item = workspace.store.get_policy("spam"), workspace.store.get_item("a")
    assert policy is not None
    assert item is not None
    ((_, verdict),) = workspace.store.add_verdicts([make_verdict(item, policy, "SP4")], actor="test")
    rule = policy.rules[0].id
    record = RECORD | {
        "cause": "borderline", "rule_id": rule, "note": "see thread", "decided_at": "2026-03-01T12:00:00+02:00",
        "seconds": 12, "blind": True,
    }  # fmt: skip
    assert run(workspace, [record]) == [DecisionAck(1, "a")]
    (decision,) = workspace.store.decisions_of("a", "spam")
    assert (decision.label, decision.violates, decision.agrees) == ("SP0", False, False)
    assert (decision.cause, decision.rule_id, decision.note) == (Cause.BORDERLINE, rule, "see thread")
    assert (decision.reviewer, decision.imported, decision.blind, decision.seconds) == ("ana", True, True, 12.0)
    assert decision.decided_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert decision.verdict_key == verdict.key


def test_the_workspaces_own_reviewer_is_not_imported(workspace: Workspace) -> None:
    anonymous = {name: value for name, value in RECORD.items() if name != "reviewer"} | {"id": "b"}
    run(workspace, [RECORD | {"reviewer": "kim"}, anonymous])
    for name in "ab":
        (decision,) = workspace.store.decisions_of(name, "spam")
        assert (decision.reviewer, decision.imported) == ("kim", False)


def test_each_acknowledgement_follows_its_commit(workspace: Workspace, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "some.jsonl", [RECORD | {"id": name} for name in "abc"])
    acknowledged = []
    for answer in services.decide_from_file(workspace, path=path):
        assert isinstance(answer, DecisionAck)
        acknowledged.append(answer.item_id)
        assert [name for name in "abc" if workspace.store.decisions_of(name, "spam")] == acknowledged
    assert acknowledged == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a JSON object"),
        ({"policy": "spam", "label": "SP0"}, "`id` is missing"),
        (RECORD | {"policy": None}, "`policy` is missing"),
        (RECORD | {"label": 0}, "`label` must be text, found number"),
        (RECORD | {"id": "nobody"}, "no item of that id"),
        (RECORD | {"policy": "nope"}, "`policy` names no policy of this workspace"),
        (RECORD | {"label": "SP9"}, "no such label"),
        (RECORD | {"cause": "mood"}, "`cause` must be one of policy_gap"),
        (RECORD | {"rule_id": "SP9.z"}, "no rule"),
        (RECORD | {"note": "x" * 200_000}, "longer than"),
        (RECORD | {"note": b"x".decode() * 5_000_000}, "longer than 4 MiB"),
        (RECORD | {"reviewer": "a\nb"}, "`reviewer` must be a printable name"),
        (RECORD | {"decided_at": "yesterday"}, "`decided_at` is no ISO 8601 time"),
        (RECORD | {"decided_at": "2026-03-01T12:00:00"}, "`decided_at` has no time zone"),
        (RECORD | {"decided_at": "0001-01-01T00:00:00+14:00"}, "`decided_at` is"),
        (RECORD | {"decided_at": (utc_now() + timedelta(days=3)).isoformat()}, "in the future"),
        (RECORD | {"seconds": "5"}, "`seconds` must be a number, found text"),
        (RECORD | {"seconds": True}, "`seconds` must be a number"),
        (RECORD | {"seconds": -1}, "`seconds` is out of range"),
        (RECORD | {"seconds": 10**400}, "`seconds` is out of range"),
        (RECORD | {"blind": 1}, "`blind` must be true or false, found number"),
    ],
)
def test_a_bad_record_is_listed_and_the_rest_goes_on(workspace: Workspace, record: Any, reason: str) -> None:
    first, second, third = run(workspace, [RECORD, record, RECORD | {"id": "b"}])
    assert (first, third) == (DecisionAck(1, "a"), DecisionAck(3, "b"))
    assert isinstance(second, RejectedRow)
    assert second.line == 2
    assert reason in second.reason
    assert count(workspace) == 2


def test_running_a_file_again_repeats_the_acknowledgements_and_nothing_else(workspace: Workspace) -> None:
    records = [RECORD | {"label": "VALID"}, RECORD | {"id": "b", "decided_at": "2026-03-01T12:00:00Z"}]
    first = run(workspace, records)
    assert run(workspace, records) == first
    assert count(workspace) == 2


@pytest.mark.parametrize(
    "change", [{"label": "SP2"}, {"note": "new"}, {"reviewer": "bo"}, {"decided_at": "2026-03-01T12:00:00Z"}]
)
def test_a_record_that_says_something_else_supersedes(workspace: Workspace, change: dict[str, Any]) -> None:
    run(workspace, [RECORD, RECORD | change])
    first, second = workspace.store.decisions_of("a", "spam")
    assert second.supersedes == first.key


def test_a_missing_file_is_told_at_once(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        services.decide_from_file(workspace, path=tmp_path / "missing.jsonl")


def test_cancelling_keeps_what_was_acknowledged(workspace: Workspace, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "some.jsonl", [RECORD | {"id": name} for name in "abc"])
    cancel = threading.Event()
    answers = services.decide_from_file(workspace, path=path, cancel=cancel)
    assert next(answers) == DecisionAck(1, "a")
    cancel.set()
    with pytest.raises(CancelledError):
        next(answers)
    assert count(workspace) == 1


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with new_workspace(tmp_path_factory.mktemp("shared") / "w") as made:
        fill(made)
        yield made


values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(
    max_size=5
) | st.sampled_from(["a", "spam", "SP0", "other", "2026-01-01T00:00:00Z"])  # fmt: skip
fields = ("id", "policy", "label", "cause", "rule_id", "note", "reviewer", "decided_at", "seconds", "blind")


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(fields, values)), max_size=4))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_is_answered_once(shared: Workspace, changes: list[dict[str, Any]]) -> None:
    answers = run(shared, [RECORD | change for change in changes])
    assert [answer.line for answer in answers] == list(range(1, len(changes) + 1))
