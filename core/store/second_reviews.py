"""Second reviews: independent decisions beside the standing one, and where each entry stands between the two.

It owns the tables `independent_decision` (append-only) and `second_review` (kept in step with both decisions). An
independent decision supersedes nothing; a lead's decision on two that differ is an ordinary decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.domain import Cause, Decision, ItemReviews, SecondReview, SecondState, Worklist
from core.errors import UsageError
from core.store import audit
from core.store.claims import check_claim
from core.store.database import Database
from core.store.items import CHUNK
from core.store.remarks import add_remark
from core.store.rows import decision_of, decision_values, from_time, record_hash
from core.store.tables import DECISION, INDEPENDENT, ITEM, QUEUE_ENTRY, REMARK, SECOND_REVIEW

_SECOND = SECOND_REVIEW.c


class SecondReviewQueries:
    """What the store answers about second reviews."""

    _db: Database

    def worklist(self, wanted: Worklist, reviewer: str, policy_id: str | None = None) -> list[int]:
        """Return the entries that wait for this reviewer's second review, or for a lead's word; oldest first."""
        query = select(_SECOND.entry_key)
        if wanted is Worklist.SECOND:
            query = query.where(_SECOND.state == SecondState.WAITING.value, _SECOND.first_reviewer != reviewer)
        else:
            query = query.where(_SECOND.state == SecondState.DIFFERS.value)
        if policy_id is not None:
            query = query.join(QUEUE_ENTRY, QUEUE_ENTRY.c.id == _SECOND.entry_key)
            query = query.where(QUEUE_ENTRY.c.policy_id == policy_id)
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(_SECOND.entry_key)).scalars())

    def second_review(self, entry: int) -> SecondReview | None:
        """Return where the second review of an entry stands, or None when there is none."""
        with self._db.read() as connection:
            row = connection.execute(select(SECOND_REVIEW).where(_SECOND.entry_key == entry)).first()
            return None if row is None else _second_review(connection, row)

    def second_reviews(self, policy_id: str | None = None) -> list[SecondReview]:
        """Return every second review, of one policy if named, in the order of the entries."""
        query = select(SECOND_REVIEW).join(QUEUE_ENTRY, QUEUE_ENTRY.c.id == _SECOND.entry_key)
        if policy_id is not None:
            query = query.where(QUEUE_ENTRY.c.policy_id == policy_id)
        with self._db.read() as connection:
            rows = connection.execute(query.order_by(_SECOND.entry_key)).all()
            return [_second_review(connection, row) for row in rows]

    def add_independent(self, entry: int, decision: Decision, *, actor: str, opens: bool = False) -> Decision:
        """Store an independent decision; return it with its key. A waiting second review becomes settled or differs.

        With `opens` it is one even where nobody asked for it: beside the standing decision of somebody else.

        Raises:
            UsageError: the entry is gone, or this reviewer withdraws what they never said.
        """
        with self._db.write() as connection:
            item = connection.execute(select(QUEUE_ENTRY.c.item_key).where(QUEUE_ENTRY.c.id == entry)).scalar()
            if item is None:
                raise UsageError("There is no such queue entry.", "Reload the queue.")
            check_claim(connection, entry, actor)
            remark, told = add_remark(connection, item, decision.note)
            columns = decision_values(decision, item, None)
            columns = {name: value for name, value in columns.items() if name in INDEPENDENT.c}
            columns |= {"entry_key": entry, "remark": remark}
            columns["id"] = int(connection.execute(select(func.max(INDEPENDENT.c.id))).scalar() or 0) + 1
            connection.execute(insert(INDEPENDENT).values(columns))
            if opens:
                _open_second(connection, entry, decision)
            _follow_second(connection, entry, columns["id"], decision)
            details = {"independent": columns["id"], "item": decision.item_id, "item_key": item, "entry": entry}
            details |= {"label": decision.label, "record": record_hash(columns), **told}
            audit.append(connection, "independent.recorded", actor, details)
        return _as_decision(columns, decision.item_id, decision.note)

    def items_reviewed_twice(self) -> set[str]:
        """Return the ids of the items that have an independent decision."""
        query = select(ITEM.c.item_id).join(INDEPENDENT, INDEPENDENT.c.item_key == ITEM.c.id).distinct()
        with self._db.read() as connection:
            return set(connection.execute(query).scalars())

    def item_reviews(self, item_id: str, policy_id: str | None = None) -> ItemReviews:
        """Return what was decided on an item beside its standing decisions, of one policy if named."""
        said = INDEPENDENT.c
        query = select(INDEPENDENT).join(ITEM, ITEM.c.id == said.item_key).where(ITEM.c.item_id == item_id)
        pairs = select(DECISION).join(SECOND_REVIEW, _SECOND.first_key == DECISION.c.id)
        pairs = pairs.join(ITEM, ITEM.c.id == DECISION.c.item_key).where(ITEM.c.item_id == item_id)
        pairs = pairs.where(_SECOND.adjudicated_key.is_not(None))
        if policy_id is not None:
            query, pairs = query.where(said.policy_id == policy_id), pairs.where(DECISION.c.policy_id == policy_id)
        with self._db.read() as connection:
            last = {(row.entry_key, row.reviewer): row for row in connection.execute(query.order_by(said.id))}
            independent = sorted((row for row in last.values() if not row.withdrawn), key=lambda row: int(row.id))
            settled = [decision_of(row, item_id) for row in connection.execute(pairs.order_by(DECISION.c.id))]
            return ItemReviews(tuple(_read(connection, row) for row in independent), tuple(settled))

    def independent_decisions(self, entry: int) -> list[Decision]:
        """Return the independent decisions on an entry, oldest first."""
        query = select(INDEPENDENT).where(INDEPENDENT.c.entry_key == entry).order_by(INDEPENDENT.c.id)
        with self._db.read() as connection:
            return [_read(connection, row) for row in connection.execute(query)]


def _open_second(connection: Connection, entry: int, decision: Decision) -> None:
    """Let the standing decision of an entry wait for a second one, if it is somebody else's and no pair is there."""
    if connection.execute(select(_SECOND.entry_key).where(_SECOND.entry_key == entry)).first() is not None:
        return
    standing = select(DECISION.c.id, DECISION.c.reviewer).join(QUEUE_ENTRY, QUEUE_ENTRY.c.decision_key == DECISION.c.id)
    first = connection.execute(standing.where(QUEUE_ENTRY.c.id == entry)).first()
    if first is not None and first.reviewer != decision.reviewer:
        values = {"state": SecondState.WAITING.value, "first_key": first.id, "first_reviewer": first.reviewer}
        connection.execute(insert(SECOND_REVIEW).values(entry_key=entry, **values))


def _follow_second(connection: Connection, entry: int, key: int, decision: Decision) -> None:
    """Bring a second review in step with an independent decision, or with its withdrawal."""
    row = connection.execute(select(SECOND_REVIEW).where(_SECOND.entry_key == entry)).first()
    if row is None:
        return
    values: dict[str, Any]
    if decision.withdrawn:
        mine = (
            row.second_key
            and connection.execute(select(INDEPENDENT.c.reviewer).where(INDEPENDENT.c.id == row.second_key)).scalar()
        )
        if mine != decision.reviewer or row.adjudicated_key is not None:
            return
        values = {"state": SecondState.WAITING.value, "second_key": None}
    elif row.state == SecondState.WAITING.value and row.first_reviewer != decision.reviewer:
        first = connection.execute(select(DECISION.c.label).where(DECISION.c.id == row.first_key)).scalar()
        same = first == decision.label
        values = {"state": (SecondState.SETTLED if same else SecondState.DIFFERS).value, "second_key": key}
    else:
        return
    connection.execute(update(SECOND_REVIEW).where(_SECOND.entry_key == entry).values(values))


def follow_decision(
    connection: Connection, entry: int, key: int, decision: Decision, *, wanted: bool, undone: int | None
) -> None:
    """Bring a second review in step with an ordinary decision, in the caller's transaction.

    Args:
        connection: of the transaction that stored the decision.
        entry: the queue entry it is on.
        key: its key.
        decision: what was decided; withdrawn takes the second review away.
        wanted: whether the entry is one of those a second person reviews.
        undone: the decision this one takes back, None when it is a new one.
    """
    row = connection.execute(select(SECOND_REVIEW).where(_SECOND.entry_key == entry)).first()
    here = _SECOND.entry_key == entry
    if decision.withdrawn:
        connection.execute(delete(SECOND_REVIEW).where(here))
    elif row is None:
        if wanted:
            values = {"state": SecondState.WAITING.value, "first_key": key, "first_reviewer": decision.reviewer}
            connection.execute(insert(SECOND_REVIEW).values(entry_key=entry, **values))
    elif row.state == SecondState.WAITING.value:
        values = {"first_key": key, "first_reviewer": decision.reviewer}
        connection.execute(update(SECOND_REVIEW).where(here).values(values))
    elif row.state == SecondState.DIFFERS.value:
        changes = {"state": SecondState.SETTLED.value, "adjudicated_key": key}
        connection.execute(update(SECOND_REVIEW).where(here).values(changes))
    elif undone is not None and row.adjudicated_key == undone:
        back = {"state": SecondState.DIFFERS.value, "adjudicated_key": None}
        connection.execute(update(SECOND_REVIEW).where(here).values(back))


def reviewed_twice(connection: Connection, entries: Sequence[int]) -> set[int]:
    """Return which of these entries have a second review, wherever it stands."""
    found: set[int] = set()
    for start in range(0, len(entries), CHUNK):
        chunk = entries[start : start + CHUNK]
        found.update(connection.execute(select(_SECOND.entry_key).where(_SECOND.entry_key.in_(chunk))).scalars())
    return found


def check_second_reviews(connection: Connection) -> tuple[bool, str]:
    """Hold every second review against the decisions it names."""
    rows = connection.execute(select(SECOND_REVIEW)).all()
    for row in rows:
        first = connection.execute(select(DECISION).where(DECISION.c.id == row.first_key)).one()
        wrong = first.reviewer != row.first_reviewer
        if row.second_key is not None:
            second = connection.execute(select(INDEPENDENT).where(INDEPENDENT.c.id == row.second_key)).one()
            same = first.label == second.label
            wrong |= second.entry_key != row.entry_key or (row.state == SecondState.DIFFERS.value and same)
            wrong |= row.state == SecondState.SETTLED.value and not same and row.adjudicated_key is None
        wrong |= (row.state == SecondState.WAITING.value) != (row.second_key is None)
        if wrong:
            return False, f"the second review of entry {row.entry_key} does not show its decisions"
    return True, f"{len(rows)} second reviews"


def _second_review(connection: Connection, row: Row[Any]) -> SecondReview:
    first = connection.execute(
        select(DECISION, ITEM.c.item_id)
        .join(ITEM, ITEM.c.id == DECISION.c.item_key)
        .where(DECISION.c.id == row.first_key)
    ).one()
    second = connection.execute(select(INDEPENDENT).where(INDEPENDENT.c.id == row.second_key)).first()
    return SecondReview(
        row.entry_key,
        SecondState(row.state),
        decision_of(first, first.item_id),
        _read(connection, second) if second is not None else None,
        row.adjudicated_key is not None,
    )


def _read(connection: Connection, row: Row[Any]) -> Decision:
    item_id = connection.execute(select(ITEM.c.item_id).where(ITEM.c.id == row.item_key)).scalar_one()
    note = connection.execute(select(REMARK.c.reason).where(REMARK.c.id == row.remark)).scalar() or ""
    return _as_decision(row._asdict(), item_id, note)


def _as_decision(columns: dict[str, Any], item_id: str, note: str) -> Decision:
    return Decision(
        item_id=item_id,
        policy_id=columns["policy_id"],
        policy_hash=columns["policy_hash"],
        label=columns["label"],
        violates=None if columns["violates"] is None else bool(columns["violates"]),
        agrees=None if columns["agrees"] is None else bool(columns["agrees"]),
        reviewer=columns["reviewer"],
        decided_at=from_time(columns["decided_at"]),
        cause=Cause(columns["cause"]) if columns["cause"] else None,
        rule_id=columns["rule_id"],
        note=note,
        blind=bool(columns["blind"]),
        seconds=columns["seconds"],
        verdict_key=columns["verdict_key"],
        withdrawn=bool(columns["withdrawn"]),
        key=columns["id"],
    )
