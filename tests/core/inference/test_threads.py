"""Threads go with the free cores: down when others need one, up again when they do not."""

from __future__ import annotations

from core.inference.engine.threads import FIRST_PAUSE_S, LONGEST_PAUSE_S, WINDOW_S, Threads


class Machine:
    """Decodes in turns of 50 ms; each thread gets a core as long as there are `free` ones."""

    def __init__(self, threads: Threads, free: int) -> None:
        self.threads = threads
        self.free = free
        self.tried: list[int] = []

    def decode(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.05)):
            self.tried.append(self.threads.count)
            cores = min(self.threads.count, self.free + 0.5) if self.threads.count > self.free else self.threads.count
            self.threads.decoded(0.05, cores * 0.05)


def test_free_cores_are_all_used() -> None:
    threads = Threads(8)
    Machine(threads, free=8).decode(20)
    assert threads.count == 8


def test_a_busy_core_is_left_to_others() -> None:
    threads = Threads(4)
    Machine(threads, free=3).decode(2 * WINDOW_S)
    assert threads.count == 3


def test_one_thread_always_runs() -> None:
    threads = Threads(2)
    Machine(threads, free=0).decode(60)
    assert threads.count >= 1


def test_a_core_that_is_free_again_is_used_again() -> None:
    threads = Threads(2)
    machine = Machine(threads, free=1)
    machine.decode(1)
    assert threads.count == 1
    machine.free = 2
    machine.decode(3 * FIRST_PAUSE_S)
    assert threads.count == 2


def test_trying_in_vain_becomes_rare() -> None:
    threads = Threads(2)
    machine = Machine(threads, free=1)
    machine.decode(600)
    late = machine.tried[len(machine.tried) // 2 :]
    assert 0 < late.count(2) <= 300 / LONGEST_PAUSE_S * (WINDOW_S / 0.05 + 2)


def test_a_short_disturbance_changes_nothing() -> None:
    threads = Threads(2)
    for _ in range(200):
        threads.decoded(0.05, 0.092)
    assert threads.count == 2
