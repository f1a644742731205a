"""Threads go with the free cores: down when others need one, up again when they do not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.inference.engine import threads as module
from core.inference.engine.threads import FIRST_PAUSE_S, LONGEST_PAUSE_S, WINDOW_S, seconds_in_line


class Uncounted(module.Threads):
    """As on a system that does not count how long threads stand in line."""

    def __init__(self, most: int) -> None:
        super().__init__(most, in_line=lambda: None)


class Line:
    """A system that counts: `seconds` is what the test sets it to."""

    def __init__(self) -> None:
        self.seconds: float | None = 5.0

    def __call__(self) -> float | None:
        return self.seconds


class Machine:
    """Decodes in turns of 50 ms; each thread gets a core as long as there are `free` ones."""

    def __init__(self, threads: module.Threads, free: int) -> None:
        self.threads = threads
        self.free = free
        self.tried: list[int] = []

    def decode(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.05)):
            self.tried.append(self.threads.count)
            cores = min(self.threads.count, self.free + 0.5) if self.threads.count > self.free else self.threads.count
            self.threads.decoded(0.05, cores * 0.05)


def test_free_cores_are_all_used() -> None:
    threads = Uncounted(8)
    Machine(threads, free=8).decode(20)
    assert threads.count == 8


def test_a_busy_core_is_left_to_others() -> None:
    threads = Uncounted(4)
    Machine(threads, free=3).decode(2 * WINDOW_S)
    assert threads.count == 3


def test_one_thread_always_runs() -> None:
    threads = Uncounted(2)
    Machine(threads, free=0).decode(60)
    assert threads.count >= 1


def test_a_core_that_is_free_again_is_used_again() -> None:
    threads = Uncounted(2)
    machine = Machine(threads, free=1)
    machine.decode(1)
    assert threads.count == 1
    machine.free = 2
    machine.decode(3 * FIRST_PAUSE_S)
    assert threads.count == 2


def test_trying_in_vain_becomes_rare() -> None:
    threads = Uncounted(2)
    machine = Machine(threads, free=1)
    machine.decode(600)
    late = machine.tried[len(machine.tried) // 2 :]
    assert 0 < late.count(2) <= 300 / LONGEST_PAUSE_S * (WINDOW_S / 0.05 + 2)


def test_a_short_disturbance_changes_nothing() -> None:
    threads = Uncounted(2)
    for _ in range(200):
        threads.decoded(0.05, 0.092)
    assert threads.count == 2


def test_a_step_that_works_with_one_thread_for_half_its_time_keeps_both_where_lines_are_counted() -> None:
    threads = module.Threads(2, in_line=Line())
    for _ in range(200):
        threads.decoded(0.05, 0.075)
    assert threads.count == 2


def test_standing_in_line_gives_a_core_up_and_its_end_brings_it_back() -> None:
    line = Line()
    threads = module.Threads(2, in_line=line)
    for _ in range(10):
        assert line.seconds is not None
        line.seconds += 0.03
        threads.decoded(0.05, 0.07)
    assert threads.count == 1
    for _ in range(round(3 * FIRST_PAUSE_S / 0.05)):
        threads.decoded(0.05, 0.05)
    assert threads.count == 2


def test_a_count_that_is_lost_or_runs_back_is_not_believed() -> None:
    line = Line()
    threads = module.Threads(2, in_line=line)
    for seconds in (None, 9.0, 1.0):
        line.seconds = seconds
        for _ in range(round(WINDOW_S / 0.05)):
            threads.decoded(0.05, 0.1)
        assert threads.count == 2


@pytest.mark.skipif(sys.platform != "linux", reason="Linux counts it")
def test_linux_counts_this_process() -> None:
    seconds = seconds_in_line()
    assert seconds is not None
    assert seconds >= 0


@pytest.mark.parametrize("content", [b"", b"12", b"12 x 3"])
def test_a_system_that_counts_otherwise_counts_not_at_all(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "schedstat").write_bytes(content)
    assert seconds_in_line(tmp_path) is None
    assert seconds_in_line(tmp_path / "absent") is None


def test_the_second_number_of_each_thread_is_added(tmp_path: Path) -> None:
    for name, text in (("1", "700 2000000000 4\n"), ("2", "900 500000000 8\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "schedstat").write_text(text, encoding="ascii")
    assert seconds_in_line(tmp_path) == 2.5
