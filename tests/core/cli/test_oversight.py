"""`policy rules`, `golden` and `second` on the command line."""

from __future__ import annotations

import pytest

from tests.core.cli.conftest import CommandLine
from tests.fixtures.workspaces import write_lines


@pytest.fixture
def filled(desk: CommandLine) -> CommandLine:
    items = [{"id": f"i-{n}", "content": f"text {n}", "policy": "spam"} for n in range(3)]
    assert desk("import", write_lines(desk.folder.parent / "items.jsonl", items)).status == 0
    return desk


def test_rules_are_shown_and_set(filled: CommandLine) -> None:
    usual = {
        "policy": "spam", "blind_percent": 10, "second_percent": 0, "cause_when": "ask", "note_when": "never",
        "set_by": None,
    }  # fmt: skip
    assert filled("policy", "rules", "spam", "--json").document == usual
    told = filled("policy", "rules", "spam", "--blind", "0", "--second", "100", "--note", "always", "--json").document
    assert (told["blind_percent"], told["second_percent"], told["note_when"]) == (0, 100, "always")
    assert told["set_by"]
    assert "100%" in filled("policy", "rules", "spam").out
    refused = filled("decide", "i-0", "--policy", "spam", "--label", "SP2", "--json")
    assert refused.status == 1
    assert "note" in refused.error["message"]
    assert filled("decide", "i-0", "--policy", "spam", "--label", "SP2", "--note", "x").status == 0
    [second] = filled("second", "--json").document["second_reviews"]
    assert (second["id"], second["state"], second["first"]["label"], second["second"]) == (
        "i-0",
        "waiting",
        "SP2",
        None,
    )
    assert "waiting" in filled("second", "--policy", "spam").out


@pytest.mark.parametrize("wrong", [("gone",), ("spam", "--blind", "101"), ("spam", "--second", "-1")])
def test_rules_that_cannot_be_are_refused(filled: CommandLine, wrong: tuple[str, ...]) -> None:
    ended = filled("policy", "rules", *wrong, "--json")
    assert ended.status == 1
    assert ended.error["hint"]


def test_golden_items_come_and_go(filled: CommandLine) -> None:
    added = filled("golden", "add", "i-1", "--policy", "spam", "--label", "SP2", "--json").document
    assert (added["id"], added["policy"], added["label"]) == ("i-1", "spam", "SP2")
    assert [one["id"] for one in filled("golden", "list", "--json").document["golden"]] == ["i-1"]
    assert "SP2" in filled("golden", "list").out
    assert filled("golden", "scores", "--json").document == {"scores": []}
    assert filled("decide", "i-1", "--policy", "spam", "--label", "SP0").status == 0
    assert "too few (n 1)" in filled("golden", "scores").out
    assert filled("golden", "add", "i-1", "--policy", "spam", "--label", "SP2").status == 1
    assert filled("golden", "remove", "i-1", "--policy", "spam").status == 0
    assert filled("golden", "list", "--json").document == {"golden": []}
