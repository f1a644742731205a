"""The steps from an empty file to the tables of today, run by alembic inside one write transaction: all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from core.errors import NewerError

HEAD = "0002"
"""The newest step. A test holds it against the files in `versions/`."""


def triggers(table: str, unique: Sequence[str]) -> dict[str, str]:
    """Return the statements, by name, of the triggers that make a table append-only.

    `unique` are its unique columns besides the key: INSERT OR REPLACE deletes what has the same value in one of them
    without asking the trigger on DELETE.
    """
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    same = " OR ".join(f"{column} = NEW.{column}" for column in ("id", *unique))
    there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
    return {
        f"{table}_no_update": f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"{table}_no_delete": f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"{table}_no_replace": f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} {refuse}",
    }


def current_revision(connection: Connection) -> str | None:
    """Return the step the database stands at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection) -> None:
    """Bring the database to `HEAD`, in the caller's write transaction.

    Raises:
        NewerError: it stands at a step this Docket does not know.
    """
    revision = current_revision(connection)
    if revision == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise NewerError(f"The database stands at step {revision}.", "Open it with the newer Docket that wrote it.")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
