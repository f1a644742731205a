"""The plans of the queue's questions: each is answered by an index, whatever is filtered and however it is sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from core.domain import Cause, EntryState, QueueFilter, QueueSort, VerdictStatus
from core.store.queue_ids import ids_query
from core.store.store import Store
from tests.core.store.conftest import raw_connection

ORDERED: dict[str, tuple[Any, ...]] = {
    "states": ((), (EntryState.PENDING,), (EntryState.JUDGED, EntryState.ESCALATED), tuple(EntryState)),
    "policy_id": (None, "", "spam"),
    "disagreements_only": (False, True),
}
"""The filters that leave every order to an index, each with all it can be; nothing is ever sorted."""

NARROWING: dict[str, tuple[Any, ...]] = {
    "search": ("needle", "ab", "several words", '"a phrase"'),
    "label": ("SP2",),
    "status": (VerdictStatus.REFUSED,),
    "source": ("queue.jsonl",),
    "language": ("en",),
    "reviewer": ("ana",),
    "cause": (Cause.POLICY_GAP,),
}
"""The filters that an index answers and whose few entries are sorted then, each with examples."""


@pytest.fixture
def plan(store: Store, tmp_path: Path) -> Iterator[Any]:
    """Tells the steps of a filter's statement."""
    with raw_connection(tmp_path) as connection:

        def steps(wanted: QueueFilter) -> list[str]:
            query = ids_query(wanted).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]

        yield steps


def reads_a_whole_table(steps: list[str]) -> bool:
    """Whether a step goes through all rows without an index."""
    return any(step.startswith("SCAN") and "INDEX" not in step and "search" not in step for step in steps)


def test_every_field_of_the_filter_has_its_examples_here() -> None:
    assert {field.name for field in fields(QueueFilter)} == {*ORDERED, *NARROWING, "sort"}


def test_every_order_of_every_filter_comes_from_an_index(plan: Any) -> None:
    wrong = []
    for sort, *values in product(QueueSort, *ORDERED.values()):
        wanted = QueueFilter(**dict(zip(ORDERED, values, strict=True)), sort=sort)
        steps = plan(wanted)
        # The order of age is the table's own: reading all of it front to back is no search.
        whole = reads_a_whole_table(steps) and wanted != QueueFilter(sort=QueueSort.AGE)
        if whole or any("TEMP B-TREE" in step for step in steps):
            wrong.append((wanted, steps))
    assert wrong == []


def test_every_restriction_is_looked_up_alone_and_with_any_other(plan: Any) -> None:
    wrong = []
    chosen = [(), *combinations(NARROWING, 1), *combinations(NARROWING, 2)]
    for sort, names, *values in product(QueueSort, chosen, *ORDERED.values()):
        wanted = QueueFilter(**dict(zip(ORDERED, values, strict=True)), sort=sort)
        for examples in product(*(NARROWING[name] for name in names)):
            narrowed = replace(wanted, **dict(zip(names, examples, strict=True)))
            steps = plan(narrowed)
            if names and reads_a_whole_table(steps):
                wrong.append((narrowed, steps))
    assert wrong == []


def test_a_search_uses_the_index_of_texts(plan: Any) -> None:
    for text in ("needle", "needle and hay"):
        steps = plan(QueueFilter(search=text))
        assert any("search VIRTUAL TABLE INDEX" in step for step in steps)
    assert any("search_trigram VIRTUAL TABLE INDEX" in step for step in plan(QueueFilter(search="ab")))


def test_counting_reads_the_counts_alone(store: Store, tmp_path: Path) -> None:
    asked: list[str] = []
    with store._db.read() as connection:
        connection.connection.driver_connection.set_trace_callback(asked.append)  # type: ignore[union-attr]
    store.queue_counts()
    store.queue_counts("spam")
    assert len([query for query in asked if "queue_count" in query]) == 2
    assert not any("queue_entry" in query for query in asked)
