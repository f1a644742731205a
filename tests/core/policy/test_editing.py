"""Edits of a text: one clause changes and nothing else, a rule and an example find their place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import ItemKind
from core.errors import UsageError
from core.policy.diff import Change, diff_policies
from core.policy.document import parse_policy
from core.policy.editing import add_example, add_rule, replace_clause
from tests.core.policy import texts
from tests.fixtures.values import make_item

SPAM = parse_policy(texts.SPAM)


def changes(document: str) -> list[tuple[Change, str]]:
    return [(row.change, row.clause) for row in diff_policies(SPAM, parse_policy(document)).changed]


@pytest.mark.parametrize(
    "text", ["Asking for any secret.", "- SP4.a Asking for any secret.", "**SP4.a**: Asking for any secret."]
)
def test_a_rule_is_said_anew_and_nothing_else_changes(text: str) -> None:
    document = replace_clause(SPAM, "SP4.a", text)
    assert changes(document) == [(Change.CHANGED, "SP4.a")]
    rule = parse_policy(document).rule("SP4.a")
    assert rule is not None
    assert rule.text == "Asking for any secret."
    assert rule.section == "Violates"


def test_a_rule_of_several_lines_is_replaced_whole() -> None:
    document = replace_clause(SPAM, "SP2.a", "One line\nand another.")
    assert changes(document) == [(Change.CHANGED, "SP2.a")]
    assert "of any length" not in document
    rule = parse_policy(document).rule("SP2.a")
    assert rule is not None
    assert rule.text == "One line and another."


def test_a_new_rule_stands_behind_the_last_of_its_label() -> None:
    document, rule_id = add_rule(SPAM, "SP2", "A third kind.")
    assert rule_id == "SP2.c"
    assert changes(document) == [(Change.ADDED, "SP2.c")]
    assert [rule.id for rule in parse_policy(document).rules] == ["SP2.a", "SP2.b", "SP2.c", "SP4.a", "SP0.a"]
    bare = parse_policy(texts.SPAM.replace("- `SP4.a` Asking for a password.\n", ""))
    document, rule_id = add_rule(bare, "SP4", "Theft.")
    rule = parse_policy(document).rule(rule_id)
    assert rule is not None
    assert (rule_id, rule.section) == ("SP4.a", "Violates")


def test_an_example_goes_to_the_examples() -> None:
    item = make_item(1, content='Buy "this"\nnow')
    document = add_example(SPAM, item, "SP2.a", "nobody asked.")
    assert document.split("\n")[-2] == "- \"Buy 'this' now\" -> SP2.a, nobody asked."
    reply = make_item(2, kind=ItemKind.REPLY, parent="Who sells?", content="I do")
    assert 'Parent "Who sells?" Reply "I do" -> SP0.' in add_example(SPAM, reply, "SP0")
    without = parse_policy(texts.SPAM[: texts.SPAM.index("# Examples")])
    document = add_example(without, item, "SP2.a")
    assert document.endswith("# Examples\n\n- \"Buy 'this' now\" -> SP2.a.\n")
    assert "Examples" in parse_policy(document).sections


@pytest.mark.parametrize("text", ["", "  ", "# Heading", "x" * 2001, "one\n\ntwo", "one\n# two"])
def test_what_is_no_clause_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        replace_clause(SPAM, "SP4.a", text)
    with pytest.raises(UsageError):
        add_rule(SPAM, "SP2", text)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError):
        replace_clause(SPAM, "SP9.z", "x")
    with pytest.raises(UsageError):
        add_rule(SPAM, "SP9", "x")
    for content in ("x" * 401, " \n"):
        with pytest.raises(UsageError):
            add_example(SPAM, make_item(1, content=content), "SP0")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60))
def test_hostile_content_can_add_nothing_but_one_line(content: str, reason: str) -> None:
    item = make_item(1, content=content)
    try:
        document = add_example(SPAM, item, "SP0.a", reason)
    except UsageError:
        return
    before, after = SPAM.document.split("\n"), document.split("\n")
    assert len(after) == len(before) + 1
    assert next(line for line in after if line not in before).startswith('- "')
