"""Deciding on the real window: blind, in batches, with reasons, a second time, and settling what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from core import services
from core.domain import Cause, EntryState, Item, PolicyVersion, RawOutput, ReasonWhen
from core.services import Workspace
from tests.ui.conftest import PASSPHRASE, Stage
from tests.ui.fakes import says

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def as_reviewer(stage: Stage, name: str, verb: Callable[[Workspace], object]) -> None:
    """Let somebody else act on the workspace before it is opened."""
    with services.open_workspace(stage.folder, passphrase=PASSPHRASE) as workspace:
        workspace.reviewer = name
        verb(workspace)


def rules(stage: Stage, **changes: object) -> None:
    def verb(workspace: Workspace) -> None:
        for policy_id in ("spam", "harassment"):
            services.set_review_rules(workspace, policy_id=policy_id, **changes)  # type: ignore[arg-type]

    as_reviewer(stage, "mira", verb)


def decision_on(stage: Stage, item_id: str) -> object:
    key = stage.desk._workspace.store.find_entry(item_id, None)
    return services.get_review(stage.desk._workspace, key=key).decision


def test_a_blind_item_shows_nothing_and_then_asks_only_if_they_differ(stage: Stage) -> None:
    rules(stage, blind_percent=100)
    stage.classifier.answer = lambda item, policy: says("SP2" if policy.policy_id == "spam" else "HR2",
                                                        reasoning="SECRETREASON")  # fmt: skip
    stage.open()
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) == 6)
    stage.show("m-1")
    stage.until(lambda: stage.shown.review.state is EntryState.JUDGED)
    assert stage.desk.verdict.label.text() == "Blind review"
    assert "SECRET" not in stage.desk.verdict.surface.toPlainText()
    assert not stage.desk.decisions.agree.isEnabled()
    row = stage.desk.model.row_at(stage.desk.model.row_of(stage.shown.review.key))
    assert row is not None
    assert row.verdict_label is None
    stage.press(K.Key_A)
    assert "hidden" in stage.notice
    stage.press(K.Key_2)  # SP2, as the model: nothing is asked
    stage.until(lambda: stage.item_id != "m-1")
    assert "too" in stage.notice
    stage.show("m-2")
    stage.press(K.Key_1)  # SP0: stored, shown, asked
    strip = stage.desk.override_strip
    stage.until(strip.isVisible)
    assert stage.item_id == "m-2"
    assert "SECRETREASON" in stage.desk.verdict.surface.toPlainText()
    assert "SP2" in strip.words.text()
    stage.press(K.Key_4)
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-2")
    decision = decision_on(stage, "m-2")
    assert (decision.label, decision.blind, decision.cause) == ("SP0", True, Cause.BORDERLINE)
    stage.ctrl(K.Key_Z)
    stage.until(lambda: stage.item_id == "m-2" and not stage.desk.reviewing.busy)
    stage.until(lambda: decision_on(stage, "m-2") is None)  # label and reason at once


@pytest.mark.parametrize("must", [False, True])
def test_the_reason_of_a_blind_decision_may_be_left_out_unless_the_rules_ask_for_it(stage: Stage, must: bool) -> None:
    rules(stage, blind_percent=100, cause_when=ReasonWhen.OVERRIDE if must else ReasonWhen.ASK)
    stage.open()
    stage.judge_blind()
    stage.show("m-2")
    stage.press(K.Key_1)
    strip = stage.desk.override_strip
    stage.until(strip.isVisible)
    stage.press(K.Key_Escape)
    if must:
        assert strip.isVisible()
        assert strip.problem.isVisible()
        stage.press(K.Key_6)
        stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-2")
    decision = decision_on(stage, "m-2")
    assert decision.blind
    assert decision.cause is (Cause.OTHER if must else None)


def test_a_selection_is_decided_and_taken_back_at_once(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    box = stage.desk.queue.policies
    box.setCurrentIndex(box.findData("spam"))
    stage.desk.queue._emit_filter()
    stage.until(lambda: stage.desk.model.rowCount() == 5)
    stage.press(K.Key_F2)
    stage.press(K.Key_Home)
    stage.press(K.Key_J, SHIFT)
    stage.press(K.Key_J, SHIFT)
    assert len(stage.desk.queue.selected_keys()) == 3
    assert stage.desk.queue.selected.isVisible()
    stage.press(K.Key_A)
    strip = stage.desk.override_strip
    assert strip.isVisible()
    assert "3" in strip.words.text()
    stage.press(K.Key_Return)
    stage.until(lambda: "3 decided" in stage.notice)
    assert not stage.desk.queue.selected.isVisible()
    decided = services.queue_counts(stage.desk._workspace).by_state.get(EntryState.DECIDED)
    assert decided == 3
    stage.ctrl(K.Key_Z)
    stage.until(lambda: "selection" in stage.notice)
    assert EntryState.DECIDED not in services.queue_counts(stage.desk._workspace).by_state


def test_escape_ends_a_selection(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.press(K.Key_F2)
    stage.press(K.Key_J, SHIFT)
    assert len(stage.desk.queue.selected_keys()) == 2
    stage.press(K.Key_Escape)
    assert len(stage.desk.queue.selected_keys()) == 1


def test_skipping_with_a_reason_by_number(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    first = stage.item_id
    stage.press(K.Key_S, SHIFT)
    assert stage.desk.reason_strip.isVisible()
    stage.press(K.Key_Escape)
    assert stage.item_id == first
    stage.press(K.Key_S, SHIFT)
    stage.press(K.Key_1)
    stage.until(lambda: stage.item_id != first)
    second = stage.item_id
    stage.press(K.Key_E, SHIFT)
    stage.press(K.Key_N)
    stage.type("ask the law team")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != second)
    with stage.desk._workspace.store._db.read() as connection:
        reasons = [row[0] for row in connection.exec_driver_sql("SELECT reason FROM remark ORDER BY id")]
    assert reasons == ["Not my language", "ask the law team"]


def test_a_change_of_mind_needs_a_reason(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-1")
    stage.press(K.Key_1)
    stage.press(K.Key_4)
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-1")
    stage.ctrl(K.Key_2)
    stage.until(lambda: stage.item_id == "m-1")
    stage.press(K.Key_A)  # back to the model's label: no override, yet a change
    strip = stage.desk.override_strip
    assert strip.isVisible()
    stage.press(K.Key_Return)
    assert strip.problem.isVisible()
    stage.press(K.Key_N)
    stage.type("read it again")
    stage.press(K.Key_Return)
    stage.until(lambda: len(stage.shown.review.history) == 2)
    assert stage.shown.review.decision.note == "read it again"


def test_a_note_can_be_asked_for_with_every_decision(stage: Stage) -> None:
    rules(stage, note_when=ReasonWhen.ALWAYS)
    stage.open()
    stage.judge_all()
    first = stage.item_id
    stage.press(K.Key_A)
    strip = stage.desk.override_strip
    assert strip.isVisible()
    stage.press(K.Key_Return)
    assert strip.problem.isVisible()
    stage.press(K.Key_N)
    stage.type("clear")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != first)


def second_setup(stage: Stage) -> None:
    def verb(workspace: Workspace) -> None:
        services.set_review_rules(workspace, policy_id="spam", second_percent=100)
        key = workspace.store.find_entry("m-1", "spam")
        services.decide(replace_reviewer(workspace, "lee"), key=key, label="SP2", note="FIRSTNOTE")

    as_reviewer(stage, "mira", verb)


def replace_reviewer(workspace: Workspace, name: str) -> Workspace:
    return Workspace(workspace.folder, workspace.store, workspace.settings, name)


def test_a_second_review_is_made_without_sight_of_the_first_and_settled(stage: Stage) -> None:
    second_setup(stage)
    stage.open()
    stage.ctrl(K.Key_6)
    stage.until(lambda: stage.item_id == "m-1" and stage.desk.model.rowCount() == 1)
    everything = stage.desk.content.surface.toPlainText() + stage.desk.verdict.surface.toPlainText()
    assert "FIRSTNOTE" not in everything
    assert stage.shown.review.decision is None
    assert not stage.desk.second_strip.isVisible()
    assert not any(button.isChecked() for button in stage.desk.decisions.label_buttons)
    stage.press(K.Key_1)
    stage.until(lambda: stage.desk.model.rowCount() == 0)
    assert "Nothing waits" in stage.desk.queue.empty.text()
    stage.ctrl(K.Key_7)  # alone, everyone leads
    stage.until(lambda: stage.item_id == "m-1" and stage.desk.second_strip.isVisible())
    assert "lee: SP2" in stage.desk.second_strip.first.full_text
    assert "FIRSTNOTE" in stage.desk.second_strip.first.full_text
    assert "mira: SP0" in stage.desk.second_strip.second.full_text
    stage.press(K.Key_1)
    strip = stage.desk.override_strip
    assert strip.isVisible()
    stage.press(K.Key_N)
    stage.type("mira is right")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.desk.model.rowCount() == 0)
    decision = decision_on(stage, "m-1")
    assert (decision.label, decision.reviewer, decision.note) == ("SP0", "mira", "mira is right")
    stage.ctrl(K.Key_Backspace)
    stage.until(lambda: stage.desk.model.rowCount() == 5)


def test_the_model_at_work_does_not_speak_over_a_blind_item(stage: Stage) -> None:
    rules(stage, blind_percent=100)

    def answer(item: Item, policy: PolicyVersion) -> RawOutput:
        return replace(says(policy.labels[1].code), reasoning="LOUD")

    stage.classifier.answer = answer
    stage.open()
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) == 6)
    assert "Let me" not in stage.desk.verdict.surface.toPlainText()
    assert "LOUD" not in stage.desk.verdict.surface.toPlainText()


def test_undo_pressed_before_a_decision_is_on_the_disk_takes_that_decision_back(stage: Stage) -> None:
    rules(stage, blind_percent=0)
    stage.open()
    stage.show("m-1")
    stage.press(K.Key_2)
    stage.until(lambda: stage.item_id != "m-1" and not stage.desk.reviewing.busy)
    stage.show("m-2")
    stage.press(K.Key_1)
    stage.ctrl(K.Key_Z)
    stage.ctrl(K.Key_Z)
    stage.until(lambda: decision_on(stage, "m-1") is None and not stage.desk.reviewing.busy)
    assert decision_on(stage, "m-2") is None
    stage.until(lambda: stage.item_id == "m-1")
    stage.ctrl(K.Key_Z)
    stage.until(lambda: "nothing to take back" in stage.notice)
