"""Many new rows of one table at once. It owns how they reach the database, and nothing of what stands in them.

A file takes them in few statements of many rows. Each statement that fires a trigger is a savepoint of its own, and at
a savepoint FTS5 writes what it has gathered as a segment: a statement for each row would make a segment of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table, insert

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
