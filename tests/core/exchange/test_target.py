"""A target file is there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import ExportError
from core.exchange.target import TargetFile


def write(path: Path, lines: list[bytes]) -> str:
    with TargetFile(path) as target:
        assert target.write(lines) == len(lines)
        digest = target.finish()
        target.publish()
    return digest


def test_a_finished_file_replaces_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old")
    assert write(path, [b"a\n", b"b\n"]) == hashlib.sha256(b"a\nb\n").hexdigest()
    assert path.read_bytes() == b"a\nb\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.jsonl"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_changes_before_publish_and_nothing_is_left_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old")

    def failing() -> Iterator[bytes]:
        yield b"new"
        assert path.read_bytes() == b"old"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), TargetFile(path) as target:
        target.write(failing())
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_leaving_without_publish_leaves_nothing(tmp_path: Path) -> None:
    with TargetFile(tmp_path / "out") as target:
        target.write([b"x"])
        target.finish()
    assert list(tmp_path.iterdir()) == []


def test_targets_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "victim").write_bytes(b"keep")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    for name, words in {
        "folder": "is a folder",
        "link": "is a link",
        "dangling": "is a link",
        "pipe": "a device or a pipe",
        "nowhere/out": "There is no folder",
        "victim/out": "There is no folder|cannot be written",
        "a\0b": "cannot be written",
        "x" * 300: "cannot be written",
    }.items():
        with pytest.raises(ExportError, match=words) as caught, TargetFile(tmp_path / name):
            pass
        assert caught.value.hint
    assert (tmp_path / "victim").read_bytes() == b"keep"
    assert not (tmp_path / "nowhere").exists()


def test_a_link_put_there_meanwhile_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"keep")
    with TargetFile(tmp_path / "out") as target:
        target.write([b"x"])
        target.finish()
        (tmp_path / "out").symlink_to(victim)
        with pytest.raises(ExportError, match="is a link"):
            target.publish()
    assert victim.read_bytes() == b"keep"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "victim"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="permission denied"), TargetFile(tmp_path / "out"):
        pass


def test_a_write_the_system_refuses_is_a_known_failure(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="file size limits are a POSIX matter")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(ExportError, match="file too large"), TargetFile(tmp_path / "out") as target:
            target.write([b"x" * 1024] * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
