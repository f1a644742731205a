"""Slots: added, changed, revoked and recovered, with a way in that always stays and no secret that is ever kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import services
from core.domain import Role, SlotKind
from core.errors import LockedError, RoleError, StorageError, UsageError
from core.services.keys import add_key, change_key, list_keys, recover, revoke_key
from core.services.workspace import Workspace, open_workspace
from core.store.keys import KeyFile, read_keys, write_keys
from core.store.wrapping import Argon2Cost, new_recovery_code
from tests.fixtures.keychains import Keychain, offered
from tests.fixtures.older import make_older
from tests.fixtures.workspaces import audit_kinds, new_workspace

CHEAP = Argon2Cost(8, 1, 1)
OLD, NEW = "long enough", "longer than before"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "w"


@pytest.fixture
def workspace(folder: Path) -> Iterator[Workspace]:
    with new_workspace(folder, policies=()) as made:
        yield made


@pytest.fixture
def keychain() -> Iterator[Keychain]:
    with offered(Keychain()) as made:
        yield made


def kinds(folder: Path) -> list[str]:
    return [slot.kind.value for slot in list_keys(folder)]


def opens(folder: Path, **secret: Any) -> bool:
    try:
        open_workspace(folder, **secret).close()
    except LockedError:
        return False
    return True


def test_a_recovery_code_opens_and_is_kept_nowhere(workspace: Workspace, folder: Path) -> None:
    code = add_key(workspace, SlotKind.RECOVERY).recovery_code
    assert code is not None
    assert opens(folder, recovery_code=code.lower())
    assert not opens(folder, recovery_code=code[:-1])
    workspace.close()
    for path in folder.iterdir():
        raw = path.read_bytes().upper()
        assert code.encode() not in raw
        assert code.replace("-", "").encode() not in raw


def used(folder: Path) -> dict[str, str]:
    return {slot.kind.value: slot.last_used_at for slot in list_keys(folder)}


def test_each_slot_tells_when_it_opened_last(workspace: Workspace, folder: Path) -> None:
    code = add_key(workspace, SlotKind.RECOVERY).recovery_code
    workspace.close()
    assert used(folder) == {"passphrase": "", "recovery": ""}
    assert not opens(folder, passphrase="another one")
    assert used(folder) == {"passphrase": "", "recovery": ""}
    assert opens(folder, passphrase=OLD)
    first = used(folder)
    assert (first["passphrase"] != "", first["recovery"]) == (True, "")
    assert opens(folder, recovery_code=code)
    assert used(folder)["passphrase"] == first["passphrase"] < used(folder)["recovery"]
    assert ((folder / "key-use.json").stat().st_mode & 0o777, OLD in (folder / "key-use.json").read_text()) == (
        0o600,
        False,
    )
    with open_workspace(folder, passphrase=OLD) as again:
        change_key(again, SlotKind.PASSPHRASE, passphrase=NEW, cost=CHEAP)
    assert used(folder)["passphrase"] == "", "the new passphrase has opened nothing yet"


@pytest.mark.parametrize(
    "damage", [b"", b"[]", b"7", b"{", b'{"passphrase": 5}', b'{"passphrase": "soon"}', b"\xff", b"[" * 9000]
)
def test_a_record_of_use_that_cannot_be_read_is_none(workspace: Workspace, folder: Path, damage: bytes) -> None:
    workspace.close()
    (folder / "key-use.json").write_bytes(damage)
    assert used(folder) == {"passphrase": ""}
    assert opens(folder, passphrase=OLD)
    assert used(folder)["passphrase"] != ""


def test_a_record_of_use_that_cannot_be_written_keeps_nobody_out(workspace: Workspace, folder: Path) -> None:
    workspace.close()
    (folder / "key-use.json").mkdir()
    assert opens(folder, passphrase=OLD)
    assert used(folder) == {"passphrase": ""}
    assert sorted(path.name for path in folder.iterdir() if "key-use" in path.name) == ["key-use.json"]


def test_a_new_code_makes_the_old_one_void(workspace: Workspace, folder: Path) -> None:
    first = add_key(workspace, SlotKind.RECOVERY).recovery_code
    second = change_key(workspace, SlotKind.RECOVERY).recovery_code
    assert (opens(folder, recovery_code=first), opens(folder, recovery_code=second)) == (False, True)


def test_a_changed_passphrase_is_the_only_one(workspace: Workspace, folder: Path) -> None:
    change_key(workspace, SlotKind.PASSPHRASE, passphrase=NEW, cost=CHEAP)
    assert (opens(folder, passphrase=OLD), opens(folder, passphrase=NEW)) == (False, True)


def test_the_last_way_in_stays(workspace: Workspace, folder: Path) -> None:
    with pytest.raises(UsageError, match="only way in"):
        revoke_key(workspace, SlotKind.PASSPHRASE)
    code = add_key(workspace, SlotKind.RECOVERY).recovery_code
    assert [slot.kind for slot in revoke_key(workspace, SlotKind.PASSPHRASE)] == [SlotKind.RECOVERY]
    assert not opens(folder, passphrase=OLD)
    with pytest.raises(LockedError, match="Only the recovery code"):
        open_workspace(folder)
    assert opens(folder, recovery_code=code)


def test_a_slot_is_added_once_and_changed_only_where_it_is(workspace: Workspace, folder: Path) -> None:
    with pytest.raises(UsageError, match="already"):
        add_key(workspace, SlotKind.PASSPHRASE, passphrase=NEW)
    for verb in (change_key, revoke_key):
        with pytest.raises(UsageError, match="no recovery slot"):
            verb(workspace, SlotKind.RECOVERY)
    with pytest.raises(LockedError, match="no keychain here"):
        add_key(workspace, SlotKind.KEYCHAIN)
    with pytest.raises(LockedError, match="fewer"):
        change_key(workspace, SlotKind.PASSPHRASE, passphrase="short")
    assert opens(folder, passphrase=OLD)


def test_the_keychain_can_be_added_changed_and_revoked(workspace: Workspace, folder: Path, keychain: Keychain) -> None:
    slot = add_key(workspace, SlotKind.KEYCHAIN).slot
    assert slot.backend == "tests.fixtures.keychains.Keychain"
    assert opens(folder)
    before = dict(keychain.kept)
    stale = json.loads((folder / "keys.json").read_text())
    change_key(workspace, SlotKind.KEYCHAIN)
    assert opens(folder)
    assert len(keychain.kept) == 1
    assert not keychain.kept.items() & before.items()
    now = (folder / "keys.json").read_text()
    (folder / "keys.json").write_text(json.dumps(stale))
    assert not opens(folder)
    (folder / "keys.json").write_text(now)
    revoke_key(workspace, SlotKind.KEYCHAIN)
    assert keychain.kept == {}
    assert not opens(folder)
    assert kinds(folder) == ["passphrase"]


def test_a_new_workspace_may_have_keychain_and_passphrase(folder: Path, keychain: Keychain) -> None:
    services.create_workspace(folder, passphrase=OLD, keychain=True, cost=CHEAP).close()
    assert kinds(folder) == ["keychain", "passphrase"]
    assert opens(folder)
    keychain.kept.clear()
    assert opens(folder, passphrase=OLD)


def test_the_way_back_in(workspace: Workspace, folder: Path) -> None:
    code = add_key(workspace, SlotKind.RECOVERY).recovery_code or ""
    workspace.close()
    with pytest.raises(LockedError, match="does not open"):
        recover(folder, recovery_code=new_recovery_code(), passphrase=NEW)
    assert opens(folder, passphrase=OLD)
    with pytest.raises(LockedError, match="fewer"):
        recover(folder, recovery_code=code, passphrase="short")
    assert opens(folder, passphrase=OLD)
    recover(folder, recovery_code=code, passphrase=NEW, cost=CHEAP).close()
    assert (opens(folder, passphrase=OLD), opens(folder, passphrase=NEW)) == (False, True)
    assert opens(folder, recovery_code=code)


def test_only_a_lead_changes_keys_and_each_change_is_told(workspace: Workspace) -> None:
    add_key(workspace, SlotKind.RECOVERY)
    change_key(workspace, SlotKind.PASSPHRASE, passphrase=NEW, cost=CHEAP)
    revoke_key(workspace, SlotKind.RECOVERY)
    assert [kind for kind in audit_kinds(workspace) if kind.startswith("key.")] == [
        "key.added",
        "key.changed",
        "key.revoked",
    ]
    [added] = services.audit_events(workspace, kind="key.added")
    assert added.details["slot"] == "recovery"
    services.add_member(workspace, name="bo", role=Role.REVIEWER)
    workspace.reviewer = "bo"
    for verb in (add_key, change_key, revoke_key):
        with pytest.raises(RoleError, match="change the keys"):
            verb(workspace, SlotKind.RECOVERY)


def test_a_change_that_cannot_be_written_or_told_is_none(
    workspace: Workspace, folder: Path, keychain: Keychain
) -> None:
    before = (folder / "keys.json").read_bytes()
    (folder / "keys.json.part").mkdir()
    for kind in (SlotKind.RECOVERY, SlotKind.KEYCHAIN):
        with pytest.raises(StorageError):
            add_key(workspace, kind)
    (folder / "keys.json.part").rmdir()
    workspace.store._db.close()
    with pytest.raises(Exception, match="closed"):
        add_key(workspace, SlotKind.KEYCHAIN)
    assert (folder / "keys.json").read_bytes() == before
    assert keychain.kept == {}
    workspace.closed = True


def test_no_secret_shows_in_what_a_change_returns(workspace: Workspace) -> None:
    change = add_key(workspace, SlotKind.RECOVERY)
    assert change.recovery_code is not None
    assert change.recovery_code not in repr(change)
    assert workspace.store.data_key().hex() not in repr(workspace)


def slots_said(workspace: Workspace) -> str:
    """What `verify` says of the slots, "" where they are those that were told."""
    [check] = [check for check in services.verify(workspace) if check.name == "key_slots"]
    assert check.ok or "keys revoke" in check.hint
    return "" if check.ok else check.detail


def test_every_change_of_the_slots_is_one_that_was_told(workspace: Workspace, keychain: Keychain) -> None:
    assert slots_said(workspace) == ""
    for kind in (SlotKind.RECOVERY, SlotKind.KEYCHAIN):
        add_key(workspace, kind)
        assert slots_said(workspace) == ""
    change_key(workspace, SlotKind.PASSPHRASE, passphrase=NEW, cost=CHEAP)
    revoke_key(workspace, SlotKind.RECOVERY)
    assert slots_said(workspace) == ""


def test_a_slot_that_was_slipped_in_taken_out_or_swapped_is_named(workspace: Workspace, folder: Path) -> None:
    """Whoever has the data key can wrap it once more; the chain was told of no such thing."""
    sound, data_key = read_keys(folder), workspace.store.data_key()

    def with_slots(change: Callable[[KeyFile], object]) -> str:
        kept = replace(sound, slots=dict(sound.slots))
        change(kept)
        write_keys(folder, kept)
        return slots_said(workspace)

    assert with_slots(lambda kept: kept.add_recovery(data_key)) == (
        "the recovery slot was never recorded in the audit chain"
    )
    assert with_slots(lambda kept: kept.slots.pop("passphrase")) == (
        "the passphrase slot is missing (event 1 recorded it)"
    )
    assert with_slots(lambda kept: kept.add_passphrase(NEW, data_key, CHEAP)) == (
        "the passphrase slot differs from what event 1 recorded"
    )
    write_keys(folder, sound)
    add_key(workspace, SlotKind.RECOVERY)
    taken = read_keys(folder).slots["recovery"]
    revoke_key(workspace, SlotKind.RECOVERY)
    assert with_slots(lambda kept: kept.slots.update(recovery=taken)) == (
        "the recovery slot is there, and event 3 took it away"
    )


def test_what_an_older_docket_told_is_enough_to_pass(workspace: Workspace, folder: Path) -> None:
    """It told neither the first slots nor what stood in one."""
    older = make_older(folder.parent / "older")
    with open_workspace(older, passphrase=OLD) as made:
        assert slots_said(made) == ""
        made.store.record("key.added", "kim", {"slot": "recovery"})
        assert slots_said(made) == "the recovery slot is missing (event 2 recorded it)"
        made.store.record("key.revoked", "kim", {"slot": "recovery"})
        assert slots_said(made) == ""


def test_the_recovery_code_may_be_typed_where_a_passphrase_is_asked_for(workspace: Workspace, folder: Path) -> None:
    code = add_key(workspace, SlotKind.RECOVERY).recovery_code or ""
    assert opens(folder, passphrase=code)
    assert opens(folder, passphrase=f" {code.lower().replace('-', ' ')} ")
    assert used(folder)["recovery"] != ""
    services.check_key(workspace, passphrase=code)  # at the lock
    for wrong in (new_recovery_code(), code[:-1] + ("0" if code[-1] != "0" else "1"), ""):
        assert not opens(folder, passphrase=wrong)
        with pytest.raises(LockedError, match="passphrase"):
            services.check_key(workspace, passphrase=wrong)


def test_a_passphrase_that_reads_like_a_code_stays_a_passphrase(workspace: Workspace, folder: Path) -> None:
    add_key(workspace, SlotKind.RECOVERY)
    like_a_code = new_recovery_code()
    change_key(workspace, SlotKind.PASSPHRASE, passphrase=like_a_code, cost=CHEAP)
    assert opens(folder, passphrase=like_a_code)
