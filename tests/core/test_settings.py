"""The settings of a workspace: what is read, what is refused, and whose lines survive."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import StorageError, WorkspaceError
from core.settings import FILE, Settings, read_settings, write_settings


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings()
    assert list(tmp_path.iterdir()) == []


def test_what_was_written_is_read(tmp_path: Path) -> None:
    chosen = Settings(model="big.gguf", threads=3, slots=4, repack=False, reviewer="kïm", theme="dark")
    write_settings(tmp_path, chosen)
    assert read_settings(tmp_path) == chosen
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_only_what_differs_from_the_defaults_is_written(tmp_path: Path) -> None:
    write_settings(tmp_path, Settings(threads=3))
    assert (tmp_path / FILE).read_text() == "threads = 3\n"
    write_settings(tmp_path, Settings())
    assert (tmp_path / FILE).read_text() == ""


def test_comments_and_unknown_entries_stay(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('# mine\nthreads = 2  # two cores\nfuture = "kept"\n\n[more]\nx = 1\n')
    write_settings(tmp_path, Settings(threads=5, reviewer="kim"))
    text = (tmp_path / FILE).read_text()
    assert "# mine\nthreads = 5  # two cores\n" in text
    assert 'future = "kept"' in text
    assert "[more]\nx = 1\n" in text
    assert read_settings(tmp_path) == Settings(threads=5, reviewer="kim")


@pytest.mark.parametrize(
    "text",
    [
        "threads = 'two'",
        "threads = true",
        "threads = 0",
        "threads = 5000",
        "repack = 1",
        "model = 3",
        "= 1",
        "threads =",
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(WorkspaceError, match=r"settings\.toml") as caught:
        read_settings(tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"threads = "])
def test_a_file_that_is_no_toml_is_neither_read_nor_overwritten(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / FILE).write_bytes(raw)
    with pytest.raises(WorkspaceError):
        read_settings(tmp_path)
    with pytest.raises(WorkspaceError):
        write_settings(tmp_path, Settings(threads=2))
    assert (tmp_path / FILE).read_bytes() == raw


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        write_settings(tmp_path, Settings(reviewer="half \ud800 pair"))
    assert read_settings(tmp_path) == Settings()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        write_settings(tmp_path / "gone", Settings(threads=2))
