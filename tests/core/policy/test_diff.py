"""What differs between two texts: clause by clause, a rule found again wherever it stands, words marked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.policy.clauses import find_clauses
from core.policy.diff import Change, FieldDiff, diff_policies
from core.policy.document import parse_policy
from tests.core.policy import texts

SPAM = texts.SPAM


def rows(before: str, after: str) -> list[tuple[str, str]]:
    return [(row.change.value, row.clause) for row in diff_policies(parse_policy(before), parse_policy(after)).changed]


def test_clauses_are_rules_items_headings_and_paragraphs_with_their_lines() -> None:
    policy = parse_policy(SPAM)
    clauses = find_clauses(policy)
    lines = policy.document.split("\n")
    for clause in clauses:
        assert "\n".join(lines[clause.line - 1 : clause.line - 1 + clause.lines]) == clause.text
    rules = {clause.id: clause for clause in clauses if clause.id}
    assert list(rules)[:4] == ["SP2.a", "SP2.b", "SP4.a", "SP0.a"]
    assert rules["SP2.a"].text == "- SP2.a Unasked promotion\n  of any length."
    assert [clause.text for clause in clauses if clause.level] == [
        "# Instructions", "# Violates", "# Safe", "# Examples"
    ]  # fmt: skip


def test_the_same_text_differs_in_nothing() -> None:
    diff = diff_policies(parse_policy(SPAM), parse_policy(SPAM.replace("\n", "  \r\n")))
    assert diff.empty
    assert {row.change for row in diff.clauses} == {Change.SAME}


def test_a_reworded_rule_shows_its_words() -> None:
    before, after = parse_policy(SPAM), parse_policy(SPAM.replace("Asking for a password", "Asking for any password"))
    [row] = diff_policies(before, after).changed
    assert (row.change, row.clause) == (Change.CHANGED, "SP4.a")
    assert "".join(span.text for span in row.before_spans) == row.before.text  # type: ignore[union-attr]
    assert [span.text for span in row.after_spans if not span.kept] == ["any"]
    assert [span.text for span in row.before_spans if not span.kept] == ["a"]


def test_rules_that_come_go_and_move() -> None:
    lines = SPAM.split("\n")
    rule = next(line for line in lines if "SP4.a" in line)
    without = "\n".join(line for line in lines if line != rule)
    assert rows(SPAM, without) == [("removed", "SP4.a")]
    assert rows(without, SPAM) == [("added", "SP4.a")]
    moved = without.replace("# Violates\n", f"# Violates\n\n{rule}\n")
    assert rows(SPAM, moved) == [("moved", "SP4.a")]
    both = moved.replace("password", "secret")
    assert rows(SPAM, both) == [("changed", "SP4.a")]


def test_a_reworded_paragraph_is_one_row_and_another_one_two() -> None:
    assert rows(SPAM, SPAM.replace("the content is spam", "the content here is spam")) == [("changed", "Instructions")]
    other = SPAM.replace("Decide whether the content is spam.", "Quite another matter altogether, not alike.")
    assert rows(SPAM, other) == [("removed", "Instructions"), ("added", "Instructions")]


def test_settings_and_labels() -> None:
    after = SPAM.replace("effort: high", "effort: low").replace("name: Nuisance,", "name: Bother,")
    after = after.replace("  - {code: SP4", "  - {code: SP3, name: New, violates: true}\n  - {code: SP4")
    assert diff_policies(parse_policy(SPAM), parse_policy(after)).fields == (
        FieldDiff("effort", "high", "low"),
        FieldDiff("labels.SP2.name", "Nuisance", "Bother"),
        FieldDiff("labels.SP3", "", "New"),
    )


BODY = st.lists(
    st.sampled_from(["# A", "", "- SP2.a one", "- SP2.b two", "text", "  more", "- item", "```"]), max_size=14
)


@settings(max_examples=80, deadline=None)
@given(BODY, BODY)
def test_every_clause_of_both_texts_stands_in_exactly_one_row(old: list[str], new: list[str]) -> None:
    head = SPAM[: SPAM.index("# Instructions")]
    before, after = (parse_policy(head + "\n".join([*lines, "end"])) for lines in (old, new))
    diff = diff_policies(before, after)
    assert sorted((row.before for row in diff.clauses if row.before), key=lambda c: c.line) == list(
        find_clauses(before)
    )
    assert [row.after for row in diff.clauses if row.after] == list(find_clauses(after))
    for row in diff.clauses:
        for clause, spans in ((row.before, row.before_spans), (row.after, row.after_spans)):
            assert "".join(span.text for span in spans) == (clause.text if clause else "")
