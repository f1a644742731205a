"""Ctrl+C and its like as a wish rather than an accident: long commands are asked to stop, and what is done is kept.

It owns the signal handlers for the time of one command.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """The wish to stop: `event` is for the service, `exit_status` says which signal brought it (0: none came)."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.exit_status = 0

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal. The first asks for an orderly end, the second ends the program at once."""
        if self.event.is_set():
            raise KeyboardInterrupt
        self.exit_status = 128 + number
        self.event.set()
        # A handler may interrupt a write to sys.stderr, which cannot be entered twice.
        with contextlib.suppress(OSError):
            os.write(2, b"\nStopping: what is finished is kept. Once more ends it at once.\n")


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn the stop signals into a `Stop` while the block runs. For the main thread only."""
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
