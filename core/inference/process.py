"""The model process seen from the desk: started, fed, watched, restarted. A `Classifier` like any other.

It owns the life cycle of the child and the rule of two: an item that was in the process when it died is judged again
alone; if the process dies again, that item gets a failed output. It must not import the engine or llama_cpp.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from core.domain import Item, ModelInfo, PolicyVersion, PromptView, RawOutput
from core.errors import ModelCrashError, ModelError
from core.inference.child import run_child
from core.inference.messages import (
    Cancel,
    Cancelled,
    Close,
    Loading,
    ModelSpec,
    PolicySet,
    Problem,
    Progress,
    Ready,
    Reply,
    Request,
    SetPolicy,
    Submit,
    View,
    Viewed,
)
from core.inference.protocol import ClassifierEvent, Judged, JudgeOptions, JudgeRequest, Restarted

STRIKES = 2  # an item that was in the process at this many deaths is given up
IDLE_DEATHS = 3  # deaths in a row without one item finished, after which the model is given up
BACK_OFF_S = (0.0, 0.5, 2.0)
WAITING = 2  # items held ready in the process beyond its slots, so that a free slot is filled at once


class _DiedError(Exception):
    """The process is gone; `reason` says how it ended."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelProcess:
    """One model in one spawned process. Use from one thread at a time; `close` from any."""

    def __init__(self, spec: ModelSpec, *, child: Callable[[Connection, ModelSpec, str], None] = run_child) -> None:
        """Start the process, which runs `child`, and wait until the model is loaded.

        Raises:
            ModelError: the model cannot be loaded, or the process died while loading it.
        """
        self._spec = spec
        self._child = child
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False
        self._cancels = 0
        self._plan: dict[str, int | str] = {}
        self._on_card = False
        self._card_failed = ""
        self.system_info = ""
        handle, name = tempfile.mkstemp(prefix="docket-model-", suffix=".log")
        os.close(handle)
        self._log_path = Path(name)
        try:
            self._start_anywhere()
        except _DiedError as death:
            self.close()
            raise ModelCrashError(
                f"The model process died while loading the model: {death.reason}.",
                "The file may be damaged or too large for this machine's memory. Check it with `main.py doctor`.",
            ) from None
        except ModelError:
            self.close()
            raise

    @property
    def info(self) -> ModelInfo:
        """The model that judges."""
        spec = self._spec
        return ModelInfo(spec.name, spec.sha256, spec.prompt_format, spec.path, spec.is_sample, spec.size_bytes)

    @property
    def settings(self) -> dict[str, object]:
        """What shapes a run: greedy decoding, so the seed is without effect and given for the record."""
        fallback = {"fallback": self._card_failed} if self._card_failed else {}
        return {"engine": "llama.cpp", "temperature": 0.0, "seed": 0, **self._plan, **fallback}

    @property
    def pid(self) -> int | None:
        """The process id, None when closed."""
        return self._process.pid if self._process is not None else None

    # Life cycle

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")
        here, there = spawn.Pipe()
        process = spawn.Process(
            target=self._child, args=(there, self._spec, str(self._log_path)), name="docket-model", daemon=True
        )
        process.start()
        there.close()
        self._process, self._pipe = process, here
        while isinstance(reply := self._receive(None), Loading):
            self._on_card = True
        if isinstance(reply, Problem):
            raise reply.error
        if isinstance(reply, Ready):
            self.system_info = reply.system_info
            self._plan |= reply.placement

    def _start_anywhere(self) -> None:
        """Start the process, and once more without the graphics card when it died with weights on one."""
        try:
            self._start()
        except _DiedError as death:
            if not self._leave_card(death):
                raise
            self._stop()
            self._start()

    def _leave_card(self, death: _DiedError) -> bool:
        """Use the processor alone from now on, and say why; False when no card was in use."""
        if not self._on_card:
            return False
        self._on_card = False
        self._card_failed = f"The graphics card failed ({death.reason}); the processor does it all."
        self._spec = replace(self._spec, settings=replace(self._spec.settings, gpu_layers=0))
        return True

    def _send(self, request: Request) -> None:
        try:
            if self._pipe is None:
                raise _DiedError("it was closed")
            self._pipe.send(request)
        except (BrokenPipeError, ConnectionResetError, OSError):
            raise _DiedError(self._reason()) from None

    def _receive(self, timeout_s: float | None) -> Reply | None:
        """Return the next reply, None after the time-out."""
        try:
            if self._pipe is None:
                raise _DiedError("it was closed")
            if not self._pipe.poll(timeout_s):
                return None
            reply: Reply = self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError, OSError):
            raise _DiedError(self._reason()) from None
        return reply

    def _ask(self, request: Request) -> Reply:
        self._send(request)
        while True:
            reply = self._receive(None)
            if isinstance(reply, Problem):
                raise reply.error
            if reply is not None and not isinstance(reply, Progress | Loading):
                return reply

    def _reason(self) -> str:
        process = self._process
        if process is None:
            return "it was closed"
        process.join(5)
        code = process.exitcode
        if code is None:
            return "it stopped answering"
        if code < 0:
            try:
                return f"signal {signal.Signals(-code).name}"
            except ValueError:
                return f"signal {-code}"
        return f"exit status {code}"

    def _stop(self) -> None:
        pipe, process = self._pipe, self._process
        self._pipe = self._process = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join(0.2)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()

    def close(self) -> None:
        """End the process and remove its log. May be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                self._pipe.send(Close())
        self._stop()
        self._log_path.unlink(missing_ok=True)

    # Judging

    def judge(
        self,
        next_request: Callable[[], JudgeRequest | None],
        *,
        policy: PolicyVersion,
        options: JudgeOptions,
        cancel: threading.Event,
    ) -> Iterator[ClassifierEvent]:
        """Judge items; see `Classifier.judge`. Deaths of the process are survived as the module says."""
        run = _Run(next_request)
        idle_deaths = 0
        ready = False
        try:
            while not cancel.is_set():
                try:
                    if not ready:
                        self._set_policy(policy, options)
                        ready = True
                    if taken := run.take(int(self._plan.get("slots", 1)) + WAITING):
                        self._send(Submit(tuple(taken)))
                    if run.finished:
                        return
                    for event in self._events():
                        if isinstance(event, Judged):
                            run.done(event.key)
                            idle_deaths = 0
                        yield event
                except _DiedError as death:
                    if self._closed:
                        return
                    idle_deaths += 1
                    ready = False
                    yield from run.died(death.reason)
                    self._restart(death, idle_deaths)
                    yield Restarted(death.reason)
        finally:
            if run.outstanding:
                self._drop_all()

    def _set_policy(self, policy: PolicyVersion, options: JudgeOptions) -> None:
        reply = self._ask(SetPolicy(policy, options))
        if isinstance(reply, PolicySet):
            self._plan = dict(reply.plan)

    def _events(self) -> tuple[ClassifierEvent, ...]:
        reply = self._receive(0.1)
        if isinstance(reply, Problem):
            raise reply.error
        return reply.events if isinstance(reply, Progress) else ()

    def _restart(self, death: _DiedError, idle_deaths: int) -> None:
        """Start the process again after a pause, or give the model up."""
        self._stop()
        if idle_deaths > 1:
            self._leave_card(death)
        while idle_deaths < IDLE_DEATHS + 1:
            time.sleep(BACK_OFF_S[min(idle_deaths, len(BACK_OFF_S)) - 1])
            try:
                self._start()
            except _DiedError as again:
                death = again
                self._leave_card(death)
                idle_deaths += 1
                self._stop()
            else:
                return
        raise ModelCrashError(
            f"The model process died {idle_deaths} times in a row without finishing an item ({death.reason}).",
            "What was judged before is kept. Check memory and the model file with `main.py doctor`.",
        )

    def _drop_all(self) -> None:
        self._cancels += 1
        try:
            self._send(Cancel(self._cancels))
            while True:
                reply = self._receive(None)
                if isinstance(reply, Cancelled) and reply.number == self._cancels:
                    return
        except _DiedError:
            if not self._closed:
                self._stop()
                self._start()

    def prompt_view(self, item: Item, *, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        """Return the exact prompt for an item; see `Classifier.prompt_view`."""
        try:
            reply = self._ask(View(item, policy, options))
        except _DiedError as death:
            raise ModelCrashError(f"The model process died: {death.reason}.", "Try again.") from None
        if not isinstance(reply, Viewed):
            raise ModelError("The model process gave an unexpected answer.", "Try again.")
        return reply.view


class _Run:
    """The book of one run: what is in the process, what must be tried again alone, what is left to take."""

    def __init__(self, next_request: Callable[[], JudgeRequest | None]) -> None:
        self._next = next_request
        self._exhausted = False
        self._suspects: deque[JudgeRequest] = deque()
        self._strikes: Counter[int] = Counter()
        self.outstanding: dict[int, JudgeRequest] = {}

    @property
    def finished(self) -> bool:
        return self._exhausted and not self.outstanding and not self._suspects

    def take(self, capacity: int) -> list[JudgeRequest]:
        """Return what to send now. Suspects go alone, so that the one that kills the process is known."""
        taken: list[JudgeRequest] = []
        if self._suspects:
            if not self.outstanding:
                taken.append(self._suspects.popleft())
        elif not any(self._strikes[key] for key in self.outstanding):
            while not self._exhausted and len(self.outstanding) + len(taken) < capacity:
                request = self._next()
                if request is None:
                    self._exhausted = True
                else:
                    taken.append(request)
        for request in taken:
            self.outstanding[request.key] = request
        return taken

    def done(self, key: int) -> None:
        self.outstanding.pop(key, None)

    def died(self, reason: str) -> Iterator[Judged]:
        """Give up items with two strikes, keep the others for another try."""
        for key, request in list(self.outstanding.items()):
            self._strikes[key] += 1
            if self._strikes[key] >= STRIKES:
                error = f"The model process died {STRIKES} times while it judged this item ({reason})."
                yield Judged(key, RawOutput(output="", finish="error", error=error))
            else:
                self._suspects.append(request)
        self.outstanding.clear()
