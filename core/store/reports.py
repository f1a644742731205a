"""What exports and statistics read: judgements beside their items, streamed by key, and counts made in the database.

It owns which verdict a decision is compared with: the one it was made on; for a decision made before any verdict,
such as a label that came with an import, the latest of the same policy version. It changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, exists, func, or_, select

from core.domain import Decision, Item, Verdict, VerdictStatus
from core.store.database import Database
from core.store.rows import decision_of, item_of, verdict_of
from core.store.tables import DECISION, ITEM, QUEUE_ENTRY, VERDICT

PAGE = 100
"""Items read at a time with all their judgements: an item may have megabytes of text."""

Pair = tuple[str | None, bool | None, str | None, bool | None]
"""Human label and `violates`, model label and `violates`."""


@dataclass(slots=True)
class PolicyCounts:
    """Raw counts of one policy. `pairs` counts each combination among standing decisions with a parsed verdict.

    A fast pass counts nowhere: it orders the queue, the verdict follows.
    """

    items: int = 0
    judged: int = 0
    decided: int = 0
    by_status: Counter[VerdictStatus] = field(default_factory=Counter)
    pairs: Counter[Pair] = field(default_factory=Counter)


def compared_verdict() -> ColumnElement[Any]:
    """Return the key of the verdict a standing decision is compared with; the latest one must be of its version."""
    return func.coalesce(DECISION.c.verdict_key, QUEUE_ENTRY.c.verdict_key)


def comparable() -> ColumnElement[bool]:
    """Whether that verdict may be compared: a decision made before any only with its own policy version."""
    return or_(DECISION.c.verdict_key.is_not(None), VERDICT.c.policy_hash == DECISION.c.policy_hash)


class ReportQueries:
    """What the store answers to exports and statistics."""

    _db: Database

    def policy_counts(self, policy_id: str | None = None) -> dict[str, PolicyCounts]:
        """Return the counts of each policy that has a queue entry, of one policy if named."""
        entry = QUEUE_ENTRY.c
        only = entry.policy_id == policy_id if policy_id is not None else entry.policy_id.is_not(None)
        totals = select(entry.policy_id, func.count(), func.count(entry.decision_key)).where(only)
        statuses = (
            select(entry.policy_id, VERDICT.c.status, func.count())
            .join(VERDICT, VERDICT.c.id == entry.verdict_key)
            .where(VERDICT.c.fast.is_(False))
        )
        sides = (DECISION.c.label, DECISION.c.violates, VERDICT.c.label, VERDICT.c.violates)
        pairs = (
            select(entry.policy_id, *sides, func.count())
            .join(DECISION, DECISION.c.id == entry.decision_key)
            .join(VERDICT, and_(VERDICT.c.id == compared_verdict(), comparable()))
            .where(only, VERDICT.c.status == VerdictStatus.PARSED.value, VERDICT.c.fast.is_(False))
            .group_by(entry.policy_id, *sides)
        )
        counts: dict[str, PolicyCounts] = defaultdict(PolicyCounts)
        with self._db.read() as connection:
            for policy, items, decided in connection.execute(totals.group_by(entry.policy_id)):
                counts[policy] = PolicyCounts(items, decided=decided)
            for policy, status, count in connection.execute(
                statuses.where(only).group_by(entry.policy_id, VERDICT.c.status)
            ):
                counts[policy].by_status[VerdictStatus(status)] = count
                counts[policy].judged += count
            for policy, label, violates, said, said_violates, count in connection.execute(pairs):
                counts[policy].pairs[label, violates, said, said_violates] = count
        return dict(counts)

    def iter_decided(self, *, policy_id: str | None = None) -> Iterator[tuple[Decision, Item, Verdict | None]]:
        """Yield standing decisions, oldest first, with the parsed verdict each is compared with, if there is one."""
        parsed = and_(VERDICT.c.id == compared_verdict(), comparable(), VERDICT.c.status == VerdictStatus.PARSED.value)
        query = (
            select(DECISION, VERDICT.c.id.label("compared"))
            .join(QUEUE_ENTRY, QUEUE_ENTRY.c.decision_key == DECISION.c.id)
            .outerjoin(VERDICT, and_(parsed, VERDICT.c.fast.is_(False)))
        )
        yield from self._iter_compared(query, policy_id)

    def iter_disagreements(self, *, policy_id: str | None = None) -> Iterator[tuple[Decision, Item, Verdict]]:
        """Yield standing decisions that differ from the parsed verdict they are compared with, oldest first."""
        query = (
            select(DECISION, VERDICT.c.id.label("compared"))
            .join(QUEUE_ENTRY, QUEUE_ENTRY.c.decision_key == DECISION.c.id)
            .join(VERDICT, and_(VERDICT.c.id == compared_verdict(), comparable()))
            .where(VERDICT.c.status == VerdictStatus.PARSED.value, VERDICT.c.fast.is_(False))
            .where(
                or_(
                    DECISION.c.label.is_distinct_from(VERDICT.c.label),
                    DECISION.c.violates.is_distinct_from(VERDICT.c.violates),
                )
            )
        )
        for decision, item, verdict in self._iter_compared(query, policy_id):
            if verdict is not None:
                yield decision, item, verdict

    def _iter_compared(
        self, query: Select[Any], policy_id: str | None
    ) -> Iterator[tuple[Decision, Item, Verdict | None]]:
        query = query.order_by(DECISION.c.id).limit(PAGE)
        if policy_id is not None:
            query = query.where(DECISION.c.policy_id == policy_id)
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(DECISION.c.id > after)).all()
                items = _by_key(connection, ITEM, [row.item_key for row in rows])
                verdicts = _by_key(connection, VERDICT, [row.compared for row in rows if row.compared is not None])
            if not rows:
                return
            after = rows[-1].id
            for row in rows:
                item = item_of(items[row.item_key])
                found = verdicts.get(row.compared)
                yield decision_of(row, item.id), item, verdict_of(found, item.id) if found is not None else None

    def iter_judged_items(
        self, *, policy_id: str | None = None
    ) -> Iterator[tuple[Item, list[Verdict], list[Decision]]]:
        """Yield items, oldest first, each with its verdicts, oldest first, and its standing decisions.

        With a policy: the items that have a queue entry under it, and its judgements only.
        """
        query = select(ITEM).order_by(ITEM.c.id).limit(PAGE)
        if policy_id is not None:
            # Looked up item by item: a list of a million keys would be made again for every page.
            entry = QUEUE_ENTRY.c
            query = query.where(exists().where(entry.item_key == ITEM.c.id, entry.policy_id == policy_id))
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(ITEM.c.id > after)).all()
                keys = [row.id for row in rows]
                verdicts = _group(_judgements(connection, VERDICT, keys, policy_id))
                decisions = _group(_judgements(connection, DECISION, keys, policy_id))
            if not rows:
                return
            after = keys[-1]
            for row in rows:
                yield (
                    item_of(row),
                    [verdict_of(verdict, row.item_id) for verdict in verdicts[row.id]],
                    [decision_of(decision, row.item_id) for decision in decisions[row.id]],
                )


def _by_key(connection: Connection, table: Table, keys: Sequence[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in connection.execute(select(table).where(table.c.id.in_(set(keys))))}


def _judgements(
    connection: Connection, table: Table, item_keys: Sequence[int], policy_id: str | None
) -> Sequence[Row[Any]]:
    """Return the verdicts, or the standing decisions, of these items, oldest first."""
    query = select(table).where(table.c.item_key.in_(item_keys)).order_by(table.c.id)
    if table is DECISION:
        query = query.join(QUEUE_ENTRY, QUEUE_ENTRY.c.decision_key == table.c.id)
    if policy_id is not None:
        query = query.where(table.c.policy_id == policy_id)
    return connection.execute(query).all()


def _group(rows: Iterable[Row[Any]]) -> dict[int, list[Row[Any]]]:
    groups: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[row.item_key].append(row)
    return groups
