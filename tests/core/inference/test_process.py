"""The model process: judged, cancelled, killed at any moment, and given up only when it must be."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.domain import Item, ItemKind, OutputForm, RawOutput
from core.errors import ModelCrashError, ModelError
from core.inference.process import ModelProcess, _Run
from core.inference.protocol import Judged, JudgeOptions, JudgeRequest, Restarted
from tests.core.inference.conftest import make_policy, spec_for

SHORT = JudgeOptions(reasoning_budget=24, rationale_budget=8, force_verdict=True)


def source(count: int) -> Callable[[], JudgeRequest | None]:
    queue = [JudgeRequest(n, Item(f"i{n}", ItemKind.MESSAGE, f"text number {n}")) for n in range(count)]
    return lambda: queue.pop(0) if queue else None


@pytest.fixture
def process(tiny_gpt_oss: Path) -> Iterator[ModelProcess]:
    process = ModelProcess(spec_for(tiny_gpt_oss, "harmony"))
    yield process
    process.close()


def run(process: ModelProcess, count: int, cancel: threading.Event | None = None) -> dict[int, RawOutput]:
    done: dict[int, RawOutput] = {}
    stop = cancel or threading.Event()
    for event in process.judge(source(count), policy=make_policy(), options=SHORT, cancel=stop):
        if isinstance(event, Judged):
            assert event.key not in done
            done[event.key] = event.raw
    return done


def test_every_item_comes_back_once(process: ModelProcess) -> None:
    assert process.info.prompt_format == "harmony"
    done = run(process, 11)
    assert sorted(done) == list(range(11))
    assert all(raw.finish == "stop" for raw in done.values())
    assert process.settings["slots"] == 4
    assert process.settings["temperature"] == 0.0


def test_the_prompt_can_be_seen(process: ModelProcess) -> None:
    view = process.prompt_view(Item("m", ItemKind.MESSAGE, "hello <|end|>"), policy=make_policy(), options=SHORT)
    assert "hello <|end|>" in view.text
    assert not any(token.control for token in view.tokens if token.span == "content")
    assert run(process, 1)[0].prompt_sha256 != view.sha256


def test_the_hash_seen_is_the_hash_judged(process: ModelProcess) -> None:
    item = Item("i0", ItemKind.MESSAGE, "text number 0")
    view = process.prompt_view(item, policy=make_policy(), options=SHORT)
    assert run(process, 1)[0].prompt_sha256 == view.sha256


def test_cancel_stops_soon_and_the_process_serves_again(process: ModelProcess) -> None:
    cancel = threading.Event()
    judged = 0
    for event in process.judge(source(500), policy=make_policy(), options=SHORT, cancel=cancel):
        if isinstance(event, Judged):
            judged += 1
            cancel.set()
    assert 1 <= judged < 100
    assert len(run(process, 3)) == 3


def test_leaving_the_loop_early_is_a_cancel(process: ModelProcess) -> None:
    for event in process.judge(source(500), policy=make_policy(), options=SHORT, cancel=threading.Event()):
        if isinstance(event, Judged):
            break
    assert len(run(process, 2)) == 2


def test_a_policy_that_does_not_fit_is_an_error_and_the_process_lives(process: ModelProcess) -> None:
    policy = make_policy(OutputForm.CATEGORY, body="word " * 5000)
    with pytest.raises(ModelError, match="window"):
        list(process.judge(source(1), policy=policy, options=SHORT, cancel=threading.Event()))
    assert len(run(process, 1)) == 1


def test_killed_at_random_every_item_still_ends_in_one_output(process: ModelProcess) -> None:
    rng = random.Random(5)  # noqa: S311 - a fixed sequence of moments
    done: dict[int, RawOutput] = {}
    restarts = 0
    kill_at = {rng.randrange(60) for _ in range(4)}
    for event in process.judge(source(60), policy=make_policy(), options=SHORT, cancel=threading.Event()):
        if isinstance(event, Restarted):
            restarts += 1
            assert "SIG" in event.reason
        if isinstance(event, Judged):
            assert event.key not in done
            done[event.key] = event.raw
            if len(done) in kill_at and process.pid:
                os.kill(process.pid, signal.SIGSEGV)
    assert sorted(done) == list(range(60))
    assert restarts >= 2
    assert sum(raw.finish == "error" for raw in done.values()) <= restarts


def test_a_process_that_keeps_dying_is_given_up_and_says_so(tiny_gpt_oss: Path) -> None:
    process = ModelProcess(spec_for(tiny_gpt_oss, "harmony"))
    stop = threading.Event()

    def kill() -> None:
        while not stop.is_set():
            pid = process.pid
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        with pytest.raises(ModelCrashError, match="SIGKILL"):
            list(process.judge(source(5), policy=make_policy(), options=SHORT, cancel=threading.Event()))
    finally:
        stop.set()
        killer.join()
        process.close()


def test_a_damaged_model_is_an_error_not_a_hang(tmp_path: Path, tiny_gpt_oss: Path) -> None:
    path = tmp_path / "cut.gguf"
    path.write_bytes(tiny_gpt_oss.read_bytes()[:50_000])
    with pytest.raises(ModelError):
        ModelProcess(spec_for(path, "harmony"))


def test_closing_twice_and_the_log_is_gone(tiny_chatml: Path) -> None:
    process = ModelProcess(spec_for(tiny_chatml, "chatml"))
    log = process._log_path
    assert log.exists()
    process.close()
    process.close()
    assert not log.exists()
    assert process.pid is None


class TestSuspects:
    """The rule of two, without a process."""

    def test_what_was_inside_at_a_death_goes_again_alone(self) -> None:
        book = _Run(source(6))
        assert [r.key for r in book.take(3)] == [0, 1, 2]
        book.done(1)
        assert list(book.died("x")) == []
        assert [r.key for r in book.take(3)] == [0]
        assert book.take(3) == []
        book.done(0)
        assert [r.key for r in book.take(3)] == [2]
        book.done(2)
        assert [r.key for r in book.take(3)] == [3, 4, 5]

    def test_the_second_death_gives_the_item_up(self) -> None:
        book = _Run(source(1))
        book.take(3)
        assert list(book.died("x")) == []
        book.take(3)
        failed = list(book.died("signal SIGSEGV"))
        assert [event.key for event in failed] == [0]
        assert failed[0].raw.finish == "error"
        assert "SIGSEGV" in failed[0].raw.error
        assert book.take(3) == []
        assert book.finished


@pytest.mark.slow
def test_killed_fifty_times_over_two_hundred_items(tiny_gpt_oss: Path) -> None:
    """Every item ends in exactly one output, whenever the process is killed."""
    process = ModelProcess(spec_for(tiny_gpt_oss, "harmony", slots=4))
    rng = random.Random(11)  # noqa: S311 - a fixed sequence of moments
    finished = threading.Event()
    kills = 0

    def kill() -> None:
        nonlocal kills
        while kills < 50 and not finished.wait(rng.uniform(0.2, 1.2)):
            pid = process.pid
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSEGV)
                    kills += 1

    killer = threading.Thread(target=kill)
    done: dict[int, RawOutput] = {}
    killer.start()
    try:
        # A run that is given up goes on where it stopped, as the person would run it again.
        for _ in range(40):
            left = [n for n in range(200) if n not in done]
            queue = [JudgeRequest(n, Item(f"i{n}", ItemKind.MESSAGE, f"text number {n}")) for n in left]
            events = process.judge(
                lambda queue=queue: queue.pop(0) if queue else None,  # type: ignore[misc]
                policy=make_policy(),
                options=SHORT,
                cancel=threading.Event(),
            )
            try:
                for event in events:
                    if isinstance(event, Judged):
                        assert event.key not in done
                        done[event.key] = event.raw
            except ModelCrashError:
                process.close()
                process = ModelProcess(spec_for(tiny_gpt_oss, "harmony", slots=4))
            if len(done) == 200 and kills >= 50:
                break
            if len(done) == 200:
                done.clear()  # all judged before the fiftieth kill: once more
    finally:
        finished.set()
        killer.join()
        process.close()
    assert kills >= 50
    assert sorted(done) == list(range(200))
    assert {raw.finish for raw in done.values()} <= {"stop", "error"}
