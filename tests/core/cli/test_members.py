"""The commands about members."""

from __future__ import annotations

from tests.core.cli.conftest import CommandLine


def test_members_are_added_changed_listed_and_removed(desk: CommandLine) -> None:
    alone = desk("member", "list", "--json").document
    assert [(member["name"], member["role"]) for member in alone["members"]] == [("kim", "lead")]
    assert alone["you"] == {"name": "kim", "role": "lead"}
    added = desk("member", "add", "bo", "--json").document
    assert (added["name"], added["role"], added["added_by"]) == ("bo", "reviewer", "kim")
    assert desk("member", "role", "bo", "auditor", "--json").document["role"] == "auditor"
    listed = desk("member", "list").out
    assert "auditor" in listed
    assert "You are kim, lead." in listed
    assert desk("member", "remove", "bo", "--json").document["role"] is None
    assert "bo" not in desk("member", "list").out


def test_a_role_that_may_not_is_an_error_with_a_hint(desk: CommandLine) -> None:
    assert desk("member", "add", "bo", "--role", "auditor").status == 0
    settings = desk.folder / "settings.toml"
    settings.write_text('reviewer = "bo"\n', encoding="utf-8")
    ended = desk("policy", "add", "policies/spam.md", "--json")
    assert ended.status == 1
    assert ended.error["title"] == "Your role does not allow that"
    assert "kim" in ended.error["hint"]
    assert desk("queue").status == 0


def test_a_role_that_is_none_is_wrong_usage(desk: CommandLine) -> None:
    assert desk("member", "add", "bo", "--role", "king").status == 2
    assert desk("member", "remove", "nobody").status == 1
