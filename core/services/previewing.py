"""The look before an import: what a file was taken for, and its first rows as they would come in.

It owns turning rows into what can be shown. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from core.domain import ImportPreview, PreviewRow
from core.errors import InputError
from core.intake.detect import Wishes
from core.intake.plan import DECISIONS
from core.intake.records import Incoming, RecordError
from core.intake.rows import Refused, Row
from core.intake.sources import open_source
from core.services.decisions_file import read_decision
from core.services.intake import ImportOptions, check_request, open_part, read_rows
from core.services.workspace import Workspace

PREVIEW_ROWS = 10


def preview_import(
    workspace: Workspace,
    *,
    path: Path,
    wishes: Wishes | None = None,
    options: ImportOptions | None = None,
    stdin: BinaryIO | None = None,
) -> ImportPreview:
    """Look at the first part of a file: what it is taken for, and its first ten rows. Nothing is stored.

    Raises:
        UsageError: unknown format, policy or mapped field. InputError: the file cannot be read as anything.
    """
    wishes, options = wishes or Wishes(), options or ImportOptions()
    check_request(workspace, wishes, options)
    with open_source(path, stdin) as source:
        part = next(source.parts(), None)
        if part is None:
            raise InputError(f"{source.name} holds nothing.", "Choose another file.")
        plan, reader = open_part(workspace, source, part, wishes)
        if plan.shape == DECISIONS:
            shown = [_preview_decision(row) for row in islice(reader, PREVIEW_ROWS)]
        else:
            shown = _preview_items(read_rows(workspace, plan, reader, options))
        return ImportPreview(
            plan.format,
            plan.notes,
            plan.field_map,
            plan.columns,
            tuple(shown),
            source.size_bytes,
            part.name,
        )


def _preview_items(rows: Iterable[Incoming | Refused]) -> list[PreviewRow]:
    shown: dict[int, PreviewRow] = {}
    for row in rows:
        if row.line not in shown and len(shown) >= PREVIEW_ROWS:
            break
        if isinstance(row, Refused):
            shown[row.line] = PreviewRow(row.line, reason=row.reason)
        else:
            before = shown.get(row.line, PreviewRow(row.line))
            shown[row.line] = PreviewRow(row.line, (*before.items, row.item))
    return list(shown.values())


def _preview_decision(row: Row) -> PreviewRow:
    try:
        return PreviewRow(row.number, decision=read_decision(row.required()).item_id)
    except RecordError as error:
        return PreviewRow(row.number, reason=error.message)
