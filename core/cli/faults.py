"""What is kept of a fault of Docket's own: the kind of error and the places in the code, never a value.

It owns the fault log. A message of an unknown error may quote content, so none is written or shown.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from core.domain import utc_now
from core.paths import faults_file

MAX_LOG_BYTES = 1024 * 1024


def describe_fault(error: BaseException) -> str:
    """Return the kinds of the error and its causes with the places they passed through, one a line."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        frames = traceback.extract_tb(current.__traceback__)
        lines.extend(f"  {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
        current = current.__cause__ or current.__context__
    return "\n".join(lines)


def _place(filename: str) -> str:
    """Return the last three parts of a path: enough to find it, without whose home it lies in."""
    return "/".join(Path(filename).parts[-3:])


def record_fault(error: BaseException) -> Path | None:
    """Append a fault to the log and return where that is, None when it cannot be written."""
    path = faults_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.unlink()
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{utc_now().isoformat(timespec='seconds')}\n{describe_fault(error)}\n\n")
    except OSError:
        return None
    return path
