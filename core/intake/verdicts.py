"""Recorded verdicts: runs of a model made elsewhere, one JSON object a line, read through the same parser as live ones.

It owns the record's own fields and where the policy it names is found: in a folder of policy files, by comparing names
against the folder's listing, so that no text of a record ever becomes part of a path. It stores nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.domain import ModelInfo, PolicyVersion, RawOutput
from core.errors import InputError
from core.inference.verdicts import interpret
from core.intake.items import read_records, written_label
from core.intake.labels import read_label
from core.intake.records import ITEM_FIELDS, Incoming, RecordError, build_item, json_type, read_text, rename_fields
from core.intake.rows import Refused, Row

VERDICT_FIELDS = ("model", "output", "reasoning", "finish_reason", "prompt_tokens", "completion_tokens")
"""The fields that belong to the run rather than to the item; `expected` and all others are kept in metadata."""

MAPPABLE_FIELDS = (*ITEM_FIELDS, *VERDICT_FIELDS, "expected")

MAX_POLICY_BYTES = 1024 * 1024
"""Largest policy file read: some twenty times the 10,000 tokens a policy may have."""

_CUT = frozenset({"length", "max_tokens", "model_length"})
_STOPPED_BY_ERROR = frozenset({"error", "content_filter", "safety"})
_PLAIN_WORD = re.compile(r"[A-Za-z_-]{1,32}")


@dataclass(frozen=True, slots=True)
class VerdictReader:
    """Builds items with their verdicts from records.

    `lookup` returns the policy version a record names, or raises RecordError with the reason. `policy_id` is the
    policy of records that name none. `decide_from` names the field that holds a human label.
    """

    lookup: Callable[[str], PolicyVersion]
    policy_id: str | None = None
    decide_from: str | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)

    def read(self, rows: Iterable[Row]) -> Iterator[Incoming | Refused]:
        """Yield, for each row, what it holds or why it is refused, in order."""
        return read_records(rows, self._build, _item_and_policy)

    def _build(self, row: Row, record: Mapping[str, Any]) -> list[Incoming]:
        renamed = rename_fields(record, self.field_map)
        item = build_item(renamed, known=("policy", *VERDICT_FIELDS))
        raw = _read_run(renamed)
        model = ModelInfo(read_text(renamed, "model", required=True), "", "recorded", "import")
        policy = self.lookup(read_text(renamed, "policy") or self.policy_id or _no_policy())
        settings = {"engine": "recorded", "finish_reason": _finish_reason(renamed)}
        verdict = interpret(raw, item=item, policy=policy, model=model, effort=None, settings=settings)
        written = written_label(record, renamed, self.decide_from)
        if self.decide_from is None or written is None:
            return [Incoming(row.number, item, policy, (verdict,), raw=row.raw)]
        meaning = read_label(policy, written, field=self.decide_from, verdict=verdict)
        return [Incoming(row.number, item, policy, (verdict,), meaning.label, meaning.note, raw=row.raw)]


def list_policy_files(folder: Path) -> dict[str, list[Path]]:
    """Return the Markdown and text files of a folder by stem.

    Raises:
        InputError: the folder is missing, not a folder, or may not be read.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".md", ".txt") and path.is_file())
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "not a path").lower()
        raise InputError(
            f"The policies folder {folder} cannot be read: {reason}.", "Name the folder that holds the policy files."
        ) from error
    files: dict[str, list[Path]] = {}
    for path in paths:
        files.setdefault(path.stem, []).append(path)
    return files


def read_policy_text(files: Mapping[str, list[Path]], name: str) -> str:
    """Return the text of the one policy file whose stem is `name`.

    Raises:
        RecordError: no file or several files have that stem, or the file is too large, unreadable or not UTF-8.
    """
    paths = files.get(name, [])
    if not paths:
        raise RecordError("`policy` names no file in the policies folder")
    if len(paths) > 1:
        raise RecordError("`policy` names more than one file in the policies folder")
    try:
        with paths[0].open("rb") as stream:
            raw = stream.read(MAX_POLICY_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise RecordError("the policy file cannot be read as UTF-8 text") from None
    if len(raw) > MAX_POLICY_BYTES:
        raise RecordError(f"the policy file is larger than {MAX_POLICY_BYTES // 2**20} MiB")
    return text


def _item_and_policy(incoming: Incoming) -> str:
    """Name what may stand in a file only once: the same item may be judged under several policies."""
    policy = incoming.policy.policy_id if incoming.policy else ""
    return f"{incoming.item.id}\n{policy}"


def _no_policy() -> str:
    raise RecordError("`policy` is missing")


def _read_run(record: Mapping[str, Any]) -> RawOutput:
    finish = _finish_reason(record)
    error = "" if finish not in _STOPPED_BY_ERROR else f"the recorded run ended with {finish}"
    return RawOutput(
        output=read_text(record, "output", required=True),
        reasoning=read_text(record, "reasoning"),
        finish="length" if finish in _CUT else "error" if error else "stop",
        prompt_tokens=_read_count(record, "prompt_tokens"),
        output_tokens=_read_count(record, "completion_tokens"),
        error=error,
    )


def _finish_reason(record: Mapping[str, Any]) -> str:
    """Return the record's `finish_reason` in lower case, "" when absent, "other" when it is not a plain word."""
    written = read_text(record, "finish_reason").lower()
    return written if not written or _PLAIN_WORD.fullmatch(written) else "other"


def _read_count(record: Mapping[str, Any], name: str) -> int:
    value = record.get(name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int):
        raise RecordError(f"`{name}` must be a whole number, found {json_type(value)}")
    if not 0 <= value < 2**31:
        raise RecordError(f"`{name}` is out of range")
    return value
