"""Where rows come from: a file or standard input, out of its gzip or zip, each part with its first bytes at hand.

It owns opening and the look at the head, after which the part is read once from its start. It knows no format.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import InputError
from core.intake.archives import ZIP, Part, is_archive, open_parts
from core.intake.detect import HEAD_BYTES
from core.intake.lines import is_file, open_input, unreadable

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class OpenPart:
    """One part to read: its name for showing, its first bytes, whether they are all, and the whole of it."""

    name: str
    head: bytes
    ended: bool
    stream: BinaryIO


class Source:
    """An open file or pipe. Size and time of change are 0 where not known; `shown` names it to a person."""

    def __init__(self, stream: BinaryIO, name: str, size_bytes: int, shown: str = "", changed_ns: int = 0) -> None:
        self._stream = stream
        self.name = name
        self.shown = shown or name
        self.size_bytes = size_bytes
        self.changed_ns = changed_ns
        self._piped = 0

    def position(self) -> int:
        """Return how many bytes of the file, packed as it is, were consumed."""
        return self._stream.tell() if self.size_bytes else self._piped

    def parts(self) -> Iterator[OpenPart]:
        """Yield the parts, each to be read before the next.

        Raises:
            InputError: an archive that is damaged or beyond its limits, or a zip in a pipe.
        """
        head, ended, stream = _take_head(self._stream)
        if not is_archive(head):
            yield OpenPart(self.name, head, ended, stream)
            return
        if head.startswith(ZIP) and not self.size_bytes:
            raise InputError("A zip file cannot be read from a pipe.", "Name the file itself.")
        for part in open_parts(stream, head, self.name, self._packed_bytes):
            yield _look_inside(part)

    def _packed_bytes(self) -> int:
        return self._stream.tell() if self.size_bytes else 0


@contextmanager
def open_source(path: Path, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Open a file for reading, or with the path `-` what comes in at `stdin`.

    Raises:
        InputError: it is missing, a folder, a device or pipe, or may not be read.
    """
    if path == STANDARD_INPUT and stdin is not None:
        yield Source(stdin, "standard input", 0)
        return
    with open_input(path) as stream:
        status = os.fstat(stream.fileno())
        yield Source(stream, path.name, status.st_size, str(path), status.st_mtime_ns)


def _look_inside(part: Part) -> OpenPart:
    head, ended, stream = _take_head(part.stream)
    return OpenPart(part.name, head, ended, stream)


def _take_head(stream: BinaryIO) -> tuple[bytes, bool, BinaryIO]:
    """Return the first bytes, whether they are all there are, and a stream that starts with them again."""
    head = b""
    try:
        while len(head) < HEAD_BYTES and (chunk := stream.read(HEAD_BYTES - len(head))):
            head += chunk
        if is_file(stream):
            stream.seek(0)
            return head, len(head) < HEAD_BYTES, stream
    except OSError as error:
        raise unreadable(len(head), error) from error
    return head, len(head) < HEAD_BYTES, io.BufferedReader(_Replay(head, stream), 1 << 17)


class _Replay(io.RawIOBase):
    """Gives out bytes that were read already, then goes on with the stream."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        chunk = self._head[: len(target)]
        self._head = self._head[len(chunk) :]
        chunk = chunk or self._stream.read(len(target))
        target[: len(chunk)] = chunk
        return len(chunk)
