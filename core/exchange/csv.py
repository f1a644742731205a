"""CSV for spreadsheets: one row a record, safe against cells that a spreadsheet would run as a formula.

It owns columns, cells and quoting. It is not lossless: JSON lines are. Nested values stand as JSON in their cell, an
absent value is an empty cell, and a cell that could start a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from core.exchange.jsonl import encode_json

_DECISION = (
    "id", "policy", "policy_hash", "label", "agrees", "cause", "rule_id", "note", "reviewer", "blind", "seconds",
    "decided_at", "imported",
)  # fmt: skip
_VERDICT = (
    "status", "label", "violates", "score", "rationale", "reasoning", "rule_ids", "quotes", "model", "model_sha256",
    "prompt_sha256", "prompt_tokens", "output_tokens", "seconds", "effort", "raw_output",
)  # fmt: skip

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "decisions": _DECISION,
    "disagreements": (
        *_DECISION, "content", "messages", "target", "parent", "content_hash", "removed_at",
        *(f"verdict.{name}" for name in _VERDICT),
    ),
    "items": (
        "id", "content", "messages", "target", "parent", "content_hash", "removed_at", "policy", "metadata", "verdicts",
        "decisions",
    ),
}  # fmt: skip
"""The columns of each kind of export; `verdict.NAME` is a field of the record's `verdict` object."""

# OWASP's list for CSV injection: ASCII signs, their full-width forms, and what a spreadsheet skips before one.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def encode_csv(records: Iterable[Mapping[str, Any]], what: str) -> Iterator[bytes]:
    """Yield the header and one row for each record of an export of `what`, in UTF-8 without a byte order mark.

    Every cell is quoted, so that a reader with another separator cannot split content into new cells; rows end in
    CR LF (RFC 4180).
    """
    columns = COLUMNS[what]
    write = _writer()
    places = [(outer, inner) for outer, _, inner in (column.partition(".") for column in columns)]
    yield write(columns)
    for record in records:
        yield write([_cell(_value(record, outer, inner)) for outer, inner in places])


def encode_table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """Yield a table as it stands on screen, row by row, quoted and guarded as every CSV here."""
    write = _writer()
    yield write([_cell(header) for header in headers])
    for row in rows:
        yield write([_cell(cell) for cell in row])


class _Lines:
    """Gives every line that is written straight back: `writerow` returns what `write` does."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _writer() -> Callable[[Iterable[str]], bytes]:
    """Return a function from the cells of a row to its bytes."""
    return csv.writer(_Lines(), quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow


def _value(record: Mapping[str, Any], outer: str, inner: str) -> object:
    value = record.get(outer)
    if not inner:
        return value
    return value.get(inner) if isinstance(value, Mapping) else None


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return encode_json(value)
