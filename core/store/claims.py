"""Claims: who holds which queue entry until when, so that no two people review the same item unasked.

It owns the table `claim` and the one way to a row of it. On a server, entries that another transaction is just claiming
or deciding are passed over (SKIP LOCKED), and the table's key lets only one of two win; in a file one writes at a time.
Times are those of the database, so that no workstation's clock decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.domain import Claim, EntryState, QueueFilter, SecondState, utc_now
from core.errors import UsageError
from core.store.database import Database
from core.store.queue_ids import order_of, parts_of
from core.store.rows import from_time, to_time
from core.store.tables import CLAIM, ITEM, QUEUE_ENTRY, SECOND_REVIEW

OPEN = (EntryState.PENDING, EntryState.JUDGED)


def _now(connection: Connection) -> datetime:
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment
    return utc_now()


def _held(now: str, *, by_others_than: str | None = None) -> ColumnElement[bool]:
    live = and_(CLAIM.c.entry_key == QUEUE_ENTRY.c.id, CLAIM.c.until > now)
    return exists().where(live if by_others_than is None else and_(live, CLAIM.c.holder != by_others_than))


def _waits_for(holder: str) -> ColumnElement[bool]:
    second = SECOND_REVIEW.c
    waits = (second.state == SecondState.WAITING.value, second.first_reviewer != holder)
    return QUEUE_ENTRY.c.id.in_(select(second.entry_key).where(*waits))


def check_claim(connection: Connection, entry_key: int, who: str) -> None:
    """Let whoever holds an entry act on it, and anybody when nobody holds it; their claim ends with that.

    Raises:
        UsageError: somebody else holds it.
    """
    row = connection.execute(select(CLAIM).where(CLAIM.c.entry_key == entry_key)).first()
    if row is None:
        return
    if row.holder != who and row.until > to_time(_now(connection)):
        raise UsageError(f"{row.holder} holds that item until {row.until[11:16]} UTC.", "Take the next one.")
    connection.execute(delete(CLAIM).where(CLAIM.c.entry_key == entry_key))


class ClaimQueries:
    """What the store answers about claims."""

    _db: Database

    def claim_next(
        self, wanted: QueueFilter, *, holder: str, session: str, count: int, lasts: timedelta, second: bool = False
    ) -> list[Claim]:
        """Claim up to `count` entries, the first of a filter's order that nobody holds; return them in that order.

        Without `states` in the filter: the open ones. With `second`: those that wait for a second review of what
        somebody else decided. An entry that this holder holds already is not given again.
        """
        with self._db.share() as connection:
            now = _now(connection)
            taken: list[int] = []
            for key in self._candidates(connection, wanted, holder, to_time(now), count, second=second):
                if len(taken) < count and _take(connection, key, holder, session, now, lasts):
                    taken.append(key)
            found = {claim.key: claim for claim in _claims(connection, CLAIM.c.entry_key.in_(taken), session)}
        return [found[key] for key in taken]

    def _candidates(
        self, connection: Connection, wanted: QueueFilter, holder: str, now: str, count: int, *, second: bool
    ) -> list[int]:
        """Return the keys of free entries, locked where the database can, in the filter's order over all states."""
        states = (EntryState.DECIDED,) if second else wanted.states or OPEN
        rows: list[tuple[Any, ...]] = []
        for part in parts_of(wanted, states, connection.dialect.name):
            query: Select[Any] = part.where(~_held(now)).order_by(*order_of(wanted)).limit(count)
            if second:
                query = query.where(_waits_for(holder))
            locked = query.with_for_update(skip_locked=True, of=QUEUE_ENTRY)
            rows += [tuple(row) for row in connection.execute(locked)]
        rows.sort(key=lambda row: (-row[1] if len(row) > 1 else 0, row[0]))
        return [row[0] for row in rows]

    def claim_entry(self, key: int, *, holder: str, session: str, lasts: timedelta) -> Claim:
        """Claim one entry, or hold it longer.

        Raises:
            UsageError: somebody else holds it, or it is gone.
        """
        with self._db.share() as connection:
            there = connection.execute(select(QUEUE_ENTRY.c.id).where(QUEUE_ENTRY.c.id == key)).scalar()
            if there is None:
                raise UsageError("There is no such queue entry.", "Reload the queue.")
            if not _take(connection, key, holder, session, _now(connection), lasts):
                check_claim(connection, key, holder)  # says who holds it
                raise UsageError("Somebody else just took that item.", "Take the next one.")
            return _claims(connection, CLAIM.c.entry_key == key, session)[0]

    def release_claims(
        self, *, session: str | None = None, holder: str | None = None, keys: Sequence[int] | None = None
    ) -> int:
        """Let go what a session or a holder holds, of these entries if any are named; return how many."""
        query = delete(CLAIM)
        if session is not None:
            query = query.where(CLAIM.c.session == session)
        if holder is not None:
            query = query.where(CLAIM.c.holder == holder)
        if keys is not None:
            query = query.where(CLAIM.c.entry_key.in_(list(keys)))
        with self._db.share() as connection:
            return connection.execute(query).rowcount

    def held_by_others(self, who: str) -> set[int]:
        """Return the entries somebody else holds now."""
        with self._db.read() as connection:
            live = (CLAIM.c.until > to_time(_now(connection)), CLAIM.c.holder != who)
            return set(connection.execute(select(CLAIM.c.entry_key).where(*live)).scalars())

    def claims(self, *, session: str, holder: str | None = None) -> list[Claim]:
        """Return the claims that are in force, of one holder if named, by holder and then the oldest first."""
        with self._db.read() as connection:
            live = CLAIM.c.until > to_time(_now(connection))
            return _claims(connection, live if holder is None else and_(live, CLAIM.c.holder == holder), session)


def _take(connection: Connection, key: int, holder: str, session: str, now: datetime, lasts: timedelta) -> bool:
    """Put a claim in place unless somebody else's is in force; return whether it is."""
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"holder": holder, "session": session, "since": to_time(now), "until": to_time(now + lasts)}
    insert = dialect.insert(CLAIM).values(entry_key=key, **values)
    free = or_(CLAIM.c.holder == holder, CLAIM.c.until <= to_time(now))
    statement = insert.on_conflict_do_update(index_elements=[CLAIM.c.entry_key], set_=values, where=free)
    return connection.execute(statement.returning(CLAIM.c.entry_key)).first() is not None


def _claims(connection: Connection, which: ColumnElement[bool], session: str) -> list[Claim]:
    entry = QUEUE_ENTRY.c
    query = (
        select(CLAIM, ITEM.c.item_id, entry.policy_id)
        .join(QUEUE_ENTRY, entry.id == CLAIM.c.entry_key)
        .join(ITEM, ITEM.c.id == entry.item_key)
        .where(which)
        .order_by(CLAIM.c.holder, CLAIM.c.since, CLAIM.c.entry_key)
    )
    return [
        Claim(
            row.entry_key, row.item_id, row.policy_id or "", row.holder, from_time(row.since), from_time(row.until),
            mine=row.session == session,
        )
        for row in connection.execute(query)
    ]  # fmt: skip
