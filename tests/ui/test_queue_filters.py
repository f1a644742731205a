"""Narrowing the queue and keeping views, by keys on the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import QueueFilter, VerdictStatus
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace

K = Qt.Key
ITEMS: tuple[dict[str, object], ...] = tuple(
    {
        "id": f"i-{n}",
        "content": f"text {n} is here",
        "policy": "spam",
        "metadata": {"language": "de" if n % 2 else "en"},
    }
    for n in range(8)
)


@pytest.fixture
def filled(stage: Stage, tmp_path: Path) -> Stage:
    folder = make_workspace(tmp_path / "filters", ITEMS)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    stage.open(folder)
    return stage


def rows(stage: Stage) -> int:
    return stage.desk.model.rowCount()


def shift_ctrl(stage: Stage, key: Qt.Key) -> None:
    stage.press(key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)


def choose(stage: Stage, field: str, words: str) -> None:
    """Choose a value in a field of the panel with the keys of a list."""
    box = stage.desk.queue.panel.boxes[field]
    stage.until(lambda: box.findText(words) >= 0)
    box.setFocus()
    while box.currentText() != words:
        stage.press(K.Key_Down)


def test_the_queue_is_narrowed_by_keys_and_says_so(filled: Stage) -> None:
    stage = filled
    stage.ctrl(K.Key_L)
    panel = stage.desk.queue.panel
    assert panel.isVisible()
    choose(stage, "language", "de")
    stage.until(lambda: rows(stage) == 4)
    assert "Language: de" in stage.desk.queue.narrowed.text()
    stage.press(K.Key_Escape)
    assert not panel.isVisible()
    assert QApplication.focusWidget() is stage.desk.queue.table
    assert stage.desk.queue.narrowed.isVisible()
    shift_ctrl(stage, K.Key_L)
    stage.until(lambda: rows(stage) == 8)
    assert not stage.desk.queue.narrowed.isVisible()


def test_restrictions_go_together_with_search_and_state(filled: Stage) -> None:
    stage = filled
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) == len(ITEMS))
    stage.press(K.Key_F5)
    stage.ctrl(K.Key_L)
    choose(stage, "status", "Read")
    stage.until(lambda: 0 < rows(stage) <= 8 and "Read" in stage.desk.queue.narrowed.text())
    stage.ctrl(K.Key_F)
    stage.type("2 is here")
    stage.until(lambda: rows(stage) == 1)
    assert stage.desk.queue.current_filter() == QueueFilter(
        states=stage.desk.queue.current_filter().states, search="2 is here", status=VerdictStatus.PARSED
    )


def test_a_view_is_saved_found_again_and_removed(filled: Stage, tmp_path: Path) -> None:
    stage = filled
    stage.ctrl(K.Key_L)
    choose(stage, "language", "en")
    stage.until(lambda: rows(stage) == 4)
    shift_ctrl(stage, K.Key_S)
    stage.type("english first")
    stage.press(K.Key_Return)
    panel = stage.desk.queue.panel
    stage.until(lambda: panel.views.currentText() == "english first")
    wanted = stage.desk.queue.current_filter()
    shift_ctrl(stage, K.Key_L)
    stage.until(lambda: rows(stage) == 8)
    stage.ctrl(K.Key_W)
    stage.open(tmp_path / "filters")
    shift_ctrl(stage, K.Key_V)
    panel = stage.desk.queue.panel
    stage.until(lambda: panel.views.findText("english first") > 0)
    panel.views.hidePopup()
    panel.views.setFocus()
    stage.press(K.Key_Down)
    stage.until(lambda: rows(stage) == 4)
    assert stage.desk.queue.current_filter() == wanted
    panel.remove.click()
    stage.until(lambda: panel.views.currentText() == "No saved views yet")


def test_a_source_of_hostile_name_is_plain_text(stage: Stage, tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "x", ITEMS[:1])
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        name = "<b>a</b>\u202e.jsonl"
        workspace.store.add_items([], source=name, actor="mira")
        services.save_view(workspace, name="hostile", wanted=QueueFilter(source=name))
    stage.open(folder)
    stage.ctrl(K.Key_L)
    panel = stage.desk.queue.panel
    stage.until(lambda: panel.views.count() == 2)
    panel.views.setCurrentIndex(1)
    panel.views.activated.emit(1)
    stage.until(lambda: rows(stage) == 0)
    assert "⟦RLO⟧" in stage.desk.queue.narrowed.text()
