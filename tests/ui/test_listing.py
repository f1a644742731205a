"""A long list: its beginning is shown at once, and what follows moves neither the selection nor the view."""

from __future__ import annotations

import json
from array import array
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from core import services
from core.services.sight import FIRST_IDS
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from ui.views.welcome import WorkspaceRequest

COUNT = FIRST_IDS + 251


@pytest.fixture
def long_stage(stage: Stage, tmp_path: Path) -> Stage:
    """The window, and a workspace with more items than are told at first."""
    folder = make_workspace(tmp_path / "long", ({"id": "first", "content": "first", "policy": "spam"},))
    path = tmp_path / "long.jsonl"
    lines = [{"id": f"n-{n:04}", "content": f"text {n}", "policy": "spam"} for n in range(1, COUNT)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        assert services.import_file(workspace, path=path).stored == COUNT - 1
    stage.folder = folder
    return stage


def watch(stage: Stage) -> list[tuple[str, int, int, list[int], int]]:
    """Record how the list stands when its beginning is there and when all of it is."""
    seen: list[tuple[str, int, int, list[int], int]] = []
    queue, model = stage.desk.queue, stage.desk.model

    def note(what: str) -> None:
        seen.append(
            (what, model.rowCount(), queue.table.currentIndex().row(), queue.selected_keys(),
             queue.table.verticalScrollBar().value())
        )  # fmt: skip

    def begun(keys: array[int]) -> None:
        del keys
        note("begun")
        queue.extend_selection(1)
        queue.extend_selection(1)
        queue.table.verticalScrollBar().setValue(40)
        note("moved")

    stage.desk.feed.ids_begun.connect(begun)
    stage.desk.feed.ids_read.connect(lambda keys: note("read"))
    return seen


def test_the_rest_of_a_list_moves_neither_selection_nor_view(long_stage: Stage) -> None:
    stage = long_stage
    stage.open()
    stage.until(lambda: stage.desk.model.rowCount() == COUNT)
    assert stage.desk.content.place.text() == f"1 of {COUNT}"
    seen = watch(stage)
    resets: list[bool] = []
    stage.desk.model.modelReset.connect(lambda: resets.append(True))
    stage.press(Qt.Key.Key_F5)
    stage.until(lambda: len(seen) == 3)
    begun, moved, read = seen
    assert begun[1:3] == (FIRST_IDS, 0)
    assert moved[1:3] == (FIRST_IDS, 2)
    assert len(moved[3]) == 3
    assert moved[4] == 40
    assert read[1] == COUNT
    assert read[2:] == moved[2:]
    assert resets == [True]


def test_where_an_item_stands_is_told_before_how_many_there_are(long_stage: Stage) -> None:
    stage = long_stage
    places: list[str] = []
    stage.window.open_workspace(WorkspaceRequest(stage.folder, PASSPHRASE, create=False))
    stage.until(lambda: stage.window.desk is not None)
    stage.desk.feed.ids_begun.connect(lambda keys: places.append(stage.desk.listing.place(keys[4])))
    stage.until(lambda: stage.desk.content.place.text() == f"1 of {COUNT}")
    assert places == ["5 of …"]
    last = stage.desk.model.key_at(COUNT - 1)
    assert last is not None
    assert stage.desk.listing.place(last) == f"{COUNT} of {COUNT}"


def test_an_item_deep_in_the_list_stays_in_view_when_it_is_read_anew(long_stage: Stage) -> None:
    stage = long_stage
    stage.open()
    stage.until(lambda: stage.desk.model.rowCount() == COUNT)
    stage.press(Qt.Key.Key_End)
    key = stage.desk.model.key_at(COUNT - 1)
    assert key is not None
    stage.until(lambda: stage.shown.review.key == key)
    seen = watch(stage)
    scroll = stage.desk.queue.table.verticalScrollBar().value()
    stage.press(Qt.Key.Key_F5)
    stage.until(lambda: bool(seen))
    assert seen == [("read", COUNT, COUNT - 1, [key], scroll)]
    stage.ctrl(Qt.Key.Key_5)  # all entries: it is among them
    stage.until(lambda: len(seen) == 2)
    assert seen[1] == ("read", COUNT, COUNT - 1, [key], scroll)
