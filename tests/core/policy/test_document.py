"""Documents: what is read, what makes two of them the same, and that no text brings the reader down."""

from __future__ import annotations

import hashlib
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Effort, ItemKind, Label, OutputForm
from core.errors import InputError
from core.policy.document import MAX_DOCUMENT_CHARS, canonical_text, parse_policy
from tests.core.policy import texts

FOREIGN = [texts.WORDS, texts.CODES, texts.TIERS, texts.CATEGORIES]
ALL = [texts.SPAM, texts.BINARY, *FOREIGN]
QUICK = settings(max_examples=150, deadline=None)


def test_front_matter_is_read() -> None:
    policy = parse_policy(texts.SPAM)
    assert (policy.policy_id, policy.title, policy.version, policy.author) == ("spam", "Spam", 0, "")
    assert (policy.output, policy.effort) == (OutputForm.RATIONALE, Effort.HIGH)
    assert policy.applies_to == (ItemKind.MESSAGE, ItemKind.REPLY)
    assert policy.labels == (
        Label("SP0", "Not spam", violates=False, aliases=("VALID", "0", "NOT_SPAM")),
        Label("SP2", "Nuisance", violates=True, severity=2),
        Label("SP4", "Malicious spam", violates=True, severity=4, escalate=True, aliases=("INVALID + ESCALATE",)),
    )
    assert policy.body.startswith("# Instructions\n")
    assert "labels:" not in policy.body
    assert list(policy.sections) == ["Instructions", "Violates", "Safe", "Examples"]
    assert policy.sections["Instructions"] == "Decide whether the content is spam."


def test_rules_are_list_items_that_open_with_a_label_code() -> None:
    rules = {rule.id: rule for rule in parse_policy(texts.SPAM).rules}
    assert list(rules) == ["SP2.a", "SP2.b", "SP4.a", "SP0.a"]
    assert (rules["SP2.a"].text, rules["SP2.a"].label, rules["SP2.a"].section) == (
        "Unasked promotion of any length.",
        "SP2",
        "Violates",
    )
    assert rules["SP2.b"].text == "The same text again."
    assert rules["SP0.a"].section == "Safe"


def test_the_hash_is_that_of_the_canonical_document() -> None:
    policy = parse_policy(texts.SPAM)
    assert policy.hash == hashlib.sha256(policy.document.encode()).hexdigest()
    assert policy.document == texts.SPAM


def test_an_id_in_the_document_comes_before_the_given_one() -> None:
    assert parse_policy(texts.SPAM, policy_id="other").policy_id == "spam"
    nameless = texts.SPAM.replace("id: spam\n", "")
    assert parse_policy(nameless, policy_id="other").policy_id == "other"
    assert parse_policy(texts.WORDS, policy_id="fraud-1").policy_id == "fraud-1"
    assert parse_policy(texts.WORDS).policy_id == "spam-policy-sp"


@pytest.mark.parametrize("policy_id", ["", " ", "a/b", "a\\b", "a\nb", "x" * 129])
def test_an_id_that_is_no_name_is_refused(policy_id: str) -> None:
    with pytest.raises(InputError, match="id of a policy"):
        parse_policy(texts.WORDS, policy_id=policy_id)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\ufeff \n\t\n", 1),
        ("x" * (MAX_DOCUMENT_CHARS + 1), 1),
        ("Title\n\nline \x00 here", 3),
        ("Title\r\nlone \ud800 surrogate", 2),
        ("Just a poem.\nNothing asked for.", 1),
    ],
)
def test_what_is_no_policy_is_refused_by_line(text: str, line: int) -> None:
    with pytest.raises(InputError, match=f"^The policy cannot be read: Line {line} of the policy") as caught:
        parse_policy(text)
    assert caught.value.hint


def test_errors_never_repeat_the_text() -> None:
    with pytest.raises(InputError) as caught:
        parse_policy("---\nid: [secret words\n---\nbody")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ALL)
def test_the_canonical_document_reads_the_same(text: str) -> None:
    policy = parse_policy(text, policy_id="x")
    assert parse_policy(policy.document, policy_id="x") == policy


# A lone CR before an empty line that ends in LF would be one line end: those two are not mixed.
ENDS = st.lists(st.sampled_from(["\n", "\r\n"]), min_size=1, max_size=5) | st.just(["\r"])
SPACES = st.lists(st.text(" \t", max_size=3), min_size=1, max_size=5)


@QUICK
@given(text=st.sampled_from(ALL), ends=ENDS, spaces=SPACES, last=st.text("\n \t\r", max_size=4), mark=st.booleans())
def test_the_hash_ignores_line_ends_and_trailing_space(
    text: str, ends: list[str], spaces: list[str], last: str, mark: bool
) -> None:
    lines = zip(text.removesuffix("\n").split("\n"), cycle(spaces), cycle(ends), strict=False)
    changed = "\ufeff" * mark + "".join(line + space + end for line, space, end in lines) + last
    assert parse_policy(changed, policy_id="x") == parse_policy(text, policy_id="x")


@QUICK
@given(text=st.sampled_from(FOREIGN), place=st.floats(0, 1), inserted=st.text(min_size=1, max_size=3))
def test_the_hash_ignores_nothing_else(text: str, place: float, inserted: str) -> None:
    at = round(place * len(text))
    changed = text[:at] + inserted + text[at:]
    same = canonical_text(changed) == canonical_text(text)
    try:
        policy = parse_policy(changed, policy_id="x")
    except InputError:
        return
    assert (policy.hash == parse_policy(text, policy_id="x").hash) == same
    if inserted.strip(" \t\r\n\ufeff"):
        assert not same


def test_look_alikes_and_normal_forms_stay_different() -> None:
    composed, split, other = "caf\u00e9", "cafe\u0301", "c\u0430fe"
    hashes = {parse_policy(texts.SPAM + f"\n- {word}\n").hash for word in (composed, split, other)}
    assert len(hashes) == 3


@QUICK
@given(st.lists(st.text("ab \t\r\n\ufeff\u2028\x0c-", max_size=6), max_size=8).map("\n".join))
def test_canonical_text_is_its_own_canonical_text(text: str) -> None:
    once = canonical_text(text)
    assert canonical_text(once) == once
    assert once.endswith("\n")
    assert not once.endswith("\n\n")
    assert not any(line.endswith((" ", "\t", "\r")) for line in once.split("\n"))


FRAGMENTS = st.sampled_from(
    ["---\n", "id: x\n", "labels:\n", "- {code: A, name: b, violates: true}\n", "&a [*a]", "!!python/object:x",
     "# H\n", "FR0 (VALID) - x\n", "FR1 (INVALID) - y\n", "Answer (VALID or INVALID):", "- Label: [A / B]\n", "\r",
     "\ufeff", "```\n", "'", '"', "{", "[", "? ", ": ", "- ", "| ", "%YAML 9\n", "\t", "- SP1.a x\n",
     "VALID or INVALID", "\u2028"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(FRAGMENTS | st.text(max_size=20), max_size=25).map("".join))
def test_no_text_raises_anything_but_an_input_error(text: str) -> None:
    try:
        policy = parse_policy(text)
    except InputError:
        return
    assert {label.violates for label in policy.labels} == {True, False}
    assert parse_policy(policy.document, policy_id=policy.policy_id) == policy


@pytest.mark.parametrize(
    "text",
    ["return VALID" + " " * 900_000 + "or", "FR0 (A)" + " " * 900_000 + "x", "---\n" + "[" * 60_000 + "\n---\nx",
     "- Label: [A/B]\n" * 60_000, "- Aaa (x)\n" * 90_000, "# " + " " * 900_000 + "x", "a" + " " * 900_000 + "b"],
)  # fmt: skip
def test_hostile_text_is_refused_in_a_few_seconds(text: str) -> None:
    with pytest.raises(InputError):
        parse_policy(text)


def test_the_policies_that_ship_are_read() -> None:
    paths = sorted((Path(__file__).parents[3] / "policies").glob("*.md"))
    assert len(paths) >= 2
    for path in paths:
        policy = parse_policy(path.read_text(encoding="utf-8"))
        assert policy.policy_id == path.stem
        assert {rule.label for rule in policy.rules} == {label.code for label in policy.labels}
