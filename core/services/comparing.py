"""The verbs of comparing verdicts: those of other policies and earlier versions, and one made without the context.

It owns what counts as context. It stores nothing, and it shows nothing that is to be judged blind.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from core.domain import Item, ItemKind, PolicyVersion, Verdict
from core.errors import CancelledError, UsageError
from core.inference.protocol import Classifier, Judged, JudgeRequest
from core.services.judging import judge_options, verdict_of
from core.services.members import Deed, require
from core.services.review import check_content
from core.services.sight import seen_review, sees_verdict
from core.services.workspace import Workspace

MOST = 20
"""Other verdicts that are shown: the newest."""


@dataclass(frozen=True, slots=True)
class OtherVerdict:
    """A verdict on the same item besides the one in view, and the policy version it was made under."""

    verdict: Verdict
    policy: PolicyVersion


def other_verdicts(workspace: Workspace, *, key: int) -> list[OtherVerdict]:
    """Return what else was said of an entry's item, the newest first: by other policies, under earlier versions.

    Left out are first passes that a full verdict followed, and whatever this reviewer is to judge without.

    Raises:
        UsageError: the entry is gone.
    """
    review = seen_review(workspace, key=key)
    verdicts = workspace.store.verdicts_of(review.item.id)
    full = {(verdict.policy_hash) for verdict in verdicts if not verdict.fast}
    shown = review.verdict.key if review.verdict is not None else None
    found: list[OtherVerdict] = []
    may: dict[str, bool] = {}
    for verdict in reversed(verdicts):
        if verdict.key == shown or (verdict.fast and verdict.policy_hash in full):
            continue
        if verdict.policy_id not in may:
            may[verdict.policy_id] = sees_verdict(workspace, item_id=review.item.id, policy_id=verdict.policy_id)
        policy = workspace.store.get_policy(verdict.policy_hash) if may[verdict.policy_id] else None
        if policy is not None:
            found.append(OtherVerdict(verdict, policy))
        if len(found) == MOST:
            break
    return found


def without_context(item: Item) -> Item | None:
    """Return the text under judgement alone, None where there is no context to leave out."""
    if item.kind is ItemKind.MESSAGE or (item.kind is ItemKind.CONVERSATION and len(item.messages) < 2):
        return None
    return replace(item, kind=ItemKind.MESSAGE, parent=None, messages=(), target=None)


def judge_without_context(
    workspace: Workspace, *, classifier: Classifier, key: int, cancel: threading.Event | None = None
) -> Verdict:
    """Judge the text of an entry again without its context, under the version and effort of its verdict.

    Nothing is stored: it is an answer to a question of the reviewer, not a verdict of the queue.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: the entry is gone, has no verdict this reviewer may see, or no context.
        ModelError: the model is gone. CancelledError: `cancel` was set.
    """
    require(workspace, Deed.JUDGE)
    review = seen_review(workspace, key=key)
    check_content(review.item)
    if review.hidden.verdict or review.verdict is None or review.policy is None:
        raise UsageError("There is no verdict yet to compare with.", "Decide, or let the model judge the item first.")
    alone = without_context(review.item)
    if alone is None:
        raise UsageError("This item has no context to leave out.", "A reply or a conversation has.")
    stop = cancel or threading.Event()
    options = judge_options(review.policy, review.verdict.effort, fast=review.verdict.fast)
    requests = [JudgeRequest(1, alone)]
    for event in classifier.judge(
        lambda: requests.pop() if requests else None, policy=review.policy, options=options, cancel=stop
    ):
        if isinstance(event, Judged):
            return verdict_of(
                event.raw, item=alone, policy=review.policy, model=classifier.info, options=options,
                settings=classifier.settings,
            )  # fmt: skip
    raise CancelledError("The comparison was stopped.")
