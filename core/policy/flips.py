"""What a draft changes: each case of a set under both texts, and whether each answer is right.

It owns when an answer is right and what a flip is called. It runs no model and computes no figure.
"""

from __future__ import annotations

from core.domain import Answer, Case, Flip, FlipKind, PolicyVersion, Verdict, VerdictStatus


def answer_of(verdict: Verdict) -> Answer:
    """Return the part of a verdict that a comparison needs."""
    return Answer(
        status=verdict.status,
        label=verdict.label,
        violates=verdict.violates,
        rule_ids=verdict.rule_ids,
        prompt_tokens=verdict.prompt_tokens,
        output_tokens=verdict.output_tokens,
        seconds=verdict.seconds,
    )


def is_right(answer: Answer, case: Case, policy: PolicyVersion) -> bool:
    """Tell whether an answer is the human's: the same label and side.

    A text that does not have the human's label is right when it names the same side.
    """
    if answer.status is not VerdictStatus.PARSED or answer.violates != case.violates:
        return False
    return policy.label(case.label) is None or answer.label == case.label


def compare_case(
    case: Case,
    *,
    draft: PolicyVersion,
    after: Answer,
    against: PolicyVersion | None = None,
    before: Answer | None = None,
) -> Flip:
    """Return what the draft does to one case; without an answer before, nothing is fixed or newly broken."""
    right = is_right(after, case, draft)
    was_right = is_right(before, case, against) if before is not None and against is not None else None
    if after.status is not VerdictStatus.PARSED:
        kind = FlipKind.UNPARSED
    elif was_right is None or was_right == right:
        kind = FlipKind.UNCHANGED
    else:
        kind = FlipKind.FIXED if right else FlipKind.NEWLY_BROKEN
    return Flip(case, kind, before, after, was_right, right)
