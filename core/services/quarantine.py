"""The verbs of the quarantine: look at refused rows, mend one, try them again, drop them.

It owns reading a kept row by the plan of its file. Nothing leaves the quarantine before it is stored or dropped by
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from core.domain import ImportSummary, QuarantinedRow, RejectedRow
from core.errors import UsageError
from core.exchange.target import TargetFile
from core.intake.plan import DECISIONS, ReadPlan, plan_from_text
from core.intake.records import RecordError, parse_record
from core.intake.rows import Row
from core.intake.table import read_cells
from core.services.import_batches import Batches
from core.services.intake import IMPORT_REVIEWER, ImportOptions, read_rows, store_decisions
from core.services.members import Deed, require
from core.services.workspace import Workspace

LARGEST_MENDED = 4 * 1024 * 1024  # bytes


def quarantine_size(workspace: Workspace) -> int:
    """Return how many refused rows are kept."""
    return workspace.store.quarantine_size()


def quarantine_keys(workspace: Workspace) -> list[int]:
    """Return the keys of the refused rows, oldest first."""
    return workspace.store.quarantine_keys()


def quarantine_rows(workspace: Workspace, *, keys: Sequence[int]) -> list[QuarantinedRow]:
    """Return refused rows by key, in the order of the keys; a key that is gone is left out."""
    return workspace.store.quarantine_rows(keys)


def get_quarantined(workspace: Workspace, *, key: int) -> QuarantinedRow:
    """Return one refused row.

    Raises:
        UsageError: there is none with this key.
    """
    found = workspace.store.quarantine_rows([key])
    if not found:
        raise UsageError("There is no row of that number in the quarantine.", "See `main.py quarantine list`.")
    return found[0]


def retry_quarantined(workspace: Workspace, *, keys: Sequence[int]) -> ImportSummary:
    """Try refused rows again as they are, after their policy was added, say; what is stored leaves the quarantine.

    Raises:
        RoleError: an auditor, or no member. UsageError: no such row.
    """
    require(workspace, Deed.IMPORT)
    return _sum(_retry(workspace, get_quarantined(workspace, key=key), None) for key in keys)


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


def write_quarantined(workspace: Workspace, *, key: int, out: Path) -> None:
    """Write the bytes of a refused row to a file, to be mended with other tools.

    Raises:
        UsageError: no such row. ExportError: the file cannot be written.
    """
    row = get_quarantined(workspace, key=key)
    with TargetFile(out) as target:
        target.write([row.raw])
        target.finish()
        target.publish()


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
