"""A file that is there whole or not at all: written beside its target, then put in its place in one step.

It owns the temporary file and the move; what is written is the business of the formats. The file is readable by its
owner only, because an export holds content in the clear.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from core.errors import ExportError


class TargetFile:
    """Writes to a temporary file beside `path`; `publish` moves it there. Leaving the context removes it otherwise.

    Raises:
        ExportError: on entry, when the target is a folder, a link or a device or its folder cannot be written; later,
            when the disk refuses.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._digest = hashlib.sha256()
        self._temporary: Path | None = None
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        _check_target(self.path)
        temporary = self.path.with_name(f".docket-{secrets.token_hex(8)}.part")
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._stream = os.fdopen(os.open(temporary, flags, 0o600), "wb")
        except (OSError, ValueError) as error:
            raise _refused(self.path, error) from error
        self._temporary = temporary
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
        if self._temporary is not None:
            self._temporary.unlink(missing_ok=True)

    def write(self, lines: Iterable[bytes]) -> int:
        """Write lines as they come; return how many there were."""
        count = 0
        for line in lines:
            self._digest.update(line)
            try:
                self._open_stream().write(line)
            except OSError as error:
                raise _refused(self.path, error) from error
            count += 1
        return count

    def finish(self) -> str:
        """Bring everything to the disk and return the SHA-256 (hex) of the file; nothing can be written after it."""
        stream = self._open_stream()
        try:
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
        except OSError as error:
            raise _refused(self.path, error) from error
        self._stream = None
        return self._digest.hexdigest()

    def publish(self) -> None:
        """Put the finished file in its place; a file that stood there is replaced in the same step."""
        if self._temporary is None or self._stream is not None:
            raise RuntimeError("publish() before finish()")
        _check_target(self.path)
        try:
            self._temporary.replace(self.path)
        except OSError as error:
            raise _refused(self.path, error) from error
        self._temporary = None
        _sync_folder(self.path.parent)

    def _open_stream(self) -> BinaryIO:
        if self._stream is None:
            raise RuntimeError("the target is not open")
        return self._stream


def _check_target(path: Path) -> None:
    """Refuse a target that is there and no regular file, and one whose folder is missing."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise ExportError(f"There is no folder {path.parent}.", "Create it, or choose another place.") from None
        return
    except (OSError, ValueError) as error:
        raise _refused(path, error) from error
    if stat.S_ISLNK(mode):
        raise ExportError(f"{path} is a link.", "Name the file itself, or another name in that folder.")
    if stat.S_ISDIR(mode):
        raise ExportError(f"{path} is a folder.", "Name a file inside it.")
    if not stat.S_ISREG(mode):
        raise ExportError(f"{path} is a device or a pipe, not a file.", "Name a file to be written.")


def _refused(path: Path, error: OSError | ValueError) -> ExportError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return ExportError(
        f"{path} cannot be written: {reason}.", "Free some space or choose another place, and try again."
    )


def _sync_folder(folder: Path) -> None:
    """Make the move itself durable where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
