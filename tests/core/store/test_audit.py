"""The chain of events and what verify says of a database that was changed with the key in hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from core.domain import Check, EntryState
from core.store import audit
from core.store.keys import KeyFile
from core.store.store import Store
from core.store.tables import APPEND_ONLY
from tests.core.store.conftest import DATA_KEY, raw_connection
from tests.fixtures.values import make_decision, make_item, make_policy, make_verdict

Tamper = Callable[..., None]
NAMES = [
    "pages",
    "foreign_keys",
    "schema",
    "triggers",
    "audit_chain",
    "records",
    "members",
    "queue",
    "review_rules",
    "second_reviews",
    "second_opinions",
    "audit_streams",
    "senders",
    "checkpoints",
    "key_slots",
]


@pytest.fixture
def filled(store: Store) -> Store:
    """Three items, judged and decided: items 1-3, verdicts 1-3, decisions 1-3, events 1-9."""
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    items = [make_item(number) for number in range(1, 4)]
    store.add_items(items, source="test", actor="ana")
    store.add_verdicts([make_verdict(items[0], policy), make_verdict(items[1], policy)], actor="ana")
    store.add_verdicts([make_verdict(items[2], policy, None, seconds=2, score=None)], actor="ana")
    store.add_decisions([make_decision(item, policy, seconds=5, note="n") for item in items], actor="ana")
    store.mark(store.open_entry("item-1", "other"), EntryState.SKIPPED, reviewer="ana", reason="later")
    return store


def verify(store: Store, chain: tuple[int, str] = (0, "")) -> dict[str, Check]:
    """All checks by name."""
    checks = store.verify(KeyFile(signing_key=store.public_key(), chain_size=chain[0], chain_head=chain[1]))
    return {check.name: check for check in checks}


def failed(store: Store, chain: tuple[int, str] = (0, "")) -> dict[str, str]:
    """What the failed checks say."""
    return {name: check.detail for name, check in verify(store, chain).items() if not check.ok}


def test_a_sound_workspace_passes_every_check(filled: Store) -> None:
    checks = verify(filled)
    assert list(checks) == NAMES
    assert failed(filled) == {}
    assert all(check.hint == "" for check in checks.values())


def test_an_empty_workspace_is_sound(store: Store) -> None:
    assert failed(store) == {}


def test_the_chain_is_the_published_rule(filled: Store, tmp_path: Path) -> None:
    head = hashlib.sha256(b"docket-audit-v1\x00").digest()
    with raw_connection(tmp_path) as connection:
        events = connection.execute("SELECT payload, hash FROM audit_event ORDER BY id").fetchall()
    assert len(events) == 9
    for payload, stored in events:
        assert rfc8785.dumps(json.loads(payload)) == payload.encode()
        head = hashlib.sha256(b"docket-audit-v1\x00" + head + payload.encode()).digest()
        assert head.hex() == stored


def test_events_hold_no_content(store: Store, tmp_path: Path) -> None:
    policy = store.add_policy(make_policy(text="CANARY"), author="ana", note="", actor="ana")
    item = make_item(content="CANARY", parent="CANARY", metadata={"CANARY": "CANARY"})
    store.add_items([item], source="test", actor="ana")
    store.add_verdicts([make_verdict(item, policy, reasoning="CANARY", raw_output="CANARY")], actor="ana")
    store.add_decision(make_decision(item, policy), actor="ana")
    with raw_connection(tmp_path) as connection:
        payloads = [row[0] for row in connection.execute("SELECT payload FROM audit_event")]
    assert not any("CANARY" in payload for payload in payloads)
    told = json.loads(payloads[-1])
    assert (told["item"], told["content_hash"], told["label"]) == (item.id, item.content_hash, "X2")


CHANGES = [
    ("UPDATE decision SET label = 'X0' WHERE id = 2", "decision 2 differs from what event 7 recorded"),
    ("UPDATE decision SET reviewer = 'bob' WHERE id = 1", "decision 1 differs from what event 6 recorded"),
    ("UPDATE decision SET seconds = 4 WHERE id = 3", "decision 3 differs from what event 8 recorded"),
    ("UPDATE decision SET note = '' WHERE id = 3", "decision 3 differs from what event 8 recorded"),
    ("UPDATE decision SET id = 9 WHERE id = 3", "decision 3 is missing (event 8 recorded it)"),
    ("UPDATE verdict SET score = 0.5 WHERE id = 2", "verdict 2 differs from what event 4 recorded"),
    ("UPDATE verdict SET reasoning = '' WHERE id = 3", "verdict 3 differs from what event 5 recorded"),
    ("UPDATE item SET content = 'x' WHERE id = 2", "item 2 differs from what event 3 recorded"),
    ("UPDATE item SET content_hash = 'x' WHERE id = 3", "item 3 differs from what event 3 recorded"),
    ("UPDATE item SET item_id = 'x' WHERE id = 3", "item 3 differs from what event 3 recorded"),
    ("UPDATE item SET meta = '{\"a\":1}' WHERE id = 3", "one of the items 1 to 3 differs from what event 3 recorded"),
    ("UPDATE policy_version SET body = 'x' WHERE id = 1", "policy version 1 differs from what event 2 recorded"),
    ("UPDATE policy_version SET parsed = '{}' WHERE id = 1", "policy version 1 differs from what event 2 recorded"),
    ("DELETE FROM decision WHERE id = 2", "decision 2 is missing (event 7 recorded it)"),
    ("DELETE FROM verdict WHERE id = 3", "verdict 3 is missing (event 5 recorded it)"),
    (
        "INSERT INTO decision SELECT 9, item_key, policy_id, policy_hash, verdict_key, label, violates, agrees, cause, "
        "rule_id, note, reviewer, blind, seconds, supersedes, withdrawn, imported, decided_at FROM decision LIMIT 1",
        "decision 9 was never recorded in the audit chain",
    ),
]


@pytest.mark.parametrize(("statement", "detail"), CHANGES)
def test_a_changed_record_is_named(filled: Store, tamper: Tamper, statement: str, detail: str) -> None:
    tamper(statement)
    assert failed(filled)["records"] == detail


def test_a_decision_hidden_with_its_event_is_found(filled: Store, tamper: Tamper) -> None:
    tamper("DELETE FROM decision WHERE id = 2", "UPDATE audit_event SET kind = 'nothing' WHERE id = 7")
    assert failed(filled)["audit_chain"] == "event 7 was given another kind"


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("UPDATE audit_event SET payload = replace(payload, 'ana', 'bob') WHERE id = 3", "event 3 was changed"),
        ("UPDATE audit_event SET hash = 'x' WHERE id = 4", "event 4 was changed"),
        ("DELETE FROM audit_event WHERE id = 5", "event 5 is missing"),
        ("UPDATE audit_event SET id = 20 WHERE id = 9", "event 9 is missing"),
        ("UPDATE audit_event SET payload = 'no JSON' WHERE id = 8", "event 8 was changed"),
    ],
)
def test_a_changed_event_is_named(filled: Store, tamper: Tamper, statement: str, detail: str) -> None:
    tamper(statement)
    assert failed(filled)["audit_chain"].startswith(detail)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET payload = 'no JSON'", "DELETE FROM secret"])
def test_what_cannot_be_read_is_an_answer(filled: Store, tamper: Tamper, statement: str) -> None:
    public_key = filled.public_key()
    tamper(statement)
    checks = {check.name: check for check in filled.verify(KeyFile(signing_key=public_key))}
    assert list(checks) == NAMES
    name = "checkpoints" if "secret" in statement else "records"
    assert checks[name].detail == "what is stored there cannot be read"
    assert checks[name].hint
    if "secret" in statement:
        tamper("INSERT INTO secret VALUES ('signing_key', lower(hex(zeroblob(32))))")  # so that it can be closed


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("UPDATE queue_entry SET decision_key = NULL WHERE id = 2", "entry 2 does not show"),
        ("UPDATE queue_entry SET verdict_key = NULL WHERE id = 3", "entry 3 does not show"),
        ("UPDATE queue_entry SET state = 'pending' WHERE id = 1", "entry 1 does not show"),
        ("UPDATE queue_entry SET state = 'decided' WHERE id = 4", "entry 4 does not show"),
        ("DELETE FROM queue_entry WHERE id = 3", "item 3 has no entry"),
        (
            "UPDATE queue_entry SET policy_id = 'x', verdict_key = NULL, decision_key = NULL, state = '' WHERE id = 1",
            "verdict 1 has no entry",
        ),
    ],
)  # fmt: skip
def test_a_queue_that_hides_something_is_named(filled: Store, tamper: Tamper, statement: str, detail: str) -> None:
    tamper(statement)
    assert failed(filled)["queue"].startswith(detail)


def test_missing_changed_and_added_triggers_are_named(filled: Store, tmp_path: Path) -> None:
    with raw_connection(tmp_path) as connection:
        connection.execute("DROP TRIGGER checkpoint_no_update")
        assert failed(filled)["triggers"] == "missing or changed: checkpoint_no_update"
        connection.execute(
            "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint WHEN 0 "
            "BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END"
        )
        assert failed(filled)["triggers"] == "missing or changed: checkpoint_no_update"
        connection.execute("DROP TRIGGER checkpoint_no_update")
        connection.execute(
            "CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint "
            "BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END"
        )
        assert "triggers" not in failed(filled)
        connection.execute("CREATE TRIGGER quiet AFTER INSERT ON decision BEGIN SELECT 1; END")
        assert failed(filled)["triggers"] == "unknown: quiet"


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "change", ["UPDATE {0} SET id = id", "DELETE FROM {0}", "REPLACE INTO {0} SELECT * FROM {0} WHERE id = 1"]
)
def test_append_only_tables_refuse_everyone_with_the_key(tmp_path: Path, table: str, change: str) -> None:
    store = Store.create(tmp_path, DATA_KEY)
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    store.add_items([make_item()], source="test", actor="ana")
    store.add_verdicts([make_verdict(make_item(), policy)], actor="ana")
    store.add_decision(make_decision(make_item(), policy), actor="ana")
    store.mark(store.open_entry("item-1", "other"), EntryState.SKIPPED, reviewer="ana", reason="later")
    store.add_independent(store.open_entry("item-1", "spam"), make_decision(make_item(), policy), actor="lee")
    store.close()
    with raw_connection(tmp_path) as connection:
        rows = f"SELECT * FROM {table}"  # noqa: S608 - one of our own tables
        if not connection.execute(rows).fetchall():  # any row will do
            columns = len(connection.execute(f"PRAGMA table_info({table})").fetchall())
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join(['1'] * columns)})")  # noqa: S608
        before = connection.execute(rows).fetchall()
        assert before
        with pytest.raises(dbapi2.IntegrityError, match="append-only"):
            connection.execute(change.format(table))
        assert connection.execute(rows).fetchall() == before


def test_replacing_by_another_unique_column_is_refused_too(filled: Store, tmp_path: Path) -> None:
    columns = "kind, content, messages, meta, content_hash, source, imported_at"
    with raw_connection(tmp_path) as connection, pytest.raises(dbapi2.IntegrityError, match="append-only"):
        connection.execute(f"REPLACE INTO item (item_id, {columns}) SELECT item_id, {columns} FROM item")  # noqa: S608


def test_a_removed_tail_is_noticed_by_the_head_kept_outside(filled: Store, tmp_path: Path, tamper: Tamper) -> None:
    end = filled.close()
    tamper("DELETE FROM audit_event WHERE id > 8", "DELETE FROM checkpoint")
    store = Store.open(tmp_path, DATA_KEY)
    assert "audit_chain" not in failed(store, end)  # a chain alone cannot show it
    assert failed(store, end)["checkpoints"] == (
        "the chain had 9 events when it was closed last; the chain has 8 now: event 9 is missing"
    )
    assert not store.holds(*end)
    store.record("more", "ana", {})
    assert "checkpoints" in failed(store, end)  # growing again hides nothing
    store.close()


def test_checkpoints_are_signed_and_written_only_when_the_chain_grew(tmp_path: Path, tamper: Tamper) -> None:
    store = Store.create(tmp_path, DATA_KEY)
    first = store.close()
    store = Store.open(tmp_path, DATA_KEY)
    assert store.close() == first
    with raw_connection(tmp_path) as connection:
        assert connection.execute("SELECT size, head FROM checkpoint").fetchall() == [first]
    tamper("UPDATE checkpoint SET size = 0")
    store = Store.open(tmp_path, DATA_KEY)
    assert failed(store, first) == {"checkpoints": "checkpoint 1 has a wrong signature"}
    store.close()


def test_a_checkpoint_made_with_another_key_is_refused(filled: Store) -> None:
    other = audit.Ed25519PrivateKey.generate()
    with filled._db.write() as connection:
        audit.add_checkpoint(connection, other)
    assert failed(filled) == {"checkpoints": "checkpoint 1 has a wrong signature"}
    checks = filled.verify(KeyFile(signing_key=other.public_key().public_bytes_raw().hex()))
    assert [check.detail for check in checks if not check.ok] == ["the signing key is not the one keys.json names"]


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    """In pages all over the file; `core.services.test_tampering` goes through each."""
    store = Store.create(tmp_path, DATA_KEY)
    policy = store.add_policy(make_policy(), author="ana", note="", actor="ana")
    store.add_items([make_item(number, content="x" * 900) for number in range(4)], source="test", actor="ana")
    store.add_verdicts([make_verdict(make_item(0), policy)], actor="ana")
    end = store.close()
    path = tmp_path / "workspace.db"
    sound = path.read_bytes()
    pages = len(sound) // 4096
    for page in range(2, pages + 1, 5):  # the first page is the subject of its own test
        damaged = bytearray(sound)
        damaged[(page - 1) * 4096 + 77] ^= 1
        path.write_bytes(bytes(damaged))
        message = _what_is_said(tmp_path, end)
        assert f"page {page}" in message
        assert not list(tmp_path.glob("*-journal"))
    path.write_bytes(sound)
    assert _what_is_said(tmp_path, end) == ""


def _what_is_said(folder: Path, end: tuple[int, str]) -> str:
    """What opening or verifying says is wrong."""
    from core.errors import StorageError

    try:
        store = Store.open(folder, DATA_KEY)
    except StorageError as error:
        return error.message
    try:
        checks = store.verify(KeyFile(chain_size=end[0], chain_head=end[1]))
        return next((check.detail for check in checks if check.name == "pages" and not check.ok), "")
    finally:
        store._db.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_any_event_can_change_unseen(filled: Store, tmp_path: Path, data: st.DataObject) -> None:
    with raw_connection(tmp_path) as connection:
        connection.execute("DROP TRIGGER IF EXISTS audit_event_no_update")
        number = data.draw(st.integers(1, 9))
        [payload] = connection.execute("SELECT payload FROM audit_event WHERE id = ?", (number,)).fetchone()
        index = data.draw(st.integers(0, len(payload) - 1))
        letter = data.draw(st.characters(min_codepoint=32, max_codepoint=126).filter(lambda x: x != payload[index]))
        changed = payload[:index] + letter + payload[index + 1 :]
        connection.execute("UPDATE audit_event SET payload = ? WHERE id = ?", (changed, number))
        assert failed(filled)["audit_chain"].startswith(f"event {number} was changed")
        connection.execute("UPDATE audit_event SET payload = ? WHERE id = ?", (payload, number))
    assert "audit_chain" not in failed(filled)
