"""Progress on standard error: one line that rewrites itself on a terminal, a line every few seconds elsewhere.

It owns the wording of counts and times. It must never show content.
"""

from __future__ import annotations

import sys
import time

EVERY_S = 5.0
"""Between two lines where nothing can be rewritten: often enough to see life, seldom enough for a log."""

_TERMINAL_EVERY_S = 0.1


def duration_text(seconds: float) -> str:
    """Return a duration as a person says it: `42 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class ProgressLine:
    """Shows the state of one long piece of work until `close`."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._shown_at = time.monotonic()
        self._open = False

    def show(self, text: str, *, last: bool = False) -> None:
        """Show where the work stands; `last` shows it in any case, otherwise only when it is time again."""
        now = time.monotonic()
        every = _TERMINAL_EVERY_S if self._terminal else EVERY_S
        if not last and now - self._shown_at < every:
            return
        self._shown_at = now
        if self._terminal:
            sys.stderr.write(f"\r\x1b[2K{text}")
            self._open = True
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def close(self) -> None:
        """End the line, so that what comes next starts on its own."""
        if self._open:
            sys.stderr.write("\n")
            sys.stderr.flush()
            self._open = False
