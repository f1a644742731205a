"""The verb `export`: disagreements, decisions or items leave as one file that is there whole or not at all.

It owns what goes into each kind of export and the audit event that names the file's hash; the shapes and formats
belong to `core.exchange`. Records stream from the store to the disk a page at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import CancelledError, ExportError, UsageError
from core.exchange.csv import encode_csv
from core.exchange.jsonl import encode_jsonl
from core.exchange.records import decision_to_dict, disagreement_to_dict, item_to_dict
from core.exchange.target import TargetFile
from core.services.workspace import Workspace

KINDS = ("disagreements", "decisions", "items")
FORMATS = ("jsonl", "csv")


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """A written file: how many records it holds and the SHA-256 (hex) of its bytes, which the audit chain names."""

    path: Path
    rows: int
    sha256: str


def export(
    workspace: Workspace,
    *,
    what: str,
    out: Path,
    format: str = "jsonl",  # noqa: A002  the name of the option
    policy_id: str | None = None,
    cancel: threading.Event | None = None,
) -> ExportSummary:
    """Write disagreements, decisions or items to `out`; a folder gets a file `WHAT.FORMAT`.

    Decisions are the standing ones, oldest first; disagreements are those that differ from the parsed verdict they
    were made on (a label that came before any verdict: from the latest one of that policy version). `policy_id` keeps
    to one policy; of items, to those queued under it. The audit chain names the file's hash before the file appears
    in its place.

    Raises:
        UsageError: unknown kind, format or policy.
        ExportError: the target cannot be written; what stood there is untouched.
        CancelledError: `cancel` was set; nothing was written.
    """
    _check_request(workspace, what, format, policy_id)
    target_path = _target_path(out, f"{what}.{format}")
    records = _until(_records(workspace, what, policy_id), cancel)
    lines = encode_csv(records, what) if format == "csv" else encode_jsonl(records)
    with TargetFile(target_path) as target:
        written = target.write(lines)
        digest = target.finish()
        rows = written - 1 if format == "csv" else written
        details = {"what": what, "format": format, "policy": policy_id, "rows": rows, "sha256": digest}
        workspace.store.record("exported", workspace.reviewer, {**details, "file": target_path.name})
        target.publish()
    return ExportSummary(target_path, rows, digest)


def _check_request(workspace: Workspace, what: str, format_name: str, policy_id: str | None) -> None:
    if what not in KINDS:
        raise UsageError("There is nothing of that name to export.", f"Name one of {', '.join(KINDS)}.")
    if format_name not in FORMATS:
        raise UsageError("There is no export format of that name.", f"This version writes {' and '.join(FORMATS)}.")
    if policy_id is not None and not workspace.store.policy_history(policy_id):
        raise UsageError("There is no policy of that id in this workspace.", "See `main.py policy list`.")


def _target_path(out: Path, name: str) -> Path:
    try:
        return out / name if out.is_dir() else out
    except (OSError, ValueError) as error:
        raise ExportError("The target's name is no usable path.", "Choose another name.") from error


def _until(records: Iterable[Mapping[str, Any]], cancel: threading.Event | None) -> Iterator[Mapping[str, Any]]:
    for record in records:
        if cancel is not None and cancel.is_set():
            raise CancelledError("The export was stopped; nothing was written.", "Export again when you need it.")
        yield record


def _records(workspace: Workspace, what: str, policy_id: str | None) -> Iterator[Mapping[str, Any]]:
    if what == "items":
        for item, verdicts, decisions in workspace.store.iter_judged_items(policy_id=policy_id):
            yield item_to_dict(item, verdicts, decisions)
    elif what == "disagreements":
        for decision, item, verdict in workspace.store.iter_disagreements(policy_id=policy_id):
            yield disagreement_to_dict(decision, item, verdict)
    else:
        for decision in workspace.store.iter_decisions(policy_id=policy_id):
            yield decision_to_dict(decision)
