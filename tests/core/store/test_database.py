"""The encrypted file under bad conditions: every failure a person can act on is typed, and nothing is half written."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2

from core.domain import QueueFilter
from core.errors import AppError, BusyError, InputError, LockedError, NewerError, StorageError, WorkspaceError
from core.store import database
from core.store.keys import KeyFile
from core.store.store import Store
from tests.core.store.conftest import DATA_KEY, raw_connection
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

CANARY = "canary-8f2b-content"


def test_a_wrong_key_opens_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(LockedError):
        Store.open(tmp_path, bytes(32))


def test_a_file_that_is_no_database_is_told_apart_from_a_bug(tmp_path: Path) -> None:
    (tmp_path / "workspace.db").write_bytes(os.urandom(16384))
    with pytest.raises(LockedError):
        Store.open(tmp_path, DATA_KEY)


def test_an_unencrypted_database_is_not_opened(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "workspace.db")
    plain.execute("CREATE TABLE item (id INTEGER)")
    plain.commit()
    plain.close()
    with pytest.raises(LockedError):
        Store.open(tmp_path, DATA_KEY)


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"workspace\.db"):
        Store.open(tmp_path, DATA_KEY)


def test_an_existing_database_is_never_made_anew(store: Store, tmp_path: Path) -> None:
    store.add_items([make_item()], source="test", actor="ana")
    with pytest.raises(WorkspaceError, match="already"):
        Store.create(tmp_path, DATA_KEY)
    assert store.get_item("item-1") == make_item()


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store.create(tmp_path, DATA_KEY).close()
    with raw_connection(tmp_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerError):
        Store.open(tmp_path, DATA_KEY)
    with raw_connection(tmp_path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_a_failed_creation_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "workspace.db-wal").mkdir()  # the log cannot be made, so no table can
    with pytest.raises(StorageError):
        Store.create(tmp_path, DATA_KEY)
    (tmp_path / "workspace.db-wal").rmdir()
    Store.create(tmp_path, DATA_KEY).close()


def test_a_database_that_vanishes_is_missed_not_replaced(store: Store, tmp_path: Path) -> None:
    store._db.engine.dispose()
    (tmp_path / "workspace.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(StorageError, match="cannot be opened"):
        store.queue_counts()
    assert not (tmp_path / "workspace.db").exists()
    (tmp_path / "elsewhere.db").rename(tmp_path / "workspace.db")
    assert store.queue_counts().total == 0


def test_a_closed_store_answers_nothing(store: Store) -> None:
    end = store.close()
    with pytest.raises(WorkspaceError, match="closed"):
        store.queue_counts()
    with pytest.raises(WorkspaceError, match="closed"):
        store.add_items([make_item()], source="test", actor="ana")
    assert store.close() == end


@pytest.mark.parametrize("name", ["a b", "100%", "q?a=b", "#1", "ünï", "back\\slash", "'quo\"te"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    Store.create(folder, DATA_KEY).close()
    Store.open(folder, DATA_KEY).close()
    assert [path.name for path in folder.iterdir()] == ["workspace.db"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_full_disk_is_said_and_nothing_is_half_written(store: Store, tmp_path: Path) -> None:
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    store.add_items([make_item()], source="test", actor="ana")
    before = store.queue_counts()
    large = make_item(2, content="x" * 400_000)
    with store._db.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with _every_connection(store, f"PRAGMA max_page_count = {pages + 2}"):
        with pytest.raises(StorageError, match="full"):
            store.add_items([large], source="test", actor="ana")
        with pytest.raises(StorageError, match="full"):
            store.add_verdicts([make_verdict(make_item(), policy, reasoning="y" * 400_000)], actor="ana")
    assert store.queue_counts() == before
    assert store.get_item("item-2") is None
    store.add_items([large], source="test", actor="ana")


class _every_connection:  # noqa: N801 - reads as a statement
    """Run a pragma on every connection the store takes while the block lasts."""

    def __init__(self, store: Store, pragma: str) -> None:
        from sqlalchemy import event

        self._event, self._engine, self._pragma = event, store._db.engine, pragma

    def _apply(self, connection: dbapi2.Connection, *_: object) -> None:
        connection.execute(self._pragma)

    def __enter__(self) -> None:
        self._engine.dispose()
        self._event.listen(self._engine, "connect", self._apply)

    def __exit__(self, *_: object) -> None:
        self._event.remove(self._engine, "connect", self._apply)
        self._engine.dispose()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_the_file_is_for_its_owner_only(store: Store, tmp_path: Path) -> None:
    store.add_items([make_item()], source="test", actor="ana")
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("workspace.db*")}
    assert modes
    assert set(modes.values()) == {0o600}, modes


def test_a_lone_surrogate_is_bad_input_wherever_it_stands(store: Store) -> None:
    store.add_items([make_item()], source="test", actor="ana")
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    bad = "half \ud800 pair"
    attempts: list[Callable[[], object]] = [
        lambda: store.add_items([make_item(2, content=bad)], source="test", actor="ana"),
        lambda: store.add_items([make_item(bad)], source="test", actor="ana"),
        lambda: store.add_items([make_item(2, metadata={"a": [bad]})], source="test", actor="ana"),
        lambda: store.add_items([make_item(2)], source=bad, actor="ana"),
        lambda: store.add_policy(make_policy(text="next"), author="ana", note=bad, actor="ana"),
        lambda: store.add_verdicts([make_verdict(make_item(), policy, reasoning=bad)], actor="ana"),
        lambda: store.add_decision(make_decision(make_item(), policy, note=bad), actor="ana"),
        lambda: store.queue_ids(QueueFilter(search=bad)),
        lambda: store.known_items([bad]),
        lambda: store.record("export", "ana", {"path": bad}),
    ]
    for number, attempt in enumerate(attempts):
        try:
            attempt()
        except InputError:
            continue
        pytest.fail(f"attempt {number} was stored")
    assert len(store.queue_ids(QueueFilter())) == 1


def test_texts_with_nul_and_controls_come_back_as_they_went_in(store: Store) -> None:
    item = make_item(1, content="a\x00b\x1b[31m\r\n\u202e", parent="\x00", metadata={"k\x00": "v\x00"})
    store.add_items([item], source="te\x00st", actor="ana")
    assert store.get_item("item-1") == item


def test_no_readable_content_reaches_the_disk(store: Store, tmp_path: Path) -> None:
    policy = store.add_policy(make_policy(text=CANARY), author="ana", note="", actor="ana")
    item = make_item(1, content=CANARY * 200)
    store.add_items([item], source="test", actor="ana")
    store.add_verdicts([make_verdict(item, policy, reasoning=CANARY * 200)], actor="ana")
    store.add_decision(make_decision(item, policy, note=CANARY), actor="ana")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"workspace.db", "workspace.db-wal"}
    for path in files:
        raw = path.read_bytes()
        assert CANARY.encode() not in raw, path
        assert not raw.startswith(b"SQLite format 3"), path


def test_threads_read_and_write_at_once(store: Store) -> None:
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    items = [make_item(number) for number in range(40)]
    store.add_items(items, source="test", actor="ana")
    failures: list[BaseException] = []

    def decide(part: list[int]) -> None:
        try:
            for number in part:
                store.add_verdicts([make_verdict(items[number], policy)], actor="ana")
                store.add_decision(make_decision(items[number], policy), actor="ana")
        except Exception as error:  # noqa: BLE001 - told in the main thread
            failures.append(error)

    def read(stop: threading.Event) -> None:
        try:
            while not stop.is_set():
                rows = store.queue_rows(store.queue_ids(QueueFilter()))
                assert len(rows) == 40
                assert sum(store.queue_counts().by_state.values()) == 40
        except Exception as error:  # noqa: BLE001 - told in the main thread
            failures.append(error)

    stop = threading.Event()
    readers = [threading.Thread(target=read, args=(stop,)) for _ in range(3)]
    writers = [threading.Thread(target=decide, args=(list(range(start, 40, 4)),)) for start in range(4)]
    for thread in [*readers, *writers]:
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    for thread in readers:
        thread.join(60)
    assert failures == []
    assert len(list(store.iter_decisions())) == 40


def test_a_second_writer_that_stays_too_long_makes_it_busy(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.2)
    other = Store.open(tmp_path, DATA_KEY)
    with raw_connection(tmp_path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(BusyError) as caught:
            other.add_items([make_item()], source="test", actor="ana")
        assert caught.value.hint
        assert other.get_item("item-1") is None  # reading goes on
        connection.execute("ROLLBACK")
    other.add_items([make_item()], source="test", actor="ana")
    other.close()


def _import_many(folder: str, start: int) -> None:
    store = Store.open(Path(folder), DATA_KEY)
    for number in range(start, start + 25):
        store.add_items([make_item(number)], source=f"process {start}", actor="ana")
    store.close()


def test_two_processes_share_one_chain(store: Store, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_import_many, args=(str(tmp_path), start)) for start in (1000, 2000)]
    for process in processes:
        process.start()
    for number in range(25):
        store.add_items([make_item(number)], source="here", actor="ana")
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert len(store.queue_ids(QueueFilter())) == 75
    checks = store.verify(KeyFile(signing_key=store.public_key()))
    assert [check for check in checks if not check.ok] == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (5, BusyError),
        (6, BusyError),
        (8, StorageError),
        (10, StorageError),
        (11, StorageError),
        (13, StorageError),
        (14, StorageError),
        (26, LockedError),
    ],
)
def test_what_the_driver_says_becomes_something_to_act_on(code: int, kind: type[AppError]) -> None:
    error = dbapi2.OperationalError("in the driver's words")
    error.sqlite_errorcode = code
    known = database.translate(error)
    assert type(known) is kind
    assert known.hint


def test_what_is_not_known_stays_a_bug() -> None:
    assert database.translate(dbapi2.OperationalError("no such column: locked_by")) is None
    assert database.translate(dbapi2.IntegrityError("UNIQUE constraint failed: item.item_id")) is None
