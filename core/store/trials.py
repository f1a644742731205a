"""Case sets, the verdicts of texts on trial, and the runs that were made of them.

It owns that a case never changes, that what a run has judged is found again, and the audit events of both. It decides
nothing about what is right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, func, insert, select

from core.domain import (
    Answer,
    Case,
    CaseSet,
    CaseSource,
    Decision,
    Flip,
    FlipKind,
    Item,
    TrialRun,
    Verdict,
    VerdictStatus,
)
from core.errors import UsageError
from core.store import audit
from core.store.database import Database
from core.store.items import CHUNK, item_key
from core.store.rows import decision_of, from_time, item_of, record_hash, to_json, to_time, verdict_of, verdict_values
from core.store.tables import CASE, CASE_SET, DECISION, ITEM, QUEUE_ENTRY, TRIAL_RUN, TRIAL_VERDICT, VERDICT


def cases_sha256(cases: Sequence[Case]) -> str:
    """Return the hash (hex) that names a state of a set: items, policies, labels and rules, whatever their order."""
    listed = sorted([case.item_id, case.policy_id, case.label, case.violates, case.rule_id or ""] for case in cases)
    return hashlib.sha256(b"docket-cases-v1\x00" + to_json(listed).encode("utf-8", "surrogatepass")).hexdigest()


class TrialQueries:
    """What the store answers about testing policies."""

    _db: Database

    # Case sets

    def list_case_sets(self) -> list[CaseSet]:
        """Return all case sets with their counts, by name."""
        violating = func.sum(case((CASE.c.violates, 1), else_=0))
        blind = func.sum(case((CASE.c.source == CaseSource.BLIND.value, 1), else_=0))
        counts = select(CASE.c.set_key, CASE.c.policy_id, func.count().label("cases"), violating, blind)
        with self._db.read() as connection:
            rows = connection.execute(select(CASE_SET).order_by(CASE_SET.c.name)).all()
            counted = connection.execute(counts.group_by(CASE.c.set_key, CASE.c.policy_id)).all()
        sets = []
        for row in rows:
            own = [tuple(count)[1:] for count in counted if count.set_key == row.id]
            total, bad, unseen = (sum(int(part[index]) for part in own) for index in (1, 2, 3))
            names = tuple(sorted(part[0] for part in own))
            made = from_time(row.created_at)
            sets.append(CaseSet(row.name, row.note, row.created_by, made, total, bad, unseen, names))
        return sets

    def add_cases(self, set_name: str, cases: Sequence[Case], *, note: str, actor: str) -> int:
        """Add cases to a set, made if it is not there; return how many are new. A case that is there stays as it is.

        Raises:
            UsageError: an item is not there.
        """
        now = to_time(None)
        with self._db.write() as connection:
            key = connection.execute(select(CASE_SET.c.id).where(CASE_SET.c.name == set_name)).scalar()
            if key is None:
                key = (connection.execute(select(func.max(CASE_SET.c.id))).scalar() or 0) + 1
                made = {"name": set_name, "note": note, "created_by": actor, "created_at": now}
                connection.execute(insert(CASE_SET).values(id=key, **made))
                details = {"key": key, "set": set_name, "record": record_hash(made)}
                audit.append(connection, "cases.made", actor, details)
            rows = list(_new_rows(connection, key, cases, actor, now))
            if rows:
                first = (connection.execute(select(func.max(CASE.c.id))).scalar() or 0) + 1
                for number, row in enumerate(rows, first):
                    row["id"] = number
                connection.execute(insert(CASE), rows)
                record = record_hash({"records": [record_hash(row) for row in rows]})
                details = {"set": set_name, "first": first, "count": len(rows), "record": record}
                audit.append(connection, "cases.added", actor, details)
        return len(rows)

    def cases(self, set_name: str, policy_id: str | None = None) -> list[Case]:
        """Return the cases of a set, of one policy if named, in the order they were added."""
        query = (
            select(CASE, ITEM.c.item_id, ITEM.c.removed_at)
            .join(CASE_SET, CASE_SET.c.id == CASE.c.set_key)
            .join(ITEM, ITEM.c.id == CASE.c.item_key)
            .where(CASE_SET.c.name == set_name)
            .order_by(CASE.c.id)
        )
        if policy_id is not None:
            query = query.where(CASE.c.policy_id == policy_id)
        with self._db.read() as connection:
            return [_case_of(row) for row in connection.execute(query)]

    def decisions_to_freeze(self, policy_id: str, *, item_ids: Sequence[str] | None = None) -> Iterator[Decision]:
        """Yield the standing decisions of a policy on content that is still there, of some items if named."""
        query = _standing(policy_id)
        if item_ids is None:
            with self._db.read() as connection:
                yield from [decision_of(row, row.item_id) for row in connection.execute(query)]
            return
        for start in range(0, len(item_ids), CHUNK):
            chunk = list(item_ids[start : start + CHUNK])
            with self._db.read() as connection:
                rows = connection.execute(query.where(ITEM.c.item_id.in_(chunk))).all()
            yield from [decision_of(row, row.item_id) for row in rows]

    # Verdicts of texts on trial

    def add_trial_verdict(self, verdict: Verdict) -> None:
        """Keep what a model said under a text on trial; what is kept already stays."""
        with self._db.write() as connection:
            key = item_key(connection, verdict.item_id)
            if key is None:
                raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
            if connection.execute(_same_trial(verdict, key)).first() is None:
                connection.execute(insert(TRIAL_VERDICT).values(verdict_values(verdict, key, to_time(None))))

    def trial_verdicts(
        self, policy_hash: str, item_ids: Sequence[str], *, model: tuple[str, str], effort: str, fast: bool
    ) -> dict[str, Verdict]:
        """Return what this model (name and SHA-256) said of these items under this text, by id.

        A verdict of the queue counts as well as one of an earlier run: it is the same model, text and effort.
        """
        found: dict[str, Verdict] = {}
        for table in (VERDICT, TRIAL_VERDICT):
            row = table.c
            same = and_(
                row.policy_hash == policy_hash,
                row.model == model[0],
                row.model_sha256 == model[1],
                row.effort == effort,
                row.fast.is_(fast),
                row.status != VerdictStatus.FAILED.value,
            )
            found |= self._verdicts(select(table, ITEM.c.item_id).where(same), table, item_ids)
        return found

    def recorded_verdicts(self, policy_hash: str, item_ids: Sequence[str]) -> dict[str, Verdict]:
        """Return the latest full verdict of the queue on these items under this text, whoever made it, by id."""
        query = select(VERDICT, ITEM.c.item_id).where(VERDICT.c.policy_hash == policy_hash, VERDICT.c.fast.is_(False))
        return self._verdicts(query, VERDICT, item_ids)

    def _verdicts(self, query: Select[Any], table: Any, item_ids: Sequence[str]) -> dict[str, Verdict]:  # noqa: ANN401
        found: dict[str, Verdict] = {}
        joined = query.join(ITEM, ITEM.c.id == table.c.item_key).order_by(table.c.id)
        for start in range(0, len(item_ids), CHUNK):
            chunk = list(item_ids[start : start + CHUNK])
            with self._db.read() as connection:
                rows = connection.execute(joined.where(ITEM.c.item_id.in_(chunk))).all()
            found |= {row.item_id: verdict_of(row, row.item_id) for row in rows}
        return found

    def items_by_id(self, item_ids: Sequence[str]) -> dict[str, Item]:
        """Return the items with these ids, by id."""
        found: dict[str, Item] = {}
        for start in range(0, len(item_ids), CHUNK):
            chunk = list(item_ids[start : start + CHUNK])
            with self._db.read() as connection:
                rows = connection.execute(select(ITEM).where(ITEM.c.item_id.in_(chunk))).all()
            found |= {row.item_id: item_of(row) for row in rows}
        return found

    # Runs

    def add_run(self, run: TrialRun) -> TrialRun:
        """Keep a finished run, with its audit event, and return it with its key."""
        with self._db.write() as connection:
            set_key = connection.execute(select(CASE_SET.c.id).where(CASE_SET.c.name == run.case_set)).scalar_one()
            key = (connection.execute(select(func.max(TRIAL_RUN.c.id))).scalar() or 0) + 1
            values = _run_values(run, set_key)
            connection.execute(insert(TRIAL_RUN).values(id=key, **values))
            counts = {kind.value: run.count(kind) for kind in FlipKind}
            details = {
                "run": key, "policy": run.policy_id, "draft_hash": run.draft_hash, "against_hash": run.against_hash,
                "set": run.case_set, "cases_sha256": run.cases_sha256, "model_sha256": run.model_sha256, **counts,
                "record": record_hash(values),
            }  # fmt: skip
            audit.append(connection, "policy.tested", run.actor, details)
            return _runs(connection, TRIAL_RUN.c.id == key)[0]

    def runs(self, *, policy_id: str | None = None, draft_hash: str | None = None, limit: int = 20) -> list[TrialRun]:
        """Return the newest runs first, of a policy and of a text if named."""
        wanted = []
        if policy_id is not None:
            wanted.append(TRIAL_RUN.c.policy_id == policy_id)
        if draft_hash is not None:
            wanted.append(TRIAL_RUN.c.draft_hash == draft_hash)
        with self._db.read() as connection:
            return _runs(connection, *wanted, limit=limit)

    def get_run(self, key: int) -> TrialRun | None:
        """Return one run, or None."""
        with self._db.read() as connection:
            return next(iter(_runs(connection, TRIAL_RUN.c.id == key)), None)


def _standing(policy_id: str) -> Select[Any]:
    return (
        select(DECISION, ITEM.c.item_id)
        .join(QUEUE_ENTRY, QUEUE_ENTRY.c.decision_key == DECISION.c.id)
        .join(ITEM, ITEM.c.id == DECISION.c.item_key)
        .where(DECISION.c.policy_id == policy_id, ITEM.c.removed_at.is_(None))
        .order_by(DECISION.c.id)
    )


def _new_rows(
    connection: Connection, set_key: int, cases: Sequence[Case], actor: str, now: str
) -> Iterator[dict[str, Any]]:
    known = {
        tuple(row)
        for row in connection.execute(select(CASE.c.item_key, CASE.c.policy_id).where(CASE.c.set_key == set_key))
    }
    for entry in cases:
        key = item_key(connection, entry.item_id)
        if key is None:
            raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
        if (key, entry.policy_id) in known:
            continue
        known.add((key, entry.policy_id))
        yield {
            "set_key": set_key,
            "item_key": key,
            "policy_id": entry.policy_id,
            "label": entry.label,
            "violates": entry.violates,
            "rule_id": entry.rule_id,
            "source": entry.source.value,
            "decision_key": entry.decision_key,
            "added_by": actor,
            "added_at": now,
        }


def _case_of(row: Row[Any]) -> Case:
    return Case(
        item_id=row.item_id,
        policy_id=row.policy_id,
        label=row.label,
        violates=bool(row.violates),
        rule_id=row.rule_id,
        source=CaseSource(row.source),
        decision_key=row.decision_key,
        key=row.id,
        removed=row.removed_at is not None,
    )


def _same_trial(verdict: Verdict, key: int) -> Select[Any]:
    row = TRIAL_VERDICT.c
    return select(row.id).where(
        row.policy_hash == verdict.policy_hash,
        row.item_key == key,
        row.model_sha256 == verdict.model_sha256,
        row.model == verdict.model,
        row.effort == (verdict.effort.value if verdict.effort else None),
        row.fast.is_(verdict.fast),
    )


def _run_values(run: TrialRun, set_key: int) -> dict[str, Any]:
    return {
        "policy_id": run.policy_id,
        "draft_hash": run.draft_hash,
        "against_hash": run.against_hash,
        "set_key": set_key,
        "cases_sha256": run.cases_sha256,
        "model": run.model,
        "model_sha256": run.model_sha256,
        "effort": run.effort,
        "fast": run.fast,
        "actor": run.actor,
        "started_at": to_time(run.started_at),
        "finished_at": to_time(run.finished_at),
        "flips": to_json([_flip_values(flip) for flip in run.flips]),
    }


def _flip_values(flip: Flip) -> list[Any]:
    before = _answer_values(flip.before) if flip.before is not None else None
    return [flip.case.key, flip.kind.value, flip.was_right, flip.is_right, before, _answer_values(flip.after)]


def _answer_values(answer: Answer) -> list[Any]:
    return [
        answer.status.value,
        answer.label,
        answer.violates,
        list(answer.rule_ids),
        answer.prompt_tokens,
        answer.output_tokens,
        float(answer.seconds),
    ]


def _answer_of(values: Sequence[Any]) -> Answer:
    status, label, violates, rule_ids, prompt_tokens, output_tokens, seconds = values
    return Answer(VerdictStatus(status), label, violates, tuple(rule_ids), prompt_tokens, output_tokens, seconds)


def _runs(connection: Connection, *wanted: Any, limit: int = 1) -> list[TrialRun]:  # noqa: ANN401 - conditions
    query = (
        select(TRIAL_RUN, CASE_SET.c.name)
        .join(CASE_SET, CASE_SET.c.id == TRIAL_RUN.c.set_key)
        .where(*wanted)
        .order_by(TRIAL_RUN.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    cases: dict[int, Case] = {}
    for set_key in {row.set_key for row in rows}:
        listed = (
            select(CASE, ITEM.c.item_id, ITEM.c.removed_at)
            .join(ITEM, ITEM.c.id == CASE.c.item_key)
            .where(CASE.c.set_key == set_key)
        )
        cases |= {row.id: _case_of(row) for row in connection.execute(listed)}
    return [_run_of(row, cases) for row in rows]


def _run_of(row: Row[Any], cases: dict[int, Case]) -> TrialRun:
    flips = [
        Flip(
            case=cases[key],
            kind=FlipKind(kind),
            before=_answer_of(before) if before is not None else None,
            after=_answer_of(after),
            was_right=was_right,
            is_right=is_right,
        )
        for key, kind, was_right, is_right, before, after in json.loads(row.flips)
    ]
    return TrialRun(
        policy_id=row.policy_id,
        draft_hash=row.draft_hash,
        against_hash=row.against_hash,
        case_set=row.name,
        cases_sha256=row.cases_sha256,
        model=row.model,
        model_sha256=row.model_sha256,
        effort=row.effort,
        fast=bool(row.fast),
        actor=row.actor,
        started_at=from_time(row.started_at),
        finished_at=from_time(row.finished_at),
        flips=tuple(flips),
        key=row.id,
    )
