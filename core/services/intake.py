"""The verb `import`: a file comes in by batches; every record is stored, known already, or listed with its reason.

It owns batches, duplicates and the order in which items, verdicts and decisions of a batch are stored; the formats
belong to `core.intake`. Each of the three is one transaction; what an interruption leaves out is added when the file
is imported again. Cancelling keeps the finished batches.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from core.domain import (
    Decision,
    ImportSummary,
    Item,
    Label,
    PolicyVersion,
    RejectedRow,
    Verdict,
    VerdictStatus,
    utc_now,
)
from core.errors import CancelledError, InputError, UsageError
from core.intake import jsonl, verdicts
from core.intake.detect import check_format, detect_format
from core.intake.lines import LineReader, open_input
from core.intake.records import Incoming, RecordError
from core.policy.document import parse_policy
from core.services.members import Deed, require
from core.services.workspace import Workspace

BATCH_RECORDS = 500
BATCH_BYTES = 8 * 1024 * 1024
"""A batch ends at either figure: few commits for small records, bounded memory for large ones."""

IMPORT_REVIEWER = "import:"
"""Decisions read from a field are by reviewer `import:FIELD` (the interchange format of recorded verdicts)."""


def import_file(
    workspace: Workspace,
    *,
    path: Path,
    format: str = "auto",  # noqa: A002  the name of the option
    policies: Path | None = None,
    policy_id: str | None = None,
    field_map: Mapping[str, str] | None = None,
    decide_from: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
    on_labelled: Callable[[Sequence[str]], None] | None = None,
) -> ImportSummary:
    """Import one file; `read` = `stored` + `duplicates` + rejected rows, which come in line order.

    A record is a duplicate when everything it would store is stored already, so importing a file again changes
    nothing. `stored` counts records that added an item, a verdict or a decision. `policy_id` restricts all items to
    that policy (for recorded verdicts: it is the policy of records that name none). `field_map` maps a field of the
    format to the column it is read from. `decide_from` names the field that holds a human label: it becomes a
    decision by `import:FIELD`, unless one stands already. `progress` gets bytes done and bytes in all;
    `on_labelled` the ids of the items of each batch that came with a human label, known ones included.

    Raises:
        RoleError: an auditor, or no member; only a lead brings in policies along with verdicts.
        UsageError: unknown format, policy or mapped field; nothing has been read.
        InputError: the file or the policies folder cannot be read.
        CancelledError: `cancel` was set; finished batches are kept.
    """
    require(workspace, Deed.IMPORT)
    check_format(format)
    mapping = dict(field_map or {})
    if policy_id is not None and not workspace.store.policy_history(policy_id):
        raise UsageError("There is no policy of that id in this workspace.", "Add it with `main.py policy add FILE`.")
    with open_input(path) as stream:
        chosen = detect_format(stream, path, mapping) if format == "auto" else format
        _check_mapping(mapping, chosen)
        lines = LineReader(stream)
        rows = _open_rows(workspace, chosen, lines, policies, policy_id, decide_from, mapping)
        batches = _Batches(workspace, path.name, IMPORT_REVIEWER + (decide_from or ""), on_labelled)
        return _run(batches, rows, lines, _size_of(stream), progress, cancel)


def _open_rows(
    workspace: Workspace,
    format_name: str,
    lines: LineReader,
    policies: Path | None,
    policy_id: str | None,
    decide_from: str | None,
    mapping: Mapping[str, str],
) -> Iterator[Incoming | RejectedRow]:
    if format_name == "verdicts":
        source = _PolicySource(workspace, verdicts.list_policy_files(policies) if policies is not None else None)
        return verdicts.VerdictReader(source.find, policy_id, decide_from, mapping).read(lines)
    if policies is not None:
        raise UsageError(
            "A policies folder goes with recorded verdicts, and this file holds items.",
            "Leave --policies out; add policies with `main.py policy add FILE`.",
        )
    current = {policy.policy_id: policy for policy in workspace.store.list_policies()}
    return jsonl.ItemReader(current.get, current, policy_id, decide_from, mapping).read(lines)


def _run(
    batches: _Batches,
    rows: Iterator[Incoming | RejectedRow],
    lines: LineReader,
    total: int,
    progress: Callable[[int, int], None] | None,
    cancel: threading.Event | None,
) -> ImportSummary:
    flushed_at = 0
    for row in rows:
        batches.add(row)
        if len(batches.pending) < BATCH_RECORDS and lines.position - flushed_at < BATCH_BYTES:
            continue
        batches.flush()
        flushed_at = lines.position
        if progress:
            progress(min(lines.position, total), total)
        if cancel is not None and cancel.is_set():
            raise CancelledError(
                f"The import was stopped after {batches.read} records; {batches.stored} are stored.",
                "Import the file again to go on: what is stored is not stored twice.",
            )
    batches.flush()
    if progress:
        progress(total, total)
    return batches.summary()


@dataclass(slots=True)
class _Batches:
    """Collects good records and stores them a batch at a time; counts what became of every record."""

    workspace: Workspace
    source: str
    reviewer: str
    on_labelled: Callable[[Sequence[str]], None] | None = None
    pending: list[Incoming] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    verdicts: int = 0
    decisions: int = 0

    def add(self, row: Incoming | RejectedRow) -> None:
        self.read += 1
        if isinstance(row, RejectedRow):
            self.rejected.append(row)
        else:
            self.pending.append(row)

    def summary(self) -> ImportSummary:
        rejected = tuple(sorted(self.rejected, key=lambda row: row.line))
        return ImportSummary(self.read, self.stored, self.duplicates, rejected, self.verdicts, self.decisions)

    def flush(self) -> None:
        """Store the pending records: their new items, then new verdicts, then decisions where none stands."""
        batch, self.pending = self.pending, []
        if not batch:
            return
        fresh, accepted = self._sort_out(batch)
        if fresh:
            self.workspace.store.add_items(list(fresh.values()), source=self.source, actor=self.workspace.reviewer)
        touched = {incoming.line for incoming in accepted if fresh.get(incoming.item.id) is incoming.item}
        runs, judged = self._store_verdicts(accepted, fresh)
        touched |= judged | self._store_decisions(accepted, fresh, runs)
        self.stored += len(touched)
        self.duplicates += len(accepted) - len(touched)
        if self.on_labelled is not None:
            self.on_labelled([incoming.item.id for incoming in accepted if incoming.label is not None])

    def _sort_out(self, batch: list[Incoming]) -> tuple[dict[str, Item], list[Incoming]]:
        """Return the items that are new, by id, and the records whose id belongs to no other content."""
        known = self.workspace.store.known_items([incoming.item.id for incoming in batch])
        fresh: dict[str, Item] = {}
        accepted: list[Incoming] = []
        for incoming in batch:
            item = incoming.item
            if item.id not in known:
                fresh[item.id] = item
                known[item.id] = item.content_hash
            if known[item.id] == item.content_hash:
                accepted.append(incoming)
            else:
                reason = "`id` already belongs to other content in this workspace"
                self.rejected.append(RejectedRow(incoming.line, reason))
        return fresh, accepted

    def _store_verdicts(
        self, accepted: list[Incoming], fresh: Mapping[str, Item]
    ) -> tuple[dict[int, Verdict], set[int]]:
        """Store the verdicts that are not there yet; return all as stored, by line, and the lines of the new ones."""
        runs: dict[int, Verdict] = {}
        new: list[tuple[int, Verdict]] = []
        for incoming in accepted:
            verdict = incoming.verdict
            if verdict is None:
                continue
            known = None if incoming.item.id in fresh else self._find_run(verdict)
            if known is None:
                new.append((incoming.line, verdict))
            else:
                runs[incoming.line] = known
        if new:
            stored = self.workspace.store.add_verdicts([verdict for _, verdict in new], actor=self.workspace.reviewer)
            runs |= {line: verdict for (line, _), (_, verdict) in zip(new, stored, strict=True)}
        self.verdicts += len(new)
        return runs, {line for line, _ in new}

    def _store_decisions(
        self, accepted: list[Incoming], fresh: Mapping[str, Item], runs: Mapping[int, Verdict]
    ) -> set[int]:
        """Store the decisions that came with the records where none stands; return their lines."""
        now = utc_now()
        new: list[tuple[int, Decision]] = []
        for incoming in accepted:
            policy, label, item_id = incoming.policy, incoming.label, incoming.item.id
            if policy is None or label is None:
                continue
            verdict = runs.get(incoming.line)
            if item_id not in fresh:
                if self._is_decided(item_id, policy.policy_id):
                    continue
                verdict = verdict or self.workspace.store.get_verdict(item_id, policy.policy_id)
            new.append((incoming.line, _decision(incoming, policy, label, verdict, self.reviewer, now)))
        if new:
            self.workspace.store.add_decisions([decision for _, decision in new], actor=self.workspace.reviewer)
        self.decisions += len(new)
        return {line for line, _ in new}

    def _find_run(self, verdict: Verdict) -> Verdict | None:
        """Return this very run as it is stored, as the latest verdict or an earlier one, or None."""
        stored = self.workspace.store.verdicts_of(verdict.item_id, verdict.policy_id)
        return next((other for other in stored if _run_of(other) == _run_of(verdict)), None)

    def _is_decided(self, item_id: str, policy_id: str) -> bool:
        history = self.workspace.store.decisions_of(item_id, policy_id)
        return bool(history) and not history[-1].withdrawn


def _run_of(verdict: Verdict) -> tuple[str, str, str, str]:
    """Return what makes two records the same run of a model."""
    return verdict.policy_hash, verdict.model, verdict.reasoning, verdict.raw_output


def _decision(
    incoming: Incoming, policy: PolicyVersion, label: Label, verdict: Verdict | None, reviewer: str, now: datetime
) -> Decision:
    """Return the decision a label in a file stands for: made elsewhere, so never on a blind or timed review here."""
    agrees: bool | None = None
    if verdict is not None and verdict.status is VerdictStatus.PARSED:
        agrees = (verdict.label, verdict.violates) == (label.code, label.violates)
    return Decision(
        item_id=incoming.item.id,
        policy_id=policy.policy_id,
        policy_hash=verdict.policy_hash if verdict is not None else policy.hash,
        label=label.code,
        violates=label.violates,
        agrees=agrees,
        reviewer=reviewer,
        decided_at=now,
        note=incoming.note,
        verdict_key=verdict.key if verdict is not None else None,
        imported=True,
    )


class _PolicySource:
    """Finds the policy version a recorded verdict names: in the folder of policy files, or in the workspace.

    A file is read once and its policy added to the workspace when the first record names it. A name that fails
    fails for every record with the same reason.
    """

    def __init__(self, workspace: Workspace, files: Mapping[str, list[Path]] | None) -> None:
        self._ws = workspace
        self._files = files
        self._found: dict[str, PolicyVersion | str] = {}

    def find(self, name: str) -> PolicyVersion:
        """Return the version, or raise RecordError with the reason."""
        found = self._found.get(name)
        if found is None:
            try:
                found = self._load(name)
            except RecordError as error:
                found = error.message
            # Names come from the file: remembering every unknown one would grow with it.
            if isinstance(found, PolicyVersion) or (self._files is not None and name in self._files):
                self._found[name] = found
        if isinstance(found, str):
            raise RecordError(found)
        return found

    def _load(self, name: str) -> PolicyVersion:
        if self._files is None:
            policy = self._ws.store.get_policy(name)
            if policy is None or policy.policy_id != name:
                raise RecordError("`policy` names no policy of this workspace")
            return policy
        text = verdicts.read_policy_text(self._files, name)
        try:
            policy = parse_policy(text, policy_id=name)
        except InputError as error:
            raise RecordError(f"the policy file cannot be used: {error.message}") from error
        versions = self._ws.store.policy_history(policy.policy_id)
        known = next((version for version in versions if version.hash == policy.hash), None)
        if known is not None:
            return known
        if versions:
            raise RecordError("the policy file differs from the policy of that id in this workspace")
        require(self._ws, Deed.PUBLISH)
        actor = self._ws.reviewer
        try:
            return self._ws.store.add_policy(policy, author=actor, note="imported with recorded verdicts", actor=actor)
        except UsageError as error:
            raise RecordError(f"the policy file cannot be used: {error.message}") from error


def _check_mapping(mapping: Mapping[str, str], format_name: str) -> None:
    fields = verdicts.MAPPABLE_FIELDS if format_name == "verdicts" else jsonl.MAPPABLE_FIELDS
    if any(name not in fields for name in mapping):
        raise UsageError(
            f"A mapped field is none of the {format_name} format.", f"The fields are {', '.join(fields)}: id=column."
        )


def _size_of(stream: BinaryIO) -> int:
    return os.fstat(stream.fileno()).st_size
