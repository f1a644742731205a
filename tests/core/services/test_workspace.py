"""Creating, opening and closing a workspace: what is refused, what is left behind, and what other people can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest

from core import services
from core.domain import EntryState, QueueFilter
from core.errors import AppError, LockedError, StorageError, WorkspaceError
from core.services.workspace import Workspace, create_workspace
from core.settings import Settings
from core.store.wrapping import Argon2Cost
from tests.core.store.conftest import raw_connection
from tests.fixtures.keychains import Keychain, offered
from tests.fixtures.values import make_item

CHEAP = Argon2Cost(8, 1, 1)
PASSPHRASE = "a river in May"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def keychain() -> Iterator[Keychain]:
    """The keychain of this session."""
    with offered(Keychain()) as made:
        yield made


def create(folder: Path, **options: Any) -> Workspace:
    return create_workspace(folder, **{"passphrase": PASSPHRASE, "cost": CHEAP, **options})


def test_what_was_put_in_is_there_again(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "desk"
    with create(folder, reviewer="kim") as workspace:
        workspace.store.add_items([make_item()], source="test", actor="kim")
    assert services.is_workspace(folder)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as again:
        assert again.reviewer == "kim"
        assert again.store.get_item("item-1") == make_item()
        assert [check for check in services.verify(again) if not check.ok] == []


def test_the_passphrase_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKET_PASSPHRASE", PASSPHRASE)
    create(tmp_path / "w", passphrase=None).close()
    services.open_workspace(tmp_path / "w").close()
    monkeypatch.setenv("DOCKET_PASSPHRASE", "another one")
    with pytest.raises(LockedError):
        services.open_workspace(tmp_path / "w")
    services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE).close()


def test_without_any_key_nothing_is_created(tmp_path: Path) -> None:
    with pytest.raises(LockedError) as caught:
        create(tmp_path / "w", passphrase=None)
    assert "DOCKET_PASSPHRASE" in caught.value.hint
    assert not (tmp_path / "w").exists()


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(LockedError, match="fewer"):
        create(tmp_path / "w", passphrase="short")
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("wrong", ["a river in june", "", "A river in May", PASSPHRASE + " "])
def test_a_wrong_passphrase_says_no_more_than_that(tmp_path: Path, wrong: str) -> None:
    create(tmp_path / "w").close()
    with pytest.raises(LockedError) as caught:
        services.open_workspace(tmp_path / "w", passphrase=wrong)
    assert PASSPHRASE not in str(caught.value)
    assert caught.value.hint


def test_the_same_passphrase_typed_on_another_system_opens(tmp_path: Path) -> None:
    create(tmp_path / "w", passphrase="caf\u00e9 au lait").close()
    services.open_workspace(tmp_path / "w", passphrase="cafe\u0301 au lait").close()


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WorkspaceError, match="not empty"):
        create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "w").mkdir()
    create(tmp_path / "w").close()
    before = (tmp_path / "w" / "keys.json").read_bytes()
    with pytest.raises(WorkspaceError, match="already holds"):
        create(tmp_path / "w")
    assert (tmp_path / "w" / "keys.json").read_bytes() == before
    with pytest.raises(WorkspaceError, match="is a file"):
        create(tmp_path / "mine.txt")


def test_what_is_no_workspace_is_not_opened(tmp_path: Path) -> None:
    for folder in (tmp_path / "gone", tmp_path):
        with pytest.raises(WorkspaceError, match="is not a workspace") as caught:
            services.open_workspace(folder, passphrase=PASSPHRASE)
        assert "init" in caught.value.hint
        assert not services.is_workspace(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_path_the_system_refuses_is_said(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 300)
    assert not services.is_workspace(folder)
    with pytest.raises(StorageError, match="cannot be read"):
        services.open_workspace(folder, passphrase=PASSPHRASE)
    with pytest.raises(StorageError, match="cannot be made"):
        create(folder)


def test_a_workspace_that_lost_its_database_says_so(tmp_path: Path) -> None:
    create(tmp_path / "w").close()
    (tmp_path / "w" / "workspace.db").unlink()
    with pytest.raises(WorkspaceError, match=r"no workspace\.db"):
        services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE)
    assert not (tmp_path / "w" / "workspace.db").exists()


def test_keys_of_another_workspace_do_not_open_it(tmp_path: Path) -> None:
    create(tmp_path / "a").close()
    create(tmp_path / "b").close()
    (tmp_path / "a" / "keys.json").write_bytes((tmp_path / "b" / "keys.json").read_bytes())
    with pytest.raises(LockedError, match="does not open this database"):
        services.open_workspace(tmp_path / "a", passphrase=PASSPHRASE)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_others_on_this_machine_can_read_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with create(tmp_path / "w", reviewer="kim") as workspace:
            workspace.store.add_items([make_item()], source="test", actor="kim")
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "w").iterdir()}
    finally:
        os.umask(before)
    assert (tmp_path / "w").stat().st_mode & 0o777 == 0o700
    assert set(modes) >= {"keys.json", "workspace.db", "workspace.db-wal"}
    assert {name: mode for name, mode in modes.items() if mode != 0o600 and name != "settings.toml"} == {}


def test_neither_key_nor_passphrase_is_written_anywhere(tmp_path: Path) -> None:
    with create(tmp_path / "w") as workspace:
        key = bytes.fromhex(workspace.store._db._key)
        workspace.store.add_items([make_item()], source="test", actor="kim")
        for path in (tmp_path / "w").iterdir():
            raw = path.read_bytes()
            assert key not in raw
            assert key.hex().encode() not in raw
            assert PASSPHRASE.encode() not in raw


def test_the_keychain_opens_without_a_passphrase(tmp_path: Path, keychain: Keychain) -> None:
    assert services.keychain_available()
    create(tmp_path / "w", passphrase=None).close()
    [(service, user)] = keychain.kept
    kept = json.loads((tmp_path / "w" / "keys.json").read_text())
    assert (service, user) == ("docket", kept["workspace"])
    assert kept["slots"]["keychain"]["backend"].endswith("Keychain")
    assert list(kept["slots"]) == ["keychain"]
    assert not services.needs_passphrase(tmp_path / "w")
    services.open_workspace(tmp_path / "w").close()
    keychain.kept.clear()
    with pytest.raises(LockedError, match="keychain"):
        services.open_workspace(tmp_path / "w")


def test_another_keychain_is_never_taken_silently(tmp_path: Path, keychain: Keychain) -> None:
    create(tmp_path / "w", passphrase=None).close()

    class OtherKeychain(Keychain):
        """Another one that happens to hold the same secret."""

    other = OtherKeychain()
    other.kept = keychain.kept
    keyring.set_keyring(other)
    with pytest.raises(LockedError, match="OtherKeychain"):
        services.open_workspace(tmp_path / "w")


def test_a_keychain_in_plain_text_counts_as_none(tmp_path: Path, keychain: Keychain) -> None:
    class PlaintextKeyring(Keychain):
        """Keeps secrets where everyone can read them."""

    keyring.set_keyring(PlaintextKeyring())
    assert not services.keychain_available()
    with pytest.raises(LockedError):
        create(tmp_path / "w", passphrase=None)


def test_a_creation_that_fails_leaves_no_key_behind(tmp_path: Path, keychain: Keychain) -> None:
    with pytest.raises(AppError):
        create(tmp_path / "w", passphrase=None, reviewer="half \ud800 pair")
    assert keychain.kept == {}
    assert not services.is_workspace(tmp_path / "w")


def test_a_workspace_with_a_passphrase_needs_it(tmp_path: Path) -> None:
    create(tmp_path / "w").close()
    assert services.needs_passphrase(tmp_path / "w")
    with pytest.raises(LockedError, match="needs its passphrase"):
        services.open_workspace(tmp_path / "w")


def test_closing_keeps_the_end_of_the_chain_outside_the_database(tmp_path: Path) -> None:
    with create(tmp_path / "w") as workspace:
        workspace.store.add_items([make_item()], source="test", actor="kim")
    chain = json.loads((tmp_path / "w" / "keys.json").read_text())["chain"]
    assert chain["size"] == 2
    workspace.close()  # a second time is nothing
    with services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE):
        pass
    assert json.loads((tmp_path / "w" / "keys.json").read_text())["chain"] == chain


def test_a_tail_that_was_cut_stays_noticed_however_the_chain_grows(tmp_path: Path) -> None:
    with create(tmp_path / "w") as workspace:
        workspace.store.add_items([make_item()], source="test", actor="kim")
        workspace.store.record("told", "kim", {})
        key = bytes.fromhex(workspace.store._db._key)
    with raw_connection(tmp_path / "w", key) as connection:
        statement = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_event_no_delete'").fetchone()
        connection.execute("DROP TRIGGER audit_event_no_delete")
        connection.execute("DROP TRIGGER checkpoint_no_delete")
        connection.execute("DELETE FROM audit_event WHERE id = 3")
        connection.execute("DELETE FROM checkpoint")
        connection.execute(statement[0])
        connection.execute(statement[0].replace("audit_event", "checkpoint"))
    for _ in range(2):
        with services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE) as workspace:
            for _ in range(3):
                workspace.store.record("more", "kim", {})
            bad = {check.name: check.detail for check in services.verify(workspace) if not check.ok}
        assert list(bad) == ["checkpoints"]
        assert "when it was closed last" in bad["checkpoints"]


def test_a_failure_inside_the_block_is_the_one_that_is_told(tmp_path: Path) -> None:
    def fail(workspace: Workspace) -> None:
        with workspace:
            (tmp_path / "w" / "keys.json").unlink()
            raise ZeroDivisionError

    workspace = create(tmp_path / "w")
    with pytest.raises(ZeroDivisionError):
        fail(workspace)
    assert workspace.closed


def test_the_reviewer_is_the_settings_name_or_the_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "login-name")
    with create(tmp_path / "w") as workspace:
        assert workspace.reviewer == "login-name"
        services.save_settings(workspace, settings=Settings(reviewer="lee", threads=2))
        assert workspace.reviewer == "lee"
    with services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE) as again:
        assert (again.reviewer, again.settings.threads) == ("lee", 2)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be made"):
        create(tmp_path / "file" / "w")


DAMAGED_KEYS = [
    b"",
    b"not json",
    b"[]",
    b"{}",
    b'{"version": 1}',
    b"[" * 100_000,
    b'{"version": 1, "workspace": "w", "signing_key": "", "chain": {"size": 0, "head": ""}, "slots": []}',
    b'{"version": 1, "workspace": "w", "signing_key": "", "chain": {"size": 0, "head": ""}, "slots": {"a": 3}}',
    '{"version": 1, "workspace": "é"}'.encode(),
]


@pytest.mark.parametrize("damage", DAMAGED_KEYS, ids=range(len(DAMAGED_KEYS)))
def test_damaged_keys_are_said_and_never_overwritten(tmp_path: Path, damage: bytes) -> None:
    create(tmp_path / "w").close()
    (tmp_path / "w" / "keys.json").write_bytes(damage)
    with pytest.raises(WorkspaceError, match=r"keys\.json"):
        services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE)
    with pytest.raises(WorkspaceError, match=r"keys\.json"):
        services.needs_passphrase(tmp_path / "w")
    assert (tmp_path / "w" / "keys.json").read_bytes() == damage


PROGRAM = """
import sys
from core import services
loaded = [name for name in ("PySide6", "llama_cpp", "keyring") if name in sys.modules]
assert not loaded, loaded
"""


def test_the_verbs_load_neither_window_nor_model_nor_keychain() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_two_desks_on_one_workspace_see_each_other(tmp_path: Path) -> None:
    with create(tmp_path / "w") as one, services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE) as two:
        one.store.add_items([make_item()], source="test", actor="kim")
        [key] = services.queue_ids(two, filter=QueueFilter())
        services.skip(two, key=key)
        [row] = services.queue_rows(one, keys=[key])
        assert row.state is EntryState.SKIPPED
    with services.open_workspace(tmp_path / "w", passphrase=PASSPHRASE) as again:
        assert [check for check in services.verify(again) if not check.ok] == []
