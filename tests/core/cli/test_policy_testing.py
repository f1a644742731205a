"""From a draft to a published version on the command line: history, diff, draft, cases, test, runs, publish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core import services
from tests.core.cli.conftest import CommandLine
from tests.core.services.conftest import HUMAN, NOISE
from tests.core.services.test_trials import BIRD, HORN
from tests.fixtures.classifiers import ScriptedClassifier
from tests.fixtures.workspaces import write_lines


@pytest.fixture
def bench(desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The policy `noise`, labelled rows, and a model that answers at the protocol."""
    (tmp_path / "noise.md").write_text(NOISE, encoding="utf-8")
    (tmp_path / "horn.md").write_text(HORN, encoding="utf-8")
    rows = [
        {"id": f"{word}-{number}", "content": f"A {word} at {number}", "label": label}
        for word, label in HUMAN.items()
        for number in range(3)
    ]
    write_lines(tmp_path / "rows.jsonl", rows)
    assert desk("policy", "add", tmp_path / "noise.md").status == 0
    monkeypatch.setattr(services, "open_classifier", lambda _workspace, model=None: ScriptedClassifier())
    return desk


def ok(desk: CommandLine, *arguments: object) -> Any:
    ended = desk(*arguments, "--json")
    assert ended.status == 0, ended.out + ended.err
    return ended.document


def test_from_a_draft_to_a_published_version(bench: CommandLine, tmp_path: Path) -> None:
    cases = ok(bench, "policy", "cases", "import", "golden", tmp_path / "rows.jsonl", "--policy", "noise")
    assert (cases["added"], cases["cases"], cases["violating"], cases["import"]["read"]) == (15, 15, 9, 15)
    draft = ok(bench, "policy", "draft", "new", "noise", "--note", "the horn")
    assert (draft["name"], draft["policy"], draft["origin"]) == ("noise", "noise", "person")
    assert ok(bench, "policy", "draft", "save", "noise", tmp_path / "horn.md")["document"] == HORN
    [row] = ok(bench, "policy", "diff", "draft:noise")["clauses"]
    assert (row["change"], row["clause"], row["before"]) == ("added", "YES.b", None)
    assert "added YES.b" in bench("policy", "diff", "noise@1", "draft:noise").out
    refused = bench("policy", "publish", "noise", "--json")
    assert refused.status == 1
    assert (refused.document["published"], refused.document["obstacles"]) == (False, ["untested"])
    assert refused.document["error"]["hint"]
    report = ok(bench, "policy", "test", "noise", "--cases", "golden", "--against", "noise@1")
    assert [report[kind] for kind in ("fixed", "newly_broken", "unchanged", "unparsed")] == [3, 0, 12, 0]
    assert report["figures"]["draft"]["f1"]["value"] == 1.0
    assert report["figures"]["mcnemar"]["p"] == 0.25
    assert report["items"][0]["kind"] == "fixed"
    assert {row["clause"] for row in report["clauses"]} >= {"YES.b", "YES.a"}
    shown = bench("policy", "runs", "1")
    assert shown.status == 0
    assert "3 fixed" in shown.out
    assert ok(bench, "policy", "runs")["runs"][0]["run"] == 1
    assert ok(bench, "policy", "runs", "1")["items"] == report["items"]
    published = ok(bench, "policy", "publish", "noise")
    assert (published["published"], published["version"], published["newly_broken"]) == (True, 2, [])
    versions = ok(bench, "policy", "history", "noise")["versions"]
    assert [(version["version"], version["note"]) for version in versions] == [(2, "the horn"), (1, "")]
    assert ok(bench, "policy", "draft", "list")["drafts"] == []


def test_what_breaks_is_listed_before_anything_is_published(bench: CommandLine, tmp_path: Path) -> None:
    ok(bench, "policy", "cases", "import", "golden", tmp_path / "rows.jsonl", "--policy", "noise")
    ok(bench, "policy", "draft", "new", "noise")
    (tmp_path / "bird.md").write_text(BIRD, encoding="utf-8")
    ok(bench, "policy", "draft", "save", "noise", tmp_path / "bird.md")
    ok(bench, "policy", "test", "noise", "--cases", "golden")
    refused = bench("policy", "publish", "noise", "--json")
    assert refused.status == 1
    assert sorted(item["item"] for item in refused.document["newly_broken"]) == ["bird-0", "bird-1", "bird-2"]
    plain = bench("policy", "publish", "noise")
    assert "bird-1" in plain.out
    assert "accept-broken" in plain.err
    assert ok(bench, "policy", "publish", "noise", "--accept-broken")["version"] == 2


def test_cases_are_frozen_promoted_and_shown(bench: CommandLine, tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "two.jsonl", [{"id": f"p{number}", "content": f"Post {number}"} for number in range(2)]
    )
    ok(bench, "import", path, "--policy", "spam")
    items = ok(bench, "queue")["items"]
    for item, label in zip(items[:2], ("SP2", "SP0"), strict=True):
        assert bench("decide", item["id"], "--policy", "spam", "--label", label).status == 0
    frozen = ok(bench, "policy", "cases", "freeze", "spring", "--policy", "spam", "--note", "first")
    assert (frozen["added"], frozen["policies"]) == (2, ["spam"])
    shown = ok(bench, "policy", "cases", "show", "spring")
    assert sorted(case["label"] for case in shown["items"]) == ["SP0", "SP2"]
    promoted = ok(bench, "policy", "cases", "promote", items[0]["id"], "--policy", "spam")
    assert promoted["name"] == "golden-spam"
    assert [case_set["name"] for case_set in ok(bench, "policy", "cases", "list")["case_sets"]] == [
        "golden-spam", "spring"
    ]  # fmt: skip
    for plain in (("list",), ("show", "spring"), ("freeze", "spring", "--policy", "spam")):
        assert bench("policy", "cases", *plain).status == 0


def test_recorded_verdicts_need_no_model(bench: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ok(bench, "policy", "cases", "import", "golden", tmp_path / "rows.jsonl", "--policy", "noise")
    ok(bench, "classify", "--policy", "noise")

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("no model is to be opened")

    monkeypatch.setattr(services, "open_classifier", refuse)
    report = ok(bench, "policy", "test", tmp_path / "noise.md", "--cases", "golden", "--recorded")
    assert (report["model"], report["cases"]) == ("reader-20b", 15)


def test_standard_input_and_discarding(bench: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    ok(bench, "policy", "draft", "new", "noise", "--name", "mine")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HORN.encode())))
    assert ok(bench, "policy", "draft", "save", "mine", "-")["document"] == HORN
    assert bench("policy", "draft", "show", "mine").out.rstrip("\n") == HORN.rstrip("\n")
    assert ok(bench, "policy", "draft", "accept", "mine")["origin"] == "person"
    assert ok(bench, "policy", "draft", "discard", "mine")["discarded"] is True
    assert bench("policy", "draft", "show", "mine").status == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("policy", "test", "nothing", "--cases", "x"),
        ("policy", "publish", "nothing"),
        ("policy", "history", "nothing"),
        ("policy", "diff", "nothing"),
        ("policy", "runs", "77"),
        ("policy", "cases", "show", "nothing"),
        ("policy", "cases", "freeze", "x", "--policy", "noise"),
        ("policy", "cases", "promote", "nothing", "--policy", "noise"),
        ("policy", "draft", "new", "nothing"),
        ("policy", "draft", "save", "nothing", "/nonexistent/file"),
    ],
)
def test_what_is_not_there_is_refused_in_words(bench: CommandLine, arguments: tuple[str, ...]) -> None:
    ended = bench(*arguments, "--json")
    assert ended.status == 1
    assert ended.error["hint"]
    assert json.loads(ended.out)


def test_refining_on_the_command_line(bench: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ok(bench, "policy", "cases", "import", "golden", tmp_path / "rows.jsonl", "--policy", "noise")
    ok(bench, "classify", "--policy", "noise")
    [group] = ok(bench, "policy", "refine", "groups", "noise")["groups"]
    assert (group["group"], group["missed"], group["overdone"]) == ("none/none", 3, 0)
    assert group["alike"] == [["horn-0", "horn-1", "horn-2"]]
    assert "none/none  3 items" in bench("policy", "refine", "groups", "noise").out
    edited = ok(bench, "policy", "refine", "edit", "noise", "--clause", "YES.a", "--text", "Talk of a drum or horn.")
    assert [row["clause"] for row in edited["diff"]["clauses"]] == ["YES.a"]
    example = ok(bench, "policy", "refine", "example", "horn-0", "--policy", "noise", "--draft", "noise")
    assert '- "A horn at 0" -> YES.' in example["document"]
    said = ScriptedClassifier(lambda _item, _policy: "YES.b Talk of a horn.")
    monkeypatch.setattr(services, "open_classifier", lambda _workspace, model=None: said)
    made = ok(bench, "policy", "refine", "suggest", "noise", "--group", "none/none", "--draft", "s")
    assert (made["origin"], made["name"]) == ("model", "s")
    assert bench("policy", "publish", "s", "--untested", "--json").document["obstacles"][0] == "not_accepted"
    assert bench("policy", "refine", "suggest", "noise", "--group", "x/y").status == 1
