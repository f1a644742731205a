"""Which format a file has, judged by its first records and never by its name alone.

It owns the guess behind `--format auto` and the list of formats this version reads. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from core.errors import InputError, UsageError
from core.intake.lines import LineReader
from core.intake.records import RecordError, parse_record, rename_fields

FORMATS = ("jsonl", "verdicts")
"""The formats this version reads."""

_LATER = frozenset({"csv", "tsv", "txt", "chat", "parquet", "json"})
_OTHER_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".parquet", ".xlsx", ".gz", ".zip", ".html", ".xml", ".pdf"})
_SAMPLE_LINES = 20


def check_format(name: str) -> None:
    """Refuse a format name that this version does not read; `auto` is one it does.

    Raises:
        UsageError: with the formats that can be named.
    """
    if name == "auto" or name in FORMATS:
        return
    reads = f"This version reads {' and '.join(FORMATS)}."
    if name in _LATER:
        raise UsageError(f"Importing {name} is not in this version.", f"{reads} Convert the file to JSON lines first.")
    raise UsageError("There is no import format of that name.", f"{reads} Leave the format out to have it detected.")


def detect_format(stream: BinaryIO, path: Path, field_map: Mapping[str, str]) -> str:
    """Return `verdicts` when the first readable record has `output` and `policy`, else `jsonl`; the stream is rewound.

    A file without one readable record among its first lines is read as JSON lines, so that each line gets its reason,
    unless it is plainly something else.

    Raises:
        InputError: the file is one JSON array, or its name and its content both say that it is no JSON lines file.
    """
    first = b""
    try:
        for line in islice(LineReader(stream), _SAMPLE_LINES):
            first = first or (line.raw or b"")[:1024].strip()
            try:
                record = rename_fields(parse_record(line.raw or b""), field_map)
            except RecordError:
                continue
            return "verdicts" if "output" in record and "policy" in record else "jsonl"
    finally:
        stream.seek(0)
    hint = f"This version reads {' and '.join(FORMATS)}: one JSON object on each line, in UTF-8."
    if first.startswith(b"["):
        raise InputError(f"{path} is one JSON list.", hint)
    if first and path.suffix.lower() in _OTHER_SUFFIXES:
        raise InputError(f"{path} holds no JSON object in its first lines.", hint)
    return "jsonl"
