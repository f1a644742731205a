"""The commands of measuring: documents that hold, and plain text that says n and interval or that there are too few."""

from __future__ import annotations

import pytest

from tests.core.cli.conftest import CommandLine
from tests.fixtures.workspaces import write_lines


@pytest.fixture
def decided(desk: CommandLine) -> CommandLine:
    """Twenty decided items, which no model has judged."""
    folder = desk.folder.parent
    items = [{"id": f"i-{n}", "content": "x \x1b[2J", "policy": "spam"} for n in range(20)]
    assert desk("import", write_lines(folder / "items.jsonl", items)).status == 0
    records = [
        {"id": f"i-{n}", "policy": "spam", "label": "SP2" if n % 2 else "SP0", "reviewer": name, "seconds": n}
        for name in ("ana", "ben")
        for n in range(20)
    ]
    assert desk("decide", "--from", write_lines(folder / "decisions.jsonl", records)).status == 0
    return desk


def test_show_divides_and_says_too_few(decided: CommandLine) -> None:
    document = decided("insight", "show", "--by", "reviewer", "--by", "month", "--json").document
    assert document["whole"]["decided"] == 20
    assert document["whole"]["agreement"] == {"value": None, "n": 0, "low": None, "high": None, "enough": False}
    assert {part["by"] for part in document["parts"]} == {"reviewer", "month"}
    assert "too few (n 0)" in decided("insight", "show", "--policy", "spam").out


def test_reviewers_have_alpha_and_kappa(decided: CommandLine) -> None:
    document = decided("insight", "reviewers", "--json").document
    assert document["reviewers"] == ["ana", "ben"]
    assert document["alpha"]["value"] == 1.0
    assert document["pairs"][0]["kappa"]["n"] == 20
    assert "Krippendorff's alpha, labels: 1.00" in decided("insight", "reviewers").out


def test_items_behind_a_figure_cannot_steer_the_terminal(decided: CommandLine) -> None:
    ended = decided("insight", "items", "--policy", "spam", "--json")
    assert ended.document == {"total": 0, "items": []}
    assert "\x1b" not in decided("insight", "items", "--by", "reviewer", "--value", "ana").out


def test_a_key_of_a_figure_lists_its_items(decided: CommandLine) -> None:
    whole = decided("insight", "show", "--policy", "spam", "--json").document["whole"]
    assert decided("insight", "items", "--behind", whole["behind"]["decided"], "--json").document["total"] == 20
    pair = decided("insight", "reviewers", "--policy", "spam", "--json").document["pairs"][0]
    assert decided("insight", "items", "--behind", pair["behind"], "--json").document["total"] == pair["kappa"]["n"]
    assert decided("insight", "items", "--behind", pair["differ"], "--json").document["total"] == 0
    for wrong in (["--behind", "nothing"], ["--behind", "open"], ["--behind", "shared", "--by", "reviewer"]):
        assert decided("insight", "items", *wrong, "--json").error["hint"]


@pytest.mark.parametrize("command", [["drift"], ["calibration"]])
def test_a_policy_without_verdicts_is_no_failure(decided: CommandLine, command: list[str]) -> None:
    assert decided("insight", *command, "--policy", "spam", "--json").status == 0
    assert decided("insight", *command, "--policy", "spam").out
    assert decided("insight", *command, "--policy", "nope", "--json").error["hint"]


def test_stats_have_intervals_beside_their_numbers(decided: CommandLine) -> None:
    [row] = decided("stats", "--policy", "spam", "--json").document["policies"]
    assert set(row["intervals"]) == {"agreement", "kappa", "precision", "recall", "f1"}
    assert row["intervals"]["agreement"]["enough"] is False
