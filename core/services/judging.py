"""The verb of judging: a queue goes through a classifier, verdict by verdict.

It owns the loop between a classifier and the store: which items, in which order, every verdict stored as soon as it
is there. It must not know how a classifier works, and it never decides anything.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.domain import (
    ClassifySummary,
    Effort,
    EntryState,
    Item,
    ModelInfo,
    PolicyVersion,
    RawOutput,
    Verdict,
    VerdictStatus,
)
from core.errors import UsageError
from core.inference.protocol import Classifier, Delta, Judged, JudgeOptions, JudgeRequest, Restarted
from core.inference.verdicts import interpret
from core.services.members import Deed, require
from core.services.workspace import Workspace

PAGE = 200  # items read from the store at a time


@dataclass(frozen=True, slots=True)
class JudgingStarted:
    """A run begins. `total` counts the items of the whole run; `fallback` is that of `ClassifySummary`."""

    total: int
    model: ModelInfo
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """Reasoning as it is decoded, for the queue entry `key`."""

    key: int
    text: str


@dataclass(frozen=True, slots=True)
class VerdictStored:
    """A verdict is in the store. `key` is its queue entry; `seconds_left` is None until there is a basis for it."""

    key: int
    verdict: Verdict
    done: int
    total: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class ModelRestarted:
    """The model process died and runs again; nothing is lost."""

    reason: str


JudgingEvent = JudgingStarted | ReasoningDelta | VerdictStored | ModelRestarted


def _ignore(_event: JudgingEvent) -> None:
    """Take an event and do nothing."""


def judge_options(policy: PolicyVersion, effort: Effort | None = None, *, fast: bool = False) -> JudgeOptions:
    """Return the options of a pass: the effort asked for, else the policy's own."""
    return JudgeOptions(effort=effort or policy.effort, fast=fast)


def verdict_of(
    raw: RawOutput,
    *,
    item: Item,
    policy: PolicyVersion,
    model: ModelInfo,
    options: JudgeOptions,
    settings: dict[str, object],
) -> Verdict:
    """Read a raw output as a verdict. Of an item judged in parts the worst part speaks for the whole.

    Worst is: a violation, the gravest first, then the most probable; else any part that could not be read, because
    nobody knows what it holds; else the most probable. The number of parts and the deciding one are in `settings`.
    """
    known = {**settings, "effort": options.effort.value}

    def read(output: RawOutput) -> Verdict:
        verdict = interpret(output, item=item, policy=policy, model=model, effort=options.effort, settings=known)
        return replace(verdict, fast=options.fast)

    if raw.parts == 1 or not raw.part_outputs:
        return read(raw)
    verdicts = [read(part) for part in raw.part_outputs]

    def badness(verdict: Verdict) -> tuple[int, int, float]:
        label = policy.label(verdict.label or "")
        unread = verdict.status is not VerdictStatus.PARSED
        return (2 if verdict.violates else 1 if unread else 0, label.severity if label else 0, verdict.score or 0.0)

    worst = max(range(len(verdicts)), key=lambda index: badness(verdicts[index]))
    return replace(
        verdicts[worst],
        prompt_tokens=raw.prompt_tokens,
        output_tokens=raw.output_tokens,
        seconds=raw.seconds,
        settings={**known, "parts": raw.parts, "part": worst + 1},
    )


@dataclass(slots=True)
class _Source:
    """Hands out the items of one policy, page by page, the ones asked for first.

    It answers None with keys left when somebody opens an entry that waits for one of the `others`, the policies to
    come, and goes on where it was when it is asked again.
    """

    workspace: Workspace
    policy: PolicyVersion
    keys: deque[int]
    first: Callable[[], int | None] | None
    others: frozenset[str] = frozenset()
    taken: dict[int, tuple[int, Item]] = field(default_factory=dict)
    _page: deque[Item] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)
    _number: int = 0
    _gave_way_to: int | None = None

    @property
    def left(self) -> bool:
        """Whether items are left to hand out."""
        return bool(self.keys or self._page)

    def next_request(self) -> JudgeRequest | None:
        item = self._urgent()
        if item is None and self._gives_way():
            return None
        item = item or self._in_order()
        if item is None:
            return None
        self._number += 1
        self._seen.add(item.id)
        entry = self.workspace.store.find_entry(item.id, self.policy.policy_id) or 0
        self.taken[self._number] = (entry, item)
        return JudgeRequest(self._number, item)

    def _urgent(self) -> Item | None:
        entry = self.first() if self.first is not None else None
        if entry is None:
            return None
        item = self.workspace.store.item_to_judge(entry, self.policy)
        return None if item is None or item.id in self._seen else item

    def _gives_way(self) -> bool:
        entry = self.first() if self.first is not None and self.others else None
        if entry is None or entry == self._gave_way_to:
            return False
        self._gave_way_to = entry  # once for each entry somebody opens
        return wanted_policy(self.workspace, entry) in self.others

    def _in_order(self) -> Item | None:
        while True:
            if not self._page:
                if not self.keys:
                    return None
                page = [self.keys.popleft() for _ in range(min(PAGE, len(self.keys)))]
                self._page.extend(self.workspace.store.items(page))
                continue
            item = self._page.popleft()
            if item.id not in self._seen:
                return item


def wanted_policy(workspace: Workspace, entry: int | None) -> str | None:
    """Return the policy a queue entry waits to be judged by, None when it waits for none."""
    rows = workspace.store.queue_rows([entry]) if entry is not None else []
    return rows[0].policy_id if rows and rows[0].state is EntryState.PENDING else None


@dataclass(slots=True)
class _Tally:
    """What a run has done so far."""

    total: int
    started: float = field(default_factory=time.monotonic)
    done: int = 0
    output_tokens: int = 0
    by_status: Counter[VerdictStatus] = field(default_factory=Counter)

    def add(self, verdict: Verdict) -> None:
        self.done += 1
        self.output_tokens += verdict.output_tokens
        self.by_status[verdict.status] += 1

    def seconds_left(self, running: int) -> float:
        # Each item in the engine counts as half done: many finish at about the same time.
        half = running / 2
        return (time.monotonic() - self.started) / (self.done + half) * max(0.0, self.total - self.done - half)


def policies_to_judge(workspace: Workspace, policy_id: str | None) -> list[PolicyVersion]:
    """Return the current version of one policy, or of all.

    Raises:
        UsageError: there is none.
    """
    policies = workspace.store.list_policies()
    if policy_id is not None:
        policies = [policy for policy in policies if policy.policy_id == policy_id]
        if not policies:
            raise UsageError(
                f"There is no policy {policy_id}.", "See `main.py policy list`, or add it with `policy add`."
            )
    if not policies:
        raise UsageError("The workspace has no policy.", "Add one with `main.py policy add FILE`.")
    return policies


def classify(
    workspace: Workspace,
    *,
    classifier: Classifier,
    policy_id: str | None = None,
    effort: Effort | None = None,
    limit: int | None = None,
    fast: bool = False,
    on_event: Callable[[JudgingEvent], None] | None = None,
    cancel: threading.Event | None = None,
    first: Callable[[], int | None] | None = None,
) -> ClassifySummary:
    """Judge what has no verdict of the current policy version yet; every verdict is stored as it comes.

    Without `policy_id` each policy of the workspace judges what applies to it, one after the other, the one of the
    entry that `first` names before the others. `limit` counts items over all policies. `fast` reads only the label's
    score, to order a new queue; a full pass still follows, from the riskiest and least certain end. `first` names a
    queue entry to be judged before the others, or None; it is asked often. Running it again goes on where it stopped.

    Raises:
        RoleError: an auditor, or no member.
        UsageError: no such policy, or none at all. ModelError: the model is gone; what was judged is kept.
    """
    require(workspace, Deed.JUDGE)
    tell = on_event or _ignore
    stop = cancel or threading.Event()
    work: list[_Source] = []
    left = limit
    for policy in policies_to_judge(workspace, policy_id):
        keys = deque(workspace.store.to_judge(policy, limit=left, fast=fast))
        if left is not None:
            left -= len(keys)
        work.append(_Source(workspace, policy, keys, first))
    tally = _Tally(sum(len(source.keys) for source in work))
    tell(JudgingStarted(tally.total, classifier.info, fallback_of(classifier)))
    while (work := [source for source in work if source.left]) and not stop.is_set():
        wanted = wanted_policy(workspace, first()) if first is not None else None
        source = next((source for source in work if source.policy.policy_id == wanted), work[0])
        source.others = frozenset(other.policy.policy_id for other in work if other is not source)
        options = judge_options(source.policy, effort, fast=fast)
        _judge_policy(source, classifier, options, tally, tell, stop)
    return ClassifySummary(
        judged=tally.done,
        by_status=dict(tally.by_status),
        seconds=time.monotonic() - tally.started,
        output_tokens=tally.output_tokens,
        model=classifier.info,
        cancelled=stop.is_set(),
        device=str(classifier.settings.get("device", "")),
        fallback=fallback_of(classifier),
    )


def fallback_of(classifier: Classifier) -> str:
    """Return what a person should hear of the graphics card, "" when all is as asked."""
    return str(classifier.settings.get("fallback", ""))


def _judge_policy(
    source: _Source,
    classifier: Classifier,
    options: JudgeOptions,
    tally: _Tally,
    tell: Callable[[JudgingEvent], None],
    stop: threading.Event,
) -> None:
    workspace, policy = source.workspace, source.policy
    for event in classifier.judge(source.next_request, policy=policy, options=options, cancel=stop):
        if isinstance(event, Delta):
            entry, _ = source.taken.get(event.key, (0, None))
            if entry:
                tell(ReasoningDelta(entry, event.text))
        elif isinstance(event, Restarted):
            tell(ModelRestarted(event.reason))
        elif isinstance(event, Judged):
            _, item = source.taken.pop(event.key)
            verdict = verdict_of(
                event.raw,
                item=item,
                policy=policy,
                model=classifier.info,
                options=options,
                settings=classifier.settings,
            )
            [(entry, stored)] = workspace.store.add_verdicts([verdict], actor=workspace.reviewer)
            tally.add(stored)
            tell(VerdictStored(entry, stored, tally.done, tally.total, tally.seconds_left(len(source.taken))))
