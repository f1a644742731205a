"""Keeps Python's garbage collector out of the way of the person: it runs while nobody types, not while they do.

It owns when unreachable cycles are freed. A full pass over what a long text leaves behind takes most of a second; by
itself Python starts one in the middle of a key press, and on worker threads, where no widget may be freed.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

_LOOK_MS = 2_000
_IDLE_S = 20.0
# New objects since the last look that are worth a short pass (a few milliseconds), and passes before a full one is due.
_YOUNG = 20_000


class Collector(QObject):
    """Takes the collector over for as long as it lives. `stop` gives it back to Python."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._touched = time.monotonic()
        self._full_due = False
        gc.disable()
        gc.freeze()  # what is there at the start stays; no pass has to look at it
        application.focusObjectChanged.connect(self.touch)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect as it likes again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def touch(self) -> None:
        """Somebody is at work."""
        self._touched = time.monotonic()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self.look(idle_s=time.monotonic() - self._touched)

    def look(self, *, idle_s: float) -> None:
        """Free what is young if there is much of it; everything, once nobody has touched a key for a while."""
        if gc.get_count()[0] > _YOUNG:
            gc.collect(0)
            self._full_due = True
        if self._full_due and idle_s >= _IDLE_S:
            gc.collect()
            self._full_due = False
