"""The verb `import --watch`: a folder is looked at again and again, and each file that stands still in it comes in.

It owns the waiting and what was taken already. A file is imported once for each size and time it has; importing it
again changes nothing anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.domain import ImportSummary
from core.errors import AppError, CancelledError, InputError

INTERVAL_S = 2.0
"""Between two looks at the folder; a file that did not change from one to the next is taken."""


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """What became of one file: a summary, or why it could not be read."""

    path: Path
    summary: ImportSummary | None = None
    error: AppError | None = None


def watch_folder(
    folder: Path, *, take: Callable[[Path], ImportSummary], cancel: threading.Event, interval_s: float = INTERVAL_S
) -> Iterator[WatchedFile]:
    """Yield each file of a folder after `take` imported it, oldest first, until `cancel` is set.

    Hidden files, files that end in `.part` or `.tmp`, links and folders are left alone.

    Raises:
        InputError: the folder cannot be read.
    """
    seen: dict[str, tuple[int, int]] = {}
    taken: dict[str, tuple[int, int]] = {}
    while not cancel.is_set():
        for path, state in _list(folder):
            if seen.get(path.name) == state != taken.get(path.name):
                taken[path.name] = state
                try:
                    yield WatchedFile(path, take(path))
                except CancelledError:
                    return
                except AppError as error:
                    yield WatchedFile(path, error=error)
            seen[path.name] = state
        cancel.wait(interval_s)


def _list(folder: Path) -> list[tuple[Path, tuple[int, int]]]:
    """Return the files of a folder with their size and time of change, oldest first."""
    found = []
    try:
        for path in folder.iterdir():
            if path.name.startswith(".") or path.suffix in (".part", ".tmp") or path.is_symlink() or not path.is_file():
                continue
            status = path.stat()
            found.append((path, (status.st_size, status.st_mtime_ns)))
    except (OSError, ValueError) as error:
        raise InputError(f"The folder {folder} cannot be read.", "Check the path and its permissions.") from error
    return sorted(found, key=lambda each: (each[1][1], each[0].name))
