"""The only threading of the window: plain functions run on a pool, their results come back to the GUI thread.

It owns the pool, the way back and the end of every task: result, known error, or bug. Functions that run here get a
`TaskContext` and must touch no widget. Everything else in this module is for the GUI thread. It must not know what
the functions do, nor show anything.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QObject, QRunnable, QThreadPool, Signal, Slot

from core.errors import AppError, CancelledError

# How long a worker may hold the interpreter while the window waits for it. With Python's own 5 ms a key press that
# asks for it ten times takes a twentieth of a second while a long text is made ready.
_TURN_S = 0.0005


class BugError(AppError):
    """Something that should not happen did. `trace` names places in the code and the kind of error, never values."""

    title = "Something went wrong inside Docket"

    def __init__(self, error: BaseException) -> None:
        super().__init__(
            "This is a fault in Docket, not in what you did. Nothing that was stored is lost.",
            "Try again. If it happens again, copy the details and report them: they hold no content.",
        )
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        self.trace = "\n".join([type(error).__name__, *places])


@dataclass(frozen=True, slots=True)
class TaskContext:
    """What a running function may use: a cancel event to look at, and a way to say how far it is."""

    cancel: threading.Event
    report: Callable[[object], None]


class Task(QObject):
    """One piece of work, seen from the GUI thread. Ends in exactly one of `succeeded` and `failed`, then `ended`.

    `progressed` carries whatever the function reported, in order, and never after the end.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cancel = threading.Event()

    @property
    def cancel_event(self) -> threading.Event:
        """The event the function is asked to look at."""
        return self._cancel

    def cancel(self) -> None:
        """Ask the function to stop soon. It still ends in `succeeded` or `failed`."""
        self._cancel.set()


class _Relay(QObject):
    """The one object workers touch. It lives until the last worker is done."""

    delivered = Signal(int, str, object)


class _Job(QRunnable):
    def __init__(
        self, number: int, function: Callable[[TaskContext], Any], cancel: threading.Event, relay: _Relay
    ) -> None:
        super().__init__()
        self._number = number
        self._function = function
        self._cancel = cancel
        self._relay = relay

    def run(self) -> None:
        """Run the function on a pool thread and send back how it ended."""
        if self._cancel.is_set():
            self._send("failed", CancelledError("It was stopped before it began."))
            return
        try:
            result = self._function(TaskContext(self._cancel, self._report))
        except AppError as error:
            self._send("failed", error)
        except Exception as error:  # noqa: BLE001 - the boundary of a thread: anything unknown is reported as our bug
            self._send("failed", BugError(error))
        else:
            self._send("succeeded", result)

    def _report(self, what: object) -> None:
        self._send("progressed", what)

    def _send(self, kind: str, what: object) -> None:
        self._relay.delivered.emit(self._number, kind, what)


class TaskPool(QObject):
    """Runs functions off the GUI thread. `quick` work runs one after the other, `long` work beside it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_TURN_S)
        self._quick = QThreadPool(self)
        self._quick.setMaxThreadCount(1)
        self._long = QThreadPool(self)
        self._long.setMaxThreadCount(3)
        self._relay = _Relay(self)
        self._relay.delivered.connect(self._on_relay_delivered)
        self._tasks: dict[int, Task] = {}
        self._numbers = count(1)
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether any task has not ended yet."""
        return bool(self._tasks)

    def quick(
        self,
        function: Callable[[TaskContext], Any],
        *,
        succeeded: Callable[[Any], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
    ) -> Task:
        """Run a read or write that takes milliseconds. Order is kept: a read after a write sees it."""
        return self._start(self._quick, function, succeeded, failed)

    def long(
        self,
        function: Callable[[TaskContext], Any],
        *,
        succeeded: Callable[[Any], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
    ) -> Task:
        """Run work a person waits for or works beside: judging, import, export, opening a workspace."""
        return self._start(self._long, function, succeeded, failed, progressed)

    def shutdown(self, *, timeout_s: float) -> bool:
        """Cancel everything, forget every listener and wait. Return whether all workers ended in time.

        Nothing runs on the pool afterwards: a late timer that asks for work gets a task that never starts.
        """
        self._closed = True
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        deadline = QDeadlineTimer(round(timeout_s * 1000))
        return self._quick.waitForDone(deadline) and self._long.waitForDone(deadline)

    def _start(
        self,
        pool: QThreadPool,
        function: Callable[[TaskContext], Any],
        succeeded: Callable[[Any], None] | None,
        failed: Callable[[AppError], None] | None,
        progressed: Callable[[Any], None] | None = None,
    ) -> Task:
        task = Task(self)
        for signal, listener in ((task.succeeded, succeeded), (task.failed, failed), (task.progressed, progressed)):
            if listener is not None:
                signal.connect(listener)
        if self._closed:
            return task
        number = next(self._numbers)
        self._tasks[number] = task
        pool.start(_Job(number, function, task.cancel_event, self._relay))
        return task

    @Slot(int, str, object)
    def _on_relay_delivered(self, number: int, kind: str, what: object) -> None:
        task = self._tasks.get(number)
        if task is None:  # the listeners are gone: the pool was shut down
            return
        if kind == "progressed":
            task.progressed.emit(what)
            return
        del self._tasks[number]
        (task.succeeded if kind == "succeeded" else task.failed).emit(what)
        task.ended.emit()
        task.deleteLater()
