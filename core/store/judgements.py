"""Verdicts and decisions: appended, never changed, and the queue entry brought up to date in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, func, insert, select, update

from core.domain import Decision, EntryState, Verdict, VerdictStatus
from core.errors import UsageError
from core.store import audit
from core.store.claims import check_claim
from core.store.database import Database
from core.store.items import PAGE, UNSCORED, item_key
from core.store.rows import (
    decision_of,
    decision_record,
    decision_values,
    from_time,
    record_hash,
    to_time,
    verdict_of,
    verdict_values,
)
from core.store.second_reviews import follow_decision
from core.store.tables import DECISION, ITEM, QUEUE_ENTRY, VERDICT


def risk_of(verdict: Verdict) -> float:
    """Return the probability of violating; one half for what could not be read, because a human must look."""
    if verdict.status is not VerdictStatus.PARSED:
        return 0.5
    return verdict.score if verdict.score is not None else float(bool(verdict.violates))


def uncertainty_of(verdict: Verdict) -> float:
    """Return 1 where the model could as well have said the opposite, 0 where it was sure."""
    if verdict.status is not VerdictStatus.PARSED:
        return 1.0
    return 1.0 - abs(2.0 * risk_of(verdict) - 1.0)


def expected_disagreement(opinion: float, verdict: Verdict) -> dict[str, float]:
    """Return what the queue keeps of how probable a human disagrees, by a second opinion; nothing without one."""
    if opinion < 0 or verdict.status is not VerdictStatus.PARSED:
        return {}
    return {"expected": 1.0 - opinion if verdict.violates else opinion}


def entry_row(connection: Connection, key: int, policy_id: str) -> Row[Any]:
    """Return the queue entry of an item under a policy, adopting the one without a policy, or making one."""
    entry = QUEUE_ENTRY.c
    mine = select(QUEUE_ENTRY).where(entry.item_key == key, entry.policy_id == policy_id).with_for_update()
    row = connection.execute(mine).first()
    if row is not None:
        return row
    free = connection.execute(select(entry.id).where(entry.item_key == key, entry.policy_id.is_(None))).scalar()
    if free is not None:
        connection.execute(update(QUEUE_ENTRY).where(entry.id == free).values(policy_id=policy_id))
    else:
        new = {"item_key": key, "policy_id": policy_id, "state": "pending"}
        connection.execute(insert(QUEUE_ENTRY).values(**new, **UNSCORED))
    return connection.execute(mine).one()


def _late_comparison(connection: Connection, decision_key: int | None, verdict: Verdict) -> dict[str, int]:
    """Return what a verdict changes for a decision that was made before there was any, on the same policy version."""
    if decision_key is None or verdict.fast or verdict.status is not VerdictStatus.PARSED:
        return {}
    stands = connection.execute(select(DECISION).where(DECISION.c.id == decision_key)).one()
    if stands.verdict_key is not None or stands.policy_hash != verdict.policy_hash:
        return {}
    return {"disagrees": int((stands.label, stands.violates) != (verdict.label, verdict.violates))}


def _apart(connection: Connection, decision: Decision, verdict_key: int | None) -> int:
    """Return what the queue keeps of a standing decision: 1 apart from the model, 0 agreed, -1 nothing to compare."""
    if decision.withdrawn:
        return -1
    if decision.agrees is not None:
        return int(not decision.agrees)
    row = connection.execute(select(VERDICT).where(VERDICT.c.id == verdict_key)).first()
    if decision.verdict_key is not None or row is None or row.fast or row.status != VerdictStatus.PARSED:
        return -1
    same_version = row.policy_hash == decision.policy_hash
    return int((decision.label, decision.violates) != (row.label, row.violates)) if same_version else -1


def open_state(connection: Connection, key: int, policy_id: str | None) -> EntryState:
    """Return the state of an entry no human has acted on: judged once there is a verdict; a fast pass is none."""
    verdict = VERDICT.c
    judged = select(verdict.id).where(verdict.item_key == key, verdict.policy_id == policy_id, verdict.fast.is_(False))
    return EntryState.PENDING if connection.execute(judged.limit(1)).first() is None else EntryState.JUDGED


def _new_key(result: CursorResult[Any]) -> int:
    return int((result.inserted_primary_key or (0,))[0])


def _require_item(connection: Connection, item_id: str) -> tuple[int, str]:
    """Return the key and the content hash of an item."""
    row = connection.execute(select(ITEM.c.id, ITEM.c.content_hash).where(ITEM.c.item_id == item_id)).first()
    if row is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    return row.id, row.content_hash


class JudgementQueries:
    """What the store answers about verdicts and decisions."""

    _db: Database

    # Verdicts

    def add_verdicts(self, verdicts: Sequence[Verdict], *, actor: str) -> list[tuple[int, Verdict]]:
        """Store verdicts in one transaction; return (queue entry, verdict as stored) in the same order.

        Raises:
            UsageError: an item is not there.
        """
        stored: list[tuple[int, Verdict]] = []
        with self._db.write() as connection:
            records = []
            for verdict in verdicts:
                entry_key, kept, columns = self._add_verdict(connection, verdict)
                stored.append((entry_key, kept))
                records.append(_verdict_record(kept, columns))
            if records:
                audit.append(connection, "verdicts.stored", actor, {"verdicts": records})
        return stored

    def _add_verdict(self, connection: Connection, verdict: Verdict) -> tuple[int, Verdict, dict[str, Any]]:
        key, _ = _require_item(connection, verdict.item_id)
        now = to_time(verdict.created_at)
        columns = verdict_values(verdict, key, now)
        verdict_key = _new_key(connection.execute(insert(VERDICT).values(columns)))
        entry = entry_row(connection, key, verdict.policy_id)
        values: dict[str, Any] = {
            "verdict_key": verdict_key,
            "risk": risk_of(verdict),
            "uncertainty": uncertainty_of(verdict),
        }
        if entry.state == EntryState.PENDING and not verdict.fast:
            values["state"] = EntryState.JUDGED.value
        values |= expected_disagreement(entry.opinion, verdict)
        values |= _late_comparison(connection, entry.decision_key, verdict)
        connection.execute(update(QUEUE_ENTRY).where(QUEUE_ENTRY.c.id == entry.id).values(values))
        return entry.id, replace(verdict, key=verdict_key, created_at=from_time(now)), columns

    def verdicts_of(self, item_id: str, policy_id: str | None = None) -> list[Verdict]:
        """Return all verdicts of an item, oldest first, of one policy if named."""
        query = select(VERDICT).join(ITEM, ITEM.c.id == VERDICT.c.item_key).where(ITEM.c.item_id == item_id)
        if policy_id is not None:
            query = query.where(VERDICT.c.policy_id == policy_id)
        with self._db.read() as connection:
            return [verdict_of(row, item_id) for row in connection.execute(query.order_by(VERDICT.c.id))]

    def get_verdict(self, item_id: str, policy_id: str) -> Verdict | None:
        """Return the latest verdict of an item under a policy, or None."""
        with self._db.read() as connection:
            key = item_key(connection, item_id)
            row = None if key is None else latest_verdict(connection, key, policy_id)
        return None if row is None else verdict_of(row, item_id)

    def verdict_by_key(self, key: int) -> Verdict | None:
        """Return the verdict with this key, or None."""
        query = select(VERDICT, ITEM.c.item_id).join(ITEM, ITEM.c.id == VERDICT.c.item_key).where(VERDICT.c.id == key)
        with self._db.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else verdict_of(row, row.item_id)

    # Decisions

    def add_decision(
        self,
        decision: Decision,
        *,
        actor: str,
        after: int | None = None,
        state: EntryState | None = None,
        wanted: bool = False,
    ) -> tuple[int, Decision]:
        """Store one decision; return (queue entry, decision as stored). See `add_decisions`.

        Args:
            decision: its key and `supersedes` are given by the store.
            actor: who acts, for the audit chain.
            after: the decision that must be the last one on this item and policy; None takes any.
            state: `skipped` or `escalated` where a withdrawal is to leave the entry so; otherwise it is open again.
            wanted: whether a second person is to review the entry.

        Raises:
            UsageError: the item is not there, or another decision came after `after`.
        """
        with self._db.write() as connection:
            return self._add_decision(connection, decision, actor, after, state, wanted=wanted)

    def add_decisions(
        self, decisions: Sequence[Decision], *, actor: str, wanted: Sequence[bool] = ()
    ) -> list[tuple[int, Decision]]:
        """Store decisions in one transaction, each superseding the last before it, each with its audit event.

        `wanted`, aligned with `decisions` or empty, says which entries a second person is to review.

        Raises:
            UsageError: an item is not there.
        """
        asked = wanted or [False] * len(decisions)
        with self._db.write() as connection:
            return [
                self._add_decision(connection, decision, actor, wanted=second)
                for decision, second in zip(decisions, asked, strict=True)
            ]

    def _add_decision(
        self,
        connection: Connection,
        decision: Decision,
        actor: str,
        after: int | None = None,
        state: EntryState | None = None,
        *,
        wanted: bool = False,
    ) -> tuple[int, Decision]:
        item, content_hash = _require_item(connection, decision.item_id)
        entry = entry_row(connection, item, decision.policy_id)
        if not decision.imported:
            check_claim(connection, entry.id, actor)
        last = connection.execute(
            select(func.max(DECISION.c.id)).where(
                DECISION.c.item_key == item, DECISION.c.policy_id == decision.policy_id
            )
        ).scalar()
        if after is not None and last != after:
            raise UsageError("That item was decided again meanwhile.", "Look at it again, then decide.")
        columns = decision_values(decision, item, last)
        key = _new_key(connection.execute(insert(DECISION).values(columns)))
        if not decision.withdrawn:
            state = EntryState.DECIDED
        elif state not in (EntryState.SKIPPED, EntryState.ESCALATED):
            state = open_state(connection, item, decision.policy_id)
        change = {
            "state": state.value,
            "decision_key": None if decision.withdrawn else key,
            "disagrees": _apart(connection, decision, entry.verdict_key),
        }
        connection.execute(update(QUEUE_ENTRY).where(QUEUE_ENTRY.c.id == entry.id).values(change))
        follow_decision(connection, entry.id, key, decision, wanted=wanted, undone=after)
        told = {"item": decision.item_id, "content_hash": content_hash}
        audit.append(connection, "decision.recorded", actor, {**decision_record({"id": key, **columns}), **told})
        return entry.id, replace(decision, key=key, supersedes=last, decided_at=from_time(columns["decided_at"]))

    def decisions_of(self, item_id: str, policy_id: str) -> list[Decision]:
        """Return all decisions on an item under a policy, oldest first."""
        with self._db.read() as connection:
            key = item_key(connection, item_id)
            return [] if key is None else decision_history(connection, key, policy_id, item_id)

    def iter_decisions(self, *, policy_id: str | None = None, disagreements_only: bool = False) -> Iterator[Decision]:
        """Yield the standing decisions, oldest first, a page at a time."""
        entry = QUEUE_ENTRY.c
        query = (
            select(DECISION, ITEM.c.item_id)
            .join(QUEUE_ENTRY, entry.decision_key == DECISION.c.id)
            .join(ITEM, ITEM.c.id == DECISION.c.item_key)
        )
        if policy_id is not None:
            query = query.where(DECISION.c.policy_id == policy_id)
        if disagreements_only:
            query = query.where(entry.disagrees == 1)
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(DECISION.c.id > after).order_by(DECISION.c.id).limit(PAGE)).all()
            if not rows:
                return
            after = rows[-1].id
            for row in rows:
                yield decision_of(row, row.item_id)


def latest_verdict(connection: Connection, key: int, policy_id: str) -> Row[Any] | None:
    """Return the row of the latest verdict on an item under a policy."""
    return connection.execute(
        select(VERDICT)
        .where(VERDICT.c.item_key == key, VERDICT.c.policy_id == policy_id)
        .order_by(VERDICT.c.id.desc())
        .limit(1)
    ).first()


def decision_history(connection: Connection, key: int, policy_id: str, item_id: str) -> list[Decision]:
    """Return all decisions on an item under a policy, oldest first."""
    query = select(DECISION).where(DECISION.c.item_key == key, DECISION.c.policy_id == policy_id)
    return [decision_of(row, item_id) for row in connection.execute(query.order_by(DECISION.c.id))]


def _verdict_record(verdict: Verdict, columns: dict[str, Any]) -> dict[str, Any]:
    return {
        "verdict": verdict.key,
        "item": verdict.item_id,
        "policy_hash": verdict.policy_hash,
        "status": verdict.status.value,
        "label": verdict.label,
        "model_sha256": verdict.model_sha256,
        "prompt_sha256": verdict.prompt_sha256,
        "record": record_hash(columns),
    }
