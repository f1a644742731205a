"""The queue: ids in an order, pages of rows by id, counts, one review whole, and the states a human sets."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, LargeBinary, Select, cast, func, select, update
from sqlalchemy.exc import DBAPIError

from core.domain import (
    EntryState,
    ItemKind,
    QueueCounts,
    QueueFilter,
    QueueRow,
    Review,
    VerdictStatus,
)
from core.errors import UsageError
from core.store import audit
from core.store.claims import check_claim
from core.store.database import Database
from core.store.entries import Entries
from core.store.items import CHUNK, item_key
from core.store.judgements import decision_history
from core.store.oversight import set_aside, take_up
from core.store.queue_ids import ids_query, parts_of
from core.store.recording import open_state
from core.store.remarks import add_remark
from core.store.rows import decision_of, from_time, item_of, policy_of, verdict_of
from core.store.tables import DECISION, ITEM, POLICY_VERSION, QUEUE_COUNT, QUEUE_ENTRY, VERDICT

EXCERPT = 200
"""Characters of an excerpt at most."""

HEAD_BYTES = 1024
"""Read for an excerpt: enough for 200 characters of any script with some blanks between them."""

FETCHED = 20_000
"""Rows asked of the driver at a time."""

_OPEN = (EntryState.PENDING, EntryState.JUDGED)


class QueueQueries:
    """What the store answers about the queue."""

    _db: Database

    def queue_ids(self, wanted: QueueFilter, *, limit: int | None = None) -> array[int]:
        """Return the keys of the entries that match, in order; with `limit` the first so many of them."""
        with self._db.read() as connection:
            return _first_column(connection, ids_query(wanted, connection.dialect.name).limit(limit))

    def is_listed(self, wanted: QueueFilter, key: int) -> bool:
        """Return whether an entry matches."""
        with self._db.read() as connection:
            parts = parts_of(wanted, wanted.states, connection.dialect.name)
            own = (part.where(QUEUE_ENTRY.c.id == key) for part in parts)
            return any(connection.execute(query).first() is not None for query in own)

    def queue_rows(self, keys: Sequence[int]) -> list[QueueRow]:
        """Return the rows with these keys, in their order; a key that is gone is left out."""
        entry = QUEUE_ENTRY.c
        columns = (
            entry.id, entry.policy_id, entry.state, ITEM.c.item_id, ITEM.c.kind, ITEM.c.removed_at,
            self._head().label("head"),
            VERDICT.c.status, VERDICT.c.label, VERDICT.c.violates, VERDICT.c.score,
            DECISION.c.label.label("decided"), DECISION.c.agrees,
        )  # fmt: skip
        query = (
            select(*columns)
            .join(ITEM, ITEM.c.id == entry.item_key)
            .outerjoin(VERDICT, VERDICT.c.id == entry.verdict_key)
            .outerjoin(DECISION, DECISION.c.id == entry.decision_key)
        )
        found: dict[int, QueueRow] = {}
        with self._db.read() as connection:
            for start in range(0, len(keys), CHUNK):
                chunk = list(keys[start : start + CHUNK])
                for row in connection.execute(query.where(entry.id.in_(chunk))).all():
                    excerpt = _excerpt(row.head)
                    if len(excerpt) < EXCERPT and len(row.head or b"") == HEAD_BYTES:
                        # Blanks in front must not hide a text.
                        whole = select(ITEM.c.content).where(ITEM.c.item_id == row.item_id)
                        excerpt = _excerpt(connection.execute(whole).scalar_one())
                    found[row.id] = _row(row, excerpt)
        return [found[key] for key in keys if key in found]

    def _head(self) -> ColumnElement[Any]:
        """Return the beginning of a content: of a file as bytes, because SQLite ends a text at its first NUL."""
        if self._db.shared:
            return func.left(ITEM.c.content, HEAD_BYTES)
        return func.substr(cast(ITEM.c.content, LargeBinary), 1, HEAD_BYTES)

    def queue_counts(self, policy_id: str | None = None) -> QueueCounts:
        """Return how many entries stand in each state, of one policy if named."""
        kept = QUEUE_COUNT.c
        query = select(kept.state, kept.apart, func.sum(kept.entries)).group_by(kept.state, kept.apart)
        if policy_id is not None:
            query = query.where(kept.policy_id == policy_id)
        by_state: Counter[EntryState] = Counter()
        disagreements = 0
        with self._db.read() as connection:
            for state, apart, entries in connection.execute(query):
                by_state[EntryState(state)] += int(entries)
                disagreements += int(entries) if apart else 0
        return QueueCounts({state: count for state, count in by_state.items() if count}, disagreements)

    def find_entry(self, item_id: str, policy_id: str | None) -> int | None:
        """Return the entry of an item: under this policy, else its only one, else None."""
        entry = QUEUE_ENTRY.c
        with self._db.read() as connection:
            key = item_key(connection, item_id)
            if key is None:
                return None
            rows = connection.execute(select(entry.id, entry.policy_id).where(entry.item_key == key)).all()
        if policy_id is None:
            return rows[0].id if len(rows) == 1 else None
        exact = [row.id for row in rows if row.policy_id == policy_id]
        free = [row.id for row in rows if row.policy_id is None]
        return next(iter([*exact, *free]), None)

    def open_entry(self, item_id: str, policy_id: str) -> int:
        """Return the entry of an item under a policy, made if it is not there.

        Raises:
            UsageError: there is no such item.
        """
        with self._db.write() as connection:
            key = item_key(connection, item_id)
            if key is None:
                raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
            entries = Entries(connection, [(key, policy_id)])
            entries.write()
            return int(entries.of(key, policy_id)["id"])

    def get_review(self, key: int) -> Review | None:
        """Return everything about one entry, or None when it is gone."""
        with self._db.read() as connection:
            entry = connection.execute(select(QUEUE_ENTRY).where(QUEUE_ENTRY.c.id == key)).first()
            if entry is None:
                return None
            item = item_of(connection.execute(select(ITEM).where(ITEM.c.id == entry.item_key)).one())
            verdict = connection.execute(select(VERDICT).where(VERDICT.c.id == entry.verdict_key)).first()
            decision = connection.execute(select(DECISION).where(DECISION.c.id == entry.decision_key)).first()
            version = POLICY_VERSION.c
            policy = connection.execute(
                select(POLICY_VERSION).where(version.hash == verdict.policy_hash)
                if verdict is not None
                else select(POLICY_VERSION)
                .where(version.policy_id == entry.policy_id)
                .order_by(version.id.desc())
                .limit(1)
            ).first()
            history = decision_history(connection, entry.item_key, entry.policy_id, item.id) if entry.policy_id else []
        return Review(
            key=key,
            state=EntryState(entry.state),
            item=item,
            policy=policy_of(policy) if policy is not None else None,
            verdict=verdict_of(verdict, item.id) if verdict is not None else None,
            decision=decision_of(decision, item.id) if decision is not None else None,
            history=tuple(history),
        )

    def mark(
        self, key: int, state: EntryState, *, reviewer: str, reason: str, after: EntryState | None = None
    ) -> EntryState:
        """Set an open entry to skipped or escalated, or such a one back to open; return the state it had.

        `after` is the state it must have; None takes any.

        Raises:
            UsageError: the entry is gone, already decided, or not in the state `after`.
        """
        with self._db.write() as connection:
            entry = connection.execute(select(QUEUE_ENTRY).where(QUEUE_ENTRY.c.id == key).with_for_update()).first()
            if entry is None:
                raise UsageError("There is no such queue entry.", "Reload the queue.")
            check_claim(connection, key, reviewer)
            before = EntryState(entry.state)
            if before is EntryState.DECIDED:
                raise UsageError("That item is decided.", "Undo or change the decision instead.")
            if after not in (None, before):
                raise UsageError("That item was marked otherwise meanwhile.", "Look at it again.")
            if state is EntryState.SKIPPED:
                set_aside(connection, key, reviewer)
            elif take_up(connection, key, reviewer) and state in _OPEN:
                state = EntryState.SKIPPED  # others still have it put aside
            if state in _OPEN:
                state = open_state(connection, entry.item_key, entry.policy_id)
            connection.execute(update(QUEUE_ENTRY).where(QUEUE_ENTRY.c.id == key).values(state=state.value))
            details = {"entry": key, "item_key": entry.item_key, "before": before.value, "state": state.value}
            details |= add_remark(connection, entry.item_key, reason)[1]
            audit.append(connection, "entry.marked", reviewer, details)
        return before


def _first_column(connection: Connection, query: Select[Any] | CompoundSelect[Any]) -> array[int]:
    """Return the first column of all rows, from the driver itself: a million rows made into objects take seconds."""
    keys: array[int] = array("q")
    with connection.execute(query) as result:
        cursor: Any = result.cursor
        try:
            while rows := cursor.fetchmany(FETCHED):
                keys.extend(map(itemgetter(0), rows))
        except connection.dialect.loaded_dbapi.Error as error:
            raise DBAPIError("reading the queue", None, error) from error
    return keys


def _excerpt(head: bytes | str | None) -> str:
    """Return the beginning of a content as one line."""
    text = head.decode("utf-8", "ignore") if isinstance(head, bytes) else head or ""
    return " ".join(text.split())[:EXCERPT]


def _row(row: Any, excerpt: str) -> QueueRow:  # noqa: ANN401 - a joined row, its type is the statement's
    return QueueRow(
        key=row.id,
        item_id=row.item_id,
        kind=ItemKind(row.kind),
        policy_id=row.policy_id or "",
        state=EntryState(row.state),
        excerpt=excerpt,
        status=VerdictStatus(row.status) if row.status else None,
        verdict_label=row.label,
        verdict_violates=None if row.violates is None else bool(row.violates),
        score=row.score,
        decision_label=row.decided,
        agrees=None if row.agrees is None else bool(row.agrees),
        removed_at=from_time(row.removed_at) if row.removed_at else None,
    )
