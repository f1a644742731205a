"""A whole shift on the real window without a mouse: all a reviewer does in a day, by keys, and it adds up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import Cause, EntryState, Item, PolicyVersion, QueueFilter, RawOutput
from core.services import Workspace
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import says
from tests.ui.test_guard import guard_of, lock, readable, unlock
from ui.dialogs.transfer import ExportDialog

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
DECIDED = 50


def shift_items() -> tuple[dict[str, object], ...]:
    """Seventy items of every kind under both policies."""
    items: list[dict[str, object]] = []
    for number in range(70):
        policy = "harassment" if number % 7 == 3 else "spam"
        item: dict[str, object] = {"id": f"s-{number:02}", "policy": policy}
        if number % 3 == 0:
            item["content"] = f"Message number {number}: cheap watches for everyone."
        elif number % 3 == 1:
            item |= {"content": f"Reply number {number}, I agree.", "parent": f"What do you say to {number}?"}
        else:
            turns = [{"role": "user", "content": f"Turn {turn} of {number}"} for turn in range(5)]
            item |= {"messages": turns, "target": 4}
        items.append(item)
    return tuple(items)


def answer(item: Item, policy: PolicyVersion) -> RawOutput:
    """The model finds spam in every message, nothing in replies, and cannot be read in every tenth item."""
    if item.id.endswith("9"):
        return RawOutput(output="well", reasoning="Hm.")
    violating = next(label.code for label in policy.labels if label.violates)
    return says(violating if item.kind.value == "message" else policy.labels[0].code)


@pytest.fixture
def workplace(stage: Stage, tmp_path: Path) -> Stage:
    """A day's queue: one policy blind, one item that a colleague has decided and a second person is to review."""
    stage.folder = make_workspace(tmp_path / "shift", shift_items())
    stage.classifier.answer = answer
    with services.open_workspace(stage.folder, passphrase=PASSPHRASE) as workspace:
        services.set_review_rules(workspace, policy_id="harassment", blind_percent=100)
        services.set_review_rules(workspace, policy_id="spam", second_percent=100)
        colleague = Workspace(workspace.folder, workspace.store, workspace.settings, "lee")
        services.decide(colleague, key=workspace.store.find_entry("s-69", "spam"), label="SP2")
        services.set_review_rules(workspace, policy_id="spam", second_percent=0)
    return stage


class Shift:
    """The reviewer's hands."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.blind = self.overridden = 0

    @property
    def workspace(self) -> Workspace:
        return self.stage.desk._workspace

    def count(self, state: EntryState) -> int:
        return services.queue_counts(self.workspace).by_state.get(state, 0)

    def open(self) -> None:
        """Open the workspace from the first page."""
        stage = self.stage
        stage.ctrl(K.Key_O)
        stage.ctrl(K.Key_A)
        stage.type(str(stage.folder))
        for _ in range(6):
            if not self.in_passphrase():
                stage.press(K.Key_Tab)
        stage.type(PASSPHRASE)
        stage.press(K.Key_Return)
        stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
        stage.until(lambda: len(stage.desk.policies) == 2)

    def in_passphrase(self) -> bool:
        welcome = self.stage.window.welcome
        return welcome is not None and welcome.form.passphrase.hasFocus()

    def judge(self) -> None:
        stage = self.stage
        stage.ctrl(K.Key_J)
        stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) >= 60)
        stage.press(K.Key_F5)
        stage.until(lambda: stage.shown.review.verdict is not None or stage.shown.review.hidden.verdict)

    def settle(self, item_id: str) -> None:
        """Wait until the item was left for the next."""
        self.stage.until(lambda: self.stage.item_id != item_id and not self.stage.desk.reviewing.busy)

    def decide_one(self, number: int) -> None:
        """Decide the item in view as its kind asks for."""
        stage, review, item_id = self.stage, self.stage.shown.review, self.stage.item_id
        strip = stage.desk.override_strip
        if review.hidden.verdict:
            self.blind += 1
            stage.press(K.Key_1)
            stage.until(lambda: stage.item_id != item_id or strip.isVisible())
            if strip.isVisible():
                stage.press(K.Key_4)
                stage.press(K.Key_Return)
        elif review.verdict is not None and review.verdict.label is None:
            stage.press(K.Key_1)  # nothing to agree with
        elif number % 5 == 4:
            self.overridden += 1
            stage.press(K.Key_3)  # SP3, which the model never says
            assert strip.isVisible()
            stage.press(K.Key_2)
            stage.press(K.Key_Return)
        else:
            stage.press(K.Key_A)
        self.settle(item_id)


def test_a_whole_shift_without_a_mouse(workplace: Stage, tmp_path: Path) -> None:
    stage, shift = workplace, Shift(workplace)
    shift.open()
    shift.judge()
    for number in range(DECIDED):
        shift.decide_one(number)
    assert shift.count(EntryState.DECIDED) == DECIDED + 1  # and the colleague's
    assert shift.blind >= 3
    assert shift.overridden >= 5

    skipped = stage.item_id
    stage.press(K.Key_S, SHIFT)
    stage.press(K.Key_2)
    shift.settle(skipped)
    escalated = stage.item_id
    stage.press(K.Key_E)
    shift.settle(escalated)
    assert (shift.count(EntryState.SKIPPED), shift.count(EntryState.ESCALATED)) == (1, 1)
    last = stage.item_id
    for expected in (escalated, skipped):
        stage.ctrl(K.Key_Z)
        stage.until(lambda wanted=expected: stage.item_id == wanted and not stage.desk.reviewing.busy)
    stage.ctrl(K.Key_Z)
    stage.until(lambda: shift.count(EntryState.DECIDED) == DECIDED and not stage.desk.reviewing.busy)
    assert (shift.count(EntryState.SKIPPED), shift.count(EntryState.ESCALATED)) == (0, 0)
    assert last

    box = stage.desk.queue.policies
    box.setFocus()  # as Tab does; a list that Ctrl+P opens takes its keys from the window system, not from a test
    for _ in range(box.findData("spam") - box.currentIndex()):
        stage.press(K.Key_Down)
    assert box.currentData() == "spam"
    rows = stage.desk.model
    stage.until(lambda: all(rows.row_at(n).policy_id == "spam" for n in range(rows.rowCount())))
    stage.qtbot.wait(400)  # the counts and the list have come
    stage.press(K.Key_F2)
    stage.press(K.Key_Home)
    stage.until(lambda: stage.shown.review.key == rows.key_at(0))
    before = shift.count(EntryState.DECIDED)
    stage.press(K.Key_J, SHIFT)
    stage.press(K.Key_J, SHIFT)
    assert len(stage.desk.queue.selected_keys()) == 3
    stage.press(K.Key_1)
    stage.until(stage.desk.override_strip.isVisible)
    stage.press(K.Key_5)
    stage.press(K.Key_Return)
    stage.until(lambda: shift.count(EntryState.DECIDED) == before + 3 and not stage.desk.reviewing.busy)

    stage.ctrl(K.Key_6)
    stage.until(lambda: stage.item_id == "s-69" and stage.shown.review.decision is None)
    stage.press(K.Key_1)
    stage.until(lambda: stage.desk.override_strip.isVisible() or stage.desk.model.rowCount() == 0)
    if stage.desk.override_strip.isVisible():
        stage.press(K.Key_2)
        stage.press(K.Key_Return)
    stage.until(lambda: stage.desk.model.rowCount() == 0)
    stage.ctrl(K.Key_Backspace)
    stage.until(lambda: stage.desk.model.rowCount() > 0)

    stage.ctrl(K.Key_5)
    stage.ctrl(K.Key_F)
    stage.type("number 12")
    stage.press(K.Key_Return)
    stage.until(lambda: stage.desk.model.rowCount() == 1 and stage.item_id == "s-12")
    stage.ctrl(K.Key_F)
    stage.press(K.Key_Escape)
    stage.until(lambda: stage.desk.model.rowCount() > 1)

    assert shift.count(EntryState.DECIDED) == before + 3
    second = services.second_reviews(shift.workspace)
    assert [(one.first.reviewer, one.second.reviewer if one.second else None) for one in second] == [("lee", "mira")]
    decided = services.queue_ids(shift.workspace, filter=QueueFilter(states=(EntryState.DECIDED,)))
    timed = [services.get_review(shift.workspace, key=key).decision for key in decided]
    assert all(one is not None and (one.reviewer == "lee" or (one.seconds or 0) >= 0) for one in timed)
    assert sum(one.blind for one in timed if one is not None) >= shift.blind - 1
    assert [check for check in services.verify(shift.workspace) if not check.ok] == []

    item = stage.item_id
    lock(stage)
    assert item not in readable(stage)
    unlock(stage)
    stage.until(lambda: not guard_of(stage).is_locked)
    assert stage.item_id == item

    out = tmp_path / "found.jsonl"
    export(stage, out)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) >= shift.overridden
    assert {row["cause"] for row in rows if row.get("cause")} >= {Cause.MODEL_MISREAD.value}


def export(stage: Stage, out: Path) -> None:
    """Export the disagreements through the dialog."""

    def answer_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ExportDialog):
            QTimer.singleShot(20, answer_dialog)
            return
        for _ in range(12):
            if not dialog.path.hasFocus():
                stage.qtbot.keyClick(QApplication.focusWidget(), K.Key_Tab)
        stage.qtbot.keyClick(dialog.path, K.Key_A, Qt.KeyboardModifier.ControlModifier)
        stage.qtbot.keyClicks(dialog.path, str(out))
        stage.qtbot.keyClick(dialog.path, K.Key_Return)

    QTimer.singleShot(20, answer_dialog)
    stage.ctrl(K.Key_E)
    stage.until(lambda: out.is_file() and "Exported" in stage.notice)
