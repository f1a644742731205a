"""Which queue entries a filter lists, and in which order, as one statement that indexes answer.

It owns the orders and the conditions. A new restriction is a line in `_narrowing`, a column of `queue_entry` with an
index that ends in `id`, and an example in the test that reads the query plans, which fails until all three are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, literal_column, select, union_all

from core.domain import QueueFilter, QueueSort
from core.store.facets import restrictions
from core.store.search import holds, search_terms
from core.store.tables import QUEUE_ENTRY

SORTED_BY: dict[QueueSort, ColumnElement[Any]] = {
    QueueSort.RISK: QUEUE_ENTRY.c.risk,
    QueueSort.UNCERTAINTY: QUEUE_ENTRY.c.uncertainty,
    QueueSort.DISAGREEMENT: QUEUE_ENTRY.c.disagrees,
}
"""Highest first; any other order is that of the key, oldest first."""


def _ordered(wanted: QueueFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that stand in front of every order in an index: what they leave is sorted already."""
    entry = QUEUE_ENTRY.c
    if wanted.policy_id is not None:
        yield entry.policy_id == (wanted.policy_id or None)
    if wanted.disagreements_only:
        yield entry.disagrees == literal_column("1")  # as text, or the partial indexes are not seen


def _narrowing(wanted: QueueFilter) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that leave so few entries that these are sorted afterwards."""
    yield from map(holds, search_terms(wanted.search))
    yield from restrictions(wanted)


def ids_query(wanted: QueueFilter) -> Select[Any] | CompoundSelect[Any]:
    """Return the statement for a filter in its order; the first column is the entry's key.

    Several states are merged from one ordered list for each, so that nothing has to be sorted.
    """
    entry = QUEUE_ENTRY.c
    by = SORTED_BY.get(wanted.sort)
    query = (select(entry.id) if by is None else select(entry.id, by)).where(*_ordered(wanted))
    order = [entry.id.asc()] if by is None else [by.desc(), entry.id.asc()]
    states = sorted({state.value for state in wanted.states})
    narrowed = list(_narrowing(wanted))
    if narrowed:
        if states:
            narrowed.append(entry.state.in_(states))
        return query.where(*narrowed).order_by(*order)
    parts = [query.where(entry.state == state) for state in states] or [query]
    return parts[0].order_by(*order) if len(parts) == 1 else union_all(*parts).order_by(*order)
