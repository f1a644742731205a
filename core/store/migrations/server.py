"""What a PostgreSQL workspace has in the place of SQLite's triggers and its search index.

It owns those statements, as `install` runs them after the last step and `verify` wants to find them. Each trigger has a
function of its own, whose body says everything: what may pass and what is kept in step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from core.store.tables import APPEND_ONLY, METADATA, REMOVABLE

SEARCHED = {
    "item": ("item_id", "content", "parent", "messages"),
    "verdict": ("reasoning", "rationale"),
    "decision": ("note",),
    "remark": ("reason",),
}
"""What a search looks through: the columns of each record that have an index of trigrams."""

_FILE_TRIGGER = re.compile(r"\s*(?:CREATE|DROP) TRIGGER ", re.IGNORECASE)
_COUNT = (
    "BEGIN INSERT INTO queue_count (policy_id, state, apart, entries)"
    " SELECT coalesce(policy_id, ''), state, disagrees = 1, sum(n)"
    " FROM ({0}) changed GROUP BY 1, 2, 3 HAVING sum(n) <> 0"
    " ON CONFLICT (policy_id, state, apart)"
    " DO UPDATE SET entries = queue_count.entries + excluded.entries; RETURN NULL; END"
)

# The bits of pg_trigger.tgtype: https://www.postgresql.org/docs/15/catalog-pg-trigger.html and catalog/pg_trigger.h
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32


@dataclass(frozen=True, slots=True)
class ServerTrigger:
    """One trigger: its table, when it fires, what its function does, and its type as the catalogue codes it."""

    table: str
    fires: str
    body: str
    code: int

    def statements(self, name: str) -> tuple[str, str]:
        """Return the statements that make the function and the trigger, or put them right."""
        function = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        trigger = f"CREATE OR REPLACE TRIGGER {name} {self.fires} EXECUTE FUNCTION {name}()"
        return f"{function} AS $docket${self.body}$docket$", trigger


def all_triggers() -> dict[str, ServerTrigger]:
    """Return every trigger of a workspace on a server, by name."""
    wanted = _count_triggers()
    for table in APPEND_ONLY:
        refuse = f"RAISE EXCEPTION '{table} is append-only';"
        unless = f" IF NOT ({_emptied(table)}) THEN {refuse} END IF; RETURN NEW;" if table in REMOVABLE else refuse
        for name, when, row, code, body in (
            ("update", "UPDATE", True, _ROW | _BEFORE | _UPDATE, unless),
            ("delete", "DELETE", True, _ROW | _BEFORE | _DELETE, refuse),
            ("truncate", "TRUNCATE", False, _BEFORE | _TRUNCATE, refuse),
        ):
            fires = f"BEFORE {when} ON {table} FOR EACH {'ROW' if row else 'STATEMENT'}"
            wanted[f"{table}_no_{name}"] = ServerTrigger(table, fires, f"BEGIN {body} END", code)
    return wanted


def wanted_triggers() -> dict[str, tuple[str, str, int, str]]:
    """Return what `present_triggers` must find."""
    return {name: (made.table, made.body, made.code, "O") for name, made in all_triggers().items()}


def present_triggers(connection: Connection) -> dict[str, tuple[str, str, int, str]]:
    """Return the triggers of the workspace's tables by name: table, body of the function, type and whether it fires."""
    rows = connection.exec_driver_sql(
        "SELECT t.tgname, c.relname, p.prosrc, t.tgtype, t.tgenabled::text FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    )
    return {str(name): (str(table), str(body), int(code), str(fires)) for name, table, body, code, fires in rows}


def _emptied(table: str) -> str:
    """Return the condition that an update is what a purge does, and nothing else."""
    owner = "id" if table == "item" else "item_key"
    emptied = {name: f"'{value}'" if value is not None else "NULL" for name, value in REMOVABLE[table].items()}
    marked = ["removed_at"] if table == "item" else []
    kept = [column.name for column in METADATA.tables[table].columns if column.name not in (*emptied, *marked)]
    return " AND ".join(
        [
            f"EXISTS (SELECT 1 FROM purging WHERE item_key = OLD.{owner})",  # noqa: S608 - our own names
            *(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in sorted(kept)),
            *(f"NEW.{name} IS NOT DISTINCT FROM {value}" for name, value in emptied.items()),
            *(f"NEW.{name} IS NOT NULL" for name in marked),
        ]
    )


def _count_triggers() -> dict[str, ServerTrigger]:
    """Keep `queue_count`, once for each statement and not for each row."""
    now = "SELECT policy_id, state, disagrees, 1 AS n FROM added"
    before = "SELECT policy_id, state, disagrees, -1 AS n FROM gone"
    made: dict[str, ServerTrigger] = {}
    for name, when, tables, rows, code in (
        ("added", "INSERT", "NEW TABLE AS added", now, _INSERT),
        ("moved", "UPDATE", "NEW TABLE AS added OLD TABLE AS gone", f"{now} UNION ALL {before}", _UPDATE),
        ("removed", "DELETE", "OLD TABLE AS gone", before, _DELETE),
    ):
        fires = f"AFTER {when} ON queue_entry REFERENCING {tables} FOR EACH STATEMENT"
        made[f"count_{name}"] = ServerTrigger("queue_entry", fires, _COUNT.format(rows), code)
    return made


@contextmanager
def without_file_triggers(connection: Connection) -> Iterator[None]:
    """Leave out the triggers of the steps, which are written for SQLite; `install` follows with those of a server."""

    def leave_out(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:  # noqa: ANN401
        return ("SELECT 1", ()) if _FILE_TRIGGER.match(statement) else (statement, parameters)

    event.listen(connection, "before_cursor_execute", leave_out, retval=True)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", leave_out)


def install(connection: Connection) -> None:
    """Put every trigger and every index of the search in place, in the caller's write transaction. May be run again."""
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table, columns in SEARCHED.items():
        for column in columns:
            index = f"ix_search_{table}_{column} ON {table} USING gin ({column} gin_trgm_ops)"
            connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {index}")
    for name, trigger in all_triggers().items():
        for statement in trigger.statements(name):
            connection.exec_driver_sql(statement)
