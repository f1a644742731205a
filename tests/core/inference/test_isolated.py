"""Questions put in a process of their own: an answer, a fault, a death and a hang each come back as what they are."""

from __future__ import annotations

import os
import signal
import time

import pytest

from core.inference.isolated import IsolatedError, run_isolated
from core.inference.runtime import describe_runtime


def double(number: int) -> int:
    return 2 * number


def fail() -> None:
    raise ValueError("a secret")


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang() -> None:
    time.sleep(60)


def test_an_answer_comes_back() -> None:
    assert run_isolated(double, 21, timeout_s=60) == 42


@pytest.mark.parametrize(("function", "reason"), [(fail, "ValueError"), (die, "signal 11")])
def test_a_fault_and_a_death_are_told_without_content(function: object, reason: str) -> None:
    with pytest.raises(IsolatedError) as caught:
        run_isolated(function, timeout_s=60)  # type: ignore[arg-type]
    assert caught.value.reason == reason


def test_a_hang_ends() -> None:
    with pytest.raises(IsolatedError, match="in time"):
        run_isolated(hang, timeout_s=0.5)


def test_the_runtime_says_what_it_is() -> None:
    runtime = run_isolated(describe_runtime, timeout_s=60)
    assert runtime.version
    assert "CPU" in runtime.features
    assert all(device.total_bytes >= device.free_bytes for device in runtime.cards)
