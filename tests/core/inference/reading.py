"""What the tests of verdicts share: policies, and one way to read an output under one of them."""

from __future__ import annotations

from typing import Any

from core.domain import Item, ItemKind, ModelInfo, PolicyVersion, RawOutput, Verdict
from core.inference.verdicts import interpret
from core.policy.document import parse_policy
from tests.core.policy import texts

WORDS = parse_policy(texts.WORDS, policy_id="words")
CODES = parse_policy(texts.CODES, policy_id="codes")
TIERS = parse_policy(texts.TIERS, policy_id="tiers")
MANY = parse_policy(texts.CATEGORIES, policy_id="many")
SPAM = parse_policy(texts.SPAM)
BINARY = parse_policy(texts.BINARY)
POLICIES = (WORDS, CODES, TIERS, MANY, SPAM, BINARY)

CONTENT = "Buy  now\nfrom \u201cus\u201d \u2013 cheap"
ITEM = Item("i1", ItemKind.MESSAGE, CONTENT)
MODEL = ModelInfo("model", "ab" * 32, "harmony", "test")


def read(policy: PolicyVersion, output: str, **fields: Any) -> Verdict:
    """Return the verdict that an output is read as."""
    raw = RawOutput(output, **fields)
    return interpret(raw, item=ITEM, policy=policy, model=MODEL, effort=None, settings={"seed": 7})
