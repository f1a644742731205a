"""Which queue entries a filter lists, and in which order, as one statement that indexes answer.

It owns the orders and the conditions. A new restriction is a line in `_narrowing`, a column of `queue_entry` with an
index that ends in `id`, and an example in the test that reads the query plans, which fails until all three are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, literal_column, select, union_all

from core.domain import EntryState, QueueFilter, QueueSort
from core.store.facets import restrictions
from core.store.search import holds, search_terms
from core.store.tables import QUEUE_ENTRY

SORTED_BY: dict[QueueSort, ColumnElement[Any]] = {
    QueueSort.RISK: QUEUE_ENTRY.c.risk,
    QueueSort.UNCERTAINTY: QUEUE_ENTRY.c.uncertainty,
    QueueSort.DISAGREEMENT: QUEUE_ENTRY.c.disagrees,
    QueueSort.EXPECTED: QUEUE_ENTRY.c.expected,
}
"""Highest first; any other order is that of the key, oldest first."""


def _ordered(wanted: QueueFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that stand in front of every order in an index: what they leave is sorted already."""
    entry = QUEUE_ENTRY.c
    if wanted.policy_id is not None:
        yield entry.policy_id == (wanted.policy_id or None)
    if wanted.disagreements_only:
        yield entry.disagrees == literal_column("1")  # as text, or the partial indexes are not seen


def _narrowing(wanted: QueueFilter, dialect: str) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that leave so few entries that these are sorted afterwards."""
    for term in search_terms(wanted.search):
        yield holds(term, dialect)
    yield from restrictions(wanted)


def order_of(wanted: QueueFilter) -> list[ColumnElement[Any]]:
    """Return the order of a filter: the column it sorts by, highest first, then the key."""
    by = SORTED_BY.get(wanted.sort)
    return [QUEUE_ENTRY.c.id.asc()] if by is None else [by.desc(), QUEUE_ENTRY.c.id.asc()]


def parts_of(wanted: QueueFilter, states: Iterable[EntryState], dialect: str = "sqlite") -> list[Select[Any]]:
    """Return the statements that list a filter together, each without its order: key, then what is sorted by.

    One for each state, so that an index answers each in order; one for all where they are sorted afterwards anyway.
    """
    entry = QUEUE_ENTRY.c
    by = SORTED_BY.get(wanted.sort)
    query = (select(entry.id) if by is None else select(entry.id, by)).where(*_ordered(wanted))
    names = sorted({state.value for state in states})
    narrowed = list(_narrowing(wanted, dialect))
    if narrowed:
        return [query.where(*narrowed, *([entry.state.in_(names)] if names else []))]
    return [query.where(entry.state == name) for name in names] or [query]


def ids_query(wanted: QueueFilter, dialect: str = "sqlite") -> Select[Any] | CompoundSelect[Any]:
    """Return the statement for a filter in its order; the first column is the entry's key."""
    parts = parts_of(wanted, wanted.states, dialect)
    return (parts[0] if len(parts) == 1 else union_all(*parts)).order_by(*order_of(wanted))
