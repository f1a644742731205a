"""`queue` and `stats`: the documents of the contract, and plain text that cannot steer a terminal."""

from __future__ import annotations

import json

import pytest

from core import services
from core.cli.listing import SHOWN
from core.domain import QueueFilter, QueueSort
from tests.core.cli.conftest import PASSPHRASE, CommandLine
from tests.fixtures.workspaces import write_lines

ITEMS = [
    {"id": "a-1", "content": "first \x1b[2J and \u202e hidden", "policy": "spam"},
    {"id": "a-2", "content": "second 100% off_er", "policy": "spam"},
    {"id": "b-1", "content": "third", "policy": "harassment"},
]


@pytest.fixture
def filled(desk: CommandLine) -> CommandLine:
    assert desk("import", write_lines(desk.folder.parent / "items.jsonl", ITEMS)).status == 0
    return desk


def ids(desk: CommandLine, *options: str) -> list[str]:
    return [item["id"] for item in desk("queue", "--json", *options).document["items"]]


def test_the_queue_holds_whole_content_in_the_order_asked(filled: CommandLine) -> None:
    document = filled("queue", "--sort", "age", "--json").document
    assert document["total"] == 3
    assert document["items"][0] == {
        "id": "a-1",
        "state": "pending",
        "content": ITEMS[0]["content"],
        "policy": "spam",
        "verdict": None,
    }


def test_total_counts_what_matches_and_limit_what_is_shown(filled: CommandLine) -> None:
    document = filled("queue", "--limit", "1", "--sort", "age", "--json").document
    assert (document["total"], [item["id"] for item in document["items"]]) == (3, ["a-1"])
    assert filled("queue", "--limit", "0", "--json").document == {"total": 3, "items": []}


def test_filters(filled: CommandLine) -> None:
    assert filled("decide", "a-2", "--policy", "spam", "--label", "SP0").status == 0
    assert ids(filled, "--state", "decided") == ["a-2"]
    assert ids(filled, "--state", "pending", "--state", "decided", "--sort", "age") == ["a-1", "a-2", "b-1"]
    assert ids(filled, "--policy", "harassment") == ["b-1"]
    assert ids(filled, "--search", "100% off_") == ["a-2"]
    assert ids(filled, "--search", "100_") == []


def test_a_saved_view_lists_what_it_says_and_options_go_on_top(filled: CommandLine) -> None:
    assert filled("decide", "a-2", "--policy", "spam", "--label", "SP0", "--cause", "borderline").status == 0
    assert ids(filled, "--reviewer", "kim", "--cause", "borderline", "--label", "SP0") == ["a-2"]
    assert ids(filled, "--source", "items.jsonl", "--language", "und-LATN", "--sort", "age") == ["a-1", "a-2", "b-1"]
    assert ids(filled, "--status", "refused") == []
    with services.open_workspace(filled.folder, passphrase=PASSPHRASE) as workspace:
        services.save_view(workspace, name="spam", wanted=QueueFilter(policy_id="spam", sort=QueueSort.AGE))
    assert ids(filled, "--view", "spam") == ["a-1", "a-2"]
    assert ids(filled, "--view", "spam", "--state", "decided") == ["a-2"]
    out = filled.folder.parent / "view.jsonl"
    assert filled("export", "items", "--out", out, "--view", "spam", "--state", "decided").status == 0
    assert [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()] == ["a-2"]
    ended = filled("queue", "--view", "none", "--json")
    assert ended.status == 1
    assert "Saved views: spam" in ended.error["hint"]


def test_plain_rows_neutralise_what_content_hides(filled: CommandLine) -> None:
    out = filled("queue", "--sort", "age").out
    assert r"first \x1b[2J and \u202e hidden" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert out.splitlines()[-1] == "3 of 3"


def test_plain_text_stops_after_a_screen_and_says_so(desk: CommandLine) -> None:
    many = [{"id": f"i-{n}", "content": "x", "policy": "spam"} for n in range(SHOWN + 5)]
    desk("import", write_lines(desk.folder.parent / "many.jsonl", many))
    assert desk("queue").out.splitlines()[-1] == f"{SHOWN} of {SHOWN + 5}"
    assert len(ids(desk)) == SHOWN + 5


def test_an_unknown_state_is_wrong_usage(desk: CommandLine) -> None:
    assert desk("queue", "--state", "lost").status == 2


def test_stats_count_even_where_nothing_can_be_measured(filled: CommandLine) -> None:
    filled("decide", "a-1", "--policy", "spam", "--label", "SP2")
    rows = {row["policy"]: row for row in filled("stats", "--json").document["policies"]}
    spam = rows["spam"]
    assert (spam["items"], spam["judged"], spam["decided"]) == (2, 0, 1)
    assert {spam[name] for name in ("agreement", "kappa", "precision", "recall", "f1")} == {None}
    assert set(spam["by_status"]) == {"parsed", "unparsed", "refused", "truncated", "failed"}
    assert "spam" in filled("stats").out


def test_a_mistyped_policy_is_no_empty_list(desk: CommandLine) -> None:
    for command in ("queue", "second"):
        ended = desk(command, "--policy", "nosie", "--json")
        assert (ended.status, "no policy" in ended.error["message"]) == (1, True)


def test_stats_of_an_unknown_policy_are_refused(desk: CommandLine) -> None:
    ended = desk("stats", "--policy", "nothing", "--json")
    assert ended.status == 1
    assert ended.error["hint"]
