"""Many rows at once: in order, in few statements, and as one piece of the search index."""

from __future__ import annotations

from sqlalchemy import Connection, event, func, select

from core.store import bulk
from core.store.bulk import insert_rows
from core.store.store import Store
from core.store.tables import COLUMN_MAP, ITEM
from tests.fixtures.values import make_item

BOTH = True


def test_rows_beyond_one_statement_all_come_in(store: Store) -> None:
    rows = [{"columns_hash": f"{n:06}", "fields": f"text {n}"} for n in range(bulk.MAX_VARIABLES // 2 + 3)]
    with store.file.write() as connection:
        insert_rows(connection, COLUMN_MAP, [])
        insert_rows(connection, COLUMN_MAP, rows)
        stored = connection.execute(select(COLUMN_MAP).order_by(COLUMN_MAP.c.columns_hash)).all()
    assert [dict(row._mapping) for row in stored] == rows


def test_a_batch_of_items_takes_the_statements_of_one(store: Store) -> None:
    said: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(store.file.engine, "before_cursor_execute", note)
    store.add_items([make_item(1, parent="asked")], source="f", actor="kim")
    alone = len(said)
    store.add_items([make_item(n, parent="asked") for n in range(2, 400)], source="f", actor="kim")
    assert len(said) == 2 * alone
    with store.file.read() as connection:
        assert connection.execute(select(func.count()).select_from(ITEM)).scalar() == 399
        if not store.file.shared:
            segments = connection.exec_driver_sql("SELECT count(DISTINCT segid) FROM search_idx").scalar_one()
            assert segments == 2, "a segment of the search index for each batch, not for each item"
