"""Moves what stands in the write-ahead log into the file, on a thread of its own and after the answer.

It owns when that happens and nothing else of the file. SQLite would do it within the commit that fills the log: one
decision in thirty waited for a thousand pages that others had written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

from sqlcipher3 import dbapi2

_driver: Any = dbapi2  # a C module without types
FULL_PAGES = 1000
"""Pages in the log from which it is worth emptying; what SQLite takes, too."""

BRAKE_PAGES = 8000
"""Pages in the log (32 MiB) from which a commit empties it itself: writers were faster than the thread."""


class Backfill:
    """Empties the log of one file when it is full. One thread at a time, which ends when the log is empty."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        """Take what makes a bare connection to the file."""
        self._connect = connect
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def after_commit(self, connection: Any) -> None:  # noqa: ANN401 - the driver has no types
        """Look at the log through a bare connection outside any transaction; never fails, for it was committed."""
        with suppress(_driver.Error):
            _, pages, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
            if pages - moved >= FULL_PAGES:
                self._start()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._empty, name="backfill")
                self._thread.start()

    def _empty(self) -> None:
        # What fails here is tried again by the next write, and in the end by the last connection that closes.
        with suppress(_driver.Error), closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def wait(self) -> None:
        """Return once no thread is at it."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join()
