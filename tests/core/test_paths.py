"""Where a person's files are, and the memory of the workspace that was open last."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core import paths


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOCKET_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_one_variable_moves_everything(home: Path) -> None:
    for path in (
        paths.models_folder(),
        paths.cache_folder(),
        paths.default_workspace_folder(),
        paths.window_layout_file(),
    ):
        assert path.is_relative_to(home)
    assert not home.exists()  # naming a folder makes none


def test_without_it_the_system_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKET_HOME")
    assert paths.home_folder().name == "docket"
    assert paths.cache_folder() != paths.home_folder()


def test_what_ships_is_there() -> None:
    assert (paths.shipped_policies_folder() / "spam.md").is_file()
    assert (paths.resources_folder() / "sample" / "queue.jsonl").is_file()


def test_the_last_workspace_is_remembered_while_it_is_there(home: Path, tmp_path: Path) -> None:
    assert paths.last_workspace() is None
    folder = tmp_path / "ünïcode desk"
    folder.mkdir()
    paths.remember_workspace(folder)
    assert paths.last_workspace() == folder.resolve()
    folder.rmdir()
    assert paths.last_workspace() is None


@pytest.mark.parametrize("damage", [b"", b"  \n", b"\xff\xfe", b"a\x00b", b"x" * 10_000])
def test_a_damaged_memory_is_no_workspace(home: Path, damage: bytes) -> None:
    home.mkdir()
    (home / "last-workspace").write_bytes(damage)
    assert paths.last_workspace() is None


def test_a_home_that_cannot_be_written_is_no_error(home: Path, tmp_path: Path) -> None:
    home.write_text("a file")
    paths.remember_workspace(tmp_path)
    assert paths.last_workspace() is None


@pytest.mark.skipif(os.name != "posix", reason="names of bytes are a thing of POSIX")
def test_a_name_that_is_no_text_is_not_remembered(home: Path, tmp_path: Path) -> None:
    paths.remember_workspace(tmp_path / os.fsdecode(b"\xff"))
    assert paths.last_workspace() is None
