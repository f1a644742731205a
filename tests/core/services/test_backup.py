"""Backups: of a workspace in use, whole or not there; and a restore that finds every way a copy can be wrong."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import services
from core.domain import SlotKind, utc_now
from core.errors import AppError, CancelledError, InputError, LockedError, NewerError, StorageError, WorkspaceError
from core.services.backup import backup_due, list_backups, make_backup, restore
from core.services.keys import add_key, change_key
from core.services.workspace import Workspace, open_workspace
from core.settings import Settings
from core.store.wrapping import Argon2Cost
from tests.core.store.conftest import raw_connection
from tests.fixtures.older import make_older
from tests.fixtures.values import make_decision, make_item
from tests.fixtures.workspaces import audit_kinds, new_workspace

PASSPHRASE = "long enough"
CANARY = "canary-51c0-content"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Thirty items and decisions."""
    with new_workspace(tmp_path / "w") as made:
        fill(made, 30)
        yield made


def fill(workspace: Workspace, count: int, start: int = 0) -> None:
    policy = services.get_policy(workspace, policy_id="spam")
    items = [make_item(number, content=f"{CANARY} {number} " * 50) for number in range(start, start + count)]
    workspace.store.add_items(items, source="test", actor="kim")
    workspace.store.add_decisions([make_decision(item, policy, "SP2", note=CANARY) for item in items], actor="kim")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_restored_workspace_is_the_one_that_was_copied(workspace: Workspace, tmp_path: Path) -> None:
    made = make_backup(workspace, out=tmp_path / "one.zip")
    fill(workspace, 5, start=100)
    made_later = list(workspace.store.iter_decisions())
    done = restore(made.path, tmp_path / "again", passphrase=PASSPHRASE)
    assert (done.workspace, done.events) == (services.workspace.read_keys(workspace.folder).workspace, made.events)
    assert all(check.ok for check in done.checks)
    assert len(done.checks) > 5
    with open_workspace(tmp_path / "again", passphrase=PASSPHRASE) as again:
        assert list(again.store.iter_decisions()) == made_later[:30]
        assert again.reviewer == "kim"
        assert audit_kinds(again)[-1] == "workspace.restored"
        assert [check for check in services.verify(again) if not check.ok] == []
    assert names(tmp_path) == {"w", "one.zip", "again"}


def test_what_is_copied_is_told_with_its_hash(workspace: Workspace, tmp_path: Path) -> None:
    made = make_backup(workspace, out=tmp_path / "one.zip")
    [event] = services.audit_events(workspace, kind="backup.made")
    assert dict(event.details) == {"file": "one.zip", "sha256": made.sha256, "upto": made.events}
    import hashlib

    assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256
    assert made.path.stat().st_size == made.size_bytes
    assert made.path.stat().st_mode & 0o077 == 0 or os.name != "posix"


def test_reviewing_goes_on_while_it_is_copied(workspace: Workspace, tmp_path: Path) -> None:
    stop, stored = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            fill(workspace, 1, start=1000 + len(stored))
            stored.append(1)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(4):
            made = make_backup(workspace, out=tmp_path / f"{number}.zip")
            restore(made.path, tmp_path / f"again-{number}", passphrase=PASSPHRASE)
    finally:
        stop.set()
        worker.join(60)
    assert len(stored) > 3
    assert [check for check in services.verify(workspace) if not check.ok] == []


def test_a_page_that_is_being_written_is_not_taken_for_damaged(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.backfill.FULL_PAGES", 1)  # the log is emptied after every commit
    stop, stored = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            fill(workspace, 1, start=1000 + len(stored))
            stored.append(1)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        looks = [check for _ in range(4) for check in services.verify(workspace) if check.name == "pages"]
    finally:
        stop.set()
        worker.join(60)
    assert [check for check in looks if not check.ok] == []


def test_no_readable_content_in_a_backup_nor_beside_it(workspace: Workspace, tmp_path: Path) -> None:
    seen: set[str] = set()

    def look(_done: int, _total: int) -> None:
        for path in (path for path in tmp_path.rglob("*") if path.is_file()):
            seen.add(path.name)
            raw = path.read_bytes()
            assert CANARY.encode() not in raw, path
            assert not raw.startswith(b"SQLite format 3"), path

    made = make_backup(workspace, progress=look)
    look(0, 0)
    restore(made.path, tmp_path / "again", passphrase=PASSPHRASE, progress=look)
    look(0, 0)
    assert any(name.endswith("-db.part") for name in seen)
    assert made.path.name in seen


def test_the_keys_of_its_day_open_it(workspace: Workspace, tmp_path: Path) -> None:
    code = add_key(workspace, SlotKind.RECOVERY).recovery_code
    made = make_backup(workspace, out=tmp_path / "one.zip")
    change_key(workspace, SlotKind.PASSPHRASE, passphrase="another passphrase", cost=Argon2Cost(8, 1, 1))
    with pytest.raises(LockedError):
        restore(made.path, tmp_path / "a", passphrase="another passphrase")
    assert not (tmp_path / "a").exists()
    restore(made.path, tmp_path / "a", passphrase=PASSPHRASE)
    restore(made.path, tmp_path / "b", recovery_code=code)
    restore(made.path, tmp_path / "c", passphrase=code)  # as typed in the window


def test_nothing_is_ever_written_over(workspace: Workspace, tmp_path: Path) -> None:
    made = make_backup(workspace, out=tmp_path / "one.zip")
    before = made.path.read_bytes()
    with pytest.raises(StorageError, match="already"):
        make_backup(workspace, out=made.path)
    assert made.path.read_bytes() == before
    with pytest.raises(StorageError, match="no folder"):
        make_backup(workspace, out=tmp_path / "none" / "one.zip")
    with pytest.raises(WorkspaceError, match="already holds a workspace"):
        restore(made.path, workspace.folder, passphrase=PASSPHRASE)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    with pytest.raises(WorkspaceError, match="not empty"):
        restore(made.path, tmp_path / "mine", passphrase=PASSPHRASE)
    assert names(tmp_path) == {"w", "one.zip", "mine"}


def test_a_stopped_backup_or_restore_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    made = make_backup(workspace, out=tmp_path / "one.zip")
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        make_backup(workspace, out=tmp_path / "two.zip", cancel=stop)
    with pytest.raises(CancelledError):
        restore(made.path, tmp_path / "again", passphrase=PASSPHRASE, cancel=stop)
    assert names(tmp_path) == {"w", "one.zip"}


# A copy that is wrong


@pytest.fixture
def copy(workspace: Workspace, tmp_path: Path) -> Path:
    return make_backup(workspace, out=tmp_path / "one.zip").path


def refusal(copy: Path, tmp_path: Path) -> AppError:
    with pytest.raises(AppError) as caught:
        restore(copy, tmp_path / "again", passphrase=PASSPHRASE)
    assert not (tmp_path / "again").exists()
    assert [name for name in names(tmp_path) if name.endswith(".part")] == []
    return caught.value


def test_a_flipped_bit_anywhere_is_found(copy: Path, tmp_path: Path) -> None:
    whole = copy.read_bytes()
    step = max(1, len(whole) // 60)
    tail = range(len(whole) - 3000, len(whole), 37)
    for place in [*range(0, len(whole), step), *tail]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        copy.write_bytes(bytes(damaged))
        try:
            error = refusal(copy, tmp_path)
        except pytest.fail.Exception:
            # Dates and flags of the ZIP's own directory are nobody's content: what was restored is what was written.
            assert place > len(whole) - 3000 or place < 100, place
            shutil.rmtree(tmp_path / "again")
            continue
        assert isinstance(error, (InputError, NewerError)), (place, error)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_cut_short_is_found(copy: Path, tmp_path: Path, share: float) -> None:
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(len(whole) * share)])
    assert "cut short" in refusal(copy, tmp_path).message


def repack(copy: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """Write a backup anew with other contents and a manifest that fits them."""
    import hashlib

    with zipfile.ZipFile(copy) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(files)
    manifest["files"] = {
        name: {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in files.items()
    }
    with zipfile.ZipFile(copy, "w") as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
        archive.writestr("manifest.json", json.dumps(manifest))


def test_the_database_of_another_day_is_found(workspace: Workspace, copy: Path, tmp_path: Path) -> None:
    fill(workspace, 3, start=500)
    later = make_backup(workspace, out=tmp_path / "two.zip").path
    with zipfile.ZipFile(copy) as archive:
        older = archive.read("workspace.db")
    repack(later, lambda files: files.update({"workspace.db": older}))
    error = refusal(later, tmp_path)
    assert "checkpoints: the chain had" in error.message
    assert "is missing" in error.message


def test_the_database_of_another_workspace_is_found(copy: Path, tmp_path: Path) -> None:
    with new_workspace(tmp_path / "other") as other:
        foreign = make_backup(other, out=tmp_path / "foreign.zip").path
    with zipfile.ZipFile(foreign) as archive:
        database = archive.read("workspace.db")
    repack(copy, lambda files: files.update({"workspace.db": database}))
    assert "does not open this database" in refusal(copy, tmp_path).message


def test_an_edited_row_is_found_with_the_key_in_hand(workspace: Workspace, copy: Path, tmp_path: Path) -> None:
    place = tmp_path / "lab"
    place.mkdir()
    key = workspace.store.data_key()

    def edit(files: dict[str, bytes]) -> None:
        (place / "workspace.db").write_bytes(files["workspace.db"])
        with raw_connection(place, key) as connection:
            connection.execute("DROP TRIGGER decision_no_update")
            connection.execute("UPDATE decision SET label = 'SP0' WHERE id = 7")
        files["workspace.db"] = (place / "workspace.db").read_bytes()

    repack(copy, edit)
    shutil.rmtree(place)
    assert "decision_no_update" in refusal(copy, tmp_path).message


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.pop("workspace.db"),
        lambda files: files.pop("keys.json"),
        lambda files: files.update({"extra": b"x"}),
        lambda files: files.update({"../outside": b"x"}),
        lambda files: files.update({"keys.json": b"{}"}),
        lambda files: files.update({"workspace.db": b""}),
        lambda files: files.update({"settings.toml": b"[["}),
    ],
)
def test_a_backup_of_other_things_is_refused(
    copy: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    repack(copy, change)
    assert refusal(copy, tmp_path).message
    assert names(tmp_path) == {"w", "one.zip"}


def test_a_compressed_bomb_is_not_unpacked(copy: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(copy) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, bytes(50_000_000) if name == "workspace.db" else raw)
    assert "workspace.db is not as it was written" in refusal(copy, tmp_path).message


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("hello", "x")
    for name, words in {"a.txt": "no ZIP file", "b.zip": "no backup", "c.zip": "no file"}.items():
        with pytest.raises(InputError, match=words):
            restore(tmp_path / name, tmp_path / "again", passphrase=PASSPHRASE)
        assert not (tmp_path / "again").exists()


def test_a_damaged_workspace_is_not_copied_silently(workspace: Workspace, tmp_path: Path) -> None:
    folder = workspace.folder
    workspace.close()
    whole = (folder / "workspace.db").read_bytes()
    pages, tried = len(whole) // 4096, 0
    for page in range(pages // 2, pages, 5):
        damaged = bytearray(whole)
        damaged[page * 4096 + 99] ^= 1
        (folder / "workspace.db").write_bytes(bytes(damaged))
        try:
            again = open_workspace(folder, passphrase=PASSPHRASE)
        except StorageError:  # a page of the schema: nothing opens
            continue
        with pytest.raises(StorageError, match="page"):
            make_backup(again)
        again.store._db.close()
        tried += 1
        assert names(folder / "backups") == set()
    assert tried > 5


# The schedule


def test_a_backup_is_due_when_the_newest_is_old(workspace: Workspace) -> None:
    assert backup_due(workspace)
    made = make_backup(workspace)
    assert not backup_due(workspace)
    assert backup_due(workspace, now=utc_now() + timedelta(hours=25))
    assert backup_due(workspace, now=utc_now() - timedelta(hours=25))  # a clock that was set back
    old = time.time() - 30 * 3600
    os.utime(made.path, (old, old))
    assert backup_due(workspace)
    services.save_settings(workspace, settings=Settings(reviewer="kim", backup_hours=0))
    assert not backup_due(workspace)


def test_only_the_newest_are_kept(workspace: Workspace) -> None:
    services.save_settings(workspace, settings=Settings(reviewer="kim", backups_kept=2))
    made = []
    for number in range(4):
        made.append(make_backup(workspace).path)
        old = time.time() - 1000 + number
        os.utime(made[-1], (old, old))
    assert list_backups(workspace) == made[2:]
    (workspace.folder / "backups" / ".docket-0.part").touch()  # of one that was killed
    make_backup(workspace)
    assert len(names(workspace.folder / "backups")) == 2


# Before the tables change


@pytest.fixture
def older(tmp_path: Path) -> Path:
    return make_older(tmp_path / "w")


def test_a_backup_is_made_before_the_tables_change(older: Path) -> None:
    workspace = open_workspace(older, passphrase=PASSPHRASE)
    workspace.store._db.close()
    [made] = (older / "backups").iterdir()
    assert made.name.endswith("-before-upgrade.zip")
    (older / "lab").mkdir()
    with zipfile.ZipFile(made) as archive:
        archive.extract("workspace.db", older / "lab")
    with raw_connection(older / "lab", workspace.store.data_key()) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_without_room_for_it_the_tables_do_not_change(older: Path) -> None:
    (older / "backups").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="backups"):
        open_workspace(older, passphrase=PASSPHRASE)
    (older / "backups").unlink()
    from core.services.unlocking import Secret, unlock
    from core.store.keys import read_keys

    with raw_connection(older, unlock(read_keys(older), Secret(PASSPHRASE))[1]) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
