"""Records of an import, stored a batch at a time: new items, then verdicts, then decisions, then what was refused.

It owns duplicates and the order in which a batch is stored; each kind is one transaction. What an interruption leaves
out is added when the file is imported again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.domain import (
    Decision,
    ImportSummary,
    Item,
    Label,
    PolicyVersion,
    QuarantinedRow,
    RejectedRow,
    Verdict,
    VerdictStatus,
    utc_now,
)
from core.intake.plan import ReadPlan, plan_to_text
from core.intake.records import Incoming
from core.intake.rows import Refused
from core.services.workspace import Workspace

JUDGED = 8
"""A record with verdicts, decisions or a label keeps other writers waiting as long as so many items."""


@dataclass(slots=True)
class Batches:
    """Collects what was read and stores it a batch at a time; counts what became of every record.

    `source` names the file. With `skip_known` an item whose content is there under another id is a duplicate. With
    `first_key`, the key of the first item of the file, an id that comes twice in it is refused.
    """

    workspace: Workspace
    source: str
    reviewer: str
    plan: ReadPlan
    skip_known: bool = False
    on_labelled: Callable[[Sequence[str]], None] | None = None
    first_key: int | None = None
    continued_from: int = 0
    pending: list[Incoming] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    read: int = 0
    stored: int = 0
    duplicates: int = 0
    verdicts: int = 0
    decisions: int = 0
    quarantined: int = 0
    waiting: int = 0
    """How much waits for `flush`, in items; a record that was judged counts for `JUDGED` of them."""

    def add(self, row: Incoming | Refused) -> None:
        """Take one row in; nothing is stored before `flush`."""
        self.read += 1
        self.waiting += 1
        if isinstance(row, Refused):
            self._refuse(row)
            return
        self.pending.append(row)
        if row.verdicts or row.decisions or row.label is not None:
            self.waiting += JUDGED - 1

    def _refuse(self, row: Refused) -> None:
        self.refused.append(row)
        self.rejected.append(RejectedRow(row.line, row.reason))

    def count(self, *, decision: bool) -> None:
        """Count a record that was stored on its own: a new decision, or one that says what stands already."""
        self.read += 1
        self.stored += decision
        self.decisions += decision
        self.duplicates += not decision

    def go_on(self, line: int, read: int, refused: Sequence[RejectedRow]) -> None:
        """Start behind a row: so many records were read up to it, of which these were refused."""
        self.continued_from, self.read = line, read
        self.rejected = list(refused[:read])
        self.quarantined = len(self.rejected)
        self.duplicates = read - self.quarantined

    def summary(self) -> ImportSummary:
        """Return what became of all rows so far; rejected rows are in the order of the file."""
        rejected = tuple(sorted(self.rejected, key=lambda row: row.line))
        return ImportSummary(
            self.read,
            self.stored,
            self.duplicates,
            rejected,
            self.verdicts,
            self.decisions,
            self.quarantined,
            self.plan.format,
            self.plan.notes,
            self.continued_from,
        )

    def flush(self, arrived: Callable[[], None] | None = None) -> None:
        """Store the pending records: their new items, then new verdicts, then decisions where none stands.

        All of it is one transaction, in which `arrived` writes down how far the import came.
        """
        batch, self.pending, self.waiting = self.pending, [], 0
        if not batch and not self.refused and arrived is None:
            return
        with self.workspace.store.transaction():
            accepted = self._store(batch) if batch else []
            self._quarantine()
            if arrived is not None:
                arrived()
        if batch and self.on_labelled is not None:
            self.on_labelled([incoming.item.id for incoming in accepted if incoming.label is not None])

    def _store(self, batch: list[Incoming]) -> list[Incoming]:
        """Store a batch, and return the records whose id belongs to no other content."""
        fresh, accepted = self._sort_out(batch)
        if fresh:
            self.workspace.store.add_items(list(fresh.values()), source=self.source, actor=self.workspace.reviewer)
        touched = {id(incoming) for incoming in accepted if fresh.get(incoming.item.id) is incoming.item}
        runs, judged = self._store_verdicts(accepted, fresh)
        touched |= judged | self._store_decisions(accepted, fresh, runs)
        self.stored += len(touched)
        self.duplicates += len(accepted) - len(touched)
        return accepted

    def _quarantine(self) -> None:
        refused, self.refused = self.refused, []
        if not refused:
            return
        plan = plan_to_text(self.plan)
        rows = [QuarantinedRow(self.source, row.line, row.reason, row.raw, plan, row.whole) for row in refused]
        self.quarantined += self.workspace.store.add_quarantine(rows)

    def _sort_out(self, batch: list[Incoming]) -> tuple[dict[str, Item], list[Incoming]]:
        """Return the items that are new, by id, and the records whose id belongs to no other content."""
        known = self.workspace.store.known_items([incoming.item.id for incoming in batch])
        there = self._known_contents(batch, known)
        repeats = self._repeats(batch, known)
        fresh: dict[str, Item] = {}
        accepted: list[Incoming] = []
        for incoming in batch:
            item = incoming.item
            if id(incoming) in repeats:
                self._refuse(Refused(incoming.line, repeats[id(incoming)], incoming.raw))
                continue
            if item.id not in known and item.content_hash in there:
                self.duplicates += 1
                continue
            if item.id not in known:
                fresh[item.id] = item
                known[item.id] = item.content_hash
                if self.skip_known:
                    there.add(item.content_hash)
            if known[item.id] == item.content_hash:
                accepted.append(incoming)
            else:
                reason = "`id` already belongs to other content in this workspace"
                self._refuse(Refused(incoming.line, reason, incoming.raw))
        return fresh, accepted

    def _repeats(self, batch: list[Incoming], known: Mapping[str, str]) -> dict[int, str]:
        """Return why records are refused whose id came before in this file, by record."""
        if self.first_key is None:
            return {}
        stored = self.workspace.store.items_since(self.first_key, self.source, list(known)) if known else set()
        lines: dict[str, int] = {}
        reasons: dict[int, str] = {}
        for incoming in batch:
            name = incoming.item.id
            if name in stored:
                reasons[id(incoming)] = "`id` is used twice in this file"
            elif name in lines:
                reasons[id(incoming)] = f"`id` is used twice in this file (first on line {lines[name]})"
            else:
                lines[name] = incoming.line
        return reasons

    def _known_contents(self, batch: list[Incoming], known: Mapping[str, str]) -> set[str]:
        """Return the hashes of contents that are there, of the items whose id is not; none unless they are skipped."""
        if not self.skip_known:
            return set()
        hashes = {incoming.item.content_hash for incoming in batch if incoming.item.id not in known}
        return self.workspace.store.known_contents(sorted(hashes))

    def _store_verdicts(
        self, accepted: list[Incoming], fresh: Mapping[str, Item]
    ) -> tuple[dict[int, list[Verdict]], set[int]]:
        """Store the verdicts that are not there yet; return all as stored, and whose the new ones are, by record."""
        runs: dict[int, list[Verdict]] = {}
        new: list[tuple[int, Verdict]] = []
        for incoming in accepted:
            for verdict in incoming.verdicts:
                known = None if incoming.item.id in fresh else self._find_run(verdict)
                if known is None:
                    new.append((id(incoming), verdict))
                else:
                    runs.setdefault(id(incoming), []).append(known)
        if new:
            stored = self.workspace.store.add_verdicts([verdict for _, verdict in new], actor=self.workspace.reviewer)
            for (record, _), (_, verdict) in zip(new, stored, strict=True):
                runs.setdefault(record, []).append(verdict)
        self.verdicts += len(new)
        return runs, {record for record, _ in new}

    def _store_decisions(
        self, accepted: list[Incoming], fresh: Mapping[str, Item], runs: Mapping[int, list[Verdict]]
    ) -> set[int]:
        """Store the decisions that came with the records where none stands; return whose they are."""
        new: list[tuple[int, Decision]] = []
        for incoming in accepted:
            verdicts = runs.get(id(incoming), [])
            brought = [*incoming.decisions, *self._labelled(incoming, verdicts, known=incoming.item.id not in fresh)]
            for decision in brought:
                if incoming.item.id not in fresh and self._is_decided(incoming.item.id, decision.policy_id):
                    continue
                new.append((id(incoming), on_verdict(decision, verdicts)))
        if new:
            self.workspace.store.add_decisions([decision for _, decision in new], actor=self.workspace.reviewer)
        self.decisions += len(new)
        return {record for record, _ in new}

    def _labelled(self, incoming: Incoming, verdicts: Sequence[Verdict], *, known: bool) -> Iterator[Decision]:
        """Yield the decision that a label in the record stands for, if it has one."""
        policy, label = incoming.policy, incoming.label
        if policy is None or label is None:
            return
        verdict = next(iter(verdicts), None)
        if known and verdict is None:
            verdict = self.workspace.store.get_verdict(incoming.item.id, policy.policy_id)
        yield _decision(incoming, policy, label, verdict, self.reviewer, utc_now())

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


def on_verdict(decision: Decision, verdicts: Sequence[Verdict]) -> Decision:
    """Return a decision that was exported, tied to the verdict it was made on: the latest parsed one of its version."""
    if decision.verdict_key is not None or decision.agrees is None:
        return decision
    made_on = [verdict for verdict in verdicts if verdict.policy_hash == decision.policy_hash]
    parsed = [verdict for verdict in made_on if verdict.status is VerdictStatus.PARSED and not verdict.fast]
    same = [v for v in parsed if ((v.label, v.violates) == (decision.label, decision.violates)) == decision.agrees]
    return replace(decision, verdict_key=same[-1].key) if same else replace(decision, agrees=None)
