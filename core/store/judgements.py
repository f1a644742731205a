"""Verdicts and decisions: appended, never changed, and the queue entry brought up to date in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from core.domain import Decision, EntryState, Verdict
from core.store.database import Database
from core.store.items import PAGE, item_key
from core.store.recording import append_decisions, append_verdicts
from core.store.rows import decision_of, verdict_of
from core.store.tables import DECISION, ITEM, QUEUE_ENTRY, VERDICT


class JudgementQueries:
    """What the store answers about verdicts and decisions."""

    _db: Database

    # Verdicts

    def add_verdicts(self, verdicts: Sequence[Verdict], *, actor: str) -> list[tuple[int, Verdict]]:
        """Store verdicts in one transaction; return (queue entry, verdict as stored) in the same order.

        Raises:
            UsageError: an item is not there.
        """
        with self._db.write() as connection:
            return append_verdicts(connection, verdicts, actor)

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
            [stored] = append_decisions(connection, [decision], actor, [wanted], after=after, state=state)
        return stored

    def add_decisions(
        self, decisions: Sequence[Decision], *, actor: str, wanted: Sequence[bool] = ()
    ) -> list[tuple[int, Decision]]:
        """Store decisions in one transaction, each superseding the last before it, each with its audit event.

        `wanted`, aligned with `decisions` or empty, says which entries a second person is to review.

        Raises:
            UsageError: an item is not there.
        """
        with self._db.write() as connection:
            return append_decisions(connection, decisions, actor, wanted or [False] * len(decisions))

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
