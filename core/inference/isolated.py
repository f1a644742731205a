"""Asks a native library something in a process of its own, which it may end without ending Docket.

It owns the life of that process. The function must stand at the top of a module, as it is found there by name; it works
alike from source and from an installed build, which has no interpreter to start.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")


class IsolatedError(Exception):
    """The process ended or hung before it answered; `reason` says how."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def run_isolated(function: Callable[..., T], *arguments: object, timeout_s: float) -> T:
    """Return what `function(*arguments)` returns in a fresh process; both must survive a pickle.

    Raises:
        IsolatedError: it raised, died of a signal, or took longer than `timeout_s` seconds.
    """
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe(duplex=False)
    process = spawn.Process(target=_answer, args=(there, function, arguments), daemon=True)
    process.start()
    there.close()
    try:
        if not here.poll(timeout_s):
            raise IsolatedError("no answer in time")
        kind, value = here.recv()
    except EOFError:
        process.join(5)
        code = process.exitcode or 0
        raise IsolatedError(f"signal {-code}" if code < 0 else f"exit status {code}") from None
    finally:
        here.close()
        process.kill()
        process.join()
    if kind == "raised":
        raise IsolatedError(str(value))
    result: T = value
    return result


def _answer(pipe: Connection, function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    try:
        pipe.send(("returned", function(*arguments)))
    except Exception as error:  # noqa: BLE001 - whatever it was is told, with its type and no content
        pipe.send(("raised", type(error).__name__))
    finally:
        pipe.close()
