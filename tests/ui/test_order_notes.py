"""An order that needs a second opinion says so where there is none."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from core import services
from core.domain import EntryState, QueueFilter, QueueSort
from tests.core.services.test_second_opinion import POLICY, fill
from tests.fixtures.values import make_decision
from tests.fixtures.workspaces import new_workspace
from tests.ui.conftest import Stage
from ui.views.welcome import WorkspaceRequest

DECIDED = QueueFilter((EntryState.DECIDED,), "sales")


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


def test_the_expected_order_says_how_many_items_have_no_score(stage: Stage, tmp_path: Path) -> None:
    with new_workspace(tmp_path / "sales") as workspace:
        fill(workspace, 100, 12)
        services.train_second_opinion(workspace, policy_id="sales")
        services.score_queue(workspace, policy_id="sales")
        [item] = workspace.store.items_of_entries([services.queue_ids(workspace, filter=DECIDED)[0]])
        workspace.store.add_decisions([make_decision(item, POLICY, None, reviewer="kim")], actor="kim")
    stage.window.open_workspace(WorkspaceRequest(tmp_path / "sales", "long enough", create=False))
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    note = stage.desk.queue.order_note
    choose(stage, QueueSort.EXPECTED)
    stage.until(note.isVisible)
    assert note.text().startswith("1 not scored")
    assert "whose decision was taken back" in note.accessibleName()
