"""The verbs of looking closely: the exact prompt of an item, and a verdict judged again.

It owns the comparison of two runs. It stores nothing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from core.domain import Item, PolicyVersion, PromptView, Verdict
from core.errors import UsageError
from core.inference.protocol import Classifier, Judged, JudgeRequest
from core.services.judging import judge_options, policies_to_judge, verdict_of
from core.services.review import check_content
from core.services.workspace import Workspace


def inspect(
    workspace: Workspace, *, classifier: Classifier, item_id: str, policy_id: str | None = None
) -> tuple[PromptView, Verdict | None]:
    """Return the exact prompt for an item under a policy, and the standing verdict if there is one.

    Without `policy_id` the item's own policy is taken, else the one it was judged under, else the only one.

    Raises:
        UsageError: no such item or policy, its content was removed, or several policies could be meant.
    """
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    check_content(item)
    policy = _policy_for(workspace, item, policy_id)
    verdict = workspace.store.get_verdict(item_id, policy.policy_id)
    effort = verdict.effort if verdict is not None else None
    view = classifier.prompt_view(item, policy=policy, options=judge_options(policy, effort))
    return view, verdict


@dataclass(frozen=True, slots=True)
class Rerun:
    """A verdict and the same judged again now. `agrees`: the same label and status; the score may differ by rounding.

    `score_difference` is None where one of the scores is; `same_prompt` says whether both read the same prompt.
    """

    before: Verdict
    now: Verdict
    agrees: bool
    same_text: bool
    same_prompt: bool
    same_model: bool
    score_difference: float | None


def rerun(workspace: Workspace, *, classifier: Classifier, item_id: str, policy_id: str | None = None) -> Rerun:
    """Judge an item again under the policy version and effort of its verdict, and compare. Nothing is stored.

    Raises:
        UsageError: no such item, its content was removed, or it has no verdict. ModelError: the model is gone.
    """
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    check_content(item)
    before = workspace.store.get_verdict(item_id, _policy_for(workspace, item, policy_id).policy_id)
    if before is None:
        raise UsageError("That item has no verdict yet.", "Judge it first with `main.py classify`.")
    policy = workspace.store.get_policy(before.policy_hash)
    if policy is None:
        raise UsageError("The policy version of that verdict is gone.", "Run `main.py verify`.")
    options = judge_options(policy, before.effort, fast=before.fast)
    requests = [JudgeRequest(1, item)]
    outputs = [
        event.raw
        for event in classifier.judge(
            lambda: requests.pop() if requests else None, policy=policy, options=options, cancel=threading.Event()
        )
        if isinstance(event, Judged)
    ]
    now = verdict_of(
        outputs[0], item=item, policy=policy, model=classifier.info, options=options, settings=classifier.settings
    )
    scored = before.score is not None and now.score is not None
    return Rerun(
        before=before,
        now=now,
        agrees=(before.status, before.label) == (now.status, now.label),
        same_text=(before.reasoning, before.raw_output) == (now.reasoning, now.raw_output),
        same_prompt=before.prompt_sha256 == now.prompt_sha256,
        same_model=before.model_sha256 == now.model_sha256,
        score_difference=abs((before.score or 0.0) - (now.score or 0.0)) if scored else None,
    )


def _policy_for(workspace: Workspace, item: Item, policy_id: str | None) -> PolicyVersion:
    policies = policies_to_judge(workspace, policy_id or item.policy)
    if len(policies) > 1:
        judged = [p for p in policies if workspace.store.get_verdict(item.id, p.policy_id) is not None]
        policies = judged or policies
    if len(policies) > 1:
        names = ", ".join(policy.policy_id for policy in policies)
        raise UsageError(f"Several policies could be meant: {names}.", "Name one with --policy.")
    return policies[0]
