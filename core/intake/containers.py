"""One stream and a plan in, rows out: the place where the containers meet.

It owns the choice of the reader and what a cell of text means for a field that is none. It knows no shape.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO, Protocol

from core.errors import InputError
from core.intake.elements import ElementReader
from core.intake.lines import LineReader, is_file
from core.intake.parquet import ParquetReader
from core.intake.plaintext import TextReader
from core.intake.plan import ReadPlan
from core.intake.records import RecordError, parse_value
from core.intake.rows import Place, Row, rows_of_lines
from core.intake.table import TableReader
from core.intake.text import as_utf8

MAX_HELD_BYTES = 256 * 1024**2
"""Largest Parquet file that is read from a stream: it has to be held, and nothing is unpacked to the disk."""

_NESTED = ("messages", "metadata", "target", "verdicts", "decisions")


class RowReader(Protocol):
    """Iterates over the rows of a file; `position` says how many of its bytes were consumed."""

    @property
    def position(self) -> int:
        """Bytes consumed so far."""
        ...

    @property
    def place(self) -> Place | None:
        """Where a reader of the same file goes on behind the last row that was handed out; None if it cannot."""
        ...

    def start_at(self, place: Place) -> None:
        """Go on at a place instead of the start; call it before the first row."""
        ...

    def __iter__(self) -> Iterator[Row]: ...


class _Parsed:
    """Rows of a reader of lines or elements."""

    def __init__(self, reader: LineReader | ElementReader, what: str) -> None:
        self._reader = reader
        self._what = what

    @property
    def position(self) -> int:
        return self._reader.position

    @property
    def place(self) -> Place | None:
        """Where lines go on; elements of a list are cut out of what was read ahead."""
        reader = self._reader
        return Place(reader.position, reader.number) if isinstance(reader, LineReader) else None

    def start_at(self, place: Place) -> None:
        """Go on at a place that was reached before."""
        if isinstance(self._reader, LineReader):
            self._reader.start_at(place.offset, place.line)

    def __iter__(self) -> Iterator[Row]:
        return rows_of_lines(self._reader, self._what)


class _Cells:
    """Rows of columns, with lists and numbers read from text where a field needs them."""

    def __init__(self, reader: TableReader | ParquetReader, plan: ReadPlan) -> None:
        self._reader = reader
        self._nested = [plan.field_map.get(name, name) for name in _NESTED]

    @property
    def position(self) -> int:
        return self._reader.position

    @property
    def place(self) -> Place:
        """Where the rows go on."""
        return self._reader.place

    def start_at(self, place: Place) -> None:
        """Go on at a place that was reached before."""
        self._reader.start_at(place)

    def __iter__(self) -> Iterator[Row]:
        for row in self._reader:
            record = row.record
            has_nested = record is not None and any(column in record for column in self._nested)
            yield self._read(row) if has_nested else row

    def _read(self, row: Row) -> Row:
        record: dict[str, Any] = dict(row.record or {})
        try:
            for column in self._nested:
                if isinstance(record.get(column), str):
                    record[column] = parse_value(record[column].encode())
        except RecordError as error:
            return Row(row.number, row.raw, None, error.message)
        return Row(row.number, row.raw, record)


def open_rows(stream: BinaryIO, plan: ReadPlan, size_bytes: int = 0) -> RowReader:
    """Return the reader of a stream's rows. `size_bytes` is the file's, for readers that do not go byte by byte.

    Raises:
        InputError: the stream is not what the plan says and cannot be read at all.
    """
    if plan.container == "parquet":
        return _Cells(ParquetReader(_seekable(stream), size_bytes), plan)
    text = as_utf8(stream, plan.encoding)
    if plan.container == "csv":
        return _Cells(TableReader(text, plan.layout), plan)
    if plan.container == "json":
        return _Parsed(ElementReader(text), "element")
    if plan.container == "txt":
        return TextReader(text, plan.split)
    return _Parsed(LineReader(text), "line")


def can_go_on(stream: BinaryIO, plan: ReadPlan) -> bool:
    """Whether a reading that was cut off can go on in the middle: of a plain file whose bytes are read as they are."""
    cut_in_rows = plan.container in ("jsonl", "csv", "parquet") or (plan.container == "txt" and plan.split == "lines")
    return cut_in_rows and plan.encoding == "utf-8" and is_file(stream)


def sample_rows(head: bytes, plan: ReadPlan, count: int, *, ended: bool) -> list[Row]:
    """Return the first rows that the head of a file holds whole, at most `count`."""
    rows = list(islice(open_rows(io.BytesIO(head), plan), count + 1))
    return rows[:count] if ended or len(rows) > count else rows[:-1]


def _seekable(stream: BinaryIO) -> BinaryIO:
    """Return the stream, or what it holds, so that its end can be read first."""
    if is_file(stream):
        return stream
    held = stream.read(MAX_HELD_BYTES + 1)
    if len(held) > MAX_HELD_BYTES:
        raise InputError(
            f"A Parquet file of more than {MAX_HELD_BYTES // 2**20} MiB cannot be read from an archive or a pipe.",
            "Name the file itself.",
        )
    return io.BytesIO(held)
