"""The collector waits until nobody types, and then frees what is left over."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from ui.collecting import Collector


class Knot:
    """Holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    collector = Collector(qapp)
    collector._timer.stop()
    yield collector
    collector.stop()
    collector.deleteLater()


def test_cycles_are_freed_when_nobody_is_at_work_and_not_before(collector: Collector) -> None:
    assert not gc.isenabled()
    gc.collect()
    knot = Knot()
    gone = weakref.ref(knot)
    gc.collect()  # now it is old: only a full pass finds it
    del knot
    waste = [[number] for number in range(30_000)]
    collector.look(idle_s=0.0)
    assert gone() is not None
    collector.look(idle_s=60.0)
    assert gone() is None
    assert len(waste) == 30_000


def test_python_has_its_collector_back_afterwards(qapp: QApplication) -> None:
    Collector(qapp).stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
