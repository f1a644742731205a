"""Parquet files, a few rows at a time.

It owns the walk over row groups and the step from Arrow values to JSON values. Sizes are checked before anything is
unpacked: a small file may claim to hold much.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from core.errors import InputError
from core.intake.lines import HEAD_BYTES, MAX_LINE_BYTES
from core.intake.records import RecordError, check_value
from core.intake.rows import TOO_LONG, Place, Row

MAGIC = b"PAR1"
MAX_GROUP_BYTES = 1024**3
"""Largest row group, unpacked: pyarrow's own writer makes far smaller ones."""

_BATCH_ROWS = 256
_ENCODER = json.JSONEncoder(ensure_ascii=False)


class ParquetReader:
    """Iterates over the rows of a Parquet file, numbered from 1; `position` moves in proportion to the rows read."""

    def __init__(self, stream: BinaryIO, size_bytes: int = 0) -> None:
        """Read the file's footer. `size_bytes` is only for `position`.

        Raises:
            InputError: it is no Parquet file, or one of its row groups is too large.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        self.position = 0
        self._number = self._start = 0
        self._size = size_bytes
        self._known = (pa.ArrowException, OSError, MemoryError)
        try:
            # No memory map: a file that shrinks while it is read would kill the process.
            self._file = pq.ParquetFile(stream, memory_map=False, pre_buffer=False)
            groups = [self._file.metadata.row_group(n) for n in range(self._file.metadata.num_row_groups)]
        except self._known as error:
            raise InputError("The Parquet file is damaged or cut off.", "Write it again where it came from.") from error
        if any(group.total_byte_size > MAX_GROUP_BYTES for group in groups):
            raise InputError(
                f"A row group of the Parquet file unpacks to more than {MAX_GROUP_BYTES // 2**30} GiB.",
                "Write it with smaller row groups.",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the top-level columns."""
        return tuple(self._file.schema_arrow.names)

    @property
    def place(self) -> Place:
        """Where the rows can go on: behind the last one that was handed out."""
        return Place(self._number, self._number)

    def start_at(self, place: Place) -> None:
        """Go on behind so many rows: the row groups before are not read again."""
        self._start = place.offset

    def __iter__(self) -> Iterator[Row]:
        total = max(1, self._file.metadata.num_rows)
        groups, self._number, skipped = self._groups_from(self._start)
        try:
            for batch in self._file.iter_batches(batch_size=_BATCH_ROWS, row_groups=groups, use_threads=False):
                values = batch.to_pylist()[skipped:]
                skipped = max(0, skipped - batch.num_rows)
                for each in values:
                    self._number += 1
                    yield _row(self._number, each)
                self.position = self._size * self._number // total
        except (*self._known, UnicodeDecodeError, ValueError) as error:
            words = f"the file is damaged behind row {self._number}: {type(error).__name__}"
            yield Row(self._number + 1, b"", None, words)

    def _groups_from(self, start: int) -> tuple[list[int], int, int]:
        """Return the row groups to read, the rows that are done, and how many of these the first group begins with."""
        metadata, before, first = self._file.metadata, 0, 0
        while first < metadata.num_row_groups and before + metadata.row_group(first).num_rows <= start:
            before += metadata.row_group(first).num_rows
            first += 1
        return list(range(first, metadata.num_row_groups)), start, start - before


def _row(number: int, values: Mapping[str, Any]) -> Row:
    try:
        record = {name: plain(value) for name, value in values.items() if value is not None}
        for value in record.values():
            check_value(value)
    except RecordError as error:
        return Row(number, b"", None, error.message)
    raw = _ENCODER.encode(record).encode("utf-8", "surrogatepass")
    if len(raw) > MAX_LINE_BYTES:
        return Row(number, raw[:HEAD_BYTES], None, f"the row is {TOO_LONG}", whole=False)
    return Row(number, raw, record)


def plain(value: object) -> Any:  # noqa: ANN401 - a JSON value
    """Return an Arrow value as JSON holds it: moments as ISO 8601, bytes as base64, numbers that are none as null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | dt.timedelta):
        return str(value)
    return str(value)
