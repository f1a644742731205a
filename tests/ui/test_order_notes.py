"""An order that needs a second opinion says so where there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt

from core.domain import QueueSort
from tests.ui.conftest import Stage


def choose(stage: Stage, sort: QueueSort) -> None:
    box = stage.desk.queue.sorts
    box.setCurrentIndex(box.findData(sort))
    box.activated.emit(box.currentIndex())


def test_the_expected_order_leads_to_where_a_second_opinion_is_trained(open_stage: Stage) -> None:
    stage, note = open_stage, open_stage.desk.queue.order_note
    assert note.isHidden()
    choose(stage, QueueSort.EXPECTED)
    stage.until(note.isVisible)
    assert "(Alt+3)" in note.text()
    assert "same as oldest first" in note.accessibleName()
    assert stage.item_id == "m-1"
    choose(stage, QueueSort.RISK)
    stage.until(note.isHidden)
    choose(stage, QueueSort.EXPECTED)
    stage.until(note.isVisible)
    stage.qtbot.mouseClick(note, Qt.MouseButton.LeftButton)
    shelf = stage.window.shelf
    assert shelf is not None
    assert shelf.index == 2
