"""Tables as text: CSV, TSV and their relatives, with the header anywhere and notes above it.

It owns the layout of a table (separator, header, columns) as guessed from its head, and the walk over its rows. A row
that does not fit the header is refused with its text; nothing is shifted into another column.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from core.intake.lines import HEAD_BYTES, MAX_LINE_BYTES, unreadable
from core.intake.rows import TOO_LONG, Place, Row

SEPARATORS = (",", "\t", ";", "|")
_HEADER_ROWS = 30
_SAMPLE_ROWS = 200
_MAX_COLUMNS = 2000
_LONG_NAME = 60
_NUMBER = re.compile(r"[-+]?[\d.,]+(e[-+]?\d+)?%?", re.IGNORECASE)
_BAD_BYTES = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out. `header` is the number of the row that names the columns, 0 for none."""

    separator: str
    header: int
    columns: tuple[str, ...]


def guess_layout(head: bytes, *, ended: bool, separator: str | None = None, header: int | None = None) -> Layout | None:
    """Return the layout of the table that the head of a file shows, None when it shows none.

    A table has at least two columns in most of its rows, unless `separator` is given.
    """
    text = head.decode("utf-8-sig", "surrogateescape")
    best: tuple[float, str, list[list[str]]] | None = None
    for mark in (separator,) if separator else SEPARATORS:
        rows = _sample(text, mark, ended=ended)
        score = _regularity(rows)
        if rows and (separator or score > 0) and (best is None or score > best[0]):
            best = (score, mark, rows)
    if best is None:
        return None
    _, mark, rows = best
    number = _guess_header(rows) if header is None else header
    names = rows[number - 1] if 0 < number <= len(rows) else []
    width = max(len(names), Counter(len(row) for row in rows[number:]).most_common(1)[0][0] if rows[number:] else 0)
    return Layout(mark, number, name_columns(names, width))


def name_columns(names: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a name for each column: the header's, cleaned; `column N` where it has none or one that is taken."""
    columns: list[str] = []
    for place in range(min(width, _MAX_COLUMNS)):
        name = " ".join(_BAD_BYTES.sub("\ufffd", names[place]).split()) if place < len(names) else ""
        columns.append(name if name and name not in columns else f"column {place + 1}")
    return tuple(columns)


def _sample(text: str, separator: str, *, ended: bool) -> list[list[str]]:
    """Return the first rows, without the last one when it may be cut."""
    _raise_limit()
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > _SAMPLE_ROWS:
                return rows
    except csv.Error:
        pass
    return rows if ended else rows[:-1]


def _regularity(rows: Sequence[Sequence[str]]) -> float:
    """Return how table-like rows are: the share of the most common width over 1, and a little for more columns."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return 0.0
    width, count = Counter(len(row) for row in filled).most_common(1)[0]
    if width < 2 or (len(filled) > 2 and count < len(filled) * 0.5):
        return 0.0
    return count / len(filled) + min(width, 20) / 1000


def _guess_header(rows: Sequence[Sequence[str]]) -> int:
    """Return the number of the row that names the columns of what follows, 0 when none looks so.

    A header is a row of short, distinct words; the best one names the most columns, and the first of equals wins.
    """
    best, best_score = 0, 0.0
    for number, row in enumerate(rows[:_HEADER_ROWS], 1):
        named = [cell.strip() for cell in row if cell.strip()]
        wordy = all(len(cell) <= _LONG_NAME and not _NUMBER.fullmatch(cell) and cell.isprintable() for cell in named)
        if not named or not wordy or len(set(named)) != len(named):
            continue
        below = [line for line in rows[number:] if any(cell.strip() for cell in line)]
        if below and sum(len(line) == len(row) for line in below) < len(below) * 0.5:
            continue
        score = float(len(named)) - sum(any(cell.strip().endswith(mark) for mark in ".?!") for cell in named)
        repeated = any(line[place].strip() in named for line in below for place in range(len(line)) if line[place])
        if repeated and len(named) < 2:
            score = 0.5  # a word that also stands in the column is a value
        if score > best_score:
            best, best_score = number, score
    return best


class TableReader:
    """Iterates over the rows of a table in UTF-8, behind its header; `position` is the number of bytes consumed."""

    def __init__(self, stream: BinaryIO, layout: Layout) -> None:
        self._lines = _Lines(stream)
        self._layout = layout
        self._header = layout.header

    @property
    def position(self) -> int:
        """Bytes consumed so far."""
        return self._lines.position

    @property
    def place(self) -> Place:
        """Where the table can go on: behind the last row that was read."""
        return Place(self._lines.position, self._lines.number)

    def start_at(self, place: Place) -> None:
        """Go on at a place that was reached before, behind the header."""
        self._lines.start_at(place.offset, place.line)
        self._header = 0

    def __iter__(self) -> Iterator[Row]:
        _raise_limit()
        reader = csv.reader(self._lines, delimiter=self._layout.separator, strict=True)
        count = 0
        while True:
            self._lines.begin()
            reason, cells = "", []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _TooLongError:
                reason = f"the row is {TOO_LONG}; is a quote never closed?"
            except csv.Error as error:
                reason = _csv_reason(error)
            count += 1
            if count <= self._header or (not reason and not any(cell.strip() for cell in cells)):
                continue
            yield self._row(cells, reason)

    def _row(self, cells: Sequence[str], reason: str) -> Row:
        raw = self._lines.raw()
        number = self._lines.first
        columns = self._layout.columns
        if not reason and self._lines.bad:
            reason = "not valid UTF-8"
        fits = len(cells) == len(columns) or (
            len(cells) > len(columns) and not any(cell.strip() for cell in cells[len(columns) :])
        )
        if not reason and not fits:
            count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
            reason = f"the row has {count} where the header has {len(columns)}"
        if reason:
            whole = len(raw) <= MAX_LINE_BYTES
            return Row(number, raw if whole else raw[:HEAD_BYTES], None, reason, whole)
        record = {name: cell for name, cell in zip(columns, cells, strict=False) if cell.strip()}
        return Row(number, raw, record)


def read_cells(raw: bytes, layout: Layout) -> Iterable[Row]:
    """Read rows of a table that stand by themselves, without a header above them."""
    return TableReader(io.BytesIO(raw), Layout(layout.separator, 0, layout.columns))


def header_line(separator: str, columns: Sequence[str]) -> bytes:
    """Return the row that names these columns, with its line end."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerow(columns)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _csv_reason(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end of data" in words:
        return "a quote that opens in this row is never closed"
    if "expected after" in words:
        return "text stands behind a closing quote: a quote inside a cell must be doubled"
    return "not a row of a table"


def _raise_limit() -> None:
    """Let a cell be as long as a line may be; Python's own limit is 128 KiB for the whole process."""
    csv.field_size_limit(MAX_LINE_BYTES)


class _TooLongError(Exception):
    """A row that goes on and on."""


class _Lines:
    """The lines of a stream as text, remembering those of the row that is being read; `bad` ones are no UTF-8."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._kept: list[bytes] = []
        self._size = 0
        self.bad = False
        self.number = 0
        self.first = 1
        self.position = 0

    def start_at(self, offset: int, number: int) -> None:
        """Go on behind a byte and a line; the stream must be a file."""
        self._stream.seek(offset)
        self.position, self.number = offset, number

    def begin(self) -> None:
        """A new row starts with the next line."""
        self._kept, self._size, self.bad = [], 0, False
        self.first = self.number + 1

    def raw(self) -> bytes:
        """Return the bytes of the row."""
        return b"".join(self._kept)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._stream.readline(MAX_LINE_BYTES + 2)
        except OSError as error:
            raise unreadable(self.position, error) from error
        if not line:
            raise StopIteration
        self.position += len(line)
        self.number += 1
        self._size += len(line)
        self._kept.append(line)
        if self._size > MAX_LINE_BYTES:
            while not line.endswith(b"\n") and (line := self._stream.readline(HEAD_BYTES)):
                self.position += len(line)
            raise _TooLongError
        if self.number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            text = line.decode()
        except UnicodeDecodeError:
            self.bad = True
            text = line.decode("utf-8", "surrogateescape")
        return text.replace("\0", "\ufffd")
