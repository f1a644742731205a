"""JSON verdicts: the keys and wrappings that are read, and the objects that say nothing clear."""

from __future__ import annotations

import json

import pytest

from core.domain import PolicyVersion, VerdictStatus
from tests.core.inference.reading import BINARY, CODES, SPAM, WORDS, read

READ: list[tuple[PolicyVersion, str, str]] = [
    (SPAM, '{"label":"SP2"}', "SP2"),
    (SPAM, '{"violation":1,"label":"SP4","rationale":"x"}', "SP4"),
    (SPAM, '{"violates":true,"policy_category":"SP2.b"}', "SP2"),
    (SPAM, '{"violation":0,"policy_category":null}', "SP0"),
    (SPAM, '{"violation":"0","category":"none"}', "SP0"),
    (SPAM, '{"Violation": "1", "Label": "sp2"}', "SP2"),
    (SPAM, '{"label":"SP2 (Nuisance)"}', "SP2"),
    (SPAM, '{"label":"D-SP4, R-SP0"}', "SP4"),
    (SPAM, '{"label":0}', "SP0"),
    (SPAM, '{"label":["SP2"]}', "SP2"),
    (SPAM, '{"classification":"Not spam"}', "SP0"),
    (SPAM, '```json\n{"label": "SP0"}\n```', "SP0"),
    (SPAM, '**Verdict:**\n\n```\n{"label":"SP0"}\n```\nI hope this helps.', "SP0"),
    (SPAM, 'Sure: {"label":"SP4"} as asked.', "SP4"),
    (SPAM, '{"label":"SP4"}\n{"label":"SP4"}', "SP4"),
    (SPAM, '{"label":"SP4","rationale":"line\nbreak"}', "SP4"),
    (SPAM, '{"label":"SP4","rationale":"SP0 would need a question, VALID"}', "SP4"),
    (SPAM, '{"input":{"a":1}} {"label":"SP2"}', "SP2"),
    (SPAM, '{"label":"SP2","category":"Commercial"}', "SP2"),
    (SPAM, '{"verdict":"safe"}', "SP0"),
    (SPAM, '{"verdict":"violation","label":"SP2"}', "SP2"),
    (BINARY, '{"violation":1}', "BAD"),
    (BINARY, '{"violation":false}', "OK"),
    (WORDS, '{"label":"INVALID"}', "INVALID"),
    (WORDS, '{"answer":"VALID"}', "VALID"),
    (CODES, '{"violation":1}', "INVALID"),
    (CODES, '{"label":"INVALID","code":"GD2"}', "GD2"),
]


@pytest.mark.parametrize(("policy", "text", "code"), READ)
def test_objects_that_are_read(policy: PolicyVersion, text: str, code: str) -> None:
    verdict = read(policy, text)
    assert (verdict.status, verdict.label, verdict.detail) == (VerdictStatus.PARSED, code, "")


UNREAD: list[tuple[str, str]] = [
    ('{"violation":0,"label":"SP4"}', "does not violate, but names SP4"),
    ('{"violation":1,"label":"SP0"}', "violates, but names SP0"),
    ('{"violation":1,"violates":0}', "both"),
    ('{"violation":2,"label":"SP2"}', "neither 0 nor 1"),
    ('{"violation":null,"label":"SP2"}', "neither 0 nor 1"),
    ('{"violation":1.0}', "neither 0 nor 1"),
    ('{"violation":1}', "violates, but not which label"),
    ('{"label":"SP9"}', "does not have"),
    ('{"label":{}}', "does not have"),
    ('{"label":["SP2","SP4"]}', "different labels"),
    ('{"label":"SP2","category":"SP4"}', "different labels"),
    ('{"label":"SP9","category":"SP2"}', "does not have"),
    ('{"category":"Commercial"}', "does not have"),
    ('{"verdict":"safe","label":"SP4"}', "does not violate, but names SP4"),
    ('{"violation":1,"verdict":"allowed"}', "both"),
    ('{"label":""}', "no label"),
    ('{"label":"SP2","label":"SP4"}', "key twice"),
    ('{"label":"SP2","Label":"SP4"}', "key twice"),
    ('{"label":"SP2","score":NaN}', "does not know"),
    ('{"label":"SP2","score":-Infinity}', "does not know"),
    ('{"label":"SP2","score":1e999}', "does not know"),
    ('{"label":"SP2","n":' + "9" * 5000 + "}", "broken"),
    ('{"label":"SP2"} {"label":"SP4"}', "different labels"),
    ('SP0\n\n{"label":"SP4"}', "different labels"),
    ('{"label":"SP2"', "broken"),
    ("{'label':'SP2'}", "broken"),
    ('{"label":"SP2","rationale":"it\\x"}', "broken"),
    ('{"label":"SP2","x":' + "[" * 20_000 + "]" * 20_000 + "}", "nested too deeply"),
    ('{"label":"SP2","x":"' + "y" * 200_000 + '"}', "too long"),
    ("{}", "no label of the policy"),
    ('{"confidence":0.9}', "no label of the policy"),
]


@pytest.mark.parametrize(("text", "detail"), UNREAD)
def test_objects_that_are_not_guessed(text: str, detail: str) -> None:
    verdict = read(SPAM, text)
    assert (verdict.status, verdict.label, verdict.violates) == (VerdictStatus.UNPARSED, None, None)
    assert detail in verdict.detail


def test_rationale_rules_and_quotes() -> None:
    answer = {
        "violation": 1,
        "label": "SP2",
        "rule_ids": ["SP2.a", "SP2.z", "SP2.a"],
        "quotes": ['Buy now from "us" - cheap', "now\tfrom", "BUY", "sell"],
        "confidence": 0.9,
        "rationale": "It sells.",
    }
    verdict = read(SPAM, json.dumps(answer))
    assert verdict.rationale == "It sells."
    assert verdict.rule_ids == ("SP2.a", "SP2.z")
    assert verdict.quotes == ('Buy now from "us" - cheap', "now\tfrom", "BUY", "sell")
    assert verdict.invented == ("SP2.z", "BUY", "sell")


def test_citations_of_other_shapes() -> None:
    verdict = read(
        SPAM, '{"label":"SP2","rule":"SP2.a, SP2.b","quote":"Buy now","reason":"r","evidence":7,"rules":[1,null]}'
    )
    assert (verdict.rule_ids, verdict.quotes, verdict.rationale) == (("SP2.a", "SP2.b"), ("Buy now",), "r")
    assert verdict.invented == ()


def test_a_rule_given_as_the_category_is_cited() -> None:
    assert read(SPAM, '{"violation":1,"policy_category":"SP2.b"}').rule_ids == ("SP2.b",)
    verdict = read(SPAM, '{"violation":1,"policy_category":"SP4.z"}')
    assert (verdict.label, verdict.rule_ids, verdict.invented) == ("SP4", ("SP4.z",), ("SP4.z",))


def test_what_cannot_be_stored_as_text_is_replaced() -> None:
    verdict = read(SPAM, '{"label":"SP2","rationale":"a\\ud800b","quotes":["\\udfff"]}')
    assert (verdict.rationale, verdict.quotes) == ("a\ufffdb", ("\ufffd",))
