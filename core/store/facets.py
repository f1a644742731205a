"""What the queue can be narrowed by besides state and policy, and the filters that people keep under a name.

It owns the conditions on verdicts, decisions, sources and languages, each looked up in an index of its own table, and
the table of saved views. It must not order anything: that is `queue_ids`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, delete, insert, or_, select

from core.domain import Cause, EntryState, Item, QueueFacets, QueueFilter, QueueSort, SavedView, VerdictStatus
from core.language import language_of
from core.store import audit
from core.store.bulk import insert_rows
from core.store.database import Database
from core.store.rows import to_json
from core.store.tables import DECISION, ITEM, ITEM_LANGUAGE, QUEUE_ENTRY, SAVED_VIEW, VERDICT

MOST_VALUES = 200
"""Values of one kind that are offered: more than anyone reads through."""

PAGE = 500  # entries read at a time

_READ: dict[str, Any] = {
    "states": lambda values: tuple(EntryState(value) for value in values),
    "sort": QueueSort,
    "status": VerdictStatus,
    "cause": Cause,
}


def restrictions(wanted: QueueFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions of a filter on verdict, decision, source and language of an entry."""
    entry = QUEUE_ENTRY.c
    if wanted.status is not None:
        yield entry.verdict_key.in_(select(VERDICT.c.id).where(VERDICT.c.status == wanted.status.value))
    if wanted.label is not None:
        said = entry.verdict_key.in_(select(VERDICT.c.id).where(VERDICT.c.label == wanted.label))
        decided = entry.decision_key.in_(select(DECISION.c.id).where(DECISION.c.label == wanted.label))
        yield or_(decided, and_(said, entry.decision_key.is_(None)))
    if wanted.reviewer is not None:
        yield entry.decision_key.in_(select(DECISION.c.id).where(DECISION.c.reviewer == wanted.reviewer))
    if wanted.cause is not None:
        yield entry.decision_key.in_(select(DECISION.c.id).where(DECISION.c.cause == wanted.cause.value))
    if wanted.source is not None:
        yield entry.item_key.in_(select(ITEM.c.id).where(ITEM.c.source == wanted.source))
    if wanted.language is not None:
        language = ITEM_LANGUAGE.c
        yield entry.item_key.in_(select(language.item_key).where(language.language == wanted.language))


def add_languages(connection: Connection, items: Mapping[int, Item]) -> None:
    """Keep the language of new items, by their keys, where one is known."""
    found = [{"item_key": key, "language": tag} for key, item in items.items() if (tag := language_of(item))]
    insert_rows(connection, ITEM_LANGUAGE, found)


class FacetQueries:
    """What the store answers about filters."""

    _db: Database

    def queue_facets(self) -> QueueFacets:
        """Return the values there are to filter by. Each is one step in an index, however many rows have it."""
        with self._db.read() as connection:
            return QueueFacets(
                sources=tuple(_values(connection, ITEM.c.source)),
                languages=tuple(_values(connection, ITEM_LANGUAGE.c.language)),
                reviewers=tuple(_values(connection, DECISION.c.reviewer)),
            )

    def undecided(self, keys: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        """Yield key, item id and policy ("" for none) of those entries that nobody has decided, a page at a time."""
        entry = QUEUE_ENTRY.c
        query = select(entry.id, ITEM.c.item_id, entry.policy_id).join(ITEM, ITEM.c.id == entry.item_key)
        query = query.where(entry.decision_key.is_(None))
        for start in range(0, len(keys), PAGE):
            with self._db.read() as connection:
                rows = connection.execute(query.where(entry.id.in_(list(keys[start : start + PAGE])))).all()
            for row in rows:
                yield row.id, row.item_id, row.policy_id or ""

    def save_view(self, view: SavedView) -> None:
        """Keep a filter under its name, in place of one that had it."""
        values = {"name": view.name, "wanted": to_json(_record(view.wanted)), "saved_by": view.saved_by}
        with self._db.write() as connection:
            connection.execute(delete(SAVED_VIEW).where(SAVED_VIEW.c.name == view.name))
            connection.execute(insert(SAVED_VIEW).values(values))
            audit.append(connection, "view.saved", view.saved_by, {"name": view.name})

    def remove_view(self, name: str, *, actor: str) -> bool:
        """Forget the filter of this name; False if there is none."""
        with self._db.write() as connection:
            if not connection.execute(delete(SAVED_VIEW).where(SAVED_VIEW.c.name == name)).rowcount:
                return False
            audit.append(connection, "view.removed", actor, {"name": name})
            return True

    def list_views(self) -> list[SavedView]:
        """Return the saved views by name."""
        with self._db.read() as connection:
            rows = connection.execute(select(SAVED_VIEW).order_by(SAVED_VIEW.c.name)).all()
        return [SavedView(row.name, _filter(json.loads(row.wanted)), row.saved_by) for row in rows]


def _values(connection: Connection, column: Column[Any]) -> Iterator[str]:
    """Yield the distinct values of an indexed column, jumping from one to the next."""
    last = ""
    for _ in range(MOST_VALUES):
        found = connection.execute(select(column).where(column > last).order_by(column).limit(1)).scalar()
        if found is None:
            return
        last = str(found)
        yield last


def _record(wanted: QueueFilter) -> dict[str, Any]:
    """Return what differs from a filter that asks for nothing."""
    empty = asdict(QueueFilter())
    return {name: value for name, value in asdict(wanted).items() if value != empty[name]}


def _filter(record: Mapping[str, Any]) -> QueueFilter:
    """Return the filter of a record; what a newer Docket put into it is left out."""
    known = asdict(QueueFilter())
    values: dict[str, Any] = {}
    for name, value in record.items():
        if name in known:
            try:
                values[name] = _READ.get(name, lambda kept: kept)(value)
            except ValueError:
                continue
    return QueueFilter(**values)
