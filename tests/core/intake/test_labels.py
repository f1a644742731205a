"""What a written label means under a policy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.domain import Label, Verdict, VerdictStatus
from core.intake.labels import read_label
from core.intake.records import RecordError
from tests.core.intake.policies import make_policy

POLICY = make_policy()
BINARY = make_policy(labels=(Label("SAFE", "Safe", False), Label("BAD", "Bad", True)))
VERDICT = Verdict("a", "spam", POLICY.hash, VerdictStatus.PARSED, "SP4", True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("SP2", "SP2"),
        (" sp2 ", "SP2"),
        ("VALID", "SP0"),
        ("valid", "SP0"),
        (0, "SP0"),
        ("scam", "SP4"),
        (False, "SP0"),
        ("benign", "SP0"),
    ],
)
def test_codes_aliases_and_the_only_label_of_a_side(written: object, code: str) -> None:
    assert read_label(POLICY, written, field="label").label.code == code


@pytest.mark.parametrize("written", ["INVALID", True, 1, "unsafe"])
def test_a_bare_yes_is_the_only_violating_label(written: object) -> None:
    assert read_label(BINARY, written, field="label").label.code == "BAD"


@pytest.mark.parametrize("written", ["SP9", "", "perhaps", None, 1.0, {}])
def test_anything_else_is_refused(written: object) -> None:
    with pytest.raises(RecordError, match="decision not recorded"):
        read_label(POLICY, written, field="label")


def test_a_bare_yes_confirms_the_verdict_on_its_side_and_says_so() -> None:
    confirmed = read_label(POLICY, "INVALID", field="gold", verdict=VERDICT)
    assert confirmed.label.code == "SP4"
    assert "`gold` only says that the content violates; the model's label" in confirmed.note


@pytest.mark.parametrize(
    "verdict", [None, replace(VERDICT, label="SP0", violates=False), replace(VERDICT, label=None, violates=None)]
)
def test_a_bare_yes_against_the_verdict_is_the_mildest_violating_label_and_says_so(verdict: Verdict | None) -> None:
    meaning = read_label(POLICY, True, field="gold", verdict=verdict)
    assert meaning.label.code == "SP2"
    assert "the mildest label" in meaning.note


def test_words_that_say_it_all_need_no_note() -> None:
    assert read_label(POLICY, "SP4", field="gold").note == ""
    assert read_label(POLICY, "VALID", field="gold", verdict=VERDICT).note == ""
    assert read_label(BINARY, "INVALID", field="gold").note == ""


def test_a_label_for_the_side_as_a_whole_stands_where_the_verdict_is_on_the_other() -> None:
    policy = make_policy(labels=(Label("VALID", "Fine", False), Label("INVALID", "Bad", True), *POLICY.labels[1:]))
    assert read_label(policy, "INVALID", field="label").label.code == "INVALID"
    assert read_label(policy, "INVALID", field="label", verdict=VERDICT).label.code == "SP4"
    assert read_label(policy, "SP2", field="label", verdict=VERDICT).label.code == "SP2"
    assert read_label(policy, "VALID", field="label", verdict=VERDICT).label.code == "VALID"


def test_names_that_differ_only_in_case_are_told_apart() -> None:
    twins = make_policy(labels=(Label("ab", "one", False), Label("AB", "two", True)))
    assert read_label(twins, "AB", field="label").label.violates is True
    with pytest.raises(RecordError):
        read_label(twins, "Ab", field="label")
