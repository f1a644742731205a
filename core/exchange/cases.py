"""A case: one item under one policy with what the model and a human said, as every format for others needs it.

It owns the texts that such formats share: the text that was judged, the prompt's parts, the answer a label stands for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from core.domain import Decision, Item, Label, OutputForm, PolicyVersion, Verdict
from core.inference.harmony import Harmony
from core.inference.prompt import item_pieces, prompt_text
from core.inference.protocol import JudgeOptions


@dataclass(frozen=True, slots=True)
class Case:
    """An item, and under one policy version its verdict and its standing decision, where there are any.

    `verdict` is the one the decision is compared with.
    """

    item: Item
    policy: PolicyVersion | None = None
    decision: Decision | None = None
    verdict: Verdict | None = None


def judged_text(item: Item) -> str:
    """Return the item as one text, as the model reads it: with its parent or all turns, the target marked."""
    return prompt_text(item_pieces(item))


def instructions(policy: PolicyVersion) -> tuple[str, str]:
    """Return the texts of the system and the developer message of the harmony prompt."""
    pieces = [piece for piece in Harmony().prefix(policy, JudgeOptions(effort=policy.effort)) if not piece.special]
    return prompt_text([pieces[0]]), prompt_text(pieces[1:])


def answer_text(policy: PolicyVersion, label: Label, *, rule_id: str | None = None, rationale: str = "") -> str:
    """Return the answer that stands for a label in the policy's output form."""
    if policy.output is OutputForm.BINARY:
        return json.dumps({"violation": int(label.violates)}, separators=(",", ":"))
    if policy.output is OutputForm.TEXT:
        return label.code
    answer: dict[str, Any] = {"label": label.code}
    if policy.output is OutputForm.RATIONALE:
        rule = policy.rule(rule_id) if rule_id else None
        answer["rule_ids"] = [rule.id] if rule else []
        answer["rationale"] = rationale or (rule.text if rule else f"{label.name}.")
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def human_answer(case: Case) -> str | None:
    """Return the answer the human's decision stands for, None without a decision."""
    label = _label(case, case.decision.label if case.decision else None)
    if case.policy is None or case.decision is None or label is None:
        return None
    return answer_text(case.policy, label, rule_id=case.decision.rule_id)


def model_answer(case: Case) -> str | None:
    """Return the answer the model's verdict stands for, None without one that could be read."""
    label = _label(case, case.verdict.label if case.verdict else None)
    if case.policy is None or case.verdict is None or label is None:
        return None
    rule = next(iter(case.verdict.rule_ids), None)
    return answer_text(case.policy, label, rule_id=rule, rationale=case.verdict.rationale)


def _label(case: Case, code: str | None) -> Label | None:
    return case.policy.label(code) if case.policy is not None and code is not None else None
