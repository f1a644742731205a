"""A disk that is full at every write of a decision, import, backup or upgrade: it is said, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from core import services
from core.domain import SlotKind
from core.errors import AppError, ExportError, StorageError
from core.services.rotating import rotate_key
from core.services.workspace import Workspace, create_workspace, open_workspace
from core.store.keys import read_keys
from core.store.wrapping import Argon2Cost
from tests.fixtures.older import make_older
from tests.fixtures.values import make_item
from tests.fixtures.workspaces import new_workspace, write_lines

PASSPHRASE = "long enough"
DISK = 12 * 1024 * 1024
STEP = 4096
ITEMS = 20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, or a skip that says why not."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk: tests of a full disk ran with limited pages only")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def leave_free(disk: Path, free: int) -> None:
    """Fill the disk up to so many bytes."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    room = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - free
    ballast.write_bytes(bytes(max(0, room)))


def said_full(error: AppError) -> bool:
    """Whether an error says that there is no room and what to do."""
    words = f"{error.message} {error.hint}".lower()
    return "full" in words or "space" in words


def until_it_fits(disk: Path, folder: Path, attempt: Callable[[], Any], *, step: int, check: Callable[[], None]) -> int:
    """Try with a little more room each time; return how often it was too full. Each failure is typed and harmless."""
    failures, free = 0, 0
    while True:
        leave_free(disk, free)
        try:
            attempt()
        except (StorageError, ExportError) as error:
            if not said_full(error):
                pytest.fail(f"not said clearly: {error}")
            failures += 1
        else:
            return failures
        (disk / "ballast").unlink()
        check()
        assert [path.name for path in folder.rglob("*.part")] == []
        assert free < DISK, "it never fits"
        free += step


def decisions_in(workspace: Workspace) -> int:
    """How many decisions are stored, superseded ones among them."""
    with workspace.store._db.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM decision")).scalar_one())


def sound(folder: Path, **counts: int) -> Callable[[], None]:
    """A look at a workspace that must hold exactly this."""

    def look() -> None:
        with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
            assert [check for check in services.verify(workspace) if not check.ok] == []
            assert services.queue_counts(workspace).total == counts["items"]
            assert decisions_in(workspace) == counts["decisions"]

    return look


def make_desk(folder: Path) -> Path:
    with new_workspace(folder, policies=("spam",)) as workspace:
        items = [make_item(number, content="words " * 200) for number in range(ITEMS)]
        workspace.store.add_items(items, source="test", actor="kim")
    return folder


def decide(workspace: Workspace, number: int) -> None:
    key = services.find_entry(workspace, item_id=f"item-{number}", policy_id="spam")
    services.decide(workspace, key=key, policy_id="spam", label="SP2", note="note " * 500)


@contextmanager
def closing_as_it_can(workspace: Workspace) -> Iterator[Workspace]:
    """Close at the end, even where there is no room to sign it: what was done is stored all the same."""
    try:
        yield workspace
    finally:
        with suppress(StorageError):
            workspace.close()


def test_a_decision(disk: Path) -> None:
    folder = make_desk(disk / "w")

    def attempt() -> None:
        with closing_as_it_can(open_workspace(folder, passphrase=PASSPHRASE)) as workspace:
            decide(workspace, 1)

    assert until_it_fits(disk, folder, attempt, step=STEP, check=sound(folder, items=ITEMS, decisions=0)) > 5
    (disk / "ballast").unlink()
    sound(folder, items=ITEMS, decisions=1)()


def test_a_desk_that_stays_open_goes_on_when_there_is_room(disk: Path) -> None:
    folder = make_desk(disk / "w")
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        done = failed = 0
        leave_free(disk, 400 * 1024)
        for number in range(ITEMS):
            try:
                decide(workspace, number)
                done += 1
            except StorageError as error:
                failed += said_full(error)
        assert done > 0
        assert failed > 0
        assert decisions_in(workspace) == done
        (disk / "ballast").unlink()
        for number in range(ITEMS):
            decide(workspace, number)
    sound(folder, items=ITEMS, decisions=done + ITEMS)()


def test_closing_on_a_full_disk_loses_nothing(disk: Path) -> None:
    folder = make_desk(disk / "w")
    workspace = open_workspace(folder, passphrase=PASSPHRASE)
    decide(workspace, 1)
    leave_free(disk, 0)
    with pytest.raises(StorageError, match="What was done is stored"):
        workspace.close()
    (disk / "ballast").unlink()
    sound(folder, items=ITEMS, decisions=1)()


def test_an_import(disk: Path, tmp_path: Path) -> None:
    folder = make_desk(disk / "w")
    records = write_lines(
        tmp_path / "items.jsonl", [{"id": f"new-{n}", "content": f"text {n} " * 100} for n in range(100)]
    )

    def attempt() -> None:
        with closing_as_it_can(open_workspace(folder, passphrase=PASSPHRASE)) as workspace:
            summary = services.import_file(workspace, path=records)
            assert (summary.stored, summary.rejected) == (100, ())

    look = sound(folder, items=ITEMS, decisions=0)
    assert until_it_fits(disk, folder, attempt, step=5 * STEP, check=look) > 5
    (disk / "ballast").unlink()
    sound(folder, items=ITEMS + 100, decisions=0)()


def test_a_backup_and_a_restore(disk: Path, tmp_path: Path) -> None:
    folder = make_desk(disk / "w")
    workspace = open_workspace(folder, passphrase=PASSPHRASE)
    out = disk / "one.zip"

    def nothing_left() -> None:
        assert {path.name for path in disk.iterdir()} <= {"w", "one.zip"}
        assert [check for check in services.verify(workspace) if not check.ok] == []

    def back_up() -> None:
        services.make_backup(workspace, out=out)

    assert until_it_fits(disk, folder, back_up, step=10 * STEP, check=nothing_left) > 5
    (disk / "ballast").unlink()
    workspace.close()

    def bring_back() -> None:
        services.restore(out, disk / "again", passphrase=PASSPHRASE)

    def not_there() -> None:
        assert {path.name for path in disk.iterdir()} == {"w", "one.zip"}

    assert until_it_fits(disk, folder, bring_back, step=10 * STEP, check=not_there) > 5
    (disk / "ballast").unlink()
    sound(disk / "again", items=ITEMS, decisions=0)()


def test_a_rotation(disk: Path) -> None:
    folder = make_desk(disk / "w")
    before = read_keys(folder).slots

    def as_it_was() -> None:
        sound(folder, items=ITEMS, decisions=0)()
        assert read_keys(folder).slots == before
        assert not (folder / "workspace.db.new").exists()

    def attempt() -> None:
        rotate_key(folder, passphrase=PASSPHRASE, cost=Argon2Cost(8, 1, 1))

    assert until_it_fits(disk, folder, attempt, step=15 * STEP, check=as_it_was) > 5
    (disk / "ballast").unlink()
    sound(folder, items=ITEMS, decisions=0)()
    assert read_keys(folder).slots != before


def test_an_upgrade(disk: Path) -> None:
    folder = make_older(disk / "w")
    before = (folder / "workspace.db").read_bytes()

    def attempt() -> None:
        with closing_as_it_can(open_workspace(folder, passphrase=PASSPHRASE)):
            pass

    def as_it_was() -> None:
        again = disk / "look"
        shutil.copytree(folder, again)
        assert len((again / "workspace.db").read_bytes()) >= len(before)
        open_workspace(again, passphrase=PASSPHRASE).close()  # from where it stood, with room
        shutil.rmtree(again)

    assert until_it_fits(disk, folder, attempt, step=12 * STEP, check=as_it_was) > 5
    (disk / "ballast").unlink()
    sound(folder, items=0, decisions=0)()
    assert len(list((folder / "backups").iterdir())) >= 1


def test_a_new_workspace_and_its_keys(disk: Path) -> None:
    def attempt() -> None:
        with closing_as_it_can(create_workspace(disk / "w", passphrase=PASSPHRASE)):
            pass

    def gone() -> None:
        assert not services.is_workspace(disk / "w")
        assert not (disk / "w").exists() or list((disk / "w").iterdir()) == []

    assert until_it_fits(disk, disk, attempt, step=20 * STEP, check=gone) > 3
    with open_workspace(disk / "w", passphrase=PASSPHRASE) as workspace:
        before = (disk / "w" / "keys.json").read_bytes()
        leave_free(disk, 0)
        with pytest.raises(StorageError):
            services.add_key(workspace, SlotKind.RECOVERY)
        assert (disk / "w" / "keys.json").read_bytes() == before
        (disk / "ballast").unlink()


def test_a_disk_that_may_only_be_read(disk: Path, tmp_path: Path) -> None:
    folder = make_desk(disk / "w")
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        made = services.make_backup(workspace, out=tmp_path / "one.zip")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    attempts: list[Callable[[], object]] = [
        lambda: open_workspace(folder, passphrase=PASSPHRASE),
        lambda: rotate_key(folder, passphrase=PASSPHRASE),
        lambda: services.restore(made.path, disk / "again", passphrase=PASSPHRASE),
        lambda: create_workspace(disk / "new", passphrase=PASSPHRASE),
    ]
    for number, attempt in enumerate(attempts):
        with pytest.raises(StorageError) as caught:
            attempt()
        words = f"{caught.value.message} {caught.value.hint}".lower()
        assert any(word in words for word in ("read-only", "permission", "may write")), (number, words)
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    sound(folder, items=ITEMS, decisions=0)()


# The same with a limit on the pages of the database: no right to mount anything is needed


class limited:  # noqa: N801 - reads as a statement
    """Let the database of an open workspace grow by so many pages and no further."""

    def __init__(self, workspace: Workspace, more: int) -> None:
        self._engine = workspace.store._db.engine
        with workspace.store._db.read() as connection:
            self._pages = connection.execute(text("PRAGMA page_count")).scalar_one() + more

    def _limit(self, connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self._pages}")

    def __enter__(self) -> None:
        self._engine.dispose()
        event.listen(self._engine, "connect", self._limit)

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "connect", self._limit)
        self._engine.dispose()


def test_every_page_that_a_decision_cannot_have(tmp_path: Path) -> None:
    folder = make_desk(tmp_path / "w")
    done = failed = 0
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        for more in range(30):
            with limited(workspace, more % 7):
                try:
                    for number in range(ITEMS):
                        decide(workspace, number)
                        done += 1
                except StorageError as error:
                    failed += said_full(error)
            assert decisions_in(workspace) == done
        assert failed == 30
        assert [check for check in services.verify(workspace) if not check.ok] == []


def test_every_page_that_an_import_cannot_have(tmp_path: Path) -> None:
    folder = make_desk(tmp_path / "w")
    records = write_lines(
        tmp_path / "items.jsonl", [{"id": f"new-{n}", "content": f"text {n} " * 400} for n in range(30)]
    )
    failures = 0
    with open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        before = services.queue_counts(workspace)
        for more in range(400):
            try:
                with limited(workspace, more):
                    services.import_file(workspace, path=records)
                break
            except StorageError as error:
                assert services.queue_counts(workspace) == before
                failures += said_full(error)
        assert failures > 5
        assert services.queue_counts(workspace).total == ITEMS + 30
        assert [check for check in services.verify(workspace) if not check.ok] == []
