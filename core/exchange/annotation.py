"""Cases for annotation tools: Label Studio tasks and Prodigy examples.

It owns their documented shapes (Label Studio: JSON import of tasks with predictions and annotations; Prodigy: the
`choice` interface). The model's reasoning is in neither.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from core.exchange.cases import Case, judged_text

FROM_NAME, TO_NAME = "label", "text"


def label_studio_tasks(cases: Iterable[Case]) -> Iterator[bytes]:
    """Yield the pieces of one JSON list of tasks: the verdict as prediction, the decision as annotation."""
    yield b"["
    for number, case in enumerate(cases):
        task = json.dumps(_task(case), ensure_ascii=False, allow_nan=False)
        yield (b",\n" if number else b"\n") + task.encode()
    yield b"\n]\n"


def _task(case: Case) -> dict[str, Any]:
    task: dict[str, Any] = {"data": {TO_NAME: judged_text(case.item), "id": case.item.id}}
    if case.policy is not None:
        task["data"]["policy"] = case.policy.policy_id
    task["predictions"], task["annotations"] = [], []
    if case.verdict is not None and case.verdict.label is not None:
        prediction: dict[str, Any] = {"model_version": case.verdict.model, "result": _choice(case.verdict.label)}
        if case.verdict.score is not None:
            prediction["score"] = case.verdict.score
        task["predictions"].append(prediction)
    if case.decision is not None and case.decision.label is not None:
        decision = case.decision
        annotation: dict[str, Any] = {"result": _choice(case.decision.label), "was_cancelled": False}
        if decision.seconds is not None:
            annotation["lead_time"] = decision.seconds
        task["annotations"].append(annotation)
        task["meta"] = {"reviewer": decision.reviewer, "cause": decision.cause.value if decision.cause else None}
    return task


def _choice(label: str) -> list[dict[str, Any]]:
    return [{"from_name": FROM_NAME, "to_name": TO_NAME, "type": "choices", "value": {"choices": [label]}}]


def prodigy_examples(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Yield examples of the `choice` interface; what nobody decided has no answer yet."""
    for case in cases:
        text = judged_text(case.item)
        labels = case.policy.labels if case.policy is not None else ()
        example: dict[str, Any] = {
            "text": text,
            "options": [{"id": label.code, "text": label.name} for label in labels],
            "meta": {"id": case.item.id, "policy": case.policy.policy_id if case.policy else None},
            "_input_hash": _hash(text),
            "_task_hash": _hash(text + (case.policy.hash if case.policy else "")),
        }
        if case.decision is not None and case.decision.label is not None:
            example |= {"accept": [case.decision.label], "answer": "accept", "_annotator_id": case.decision.reviewer}
        yield example


def _hash(text: str) -> int:
    """Return a signed 32-bit number, as Prodigy's own hashes are; Prodigy keeps hashes that are there already."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), signed=True)
