"""Removing content for good: what an item, its verdicts, notes and remarks said goes; that they were there stays.

It owns the choice of items, the one transaction in which the triggers let texts be emptied, and the audit event that
proves what was removed: for every record its hash before and after. Everything else about a record stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, insert, or_, select, update

from core.domain import EntryState, PurgePlan
from core.store import audit
from core.store.database import Database
from core.store.groups import forget_sketches
from core.store.opinions import forget_models
from core.store.rows import item_of, item_record_hash, record_hash, text_hash, to_time
from core.store.tables import (
    AUDIT_EVENT,
    DECISION,
    ITEM,
    PURGING,
    QUEUE_ENTRY,
    REMARK,
    REMOVABLE,
    TRIAL_VERDICT,
    VERDICT,
)

KIND = "items.purged"
BATCH = 500
"""Items in one transaction and one audit event."""


def _holds_text(table: Table) -> ColumnElement[bool]:
    """Whether a row still has any of what a purge takes out."""
    return or_(*(table.c[name].is_distinct_from(value) for name, value in REMOVABLE[table.name].items()))


def _due(before: datetime, policy_id: str | None) -> ColumnElement[bool]:
    """Whether an item was imported before a moment, decided before it if at all, and has anything left to remove.

    With a policy: only an item that no other policy reviews.
    """
    moment = to_time(before)
    beside = (VERDICT, DECISION, REMARK)
    left = (exists().where(table.c.item_key == ITEM.c.id, _holds_text(table)) for table in beside)
    tried = exists().where(TRIAL_VERDICT.c.item_key == ITEM.c.id)
    due = (ITEM.c.imported_at < moment) & or_(ITEM.c.removed_at.is_(None), tried, *left)
    due &= ~exists().where(DECISION.c.item_key == ITEM.c.id, DECISION.c.decided_at >= moment)
    if policy_id is not None:
        entry = QUEUE_ENTRY.c
        due &= exists().where(entry.item_key == ITEM.c.id, entry.policy_id == policy_id)
        due &= ~exists().where(entry.item_key == ITEM.c.id, entry.policy_id.is_distinct_from(policy_id))
    return due


class PurgeQueries:
    """What the store does about retention."""

    _db: Database

    def purge_plan(self, before: datetime, policy_id: str | None = None) -> PurgePlan:
        """Return what `purge_batch` would remove, batch after batch."""
        decided = exists().where(QUEUE_ENTRY.c.item_key == ITEM.c.id, QUEUE_ENTRY.c.decision_key.is_not(None))
        count = select(func.count()).select_from(ITEM).where(_due(before, policy_id))
        with self._db.read() as connection:
            items = int(connection.execute(count).scalar_one())
            undecided = int(connection.execute(count.where(~decided)).scalar_one())
        return PurgePlan(items, undecided)

    def purge_batch(
        self, before: datetime, policy_id: str | None = None, *, actor: str, limit: int = BATCH
    ) -> tuple[int, int, int]:
        """Remove the content of at most `limit` items in one transaction, with one audit event.

        An item nobody decided is set aside as skipped: there is nothing left to judge.

        Returns:
            How many items were due, and how many verdicts and notes (with remarks) lost their texts; 0 items: done.
        """
        query = select(ITEM.c.id).where(_due(before, policy_id)).order_by(ITEM.c.id).limit(limit)
        with self._db.write() as connection:
            keys = list(connection.execute(query).scalars())
            if not keys:
                return 0, 0, 0
            self._db.overwrite_deleted(connection)
            connection.execute(insert(PURGING), [{"item_key": key} for key in keys])
            told = {
                "items": _empty_items(connection, keys),
                "verdicts": _empty_verdicts(connection, keys),
                "decisions": _empty_texts(connection, DECISION, "note", keys),
                "remarks": _empty_texts(connection, REMARK, "reason", keys),
            }
            connection.execute(delete(TRIAL_VERDICT).where(TRIAL_VERDICT.c.item_key.in_(keys)))
            _set_aside(connection, keys)
            forget_sketches(connection, keys)
            forget_models(connection, keys)
            connection.execute(delete(PURGING))
            audit.append(connection, KIND, actor, {"before": to_time(before), "policy": policy_id, **told})
        return len(keys), len(told["verdicts"]), len(told["decisions"]) + len(told["remarks"])

    def compact(self) -> bool:
        """Take what was removed out of the files, too; return False while another program still reads them.

        The search index keeps what was deleted from it until its parts are merged: they are, before the file is
        written anew.
        """
        if not self._db.shared:
            with self._db.write() as connection:
                self._db.overwrite_deleted(connection)
                connection.exec_driver_sql("INSERT INTO search(search) VALUES ('optimize')")
        return self._db.compact()

    def notes_in_chain(self) -> int:
        """Return how many events hold a reviewer's note, as older versions wrote them. The chain cannot forget."""
        payload = AUDIT_EVENT.c.payload
        suspects = select(payload).where(AUDIT_EVENT.c.kind.in_(("decision.recorded", "entry.marked")))
        suspects = suspects.where(or_(payload.like('%"note":"%'), payload.like('%"reason":"%')))
        with self._db.read() as connection:
            told = (json.loads(text) for text in connection.execute(suspects).scalars())
            return sum(1 for event in told if event.get("note") or event.get("reason"))


def _empty_items(connection: Connection, keys: Sequence[int]) -> list[list[Any]]:
    """Empty the items that are not yet; return key, id, content hash, and the record's hash before and after.

    The content hash is that of what was found, so that a text changed earlier by hand does not go unnoticed.
    """
    wanted = (ITEM.c.id.in_(keys)) & ITEM.c.removed_at.is_(None)
    before = connection.execute(select(ITEM).where(wanted).order_by(ITEM.c.id)).all()
    connection.execute(update(ITEM).where(wanted).values(**REMOVABLE["item"], removed_at=to_time(None)))
    now = select(ITEM).where(ITEM.c.id.in_([row.id for row in before]))
    after = {row.id: item_record_hash(row._asdict()) for row in connection.execute(now)}
    return [
        [row.id, row.item_id, item_of(row).content_hash, item_record_hash(row._asdict()), after[row.id]]
        for row in before
    ]


def _empty_verdicts(connection: Connection, keys: Sequence[int]) -> list[list[Any]]:
    """Empty the texts of verdicts; return key, and the record's hash before and after."""
    wanted = VERDICT.c.item_key.in_(keys) & _holds_text(VERDICT)
    before = connection.execute(select(VERDICT).where(wanted).order_by(VERDICT.c.id)).all()
    connection.execute(update(VERDICT).where(wanted).values(**REMOVABLE["verdict"]))
    told = []
    for row in before:
        columns = row._asdict()
        told.append([row.id, record_hash(columns), record_hash({**columns, **REMOVABLE["verdict"]})])
    return told


def _empty_texts(connection: Connection, table: Table, column: str, keys: Sequence[int]) -> list[list[Any]]:
    """Empty a text beside a record; return the record's key and the text's hash, which its own event has too."""
    wanted = table.c.item_key.in_(keys) & (table.c[column] != "")
    rows = connection.execute(select(table.c.id, table.c[column]).where(wanted).order_by(table.c.id)).all()
    connection.execute(update(table).where(wanted).values(**REMOVABLE[table.name]))
    return [[key, text_hash(text)] for key, text in rows]


def _set_aside(connection: Connection, keys: Sequence[int]) -> None:
    entry = QUEUE_ENTRY.c
    undecided = entry.item_key.in_(keys) & (entry.state != EntryState.DECIDED.value)
    connection.execute(update(QUEUE_ENTRY).where(undecided).values(state=EntryState.SKIPPED.value))
