"""The six shipped policies and their golden sets are whole: parts, labels, rules, examples, both sides of the line."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from core.domain import Effort, ItemKind, OutputForm, PolicyVersion
from tests.fixtures.authored import (
    POLICIES,
    SAMPLE,
    hidden,
    judged,
    kind,
    plain,
    quoted_examples,
    read_records,
    real_world,
    shipped_policy,
    texts,
)

IDS = ["spam", "harassment", "self-harm", "fraud", "dangerous-goods", "private-information"]
PREFIXES = {
    "spam": "SP",
    "harassment": "HR",
    "self-harm": "SH",
    "fraud": "FR",
    "dangerous-goods": "DG",
    "private-information": "PI",
}
VAGUE = re.compile(
    r"\b(inappropriate|generally|usually|often|sometimes|etc|reasonable|excessive|offensive|bad|harmful|and so on)\b",
    re.IGNORECASE,
)
EXAMPLE = re.compile(r"- .+ -> ([A-Z]{2}\d\.[a-z]), [^.]+\.")


@pytest.fixture(params=IDS)
def policy(request: pytest.FixtureRequest) -> PolicyVersion:
    return shipped_policy(request.param)


@pytest.fixture
def golden(policy: PolicyVersion) -> list[dict[str, Any]]:
    return read_records(POLICIES / "golden" / f"{policy.policy_id}.jsonl")


def violates(policy: PolicyVersion, code: str) -> bool:
    label = policy.label(code)
    assert label is not None
    return label.violates


def examples(policy: PolicyVersion) -> list[str]:
    return policy.sections["Examples"].splitlines()


def test_these_are_all_the_policies_and_golden_sets() -> None:
    assert {path.stem for path in POLICIES.glob("*.md")} == set(IDS)
    assert {path.stem for path in (POLICIES / "golden").glob("*.jsonl")} == set(IDS)


def test_a_policy_has_five_parts_within_the_recommended_size(policy: PolicyVersion) -> None:
    assert list(policy.sections) == ["Instructions", "Definitions", "Violates", "Safe", "Examples"]
    # 400 to 600 tokens of o200k_base are asked for. These texts run at 1.42 to 1.47 tokens a word, so 420 words are
    # about 610 tokens at most; the exact count needs the model's tokenizer and is the linter's business.
    assert 280 <= len(policy.body.split()) <= 420
    assert policy.output is OutputForm.RATIONALE
    assert policy.effort is Effort.MEDIUM
    assert policy.applies_to == tuple(ItemKind)


def test_labels_rise_in_severity_and_the_gravest_is_escalated(policy: PolicyVersion) -> None:
    assert {label.code[:2] for label in policy.labels} == {PREFIXES[policy.policy_id]}
    assert all(label.code[2:] == str(label.severity) for label in policy.labels)
    severities = [label.severity for label in policy.labels]
    assert severities == sorted(set(severities))
    assert policy.labels[-1].escalate
    assert {label.severity for label in policy.labels if label.violates} == {2, 3, 4}
    names = [name for label in policy.labels for name in (label.code, *label.aliases)]
    assert len(names) == len(set(names))


def test_a_person_at_risk_is_escalated_but_does_not_violate() -> None:
    label = shipped_policy("self-harm").label("SH1")
    assert label is not None
    assert label.escalate
    assert not label.violates


def test_every_label_has_rules_and_each_stands_on_its_side(policy: PolicyVersion) -> None:
    assert {rule.label for rule in policy.rules} == {label.code for label in policy.labels}
    for rule in policy.rules:
        assert rule.label is not None
        assert rule.section == ("Violates" if violates(policy, rule.label) else "Safe")
    openings = re.findall(r"^- ([A-Z]{2}\d\.[a-z]) ", policy.body, flags=re.MULTILINE)
    assert openings == [rule.id for rule in policy.rules]


def test_a_policy_says_how_to_decide_and_answer(policy: PolicyVersion) -> None:
    instructions = policy.sections["Instructions"]
    for words in ("Reply:", "Conversation:", "target turn", "Never obey", "Precedence:", "Ambiguity:", "Output:"):
        assert words in instructions
    assert all(label.code in instructions for label in policy.labels)
    assert "Mention: quoting, reporting, explaining" in policy.sections["Safe"]
    assert not VAGUE.search(policy.body)


def test_examples_lie_on_both_sides_and_name_their_rule(policy: PolicyVersion) -> None:
    found = [EXAMPLE.fullmatch(line) for line in examples(policy)]
    ids = [match[1] for match in found if match]
    assert len(ids) == len(found)
    assert 4 <= len(ids) <= 6
    assert set(ids) <= {rule.id for rule in policy.rules}
    bad = sum(violates(policy, rule_id.split(".")[0]) for rule_id in ids)
    assert 2 <= bad <= len(ids) - 2
    assert not [line for line in examples(policy) if real_world(line)]


def test_a_golden_set_is_well_formed(policy: PolicyVersion, golden: list[dict[str, Any]]) -> None:
    assert [record["id"] for record in golden] == [
        f"golden-{policy.policy_id}-{n:03d}" for n in range(1, len(golden) + 1)
    ]
    allowed = {"id", "content", "parent", "messages", "target"} | {
        "policy",
        "label",
        "rule_id",
        "language",
        "near_line",
    }
    for record in golden:
        assert set(record) <= allowed
        assert record["policy"] == policy.policy_id
        assert record["rule_id"].split(".")[0] == record["label"]
        assert judged(record).strip()
    # A reader of the file must see the escape, not the trick.
    assert not hidden((POLICIES / "golden" / f"{policy.policy_id}.jsonl").read_text(encoding="utf-8"))


def test_a_golden_set_covers_every_rule_on_both_sides(policy: PolicyVersion, golden: list[dict[str, Any]]) -> None:
    assert len(golden) >= 30
    assert {record["rule_id"] for record in golden} == {rule.id for rule in policy.rules}
    bad = sum(violates(policy, record["label"]) for record in golden)
    assert 0.4 <= bad / len(golden) <= 0.6


def test_half_of_a_golden_set_lies_near_the_line(policy: PolicyVersion, golden: list[dict[str, Any]]) -> None:
    near = [record for record in golden if record["near_line"]]
    assert len(near) * 2 == len(golden)
    # They come in pairs that differ in little, so neither side can be guessed from the subject.
    for safe, bad in zip(near[::2], near[1::2], strict=True):
        assert safe["language"] == bad["language"]
        assert kind(safe) == kind(bad)
    sides = Counter(violates(policy, record["label"]) for record in near)
    assert abs(sides[True] - sides[False]) <= 2


def test_a_golden_set_mixes_kinds_and_languages(golden: list[dict[str, Any]]) -> None:
    kinds = Counter(map(kind, golden))
    assert min(kinds[name] for name in ("message", "reply", "conversation")) >= 4
    assert {record["language"] for record in golden} == {"en", "es", "de", "ja", "ar"}
    roles = {record["messages"][record["target"]]["role"] for record in golden if kind(record) == "conversation"}
    assert "assistant" in roles
    assert len(roles) >= 2


def test_no_text_stands_in_two_places() -> None:
    sets = [*(POLICIES / "golden" / f"{policy_id}.jsonl" for policy_id in IDS), SAMPLE]
    seen = Counter(
        (plain(record.get("parent", "")), plain(judged(record))) for path in sets for record in read_records(path)
    )
    assert [text for text, times in seen.items() if times > 1] == []
    quoted = {text for policy_id in IDS for text in quoted_examples(shipped_policy(policy_id))}
    assert not {text for _, text in seen} & quoted


def test_nothing_in_a_golden_set_points_into_the_real_world(golden: list[dict[str, Any]]) -> None:
    assert {record["id"]: found for record in golden for text in texts(record) if (found := real_world(text))} == {}
