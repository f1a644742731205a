"""The settings of a workspace: what is read, what is refused, and whose lines survive."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from core.errors import StorageError, UsageError, WorkspaceError
from core.settings import FILE, Settings, parse_setting, read_settings, write_settings


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
    ("text", "allowed"),
    [
        ("threads = 'two'", "a number from 1 to 1024"),
        ("threads = true", "a number from 1 to 1024"),
        ("threads = 0", "a number from 1 to 1024"),
        ("threads = 5000", "a number from 1 to 1024"),
        ("lock_minutes = -1", "a number from 0 to 1440"),
        ("repack = 1", "true or false"),
        ("judge_while_locked = 'no'", "true or false"),
        ("model = 3", "a text of one line"),
        ("reviewer = 'a\\nb'".replace("'", '"'), "a text of one line, 200 characters at most"),
        ("theme = 'pink'", "system, light, dark or contrast"),
        ("theme = ['dark']", "system, light, dark or contrast"),
        ("remote_hosts = 'example.test'", "a list of host names"),
        ("masked_words = [1]", "a list of words"),
    ],
)
def test_a_wrong_value_is_named_and_not_used(tmp_path: Path, text: str, allowed: str) -> None:
    (tmp_path / FILE).write_text(f"{text}\nslots = 4\n")
    problems: list[str] = []
    assert read_settings(tmp_path, problems) == Settings(slots=4)
    assert len(problems) == 1
    assert f"`{text.split()[0]}` in settings.toml" in problems[0]
    assert allowed in problems[0]


@pytest.mark.parametrize("text", ["= 1", "threads ="])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(WorkspaceError, match=r"settings\.toml") as caught:
        read_settings(tmp_path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("theme", "pink", "system, light, dark or contrast"),
        ("theme", "Dark", "system, light, dark or contrast"),
        ("threads", "0", "from 1 to 1024"),
        ("threads", "²", "from 1 to 1024"),
        ("threads", "9" * 5000, "from 1 to 1024"),
        ("lock_minutes", "1441", "from 0 to 1440"),
        ("repack", "yes", "true or false"),
        ("reviewer", "x" * 201, "200 characters"),
        ("embedding_model", "a\nb", "one line"),
        ("masked_words", "a\x1b[2J", "words"),
    ],
)
def test_a_word_that_a_setting_cannot_be_is_refused_with_what_it_can(name: str, text: str, allowed: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"`{name}` is")) as caught:
        parse_setting(name, text)
    assert allowed in caught.value.message


def test_every_setting_takes_what_it_shows(tmp_path: Path) -> None:
    chosen = Settings(
        theme="contrast", threads=2, repack=False, remote_hosts=("a.test",), masked_words=("b", "c"), reviewer="Ä 1"
    )
    for entry in fields(Settings):
        value = getattr(chosen, entry.name)
        word = ", ".join(value) if isinstance(value, tuple) else str(value)
        word = word.lower() if isinstance(value, bool) else word
        assert parse_setting(entry.name, "auto" if value is None else word) == value, entry.name


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
