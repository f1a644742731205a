"""The steps from an empty file to the tables of today, run by alembic inside one write transaction: all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from core.errors import NewerError
from core.store.migrations import kept, server
from core.store.tables import APPEND_ONLY, METADATA, REMOVABLE

HEAD = "0016"
"""The newest step. A test holds it against the files in `versions/`."""


def triggers(table: str, unique: Sequence[str]) -> dict[str, str]:
    """Return the statements, by name, of the triggers that make a table append-only.

    `unique` are its unique columns besides the key: INSERT OR REPLACE deletes what has the same value in one of them
    without asking the trigger on DELETE. Where `REMOVABLE` names columns, one change passes: emptying exactly those
    of an item that stands in `purging`.
    """
    unless = f"WHEN NOT ({_emptied(table)}) " if table in REMOVABLE else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    same = " OR ".join(f"{column} = NEW.{column}" for column in ("id", *unique))
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
    return {
        f"{table}_no_update": f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {unless}{refuse}",
        f"{table}_no_delete": f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"{table}_no_replace": f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} {refuse}",
    }


def all_triggers() -> dict[str, str]:
    """Return the statement of every trigger a workspace has, by name."""
    wanted = {**kept.search_triggers(), **kept.count_triggers()}
    for table, unique in APPEND_ONLY.items():
        wanted |= triggers(table, unique)
    return wanted


def _emptied(table: str) -> str:
    """Return the condition that an update is what a purge does, and nothing else."""
    owner = "id" if table == "item" else "item_key"
    emptied = {name: f"'{value}'" if value is not None else "NULL" for name, value in REMOVABLE[table].items()}
    marked = ["removed_at"] if table == "item" else []
    kept = [column.name for column in METADATA.tables[table].columns if column.name not in (*emptied, *marked)]
    return " AND ".join(
        [
            f"EXISTS (SELECT 1 FROM purging WHERE item_key = OLD.{owner})",  # noqa: S608 - our own names
            *(f"NEW.{name} IS OLD.{name}" for name in sorted(kept)),
            *(f"NEW.{name} IS {value}" for name, value in emptied.items()),
            *(f"NEW.{name} IS NOT NULL" for name in marked),
        ]
    )


def current_revision(connection: Connection) -> str | None:
    """Return the step the database stands at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_known(revision: str | None) -> None:
    """Refuse a database that stands at a step this Docket does not know.

    Raises:
        NewerError: it does.
    """
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise NewerError(f"The database stands at step {revision}.", "Open it with the newer Docket that wrote it.")


def upgrade(connection: Connection) -> None:
    """Bring the database to `HEAD`, in the caller's write transaction.

    Raises:
        NewerError: it stands at a step this Docket does not know.
    """
    revision = current_revision(connection)
    if revision == HEAD:
        return
    from alembic import command

    require_known(revision)
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name != "postgresql":
        command.upgrade(config, "head")
        return
    with server.without_file_triggers(connection):
        command.upgrade(config, "head")
    server.install(connection)


def _config() -> Any:  # noqa: ANN401 - alembic is loaded only where it is needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
