"""Plain text policies: the labels are the answers they ask for, on small texts and on all real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain import Effort, ItemKind, Label, OutputForm, PolicyVersion
from core.errors import InputError
from core.policy.document import parse_policy
from tests.core.policy import texts


def sides(policy: PolicyVersion) -> dict[str, bool]:
    return {label.code: label.violates for label in policy.labels}


def test_a_policy_that_asks_for_one_of_two_words() -> None:
    policy = parse_policy(texts.WORDS, policy_id="w")
    assert policy.labels == (
        Label("VALID", "Does not violate", violates=False, aliases=("SP0",)),
        Label("INVALID", "Violates", violates=True, severity=2, aliases=("SP2", "SP4")),
    )
    assert [(rule.id, rule.label, rule.section) for rule in policy.rules] == [
        ("SP0", "VALID", "LEVELS"),
        ("SP2", "INVALID", "LEVELS"),
        ("SP4", "INVALID", "LEVELS"),
    ]
    assert policy.rules[1].text == "Likely Spam. Unsolicited promotion."
    assert list(policy.sections) == ["Spam Policy (#SP)", "INSTRUCTIONS", "LEVELS", "OUTPUT FORMAT"]
    assert (policy.title, policy.output, policy.effort) == ("Spam Policy (#SP)", OutputForm.TEXT, Effort.HIGH)
    assert policy.applies_to == tuple(ItemKind)
    assert policy.body == policy.document


def test_a_policy_that_asks_for_codes_keeps_the_words_as_answers() -> None:
    policy = parse_policy(texts.CODES, policy_id="c")
    assert policy.labels == (
        Label("GD0", "Allowed", violates=False, aliases=("VALID",)),
        Label("GD1", "Promotion", violates=True, severity=1),
        Label("GD2", "Supply", violates=True, severity=2, escalate=True, aliases=("INVALID + ESCALATE",)),
        Label("INVALID", "Violates, level not given", violates=True, severity=1),
    )
    assert [(rule.id, rule.label) for rule in policy.rules] == [("GD0.a", "GD0"), ("GD1.a", "GD1"), ("GD2.a", "GD2")]
    assert "Goal" in policy.sections
    assert policy.title == "Goods Policy (#GD)"


def test_a_policy_that_asks_for_a_field_with_options() -> None:
    policy = parse_policy(texts.TIERS, policy_id="t")
    assert sides(policy) == {"LOW": False, "MEDIUM": False, "HIGH": True, "CRITICAL": True}
    assert policy.labels[3].aliases == ("Risk Tier: CRITICAL",)


def test_a_policy_that_asks_for_a_category() -> None:
    policy = parse_policy(texts.CATEGORIES, policy_id="m")
    assert [(label.code, label.severity) for label in policy.labels] == [
        ("NONE", 0),
        ("hate-speech", 3),
        ("self-harm", 4),
        ("spam", 2),
    ]
    assert policy.labels[0].aliases == ("Primary Policy: None", "Violated Policies: None", "Violated Policies: []")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Insults\nAnswer SAFE or UNSAFE.", {"SAFE": False, "UNSAFE": True}),
        ("Insults\nReturn only one word: BLOCK or ALLOW.", {"ALLOW": False, "BLOCK": True}),
        ("Insults\nRespond with SPAM or NOT_SPAM", {"NOT_SPAM": False, "SPAM": True}),
        ("Insults\nReturn a single digit: 1 or 0", {"0": False, "1": True}),
        ('Insults\nReturn {"violation": 0|1, "rationale": "..."}', {"0": False, "1": True}),
        ("Insults\nReturn RED or BLUE.", None),
        ("Insults\nDo not say VALID or INVALID lightly.", None),
        ("Insults\n- Verdict: [KEEP / REMOVE]", {"KEEP": False, "REMOVE": True}),
    ],
)
def test_words_whose_side_is_known_and_no_others(text: str, expected: dict[str, bool] | None) -> None:
    if expected is None:
        with pytest.raises(InputError, match="does not show which answers"):
            parse_policy(text)
    else:
        assert sides(parse_policy(text)) == expected


def test_levels_without_answers_are_told_apart_by_name_and_number() -> None:
    text = "Gore (#GV)\n\nGV0: Non-graphic news\nok\n\nGV1: Blood\nbad\n\nEach item gets one label.\n"
    assert sides(parse_policy(text)) == {"GV0": False, "GV1": True}


RECORDED = ["fraud-1", *(f"multi_turn-{number}" for number in range(1, 7)), "unicode-1"]


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_policies_that_ask_for_a_word(docket_data: Path, name: str) -> None:
    text = (docket_data / "recorded_verdicts" / "policies" / f"{name}.txt").read_text(encoding="utf-8")
    policy = parse_policy(text, policy_id=name)
    assert sides(policy) == {"VALID": False, "INVALID": True}
    named = [alias for label in policy.labels for alias in label.aliases]
    assert [rule.id for rule in policy.rules] == named
    assert 4 <= len(named) <= 5
    assert "OUTPUT FORMAT" in policy.sections


def test_recorded_policies_of_other_shapes(docket_data: Path) -> None:
    folder = docket_data / "recorded_verdicts" / "policies"
    tiers = parse_policy((folder / "risk-tiering-1.txt").read_text(encoding="utf-8"), policy_id="r")
    assert sides(tiers) == {"LOW": False, "MEDIUM": False, "HIGH": True, "CRITICAL": True}
    many = parse_policy((folder / "multi-policy-1.txt").read_text(encoding="utf-8"), policy_id="m")
    assert [label.code for label in many.labels if not label.violates] == ["NONE"]
    assert {"hate-speech", "violence", "self-harm", "fraud", "unauthorized-actions"} < set(sides(many))
    assert len(many.labels) == 11
    assert many.label("self-harm") is not None
    assert max(many.labels, key=lambda label: label.severity).code == "self-harm"


def test_the_authors_spam_policy(docket_data: Path) -> None:
    policy = parse_policy((docket_data / "openai_spam" / "policy.txt").read_text(encoding="utf-8"), policy_id="s")
    assert sides(policy) == {"SP0": False, "SP2": True, "SP3": True, "SP4": True, "INVALID": True}
    grave = policy.label("SP4")
    assert grave is not None
    assert grave.escalate
    assert set(grave.aliases) == {"S4", "INVALID + ESCALATE"}
    assert [rule.id for rule in policy.rules if rule.label == "SP3"] == ["SP3.a", "SP3.b", "SP3.c", "SP3.d"]
    assert len(policy.rules) == 17


@pytest.mark.parametrize(
    ("name", "prefix", "rules"),
    [
        ("age-restricted-goods-and-services", "ARS", 11),
        ("dangerous-content", "DC", 20),
        ("graphic-violent-content", "GV", 17),
    ],
)
def test_the_teen_safety_packs(docket_data: Path, name: str, prefix: str, rules: int) -> None:
    text = (docket_data / "teen_safety" / f"{name}.policy.md").read_text(encoding="utf-8")
    policy = parse_policy(text, policy_id=name)
    found = sides(policy)
    assert found.pop("INVALID")
    assert list(found) == [f"{prefix}{number}" for number in range(len(found))]
    assert [code for code, violates in found.items() if not violates] == [f"{prefix}0"]
    assert len(policy.rules) == rules
    assert {rule.label for rule in policy.rules} == set(found)
    assert "Label Format" in policy.sections
