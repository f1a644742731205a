"""Names of labels: how they are compared, and that no name is given to a label it does not tell apart."""

from __future__ import annotations

import pytest

from core.domain import Label
from core.policy.labels import find_label, fold_name, only_label, settle, shared_name, strip_emphasis

SAFE = Label("SP0", "Not spam", violates=False, aliases=("VALID", "0"))
MILD = Label("SP2", "Nuisance", violates=True, severity=2)
GRAVE = Label("SP4", "Malicious spam", violates=True, severity=4, aliases=("INVALID + ESCALATE",))
SIDE = Label("INVALID", "Violates, level not given", violates=True, severity=2)
LABELS = (SAFE, MILD, GRAVE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hate-speech", "Hate Speech"),
        ("hate-speech", "hate\u2011speech"),
        ("NOT_SPAM", "not spam"),
        ("**SP2**", "sp2"),
        ("INVALID+ESCALATE", "invalid + escalate"),
        ("a  b", "a\u00a0b"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"), [("1", "-1"), ("VALID", "INVALID"), ("SP2", "SP2.a"), ("0", ""), ("C", "C+")]
)
def test_names_that_differ(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize(
    ("text", "plain"), [("**a** _b_ `c`", "a b c"), ("snake_case", "snake_case"), ("__x__", "x"), ("2 * 3", "2  3")]
)
def test_emphasis_goes_and_the_words_stay(text: str, plain: str) -> None:
    assert strip_emphasis(text) == plain


@pytest.mark.parametrize(
    ("written", "code"),
    [("SP0", "SP0"), ("sp4", "SP4"), ("0", "SP0"), ("Malicious spam", "SP4"), ("invalid+escalate", "SP4"),
     ("INVALID", None), ("", None), ("SP", None), ("spam", None)],
)  # fmt: skip
def test_find_label(written: str, code: str | None) -> None:
    found = find_label(LABELS, written)
    assert (found.code if found else None) == code


def test_a_name_that_two_labels_share_means_neither() -> None:
    twins = (Label("a-b", "One", violates=False), Label("A B", "Two", violates=True))
    assert find_label(twins, "a_b") is None
    assert find_label(twins, "A B") is twins[1]


def test_settle() -> None:
    assert settle([MILD, MILD]) is MILD
    assert settle([SIDE, GRAVE]) is GRAVE
    assert settle([MILD, GRAVE, SIDE]) is None
    assert settle([SAFE, SIDE]) is None
    assert settle([]) is None


def test_only_label() -> None:
    assert only_label(LABELS, violates=False) is SAFE
    assert only_label(LABELS, violates=True) is None
    assert only_label((*LABELS, SIDE), violates=True) is SIDE


def test_shared_name() -> None:
    assert shared_name(LABELS) is None
    assert shared_name([SAFE, Label("X", "x", violates=True, aliases=("valid",))]) is not None
