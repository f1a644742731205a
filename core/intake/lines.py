"""Lines of a file that may be hostile: numbered, capped in length, read in binary one at a time.

It owns opening an input file and cutting it into lines; what stands in a line is the business of `records`. It never
holds more than one line of at most MAX_LINE_BYTES.
"""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import InputError

MAX_LINE_BYTES = 4 * 1024 * 1024
"""Longest line read, in bytes without its line end: 20 times the longest text Docket promises to hold."""

_SKIP_BYTES = 64 * 1024
HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank. `number` counts all lines from 1.

    `raw` is None when the line was too long; `head` then holds its first HEAD_BYTES.
    """

    number: int
    raw: bytes | None
    head: bytes = b""


class LineReader:
    """Iterates over the lines of a binary stream that are not blank; `position` is the number of bytes consumed.

    `number` is that of the last line read. Lines end with LF or CR LF, which is taken off, as is a UTF-8 byte order
    mark at the start. A line over `max_bytes` comes as `Line(number, None)` and the reader goes on behind it.
    """

    def __init__(self, stream: BinaryIO, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._stream = stream
        self._max_bytes = max_bytes
        self.position = 0
        self.number = 0

    def start_at(self, offset: int, number: int) -> None:
        """Go on behind a byte and a line that were reached before; the stream must be a file."""
        self._stream.seek(offset)
        self.position, self.number = offset, number

    def __iter__(self) -> Iterator[Line]:
        # Two bytes more than a line may hold: room for its CR LF, so whatever fills them unended is too long.
        while chunk := self._read(self._max_bytes + 2):
            self.number += 1
            if len(chunk) == self._max_bytes + 2 and not chunk.endswith(b"\n"):
                self._skip_to_line_end()
                yield Line(self.number, None, chunk[:HEAD_BYTES])
                continue
            if self.number == 1:
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
            line = chunk.removesuffix(b"\n").removesuffix(b"\r")
            if len(line) > self._max_bytes:
                yield Line(self.number, None, line[:HEAD_BYTES])
            elif line.strip():
                yield Line(self.number, line)

    def _skip_to_line_end(self) -> None:
        while chunk := self._read(_SKIP_BYTES):
            if chunk.endswith(b"\n"):
                break

    def _read(self, size: int) -> bytes:
        try:
            chunk = self._stream.readline(size)
        except OSError as error:
            raise unreadable(self.position, error) from error
        self.position += len(chunk)
        return chunk


def is_file(stream: BinaryIO) -> bool:
    """Whether a stream is a file itself, which can be read from any place."""
    return isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO) and stream.seekable()


def open_input(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises:
        InputError: it is missing, a folder, a device or pipe, or may not be read.
    """
    try:
        # Without O_NONBLOCK a named pipe would block here before it can be refused.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise InputError(f"There is no file at {path}.", "Check the path and run it again.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be opened: {_plain(error)}.", "Check the path and its permissions.") from error
    try:
        _refuse_other_than_file(descriptor, path)
        stream = os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise
    return stream


def _refuse_other_than_file(descriptor: int, path: Path) -> None:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        raise InputError(f"{path} is a folder.", "Name a file inside it.")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path} is not a regular file.", "Save the records to a file and name that file.")


def unreadable(position: int, error: OSError) -> InputError:
    """Say that the disk failed behind so many bytes."""
    return InputError(f"The file cannot be read behind byte {position}: {_plain(error)}.", "Check the disk it is on.")


def _plain(error: OSError | ValueError) -> str:
    """Say what the system said, without the path it repeats."""
    return (getattr(error, "strerror", None) or str(error)).lower()
