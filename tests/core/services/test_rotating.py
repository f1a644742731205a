"""A new data key: everything is there, only the new key opens it, and no moment of it can be fatal."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core import services
from core.domain import Role, SlotKind
from core.errors import AppError, BusyError, CancelledError, LockedError, RoleError, StorageError
from core.services.keys import add_key
from core.services.rotating import KeyRotation, rotate_key
from core.services.unlocking import Secret, unlock
from core.services.workspace import Workspace, open_workspace
from core.store import database
from core.store.keys import read_keys, write_keys
from core.store.rotation import NEW_FILE
from core.store.store import Store
from core.store.wrapping import Argon2Cost
from tests.core.store.conftest import raw_connection
from tests.fixtures.keychains import Keychain, offered
from tests.fixtures.killing import running
from tests.fixtures.values import make_decision, make_item
from tests.fixtures.workspaces import new_workspace

PASSPHRASE = "long enough"
CHEAP = Argon2Cost(8, 1, 1)
ITEMS = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed workspace with items and decisions."""
    with new_workspace(tmp_path / "w", policies=("spam",)) as workspace:
        policy = services.get_policy(workspace, policy_id="spam")
        items = [make_item(number, content=f"text {number} " * 60) for number in range(ITEMS)]
        workspace.store.add_items(items, source="test", actor="kim")
        workspace.store.add_decisions([make_decision(item, policy, "SP2") for item in items], actor="kim")
    return tmp_path / "w"


def rotate(folder: Path, **options: object) -> KeyRotation:
    return rotate_key(folder, **{"passphrase": PASSPHRASE, "cost": CHEAP, **options})  # type: ignore[arg-type]


def data_key(folder: Path) -> bytes:
    return unlock(read_keys(folder), Secret(PASSPHRASE))[1]


def look(folder: Path) -> None:
    """It opens with the passphrase, holds everything, and nothing of a rotation is left beside it."""
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        assert [check for check in services.verify(workspace) if not check.ok] == []
        assert services.queue_counts(workspace).total == ITEMS
        assert len(list(workspace.store.iter_decisions())) == ITEMS
    # A kill may leave the keys half written under their other name; the next time they are written takes it over.
    there = {path.name for path in folder.iterdir()} - {"keys.json.part"}
    assert there == {"key-use.json", "keys.json", "settings.toml", "workspace.db"}
    assert read_keys(folder).next_slots == {}


def texts(workspace: Workspace) -> list[str]:
    return [item.content for n in range(ITEMS) if (item := workspace.store.get_item(f"item-{n}")) is not None]


def test_everything_is_there_under_another_key(folder: Path) -> None:
    old = data_key(folder)
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        before = texts(workspace)
    done = rotate(folder)
    assert [slot.kind for slot in done.slots] == [SlotKind.PASSPHRASE]
    assert done.recovery_code is None
    assert data_key(folder) != old
    with pytest.raises(LockedError):
        Store.open(folder, old)
    look(folder)
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        assert texts(workspace) == before
        assert len(before) == ITEMS
        [event] = services.audit_events(workspace, kind="key.rotated")
        assert (event.actor, event.details["slots"]) == ("kim", ["passphrase"])
        assert [check for check in services.verify(workspace) if not check.ok] == []
        services.decide(workspace, key=1, policy_id="spam", label="SP0")
    assert os.name != "posix" or (folder / "workspace.db").stat().st_mode & 0o077 == 0


def test_nothing_of_the_old_key_opens_the_new_database(folder: Path) -> None:
    stolen = (folder / "keys.json").read_bytes()
    rotate(folder)
    (folder / "keys.json").write_bytes(stolen)
    with pytest.raises(LockedError, match="does not open this database"):
        open_workspace(folder, passphrase=PASSPHRASE)


def test_a_recovery_code_is_replaced(folder: Path) -> None:
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        first = add_key(workspace, SlotKind.RECOVERY).recovery_code
    second = rotate(folder).recovery_code
    assert second not in (None, first)
    open_workspace(folder, recovery_code=second).close()
    with pytest.raises(LockedError):
        open_workspace(folder, recovery_code=first)


def test_the_keychain_goes_on_opening_it_and_older_backups(folder: Path, tmp_path: Path) -> None:
    with offered(Keychain()):
        with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
            add_key(workspace, SlotKind.KEYCHAIN)
            services.revoke_key(workspace, SlotKind.PASSPHRASE)
            made = services.make_backup(workspace, out=tmp_path / "one.zip")
        rotate(folder, passphrase=None)
        open_workspace(folder).close()
        services.restore(made.path, tmp_path / "again")
    with pytest.raises(LockedError):  # without it the slot could not be kept: nothing is begun
        rotate(folder, passphrase=None)


def test_the_passphrase_is_asked_for_where_the_keychain_opens(folder: Path) -> None:
    with offered(Keychain()):
        with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
            add_key(workspace, SlotKind.KEYCHAIN)
        with pytest.raises(LockedError, match="so the passphrase is needed"):
            rotate(folder, passphrase=None)
        rotate(folder)
    look(folder)


# What keeps it from beginning or ends it, and leaves everything as it was


@pytest.fixture
def unchanged(folder: Path) -> Callable[[], None]:
    key = data_key(folder)

    def check() -> None:
        assert data_key(folder) == key
        look(folder)

    return check


def test_it_waits_for_nobody_who_has_it_open(folder: Path, unchanged: Callable[[], None]) -> None:
    with open_workspace(folder, passphrase=PASSPHRASE) as other:
        with pytest.raises(BusyError, match="open in another"):
            rotate(folder)
        services.decide(other, key=1, policy_id="spam", label="SP0")
    unchanged()


def test_nobody_comes_in_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tried: list[AppError] = []

    def try_to_open(_done: int, _total: int) -> None:
        if not tried:
            monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.05)
            with pytest.raises(BusyError) as caught:
                open_workspace(folder, passphrase=PASSPHRASE)
            tried.append(caught.value)
            monkeypatch.undo()

    grow(folder)
    rotate(folder, progress=try_to_open)
    assert len(tried) == 1


def grow(folder: Path) -> None:
    """Make it large enough for the progress to be told."""
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        items = [make_item(number, content=f"text {number} " * 60) for number in range(1000, 4000)]
        workspace.store.add_items(items, source="test", actor="kim")


def test_a_connection_from_before_cannot_write_into_the_void(folder: Path) -> None:
    workspace = open_workspace(folder, passphrase=PASSPHRASE)
    workspace.store._db.engine.dispose()  # nothing open, as after a damaged page
    rotate(folder)
    with pytest.raises(LockedError):
        services.decide(workspace, key=1, policy_id="spam", label="SP0")
    workspace.store._db.close()
    look(folder)


def test_a_stop_is_one(folder: Path) -> None:
    grow(folder)
    stop = threading.Event()
    key = data_key(folder)
    with pytest.raises(CancelledError):
        rotate(folder, progress=lambda *_: stop.set(), cancel=stop)
    assert data_key(folder) == key
    assert not (folder / NEW_FILE).exists()
    open_workspace(folder, passphrase=PASSPHRASE).close()


def test_only_a_lead_may(folder: Path, unchanged: Callable[[], None]) -> None:
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        services.add_member(workspace, name="bo", role=Role.LEAD)
        services.change_role(workspace, name="kim", role=Role.REVIEWER)
    with pytest.raises(RoleError):
        rotate(folder)
    unchanged()


def test_a_wrong_passphrase_begins_nothing(folder: Path, unchanged: Callable[[], None]) -> None:
    with pytest.raises(LockedError):
        rotate(folder, passphrase="not this one")
    unchanged()


def test_a_workspace_that_was_tampered_with_is_left_alone(folder: Path) -> None:
    key = data_key(folder)
    with raw_connection(folder, key) as connection:
        connection.execute("DROP TRIGGER decision_no_update")
        connection.execute("UPDATE decision SET label = 'SP0' WHERE id = 7")
    with pytest.raises(StorageError, match="not sound"):
        rotate(folder)
    assert data_key(folder) == key
    assert not (folder / NEW_FILE).exists()


# Cut off at each step, and at any moment


@pytest.fixture
def both(folder: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The workspace, and a copy of it that was rotated."""
    rotated = Path(shutil.copytree(folder, tmp_path / "rotated"))
    rotate(rotated)
    return folder, rotated


def test_cut_off_while_it_was_written(folder: Path, unchanged: Callable[[], None]) -> None:
    (folder / NEW_FILE).write_bytes(os.urandom(40_000))
    (folder / f"{NEW_FILE}-wal").write_bytes(b"")
    unchanged()


def test_cut_off_before_it_took_its_place(both: tuple[Path, Path], unchanged: Callable[[], None]) -> None:
    folder, rotated = both
    shutil.copy(rotated / "workspace.db", folder / NEW_FILE)
    write_keys(folder, replace(read_keys(folder), next_slots=read_keys(rotated).slots))
    open_workspace(folder, passphrase=PASSPHRASE).close()
    unchanged()


def test_cut_off_after_it_took_its_place(both: tuple[Path, Path]) -> None:
    folder, rotated = both
    shutil.copy(rotated / "workspace.db", folder / "workspace.db")
    write_keys(folder, replace(read_keys(folder), next_slots=read_keys(rotated).slots))
    open_workspace(folder, passphrase=PASSPHRASE).close()
    assert data_key(folder) == data_key(rotated)
    look(folder)


def test_neither_key_opens_it(both: tuple[Path, Path], tmp_path: Path) -> None:
    folder, rotated = both
    with new_workspace(tmp_path / "other") as other:
        del other
    shutil.copy(tmp_path / "other" / "workspace.db", folder / "workspace.db")
    write_keys(folder, replace(read_keys(folder), next_slots=read_keys(rotated).slots))
    with pytest.raises(LockedError, match="No slot opens"):
        open_workspace(folder, passphrase=PASSPHRASE)
    assert read_keys(folder).next_slots != {}


def kill_rounds(folder: Path, count: int, chance: random.Random) -> int:
    """Kill rotations at random moments; return how many were in force all the same."""
    changed = 0
    for _ in range(count):
        key = data_key(folder)
        with running("keys", "rotate", "--json", "--workspace", folder, DOCKET_PASSPHRASE=PASSPHRASE) as command:
            while not (folder / NEW_FILE).exists() and command.process.is_alive():
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.25))
            command.kill()
        look(folder)
        changed += data_key(folder) != key
    return changed


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL of POSIX")
def test_killed_at_any_moment_it_opens(folder: Path) -> None:
    kill_rounds(folder, 5, random.Random(5))  # noqa: S311


@pytest.mark.slow
def test_killed_two_hundred_times_it_opens(folder: Path) -> None:
    assert 20 < kill_rounds(folder, 200, random.Random()) < 180  # noqa: S311
