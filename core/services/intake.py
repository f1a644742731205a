"""The verbs `import` and its preview: a file is looked at, then comes in by batches; every row is accounted for.

It owns the way from a path to batches: source, plan, reader. Formats belong to `core.intake`, storing to `batches`.
Cancelling keeps the finished batches; the file imported again goes on from there (`import_places`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from core.domain import ImportSummary, RejectedRow
from core.errors import CancelledError, InputError, UsageError
from core.intake import items, verdicts
from core.intake.containers import RowReader, open_rows
from core.intake.detect import BUNDLE, Wishes, check_format, is_bundle, lost_content, make_plan
from core.intake.exported import RecordReader
from core.intake.parquet import MAGIC as PARQUET
from core.intake.plan import DECISIONS, ITEMS, RECORDS, VERDICTS, ReadPlan
from core.intake.records import Incoming, RecordError, rename_fields
from core.intake.rows import Refused, Row
from core.intake.shapes import SHAPES
from core.intake.sources import OpenPart, Source, open_source
from core.services.decisions_file import commit_decision, read_decision
from core.services.import_batches import Batches
from core.services.import_places import Journey, begin_journey
from core.services.members import Deed, require
from core.services.policy_source import PolicySource
from core.services.workspace import Workspace

BATCH_RECORDS = 2000
BATCH_BYTES = 8 * 1024 * 1024
"""A batch ends at either figure: few commits for small records, bounded memory for large ones."""

DECISIONS_AT_A_TIME = 200
"""Between two looks at the cancel event: each is committed on its own, so this takes a second or two."""

SAMPLE_ROWS = 10

IMPORT_REVIEWER = "import:"
"""Decisions read from a field are by reviewer `import:FIELD` (the interchange format of recorded verdicts)."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What an import was asked to do beyond the file itself.

    `policy_id` restricts all items to that policy (for recorded verdicts: it is the policy of records that name none).
    `policies` is the folder of the policies that recorded verdicts name. `decide_from` names the field that holds a
    human label: it becomes a decision by `import:FIELD`, unless one stands already. `skip_known` takes an item whose
    content is there under another id for a duplicate.
    """

    policies: Path | None = None
    policy_id: str | None = None
    decide_from: str | None = None
    skip_known: bool = False


def import_file(
    workspace: Workspace,
    *,
    path: Path,
    format: str = "auto",  # noqa: A002  the name of the option
    policies: Path | None = None,
    policy_id: str | None = None,
    field_map: Mapping[str, str] | None = None,
    decide_from: str | None = None,
    skip_known: bool = False,
    wishes: Wishes | None = None,
    stdin: BinaryIO | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
    on_labelled: Callable[[Sequence[str]], None] | None = None,
) -> ImportSummary:
    """Import one file; `read` = `stored` + `duplicates` + rejected rows, which come in line order.

    A record is a duplicate when everything it would store is stored already, so importing a file again changes
    nothing; an import that was cut off goes on where it stopped. `stored` counts records that added an item, a verdict
    or a decision. What is refused goes into the quarantine. A mapping that was given is remembered for tables of the
    same columns. `wishes` says more of the file than `format` and `field_map` do; for the other options see
    `ImportOptions`. `progress` gets bytes done and bytes in all; `on_labelled` the ids of the items of each batch that
    came with a human label, known ones included. The path `-` stands for `stdin`.

    Raises:
        RoleError: an auditor, or no member; only a lead brings in policies along with verdicts.
        UsageError: unknown format, policy or mapped field; nothing has been read.
        InputError: the file or the policies folder cannot be read.
        CancelledError: `cancel` was set; finished batches are kept.
    """
    require(workspace, Deed.IMPORT)
    wishes = wishes or Wishes(format, dict(field_map or {}))
    options = ImportOptions(policies, policy_id, decide_from, skip_known)
    check_request(workspace, wishes, options)
    summaries: list[ImportSummary] = []
    with open_source(path, stdin) as source:
        for part in source.parts():
            summary = _import_part(workspace, source, part, wishes, options, progress, cancel, on_labelled)
            summaries.append(summary if part.name == source.name else _named(summary, part.name))
        if progress:
            progress(source.size_bytes, source.size_bytes)
    whole = _sum(summaries)
    if whole.stored >= BATCH_RECORDS:
        workspace.store.merge_index(cancel)
    return whole


def check_request(workspace: Workspace, wishes: Wishes, options: ImportOptions) -> None:
    """Refuse a format or a policy that is none.

    Raises:
        UsageError: with what there is.
    """
    check_format(wishes.format)
    if options.policy_id is not None and not workspace.store.policy_history(options.policy_id):
        raise UsageError("There is no policy of that id in this workspace.", "Add it with `main.py policy add FILE`.")


def open_part(workspace: Workspace, source: Source, part: OpenPart, wishes: Wishes) -> tuple[ReadPlan, RowReader]:
    """Decide how a part is read and open it.

    Raises:
        InputError: it cannot be read as anything, or is a sealed bundle. UsageError: a mapped field or column is none.
    """
    if wishes.format == BUNDLE or is_bundle(part.head):
        raise InputError(f"{source.shown} is a sealed bundle.", "Import it by itself, without --preview or --format.")
    name = source.shown if part.name == source.name else part.name
    held: RowReader | None = None
    sample: list[Row] = []
    if part.head.startswith(PARQUET):
        held = open_rows(part.stream, ReadPlan("parquet"), source.size_bytes)
        sample = list(islice(held, SAMPLE_ROWS))  # every walk starts at the first row again
    plan = make_plan(
        part.head,
        name,
        wishes,
        ended=part.ended,
        parquet_rows=lambda: sample,
        recall=lambda columns: workspace.store.recall_columns(_hash_columns(columns)),
    )
    _check_mapping(plan, name)
    return plan, held or open_rows(part.stream, plan, source.size_bytes)


def _check_mapping(plan: ReadPlan, name: str) -> None:
    fields = verdicts.MAPPABLE_FIELDS if plan.shape == VERDICTS else items.MAPPABLE_FIELDS
    if any(field not in fields for field in plan.field_map):
        raise UsageError(
            f"A mapped field is none of the {plan.format} format.", f"The fields are {', '.join(fields)}: id=column."
        )
    if plan.container in ("csv", "parquet") and plan.shape == ITEMS and plan.columns:
        missing = [column for column in plan.field_map.values() if column not in plan.columns]
        if missing:
            raise UsageError(
                f"{name} has no column {', '.join(missing)}.", f"Its columns are {', '.join(plan.columns[:40])}."
            )
    elif plan.shape == ITEMS and plan.columns and (missing := lost_content(plan.field_map, plan.columns)):
        raise UsageError(  # records may leave out any field but their content
            f"The first records of {name} have no field {', '.join(missing)}.",
            f"Their fields are {', '.join(plan.columns[:40])}.",
        )


def _hash_columns(columns: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(columns)).encode("utf-8", "surrogatepass")).hexdigest()


def read_rows(
    workspace: Workspace, plan: ReadPlan, rows: Iterable[Row], options: ImportOptions
) -> Iterator[Incoming | Refused]:
    """Yield what rows hold, or why they are refused, as the plan says. Decision records are read elsewhere.

    Raises:
        UsageError: a folder of policies with records that name none. InputError: that folder cannot be read.
    """
    if plan.shape == VERDICTS:
        files = verdicts.list_policy_files(options.policies) if options.policies is not None else None
        source = PolicySource(workspace, files)
        reader = verdicts.VerdictReader(source.find, options.policy_id, options.decide_from, plan.field_map)
        return reader.read(rows)
    if options.policies is not None:
        raise UsageError(
            "A policies folder goes with recorded verdicts, and this file holds items.",
            "Leave --policies out; add policies with `main.py policy add FILE`.",
        )
    current = {policy.policy_id: policy for policy in workspace.store.list_policies()}
    if plan.shape == RECORDS:
        return RecordReader(workspace.store.get_policy, current, options.policy_id).read(rows)
    shape = plan.shape if plan.shape in SHAPES else ""
    return items.ItemReader(
        current.get, current, options.policy_id, options.decide_from, plan.field_map, shape, plan.make_ids
    ).read(rows)


def _import_part(
    workspace: Workspace,
    source: Source,
    part: OpenPart,
    wishes: Wishes,
    options: ImportOptions,
    progress: Callable[[int, int], None] | None,
    cancel: threading.Event | None,
    on_labelled: Callable[[Sequence[str]], None] | None,
) -> ImportSummary:
    plan, reader = open_part(workspace, source, part, wishes)
    if wishes.field_map and plan.columns:
        workspace.store.remember_columns(_hash_columns(plan.columns), wishes.field_map)
    reviewer = IMPORT_REVIEWER + (options.decide_from or "")
    plan = replace(plan, policy_id=options.policy_id, decide_from=options.decide_from)
    batches = Batches(workspace, part.name, reviewer, plan, options.skip_known, on_labelled)

    def tell() -> None:
        if progress:
            progress(min(source.position(), source.size_bytes), source.size_bytes)

    if plan.shape == DECISIONS:
        store_decisions(batches, reader, tell, cancel)
    else:
        journey = begin_journey(source, part, reader, batches)
        _store_rows(batches, journey, read_rows(workspace, plan, journey, options), tell, cancel)
    return batches.summary()


def store_decisions(
    batches: Batches,
    reader: Iterable[Row],
    tell: Callable[[], None] = lambda: None,
    cancel: threading.Event | None = None,
) -> None:
    """Commit decision records one by one, each superseding what stood; those that say what stands are duplicates."""
    for row in reader:
        try:
            record = rename_fields(row.required(), batches.plan.field_map)
            new = commit_decision(batches.workspace, read_decision(record))
        except (RecordError, UsageError) as error:
            batches.add(Refused(row.number, error.message, row.raw, row.whole))
        else:
            batches.count(decision=new)
        if batches.waiting >= BATCH_RECORDS or batches.read % DECISIONS_AT_A_TIME == 0:
            batches.flush()
            tell()
            _stop_if(cancel, batches)
    batches.flush()


def _stop_if(cancel: threading.Event | None, batches: Batches) -> None:
    if cancel is not None and cancel.is_set():
        raise CancelledError(
            f"The import was stopped after {batches.read} records; {batches.stored} are stored.",
            "Import the file again to go on from there: nothing is stored twice.",
        )


def _store_rows(
    batches: Batches,
    journey: Journey,
    rows: Iterator[Incoming | Refused],
    tell: Callable[[], None],
    cancel: threading.Event | None,
) -> None:
    """Store rows a batch at a time; a batch ends with a row, however many records that holds."""
    flushed_at = line = 0

    def keep_whole() -> None:
        batches.flush(journey.behind)

    for row in _until_damaged(rows, keep_whole):
        full = batches.waiting >= BATCH_RECORDS or journey.position - flushed_at >= BATCH_BYTES
        if full and row.line != line:
            batches.flush(journey.before)
            flushed_at = journey.position
            tell()
            _stop_if(cancel, batches)
        line = row.line
        batches.add(row)
    batches.flush(journey.end)


def _until_damaged(rows: Iterator[Incoming | Refused], at_damage: Callable[[], None]) -> Iterator[Incoming | Refused]:
    """Yield rows; what was read before the file turned out to be damaged is kept."""
    try:
        yield from rows
    except InputError:
        at_damage()
        raise


def _named(summary: ImportSummary, part: str) -> ImportSummary:
    return replace(summary, rejected=tuple(RejectedRow(row.line, row.reason, part) for row in summary.rejected))


def _sum(parts: Sequence[ImportSummary]) -> ImportSummary:
    if len(parts) == 1:
        return parts[0]
    formats = list(dict.fromkeys(part.format for part in parts))
    return ImportSummary(
        sum(part.read for part in parts),
        sum(part.stored for part in parts),
        sum(part.duplicates for part in parts),
        tuple(row for part in parts for row in part.rejected),
        sum(part.verdicts for part in parts),
        sum(part.decisions for part in parts),
        sum(part.quarantined for part in parts),
        ", ".join(formats),
        tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )
