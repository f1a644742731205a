"""Which format a file has, judged by its first bytes and rows and never by its name alone.

It owns the guess behind `--format auto`, in words that can be shown before anything is stored. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from core.errors import InputError, UsageError
from core.intake.containers import sample_rows
from core.intake.elements import list_start
from core.intake.mapping import guess_fields
from core.intake.parquet import MAGIC as PARQUET
from core.intake.plaintext import SPLITS
from core.intake.plan import DECISIONS, ITEMS, RECORDS, VERDICTS, ReadPlan
from core.intake.records import RecordError, parse_record, rename_fields
from core.intake.rows import Row
from core.intake.shapes import SHAPES, recognise
from core.intake.shapes.chat import looks_rendered
from core.intake.table import guess_layout
from core.intake.text import sniff_encoding

BUNDLE = "bundle"
_OWN_SHAPES = (VERDICTS, DECISIONS, RECORDS)
IMPORT_FORMATS = ("jsonl", "json", "csv", "tsv", "txt", "parquet", *_OWN_SHAPES, *SHAPES, BUNDLE)
"""The formats that can be named."""

HEAD_BYTES = 512 * 1024
"""How much of a file is looked at before its format is decided."""

_BUNDLE_STARTS = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_SAMPLE = 40
_TEXT_SUFFIXES = frozenset({".txt", ".text", ".log", ".md"})
_TABLE_SUFFIXES = {".csv": None, ".tsv": "\t", ".tab": "\t"}
_OTHER_SUFFIXES = frozenset({".xlsx", ".html", ".xml", ".pdf", ".docx"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person said about a file; everything else is guessed. `header` counts rows from 1, 0 means none."""

    format: str = "auto"
    field_map: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    separator: str | None = None
    header: int | None = None
    split: str | None = None


def check_format(name: str) -> None:
    """Refuse the name of a format that is not read; `auto` is one that is.

    Raises:
        UsageError: with the formats that can be named.
    """
    if name != "auto" and name not in IMPORT_FORMATS:
        raise UsageError(
            "There is no import format of that name.",
            f"Name one of {', '.join(IMPORT_FORMATS)}, or leave the format out to have it detected.",
        )


def is_bundle(head: bytes) -> bool:
    """Whether a file's first bytes are those of a sealed bundle."""
    return head.startswith(_BUNDLE_STARTS)


def make_plan(
    head: bytes,
    name: str,
    wishes: Wishes,
    *,
    ended: bool,
    parquet_rows: Callable[[], Sequence[Row]] | None = None,
    recall: Callable[[Sequence[str]], Mapping[str, str] | None] = lambda _columns: None,
) -> ReadPlan:
    """Return how a file is to be read, from its first bytes, its name and what was wished.

    `ended` says that the head is the whole file. `parquet_rows` gives the first rows of a Parquet file. `recall`
    returns the mapping that was used for a table of these columns before.

    Raises:
        InputError: it is nothing Docket reads. UsageError: a wish that makes no sense.
    """
    plan = _plan_container(head, name, wishes, ended=ended)
    rows = (
        list(parquet_rows() if parquet_rows else ())
        if plan.container == "parquet"
        else sample_rows(head, plan, _SAMPLE, ended=ended)
    )
    sample = [row.record for row in rows if row.record is not None]
    shape = _find_shape(sample, wishes)
    plan = replace(plan, shape=shape, field_map=dict(wishes.field_map))
    return _plan_fields(plan, sample, recall) if shape == ITEMS else _plan_ids(plan, sample)


def _plan_container(head: bytes, name: str, wishes: Wishes, *, ended: bool) -> ReadPlan:
    suffix = PurePath(name).suffix.lower()
    if wishes.format == "parquet" or head.startswith(PARQUET):
        if not head.startswith(PARQUET):
            raise InputError(f"{name} is not a Parquet file.", "Leave the format out to have it detected.")
        return ReadPlan("parquet")
    encoding = wishes.encoding or sniff_encoding(head)
    if encoding is None:
        # One stray NUL inside a record is that record's fault, not the file's.
        if not _has_objects(head):
            raise InputError(
                f"{name} is not a text file.", f"Docket reads {', '.join(IMPORT_FORMATS)}, packed as gz or zip, too."
            )
        encoding = "utf-8"
    notes = () if encoding == "utf-8" else (f"the text is {encoding}",)
    text = head if encoding == "utf-8" else head.decode(encoding, "replace").encode()
    plan = ReadPlan(encoding=encoding, notes=notes)
    wanted = wishes.format
    if wanted in ("jsonl", "json", "txt"):
        return replace(plan, container=wanted, split=_split(wishes))
    if wanted in ("csv", "tsv") or (wanted != "auto" and suffix in _TABLE_SUFFIXES and not _has_objects(text)):
        return _table(plan, text, wishes, suffix, ended=ended, sure=True)
    is_list = text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    if not is_list and _has_objects(text, lines=True) and not _is_one_object(text, ended=ended):
        return plan
    if is_list or list_start(text.removeprefix(b"\xef\xbb\xbf")) is not None or _is_one_object(text, ended=ended):
        return replace(plan, container="json")
    if suffix in _TEXT_SUFFIXES or (wanted == "harmony" or looks_rendered(text[:4096].decode("utf-8", "replace"))):
        return replace(plan, container="txt", split=_text_split(text, wishes))
    table = _table(plan, text, wishes, suffix, ended=ended, sure=suffix in _TABLE_SUFFIXES)
    if table.container == "csv":
        return table
    if text.strip() and suffix in _OTHER_SUFFIXES:
        raise InputError(f"{name} is no text that holds records.", "Save it as CSV, JSON lines or plain text.")
    return plan


def _table(plan: ReadPlan, text: bytes, wishes: Wishes, suffix: str, *, ended: bool, sure: bool) -> ReadPlan:
    separator = wishes.separator or ("\t" if wishes.format == "tsv" else _TABLE_SUFFIXES.get(suffix))
    layout = guess_layout(text, ended=ended, separator=separator, header=wishes.header)
    if layout is None and sure:
        layout = guess_layout(text, ended=ended, separator=separator or ",", header=wishes.header)
    if layout is None:
        if not sure:
            return plan
        return replace(plan, container="csv", columns=())
    words = {"\t": "a tab", ",": "a comma", ";": "a semicolon", "|": "a bar"}
    notes = [f"columns are separated by {words.get(layout.separator, layout.separator)}"]
    notes.append(f"row {layout.header} names the columns" if layout.header else "no row names the columns")
    if layout.header > 1:
        above = "row above it is" if layout.header == 2 else f"{layout.header - 1} rows above it are"
        notes.append(f"the {above} left out")
    return replace(
        plan,
        container="csv",
        separator=layout.separator,
        header=layout.header,
        columns=layout.columns,
        notes=(*plan.notes, *notes),
    )


def _split(wishes: Wishes) -> str:
    split = wishes.split or "lines"
    if split not in SPLITS:
        raise UsageError("Plain text is not cut that way.", f"Name one of {', '.join(SPLITS)}.")
    return split


def _text_split(text: bytes, wishes: Wishes) -> str:
    """Rendered conversations run over many lines unless each line starts one."""
    lines = [line for line in text.splitlines() if line.strip()][:_SAMPLE]
    if wishes.split is None and looks_rendered(text[:4096].decode("utf-8", "replace")):
        return "lines" if all(line.lstrip().startswith(b"<|start|>") for line in lines) and len(lines) > 1 else "file"
    return _split(wishes)


def _has_objects(text: bytes, *, lines: bool = False) -> bool:
    """Whether one of the first lines is a JSON object; without `lines` it is enough that one starts like it."""
    for line in text.removeprefix(b"\xef\xbb\xbf").split(b"\n", _SAMPLE)[:_SAMPLE]:
        if not line.lstrip().startswith(b"{"):
            continue
        if not lines:
            return True
        try:
            parse_record(line.rstrip(b"\r"))
        except RecordError:
            continue
        return True
    return False


def _is_one_object(text: bytes, *, ended: bool) -> bool:
    """Whether the text is one JSON object: over several lines, or on one line with a list of records in it."""
    stripped = text.removeprefix(b"\xef\xbb\xbf").strip()
    if not stripped.startswith(b"{"):
        return False
    first, _, rest = stripped.partition(b"\n")
    if rest.strip():
        return not _has_objects(first, lines=True) and not first.rstrip().endswith(b"}")
    return list_start(stripped) is not None and (not ended or stripped.endswith(b"}"))


def _find_shape(sample: Sequence[Mapping[str, Any]], wishes: Wishes) -> str:
    if wishes.format in SHAPES or wishes.format in _OWN_SHAPES:
        return recognise(sample) or "chat" if wishes.format == "chat" else wishes.format
    if wishes.format == "jsonl":
        return ITEMS
    for record in sample[:20]:
        renamed = rename_fields(record, wishes.field_map)
        if "output" in renamed and "policy" in renamed:
            return VERDICTS
        if wishes.format != "auto" or wishes.field_map:
            continue
        if isinstance(record.get("verdicts"), list) and isinstance(record.get("decisions"), list) and "id" in record:
            return RECORDS
        if {"policy", "label", "id"} <= record.keys() and not {"content", "messages"} & record.keys():
            return DECISIONS
        if "content" not in record and ("reviewer" in record or "decided_at" in record) and "label" in record:
            return DECISIONS
    if wishes.format != "auto" or wishes.field_map:
        return ITEMS
    return recognise(sample[:20]) or ITEMS


def _plan_fields(
    plan: ReadPlan,
    sample: Sequence[Mapping[str, Any]],
    recall: Callable[[Sequence[str]], Mapping[str, str] | None],
) -> ReadPlan:
    """Complete the mapping of item records: what was said, else what was said before, else a guess."""
    columns = plan.columns or tuple(dict.fromkeys(name for record in sample for name in record))
    mapping, notes = dict(plan.field_map), list(plan.notes)
    # A slip of one day is not kept for the next.
    if not mapping and (before := recall(columns)) and not lost_content(before, columns):
        mapping = dict(before)
        notes.append("the columns are read as they were the last time")
    guessed = guess_fields(columns, sample)
    for name, column in guessed.items():
        own = {"content", "messages"} if name in ("content", "messages") else {name}
        if not own & mapping.keys() and not own & set(columns) and column not in mapping.values():
            mapping[name] = column
            notes.append(f"`{name}` is read from `{column}`")
    plan = replace(plan, columns=columns, field_map=mapping, notes=tuple(notes))
    return _plan_ids(plan, sample)


def lost_content(mapping: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    """Return what a mapping reads the content from, if none of it is there: by such a mapping no row has any."""
    read_from = [mapping[name] for name in ("content", "messages") if name in mapping]
    return [] if set(read_from) & set(columns) else read_from


def _plan_ids(plan: ReadPlan, sample: Sequence[Mapping[str, Any]]) -> ReadPlan:
    """Let ids be made of the content where no row has any."""
    if plan.shape in _OWN_SHAPES or plan.field_map.get("id") or not sample:
        return plan
    converted: list[Mapping[str, Any]] = []
    for record in sample:
        try:
            converted += SHAPES[plan.shape].convert(record) if plan.shape in SHAPES else [record]
        except RecordError:
            continue
    if not converted or any(record.get("id") is not None for record in converted):
        return plan
    note = "the rows have no id: each gets one that is made of its content"
    return replace(plan, make_ids=True, notes=(*plan.notes, note))
