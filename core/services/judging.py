"""The verbs of judging: open a model, judge a queue, look at an exact prompt.

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
    Item,
    ModelInfo,
    PolicyVersion,
    PromptView,
    RawOutput,
    Verdict,
    VerdictStatus,
)
from core.errors import UsageError
from core.inference.engine.settings import EngineSettings
from core.inference.messages import ModelSpec
from core.inference.process import ModelProcess
from core.inference.protocol import Classifier, Delta, Judged, JudgeOptions, JudgeRequest, Restarted
from core.inference.verdicts import interpret
from core.models.catalogue import SAMPLE_ID, file_sha256, resolve_model
from core.paths import cache_folder, models_folder
from core.services.workspace import Workspace

PAGE = 200  # items read from the store at a time


@dataclass(frozen=True, slots=True)
class JudgingStarted:
    """A run begins under one policy. `total` counts the items of the whole run."""

    total: int
    model: ModelInfo


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


def open_classifier(workspace: Workspace | None, *, model: str | None = None) -> Classifier:
    """Find, check and load a model in a process of its own. None takes the workspace's model, then the sample.

    Raises:
        ModelError: nothing of that name, a damaged file, an unknown prompt format, not enough memory.
    """
    wanted = model or (workspace.settings.model if workspace is not None else "") or SAMPLE_ID
    found = resolve_model(wanted, folder=models_folder())
    stat = found.path.stat()
    key = (str(found.path), stat.st_size, stat.st_mtime_ns)
    sha256 = workspace.store.recall_model(*key) if workspace is not None else None
    if sha256 is None:
        sha256 = file_sha256(found.path)
        if workspace is not None:
            workspace.store.remember_model(*key, sha256)
    engine = EngineSettings()
    if workspace is not None:
        repack = str(cache_folder() / "weights") if workspace.settings.repack else None
        engine = EngineSettings(workspace.settings.threads, workspace.settings.slots, repack_folder=repack)
    return ModelProcess(
        ModelSpec(
            path=str(found.path),
            name=found.name,
            sha256=sha256,
            prompt_format=found.prompt_format,
            size_bytes=found.size_bytes,
            is_sample=found.is_sample,
            settings=engine,
        )
    )


def judge_options(policy: PolicyVersion, effort: Effort | None = None) -> JudgeOptions:
    """Return the options of a full pass: the effort asked for, else the policy's own."""
    return JudgeOptions(effort=effort or policy.effort)


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
    if raw.parts == 1 or not raw.part_outputs:
        return interpret(raw, item=item, policy=policy, model=model, effort=options.effort, settings=known)
    verdicts = [
        interpret(part, item=item, policy=policy, model=model, effort=options.effort, settings=known)
        for part in raw.part_outputs
    ]

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
    """Hands out the items to judge, page by page, the ones asked for first."""

    workspace: Workspace
    policy: PolicyVersion
    keys: deque[int]
    first: Callable[[], int | None] | None
    taken: dict[int, tuple[int, Item]] = field(default_factory=dict)
    _page: deque[Item] = field(default_factory=deque)
    _seen: set[str] = field(default_factory=set)
    _number: int = 0

    def next_request(self) -> JudgeRequest | None:
        item = self._urgent() or self._in_order()
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

    def seconds_left(self) -> float | None:
        if not self.done:
            return None
        return (time.monotonic() - self.started) / self.done * max(0, self.total - self.done)


def _policies(workspace: Workspace, policy_id: str | None) -> list[PolicyVersion]:
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
    on_event: Callable[[JudgingEvent], None] | None = None,
    cancel: threading.Event | None = None,
    first: Callable[[], int | None] | None = None,
) -> ClassifySummary:
    """Judge what has no verdict of the current policy version yet; every verdict is stored as it comes.

    Without `policy_id` each policy of the workspace judges what applies to it, one after the other. `limit` counts
    items over all policies. `first` names a queue entry to be judged before the others, or None. Running it again
    goes on where it stopped.

    Raises:
        UsageError: no such policy, or none at all. ModelError: the model is gone; what was judged is kept.
    """
    tell = on_event or _ignore
    stop = cancel or threading.Event()
    work: list[tuple[PolicyVersion, deque[int]]] = []
    left = limit
    for policy in _policies(workspace, policy_id):
        keys = deque(workspace.store.to_judge(policy, limit=left))
        if left is not None:
            left -= len(keys)
        work.append((policy, keys))
    tally = _Tally(sum(len(keys) for _, keys in work))
    tell(JudgingStarted(tally.total, classifier.info))
    for policy, keys in work:
        if keys and not stop.is_set():
            source = _Source(workspace, policy, keys, first)
            _judge_policy(source, classifier, judge_options(policy, effort), tally, tell, stop)
    return ClassifySummary(
        judged=tally.done,
        by_status=dict(tally.by_status),
        seconds=time.monotonic() - tally.started,
        output_tokens=tally.output_tokens,
        model=classifier.info,
        cancelled=stop.is_set(),
    )


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
            tell(VerdictStored(entry, stored, tally.done, tally.total, tally.seconds_left()))


def inspect(
    workspace: Workspace, *, classifier: Classifier, item_id: str, policy_id: str | None = None
) -> tuple[PromptView, Verdict | None]:
    """Return the exact prompt for an item under a policy, and the standing verdict if there is one.

    Without `policy_id` the item's own policy is taken, else the one it was judged under, else the only one.

    Raises:
        UsageError: no such item or policy, or several policies could be meant.
    """
    item = workspace.store.get_item(item_id)
    if item is None:
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    policy = _policy_for(workspace, item, policy_id)
    verdict = workspace.store.get_verdict(item_id, policy.policy_id)
    effort = verdict.effort if verdict is not None else None
    view = classifier.prompt_view(item, policy=policy, options=judge_options(policy, effort))
    return view, verdict


def _policy_for(workspace: Workspace, item: Item, policy_id: str | None) -> PolicyVersion:
    policies = _policies(workspace, policy_id or item.policy)
    if len(policies) > 1:
        judged = [p for p in policies if workspace.store.get_verdict(item.id, p.policy_id) is not None]
        policies = judged or policies
    if len(policies) > 1:
        names = ", ".join(policy.policy_id for policy in policies)
        raise UsageError(f"Several policies could be meant: {names}.", "Name one with --policy.")
    return policies[0]
