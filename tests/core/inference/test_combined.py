"""Several policies in one call: one text asks for all, and each answer is taken apart without guessing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain import Effort, OutputForm, RawOutput
from core.errors import UsageError
from core.inference.combined import MOST_POLICIES, combine_policies, split_combined
from core.services import read_policy, shipped_policies

POLICIES = [read_policy(path) for path in shipped_policies()]
TWO = [policy for policy in POLICIES if policy.policy_id in ("spam", "fraud")]
SPAM, FRAUD = (next(policy for policy in TWO if policy.policy_id == name) for name in ("spam", "fraud"))
PAIR = [SPAM, FRAUD]


def answers(text: str, **fields: object) -> list[str]:
    return [raw.output for raw in split_combined(RawOutput(text, **fields), PAIR)]  # type: ignore[arg-type]


def test_the_text_holds_each_policy_with_its_labels_and_asks_twice() -> None:
    combined = combine_policies(PAIR)
    assert combined.output is OutputForm.TEXT
    assert combined.body.count('{"spam":"LABEL", "fraud":"LABEL"}') == 2
    for policy in PAIR:
        assert f"# Policy {policy.policy_id}: {policy.title}\n" in combined.body
        for label in policy.labels:
            assert f"{label.code} ({label.name})" in combined.body
        for rule in policy.rules:
            assert rule.id in combined.body
    assert combined.body.startswith("# Instructions")
    assert combine_policies(PAIR[::-1]).hash != combined.hash
    assert combined.effort is max((SPAM.effort, FRAUD.effort), key=list(Effort).index)


def test_too_few_and_too_many_are_refused() -> None:
    for policies in ([], [SPAM], [SPAM] * (MOST_POLICIES + 1)):
        with pytest.raises(UsageError):
            combine_policies(policies)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('{"spam":"SP2","fraud":"FR0"}', ["SP2", "FR0"]),
        ('```json\n{"fraud": "FR0",\n "spam": "SP2"}\n```', ["SP2", "FR0"]),
        ('{"spam":"SP2"}\n{"fraud":"FR0"}', ["SP2", "FR0"]),
        ("spam: SP2\nfraud: FR0", ["SP2", "FR0"]),
        ("- **spam**: `SP2`\n- **Fraud** = FR0", ["SP2", "FR0"]),
        ('<|channel|>analysis<|message|>{"spam":"SP4"}<|end|><|start|>assistant<|channel|>final<|message|>'
         '{"spam":"SP2","fraud":"FR0"}', ["SP2", "FR0"]),
        ('{"spam":"SP2"}', ["SP2", ""]),
        ('{"spam":"SP2","spam":"SP4","fraud":"FR0"}', ["", "FR0"]),
        ('{"spam":"SP2","fraud":"FR0"} or {"spam":"SP4","fraud":"FR0"}', ["", "FR0"]),
        ('{"spam":2,"fraud":null}', ["", ""]),
        ("I cannot help with that.", ["", ""]),
        ("", ["", ""]),
        ("{" * 5000, ["", ""]),
    ],
)  # fmt: skip
def test_answers_are_taken_apart_and_never_guessed(text: str, wanted: list[str]) -> None:
    assert answers(text) == wanted


def test_costs_are_shared_out_and_sum_up() -> None:
    raws = split_combined(RawOutput(json.dumps({"spam": "SP0"}), prompt_tokens=7, output_tokens=5, seconds=1.0), PAIR)
    assert [raw.prompt_tokens for raw in raws] == [4, 3]
    assert [raw.output_tokens for raw in raws] == [3, 2]
    assert sum(raw.seconds for raw in raws) == pytest.approx(1.0)


def test_content_in_parts_is_taken_apart_part_by_part() -> None:
    parts = tuple(RawOutput(json.dumps({"spam": code, "fraud": "FR0"})) for code in ("SP0", "SP2"))
    spam, fraud = split_combined(RawOutput("", parts=2, part_outputs=parts), PAIR)
    assert [part.output for part in spam.part_outputs] == ["SP0", "SP2"]
    assert [part.output for part in fraud.part_outputs] == ["FR0", "FR0"]


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_no_text_brings_it_down(text: str) -> None:
    assert len(answers(text)) == 2
