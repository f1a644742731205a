"""`decide` in both forms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.cli.conftest import CommandLine
from tests.fixtures.workspaces import write_lines


@pytest.fixture
def filled(desk: CommandLine) -> CommandLine:
    items = [{"id": f"i-{n}", "content": f"text {n}", "policy": "spam"} for n in range(3)]
    assert desk("import", write_lines(desk.folder.parent / "items.jsonl", items)).status == 0
    return desk


def records(desk: CommandLine, *lines: dict[str, object] | str) -> Path:
    return write_lines(desk.folder.parent / "decisions.jsonl", lines)


def decided(desk: CommandLine) -> set[str]:
    document = desk("queue", "--state", "decided", "--json").document
    return {item["id"] for item in document["items"]}


def test_one_decision_comes_back_as_it_was_stored(filled: CommandLine) -> None:
    ended = filled(
        "decide", "i-1", "--policy", "spam", "--label", "SP2", "--cause", "policy_gap", "--rule", "SP2.a",
        "--note", "see above", "--reviewer", "noor", "--json",
    )  # fmt: skip
    assert ended.status == 0
    document = ended.document
    assert document.pop("decided_at").endswith("Z")
    assert len(document.pop("policy_hash")) == 64
    assert document == {
        "id": "i-1", "policy": "spam", "label": "SP2", "agrees": None, "cause": "policy_gap", "rule_id": "SP2.a",
        "note": "see above", "reviewer": "noor", "blind": False, "seconds": None, "imported": True,
    }  # fmt: skip
    assert decided(filled) == {"i-1"}


def test_plain_text_says_what_was_decided(filled: CommandLine) -> None:
    out = filled("decide", "i-1", "--policy", "spam", "--label", "SP2").out
    assert "SP2" in out
    assert "no verdict to compare with" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("i-1", "--policy", "spam"),
        ("i-1", "--policy", "spam", "--agree", "--label", "SP2"),
        ("i-1", "--label", "SP2"),
        ("--policy", "spam", "--label", "SP2"),
        ("i-1", "--policy", "spam", "--label", "SP2", "--cause", "mood"),
        ("--from", "x.jsonl", "--reviewer", "noor"),
    ],
)
def test_wrong_usage(filled: CommandLine, arguments: tuple[str, ...]) -> None:
    assert filled("decide", *arguments).status == 2
    assert decided(filled) == set()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gone", "--policy", "spam", "--label", "SP2"), "no item"),
        (("i-1", "--policy", "spam", "--label", "SP9"), "no such label"),
        (("i-1", "--policy", "spam", "--label", "SP2", "--rule", "SP2.z"), "no rule"),
        (("i-1", "--policy", "harassment", "--label", "HR0"), "spam"),
        (("i-1", "--policy", "spam", "--agree"), "no verdict to agree with"),
    ],
)
def test_what_does_not_go_together_is_refused(filled: CommandLine, arguments: tuple[str, ...], words: str) -> None:
    ended = filled("decide", *arguments, "--json")
    assert ended.status == 1
    assert words in ended.error["message"]
    assert ended.error["hint"]
    assert decided(filled) == set()


def test_a_file_is_acknowledged_line_by_line(filled: CommandLine) -> None:
    path = records(
        filled,
        {"id": "i-0", "policy": "spam", "label": "SP0"},
        {"id": "i-2", "policy": "spam", "label": "SP4", "reviewer": "noor", "cause": "model_misread"},
    )
    ended = filled("decide", "--from", path)
    assert ended.status == 0
    assert [json.loads(line) for line in ended.out.splitlines()] == [{"ack": "i-0"}, {"ack": "i-2"}]
    assert ended.err == "2 decisions stored, 0 lines rejected.\n"
    assert decided(filled) == {"i-0", "i-2"}


def test_with_json_a_last_line_sums_up_what_was_refused(filled: CommandLine) -> None:
    path = records(
        filled,
        {"id": "i-0", "policy": "spam", "label": "SP0"},
        "{",
        {"id": "gone", "policy": "spam", "label": "SP0"},
        {"id": "i-1", "policy": "spam", "label": "SP9"},
        {"id": "i-2", "policy": "spam", "label": "SP0"},
    )
    ended = filled("decide", "--from", path, "--json")
    assert ended.status == 1
    *acks, summary = [json.loads(line) for line in ended.out.splitlines()]
    assert acks == [{"ack": "i-0"}, {"ack": "i-2"}]
    assert summary["acknowledged"] == 2
    assert [row["line"] for row in summary["rejected"]] == [2, 3, 4]
    assert all(row["reason"] for row in summary["rejected"])
    assert decided(filled) == {"i-0", "i-2"}


def test_plain_text_names_the_refused_lines_on_standard_error(filled: CommandLine) -> None:
    ended = filled("decide", "--from", records(filled, "\x1b{"))
    assert (ended.status, ended.out) == (1, "")
    assert "decisions.jsonl, line 1: " in ended.err
    assert "\x1b" not in ended.err


def test_a_missing_file(filled: CommandLine, tmp_path: Path) -> None:
    ended = filled("decide", "--from", tmp_path / "none.jsonl", "--json")
    assert ended.status == 1
    assert "none.jsonl" in ended.error["message"]
