"""The verbs of the audit chain: look at it, and hand it to somebody who has no Docket.

It owns what goes into an export and in which order it is signed; the bytes belong to `core.exchange`. Both verbs are
open to every role.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.domain import AuditEvent
from core.errors import ExportError
from core.exchange.jsonl import encode_jsonl
from core.exchange.target import TargetFile
from core.exchange.trust import audit_header, chain_line, checkpoint_line
from core.services.export import ExportSummary
from core.services.workspace import Workspace
from core.store.keys import read_keys


def audit_events(
    workspace: Workspace,
    *,
    limit: int = 50,
    kind: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
) -> list[AuditEvent]:
    """Return the newest events that match, newest first; `kind` is a kind or its first word (`decision`).

    Raises:
        StorageError: an event cannot be read; it is named.
    """
    return workspace.store.audit_events(limit=limit, kind=kind, actor=actor, since=since)


def export_audit(workspace: Workspace, *, out: Path) -> ExportSummary:
    """Sign the end of the chain and write all of it with its checkpoints to a new file (docs/audit.md).

    The export itself becomes the next event, which names the file's hash before the file appears in its place.

    Raises:
        ExportError: there is such a file, or it cannot be written.
        WorkspaceError: keys.json is missing or damaged, or an event cannot be read.
    """
    if out.is_symlink() or out.exists():
        raise ExportError(f"{out} is there already.", "Choose another name: an export never overwrites a file.")
    with TargetFile(out) as target:
        size, head = workspace.store.sign_end()
        rows = target.write(encode_jsonl(_lines(workspace, size, head))) - 1
        digest = target.finish()
        details = {"what": "audit", "format": "jsonl", "rows": rows, "sha256": digest, "file": out.name}
        workspace.store.record("exported", workspace.reviewer, details)
        target.publish()
    return ExportSummary(out, rows, digest)


def _lines(workspace: Workspace, size: int, head: str) -> Iterator[Mapping[str, Any]]:
    yield audit_header(read_keys(workspace.folder).workspace, workspace.store.public_key(), size, head)
    for number, payload, digest in workspace.store.iter_chain(size):
        yield chain_line(number, payload, digest)
    for row in workspace.store.checkpoints(size):
        yield checkpoint_line(row)
