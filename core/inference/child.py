"""The model process: loads one model, then answers requests until told to close or the desk is gone.

It owns the loop of the spawned child. It is the only place where the engine is imported, and it must never touch
the database, the keychain or Qt.
"""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from core.domain import RawOutput
from core.errors import AppError, ModelError
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
from core.inference.protocol import ClassifierEvent, Judged

if TYPE_CHECKING:
    from core.inference.engine.scheduler import Engine


def run_child(pipe: Connection, spec: ModelSpec, log_path: str) -> None:
    """Load the model and serve `pipe` until it closes. Native log lines go to `log_path`."""
    # Threads that wait sleep after about a millisecond, for the OpenMP that knows of it: sleeping at once costs more at
    # each of a step's 600 barriers than the step itself, spinning for good takes the core from whoever needs it.
    # What to do when somebody does is up to `engine.threads`. Set before the library is loaded.
    os.environ.setdefault("GOMP_SPINCOUNT", "30000")
    # Ctrl+C is for the desk, which then asks for an orderly end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, sys.stderr.fileno() if sys.stderr is not None else 2)
    try:
        _serve(pipe, spec)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the desk is gone
    finally:
        pipe.close()


def _serve(pipe: Connection, spec: ModelSpec) -> None:
    from core.inference.engine.native import system_info
    from core.inference.engine.scheduler import Engine

    try:
        engine = Engine(
            spec.path,
            format_name=spec.prompt_format,
            settings=spec.settings,
            sha256=spec.sha256,
            shape=spec.shape,
            before_load=lambda placement: pipe.send(Loading(placement.device)) if placement.layers else None,
        )
    except AppError as error:
        pipe.send(Problem(error))
        return
    pipe.send(Ready(system_info(), engine.placement.as_dict()))
    while True:
        while pipe.poll(0 if engine.busy else None):
            request: Request = pipe.recv()
            if isinstance(request, Close):
                engine.close()
                return
            reply = _answer(engine, request)
            if reply is not None:
                pipe.send(reply)
        if engine.busy:
            events = _step(engine)
            if events:
                pipe.send(Progress(events))


def _answer(engine: Engine, request: Request) -> Reply | None:
    try:
        if isinstance(request, SetPolicy):
            engine.set_policy(request.policy, request.options)
            plan = engine.plan.as_dict() if engine.plan else {}
            return PolicySet({**plan, "weights": engine.weights, **engine.placement.as_dict()})
        if isinstance(request, View):
            return Viewed(engine.prompt_view(request.item, request.policy, request.options))
        if isinstance(request, Cancel):
            engine.cancel()
            return Cancelled(request.number)
        if isinstance(request, Submit):
            for wanted in request.requests:
                engine.submit(wanted.key, wanted.item)
    except AppError as error:
        return Problem(error)
    return None


def _step(engine: Engine) -> tuple[ClassifierEvent, ...]:
    """Run one step; a failed decode fails the items it held, and the engine goes on empty."""
    try:
        return tuple(engine.step())
    except ModelError as error:
        keys = engine.running_keys()
        engine.cancel()
        return tuple(Judged(key, RawOutput(output="", finish="error", error=error.message)) for key in keys)
