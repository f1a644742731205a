"""The backups that are there: each held against the audit chain, and what one says of itself before it is proven."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import SlotKind
from core.errors import CancelledError, InputError
from core.services.backup import make_backup
from core.services.kept_backups import is_as_made, kept_backups, look_at_backup
from core.services.workspace import Workspace
from tests.fixtures.workspaces import new_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w") as made:
        yield made


def test_each_is_held_against_the_hash_the_audit_chain_names(workspace: Workspace) -> None:
    first, second = (make_backup(workspace).path for _ in range(2))
    foreign = first.with_name("docket-20000101-000000.zip")
    foreign.write_bytes(b"put here by somebody")
    kept = {one.path: one for one in kept_backups(workspace)}
    assert kept.keys() == {first, second, foreign}
    assert kept[first].size_bytes == first.stat().st_size
    assert kept[foreign].sha256 == ""
    assert [is_as_made(kept[path]) for path in (first, second, foreign)] == [True, True, None]
    raw = bytearray(first.read_bytes())
    raw[len(raw) // 2] ^= 1
    first.write_bytes(raw)
    second.write_bytes(second.read_bytes()[:-1])
    assert [is_as_made(kept[path]) for path in (first, second)] == [False, False]
    first.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        is_as_made(kept[first])
    assert first not in {one.path for one in kept_backups(workspace)}


def test_one_takes_no_name_of_another_for_its_own(workspace: Workspace) -> None:
    one, other = (make_backup(workspace).path for _ in range(2))
    one.write_bytes(other.read_bytes())  # sound, but not the one of that name
    kept = {each.path: each for each in kept_backups(workspace)}
    assert (is_as_made(kept[one]), is_as_made(kept[other])) == (False, True)


def test_a_check_can_be_stopped(workspace: Workspace) -> None:
    make_backup(workspace)
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        is_as_made(kept_backups(workspace)[0], cancel=stop)


def test_it_says_what_it_does_not_hold(workspace: Workspace, tmp_path: Path) -> None:
    made = make_backup(workspace, out=tmp_path / "one.zip")
    before = look_at_backup(made.path, workspace=workspace)
    assert (before.events, before.needs_passphrase) == (made.events, True)
    assert before.newer == services.audit_events(workspace, limit=1)[0].number - made.events
    make_backup(workspace, out=tmp_path / "two.zip")
    after = look_at_backup(made.path, workspace=workspace)
    assert after.newer is not None
    assert before.newer is not None
    assert after.newer > before.newer
    assert look_at_backup(made.path).newer is None
    with new_workspace(tmp_path / "other") as other:
        assert look_at_backup(made.path, workspace=other).newer is None


def test_a_backup_that_only_the_recovery_code_opens_asks_for_something(workspace: Workspace, tmp_path: Path) -> None:
    services.add_key(workspace, SlotKind.RECOVERY)
    services.revoke_key(workspace, SlotKind.PASSPHRASE)
    made = make_backup(workspace, out=tmp_path / "one.zip")
    assert look_at_backup(made.path).needs_passphrase
    assert services.backup_needs_passphrase(made.path)


def test_what_is_no_backup_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for raw in (b"", b"PK\x03\x04 no more", b"x" * 100):
        path.write_bytes(raw)
        with pytest.raises(InputError):
            look_at_backup(path, workspace=workspace)
    with pytest.raises(InputError):
        look_at_backup(tmp_path / "nowhere.zip")
