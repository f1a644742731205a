"""Many new rows of one table at once. It owns how they reach the database, and nothing of what stands in them.

A file takes them in few statements of many rows. Each statement that fires a trigger is a savepoint of its own, and at
a savepoint FTS5 writes what it has gathered as a segment: a statement for each row would make a segment of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

MAX_VARIABLES = 32_766
"""Values in one statement at most: SQLite's default (https://www.sqlite.org/limits.html)."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns in the same order; values are those the driver takes."""
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), list(rows))
        return
    columns = list(rows[0])
    into = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own names
    one = f"({', '.join('?' * len(columns))})"
    most = MAX_VARIABLES // len(columns)
    for start in range(0, len(rows), most):
        part = rows[start : start + most]
        values = tuple(chain.from_iterable(row.values() for row in part))
        connection.exec_driver_sql(into + ", ".join([one] * len(part)), values)


def new_keys(connection: Connection, table: Table, count: int) -> list[int]:
    """Return the keys that `count` new rows of a table are to have, ascending; the caller's transaction writes it."""
    if not count:
        return []
    if connection.dialect.name == "sqlite":
        last = int(connection.execute(select(func.max(table.c.id))).scalar() or 0)
        return list(range(last + 1, last + 1 + count))
    # On a server rows of another release of Docket take theirs from the sequence, so all must.
    sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    rows = connection.execute(select(sequence).select_from(func.generate_series(1, count)))
    return sorted(int(row[0]) for row in rows)
