"""`import` and `quarantine` on the command line: the guess is shown, bad rows are mended from files."""

from __future__ import annotations

from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from tests.core.cli.conftest import CommandLine
from tests.fixtures.cheap_age import seal_cheaply


def test_a_preview_shows_the_guess_and_stores_nothing(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Some note,\nkey,comment\n1,Nice weather today\n2,\x1b[31mred\n")
    ended = desk("import", path, "--preview", "--json")
    [found] = ended.document["files"]
    assert (found["format"], found["map"]) == ("csv", {"content": "comment"})
    assert [row["line"] for row in found["rows"]] == [3, 4]
    plain = desk("import", path, "--preview")
    assert "`content` is read from `comment`" in plain.out
    assert "\x1b" not in plain.out
    assert desk("queue", "--json").document["total"] == 0


def test_refused_rows_are_listed_shown_mended_retried_and_dropped(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": "a", "content": "x"}\n{broken\n{"id": "b"}\n{"id": "c"}\n')
    ended = desk("import", path, "--json")
    assert (ended.status, ended.document["quarantined"]) == (1, 3)
    listed = desk("quarantine", "list", "--json").document
    assert (listed["total"], [row["line"] for row in listed["rows"]]) == (3, [2, 3, 4])
    first, second, third = (str(row["row"]) for row in listed["rows"])
    shown = desk("quarantine", "show", first, "--out", tmp_path / "row.txt", "--json").document
    assert shown["text"] == "{broken"
    assert (tmp_path / "row.txt").read_bytes() == b"{broken"
    written = desk("quarantine", "export", second, third, "--out", tmp_path / "rows.jsonl", "--json").document
    assert written["rows"] == 2
    assert (tmp_path / "rows.jsonl").read_bytes() == b'{"id": "b"}\n{"id": "c"}\n'
    (tmp_path / "row.txt").write_text('{"id": "d", "content": "mended"}\n')
    assert desk("quarantine", "mend", first, "--from", tmp_path / "row.txt", "--json").document["stored"] == 1
    assert desk("quarantine", "retry", second, "--json").status == 1
    assert desk("quarantine", "drop", second, third, "--json").document == {"dropped": 2}
    assert desk("quarantine", "list", "--json").document["total"] == 0
    assert desk("quarantine", "drop").status == 2


def test_tables_take_their_layout_from_options(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "table.txt"
    path.write_bytes("Größe|Wort\n".encode("cp1252"))
    options = ["--format", "csv", "--separator", "bar", "--header", "0", "--encoding", "cp1252", "--map"]
    ended = desk("import", path, *options, "content=column 2", "--no-group", "--json")
    assert ended.document["stored"] == 1
    assert desk("queue", "--json").document["items"][0]["content"] == "Wort"
    assert desk("import", path, "--separator", "comet").status == 2


def test_a_mapping_to_a_field_that_no_record_has_refuses_the_file_and_not_each_row(
    desk: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"key": "1", "prompt": "one"}\n{"key": "2", "prompt": "two"}\n')
    ended = desk("import", path, "--map", "content=promt", "--json")
    assert (ended.status, "promt" in ended.error["message"], "prompt" in ended.error["hint"]) == (1, True, True)
    assert desk("quarantine", "list", "--json").document["total"] == 0
    assert desk("import", path, "--map", "content=prompt", "--json").document["stored"] == 2


def test_many_refused_rows_leave_the_totals_on_the_screen(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "content": "x"}\n' + "{broken\n" * 45)
    lines = desk("import", path).out.splitlines()
    assert sum(", line " in line for line in lines) == 20
    assert f"{path}: 25 more refused" in lines
    assert lines[-1].startswith("45 rows wait in the quarantine")
    assert len(desk("import", path, "--json").document["rejected"]) == 45


def test_a_bundle_goes_from_one_workspace_to_another(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a", "content": "x"}\n')
    desk("import", tmp_path / "a.jsonl")
    keys = desk("bundle", "key", "--json").document
    path, sealed = tmp_path / "a.docket", tmp_path / "sealed.docket"
    identity = x25519.Identity.generate()
    options = ("--format", "bundle", "--to", keys["recipient"], "--to", str(identity.to_public()))
    assert desk("export", "items", *options, "--out", path, "--json").document["rows"] == 1
    monkeypatch.setenv("DOCKET_BUNDLE_PASSPHRASE", "correct horse")
    sealed.write_bytes(seal_cheaply(pyrage.decrypt(path.read_bytes(), [identity]), "correct horse"))
    shown = desk("bundle", "show", sealed, "--json").document
    assert (shown["counts"]["items"], shown["origin"]["key"]) == (1, keys["key"])
    assert keys["recipient"].startswith("age1")
    ended = desk("import", path, "--json")
    assert (ended.status, ended.document["stored"], ended.document["duplicates"]) == (0, 0, 1)
    assert desk("bundle", "trust", "0" * 64, "--name", "Leeds", "--json").document["name"] == "Leeds"
    assert desk("bundle", "senders", "--json").document["senders"][0]["key"] == "0" * 64
    assert desk("bundle", "forget", "0" * 64).status == 0
    assert desk("bundle", "forget", "0" * 64, "--json").status == 1
