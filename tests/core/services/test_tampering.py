"""Every way to tamper with a workspace of some hundred records, and what `verify` says of each.

Whoever tampers has the key of the database and drops every trigger first; the last tests need no key at all.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import services
from core.errors import AppError
from core.store import audit
from core.store.database import FILE
from tests.core.store.conftest import raw_connection
from tests.fixtures.values import make_decision, make_item, make_verdict
from tests.fixtures.workspaces import new_workspace

PASSPHRASE = "long enough"
PAGE = 4096
ITEMS = 150


@dataclass(frozen=True)
class Sound:
    """A closed workspace, a copy of it from before the last session, and its key."""

    folder: Path
    older: Path
    key: bytes
    chain: int
    older_chain: int


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """150 items, 150 verdicts, 120 decisions, two members, three sessions."""
    place = tmp_path_factory.mktemp("tampering")
    folder, older = place / "w", place / "older"
    with new_workspace(folder) as workspace:
        key = bytes.fromhex(workspace.store._db._key)
        policy = services.get_policy(workspace, policy_id="spam")
        items = [make_item(number, content=f"text {number} " * 20) for number in range(1, ITEMS + 1)]
        for start in range(0, ITEMS, 50):
            workspace.store.add_items(items[start : start + 50], source="test", actor="kim")
        workspace.store.add_verdicts([make_verdict(item, policy, "SP2") for item in items], actor="kim")
        services.add_member(workspace, name="bo")
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        workspace.store.add_decisions([make_decision(item, policy, "SP2") for item in items[:80]], actor="kim")
    shutil.copytree(folder, older)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        workspace.store.add_decisions([make_decision(item, policy, "SP0") for item in items[80:120]], actor="kim")
    return Sound(folder, older, key, kept_chain(folder), kept_chain(older))


def kept_chain(folder: Path) -> int:
    """How many events keys.json says there were at the last close."""
    return int(json.loads((folder / "keys.json").read_text())["chain"]["size"])


@pytest.fixture
def desk(sound: Sound, tmp_path: Path) -> Path:
    """A copy of the workspace to tamper with."""
    return Path(shutil.copytree(sound.folder, tmp_path / "w"))


def found(folder: Path) -> dict[str, str]:
    """What the failed checks of `verify` say; `open` is what opening says when it already fails."""
    try:
        workspace = services.open_workspace(folder, passphrase=PASSPHRASE)
    except AppError as error:
        return {"open": error.message}
    try:
        return {check.name: check.detail for check in services.verify(workspace) if not check.ok}
    finally:
        workspace.store._db.close()  # closing in earnest would sign what it finds


def tamper(folder: Path, key: bytes, *statements: str) -> None:
    """Run statements with all triggers gone, and put them back."""
    with raw_connection(folder, key) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement
        for _, sql in triggers:
            connection.execute(sql)


def test_the_workspace_is_sound_and_of_some_size(sound: Sound) -> None:
    assert found(sound.folder) == {}
    assert found(sound.older) == {}
    assert (sound.chain - sound.older_chain, pages_of(sound.folder) > 60) == (40, True)


def pages_of(folder: Path) -> int:
    """How many pages the database has."""
    return (folder / FILE).stat().st_size // PAGE


DELETED = {
    "DELETE FROM item WHERE id = 77": ("records", "item 77 is missing (event "),
    "DELETE FROM verdict WHERE id = 150": ("records", "verdict 150 is missing (event "),
    "DELETE FROM decision WHERE id = 1": ("records", "decision 1 is missing (event "),
    "DELETE FROM decision WHERE id = 120": ("records", "decision 120 is missing (event "),
    "DELETE FROM policy_version WHERE id = 2": ("records", "policy version 2 is missing (event "),
    "DELETE FROM member WHERE name = 'bo'": ("members", "member bo is missing (event "),
    "DELETE FROM audit_event WHERE id = 60": ("audit_chain", "event 60 is missing"),
    "DELETE FROM checkpoint WHERE id = 2": ("checkpoints", "checkpoint 2 is missing"),
    "DELETE FROM checkpoint WHERE id = 3": ("checkpoints", "checkpoint 3 is missing"),
    "DELETE FROM queue_entry WHERE item_key = 9": ("queue", "item 9 has no entry"),
    "DELETE FROM secret": ("checkpoints", "what is stored there cannot be read"),
    "DELETE FROM alembic_version": ("open", "workspace.db holds no tables."),
}
EDITED = {
    "UPDATE item SET content = 'other' WHERE id = 33": ("records", "item 33 differs from what event "),
    "UPDATE item SET imported_at = '2020' WHERE id = 60": ("records", "one of the items 51 to 100 differs"),
    "UPDATE item SET removed_at = '2026-01-01T00:00:00Z' WHERE id = 5": ("records", "item 5 differs"),
    "UPDATE verdict SET violates = 0 WHERE id = 99": ("records", "verdict 99 differs from what event "),
    "UPDATE decision SET label = 'SP0' WHERE id = 50": ("records", "decision 50 differs from what event "),
    "UPDATE decision SET reviewer = 'eve' WHERE id = 119": ("records", "decision 119 differs from what event "),
    "UPDATE decision SET imported = 1 WHERE id = 7": ("records", "decision 7 differs from what event "),
    "UPDATE policy_version SET document = 'x' WHERE id = 1": ("records", "policy version 1 differs"),
    "UPDATE member SET role = 'lead' WHERE name = 'bo'": ("members", "member bo differs from what event "),
    "UPDATE audit_event SET payload = '{}' WHERE id = 20": ("audit_chain", "event 20 was changed"),
    "UPDATE audit_event SET hash = 'x' WHERE id = 21": ("audit_chain", "event 21 was changed"),
    "UPDATE checkpoint SET head = 'x' WHERE id = 2": ("checkpoints", "checkpoint 2 has a wrong signature"),
    "UPDATE queue_entry SET state = 'judged' WHERE item_key = 4": ("queue", "entry 4 does not show the latest"),
    "UPDATE queue_count SET entries = 7 WHERE state = 'decided'": ("queue", "the count of decided entries is not what"),
    "UPDATE alembic_version SET version_num = '9999'": ("open", "The database stands at step 9999."),
}


@pytest.mark.parametrize("statement", [*DELETED, *EDITED])
def test_a_row_that_was_deleted_or_edited_is_named(desk: Path, sound: Sound, statement: str) -> None:
    check, words = {**DELETED, **EDITED}[statement]
    tamper(desk, sound.key, "PRAGMA foreign_keys = OFF", statement)
    assert found(desk)[check].startswith(words)


def test_an_older_copy_of_the_database_is_noticed(desk: Path, sound: Sound) -> None:
    shutil.copy(sound.older / FILE, desk / FILE)
    first = sound.older_chain + 1
    assert found(desk) == {
        "checkpoints": f"the chain had {sound.chain} events when it was closed last; "
        f"the chain has {sound.older_chain} now: event {first} is missing"
    }


def test_an_older_copy_that_grew_again_is_noticed(desk: Path, sound: Sound) -> None:
    shutil.copy(sound.older / FILE, desk / FILE)
    for _ in range(2):
        with services.open_workspace(desk, passphrase=PASSPHRASE) as workspace:
            for _ in range(50):
                workspace.store.record("more", "kim", {})
    assert found(desk)["checkpoints"].endswith(f"event {sound.chain} is not the one that stood there")


def remove_tail(size: int) -> list[str]:
    """Take everything away that came after an event, consistently."""
    return [
        f"DELETE FROM audit_event WHERE id > {size}",  # noqa: S608
        "UPDATE queue_entry SET state = 'judged', decision_key = NULL, disagrees = -1 WHERE decision_key > 80",
        "DELETE FROM decision WHERE id > 80",
        "UPDATE queue_count SET entries = (SELECT count(*) FROM queue_entry e WHERE e.policy_id = queue_count.policy_id"
        " AND e.state = queue_count.state AND (e.disagrees = 1) = queue_count.apart)",
    ]  # fmt: skip


def test_a_removed_tail_is_noticed(desk: Path, sound: Sound) -> None:
    tamper(desk, sound.key, *remove_tail(sound.older_chain))
    assert found(desk) == {
        "checkpoints": f"checkpoint 3 says {sound.chain} events; "
        f"the chain has {sound.older_chain} now: event {sound.older_chain + 1} is missing"
    }


def test_a_tail_that_was_removed_with_its_checkpoint_is_noticed(desk: Path, sound: Sound) -> None:
    tamper(desk, sound.key, *remove_tail(sound.older_chain), "DELETE FROM checkpoint WHERE id = 3")
    assert found(desk) == {
        "checkpoints": f"the chain had {sound.chain} events when it was closed last; "
        f"the chain has {sound.older_chain} now: event {sound.older_chain + 1} is missing"
    }


def edit_keys(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change keys.json."""
    path = folder / "keys.json"
    kept = json.loads(path.read_text())
    change(kept)
    path.write_text(json.dumps(kept))


def test_an_edited_head_in_keys_is_noticed(desk: Path, sound: Sound) -> None:
    edit_keys(desk, lambda kept: kept["chain"].update(head="ab" * 32))
    assert found(desk) == {
        "checkpoints": f"keys.json and the checkpoint of event {sound.chain} name different heads: "
        "one of the two was changed"
    }
    edit_keys(desk, lambda kept: kept["chain"].update(size=sound.chain + 5))
    assert f"event {sound.chain + 1} is missing" in found(desk)["checkpoints"]
    edit_keys(desk, lambda kept: kept["chain"].update(size=sound.chain - 5))
    assert f"event {sound.chain - 5} is not the one that stood there" in found(desk)["checkpoints"]


def test_an_edited_signing_key_in_keys_is_noticed(desk: Path) -> None:
    edit_keys(desk, lambda kept: kept.update(signing_key="11" * 32))
    assert found(desk) == {"checkpoints": "the signing key is not the one keys.json names"}


def forge(folder: Path, key: bytes, signed_with: Ed25519PrivateKey) -> None:
    """Rewrite the last event and everything that names it, and sign it with a key of one's own."""
    with raw_connection(folder, key) as connection:
        rows = connection.execute("SELECT id, payload, hash FROM audit_event ORDER BY id").fetchall()
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("DROP TRIGGER checkpoint_no_update")
        number, payload, _ = rows[-1]
        payload = payload.replace('"reviewer":"ana"', '"reviewer":"eve"')
        head = audit.link_hash(rows[-2][2], payload.encode())
        connection.execute("UPDATE audit_event SET payload = ?, hash = ? WHERE id = ?", (payload, head, number))
        [at] = connection.execute("SELECT created_at FROM checkpoint WHERE id = 3").fetchone()
        signature = signed_with.sign(audit._statement(number, head, at)).hex()
        connection.execute("UPDATE checkpoint SET head = ?, signature = ? WHERE id = 3", (head, signature))


def test_a_forged_checkpoint_is_named(desk: Path, sound: Sound) -> None:
    forge(desk, sound.key, Ed25519PrivateKey.generate())
    assert found(desk)["checkpoints"] == "checkpoint 3 has a wrong signature"


def test_a_forgery_signed_with_the_stolen_key_is_caught_by_the_head_beside_the_database(
    desk: Path, sound: Sound
) -> None:
    with raw_connection(desk, sound.key) as connection:
        [secret] = connection.execute("SELECT value FROM secret WHERE name = 'signing_key'").fetchone()
    forge(desk, sound.key, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)))
    assert f"keys.json and the checkpoint of event {sound.chain}" in found(desk)["checkpoints"]


# What somebody can do who has the files and no key


@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("odd", [0, 1234])
def test_a_truncated_file_is_noticed(desk: Path, share: float, odd: int) -> None:
    path = desk / FILE
    pages = int(pages_of(desk) * share)
    with path.open("r+b") as file:
        file.truncate(pages * PAGE + odd)
    said = found(desk)
    assert f"page {pages + 1}" in (said.get("pages") or said["open"])


@pytest.mark.parametrize("left", [0, 100, PAGE])
def test_a_file_cut_to_its_first_page_is_noticed(desk: Path, left: int) -> None:
    with (desk / FILE).open("r+b") as file:
        file.truncate(left)
    said = found(desk)
    assert said.get("pages") or said["open"]


def test_a_flipped_bit_in_each_page_is_named(desk: Path) -> None:
    path = desk / FILE
    whole = path.read_bytes()
    for page in range(1, pages_of(desk) + 1):
        damaged = bytearray(whole)
        damaged[(page - 1) * PAGE + (page * 37) % PAGE] ^= 1 << page % 8
        path.write_bytes(bytes(damaged))
        said = found(desk)
        words = said.get("pages") or said["open"]
        assert ("first page" if page == 1 else f"page {page}") in words, (page, said)
        for name in (f"{FILE}-wal", f"{FILE}-shm"):
            (desk / name).unlink(missing_ok=True)
    path.write_bytes(whole)
    assert found(desk) == {}
