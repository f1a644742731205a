"""Plain text: each line, each paragraph, or the whole file is one message.

It owns the cutting. Nothing in the text has a meaning beyond that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from core.intake.lines import HEAD_BYTES, MAX_LINE_BYTES, LineReader
from core.intake.rows import TOO_LONG, Place, Row

SPLITS = ("lines", "paragraphs", "file")


class TextReader:
    """Iterates over the messages in a stream of UTF-8 text, numbered by the line each starts at."""

    def __init__(self, stream: BinaryIO, split: str = "lines") -> None:
        self._reader = LineReader(stream)
        self._split = split

    @property
    def position(self) -> int:
        """Bytes consumed so far."""
        return self._reader.position

    @property
    def place(self) -> Place | None:
        """Where lines can go on; longer messages are read ahead of themselves."""
        return Place(self._reader.position, self._reader.number) if self._split == "lines" else None

    def start_at(self, place: Place) -> None:
        """Go on at a place that was reached before."""
        self._reader.start_at(place.offset, place.line)

    def __iter__(self) -> Iterator[Row]:
        if self._split == "lines":
            for line in self._reader:
                yield _row(line.number, line.raw if line.raw is not None else line.head, whole=line.raw is not None)
            return
        parts: list[bytes] = []
        size, start, last = 0, 1, 0
        whole = True
        for line in self._reader:
            if parts and self._split == "paragraphs" and line.number != last + 1:
                yield _row(start, b"\n".join(parts), whole=whole)
                parts, size, whole = [], 0, True
            if not parts:
                start = line.number
            # Blank lines are skipped by the reader; inside a file that is one message they are part of it.
            parts += [b""] * (line.number - last - 1) if parts and self._split == "file" else []
            raw = line.raw if line.raw is not None else line.head
            whole = whole and line.raw is not None and size + len(raw) <= MAX_LINE_BYTES
            if whole or not parts:
                parts.append(raw)
                size += len(raw) + 1
            last = line.number
        if parts:
            yield _row(start, b"\n".join(parts), whole=whole)


def _row(number: int, raw: bytes, *, whole: bool) -> Row:
    if not whole:
        return Row(number, raw[:HEAD_BYTES], None, f"the text is {TOO_LONG}", whole=False)
    try:
        return Row(number, raw, {"content": raw.decode("utf-8")})
    except UnicodeDecodeError as error:
        return Row(number, raw, None, f"not valid UTF-8 at byte {error.start + 1}")
