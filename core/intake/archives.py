"""What an input file is wrapped in: gzip and zip, taken off in the stream, within limits.

It owns the limits and the parts an archive has. No name in an archive ever becomes part of a path, nothing is unpacked
to the disk, and an archive inside an archive is refused.
"""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from core.errors import InputError

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
MAX_UNPACKED_BYTES = 64 * 1024**3
"""Most that one archive may unpack to: a million items of 64 KiB each."""

MAX_RATIO = 200
"""Unpacked to packed size. Text packs 3 to 15 times; a bomb 1,000 times."""

RATIO_FREE_BYTES = 64 * 1024**2
"""The ratio is looked at once this much came out: a small file of one repeated line packs well."""

MAX_MEMBERS = 10_000
# A directory that lies makes zipfile seek before the start of the file, which the system refuses as an OSError.
_DAMAGE = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError,
    struct.error,
)  # fmt: skip
_SKIPPED = ("__MACOSX/", ".DS_Store")


@dataclass(frozen=True, slots=True)
class Part:
    """One file to read: itself, or a member of an archive, whose `name` is for showing only."""

    name: str
    stream: BinaryIO


def is_archive(head: bytes) -> bool:
    """Whether a file's first bytes are those of gzip or zip."""
    return head.startswith((GZIP, ZIP, _EMPTY_ZIP))


def open_parts(stream: BinaryIO, head: bytes, name: str, packed_bytes: Callable[[], int]) -> Iterator[Part]:
    """Yield the parts of a file, each to be read before the next. A zip needs a stream that can seek.

    `packed_bytes` returns how much of the file was consumed so far.

    Raises:
        InputError: it is damaged, encrypted, has too many members, or unpacks to too much; also while it is read.
    """
    if head.startswith(GZIP):
        unpacked = gzip.GzipFile(fileobj=stream, mode="rb")
        budget = _Budget(packed_bytes)
        yield Part(name.removesuffix(".gz"), _checked(_Limited(unpacked, budget)))
    elif head.startswith((ZIP, _EMPTY_ZIP)):
        yield from _members(stream, name)
    else:
        yield Part(name, stream)


def _members(stream: BinaryIO, name: str) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(stream) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            members = [info for info in members if not any(mark in info.filename for mark in _SKIPPED)]
            if len(members) > MAX_MEMBERS:
                raise InputError(f"The zip file has more than {MAX_MEMBERS:,} members.", "Unpack it first.")
            unpacked = 0
            for info in members:
                if info.flag_bits & 1:
                    raise InputError("The zip file is encrypted.", "Unpack it first.")
                budget = _Budget(lambda info=info: info.compress_size, unpacked)  # type: ignore[misc]
                with archive.open(info) as member:
                    yield Part(f"{name}/{PurePosixPath(info.filename).name}", _checked(_Limited(member, budget)))
                unpacked = budget.spent
    except _DAMAGE as error:
        raise InputError("The zip file is damaged.", "Pack it again, or unpack it first.") from error


def _checked(limited: _Limited) -> BinaryIO:
    stream = io.BufferedReader(limited, 1 << 17)
    if is_archive(stream.peek(4)):
        raise InputError("There is an archive inside the archive.", "Unpack the outer one first.")
    return stream


class _Budget:
    """How much may still come out."""

    def __init__(self, packed_bytes: Callable[[], int], spent: int = 0) -> None:
        self.spent = spent
        self._own = 0
        self._packed = packed_bytes

    def spend(self, count: int) -> None:
        self.spent += count
        self._own += count
        packs_like_a_bomb = self._own > RATIO_FREE_BYTES and self._own > MAX_RATIO * max(1, self._packed())
        if self.spent > MAX_UNPACKED_BYTES or packs_like_a_bomb:
            raise InputError(
                f"The archive unpacks to {self.spent // 2**20:,} MiB and more, far beyond its size.",
                "If that is right, unpack it first and import the files.",
            )


class _Limited(io.RawIOBase):
    """Counts what comes out of an archive and turns its damage into a known failure."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        try:
            chunk: bytes = self._stream.read(len(target))
        except _DAMAGE as error:
            raise InputError("The archive is damaged or cut off.", "Pack it again, or unpack it first.") from error
        self._budget.spend(len(chunk))
        target[: len(chunk)] = chunk
        return len(chunk)
