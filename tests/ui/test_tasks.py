"""Tasks come back to the GUI thread in order, with their errors typed, and a pool can be shut down at any moment."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from core.errors import AppError, CancelledError, StorageError
from ui.tasks import BugError, TaskContext, TaskPool


@pytest.fixture
def pool(qapp: Any) -> Any:
    pool = TaskPool()
    yield pool
    assert pool.shutdown(timeout_s=5)


def test_a_result_arrives_on_the_gui_thread(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[tuple[object, bool]] = []
    gui = QThread.currentThread()

    def work(context: TaskContext) -> bool:
        return QThread.currentThread() is gui

    pool.quick(work, succeeded=lambda was_gui: got.append((was_gui, QThread.currentThread() is gui)))
    qtbot.waitUntil(lambda: bool(got))
    assert got == [(False, True)]
    assert not pool.busy


def test_quick_work_keeps_its_order(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[int] = []
    for number in range(200):
        pool.quick(lambda context, n=number: n, succeeded=got.append)
    qtbot.waitUntil(lambda: len(got) == 200)
    assert got == list(range(200))


def test_none_survives_ten_thousand_times(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[None] = []
    for _ in range(10_000):
        pool.long(lambda context: None, succeeded=got.append)
    qtbot.waitUntil(lambda: len(got) == 10_000, timeout=30_000)
    assert set(got) == {None}


def test_a_known_error_arrives_as_itself(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[AppError] = []

    def work(context: TaskContext) -> None:
        raise StorageError("The disk is full.", "Free some space.")

    pool.quick(work, failed=got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], StorageError)
    assert got[0].hint == "Free some space."


def test_a_bug_names_its_place_and_no_values(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[AppError] = []

    def work(context: TaskContext) -> None:
        raise ValueError("the secret content of an item")

    pool.quick(work, failed=got.append)
    qtbot.waitUntil(lambda: bool(got))
    error = got[0]
    assert isinstance(error, BugError)
    assert "ValueError" in error.trace
    assert "test_tasks.py" in error.trace
    assert "secret" not in f"{error} {error.trace}"


def test_progress_comes_before_the_end_and_in_order(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[object] = []

    def work(context: TaskContext) -> str:
        for number in range(50):
            context.report(number)
        return "end"

    pool.long(work, succeeded=got.append, progressed=got.append)
    qtbot.waitUntil(lambda: "end" in got)
    assert got == [*range(50), "end"]


def test_cancel_reaches_the_function(pool: TaskPool, qtbot: QtBot) -> None:
    got: list[AppError] = []
    begun = threading.Event()

    def work(context: TaskContext) -> None:
        begun.set()
        context.cancel.wait(10)
        raise CancelledError("Stopped.")

    task = pool.long(work, failed=got.append)
    assert begun.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], CancelledError)


def test_shutdown_cancels_and_silences(qapp: Any, qtbot: QtBot) -> None:
    pool = TaskPool()
    got: list[object] = []
    begun = threading.Event()

    def work(context: TaskContext) -> str:
        begun.set()
        context.cancel.wait(10)
        return "late"

    pool.long(work, succeeded=got.append, failed=got.append)
    assert begun.wait(5)
    assert pool.shutdown(timeout_s=5)
    qtbot.wait(50)
    assert got == []


def test_shutdown_says_when_a_worker_does_not_stop(qapp: Any) -> None:
    pool = TaskPool()
    begun, release = threading.Event(), threading.Event()

    def work(context: TaskContext) -> None:
        begun.set()
        release.wait(10)

    pool.long(work)
    assert begun.wait(5)
    assert not pool.shutdown(timeout_s=0.05)
    release.set()
    assert pool.shutdown(timeout_s=5)


def test_nothing_starts_after_shutdown(qapp: Any, qtbot: QtBot) -> None:
    pool = TaskPool()
    assert pool.shutdown(timeout_s=5)
    ran: list[bool] = []
    pool.quick(lambda context: ran.append(True))
    pool.long(lambda context: ran.append(True))
    qtbot.wait(50)
    assert ran == []
    assert not pool.busy
