"""`import` and `export`: every bad line is named, every good line is in, and the status says so."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.cli.conftest import CommandLine
from tests.fixtures.workspaces import write_lines

GOOD = {"id": "good-1", "content": "hello"}
BAD_LINES = [
    (b"{not json", "JSON"),
    (b'{"content": "no id"}', "id"),
    (b'{"id": "good-1", "content": "other text"}', "id"),
    (b'{"id": ["list"], "content": "hi"}', "id"),
    (b'{"id": "wrong", "content": ["hi"]}', "content"),
    (b'{"id": "long", "content": "' + b"x" * (5 * 1024 * 1024) + b'"}', "longer than"),
    (b'{"id": "half", "content": "\\ud800"}', "surrogate"),
    (b'{"id": "half-raw", "content": "\xed\xa0\x80"}', "UTF-8"),
    (b'["a", "list"]', "object"),
    (b'{"id": "nan", "content": "x", "score": NaN}', ""),
    (b'{"id": "deep", "content": "x", "metadata": ' + b"[" * 3000 + b"]" * 3000 + b"}", ""),
]

Lines = Callable[[list[object]], Path]


def test_every_bad_line_is_listed_and_every_good_line_is_in(desk: CommandLine, lines: Lines) -> None:
    path = lines([GOOD, *(line for line, _ in BAD_LINES), {"id": "good-2", "content": "bye"}])
    ended = desk("import", path, "--json")
    assert ended.status == 1
    document = ended.document
    assert (document["read"], document["stored"], document["duplicates"]) == (len(BAD_LINES) + 2, 2, 0)
    assert [row["line"] for row in document["rejected"]] == list(range(2, len(BAD_LINES) + 2))
    for row, (_, words) in zip(document["rejected"], BAD_LINES, strict=True):
        assert row["reason"]
        assert words in row["reason"]
    shown = desk("queue", "--json").document
    assert {item["id"] for item in shown["items"]} == {"good-1", "good-2"}


def test_plain_text_names_file_line_and_reason(desk: CommandLine, lines: Lines) -> None:
    ended = desk("import", lines([GOOD, "\x1b[31m{"]))
    assert ended.status == 1
    assert "records.jsonl, line 2: not valid JSON" in ended.out
    assert "\x1b" not in ended.out + ended.err


def test_importing_again_changes_nothing(desk: CommandLine, lines: Lines) -> None:
    path = lines([GOOD])
    assert desk("import", path, "--json").document["stored"] == 1
    again = desk("import", path, "--json")
    assert again.status == 0
    assert (again.document["stored"], again.document["duplicates"]) == (0, 1)


@pytest.mark.parametrize("content", [None, b"", b"\x7fELF\x00\x00\x00binary"])
def test_a_file_that_cannot_be_read(desk: CommandLine, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "input.jsonl"
    if content is not None:
        path.write_bytes(content)
    ended = desk("import", path, "--json")
    if content == b"":
        assert ended.status == 0
        assert ended.document["read"] == 0
    else:
        assert ended.status == 1
        assert str(path) in ended.error["message"]


def test_several_files_tell_apart_whose_lines_were_refused(desk: CommandLine, tmp_path: Path) -> None:
    one = write_lines(tmp_path / "one.jsonl", [GOOD, "x"])
    two = write_lines(tmp_path / "two.jsonl", ["y", {"id": "good-2", "content": "bye"}])
    document = desk("import", one, two, "--json").document
    assert (document["read"], document["stored"]) == (4, 2)
    assert [(row["file"], row["line"]) for row in document["rejected"]] == [(str(one), 2), (str(two), 1)]


def test_fields_can_be_read_from_other_columns(desk: CommandLine, lines: Lines) -> None:
    path = lines([{"key": "k-1", "text": "hello"}])
    ended = desk("import", path, "--format", "jsonl", "--map", "id=key", "--map", "content=text", "--json")
    assert ended.status == 0
    assert [item["id"] for item in desk("queue", "--json").document["items"]] == ["k-1"]


@pytest.mark.parametrize("mapping", ["id", "=key", "id="])
def test_a_mapping_that_is_none_is_wrong_usage(desk: CommandLine, lines: Lines, mapping: str) -> None:
    assert desk("import", lines([GOOD]), "--map", mapping).status == 2


def test_a_label_in_a_field_becomes_a_decision(desk: CommandLine, lines: Lines) -> None:
    path = lines([{**GOOD, "policy": "spam", "human": "SP4"}])
    assert desk("import", path, "--decide-from", "human", "--json").document["decisions"] == 1
    [row] = desk("stats", "--policy", "spam", "--json").document["policies"]
    assert row["decided"] == 1


def export(desk: CommandLine, kind: str, path: Path, *options: str) -> int:
    ended = desk("export", kind, "--out", path, "--json", *options)
    assert ended.status == 0, ended
    assert ended.document["path"] == str(path)
    rows: int = ended.document["rows"]
    return rows


def test_items_and_decisions_leave_as_lines_and_as_csv(desk: CommandLine, lines: Lines, tmp_path: Path) -> None:
    desk("import", lines([{**GOOD, "policy": "spam"}, {"id": "i-2", "content": "=1+1", "policy": "spam"}]))
    assert desk("decide", "good-1", "--policy", "spam", "--label", "SP2", "--note", "=cmd").status == 0
    assert export(desk, "items", tmp_path / "items.jsonl") == 2
    items = [json.loads(line) for line in (tmp_path / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(item["id"], item["content"], len(item["decisions"])) for item in items] == [
        ("good-1", "hello", 1),
        ("i-2", "=1+1", 0),
    ]
    assert export(desk, "decisions", tmp_path / "decisions.csv", "--format", "csv") == 1
    with (tmp_path / "decisions.csv").open(encoding="utf-8", newline="") as stream:
        [row] = csv.DictReader(stream)
    assert (row["id"], row["label"], row["note"]) == ("good-1", "SP2", "'=cmd")
    assert export(desk, "disagreements", tmp_path / "none.jsonl", "--policy", "spam") == 0


def test_an_export_that_cannot_be_written_is_refused(desk: CommandLine, tmp_path: Path) -> None:
    ended = desk("export", "items", "--out", tmp_path / "missing" / "items.jsonl", "--json")
    assert ended.status == 1
    assert ended.error["title"] == "The export could not be written"


def test_export_needs_a_target(desk: CommandLine) -> None:
    assert desk("export", "items").status == 2


def test_an_export_is_a_file_and_never_one_named_like_standard_output(desk: CommandLine, lines: Lines) -> None:
    desk("import", lines([GOOD]))
    ended = desk("export", "items", "--format", "jsonl", "--out", "-")
    assert ended.status == 1
    assert "Name a file with --out" in ended.err
    assert not Path("-").exists()


@pytest.mark.parametrize(
    "command",
    ["audit export", "backup", "quarantine show 1", "quarantine export --all", "report", "kit", "demo --headless"],
)
def test_nothing_else_is_written_to_a_place_named_like_standard_output(desk: CommandLine, command: str) -> None:
    ended = desk(*command.split(), "--out", "-")
    assert ended.status == 1
    assert "Name a file with --out" in ended.err
    assert not Path("-").exists()
