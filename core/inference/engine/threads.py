"""How many threads a decode uses: as many as get a core each, found out while it runs.

It owns that choice. Threads of the library wait for each other hundreds of times in a step; one more than there are
free cores makes every wait as long as another program's turn. The number of threads changes no result. It must not
know what is decoded.
"""

from __future__ import annotations

WINDOW_S = 0.2  # of decoding, before the share of the processor says anything
MISSING_CORES = 0.3  # less processor time than this below one core a thread means that somebody else needs a core
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0  # of decoding with fewer threads, before one more is tried


class Threads:
    """Goes down by one thread when the processor is shared, and tries one more after a while."""

    def __init__(self, most: int) -> None:
        """Begin with `most` threads, which is never passed."""
        self.count = most
        self._most = most
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
        missing = self.count - self._processor_s / self._wall_s
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
