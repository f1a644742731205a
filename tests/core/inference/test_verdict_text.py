"""Free text answers: each shape that is read, and the many that must not be."""

from __future__ import annotations

import pytest

from core.domain import PolicyVersion, VerdictStatus
from tests.core.inference.reading import BINARY, CODES, MANY, SPAM, TIERS, WORDS, read

READ: list[tuple[PolicyVersion, str, str]] = [
    *((WORDS, text, "VALID") for text in (
        "VALID", "valid", "`VALID`.", '"VALID"', "✅ VALID", "**VALID**\n", "SP0 (VALID)", "SP0",
        "Answer (VALID or INVALID): VALID", "Answer (VALID or INVALID):\nVALID",
        "Answer (VALID or INVALID): **VALID**",
        "**Answer (VALID or INVALID):** VALID", "Classify as VALID or INVALID: VALID", "VALID or INVALID? VALID",
        "The answer is VALID.", "This content is **VALID**: nobody is harmed.",
        "Reasoning: fine.\n\nFinal Answer: **VALID**",
        "Nothing is sold here. Therefore VALID.", "> INVALID, says the quoted mail\n\nVALID",
    )),
    *((WORDS, text, "INVALID") for text in (
        "INVALID", "**INVALID**", "- INVALID", "1. INVALID", "Invalid.", "[INVALID]", "INVALID\u200b",
        "\u00a0INVALID",
        "INVALID + ESCALATE", "INVALID (+ escalate immediately)", "INVALID and escalate", "❌ INVALID", "→ INVALID",
        "Classification: INVALID", "**Classification:** INVALID", "**Classification: INVALID**", "- Label: `INVALID`",
        "Label: INVALID\nReason: valid English, but it sells", "INVALID (SP4)", "SP4", "Assessment: **INVALID**",
        "INVALID\nINVALID",
        "INVALID. The message is phishing.", "INVALID - it would be VALID if asked for", "```\nINVALID\n```",
        "The content is INVALID because it sells.", "I think this should be classified as **INVALID**.",
        "Content: Buy now Answer (VALID or INVALID): INVALID",
        "INVALID\n\nThe message says 'Answer: VALID' to trick us.",
    )),
    (SPAM, "SP2", "SP2"), (SPAM, "SP2.a", "SP2"), (SPAM, "Not spam", "SP0"), (SPAM, "0", "SP0"),
    (SPAM, "D-SP4, R-SP0", "SP4"), (SPAM, "This is SP4, malicious.", "SP4"), (SPAM, "INVALID + ESCALATE", "SP4"),
    (SPAM, "SP2 (Nuisance)", "SP2"), (SPAM, "**SP4** – asks for a password", "SP4"),
    (CODES, "D-GD0, R-GD2", "GD2"), (CODES, "(D-GD1, R-GD0)", "GD1"), (CODES, "Depiction: D-GD0\nRequest: R-GD1",
    "GD1"),
    (CODES, "INVALID (GD1)", "GD1"), (CODES, "INVALID", "INVALID"), (CODES, "VALID", "GD0"), (CODES, "`GD2`", "GD2"),
    (CODES, "Label: GD1\nOutput: INVALID", "GD1"), (CODES, "D-GD0, R-GD0 → VALID", "GD0"),
    (CODES, "INVALID + ESCALATE", "GD2"),
    (BINARY, "1", "BAD"), (BINARY, "**0**", "OK"), (BINARY, "Answer: 1", "BAD"), (BINARY, "1 (violates)", "BAD"),
    (BINARY, "Answer:\n0", "OK"), (BINARY, "violation: 1", "BAD"), (BINARY, "BAD", "BAD"),
    (TIERS, "**Risk Assessment:**\n\n- **Data Sensitivity:** CRITICAL\n- **Risk Tier:** LOW\n- **Decision:** ALLOW",
    "LOW"),
    (TIERS, "Risk Tier: **HIGH** (two factors)", "HIGH"), (TIERS, "- Risk Tier: [MEDIUM]", "MEDIUM"), (TIERS, "LOW",
    "LOW"),
    (TIERS, "Risk Tier: LOW – one factor would be MEDIUM, but it is the user's own data", "LOW"),
    (MANY, "- **Violated Policies:** [spam, hate‑speech]\n- **Primary Policy:** Hate Speech (Level 3)",
    "hate-speech"),
    (MANY, "- Violated Policies: []\n- Primary Policy: None\n- Reasoning: no spam, no self-harm.", "NONE"),
    (MANY, "Primary Policy: self‑harm – Level 4\n1. **Spam** – also sells", "self-harm"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "text", "code"), READ)
def test_answers_that_a_careful_reader_reads(policy: PolicyVersion, text: str, code: str) -> None:
    verdict = read(policy, text)
    assert (verdict.status, verdict.label, verdict.detail) == (VerdictStatus.PARSED, code, "")
    label = policy.label(code)
    assert label is not None
    assert verdict.violates == label.violates


UNREAD: list[tuple[PolicyVersion, str]] = [
    *((WORDS, text) for text in (
        "", " \n\t", "VALID or INVALID", "VALID/INVALID", "Answer (VALID or INVALID):",
        "It could be VALID or INVALID.",
        "This is not VALID.", "Not VALID", "NOT VALID", "IN-VALID", "NON-VALID", "!VALID", "VALIDITY", "≠ VALID",
        "x != VALID",
        "VALID. Wait, actually INVALID.", "VALID\nINVALID", "Spam check: VALID\nFraud check: INVALID",
        "VALID, INVALID", "VALID (SP4)",
        "INVALID\n\nFinal answer: VALID",
        "VALID if the user asked, INVALID otherwise", "VALID, if asked for", "VALID?", "Is this VALID?", "SP2 or SP0",
        "The user says this is VALID.", "The message includes 'Answer: VALID' to trick us.", "It claims to be VALID.",
        "I do not think, however, that it is VALID", "Whether it is VALID is unclear.", "It might be INVALID.",
        "Sure! Please share the paper.", "The message is fine.", "Verdict: unsure", "INVALID" + " VALID" * 1000,
        "Rather than VALID one could call it something else.", "Output: VALID\nOutput: INVALID", "x" * 200_000,
    )),
    (SPAM, "1"), (SPAM, "SP9"), (SPAM, "SP2.z"), (SPAM, "SP2, SP4"), (SPAM, "SP2 and SP4"), (SPAM, "INVALID"),
    (SPAM, "SP"),
    (SPAM, "D-SP4, D-SP0"), (SPAM, "SP2 → SP4"), (SPAM, "violation: 1"),
    (CODES, "VALID (GD1)"), (CODES, "GD1 or GD2"), (CODES, "GD1, GD2"), (CODES, "INVALID, GD1 and GD2"),
    (BINARY, "-1"), (BINARY, "10"), (BINARY, "0.5"), (BINARY, "1, 2 and 3"), (BINARY, "1. First\n2. Second"),
    (BINARY, "0/1"),
    (BINARY, "1\n0"),
    (TIERS, "Risk Tier: LOW\nRisk Tier: HIGH"), (TIERS, "Risk Tier: HIGH / CRITICAL"),
    (TIERS, "Data Sensitivity: CRITICAL"),
    (TIERS, "Risk Tier: LOW or MEDIUM"), (TIERS, "Risk Tier:"), (TIERS, "Risk Tier: LOW, HIGH"),
    (MANY, "Primary Policy: spam, self-harm"), (MANY, "Violated Policies: None\nPrimary Policy: spam"),
    (MANY, "Violated Policies: [spam, self-harm]"), (MANY, "This is spam."), (MANY, "Primary Policy: terrorism"),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "text"), UNREAD)
def test_answers_that_could_mean_something_else_are_not_guessed(policy: PolicyVersion, text: str) -> None:
    verdict = read(policy, text)
    assert (verdict.status, verdict.label, verdict.violates) == (VerdictStatus.UNPARSED, None, None)
    assert verdict.detail.endswith(".")


def test_the_detail_names_the_labels_that_conflict() -> None:
    assert read(WORDS, "VALID\nINVALID").detail == "The answer names different labels: VALID, INVALID."


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I\u2019m sorry, but I can\u2019t help with that.",
        "Sorry, I cannot assist with this request.",
        "I must decline to look at this.",
        "I am unable to view this content.",
        "I won't judge that.",
    ],
)
def test_refusals(text: str) -> None:
    verdict = read(WORDS, text)
    assert (verdict.status, verdict.label) == (VerdictStatus.REFUSED, None)
    assert verdict.detail == "The model declined to judge this item."


def test_an_answer_beside_an_apology_is_an_answer() -> None:
    assert read(WORDS, "INVALID\n\nI'm sorry you had to see this.").label == "INVALID"
    assert read(WORDS, "I'm sorry: VALID\nINVALID").status is VerdictStatus.UNPARSED


def test_the_rationale_is_what_stands_beside_the_label() -> None:
    assert read(WORDS, "**INVALID**").rationale == ""
    assert read(WORDS, "INVALID\n\nIt sells.\n").rationale == "INVALID\n\nIt sells."


@pytest.mark.parametrize(
    "text",
    ["VALID " * 16_000, "VALID, " * 14_000, "answer" + " " * 90_000 + "x", "Answer: " * 12_000, "D-SP1," * 16_000,
     "_a" * 50_000, "(" * 99_999, "\n" * 99_999, "1. " * 33_000, "<|start|>" * 11_000,
     "<|end|>" * 12_000, "a" + "<|end|> " * 12_000 + "x"],
)  # fmt: skip
def test_hostile_answers_are_given_up_in_a_few_seconds(text: str) -> None:
    assert read(WORDS, text).status is VerdictStatus.UNPARSED
