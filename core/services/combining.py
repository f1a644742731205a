"""The verb of judging under several policies in one call, for those who ask for it; one call each is the default.

It owns which items share a call and how one output becomes a verdict of each policy. One call each is more accurate
(docs/policies.md); a combined one reads the content once.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.domain import ClassifySummary, Effort, Item, PolicyVersion, RawOutput, Verdict, VerdictStatus
from core.inference.combined import combine_policies, split_combined
from core.inference.protocol import Classifier, Judged, JudgeRequest, Restarted
from core.services.judging import (
    PAGE,
    JudgingEvent,
    JudgingStarted,
    ModelRestarted,
    VerdictStored,
    classify,
    fallback_of,
    judge_options,
    policies_to_judge,
    verdict_of,
)
from core.services.members import Deed, require
from core.services.workspace import Workspace


@dataclass(slots=True)
class _Tally:
    """What a run has done so far, and whom it tells."""

    tell: Callable[[JudgingEvent], None]
    total: int
    started: float = field(default_factory=time.monotonic)
    done: int = 0
    output_tokens: int = 0
    by_status: Counter[VerdictStatus] = field(default_factory=Counter)

    def add(self, entry: int, verdict: Verdict) -> None:
        self.done += 1
        self.output_tokens += verdict.output_tokens
        self.by_status[verdict.status] += 1
        left = (time.monotonic() - self.started) / self.done * (self.total - self.done)
        self.tell(VerdictStored(entry, verdict, self.done, self.total, left))


def classify_combined(
    workspace: Workspace,
    *,
    classifier: Classifier,
    effort: Effort | None = None,
    limit: int | None = None,
    on_event: Callable[[JudgingEvent], None] | None = None,
    cancel: threading.Event | None = None,
) -> ClassifySummary:
    """Judge each item in one call under all policies that have not judged it yet.

    What only one policy waits for is judged under it alone, once all else is done. Every verdict is stored as it
    comes, with the policies that shared its call in `settings`; tokens and time are shared out among them. `limit`
    counts items. Running it again goes on where it stopped.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: fewer than two policies, or too many. ModelError: the model is gone; what was judged is kept.
    """
    require(workspace, Deed.JUDGE)
    tell = on_event or (lambda _event: None)
    stop = cancel or threading.Event()
    policies = policies_to_judge(workspace, None)
    combine_policies(policies)  # refuses too few and too many before anything is judged
    groups = _groups(workspace, policies, limit)
    tally = _Tally(tell, sum(len(policy_ids) * len(keys) for policy_ids, keys in groups.items()))
    tell(JudgingStarted(tally.total, classifier.info, fallback_of(classifier)))
    for names, keys in groups.items():
        together = [policy for policy in policies if policy.policy_id in names]
        if len(together) > 1 and not stop.is_set():
            _judge_together(workspace, together, keys, classifier, effort, tally, stop)
    alone = [] if limit is not None else [policy.policy_id for policy in policies]
    rest = [
        classify(workspace, classifier=classifier, policy_id=name, effort=effort, on_event=on_event, cancel=stop)
        for name in alone
        if not stop.is_set()
    ]
    for summary in rest:
        tally.by_status.update(summary.by_status)
    return ClassifySummary(
        judged=tally.done + sum(summary.judged for summary in rest),
        by_status=dict(tally.by_status),
        seconds=time.monotonic() - tally.started,
        output_tokens=tally.output_tokens + sum(summary.output_tokens for summary in rest),
        model=classifier.info,
        cancelled=stop.is_set(),
        device=str(classifier.settings.get("device", "")),
        fallback=fallback_of(classifier),
    )


def _groups(
    workspace: Workspace, policies: Sequence[PolicyVersion], limit: int | None
) -> dict[tuple[str, ...], list[int]]:
    """Return the item keys that share a call, by the ids of their policies; items one policy waits for are left out."""
    waiting: dict[int, list[str]] = defaultdict(list)
    for policy in policies:
        for key in workspace.store.to_judge(policy):
            waiting[key].append(policy.policy_id)
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    shared = [(key, names) for key, names in waiting.items() if len(names) > 1]
    for key, names in shared[:limit]:
        groups[tuple(names)].append(key)
    return groups


def _judge_together(
    workspace: Workspace,
    policies: Sequence[PolicyVersion],
    keys: Sequence[int],
    classifier: Classifier,
    effort: Effort | None,
    tally: _Tally,
    stop: threading.Event,
) -> None:
    combined = combine_policies(policies)
    options = judge_options(combined, effort)
    taken: dict[int, Item] = {}
    waiting = _items(workspace, keys)

    def next_request() -> JudgeRequest | None:
        item = next(waiting, None)
        if item is None:
            return None
        taken[len(taken)] = item
        return JudgeRequest(len(taken) - 1, item)

    for event in classifier.judge(next_request, policy=combined, options=options, cancel=stop):
        if isinstance(event, Restarted):
            tally.tell(ModelRestarted(event.reason))
        elif isinstance(event, Judged):
            verdicts = _verdicts(event.raw, taken[event.key], policies, classifier, effort or combined.effort)
            for entry, stored in workspace.store.add_verdicts(verdicts, actor=workspace.reviewer):
                tally.add(entry, stored)


def _items(workspace: Workspace, keys: Sequence[int]) -> Iterator[Item]:
    for start in range(0, len(keys), PAGE):
        yield from workspace.store.items(keys[start : start + PAGE])


def _verdicts(
    raw: RawOutput, item: Item, policies: Sequence[PolicyVersion], classifier: Classifier, effort: Effort
) -> list[Verdict]:
    """Return the verdict of each policy; each keeps the whole text the model wrote."""
    settings: dict[str, object] = {**classifier.settings, "combined": [policy.policy_id for policy in policies]}
    found = []
    for policy, output in zip(policies, split_combined(raw, policies), strict=True):
        verdict = verdict_of(
            output,
            item=item,
            policy=policy,
            model=classifier.info,
            options=judge_options(policy, effort),
            settings=settings,
        )
        found.append(replace(verdict, raw_output=raw.output))
    return found
