"""An import that was cut off goes on where it stopped: nothing is read again, nothing lost, nothing stored twice."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core import services
from core.domain import ImportSummary
from core.errors import CancelledError, InputError
from core.services import intake
from core.services.workspace import Workspace
from tests.fixtures.killing import running
from tests.fixtures.workspaces import figures, new_workspace, write_lines

ROWS = 95
BAD = frozenset({7, 33, 34, 71})


def write_jsonl(path: Path) -> None:
    rows = [b"{broken" if n in BAD else json.dumps({"id": f"i{n}", "content": f"text {n}"}) for n in range(ROWS)]
    write_lines(path, [b"\xef\xbb\xbf" + rows[0].encode() if isinstance(rows[0], str) else rows[0], b"", *rows[1:]])


def write_csv(path: Path) -> None:
    rows = ["a note above,,", "id,content,lang"]
    rows += [f"i{n},too,many,cells" if n in BAD else f'i{n},"text\n{n}",en' for n in range(ROWS)]
    path.write_text("\n".join(rows), encoding="utf-8")


def write_txt(path: Path) -> None:
    path.write_bytes(b"\n".join(b"bad \xff" if n in BAD else f"täxt {n}\n".encode() for n in range(ROWS)))


def write_parquet(path: Path) -> None:
    ids = [None if n in BAD else f"i{n}" for n in range(ROWS)]
    table = pa.table({"id": ids, "content": [f"text {n}" for n in range(ROWS)]})
    pq.write_table(table, path, row_group_size=10)


WRITERS: dict[str, Callable[[Path], None]] = {
    "a.jsonl": write_jsonl, "a.csv": write_csv, "a.txt": write_txt, "a.parquet": write_parquet,
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setattr(intake, "BATCH_RECORDS", 10)
    with new_workspace(tmp_path / "w", policies=["spam"]) as made:
        yield made


def stop_after(workspace: Workspace, path: Path, batches: int, **options: object) -> None:
    """Import, and stop after so many batches."""
    stop = threading.Event()
    told = 0

    def progress(_done: int, _total: int) -> None:
        nonlocal told
        told += 1
        if told == batches:
            stop.set()

    with pytest.raises(CancelledError, match="go on from there"):
        services.import_file(workspace, path=path, progress=progress, cancel=stop, **options)  # type: ignore[arg-type]


def held(workspace: Workspace) -> tuple[int, int]:
    """How many items and refused rows there are."""
    return sum(1 for _ in workspace.store.iter_items()), services.quarantine_size(workspace)


def whole(tmp_path: Path, path: Path) -> tuple[set[str], list[tuple[int, str]]]:
    """What an import in one go stores and refuses."""
    with new_workspace(tmp_path / "one go" / "w", policies=["spam"]) as other:
        services.import_file(other, path=path)
        return outcome(other)


def outcome(workspace: Workspace) -> tuple[set[str], list[tuple[int, str]]]:
    rows = services.quarantine_rows(workspace, keys=services.quarantine_keys(workspace))
    return {item.content for item in workspace.store.iter_items()}, sorted((row.line, row.reason) for row in rows)


@pytest.mark.parametrize("name", WRITERS)
def test_it_goes_on_where_it_stopped(workspace: Workspace, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    WRITERS[name](path)
    stop_after(workspace, path, 3)
    first = sum(held(workspace))
    assert first == 30
    stop_after(workspace, path, 2)
    assert sum(held(workspace)) == 50
    last = services.import_file(workspace, path=path)
    assert (last.read, last.stored + last.duplicates, len(last.rejected)) == (ROWS, ROWS - len(BAD), len(BAD))
    assert last.continued_from >= 50
    assert (last.stored, last.quarantined) == (44, len(BAD))
    assert sorted((row.line, row.reason) for row in last.rejected) == outcome(workspace)[1]
    assert held(workspace) == (ROWS - len(BAD), len(BAD))
    assert outcome(workspace) == whole(tmp_path, path)
    assert all(check.ok for check in services.verify(workspace))
    again = services.import_file(workspace, path=path)
    assert (again.continued_from, again.read, again.stored) == (0, ROWS, 0)


def test_another_reading_or_a_changed_file_starts_at_its_start(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_jsonl(path)
    stop_after(workspace, path, 3)

    def fresh(**options: object) -> ImportSummary:
        return services.import_file(workspace, path=path, **options)  # type: ignore[arg-type]

    assert fresh(policy_id="spam").continued_from == 0
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    touched = fresh()
    assert (touched.continued_from, touched.duplicates) == (0, ROWS - len(BAD))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert fresh().continued_from > 0


def test_an_id_that_came_before_the_cut_is_refused_behind_it(workspace: Workspace, tmp_path: Path) -> None:
    services.import_file(workspace, path=write_lines(tmp_path / "before", [{"id": "old", "content": "old"}]))
    rows = [{"id": f"i{n}", "content": f"text {n}"} for n in range(25)]
    twice = [{"id": "i3", "content": "text 3"}, {"id": "i22", "content": "other"}, {"id": "old", "content": "old"}]
    path = write_lines(tmp_path / "a.jsonl", [*rows, *twice])
    stop_after(workspace, path, 1)
    summary = services.import_file(workspace, path=path)
    assert figures(summary) == (28, 15, 11, 2)
    assert [row.reason for row in summary.rejected] == [
        "`id` is used twice in this file", "`id` is used twice in this file (first on line 23)",
    ]  # fmt: skip


def test_a_row_of_several_items_is_never_cut_in_two(workspace: Workspace, tmp_path: Path) -> None:
    reports = [
        {"id": str(n), "target_account": {}, "statuses": [{"id": str(s), "text": f"{n}/{s}"} for s in range(7)]}
        for n in range(9)
    ]
    path = write_lines(tmp_path / "reports.jsonl", reports)
    stop_after(workspace, path, 2)
    assert held(workspace)[0] == 28
    assert services.import_file(workspace, path=path).stored == 35
    assert held(workspace) == (63, 0)


def test_what_stands_before_damage_is_stored_once(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    write_jsonl(path)
    open_part = intake.open_part

    def on_a_failing_disk(*args: Any) -> Any:
        plan, reader = open_part(*args)
        return plan, Damaged(reader, 25)

    with monkeypatch.context() as patch:
        patch.setattr(intake, "open_part", on_a_failing_disk)
        with pytest.raises(InputError, match="The disk failed"):
            services.import_file(workspace, path=path)
    assert sum(held(workspace)) == 25
    summary = services.import_file(workspace, path=path)
    assert (summary.read, summary.stored, summary.continued_from) == (ROWS, 67, 26)
    assert held(workspace) == (ROWS - len(BAD), len(BAD))


class Damaged:
    """A reader on a disk that fails behind so many rows."""

    def __init__(self, reader: object, count: int) -> None:
        self._reader, self._count = reader, count

    def __getattr__(self, name: str) -> object:
        return getattr(self._reader, name)

    def __iter__(self) -> Iterator[object]:
        for number, row in enumerate(self._reader):  # type: ignore[var-annotated, arg-type]
            if number == self._count:
                raise InputError("The disk failed.", "Check it.")
            yield row


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL of POSIX")
def test_kill_in_the_middle_then_go_on(tmp_path: Path) -> None:
    count, passphrase = 6_000, "long enough"
    rows = [b"{broken" if n % 1000 == 7 else json.dumps({"id": f"i{n}", "content": f"text {n}"}) for n in range(count)]
    path = write_lines(tmp_path / "a.jsonl", rows)
    with new_workspace(tmp_path / "w", policies=[]) as workspace:
        folder = workspace.folder
    for size in (1_500_000, 2_500_000, 4_000_000, 6_000_000):  # until a batch was committed before the kill
        kill_when_grown(folder, path, passphrase, size)
        with services.open_workspace(folder, passphrase=passphrase) as workspace:
            stored, refused = held(workspace)
        if stored:
            break
    assert 0 < stored + refused < count, "it was not killed in the middle"
    with services.open_workspace(folder, passphrase=passphrase) as workspace:
        summary = services.import_file(workspace, path=path)
        assert summary.continued_from == stored + refused
        assert figures(summary) == (count, count - stored - 6, stored, 6)
        assert held(workspace) == (count - 6, 6)
        assert all(check.ok for check in services.verify(workspace))


def kill_when_grown(folder: Path, path: Path, passphrase: str, size: int) -> None:
    """Import in a process of its own and kill it once it has written so many bytes."""
    arguments = ("import", path, "--yes", "--no-group", "--json", "--workspace", folder)
    with running(*arguments, DOCKET_PASSPHRASE=passphrase) as command:
        grown = folder / "workspace.db-wal"
        while command.process.is_alive() and (not grown.exists() or grown.stat().st_size < size):
            time.sleep(0.002)
        command.kill()
