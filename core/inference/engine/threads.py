"""How many threads a decode uses: as many as get a core each, found out while it runs.

It owns that choice. Threads of the library wait for each other hundreds of times in a step; one more than there are
free cores makes every wait as long as another program's turn. Where the system counts how long threads stood in line
for a core, that count decides. Elsewhere it is processor time that is missing, which a step also misses where it works
with one thread, as in copying the scores of a large vocabulary. The number of threads changes no result. It must not
know what is decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

WINDOW_S = 0.2  # of decoding, before the share of the processor says anything
MISSING_CORES = 0.3  # more cores than this missing, on the average of a window, means that somebody else needs one
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0  # of decoding with fewer threads, before one more is tried


def seconds_in_line(tasks: Path = Path("/proc/self/task")) -> float | None:
    """Return how long this process's threads have stood in line for a core, in all; None where no system counts it.

    Source: the second number of each thread's `schedstat` in Linux, in nanoseconds.
    """
    try:
        return sum(int((task / "schedstat").read_bytes().split()[1]) for task in tasks.iterdir()) / 1e9
    except (OSError, ValueError, IndexError):
        return None  # also when a thread ended meanwhile: this window is then judged by processor time


class Threads:
    """Goes down by one thread when the processor is shared, and tries one more after a while."""

    def __init__(self, most: int, in_line: Callable[[], float | None] = seconds_in_line) -> None:
        """Begin with `most` threads, which is never passed; `in_line` is as `seconds_in_line`."""
        self.count = most
        self._most = most
        self._in_line = in_line
        self._in_line_s = in_line()
        self._wall_s = self._processor_s = self._below_s = 0.0
        self._pause_s = FIRST_PAUSE_S

    def decoded(self, wall_s: float, processor_s: float) -> None:
        """Take note of one decode: how long it took, and how much processor time this process used in it."""
        self._wall_s += wall_s
        self._processor_s += processor_s
        if self.count < self._most:
            self._below_s += wall_s
        if self._wall_s < WINDOW_S:
            return
        missing = self._missing()
        self._wall_s = self._processor_s = 0.0
        if missing > MISSING_CORES and self.count > 1:
            self.count -= 1
            self._below_s = 0.0
            # A thread that was tried in vain is tried more and more rarely.
            self._pause_s = min(self._pause_s * 2, LONGEST_PAUSE_S)
        elif self.count == self._most:
            self._pause_s = FIRST_PAUSE_S
        elif self._below_s >= self._pause_s:
            self.count += 1
            self._below_s = 0.0

    def _missing(self) -> float:
        """Return how many cores were missing in this window, on the average."""
        before, self._in_line_s = self._in_line_s, self._in_line()
        if before is None or self._in_line_s is None or self._in_line_s < before:
            return self.count - self._processor_s / self._wall_s
        return (self._in_line_s - before) / self._wall_s
