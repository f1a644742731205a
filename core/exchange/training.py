"""Cases for evaluation and training: OpenAI evals samples, harmony chats, preference pairs.

It owns these three line formats. None holds the model's reasoning: what a human chose is the only truth in them, and
content stays one JSON text, so that no control token in it can become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from core.exchange.cases import Case, human_answer, instructions, judged_text, model_answer


def evals_samples(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Yield samples of OpenAI's evals: `input` messages and the `ideal` answer, which is the human's label."""
    for case in cases:
        if case.policy is None or case.decision is None or case.decision.label is None:
            continue
        _, developer = instructions(case.policy)
        yield {
            "input": [
                {"role": "system", "content": developer},
                {"role": "user", "content": judged_text(case.item)},
            ],
            "ideal": case.decision.label,
            "metadata": _about(case),
        }


def sft_chats(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Yield harmony chats for supervised fine-tuning: system, developer, user, and the human's answer as final."""
    for case in cases:
        answer = human_answer(case)
        if answer is None or case.policy is None:
            continue
        yield {
            "messages": [
                *_prompt(case),
                {"role": "assistant", "channel": "final", "content": answer},
            ],
            "metadata": _about(case),
        }


def preference_pairs(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Yield preference pairs: the human's answer chosen, the model's rejected. Only cases where the two differ."""
    for case in cases:
        chosen, rejected = human_answer(case), model_answer(case)
        if chosen is None or rejected is None or case.decision is None or case.verdict is None:
            continue
        if (case.decision.label, case.decision.violates) == (case.verdict.label, case.verdict.violates):
            continue
        yield {
            "prompt": _prompt(case),
            "chosen": [{"role": "assistant", "channel": "final", "content": chosen}],
            "rejected": [{"role": "assistant", "channel": "final", "content": rejected}],
            "metadata": _about(case),
        }


def _prompt(case: Case) -> list[dict[str, str]]:
    if case.policy is None:
        return []
    system, developer = instructions(case.policy)
    return [
        {"role": "system", "content": system},
        {"role": "developer", "content": developer},
        {"role": "user", "content": judged_text(case.item)},
    ]


def _about(case: Case) -> dict[str, Any]:
    about: dict[str, Any] = {"id": case.item.id}
    if case.policy is not None:
        about |= {"policy": case.policy.policy_id, "policy_hash": case.policy.hash}
    if case.decision is not None:
        about |= {"reviewer": case.decision.reviewer, "blind": case.decision.blind}
        about["cause"] = case.decision.cause.value if case.decision.cause else None
    return about
