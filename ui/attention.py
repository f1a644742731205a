"""How long a person has really been at work: time counts while keys or mouse move, and up to a limit after.

It owns the one clock that item times and breaks are measured by. It must not know what the time is for.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication

IDLE_S = 60.0
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchUpdate,
        QEvent.Type.InputMethod,
    }
)


class Attention(QObject):
    """Counts active seconds. After `idle_s` without input, or with the window in the background, the count stands."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        idle_s: float = IDLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` returns seconds that only grow."""
        super().__init__(parent)
        self.idle_s = idle_s
        self._clock = clock
        self._counted_s = 0.0
        self._last: float | None = clock()
        application = QCoreApplication.instance()
        if isinstance(application, QGuiApplication):
            application.installEventFilter(self)
            application.applicationStateChanged.connect(self._on_application_state_changed)

    def active_s(self) -> float:
        """Active seconds since this object was made."""
        return self._counted_s + self._since_last()

    def note_input(self) -> None:
        """Count what passed since the last input, at most the idle limit, and start anew."""
        self._counted_s += self._since_last()
        self._last = self._clock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice input wherever it goes; never take it."""
        del watched
        if event.type() in _INPUT:
            self.note_input()
        return False

    def _since_last(self) -> float:
        return 0.0 if self._last is None else min(self._clock() - self._last, self.idle_s)

    @Slot(Qt.ApplicationState)
    def _on_application_state_changed(self, state: Qt.ApplicationState) -> None:
        self.note_input()
        if state != Qt.ApplicationState.ApplicationActive:
            self._last = None


class ItemClock:
    """Active seconds since an item came into view."""

    def __init__(self, attention: Attention) -> None:
        self._attention = attention
        self._start_s = attention.active_s()

    def restart(self) -> None:
        """Begin a new item."""
        self._start_s = self._attention.active_s()

    def seconds(self) -> float:
        """Active seconds on this item, from 0."""
        return max(0.0, self._attention.active_s() - self._start_s)
