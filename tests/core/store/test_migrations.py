"""The steps of the database: they lead to the tables the code knows, and nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from core.store import migrations
from core.store.database import FileDatabase
from core.store.store import Store
from core.store.tables import APPEND_ONLY, METADATA
from tests.core.store.conftest import DATA_KEY, raw_connection


def test_the_newest_step_is_the_one_the_code_names() -> None:
    steps = sorted(path.stem for path in (Path(migrations.__file__).parent / "versions").glob("[0-9]*.py"))
    assert steps[-1].split("_")[0] == migrations.HEAD


def test_the_steps_lead_to_the_tables_of_the_code(store: Store) -> None:
    def known(_thing: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        # Alembic cannot read an index on an expression, and the next test compares them; it knows no virtual table.
        return kind != "index" and not (name or "").startswith("search")

    with store._db.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": known, "compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_every_index_and_its_order_is_the_one_of_the_code(store: Store, tmp_path: Path) -> None:
    engine = create_engine("sqlite://")
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    with engine.begin() as connection:
        METADATA.create_all(connection)
        wanted = connection.execute(text(query)).fetchall()
    engine.dispose()
    with raw_connection(tmp_path) as connection:
        assert connection.execute(query).fetchall() == [tuple(row) for row in wanted]


def test_every_append_only_table_has_all_its_unique_columns_guarded() -> None:
    for name, guarded in APPEND_ONLY.items():
        table = METADATA.tables[name]
        single = {column.name for column in table.columns if column.unique}
        assert single == set(guarded), name


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "workspace.db").touch()
    database = FileDatabase(tmp_path, DATA_KEY)

    def half() -> None:
        with database.write() as connection:
            migrations.upgrade(connection)
            assert migrations.current_revision(connection) == migrations.HEAD
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 0
        assert migrations.current_revision(connection) is None
    database.close()


def test_a_database_that_is_up_to_date_is_left_alone(store: Store) -> None:
    with store._db.write() as connection:
        before = connection.execute(text("PRAGMA schema_version")).scalar()
        migrations.upgrade(connection)
        assert connection.execute(text("PRAGMA schema_version")).scalar() == before
