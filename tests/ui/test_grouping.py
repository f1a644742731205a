"""A group is folded into a row, opened on a key and decided together; each entry is recorded by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from core import services
from core.domain import EntryState, QueueFilter
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace

K = Qt.Key
SPAM = "Buy followers now, cheap and fast, at the best price that anyone has ever seen in this town"
ITEMS: tuple[dict[str, object], ...] = (
    {"id": "a", "content": SPAM, "policy": "spam"},
    {"id": "b", "content": "See you on Sunday at the match, then.", "policy": "spam"},
    {"id": "c", "content": SPAM + "!", "policy": "spam"},
    {"id": "d", "content": SPAM.lower(), "policy": "spam"},
)


def test_what_is_alike_is_folded_opened_and_decided_together(stage: Stage, tmp_path: Path) -> None:
    folder = make_workspace(tmp_path / "alike", ITEMS)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    stage.open(folder)
    model = stage.desk.model
    stage.press(K.Key_G)
    assert "Ctrl+G" in stage.notice
    stage.ctrl(K.Key_G)
    stage.until(lambda: model.rowCount() == 2)
    stage.until(lambda: "One row stands for 2 more" in stage.notice)
    index = model.index(0, 0)
    assert "+2 alike" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    stage.press(K.Key_F2)
    stage.press(K.Key_Home)
    stage.until(lambda: stage.item_id == "a")
    stage.press(K.Key_G)
    assert model.rowCount() == 4
    assert len(stage.desk.queue.selected_keys()) == 3
    stage.press(K.Key_2)
    stage.press(K.Key_Return)  # a batch asks once
    workspace = stage.desk._workspace
    decided = QueueFilter(states=(EntryState.DECIDED,))
    stage.until(lambda: len(services.queue_ids(workspace, filter=decided)) == 3)
    for item_id in ("a", "c", "d"):
        key = services.find_entry(workspace, item_id=item_id, policy_id="spam")
        assert len(services.get_review(workspace, key=key).history) == 1
    stage.ctrl(K.Key_Z)  # one step takes the batch back
    stage.until(lambda: len(services.queue_ids(workspace, filter=decided)) == 0)


def test_folding_is_taken_away_by_the_same_key(stage: Stage, tmp_path: Path) -> None:
    stage.open(make_workspace(tmp_path / "alike", ITEMS))
    stage.ctrl(K.Key_G)
    stage.until(lambda: stage.desk.model.rowCount() == 2)
    stage.ctrl(K.Key_G)
    stage.until(lambda: stage.desk.model.rowCount() == 4)
    assert stage.desk.model.others == {}
