"""The queue model as a model: Qt's own tester watches, and the number of reads is counted."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from core.domain import EntryState, ItemKind, QueueRow
from core.errors import StorageError
from ui.models.queue_model import PAGE_ROWS, QueueModel


def make_row(key: int, *, state: EntryState = EntryState.PENDING, excerpt: str = "") -> QueueRow:
    text = excerpt or f"text {key}"
    return QueueRow(key, f"item-{key}", ItemKind.MESSAGE, "spam", state, text, None, None, None, None, None, None)


class Source:
    """Rows by key, and a record of what was asked for."""

    def __init__(self) -> None:
        self.changed: dict[int, QueueRow] = {}
        self.missing: set[int] = set()
        self.asked: list[list[int]] = []
        self.broken = False

    def __call__(self, keys: Sequence[int]) -> list[QueueRow]:
        self.asked.append(list(keys))
        if self.broken:
            raise StorageError("A page cannot be read.", "Run verify.")
        return [self.changed.get(key, make_row(key)) for key in keys if key not in self.missing]


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def model(qapp: object, source: Source) -> QueueModel:
    model = QueueModel(source)
    model.tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return model


def test_a_million_rows_cost_one_page(qapp: object, source: Source) -> None:
    model = QueueModel(source)  # without the tester, which walks all of them
    model.set_keys(array("q", range(1, 1_000_001)))
    source.asked.clear()
    assert model.rowCount() == 1_000_000
    index = model.index(999_999, 0)
    assert index.data() == "text 1000000"
    assert index.data(QueueModel.RowRole).item_id == "item-1000000"
    assert [len(keys) for keys in source.asked] == [PAGE_ROWS]


def test_the_cache_stays_small(model: QueueModel, source: Source) -> None:
    model.set_keys(array("q", range(100_000)))
    for row in range(0, 100_000, PAGE_ROWS):
        model.index(row, 0).data()
    source.asked.clear()
    model.index(99_999, 0).data()
    assert source.asked == []
    model.index(5_000, 0).data()
    assert len(source.asked) == 1


def test_refresh_reads_only_what_is_cached_and_keeps_the_order(model: QueueModel, source: Source, qtbot: QtBot) -> None:
    model.set_keys(array("q", [7, 3, 9]))
    assert model.index(1, 0).data() == "text 3"
    source.changed[3] = make_row(3, state=EntryState.DECIDED, excerpt="changed")
    source.asked.clear()
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.refresh([3, 4_000])
    assert source.asked == [[3]]
    assert changed.args is not None
    assert changed.args[0].row() == 1
    assert [model.index(row, 0).data() for row in range(3)] == ["text 7", "changed", "text 9"]


def test_a_missing_entry_is_an_empty_row(model: QueueModel, source: Source) -> None:
    source.missing.add(2)
    model.set_keys(array("q", [1, 2]))
    assert model.index(1, 0).data() is None
    assert model.row_at(1) is None


def test_an_entry_knows_its_place(model: QueueModel) -> None:
    model.set_keys(array("q", [5, 6]))
    assert (model.row_of(6), model.row_of(99)) == (1, -1)
    assert (model.key_at(0), model.key_at(2), model.key_at(-1)) == (5, None, None)
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_a_read_that_fails_is_told_and_does_not_raise(model: QueueModel, source: Source, qtbot: QtBot) -> None:
    model.set_keys(array("q", [1]))
    source.broken = True
    with qtbot.waitSignal(model.failed) as failed:
        model.set_keys(array("q", [2]))
        assert model.index(0, 0).data() is None
    assert failed.args is not None
    assert isinstance(failed.args[0], StorageError)


def test_a_row_speaks_a_sentence_and_hides_nothing(model: QueueModel, source: Source) -> None:
    source.changed[1] = make_row(1, state=EntryState.JUDGED, excerpt="a\u202eb")
    model.set_titles({"spam": "Spam policy"})
    model.set_keys(array("q", [1]))
    sentence = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "a⟦RLO⟧b" in sentence
    assert "Spam policy" in sentence
    assert "To review" in sentence


def test_a_list_that_goes_on_is_extended_and_any_other_is_not(model: QueueModel, qtbot: QtBot) -> None:
    model.set_keys(array("q", range(1, 151)))
    assert model.index(149, 0).data() == "text 150"
    assert not model.extend(array("q", range(2, 300)))
    assert not model.extend(array("q", range(1, 151)))
    assert not model.extend(array("q"))
    with qtbot.waitSignal(model.rowsInserted) as inserted, qtbot.assertNotEmitted(model.modelReset):
        assert model.extend(array("q", range(1, 301)))
    assert inserted.args is not None
    assert inserted.args[1:3] == [150, 299]
    assert [model.index(row, 0).data() for row in (149, 150, 299)] == ["text 150", "text 151", "text 300"]


def test_an_empty_list_is_never_extended(model: QueueModel) -> None:
    assert not model.extend(array("q", [1, 2]))
