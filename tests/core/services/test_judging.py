"""The judging verbs with a fake classifier at the protocol, and once with the real process on a tiny model."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from core import services
from core.domain import (
    Effort,
    EntryState,
    Item,
    ItemKind,
    PolicyVersion,
    QueueFilter,
    QueueSort,
    RawOutput,
    VerdictStatus,
)
from core.errors import ModelCrashError, ModelFileError, UsageError
from core.inference.process import ModelProcess
from core.inference.protocol import JudgeOptions
from core.policy.document import parse_policy
from core.services.judging import JudgingEvent, ReasoningDelta, VerdictStored, verdict_of
from core.services.workspace import Workspace, create_workspace
from core.store.wrapping import Argon2Cost
from tests.fixtures.tiny_models import write_tiny_chatml
from tests.ui.fakes import SAFEGUARD, FakeClassifier, says

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with create_workspace(tmp_path / "w", passphrase="long enough", cost=Argon2Cost(8, 1, 1)) as workspace:
        for name in ("spam", "harassment"):
            services.add_policy(workspace, path=ROOT / "policies" / f"{name}.md")
        yield workspace


def fill(workspace: Workspace, count: int, policy: str | None = "spam") -> None:
    items = [Item(f"i{n}", ItemKind.MESSAGE, f"content {n}", policy=policy) for n in range(count)]
    workspace.store.add_items(items, source="test", actor="test")


def states(workspace: Workspace) -> list[str]:
    keys = services.queue_ids(workspace, filter=QueueFilter(sort=QueueSort.AGE))
    return [row.state.value for row in services.queue_rows(workspace, keys=keys)]


def test_every_item_gets_one_stored_verdict_and_events_say_so(workspace: Workspace) -> None:
    fill(workspace, 5)
    events: list[JudgingEvent] = []
    summary = services.classify(workspace, classifier=FakeClassifier(), policy_id="spam", on_event=events.append)
    assert summary.judged == 5
    assert summary.by_status == {VerdictStatus.PARSED: 5}
    assert summary.output_tokens == 100
    stored = [event for event in events if isinstance(event, VerdictStored)]
    assert [event.done for event in stored] == [1, 2, 3, 4, 5]
    assert stored[-1].seconds_left == 0.0
    assert states(workspace) == ["judged"] * 5
    assert {event.key for event in events if isinstance(event, ReasoningDelta)} == {event.key for event in stored}
    review = services.get_review(workspace, key=stored[0].key)
    assert review.verdict is not None
    assert review.verdict.label == "SP2"
    assert review.verdict.model == SAFEGUARD.name
    assert review.verdict.settings["engine"] == "fake"


def test_running_again_judges_nothing_twice(workspace: Workspace) -> None:
    fill(workspace, 3)
    fake = FakeClassifier()
    assert services.classify(workspace, classifier=fake, limit=2).judged == 2
    assert services.classify(workspace, classifier=fake).judged == 1
    assert services.classify(workspace, classifier=fake).judged == 0
    assert sorted(fake.judged) == ["i0", "i1", "i2"]


def test_without_a_policy_each_policy_judges_what_it_may(workspace: Workspace) -> None:
    fill(workspace, 2, policy=None)
    workspace.store.add_items([Item("only-spam", ItemKind.MESSAGE, "x", policy="spam")], source="t", actor="t")
    summary = services.classify(workspace, classifier=FakeClassifier())
    assert summary.judged == 5
    assert len(services.queue_ids(workspace, filter=QueueFilter(policy_id="harassment"))) == 2
    assert len(services.queue_ids(workspace, filter=QueueFilter(policy_id="spam"))) == 3


def test_a_new_policy_version_is_judged_anew_and_decisions_stay(workspace: Workspace) -> None:
    fill(workspace, 1)
    services.classify(workspace, classifier=FakeClassifier(), policy_id="spam")
    key = services.find_entry(workspace, item_id="i0", policy_id="spam")
    services.decide(workspace, key=key, agree=True)
    text = (ROOT / "policies/spam.md").read_text(encoding="utf-8").replace("# Safe", "# Safe \nOne more line.\n", 1)
    services.add_policy(workspace, text=text)
    assert services.classify(workspace, classifier=FakeClassifier(), policy_id="spam").judged == 1
    review = services.get_review(workspace, key=key)
    assert review.state is EntryState.DECIDED
    assert len(workspace.store.verdicts_of("i0")) == 2


def test_cancel_keeps_what_is_done(workspace: Workspace) -> None:
    fill(workspace, 20)
    cancel = threading.Event()

    def stop(event: JudgingEvent) -> None:
        if isinstance(event, VerdictStored) and event.done == 4:
            cancel.set()

    summary = services.classify(workspace, classifier=FakeClassifier(), on_event=stop, cancel=cancel)
    assert summary.cancelled
    assert summary.judged == 4
    assert states(workspace).count("judged") == 4
    assert services.classify(workspace, classifier=FakeClassifier()).judged == 16


def test_the_item_asked_for_goes_first(workspace: Workspace) -> None:
    fill(workspace, 6)
    wanted = services.find_entry(workspace, item_id="i4", policy_id="spam")
    fake = FakeClassifier()
    services.classify(workspace, classifier=fake, first=lambda: wanted)
    assert fake.judged == ["i4", "i0", "i1", "i2", "i3", "i5"]


def test_a_model_that_fails_keeps_what_was_stored(workspace: Workspace) -> None:
    fill(workspace, 3)
    fake = FakeClassifier(fault=ModelCrashError("it died", "try again"))
    with pytest.raises(ModelCrashError):
        services.classify(workspace, classifier=fake)
    assert states(workspace) == ["pending"] * 3


def test_an_unknown_policy_and_an_empty_workspace_are_named(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing-here"):
        services.classify(workspace, classifier=FakeClassifier(), policy_id="nothing-here")
    with (
        create_workspace(tmp_path / "empty", passphrase="long enough", cost=Argon2Cost(8, 1, 1)) as empty,
        pytest.raises(UsageError, match="no policy"),
    ):
        services.classify(empty, classifier=FakeClassifier())


def test_what_cannot_be_read_waits_for_a_human(workspace: Workspace) -> None:
    fill(workspace, 1)
    fake = FakeClassifier(lambda _item, _policy: RawOutput(output="hm, hard to say"))
    summary = services.classify(workspace, classifier=fake)
    assert summary.by_status == {VerdictStatus.UNPARSED: 1}
    review = services.get_review(workspace, key=services.find_entry(workspace, item_id="i0"))
    assert review.verdict is not None
    assert review.verdict.label is None
    assert review.verdict.raw_output == "hm, hard to say"


class TestParts:
    """Of an item judged in parts the worst part speaks for the whole."""

    policy: PolicyVersion = parse_policy((ROOT / "policies/spam.md").read_text(encoding="utf-8"))

    def read(self, *parts: RawOutput):  # type: ignore[no-untyped-def]
        raw = RawOutput(output="", parts=len(parts), part_outputs=parts, prompt_tokens=30, output_tokens=9)
        return verdict_of(
            raw, item=Item("i", ItemKind.MESSAGE, "x"), policy=self.policy, model=SAFEGUARD,
            options=JudgeOptions(effort=Effort.LOW), settings={},
        )  # fmt: skip

    def test_one_violation_is_enough_and_the_gravest_counts(self) -> None:
        verdict = self.read(says("SP0"), says("SP2"), says("SP4"), says("SP0"))
        assert (verdict.label, verdict.violates) == ("SP4", True)
        assert verdict.settings["parts"] == 4
        assert verdict.settings["part"] == 3
        assert verdict.prompt_tokens == 30

    def test_a_part_that_cannot_be_read_is_never_taken_for_safe(self) -> None:
        verdict = self.read(says("SP0"), RawOutput(output="hm"), says("SP0"))
        assert verdict.status is VerdictStatus.UNPARSED

    def test_all_safe_is_safe(self) -> None:
        assert self.read(says("SP0"), says("SP0")).label == "SP0"


class TestInspect:
    def test_the_policy_is_found_or_asked_for(self, workspace: Workspace) -> None:
        fill(workspace, 1, policy=None)
        fake = FakeClassifier()
        with pytest.raises(UsageError, match="Several"):
            services.inspect(workspace, classifier=fake, item_id="i0")
        services.classify(workspace, classifier=fake, policy_id="spam")
        _, verdict = services.inspect(workspace, classifier=fake, item_id="i0")
        assert verdict is not None
        assert verdict.policy_id == "spam"
        with pytest.raises(UsageError, match="no item"):
            services.inspect(workspace, classifier=fake, item_id="nobody")


class TestRealProcess:
    """The whole way with a spawned process and a tiny ChatML file."""

    @pytest.fixture
    def model(self, tmp_path: Path) -> str:
        return str(write_tiny_chatml(tmp_path / "tiny.gguf", window=8192))

    def test_killed_in_the_middle_all_finished_is_stored_and_the_rest_is_judged(
        self, workspace: Workspace, model: str
    ) -> None:
        fill(workspace, 24)
        classifier = services.open_classifier(workspace, model=model)
        assert isinstance(classifier, ModelProcess)
        killed: list[int] = []

        def kill(event: JudgingEvent) -> None:
            current = classifier.pid
            if isinstance(event, VerdictStored) and event.done in (3, 9) and current and len(killed) < 2:
                killed.append(current)
                os.kill(current, signal.SIGKILL)

        try:
            summary = services.classify(
                workspace, classifier=classifier, policy_id="spam", effort=Effort.LOW, on_event=kill
            )
        finally:
            classifier.close()
        assert len(set(killed)) == 2
        assert summary.judged == 24
        for number in range(24):
            assert len(workspace.store.verdicts_of(f"i{number}")) == 1
        assert all(check.ok for check in services.verify(workspace))

    def test_the_hash_of_the_file_is_remembered(self, workspace: Workspace, model: str) -> None:
        classifier = services.open_classifier(workspace, model=model)
        classifier.close()
        stat = Path(model).stat()
        assert workspace.store.recall_model(model, stat.st_size, stat.st_mtime_ns) == classifier.info.sha256

    def test_a_file_that_is_none_is_an_error(self, workspace: Workspace, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError):
            services.open_classifier(workspace, model=str(tmp_path / "none.gguf"))


class TestFastPass:
    """A first pass orders the queue; the full pass follows from its riskiest and least certain end."""

    SCORES: ClassVar = {"i0": 0.1, "i1": 0.95, "i2": 0.55, "i3": 0.02, "i4": 0.8}

    def fake(self) -> FakeClassifier:
        def answer(item: Item, _policy: PolicyVersion) -> RawOutput:
            score = self.SCORES[item.id]
            scores = {"SP0": 1 - score, "SP2": score, "SP3": 0.0, "SP4": 0.0}
            label = "SP2" if score > 0.5 else "SP0"
            return RawOutput(output=f'{{"label":"{label}"}}', label_scores=scores, label_mass=0.9)

        return FakeClassifier(answer)

    def test_it_scores_and_orders_but_leaves_the_items_to_be_judged(self, workspace: Workspace) -> None:
        fill(workspace, 5)
        summary = services.classify(workspace, classifier=self.fake(), policy_id="spam", fast=True)
        assert summary.judged == 5
        keys = services.queue_ids(workspace, filter=QueueFilter(sort=QueueSort.RISK))
        rows = services.queue_rows(workspace, keys=keys)
        assert [row.item_id for row in rows] == ["i1", "i4", "i2", "i0", "i3"]
        assert {row.state for row in rows} == {EntryState.PENDING}
        assert services.classify(workspace, classifier=self.fake(), policy_id="spam", fast=True).judged == 0

    def test_the_full_pass_follows_from_the_urgent_end(self, workspace: Workspace) -> None:
        fill(workspace, 5)
        services.classify(workspace, classifier=self.fake(), policy_id="spam", fast=True)
        workspace.store.add_items([Item("new", ItemKind.MESSAGE, "x", policy="spam")], source="t", actor="t")
        full = FakeClassifier()
        services.classify(workspace, classifier=full, policy_id="spam")
        assert full.judged == ["i1", "i2", "i4", "i0", "i3", "new"]
        assert states(workspace) == ["judged"] * 6
        first = workspace.store.verdicts_of("i0")
        assert [verdict.fast for verdict in first] == [True, False]

    def test_it_counts_in_no_figure_and_cannot_be_agreed_with(self, workspace: Workspace) -> None:
        fill(workspace, 2)
        services.classify(workspace, classifier=self.fake(), policy_id="spam", fast=True)
        [figures] = services.stats(workspace, policy_id="spam")
        assert (figures.judged, figures.by_status) == (0, {})
        key = services.find_entry(workspace, item_id="i1", policy_id="spam")
        with pytest.raises(UsageError, match="agree"):
            services.decide(workspace, key=key, agree=True)
        assert services.decide(workspace, key=key, label="SP0").agrees is None


def test_a_verdict_that_comes_after_the_decision_is_compared_with_it(workspace: Workspace) -> None:
    fill(workspace, 2)
    for item_id, label in (("i0", "SP0"), ("i1", "SP2")):
        services.decide(workspace, key=services.find_entry(workspace, item_id=item_id), label=label, policy_id="spam")
    services.classify(workspace, classifier=FakeClassifier(), policy_id="spam")
    assert services.queue_counts(workspace).disagreements == 1
    found = services.queue_ids(workspace, filter=QueueFilter(disagreements_only=True))
    assert [row.item_id for row in services.queue_rows(workspace, keys=found)] == ["i0"]


class TestSeveralPolicies:
    def fill_both(self, workspace: Workspace) -> None:
        for name in ("harassment", "spam"):
            items = [Item(f"{name}-{n}", ItemKind.MESSAGE, f"{name} {n}", policy=name) for n in range(3)]
            workspace.store.add_items(items, source="t", actor="t")

    def test_the_policy_of_the_entry_in_view_goes_first(self, workspace: Workspace) -> None:
        self.fill_both(workspace)
        key = services.find_entry(workspace, item_id="spam-1", policy_id="spam")
        fake = FakeClassifier()
        services.classify(workspace, classifier=fake, first=lambda: key)
        assert fake.judged[:3] == ["spam-1", "spam-0", "spam-2"]
        assert sorted(fake.judged[3:]) == ["harassment-0", "harassment-1", "harassment-2"]

    def test_a_run_gives_way_when_an_entry_of_another_policy_is_opened(self, workspace: Workspace) -> None:
        self.fill_both(workspace)
        key = services.find_entry(workspace, item_id="spam-2", policy_id="spam")
        fake = FakeClassifier()
        services.classify(workspace, classifier=fake, first=lambda: key if len(fake.judged) >= 1 else None)
        assert fake.judged[:2] == ["harassment-0", "spam-2"]
        assert len(fake.judged) == len(set(fake.judged)) == 6

    def test_an_entry_that_cannot_be_judged_stops_nothing(self, workspace: Workspace) -> None:
        self.fill_both(workspace)
        assert services.classify(workspace, classifier=FakeClassifier(), first=lambda: 999).judged == 6
