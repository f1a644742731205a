"""What a classifier is: something that turns items into raw outputs under one policy, in an order it is asked for.

It owns the protocol, its options and its events. The model process, a remote server and the fakes of the tests all
stand behind it. It must not know how any of them work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from core.domain import Effort, Item, ModelInfo, PolicyVersion, PromptView, RawOutput


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """How to judge. Budgets are in tokens; None takes the prompt format's own figure for the effort.

    `fast` reads the label's score and nothing else: no reasoning, no rationale. `force_verdict` says what happens
    when the reasoning budget ends the reasoning: True reads the verdict anyway (and flags it), False ends the run
    as cut off, None takes the prompt format's rule.
    """

    effort: Effort = Effort.MEDIUM
    fast: bool = False
    reasoning_budget: int | None = None
    rationale_budget: int | None = None
    force_verdict: bool | None = None


@dataclass(frozen=True, slots=True)
class JudgeRequest:
    """One item to judge. `key` is the caller's own and comes back with every event."""

    key: int
    item: Item


@dataclass(frozen=True, slots=True)
class Delta:
    """A stretch of reasoning as it is decoded, to be appended to what came before for this key."""

    key: int
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """An item is done. Every request that was taken ends in exactly one of these, unless the run is cancelled."""

    key: int
    raw: RawOutput


@dataclass(frozen=True, slots=True)
class Restarted:
    """The model process died and was started again; the items it held are judged again."""

    reason: str


ClassifierEvent = Delta | Judged | Restarted


class Classifier(Protocol):
    """A source of judgements. Not safe for use from two threads at once; `close` may be called from any thread."""

    @property
    def info(self) -> ModelInfo:
        """The model that judges."""
        ...

    @property
    def settings(self) -> dict[str, object]:
        """What shapes a run besides the model: engine, temperature, seed, slots, threads. Stored with verdicts."""
        ...

    def judge(
        self,
        next_request: Callable[[], JudgeRequest | None],
        *,
        policy: PolicyVersion,
        options: JudgeOptions,
        cancel: threading.Event,
    ) -> Iterator[ClassifierEvent]:
        """Judge items under one policy until `next_request` answers None and all that was taken is done.

        `next_request` is called whenever there is room for one more, so the caller decides the order as late as
        possible. Setting `cancel` ends the iteration soon; items not yet judged are dropped without an event.

        Raises:
            ModelError: the model cannot be used any more.
        """
        ...

    def prompt_view(self, item: Item, *, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        """Return the exact prompt for an item without judging it."""
        ...

    def close(self) -> None:
        """Let the model go. May be called twice."""
        ...
