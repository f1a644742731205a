"""The window as the benchmarks of the desk drive it: by keys, with the longest stall kept.

It owns the one open window, the classifier that answers at once and the pulse that notices when the event loop stands
still. It must not measure anything by itself.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.domain import Item, PolicyVersion, PromptView, RawOutput
from core.inference.protocol import ClassifierEvent, Delta, Judged, JudgeOptions, JudgeRequest
from tests.ui.fakes import SAFEGUARD, says
from ui.app import make_window
from ui.theme import Appearance, Theme
from ui.views.desk import DeskView
from ui.views.welcome import WorkspaceRequest
from ui.window import MainWindow

PASSPHRASE = "correct horse battery"
K = Qt.Key


class Fake:
    """Judges as fast as it is asked to: `pause_s` between two stretches of reasoning, eight of them an item."""

    info = SAFEGUARD
    settings: dict[str, object] = {"engine": "fake"}  # noqa: RUF012 - as the protocol has it

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.done = 0

    def judge(
        self,
        next_request: Callable[[], JudgeRequest | None],
        *,
        policy: PolicyVersion,
        options: JudgeOptions,
        cancel: threading.Event,
    ) -> Iterator[ClassifierEvent]:
        while not cancel.is_set() and (request := next_request()) is not None:
            for _ in range(8 if self.pause_s else 0):
                time.sleep(self.pause_s)
                yield Delta(request.key, "The text says something, and so on. ")
            code = policy.labels[request.key % len(policy.labels)].code
            yield Judged(request.key, self.answer(request, code))
            self.done += 1

    def answer(self, request: JudgeRequest, code: str) -> RawOutput:
        """Return what the model prints."""
        del request
        return says(code, reasoning="Because of what it says. " * 20)

    def prompt_view(self, item: Item, *, policy: PolicyVersion, options: JudgeOptions) -> PromptView:
        return PromptView("", (), "")

    def close(self) -> None: ...


class Pulse(QObject):
    """Turns with the event loop and keeps the longest time between two turns, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.worst_s = 0.0
        self.turns = 0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        self.worst_s, self.turns, self._last = 0.0, 0, time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        self._timer.stop()
        return self.worst_s

    def _turn(self) -> None:
        now = time.perf_counter()
        self.worst_s = max(self.worst_s, now - self._last)
        self._last, self.turns = now, self.turns + 1


def until(condition: Callable[[], bool], what: str, *, patience_s: float = 120) -> None:
    """Let the window work until something is so."""
    timer = QElapsedTimer()
    timer.start()
    while not condition():
        if timer.elapsed() > patience_s * 1000:
            raise SystemExit(f"Waited {patience_s} s in vain for: {what}")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def pause(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


class Desk:
    """One open window on one workspace, driven by keys."""

    def __init__(self, application: QApplication, folder: Path, classifier: Fake) -> None:
        begin = time.perf_counter()
        self.window: MainWindow = make_window(
            application, classifier_factory=lambda workspace: classifier, theme=Theme(application, Appearance.LIGHT)
        )
        self.window.resize(1280, 800)
        self.window.begin(None)
        self.window.show()
        self.window.open_workspace(WorkspaceRequest(folder, PASSPHRASE, create=False))
        until(lambda: self.window.desk is not None and self.window.desk.reviewing.current is not None, "the first item")
        self.window.grab()
        self.opened_s = time.perf_counter() - begin

    @property
    def view(self) -> DeskView:
        assert self.window.desk is not None
        return self.window.desk

    @property
    def item_id(self) -> str:
        return self.view.content.item_id.full_text

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def decide(self) -> None:
        """Agree where there is something to agree with, else take the first label."""
        self.press(K.Key_A if self.view.decisions.agree.isEnabled() else K.Key_1)

    def timed(self, act: Callable[[], object], done: Callable[[], bool], what: str) -> float:
        """Seconds from an act until it is done and painted."""
        begin = time.perf_counter()
        act()
        until(done, what)
        self.window.grab()
        return time.perf_counter() - begin

    def close(self) -> None:
        self.window.close()
