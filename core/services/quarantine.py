"""The verbs of the quarantine: look at refused rows, mend one, try them again, drop them.

It owns reading a kept row by the plan of its file. Nothing leaves the quarantine before it is stored or dropped by
name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from core.domain import ImportSummary, QuarantinedRow, RejectedRow
from core.errors import CancelledError, UsageError
from core.exchange.target import TargetFile
from core.intake.plan import DECISIONS, ReadPlan, plan_from_text
from core.intake.records import RecordError, parse_record
from core.intake.rows import Row
from core.intake.table import header_line, read_cells
from core.services.import_batches import Batches
from core.services.intake import IMPORT_REVIEWER, ImportOptions, read_rows, store_decisions
from core.services.members import Deed, require
from core.services.workspace import Workspace

LARGEST_MENDED = 4 * 1024 * 1024  # bytes
_PAGE = 500


def quarantine_size(workspace: Workspace) -> int:
    """Return how many refused rows are kept."""
    return workspace.store.quarantine_size()


def quarantine_keys(workspace: Workspace) -> list[int]:
    """Return the keys of the refused rows, oldest first."""
    return workspace.store.quarantine_keys()


def quarantine_rows(workspace: Workspace, *, keys: Sequence[int], with_raw: bool = True) -> list[QuarantinedRow]:
    """Return refused rows by key, in the order of the keys; a key that is gone is left out.

    Without `with_raw` their bytes are left out (`raw` is empty): a list shows them without holding megabytes.
    """
    return workspace.store.quarantine_rows(keys, with_raw=with_raw)


def get_quarantined(workspace: Workspace, *, key: int) -> QuarantinedRow:
    """Return one refused row.

    Raises:
        UsageError: there is none with this key.
    """
    found = workspace.store.quarantine_rows([key])
    if not found:
        raise UsageError("There is no row of that number in the quarantine.", "See `main.py quarantine list`.")
    return found[0]


def retry_quarantined(
    workspace: Workspace,
    *,
    keys: Sequence[int],
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> ImportSummary:
    """Try refused rows again as they are, after their policy was added, say; what is stored leaves the quarantine.

    `progress` gets rows done and rows in all. Cancelling keeps what is in.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such row. CancelledError: `cancel` was set.
    """
    require(workspace, Deed.IMPORT)
    tried = []
    for done, key in enumerate(keys):
        if cancel is not None and cancel.is_set():
            raise CancelledError(f"Stopped after {done} of {len(keys)} rows.", "The others still wait.")
        tried.append(_retry(workspace, get_quarantined(workspace, key=key), None))
        if progress is not None:
            progress(done + 1, len(keys))
    return _sum(tried)


def mend_quarantined(workspace: Workspace, *, key: int, raw: bytes) -> ImportSummary:
    """Put other bytes in the place of a refused row and try it; what is refused again stays, with the new bytes.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such row, or more than 4 MiB.
    """
    require(workspace, Deed.IMPORT)
    if len(raw) > LARGEST_MENDED:
        raise UsageError("The mended row is longer than 4 MiB.", "Make several rows of it in a file and import that.")
    return _retry(workspace, get_quarantined(workspace, key=key), raw)


def drop_quarantined(workspace: Workspace, *, keys: Sequence[int]) -> int:
    """Let refused rows go for good; return how many there were.

    Raises:
        RoleError: an auditor, or no member.
    """
    require(workspace, Deed.IMPORT)
    return workspace.store.release(keys, how="dropped", actor=workspace.reviewer)


def write_quarantined(workspace: Workspace, *, keys: Sequence[int], out: Path) -> int:
    """Write the bytes of refused rows to a file, one after the other, to be mended with other tools; return how many.

    Rows of tables with the same columns come under these, so that the mended file imports as it is. The audit chain
    names the file's hash before the file appears in its place.

    Raises:
        UsageError: no such row, or none at all. ExportError: the file cannot be written.
    """
    if not keys:
        raise UsageError("There is no row to write.", "See `main.py quarantine list`.")
    with TargetFile(out) as target:
        rows = target.write(_lines_of(workspace, keys))
        digest = target.finish()
        details = {"what": "quarantine", "format": "raw", "rows": len(keys), "sha256": digest, "file": out.name}
        workspace.store.record("exported", workspace.reviewer, details)
        target.publish()
    return rows


def _lines_of(workspace: Workspace, keys: Sequence[int]) -> Iterator[bytes]:
    """Yield the rows, each with a line end, the first one with the header they share above it."""
    header = _shared_header(workspace, keys)
    for key in keys:
        raw = get_quarantined(workspace, key=key).raw
        whole = raw if raw.endswith(b"\n") or len(keys) == 1 else raw + b"\n"
        yield header + whole
        header = b""


def _shared_header(workspace: Workspace, keys: Sequence[int]) -> bytes:
    """Return the line that names the columns of these rows, b"" where they have none, other ones, or it is one row."""
    if len(keys) == 1:
        return b""
    layouts = set()
    for start in range(0, len(keys), _PAGE):
        for row in workspace.store.quarantine_rows(keys[start : start + _PAGE], with_raw=False):
            plan = plan_from_text(row.plan)
            layouts.add((plan.separator, plan.columns) if plan.container == "csv" and plan.header else None)
            if len(layouts) > 1:
                return b""
    [layout] = layouts or {None}
    return b"" if layout is None else header_line(*layout)


def _retry(workspace: Workspace, row: QuarantinedRow, mended: bytes | None) -> ImportSummary:
    if mended is None and not row.whole:
        return ImportSummary(1, 0, 0, (RejectedRow(row.line, "only the start of the row was kept"),))
    raw = row.raw if mended is None else mended
    plan = plan_from_text(row.plan)
    batches = Batches(workspace, row.source, IMPORT_REVIEWER + (plan.decide_from or ""), plan)
    rows = list(_rows_of(raw, row.line, plan))
    if plan.shape == DECISIONS:
        store_decisions(batches, rows)
    else:
        options = ImportOptions(policy_id=plan.policy_id, decide_from=plan.decide_from)
        for read in read_rows(workspace, plan, iter(rows), options):
            batches.add(read)
        batches.flush()
    summary = batches.summary()
    if not summary.rejected or raw != row.raw:
        workspace.store.release([row.key], how="mended", actor=workspace.reviewer)
    return summary


def _rows_of(raw: bytes, line: int, plan: ReadPlan) -> Iterable[Row]:
    """Read what stood in one place of a file; a piece of a table may hold several rows."""
    if plan.container == "csv":
        return (Row(line, row.raw, row.record, row.reason, row.whole) for row in read_cells(raw, plan.layout))
    if plan.container == "txt":
        try:
            return [Row(line, raw, {"content": raw.decode("utf-8")})]
        except UnicodeDecodeError as error:
            return [Row(line, raw, None, f"not valid UTF-8 at byte {error.start + 1}")]
    try:
        return [Row(line, raw, parse_record(raw))]
    except RecordError as error:
        return [Row(line, raw, None, error.message)]


def _sum(parts: Iterable[ImportSummary]) -> ImportSummary:
    listed = list(parts)
    return ImportSummary(
        sum(part.read for part in listed),
        sum(part.stored for part in listed),
        sum(part.duplicates for part in listed),
        tuple(row for part in listed for row in part.rejected),
        sum(part.verdicts for part in listed),
        sum(part.decisions for part in listed),
    )
