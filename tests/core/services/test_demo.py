"""The sample and the headless run, with a fake classifier at the protocol."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path

import pytest

from core import services
from core.domain import Cause, Item, PolicyVersion, QueueFilter, QueueSort, RawOutput
from core.errors import ExportError
from core.services.demo import SAMPLE_REVIEWER, throwaway_workspace
from core.services.judging import JudgingEvent, JudgingStarted, VerdictStored
from tests.ui.fakes import FakeClassifier, says

SAMPLE = [json.loads(line) for line in services.sample_queue_path().read_text(encoding="utf-8").splitlines()]


def right_label(item: Item, policy: PolicyVersion) -> RawOutput:
    return says(item.metadata["label"])


def unreadable(item: Item, policy: PolicyVersion) -> RawOutput:
    return RawOutput(output="I would rather not say", output_tokens=5)


def test_the_first_items_are_judged_decided_and_exported(tmp_path: Path) -> None:
    result = services.run_demo(classifier=FakeClassifier(), out=tmp_path / "new" / "out", limit=8)
    first = [record["id"] for record in SAMPLE[:8]]
    assert [verdict.item_id for verdict in result.verdicts] == first
    assert [decision.item_id for decision in result.decisions] == first
    assert [decision.label for decision in result.decisions] == [record["label"] for record in SAMPLE[:8]]
    assert {decision.reviewer for decision in result.decisions} == {SAMPLE_REVIEWER}
    assert not result.cancelled
    assert [path.name for path in result.files] == ["disagreements.jsonl", "decisions.jsonl"]
    disagreements, decisions = (path.read_text(encoding="utf-8").splitlines() for path in result.files)
    assert len(decisions) == 8
    assert len(disagreements) == result.disagreements > 0
    for line in disagreements:
        record = json.loads(line)
        assert record["label"] != record["verdict"]["label"]


def test_a_cause_goes_with_an_override_only(tmp_path: Path) -> None:
    causes = {record["id"]: record["cause"] for record in SAMPLE if "cause" in record}
    overriding = services.run_demo(classifier=FakeClassifier(), out=tmp_path / "a", limit=12)
    for decision in overriding.decisions:
        written = causes.get(decision.item_id) if decision.agrees is False else None
        assert decision.cause == (Cause(written) if written else None)
    agreeing = services.run_demo(classifier=FakeClassifier(right_label), out=tmp_path / "b", limit=12)
    assert agreeing.disagreements == 0
    assert {decision.cause for decision in agreeing.decisions} == {None}


def test_what_cannot_be_read_is_decided_but_is_no_disagreement(tmp_path: Path) -> None:
    result = services.run_demo(classifier=FakeClassifier(unreadable), out=tmp_path, limit=3)
    assert {decision.agrees for decision in result.decisions} == {None}
    assert result.disagreements == 0
    assert result.files[0].read_text(encoding="utf-8") == ""


def test_progress_counts_over_all_policies(tmp_path: Path) -> None:
    events: list[JudgingEvent] = []
    services.run_demo(classifier=FakeClassifier(), out=tmp_path, limit=5, on_event=events.append)
    assert [event.total for event in events if isinstance(event, JudgingStarted)] == [5]
    stored = [event for event in events if isinstance(event, VerdictStored)]
    assert [(event.done, event.total) for event in stored] == [(n, 5) for n in range(1, 6)]
    assert stored[-1].seconds_left == 0


def test_stopping_keeps_what_is_finished(tmp_path: Path) -> None:
    stop = threading.Event()

    def stop_after_two(event: JudgingEvent) -> None:
        if isinstance(event, VerdictStored) and event.done == 2:
            stop.set()

    result = services.run_demo(classifier=FakeClassifier(), out=tmp_path, limit=8, on_event=stop_after_two, cancel=stop)
    assert result.cancelled
    assert len(result.verdicts) == len(result.decisions) == 2


def test_nothing_of_the_workspace_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    with throwaway_workspace() as workspace:
        assert workspace.folder.is_relative_to(tmp_path / "scratch")
        keys = services.queue_ids(workspace, filter=QueueFilter(sort=QueueSort.AGE))
        assert len(keys) == len(SAMPLE)
        assert [policy.policy_id for policy in services.list_policies(workspace)] == ["harassment", "spam"]
        assert (workspace.folder / "workspace.db").read_bytes().find(b"violin") == -1
    assert list((tmp_path / "scratch").iterdir()) == []
    assert services.last_workspace() is None


def test_a_target_that_is_a_file_is_refused_before_anything_is_judged(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("mine", encoding="utf-8")
    classifier = FakeClassifier()
    with pytest.raises(ExportError):
        services.run_demo(classifier=classifier, out=target)
    assert classifier.judged == []
    assert target.read_text(encoding="utf-8") == "mine"
