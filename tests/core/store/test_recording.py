"""Many verdicts and decisions at once: what one by one would have left, in the statements of a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from core.domain import EntryState, Item, PolicyVersion, QueueCounts
from core.errors import UsageError
from core.store.keys import KeyFile
from core.store.store import Store
from core.store.tables import AUDIT_EVENT, DECISION, QUEUE_ENTRY, SECOND_REVIEW, VERDICT
from tests.fixtures.values import MOMENT, make_decision, make_item, make_policy, make_verdict

BOTH = True
ITEMS = [make_item(number) for number in range(1, 7)]


@pytest.fixture
def policies(store: Store) -> list[PolicyVersion]:
    """Two policies, with some items to judge."""
    store.add_items(ITEMS, source="test", actor="ana")
    made = [make_policy(), make_policy("other")]
    return [store.add_policy(policy, author="ana", note="", actor="ana") for policy in made]


def standing(store: Store) -> dict[str, list[Any]]:
    """All rows that verdicts and decisions leave."""
    with store.file.read() as connection:
        tables = (VERDICT, DECISION, QUEUE_ENTRY, SECOND_REVIEW)
        rows = {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in tables}
        return {**rows, "events": list(connection.execute(select(AUDIT_EVENT.c.kind)).scalars())}


def test_a_batch_leaves_what_one_by_one_leaves(
    store: Store, policies: list[PolicyVersion], tmp_path_factory: pytest.TempPathFactory
) -> None:
    spam, other = policies
    verdicts = [
        replace(make_verdict(item, policy, label), created_at=MOMENT)
        for item, policy, label in (
            (ITEMS[0], spam, "X2"),
            (ITEMS[0], other, "X0"),
            (ITEMS[0], spam, "X0"),
            (ITEMS[1], other, None),
            (ITEMS[2], spam, "X4"),
        )
    ]
    decisions = [
        make_decision(ITEMS[0], spam, "X0"),
        make_decision(ITEMS[0], spam, "X2"),
        make_decision(ITEMS[0], other, "X2"),
        make_decision(ITEMS[1], spam, "X0"),
        make_decision(ITEMS[1], spam, None),
        make_decision(ITEMS[2], spam, "X0", agrees=False, verdict_key=5),
        make_decision(ITEMS[3], other, "X0"),
    ]
    asked = [True, False, False, True, False, False, True]
    alone = Store.create(tmp_path_factory.mktemp("alone"), bytes(32))
    alone.add_items(ITEMS, source="test", actor="ana")
    for policy in (make_policy(), make_policy("other")):
        alone.add_policy(policy, author="ana", note="", actor="ana")
    for verdict in verdicts:
        alone.add_verdicts([verdict], actor="ana")
    for decision, wanted in zip(decisions, asked, strict=True):
        alone.add_decision(decision, actor="ana", wanted=wanted)
    store.add_verdicts(verdicts, actor="ana")
    store.add_decisions(decisions, actor="ana", wanted=asked)

    together, apart = standing(store), standing(alone)
    alone.close()
    assert {name: len(rows) for name, rows in together.items() if name != "events"} == {
        "verdict": 5, "decision": 7, "queue_entry": 8, "second_review": 2
    }  # fmt: skip
    assert together | {"events": []} == apart | {"events": []}
    assert together["events"].count("verdicts.stored") == 1
    assert apart["events"].count("verdicts.stored") == len(verdicts)
    assert together["events"].count("decision.recorded") == apart["events"].count("decision.recorded") == len(decisions)
    assert store.queue_counts() == QueueCounts({EntryState.DECIDED: 4, EntryState.JUDGED: 1, EntryState.PENDING: 3}, 3)
    assert all(check.ok for check in store.verify(KeyFile(signing_key=store.public_key())))


def test_many_take_the_statements_of_a_few(store: Store, policies: list[PolicyVersion]) -> None:
    spam, _ = policies
    more = [make_item(number) for number in range(10, 400)]
    store.add_items(more, source="test", actor="ana")
    said: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    def statements(items: Sequence[Item]) -> int:
        said.clear()
        store.add_verdicts([make_verdict(item, spam) for item in items], actor="ana")
        made = [make_decision(item, spam, agrees=True, imported=True, note="seen") for item in items]
        store.add_decisions(made, actor="ana")
        return len(said)

    event.listen(store.file.engine, "before_cursor_execute", note)
    few = statements(more[:2])
    assert statements(more[2:]) <= 2 * few


def test_nothing_of_a_batch_stays_when_somebody_else_holds_one_of_it(
    store: Store, policies: list[PolicyVersion]
) -> None:
    spam, _ = policies
    held = store.open_entry(ITEMS[3].id, "spam")
    store.claim_entry(held, holder="ben", session="s", lasts=timedelta(minutes=10))
    before = standing(store)
    with pytest.raises(UsageError, match="ben holds that item"):
        store.add_decisions([make_decision(item, spam) for item in ITEMS], actor="ana")
    assert standing(store) == before
    store.add_decisions([make_decision(item, spam, imported=True) for item in ITEMS], actor="ana")
