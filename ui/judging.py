"""Runs the model beside the reviewer: opens it once, judges on a pool thread, tells what happened, stops when asked.

It owns the classifier of this window and the state of the run. It must not show anything nor touch the review.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from core import services
from core.domain import ClassifySummary, ModelInfo, Verdict
from core.errors import AppError, CancelledError, ModelError
from core.services import Classifier, JudgingStarted, ModelRestarted, ReasoningDelta, VerdictStored, Workspace
from ui.tasks import Task, TaskContext, TaskPool

ClassifierFactory = Callable[[Workspace], Classifier]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `seconds_left` is None while there is no basis for it; `model` None while it loads.

    `fallback` says what was asked for of a graphics card and could not be had, "" when all is as asked.
    """

    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    model: ModelInfo | None = None
    stopping: bool = False
    fallback: str = ""


class _ModelSlot:
    """Holds the open model. Safe from any thread; a model that finishes loading after `close` is closed at once."""

    def __init__(self, factory: ClassifierFactory) -> None:
        self._factory = factory
        self._lock = threading.Lock()
        self._classifier: Classifier | None = None
        self._closed = False

    def get(self, workspace: Workspace) -> Classifier:
        with self._lock:
            held = self._classifier
        if held is not None:
            return held
        opened = self._factory(workspace)
        with self._lock:
            if not self._closed:
                self._classifier = opened
                return opened
        opened.close()
        raise CancelledError("The window was closed while the model was loading.")

    def drop(self) -> None:
        with self._lock:
            held, self._classifier = self._classifier, None
        if held is not None:
            held.close()

    def close(self) -> None:
        with self._lock:
            self._closed = True
        self.drop()


class Judging(QObject):
    """One run at a time. `progressed` fires on every step, `ended` once a run is over however it ended."""

    progressed = Signal(object)
    verdict_stored = Signal(object)
    reasoning_arrived = Signal(int, str)
    restarted = Signal(str)
    finished = Signal(object)
    failed = Signal(object)
    ended = Signal()
    compared = Signal(int, object)

    def __init__(
        self, workspace: Workspace, pool: TaskPool, factory: ClassifierFactory | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._slot = _ModelSlot(factory or services.open_classifier)
        self._task: Task | None = None
        self._progress = Progress()
        self._again: Callable[[], None] | None = None
        self._to_compare: int | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way."""
        return self._task is not None

    def start(
        self,
        *,
        policy_id: str | None,
        first: Callable[[], int | None],
        fast: bool = False,
        limit: int | None = None,
    ) -> None:
        """Judge what waits, under one policy or all. `first`, asked on a pool thread, names the entry to do soonest.

        `fast` reads the label's score only, which puts a new queue in order; `limit` ends after so many items.
        """
        if self._task is not None:
            return
        self._again = partial(self.start, policy_id=policy_id, first=first, fast=fast, limit=limit)
        if self._to_compare is not None:  # the model is at it; the run begins when it is done
            return
        self._progress = Progress()

        def run(context: TaskContext) -> ClassifySummary:
            classifier = self._slot.get(self._workspace)
            return services.classify(
                self._workspace,
                classifier=classifier,
                policy_id=policy_id,
                limit=limit,
                fast=fast,
                on_event=context.report,
                cancel=context.cancel,
                first=first,
            )

        self._task = self._pool.long(
            run, succeeded=self._on_task_succeeded, failed=self._on_task_failed, progressed=self._on_task_progressed
        )
        self.progressed.emit(self._progress)

    def compare(self, key: int) -> None:
        """Judge an entry without its context and tell with `compared`. A run under way gives way and goes on after."""
        if self._to_compare is not None:
            return
        self._to_compare = key
        if self._task is not None:
            self._task.cancel()
        else:
            self._compare(key)

    def _compare(self, key: int) -> None:
        def run(context: TaskContext) -> Verdict:
            classifier = self._slot.get(self._workspace)
            return services.judge_without_context(
                self._workspace, classifier=classifier, key=key, cancel=context.cancel
            )

        def over() -> None:
            self._to_compare = None
            again, self._again = self._again, None
            if again is not None:
                again()

        def succeeded(verdict: Verdict) -> None:
            self.compared.emit(key, verdict)
            over()

        def failed(error: AppError) -> None:
            if isinstance(error, ModelError):
                self._slot.drop()
            self.failed.emit(error)
            over()

        self._pool.long(run, succeeded=succeeded, failed=failed)

    def stop(self) -> None:
        """Ask the run to end. Finished verdicts stay; the rest goes on when it is started again."""
        self._again = None
        if self._task is not None:
            self._task.cancel()
            self._tell(stopping=True)

    def change_model(self) -> None:
        """Let the model go, so that the next run loads the one in the settings; a run under way stops first."""
        if self._task is None:
            self._slot.drop()
        else:
            self._task.ended.connect(self._slot.drop)
            self.stop()

    def close(self) -> None:
        """Let the model go, whatever it is doing. Call after the pool was told to stop."""
        self._slot.close()

    @Slot(object)
    def _on_task_progressed(self, event: object) -> None:
        if isinstance(event, JudgingStarted):
            self._tell(total=event.total, model=event.model, fallback=event.fallback)
        elif isinstance(event, ReasoningDelta):
            self.reasoning_arrived.emit(event.key, event.text)
        elif isinstance(event, VerdictStored):
            self._tell(done=event.done, total=event.total, seconds_left=event.seconds_left)
            self.verdict_stored.emit(event)
        elif isinstance(event, ModelRestarted):
            self.restarted.emit(event.reason)

    @Slot(object)
    def _on_task_succeeded(self, summary: ClassifySummary) -> None:
        self._task = None
        gave_way = self._to_compare is not None and summary.cancelled
        if not gave_way:
            self._again = None
            self.finished.emit(summary)
            self.ended.emit()
        if self._to_compare is not None:
            self._compare(self._to_compare)

    @Slot(object)
    def _on_task_failed(self, error: AppError) -> None:
        self._task = None
        self._again = self._to_compare = None
        if isinstance(error, ModelError):
            self._slot.drop()
        self.failed.emit(error)
        self.ended.emit()

    def _tell(
        self,
        *,
        done: int | None = None,
        total: int | None = None,
        seconds_left: float | None = None,
        model: ModelInfo | None = None,
        stopping: bool = False,
        fallback: str = "",
    ) -> None:
        before = self._progress
        self._progress = Progress(
            done=before.done if done is None else done,
            total=before.total if total is None else total,
            seconds_left=before.seconds_left if seconds_left is None else seconds_left,
            model=model or before.model,
            stopping=stopping or before.stopping,
            fallback=fallback or before.fallback,
        )
        self.progressed.emit(self._progress)
