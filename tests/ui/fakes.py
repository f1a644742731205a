"""A classifier that stands at the public protocol: it answers what a test tells it to, one item at a time if asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator

from core.domain import Item, ModelInfo, PolicyVersion, PromptView, RawOutput
from core.inference.protocol import ClassifierEvent, Delta, Judged, JudgeOptions, JudgeRequest

Answer = Callable[[Item, PolicyVersion], RawOutput]

SAMPLE = ModelInfo("Fake-135M", "0" * 64, "chatml", "test", is_sample=True)
SAFEGUARD = ModelInfo("fake-safeguard-20b", "1" * 64, "harmony", "test")


def says(code: str, *, reasoning: str = "Because of what it says.", rationale: str = "It fits.") -> RawOutput:
    """Return what a model prints that picks a label."""
    output = json.dumps({"label": code, "rationale": rationale})
    return RawOutput(output=output, reasoning=reasoning, prompt_tokens=100, output_tokens=20, seconds=0.5)


def first_violating(item: Item, policy: PolicyVersion) -> RawOutput:
    """Pick the policy's first label that violates."""
    return says(next(label.code for label in policy.labels if label.violates))


class FakeClassifier:
    """Judges everything at once, or with `gated` one item for each `release`. `fault` is raised instead of judging."""

    def __init__(
        self,
        answer: Answer = first_violating,
        *,
        info: ModelInfo = SAFEGUARD,
        gated: bool = False,
        fault: Exception | None = None,
    ) -> None:
        self.answer = answer
        self.info = info
        self.settings: dict[str, object] = {"engine": "fake"}
        self.fault = fault
        self.judged: list[str] = []
        self.closed = 0
        self._gate = threading.Semaphore(0) if gated else None

    def release(self, count: int = 1) -> None:
        """Let so many more items through."""
        assert self._gate is not None
        self._gate.release(count)

    def judge(
        self,
        next_request: Callable[[], JudgeRequest | None],
        *,
        policy: PolicyVersion,
        options: JudgeOptions,
        cancel: threading.Event,
    ) -> Iterator[ClassifierEvent]:
        while not cancel.is_set() and (request := next_request()) is not None:
            yield Delta(request.key, "Let me ")
            yield Delta(request.key, "see.")
            while self._gate is not None and not self._gate.acquire(timeout=0.01):
                if cancel.is_set():
                    return
            if self.fault is not None:
                raise self.fault
            self.judged.append(request.item.id)
            yield Judged(request.key, self.answer(request.item, policy))

    def prompt_view(self, item: Item, *, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        return PromptView("", (), "")

    def close(self) -> None:
        self.closed += 1
