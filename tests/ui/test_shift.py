"""A reviewer at work on the real window, by keys alone: judge, agree, override, skip, undo, and it is still there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import Cause, EntryState, QueueFilter
from core.errors import ModelCrashError
from tests.ui.conftest import ITEMS, PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import SAMPLE, FakeClassifier

K = Qt.Key


def state_of(stage: Stage, item_id: str) -> EntryState:
    desk = stage.desk
    rows = (desk.model.row_at(number) for number in range(desk.model.rowCount()))
    return next(row.state for row in rows if row is not None and row.item_id == item_id)


def test_agreeing_stores_the_model_s_label_and_goes_on(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    item_id, label = stage.item_id, stage.shown.review.verdict.label
    stage.press(K.Key_A)
    stage.until(lambda: stage.item_id != item_id)
    assert state_of(stage, item_id) is EntryState.DECIDED
    entry = services.find_entry(stage.desk._workspace, item_id=item_id, policy_id="spam")
    decision = services.get_review(stage.desk._workspace, key=entry).decision
    assert decision is not None
    assert (decision.label, decision.agrees, decision.reviewer) == (label, True, "mira")
    assert decision.seconds is not None
    assert decision.seconds >= 0


def test_enter_agrees_from_the_list_but_not_from_a_field_or_button(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    first = stage.item_id
    stage.ctrl(K.Key_F)
    stage.type("watch")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.desk.model.rowCount() == 1)
    assert state_of(stage, "m-1") is EntryState.JUDGED
    stage.desk.policy.whole.setFocus()
    stage.press(K.Key_Return)
    assert stage.desk.policy.whole.isChecked()
    assert state_of(stage, "m-1") is EntryState.JUDGED
    stage.press(K.Key_F2)
    stage.press(K.Key_Return)
    stage.until(lambda: not stage.desk.reviewing.busy and stage.desk.model.rowCount() == 0)
    assert first


def test_override_asks_cause_clause_and_note_in_a_strip(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-2")
    stage.press(K.Key_1)  # SP0, where the model says SP2
    strip = stage.desk.override_strip
    assert strip.isVisible()
    stage.press(K.Key_Return)
    assert strip.problem.isVisible()  # a cause is needed
    stage.press(K.Key_2)
    stage.press(K.Key_R)
    stage.type("sp0.c")
    stage.press(K.Key_Escape)  # closes the list of matches, not the strip
    stage.desk.override_strip.note.setFocus()
    stage.type("plain talk")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-2")
    assert not strip.isVisible()
    entry = services.find_entry(stage.desk._workspace, item_id="m-2", policy_id="spam")
    decision = services.get_review(stage.desk._workspace, key=entry).decision
    assert decision is not None
    assert decision.agrees is False
    assert (decision.label, decision.cause, decision.rule_id) == ("SP0", Cause.MODEL_MISREAD, "SP0.c")
    assert decision.note == "plain talk"
    stage.until(lambda: stage.desk.queue.views._segments[2].accessibleName().endswith(": 1"))


def test_an_unknown_clause_is_refused_beside_the_field(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-2")
    stage.press(K.Key_1)
    stage.press(K.Key_4)
    stage.desk.override_strip.rule.setText("XX9.z")
    stage.press(K.Key_Return)
    assert stage.desk.override_strip.isVisible()
    assert stage.desk.override_strip.problem.isVisible()
    assert state_of(stage, "m-2") is EntryState.JUDGED


def test_escape_leaves_the_strip_without_deciding(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-2")
    stage.press(K.Key_1)
    stage.press(K.Key_Escape)
    assert not stage.desk.override_strip.isVisible()
    assert stage.item_id == "m-2"
    assert state_of(stage, "m-2") is EntryState.JUDGED


def test_the_model_s_own_label_by_digit_needs_no_cause(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-1")
    stage.press(K.Key_2)
    stage.until(lambda: stage.item_id != "m-1")
    assert state_of(stage, "m-1") is EntryState.DECIDED


def test_a_human_may_decide_before_the_model(open_stage: Stage) -> None:
    stage = open_stage
    stage.show("m-1")
    stage.press(K.Key_A)  # nothing to agree with
    assert stage.item_id == "m-1"
    stage.press(K.Key_2)
    stage.until(lambda: stage.item_id != "m-1")
    assert state_of(stage, "m-1") is EntryState.DECIDED


def test_skip_escalate_and_undo_every_step(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    order = []
    for key in (K.Key_S, K.Key_E, K.Key_A):
        order.append(stage.item_id)
        stage.press(key)
        stage.until(lambda: stage.item_id not in order)
    states = [state_of(stage, item_id) for item_id in order]
    assert states == [EntryState.SKIPPED, EntryState.ESCALATED, EntryState.DECIDED]
    for item_id in reversed(order):
        stage.ctrl(K.Key_Z)
        stage.until(lambda wanted=item_id: stage.item_id == wanted and not stage.desk.reviewing.busy)
        stage.until(lambda wanted=item_id: state_of(stage, wanted) is EntryState.JUDGED)
    stage.ctrl(K.Key_Z)
    stage.until(lambda: "nothing to take back" in stage.notice.lower())


def test_a_note_travels_with_the_decision(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    item_id = stage.item_id
    stage.press(K.Key_N)
    stage.type("as asked, not 1 2 3")
    stage.press(K.Key_Return)
    assert stage.item_id == item_id
    stage.press(K.Key_A)
    stage.until(lambda: stage.item_id != item_id)
    workspace = stage.desk._workspace
    policy_id = stage.desk.policies[0].policy_id if item_id == "m-4" else "spam"
    key = services.find_entry(workspace, item_id=item_id, policy_id=policy_id)
    decision = services.get_review(workspace, key=key).decision
    assert decision is not None
    assert decision.note == "as asked, not 1 2 3"
    assert stage.desk.reviewing.note == ""


def test_everything_is_there_after_closing_and_opening_again(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    decided = stage.item_id
    stage.press(K.Key_A)
    stage.until(lambda: stage.item_id != decided)
    stage.ctrl(K.Key_W)
    assert stage.window.desk is None
    assert stage.classifier.closed == 1
    stage.open()
    stage.ctrl(K.Key_2)
    stage.until(lambda: stage.desk.model.rowCount() == 1)
    assert state_of(stage, decided) is EntryState.DECIDED
    with services.open_workspace(stage.folder, passphrase=PASSPHRASE) if stage.window.close() else None as workspace:
        assert len(services.queue_ids(workspace, filter=QueueFilter(states=(EntryState.DECIDED,)))) == 1


def test_all_decided_says_so(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    for _ in ITEMS:
        before = stage.item_id
        stage.press(K.Key_A)
        stage.until(lambda was=before: stage.item_id != was)
    stage.until(lambda: stage.desk.queue.empty.isVisible())
    assert "Nothing is left" in stage.desk.queue.empty.text()
    stage.press(K.Key_A)
    stage.press(K.Key_1)
    stage.press(K.Key_S)
    assert stage.item_id == ""


def test_search_narrows_and_escape_brings_all_back(open_stage: Stage) -> None:
    stage = open_stage
    stage.ctrl(K.Key_F)
    stage.type("chain letter")
    stage.until(lambda: stage.desk.model.rowCount() == 1)
    stage.until(lambda: stage.item_id == "c-5")
    stage.press(K.Key_Escape)
    stage.until(lambda: stage.desk.model.rowCount() == len(ITEMS))
    assert QApplication.focusWidget() is stage.desk.queue.table
    assert stage.item_id == "c-5"


def test_filters_by_state_and_policy(open_stage: Stage) -> None:
    stage = open_stage
    stage.ctrl(K.Key_2)
    stage.until(lambda: stage.desk.model.rowCount() == 0)
    stage.ctrl(K.Key_5)
    stage.until(lambda: stage.desk.model.rowCount() == len(ITEMS))
    box = stage.desk.queue.policies
    box.setFocus()
    stage.press(K.Key_Down)
    stage.until(lambda: 0 < stage.desk.model.rowCount() < len(ITEMS))
    assert {stage.desk.model.row_at(n).policy_id for n in range(stage.desk.model.rowCount())} == {box.currentData()}


@pytest.mark.parametrize("classifier", [FakeClassifier(gated=True, info=SAMPLE)], ids=["gated"])
def test_verdicts_arrive_live_without_moving_the_reviewer(open_stage: Stage) -> None:
    stage = open_stage
    stage.show("m-4")
    order = [stage.desk.model.key_at(n) for n in range(len(ITEMS))]
    stage.ctrl(K.Key_J)
    stage.until(lambda: "Judging 0 of 6" in stage.window.strip.words.full_text)
    assert "(sample)" in stage.window.strip.words.full_text
    assert stage.window.banner.isVisible()
    stage.until(lambda: "Let me see." in stage.desk.verdict.surface.toPlainText())  # the item in view comes first
    stage.classifier.release()
    stage.until(lambda: stage.shown.review.verdict is not None)
    assert stage.item_id == "m-4"
    assert stage.classifier.judged == ["m-4"]
    stage.classifier.release(2)
    stage.until(lambda: "Judging 3 of 6" in stage.window.strip.words.full_text)
    assert stage.item_id == "m-4"
    assert [stage.desk.model.key_at(n) for n in range(len(ITEMS))] == order
    assert stage.desk.queue.stale.isVisible()
    stage.press(K.Key_A)
    stage.until(lambda: stage.item_id != "m-4")
    assert stage.desk.judging.running
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running)
    assert "Stopped" in stage.notice
    assert len(stage.classifier.judged) == 3


def test_the_banner_stays_away_once_dismissed(stage: Stage) -> None:
    stage.classifier.info = SAMPLE
    stage.open()
    stage.judge_all()
    assert stage.window.banner.isVisible()
    stage.window.banner.dismiss.click()
    stage.desk.toggle_judging()
    stage.until(lambda: not stage.desk.judging.running)
    assert not stage.window.banner.isVisible()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ModelCrashError("It died twice.", "Start it again."), "The model process stopped"),
        (RuntimeError("secret content"), "Something went wrong inside Docket"),
    ],
    ids=["known", "bug"],
)
def test_a_failing_classifier_is_a_notice_and_the_work_goes_on(open_stage: Stage, fault: Exception, words: str) -> None:
    stage = open_stage
    stage.classifier.fault = fault
    stage.ctrl(K.Key_J)
    stage.until(lambda: words in stage.notice)
    assert not stage.desk.judging.running
    stage.window.notice_bar.copy.click()
    details = QApplication.clipboard().text()
    assert type(fault).__name__ in details
    assert "secret" not in details
    assert "watches" not in details
    stage.press(K.Key_Escape)
    assert stage.notice == ""
    item_id = stage.item_id
    stage.press(K.Key_1)
    stage.until(lambda: stage.item_id != item_id)
    stage.classifier.fault = None
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) > 0)


def test_a_refused_write_keeps_item_and_words_and_says_so(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-2")
    stage.press(K.Key_1)
    stage.press(K.Key_6)
    words = "n" * 10_001  # the services take 10,000
    stage.desk.override_strip.note.setText(words)
    stage.press(K.Key_Return)
    stage.until(lambda: not stage.desk.reviewing.busy)
    assert stage.window.notice_bar.copy.isVisible()  # an error, not news
    assert "10,000" in stage.notice
    assert stage.item_id == "m-2"
    assert stage.desk.override_strip.isVisible()
    assert stage.desk.override_strip.note.text() == words
    assert state_of(stage, "m-2") is EntryState.JUDGED
    stage.desk.override_strip.note.setText("shorter")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-2")


def test_closing_while_judging_stops_it(open_stage: Stage) -> None:
    stage = open_stage
    stage.classifier._gate = FakeClassifier(gated=True)._gate
    stage.ctrl(K.Key_J)
    stage.until(lambda: "Judging" in stage.window.strip.words.full_text)
    stage.window.close()
    assert stage.classifier.closed == 1
    stage.qtbot.wait(50)


def test_every_verdict_status_but_parsed_says_what_happened(open_stage: Stage) -> None:
    stage = open_stage
    from core.domain import RawOutput

    stage.classifier.answer = lambda item, policy: RawOutput(output="perhaps <b>maybe</b>", reasoning="Hm.")
    stage.judge_all()
    text = stage.desk.verdict.surface.toPlainText()
    assert "You decide" in text
    assert "perhaps <b>maybe</b>" in text
    assert not stage.desk.decisions.agree.isEnabled()
    item_id = stage.item_id
    stage.press(K.Key_A)
    assert stage.item_id == item_id
    stage.press(K.Key_1)
    stage.until(lambda: stage.item_id != item_id)


def test_deciding_the_same_again_stores_nothing(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-1")
    stage.press(K.Key_A)
    stage.until(lambda: stage.item_id != "m-1")
    stage.ctrl(K.Key_5)
    stage.show("m-1")
    stage.press(K.Key_A)
    assert "already" in stage.notice
    assert len(stage.shown.review.history) == 1


def test_a_past_decision_is_changed_in_place(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-1")
    stage.press(K.Key_A)
    stage.until(lambda: stage.item_id != "m-1")
    stage.ctrl(K.Key_2)
    stage.until(lambda: stage.desk.model.rowCount() == 1 and stage.item_id == "m-1")
    stage.press(K.Key_1)
    stage.press(K.Key_4)
    stage.press(K.Key_Return)
    stage.until(lambda: len(stage.shown.review.history) == 2)
    assert stage.item_id == "m-1"
    decision = stage.shown.review.decision
    assert decision is not None
    assert (decision.label, decision.cause) == ("SP0", Cause.BORDERLINE)


def test_home_and_end_reach_the_ends_of_the_list(open_stage: Stage) -> None:
    stage = open_stage
    stage.press(K.Key_F2)
    stage.press(K.Key_End)
    stage.until(lambda: stage.desk.content.place.text() == "6 of 6")
    stage.press(K.Key_Home)
    stage.until(lambda: stage.desk.content.place.text() == "1 of 6")


def test_the_next_item_is_loaded_before_it_is_asked_for(open_stage: Stage) -> None:
    stage = open_stage
    stage.until(lambda: len(stage.desk.reviewing._kept) >= 2)
    key = stage.desk.model.key_at(1)
    assert key in stage.desk.reviewing._kept
    stage.press(K.Key_J)
    assert stage.shown.review.key == key  # at once, without waiting for the pool


def test_an_item_without_a_policy_asks_for_one_by_digit(stage: Stage, tmp_path: Path) -> None:
    items = tuple({"id": f"n-{number}", "content": f"Text {number}"} for number in (1, 2))
    stage.open(make_workspace(tmp_path / "open", items))
    assert stage.desk.reviewing.policy is None
    assert not stage.desk.decisions.agree.isEnabled()
    titles = [policy.title for policy in stage.desk.policies]
    stage.until(lambda: [button.text() for button in stage.desk.decisions.label_buttons] == titles)
    stage.press(K.Key_2)
    policy = stage.desk.policies[1]
    assert stage.desk.reviewing.policy == policy
    stage.press(K.Key_1)
    stage.until(lambda: stage.item_id == "n-2")
    assert stage.desk.reviewing.policy == policy  # the choice stays until it is changed
    stage.press(K.Key_K)
    stage.until(lambda: stage.item_id == "n-1")
    decision = stage.shown.review.decision
    assert decision is not None
    assert (decision.policy_id, decision.label) == (policy.policy_id, policy.labels[0].code)


def test_a_first_pass_scores_the_queue_and_leaves_nothing_to_agree_with(open_stage: Stage) -> None:
    stage = open_stage
    stage.press(K.Key_J, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    stage.until(lambda: not stage.desk.judging.running and stage.desk.reviewing.current is not None)
    stage.show("m-2")
    stage.until(lambda: stage.shown.review.verdict is not None)
    verdict = stage.shown.review.verdict
    assert verdict is not None
    assert verdict.fast
    assert state_of(stage, "m-2") is EntryState.PENDING
    assert not stage.desk.decisions.agree.isEnabled()
    stage.press(K.Key_1)
    assert not stage.desk.override_strip.isVisible()  # nothing is overridden
    stage.until(lambda: state_of(stage, "m-2") is EntryState.DECIDED)
