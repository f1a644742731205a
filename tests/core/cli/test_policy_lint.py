"""`policy lint`: files and policies of the workspace, plain and as a document, with the exit status scripts go by."""

from __future__ import annotations

from pathlib import Path

from tests.core.cli.conftest import CommandLine

ROOT = Path(__file__).resolve().parents[3]
SPAM = (ROOT / "policies" / "spam.md").read_text(encoding="utf-8")


def test_a_clean_file_needs_no_workspace(cli: CommandLine) -> None:
    ended = cli("policy", "lint", ROOT / "policies" / "spam.md", "--json")
    assert ended.status == 0
    document = ended.document
    assert (document["id"], document["ok"], document["findings"]) == ("spam", True, [])
    assert document["tokens"]["estimated"] is True
    assert document["tokens"]["sections"][0]["name"] == "Instructions"


def test_findings_come_with_code_place_and_reason(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(SPAM.replace("-> SP2.a,", "-> sp2-a,").replace("# Safe", "# \x1bSafe"), encoding="utf-8")
    ended = desk("policy", "lint", path)
    assert ended.status == 1
    assert "spam:54:57: error P201 sp2-a is neither" in ended.out
    assert "[--fix: write SP2.a]" in ended.out
    assert "\x1b" not in ended.out
    finding = desk("policy", "lint", path, "--json").document["findings"][0]
    assert set(finding) == {"code", "level", "line", "column", "reason", "fix"}


def test_fix_changes_the_file_and_shows_it(cli: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(SPAM.replace("-> SP2.a,", "-> sp2-a,"), encoding="utf-8")
    ended = cli("policy", "lint", path, "--fix", "--json")
    assert ended.status == 0
    assert [finding["code"] for finding in ended.document["fixed"]] == ["P201"]
    assert any(line.startswith("+") and "SP2.a" in line for line in ended.document["diff"])
    assert path.read_text(encoding="utf-8") == SPAM


def test_a_policy_of_the_workspace_is_linted_by_id(desk: CommandLine) -> None:
    assert desk("policy", "lint", "harassment", "--json").document["id"] == "harassment"
    assert "There is no policy" in desk("policy", "lint", "nothing", "--json").error["message"]
    assert "goes with a file" in desk("policy", "lint", "spam", "--fix", "--json").error["message"]
    assert "cannot be read" in desk("policy", "lint", "none.md", "--json").error["message"]


def test_a_named_model_counts_the_tokens(desk: CommandLine, tiny_model: Path) -> None:
    document = desk("policy", "lint", "spam", "--model", tiny_model, "--json").document
    assert document["tokens"]["tokenizer"] == "tiny-chatml"
    assert document["tokens"]["estimated"] is False
