"""`policy list`, `policy show` and `policy add`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.cli import policies
from tests.core.cli.conftest import POLICY, CommandLine


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "noise.md"
    path.write_text(POLICY, encoding="utf-8")
    return path


def test_list_names_each_policy_once(desk: CommandLine) -> None:
    listed = desk("policy", "list", "--json").document["policies"]
    assert [policy["id"] for policy in listed] == ["harassment", "spam"]
    assert listed[1]["labels"] == ["SP0", "SP2", "SP3", "SP4"]
    assert listed[1]["hash"][:12] in desk("policy", "list").out


def test_add_then_show(desk: CommandLine, document: Path) -> None:
    added = desk("policy", "add", document, "--json")
    assert added.status == 0
    shown = desk("policy", "show", "noise", "--json").document
    assert added.document["hash"] == shown["hash"]
    assert {"id": "noise", "title": "Noise"}.items() <= shown.items()
    assert [label["code"] for label in shown["labels"]] == ["NO", "YES"]
    assert {"code": "YES", "name": "Noise", "violates": True, "severity": 2}.items() <= shown["labels"][1].items()
    assert list(shown["sections"]) == ["Instructions", "Violates", "Safe"]
    assert [rule["id"] for rule in shown["rules"]] == ["YES.a", "NO.a"]
    assert desk("policy", "show", shown["hash"], "--json").document == shown
    assert "YES.a Shouting." in desk("policy", "show", "noise").out


def test_a_changed_document_is_a_new_version(desk: CommandLine, document: Path) -> None:
    desk("policy", "add", document)
    document.write_text(POLICY.replace("Shouting", "Loud shouting"), encoding="utf-8")
    assert desk("policy", "add", document, "--json").document["version"] == 2
    assert desk("policy", "add", document, "--json").document["version"] == 2


def test_several_documents_at_once(desk: CommandLine, document: Path) -> None:
    other = document.with_name("other.md")
    other.write_text(POLICY.replace("id: noise", "id: other"), encoding="utf-8")
    assert len(desk("policy", "add", document, other, "--json").document["added"]) == 2
    assert desk("policy", "add", document, other, "--policy", "x").status == 2


def test_an_unknown_policy_is_refused(desk: CommandLine) -> None:
    ended = desk("policy", "show", "nothing", "--json")
    assert ended.status == 1
    assert "nothing" in ended.error["message"]


@pytest.mark.parametrize("text", ["---\nid: x\n", "", "---\nid: [\n---\n# Instructions\n"])
def test_a_document_that_is_none_is_refused(desk: CommandLine, document: Path, text: str) -> None:
    document.write_text(text, encoding="utf-8")
    ended = desk("policy", "add", document, "--json")
    assert ended.status == 1
    assert ended.error["message"]
    assert [policy["id"] for policy in desk("policy", "list", "--json").document["policies"]] == ["harassment", "spam"]


def test_a_group_without_a_command_shows_its_commands(desk: CommandLine) -> None:
    ended = desk("policy")
    assert ended.status == 2
    assert "add" in ended.out + ended.err


PLAIN = "# Ads\n\nDecide whether the content is VALID or INVALID.\n\nVALID: no ad.\nINVALID: an ad.\n"


def test_what_is_inferred_of_a_plain_text_is_shown_before_it_is_added(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ads.txt").write_text(PLAIN)
    [read] = desk("policy", "add", tmp_path / "ads.txt", "--dry-run", "--json").document["policies"]
    assert (read["id"], read["inferred"], [label["code"] for label in read["labels"]]) == (
        "ads", True, ["VALID", "INVALID"]
    )  # fmt: skip
    assert "ads" not in desk("policy", "list").out
    monkeypatch.setattr(policies, "at_terminal", lambda: True)
    asked: list[str] = []

    def answer(agrees: bool) -> Callable[..., bool]:
        return lambda question, **_options: asked.append(question) or agrees

    monkeypatch.setattr(policies.typer, "confirm", answer(False))
    refused = desk("policy", "add", tmp_path / "ads.txt")
    assert refused.status == 130
    assert "INVALID (Violates) violates" in refused.err
    assert "ads" not in desk("policy", "list").out
    monkeypatch.setattr(policies.typer, "confirm", answer(True))
    assert desk("policy", "add", tmp_path / "ads.txt").status == 0
    assert desk("policy", "add", tmp_path / "ads.txt", "--yes").status == 0
    assert asked == ["Add it so?"] * 2
