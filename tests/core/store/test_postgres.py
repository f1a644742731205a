"""The workspace on a real server: what differs from a file, and that tampering there is found as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.dialects import postgresql

from core.domain import EntryState, QueueFilter
from core.errors import AppError, BusyError, LockedError, StorageError, WorkspaceError
from core.store import migrations, postgres
from core.store.keys import KeyFile
from core.store.postgres import ServerDatabase
from core.store.queue_ids import ids_query
from core.store.store import Store
from core.store.team import TeamStore
from tests.core.store.conftest import DATA_KEY
from tests.core.store.test_queue_ids import NARROWING, ORDERED
from tests.fixtures.server import LOGINS, TeamServer
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict


@pytest.fixture
def desk(team_server: TeamServer, tmp_path: Path) -> Iterator[TeamStore]:
    """A workspace on the server with an item, a verdict, a decision and a remark."""
    url = make_url(team_server.url(team_server.database(empty=False)))
    store = TeamStore.connect(tmp_path, url, DATA_KEY)
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    items = [make_item(number) for number in range(3)]
    store.add_items(items, source="test", actor="ana")
    store.add_verdicts([make_verdict(item, policy) for item in items], actor="ana")
    store.add_decision(make_decision(items[0], policy, note="a note"), actor="ana")
    store.mark(store.find_entry("item-1", "spam") or 0, EntryState.SKIPPED, reviewer="ana", reason="why")
    yield store
    store.close()


def failed(store: Store) -> dict[str, str]:
    """What the failed checks say."""
    checks = store.verify(KeyFile(signing_key=store.public_key()))
    return {check.name: check.detail for check in checks if not check.ok}


def run(store: TeamStore, *statements: str) -> None:
    """Run statements as the owner of the tables."""
    with store._db.share() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("table", ["item", "policy_version", "verdict", "decision", "remark", "audit_event"])
def test_the_append_only_tables_refuse_every_change(desk: TeamStore, table: str) -> None:
    for statement in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
        with pytest.raises(WorkspaceError, match="append-only"):
            run(desk, statement)
    assert failed(desk) == {}


def test_only_a_purge_empties_texts(desk: TeamStore) -> None:
    with pytest.raises(WorkspaceError, match="append-only"):
        run(desk, "UPDATE item SET content = '', removed_at = 'now'")
    with pytest.raises(WorkspaceError, match="append-only"):
        run(desk, "INSERT INTO purging VALUES (1)", "UPDATE item SET content = 'other', removed_at = 'now'")


TAMPERED = {
    "UPDATE item SET content = 'other' WHERE id = 2": ("records", "item 2 differs from what event "),
    "DELETE FROM remark": ("records", "remark 1 is missing"),
    "UPDATE decision SET label = 'X0'": ("records", "decision 1 differs from what event "),
    "UPDATE audit_event SET payload = '{}' WHERE id = 3": ("audit_chain", "event 3 was changed"),
    "UPDATE queue_entry SET state = 'judged' WHERE id = 1": ("queue", "entry 1 does not show the latest"),
    "UPDATE queue_count SET entries = 9": ("queue", "the count of"),
}


@pytest.mark.parametrize("statement", TAMPERED)
def test_who_owns_the_tables_can_change_them_and_is_found_out(
    desk: TeamStore, team_server: TeamServer, statement: str
) -> None:
    check, words = TAMPERED[statement]
    with team_server.admin(str(desk._db.engine.url.database)) as connection:
        connection.execute("SET session_replication_role = replica")  # no trigger fires
        connection.execute(statement)
    assert failed(desk)[check].startswith(words)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE item DISABLE TRIGGER item_no_update",
        "DROP TRIGGER verdict_no_delete ON verdict",
        "CREATE OR REPLACE FUNCTION decision_no_delete() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    ],
)
def test_a_trigger_that_was_weakened_is_named(desk: TeamStore, statement: str) -> None:
    run(desk, statement)
    assert failed(desk)["triggers"].startswith("missing or changed: ")


def test_a_trigger_of_somebody_elses_is_named(desk: TeamStore) -> None:
    run(desk, "CREATE TRIGGER spy AFTER INSERT ON decision FOR EACH ROW EXECUTE FUNCTION decision_no_delete()")
    assert failed(desk)["triggers"] == "unknown: spy"


def test_a_row_that_points_to_nothing_is_named(desk: TeamStore, team_server: TeamServer) -> None:
    with team_server.admin(str(desk._db.engine.url.database)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM verdict WHERE id = 3")
    assert failed(desk)["foreign_keys"] == "a queue_entry points to verdict 3, which is not there"


def test_a_purge_is_proved_as_in_a_file(desk: TeamStore) -> None:
    from tests.core.store.test_purging import soon

    assert desk.purge_plan(soon()).items == 3
    assert desk.purge_batch(soon(), actor="lea") == (3, 3, 2)
    assert desk.compact()
    assert failed(desk) == {}
    with desk._db.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM item WHERE content <> ''")).scalar() == 0
    assert list(desk.queue_ids(QueueFilter(search="content"))) == []


def test_a_step_that_fails_leaves_no_table(team_server: TeamServer, tmp_path: Path) -> None:
    database = ServerDatabase(tmp_path, make_url(team_server.url(team_server.database())), DATA_KEY)

    def half() -> None:
        with database.write() as connection:
            migrations.upgrade(connection)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        half()
    with database.read() as connection:
        assert migrations.current_revision(connection) is None
    database.close()


def test_the_tables_on_a_server_are_those_of_the_code(desk: TeamStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from core.store.tables import METADATA

    def no_index(_thing: object, _name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
        return kind != "index"

    with desk._db.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": no_index, "compare_type": True})
        assert compare_metadata(context, METADATA) == []
        names = connection.exec_driver_sql("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'").scalars()
        there = set(names)
    assert {index.name for table in METADATA.tables.values() for index in table.indexes} <= there


def test_every_filter_and_order_is_answered_by_an_index(desk: TeamStore) -> None:
    wrong = []
    with desk._db.read() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # few rows: a scan would be cheaper
        for states, policy_id, apart in product(*ORDERED.values()):
            wanted = QueueFilter(states=states, policy_id=policy_id, disagreements_only=apart)
            examples = [(name, value) for name, values in NARROWING.items() for value in values]
            for narrowed in (wanted, *(replace(wanted, **{name: value}) for name, value in examples)):
                compiled = ids_query(narrowed, "postgresql").compile(
                    dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
                )
                query = str(compiled).replace("%%", "%")
                steps = [str(row[0]) for row in connection.execute(text("EXPLAIN " + query.replace(":", "\\:")))]
                if any("Seq Scan" in step for step in steps):
                    wrong.append((narrowed, steps))
    assert wrong == []


def test_reading_sees_one_moment(desk: TeamStore) -> None:
    with desk._db.read() as connection:
        before = connection.execute(text("SELECT count(*) FROM item")).scalar()
        desk.add_items([make_item(99)], source="test", actor="ana")
        assert connection.execute(text("SELECT count(*) FROM item")).scalar() == before


def test_reading_cannot_write(desk: TeamStore) -> None:
    with pytest.raises(StorageError, match="read-only"), desk._db.read() as connection:
        connection.exec_driver_sql("INSERT INTO purging VALUES (1)")


def test_who_appends_waits_for_the_other_and_not_for_ever(
    desk: TeamStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "LOCK_TIMEOUT_S", 1)
    other = TeamStore.connect(tmp_path, desk._db.engine.url, DATA_KEY)
    with desk._db.write():
        with pytest.raises(BusyError):
            other.record("more", "ana", {})
        assert other.queue_counts().total == 3  # reading goes on
    other.record("more", "ana", {})
    other.close()


def test_threads_of_two_workstations_make_one_chain(desk: TeamStore, tmp_path: Path) -> None:
    other = TeamStore.connect(tmp_path, desk._db.engine.url, DATA_KEY)
    faults: list[BaseException] = []

    def append(store: TeamStore) -> None:
        try:
            for _ in range(25):
                store.record("more", "ana", {})
        except Exception as error:  # noqa: BLE001 - told in the main thread
            faults.append(error)

    threads = [threading.Thread(target=append, args=(store,)) for store in (desk, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert len(desk.audit_events(limit=1000, kind="more")) == 100
    assert failed(other) == {}
    other.close()


def test_texts_that_the_server_cannot_hold_come_back_as_they_were(desk: TeamStore) -> None:
    hostile = ["a\x00b", "\x1a", "\x1a0", "\x00\x1a1\x00", "\x1a\x00", "'; DROP TABLE item", "%s %(x)s", "\\", "🙂"]
    items = [make_item(f"hostile-{n}", content=words, parent=words) for n, words in enumerate(hostile)]
    desk.add_items(items, source="te\x00st", actor="ana")
    assert [desk.get_item(item.id) for item in items] == items
    assert failed(desk) == {}


def test_a_long_text_is_stored_and_found(desk: TeamStore) -> None:
    item = make_item(50, content="x" * 1_500_000 + " needle")
    desk.add_items([item], source="test", actor="ana")
    [row] = desk.queue_rows(desk.queue_ids(QueueFilter(search="needle")))
    assert row.item_id == "item-50"


# Errors


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    url = make_url(f"postgresql+psycopg://ana:s3cret@/desk?host={tmp_path}")
    with pytest.raises(StorageError, match="cannot be reached") as caught:
        TeamStore.connect(tmp_path, url, DATA_KEY)
    assert "s3cret" not in str(caught.value)


def test_a_database_or_a_login_that_is_not_there_is_said(team_server: TeamServer, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no database of that name"):
        TeamStore.connect(tmp_path, make_url(team_server.url("nowhere")), DATA_KEY)
    with pytest.raises(LockedError, match="refuses this login"):
        TeamStore.connect(tmp_path, make_url(team_server.url("postgres", "nobody")), DATA_KEY)


def test_a_connection_that_was_cut_is_said_and_made_again(desk: TeamStore, team_server: TeamServer) -> None:
    def cut() -> None:
        with desk._db.read() as connection:
            with team_server.admin() as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [str(desk._db.engine.url.database)],
                )
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(StorageError, match="connection to the server was lost"):
        cut()
    assert desk.queue_counts().total == 3


def test_a_login_without_rights_is_told_whom_to_ask(team_server: TeamServer, desk: TeamStore, tmp_path: Path) -> None:
    with team_server.admin() as admin:
        admin.execute("CREATE ROLE stranger LOGIN")
    name = str(desk._db.engine.url.database)
    url = make_url(f"postgresql+psycopg://stranger@/{name}?host={team_server.socket}")
    with pytest.raises(StorageError, match="does not let this login"):
        TeamStore.connect(tmp_path, url, DATA_KEY).queue_counts()


class _Said(psycopg.Error):
    def __init__(self, state: str) -> None:
        self._state = state
        super().__init__("in the driver's words, with content")

    @property
    def sqlstate(self) -> str:  # type: ignore[override]
        return self._state


@pytest.mark.parametrize("state", [*postgres._KNOWN, "57P01", "08006", "28P01", "53400", "58030"])
def test_what_the_driver_says_becomes_something_to_act_on(state: str) -> None:
    known = postgres.translate(_Said(state))
    assert isinstance(known, AppError)
    assert known.hint
    assert "content" not in str(known)


def test_what_is_not_known_stays_a_bug() -> None:
    assert postgres.translate(_Said("42703")) is None
    assert postgres.translate(ValueError()) is None


def test_the_reviewer_is_who_logged_in(desk: TeamStore) -> None:
    assert desk.login == LOGINS[0]
