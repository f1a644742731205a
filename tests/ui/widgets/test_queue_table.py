"""The table of the queue keeps in view what is being worked on."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from core.domain import EntryState, ItemKind, QueueRow
from ui.models.queue_model import QueueModel
from ui.theme import Theme
from ui.widgets.queue_table import make_queue_table


def rows(keys: Sequence[int]) -> list[QueueRow]:
    made = EntryState.PENDING
    return [
        QueueRow(key, f"i{key}", ItemKind.MESSAGE, "spam", made, "text", None, None, None, None, None, None)
        for key in keys
    ]


@pytest.fixture
def table(qtbot: QtBot, theme: Theme) -> QTableView:
    model = QueueModel(rows)
    model.set_keys(array("q", range(1000)))
    table = make_queue_table(theme, model, "Queue")
    model.setParent(table)
    qtbot.addWidget(table)
    table.resize(300, 600)
    table.show()
    return table


def in_view(table: QTableView) -> bool:
    place = table.visualRect(table.currentIndex())
    return place.top() >= 0 and place.bottom() < table.viewport().height()


def test_the_current_row_stays_in_view_when_a_panel_takes_room(table: QTableView) -> None:
    table.setCurrentIndex(table.model().index(500, 0))
    assert in_view(table)
    last = table.rowAt(table.viewport().height() - 1) - 1
    table.setCurrentIndex(table.model().index(last, 0))
    table.resize(300, 300)
    assert in_view(table)


def test_a_list_that_was_scrolled_away_from_it_stays_where_it_is(table: QTableView) -> None:
    table.setCurrentIndex(table.model().index(500, 0))
    table.verticalScrollBar().setValue(0)
    table.resize(300, 300)
    assert table.verticalScrollBar().value() == 0
