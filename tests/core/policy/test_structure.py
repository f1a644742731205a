"""Sections and rules of a document's text."""

from __future__ import annotations

import pytest

from core.policy.structure import find_rules, find_sections, heading_level, heading_text


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [("# A", 1, "A"), ("## A ##", 2, "A"), ("#", 1, ""), ("# C#", 1, "C#"), ("#tag", 0, "tag"), ("####### x", 0, "x")],
)
def test_headings(line: str, level: int, text: str) -> None:
    assert heading_level(line) == level
    assert heading_text(line) == text


def test_sections_follow_first_level_headings() -> None:
    body = "before\n# A\none\n## sub\ntwo\n# B\n# A\nthree\n```\n# not one\n```\n"
    assert find_sections(body) == {"": "before", "A": "one\n## sub\ntwo\n\nthree\n```\n# not one\n```", "B": ""}


def test_a_rule_needs_a_list_item_a_code_and_a_suffix() -> None:
    body = "# R\n- S1.a yes\n* **S1.b** yes\n2) S1.c: yes\n"
    body += "- S1 no\n- S12.a no\nS1.d no\n- see S1.e no\n```\n- S1.f no\n```\n"
    assert [rule.id for rule in find_rules(body, ["S1"])] == ["S1.a", "S1.b", "S1.c"]


def test_the_longest_code_owns_a_rule() -> None:
    rules = find_rules("- S1.a.b text\n- S1.c text\n", ["S1", "S1.a"])
    assert [(rule.id, rule.label) for rule in rules] == [("S1.a.b", "S1.a"), ("S1.c", "S1")]


def test_codes_are_text_not_patterns() -> None:
    assert [rule.id for rule in find_rules("- C+.a yes\n- CC.a no\n", ["C+"])] == ["C+.a"]


def test_rule_text_runs_over_indented_lines_only() -> None:
    (rule,) = find_rules("# X\n- S1.a first\n  second\n\tthird\nfourth\n", ["S1"])
    assert (rule.text, rule.section) == ("first second third", "X")
