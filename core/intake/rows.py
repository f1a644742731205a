"""The rows of a file, whatever its container: numbered, parsed or refused, each with its own bytes.

It owns the two values that pass between containers, shapes and the import, and the step from lines to rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.intake.lines import MAX_LINE_BYTES, Line
from core.intake.records import RecordError, parse_record

TOO_LONG = f"longer than {MAX_LINE_BYTES // 2**20} MiB"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it holds, or why it cannot be read.

    `number` counts from 1: lines of a text file, elements of a JSON list, rows of a Parquet file. `raw` are its bytes
    as they stood (as JSON where the container is binary), cut where `whole` is false.
    """

    number: int
    raw: bytes
    record: Mapping[str, Any] | None = None
    reason: str = ""
    whole: bool = True

    def required(self) -> Mapping[str, Any]:
        """Return what the row holds.

        Raises:
            RecordError: it cannot be read.
        """
        if self.record is None:
            raise RecordError(self.reason)
        return self.record


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader can go on: behind `offset` (bytes; rows of Parquet), the next row being `line` + 1."""

    offset: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not stored, and why. `raw` and `whole` as in `Row`."""

    line: int
    reason: str
    raw: bytes = b""
    whole: bool = True


def rows_of_lines(lines: Iterable[Line], what: str = "line") -> Iterator[Row]:
    """Parse each line, or each element of a list, as one JSON object by the strict rules of `records`."""
    for line in lines:
        if line.raw is None:
            yield Row(line.number, line.head, None, f"the {what} is {TOO_LONG}", whole=False)
            continue
        try:
            record = parse_record(line.raw)
        except RecordError as error:
            yield Row(line.number, line.raw, None, error.message)
        else:
            yield Row(line.number, line.raw, record)
