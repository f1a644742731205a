"""Removing content in the store: what the triggers let pass, what verify says of it, and that no byte is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy import insert
from sqlcipher3 import dbapi2

from core.domain import EntryState, Turn, utc_now
from core.store import audit
from core.store.keys import KeyFile
from core.store.rows import decision_record, decision_values
from core.store.store import Store
from core.store.tables import DECISION
from tests.core.store.conftest import DATA_KEY, raw_connection
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

Tamper = Callable[..., None]
CANARY = "canary-in-the-mine"
PAGE, RESERVE, SALT = 4096, 80, 16  # SQLCipher 4: the end of each page is its IV and its HMAC


def soon() -> datetime:
    """A moment after everything so far."""
    return utc_now() + timedelta(seconds=1)


@pytest.fixture
def filled(store: Store) -> Store:
    """Three items full of canaries: verdicts 1-3, decisions 1-2, item 3 escalated with a reason."""
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    items = [
        make_item(1, content=CANARY * 400, parent=CANARY, metadata={CANARY: CANARY}),
        make_item(2, messages=(Turn("user", CANARY), Turn("user", "b")), target=1, content="b"),
        make_item(3, content=CANARY),
    ]
    store.add_items(items, source="test", actor="ana")
    verdict = {"reasoning": CANARY, "rationale": CANARY, "quotes": (CANARY,), "raw_output": CANARY, "detail": CANARY}
    store.add_verdicts(
        [make_verdict(item, policy, invented=(CANARY,), rule_ids=(CANARY,), **verdict) for item in items], actor="ana"
    )
    store.add_decisions([make_decision(item, policy, note=CANARY) for item in items[:2]], actor="ana")
    store.mark(store.find_entry("item-3", "spam") or 0, EntryState.ESCALATED, reviewer="ana", reason=CANARY)
    return store


def failed(store: Store) -> dict[str, str]:
    """What the failed checks say."""
    checks = store.verify(KeyFile(signing_key=store.public_key()))
    return {check.name: check.detail for check in checks if not check.ok}


def dump(folder: Path) -> str:
    """Every value of every table, read with the key."""
    with raw_connection(folder) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return repr([connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names])  # noqa: S608


def plain_pages(path: Path) -> Iterator[bytes]:
    """Every page of the database, free ones too, decrypted with the key as SQLCipher does (AES-256-CBC)."""
    raw = path.read_bytes()
    assert len(raw) % PAGE == 0
    for start in range(0, len(raw), PAGE):
        page = raw[start : start + PAGE]
        body = page[SALT if start == 0 else 0 : PAGE - RESERVE]
        iv = page[PAGE - RESERVE : PAGE - RESERVE + 16]
        decryptor = Cipher(algorithms.AES(DATA_KEY), modes.CBC(iv)).decryptor()
        yield decryptor.update(body) + decryptor.finalize()


def test_texts_go_and_everything_else_stays(filled: Store, tmp_path: Path) -> None:
    before = [filled.get_review(key) for key in (1, 2, 3)]
    plan = filled.purge_plan(soon())
    assert (plan.items, plan.undecided) == (3, 1)
    assert filled.purge_batch(soon(), actor="lea") == (3, 3, 3)
    assert filled.purge_batch(soon(), actor="lea") == (0, 0, 0)
    assert failed(filled) == {}
    for old in before:
        assert old is not None
        new = filled.get_review(old.key)
        assert new is not None
        assert new.item.removed_at is not None
        assert new.item.content_hash == old.item.content_hash
        assert (new.item.content, new.item.parent, new.item.messages, dict(new.item.metadata)) == ("", None, (), {})
        assert new.verdict is not None
        assert old.verdict is not None
        assert (new.verdict.label, new.verdict.score, new.verdict.model_sha256) == (
            old.verdict.label, old.verdict.score, old.verdict.model_sha256,
        )  # fmt: skip
        assert [(d.label, d.reviewer, d.decided_at, d.note) for d in new.history] == [
            (d.label, d.reviewer, d.decided_at, "") for d in old.history
        ]
    [row] = [row for row in filled.queue_rows([3]) if row.removed_at is not None]
    assert row.state is EntryState.SKIPPED  # there is nothing left to decide
    assert filled.known_items(["item-1"]) == {"item-1": before[0].item.content_hash if before[0] else ""}
    assert CANARY not in dump(tmp_path)


def test_no_byte_is_left_even_for_who_has_the_key(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    with filled._db.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(FULL)")
    assert any(CANARY.encode() in page for page in plain_pages(path))  # the search can find it
    filled.purge_batch(soon(), actor="lea")
    assert filled.compact()
    assert not any(CANARY.encode()[:8] in page for page in plain_pages(path))
    assert (tmp_path / "workspace.db-wal").stat().st_size == 0
    filled.close()
    assert not any(CANARY.encode()[:8] in page for page in plain_pages(path))


def test_another_reader_is_told_of(filled: Store) -> None:
    with filled._db.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM item").fetchall()
        filled.purge_batch(soon(), actor="lea")
        assert not filled.compact()
    assert filled.compact()


def test_what_is_judged_no_more_is_not_offered(filled: Store) -> None:
    policy = filled.add_policy(make_policy("late"), author="ana", note="", actor="ana")
    assert list(filled.to_judge(policy)) == [1, 2, 3]
    filled.purge_batch(soon(), actor="lea", limit=2)
    assert list(filled.to_judge(policy)) == [3]
    assert filled.item_to_judge(1, policy) is None


def test_a_text_that_comes_later_goes_with_the_next_purge(filled: Store, tmp_path: Path) -> None:
    filled.purge_batch(soon(), actor="lea")
    policy = filled.get_policy("spam")
    assert policy is not None
    filled.add_verdicts([make_verdict(make_item(1), policy, reasoning=CANARY)], actor="ana")
    assert filled.purge_plan(soon()).items == 1
    assert filled.purge_batch(soon(), actor="lea") == (1, 1, 0)
    assert failed(filled) == {}
    assert CANARY not in dump(tmp_path)


def test_only_what_is_old_enough_goes(filled: Store) -> None:
    assert filled.purge_plan(datetime(2026, 1, 1, tzinfo=UTC)).items == 0
    policy = filled.get_policy("spam")
    assert policy is not None
    moment = soon()
    late = make_decision(make_item(1), policy, decided_at=moment + timedelta(seconds=5))
    filled.add_decision(late, actor="ana")
    assert filled.purge_plan(moment).items == 2  # item 1 was decided after it
    assert filled.purge_plan(moment, "other").items == 0
    filled.open_entry("item-2", "other")
    assert filled.purge_plan(moment, "spam").items == 1  # item 2 is another policy's, too
    assert filled.purge_plan(moment).items == 2


def test_a_decision_of_an_older_docket_is_purged_and_its_note_in_the_chain_told(filled: Store) -> None:
    policy = filled.get_policy("spam")
    assert policy is not None
    columns = decision_values(make_decision(make_item(3), policy, note=CANARY), 3, None)
    with filled._db.write() as connection:
        connection.execute(insert(DECISION).values(id=9, **columns))
        told = decision_record({"id": 9, **columns}, with_note=True)
        audit.append(connection, "decision.recorded", "ana", told)
        connection.exec_driver_sql("UPDATE queue_entry SET state = 'decided', decision_key = 9 WHERE item_key = 3")
    assert failed(filled) == {}
    filled.purge_batch(soon(), actor="lea")
    assert failed(filled) == {}
    assert filled.notes_in_chain() == 1


EMPTY = {
    "verdict": "rationale = '', reasoning = '', rule_ids = '[]', quotes = '[]', invented = '[]', raw_output = '', "
    "detail = ''",
    "item": "content = '', parent = NULL, messages = '[]', meta = '{}'",
    "removed": "removed_at = '2026-01-02T03:04:05.000000Z'",
}
PASSES = {
    "item": "UPDATE item SET {item}, {removed} WHERE id = 1",
    "verdict": "UPDATE verdict SET {verdict} WHERE item_key = 1",
    "decision": "UPDATE decision SET note = '' WHERE item_key = 1",
    "remark": "UPDATE remark SET reason = '' WHERE item_key = 3",
}
REFUSED = [
    "UPDATE item SET content = '' WHERE id = 1",
    "UPDATE item SET {item} WHERE id = 1",
    "UPDATE item SET {item}, {removed}, content_hash = 'x' WHERE id = 1",
    "UPDATE item SET {item}, {removed}, id = 9 WHERE id = 1",
    "UPDATE item SET {item}, {removed} WHERE id = 2",
    "UPDATE verdict SET {verdict}, label = 'X0' WHERE item_key = 1",
    "UPDATE verdict SET {verdict}, score = 0.5 WHERE item_key = 1",
    "UPDATE verdict SET {verdict} WHERE item_key = 2",
    "UPDATE verdict SET reasoning = '' WHERE item_key = 1",
    "UPDATE decision SET note = 'other' WHERE item_key = 1",
    "UPDATE decision SET note = '', label = 'X0' WHERE item_key = 1",
    "UPDATE decision SET note = '', reviewer = 'eve' WHERE item_key = 1",
    "UPDATE remark SET reason = 'other' WHERE item_key = 3",
    "DELETE FROM item WHERE id = 1",
    "DELETE FROM verdict WHERE item_key = 1",
    "DELETE FROM decision WHERE item_key = 1",
    "DELETE FROM remark WHERE item_key = 3",
    "UPDATE audit_event SET payload = '' WHERE id = 1",
    "UPDATE policy_version SET body = '' WHERE id = 1",
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("statement", [*PASSES.values(), *REFUSED])
def test_the_triggers_let_exactly_a_purge_pass(tmp_path: Path, statement: str) -> None:
    refused = statement in REFUSED
    statement = statement.format(**EMPTY)
    with raw_connection(tmp_path) as connection:
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            connection.execute(statement)
        connection.execute("INSERT INTO purging VALUES (1), (3)")
        if refused:
            with pytest.raises(dbapi2.IntegrityError, match="append-only"):
                connection.execute(statement)
        else:
            assert connection.execute(statement).rowcount >= 1


@pytest.mark.parametrize("table", PASSES)
def test_texts_that_went_without_a_purge_are_named(filled: Store, tmp_path: Path, table: str) -> None:
    with raw_connection(tmp_path) as connection:
        connection.execute("INSERT INTO purging VALUES (1), (3)")
        connection.execute(PASSES[table].format(**EMPTY))
        connection.execute("DELETE FROM purging")
    assert failed(filled)["records"].startswith(f"{table} 1 differs from what event")


def test_a_removal_that_was_left_open_is_named(filled: Store, tmp_path: Path) -> None:
    with raw_connection(tmp_path) as connection:
        connection.execute("INSERT INTO purging VALUES (2)")
    assert failed(filled) == {"records": "item 2 is open to a removal that never ended"}


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("UPDATE item SET content = 'other' WHERE id = 2", "item 2 differs"),
        ("UPDATE item SET removed_at = NULL WHERE id = 2", "item 2 differs"),
        ("UPDATE item SET removed_at = '2026-01-01T00:00:00.000000Z' WHERE id = 2", "item 2 differs"),
        ("UPDATE item SET source = 'other' WHERE id = 2", "item 2 differs"),
        ("UPDATE verdict SET label = 'X0' WHERE id = 2", "verdict 2 differs"),
        ("UPDATE verdict SET reasoning = 'other' WHERE id = 3", "verdict 3 differs"),
        ("UPDATE decision SET label = 'X0' WHERE id = 1", "decision 1 differs"),
        ("UPDATE decision SET note = 'other' WHERE id = 1", "decision 1 differs"),
        ("UPDATE remark SET reason = 'other' WHERE id = 1", "remark 1 differs"),
        ("DELETE FROM remark", "remark 1 is missing"),
        ("DELETE FROM decision WHERE id = 1", "decision 1 is missing"),
    ],
)
def test_what_a_purge_left_cannot_change_either(filled: Store, tamper: Tamper, statement: str, detail: str) -> None:
    filled.purge_batch(soon(), actor="lea")
    tamper(statement)
    assert failed(filled)["records"].startswith(detail)


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("UPDATE item SET content = 'other' WHERE id = 2", "item 2 differs"),
        ("UPDATE item SET meta = '{}' WHERE id = 1", "one of the items 1 to 3 differs"),
        ("UPDATE verdict SET label = 'X0' WHERE id = 2", "verdict 2 differs"),
        ("UPDATE decision SET note = 'other' WHERE id = 1", "decision 1 differs"),
        ("UPDATE decision SET label = 'X0' WHERE id = 1", "decision 1 differs"),
        ("UPDATE remark SET reason = 'other' WHERE id = 1", "remark 1 differs"),
    ],
)
def test_a_purge_hides_no_earlier_change(filled: Store, tamper: Tamper, statement: str, detail: str) -> None:
    tamper(statement)
    filled.purge_batch(soon(), actor="lea")
    assert detail in failed(filled)["records"]
