"""How the desk feels at a million items: start, next item, scroll, filter, search, and the longest it stands still.

Run `uv run python -m tests.bench.desk [--quick] [--items N] [--keep DIR]`. It needs no screen. A stall is the longest
time between two turns of the event loop while keys are pressed as a person would; it bounds every frame in between.
The classifier is a fake at its protocol, so that what is measured is the window and the store, not a model.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import Item, ItemKind, PolicyVersion, PromptView, Turn
from core.inference.protocol import ClassifierEvent, Delta, Judged, JudgeOptions, JudgeRequest
from core.services.workspace import create_workspace
from core.store.keys import Argon2Cost
from tests.bench.report import emit
from tests.ui.fakes import SAFEGUARD, says
from ui.app import make_window
from ui.collecting import Collector
from ui.theme import Appearance, Theme
from ui.views.desk import DeskView
from ui.views.welcome import WorkspaceRequest
from ui.window import MainWindow

BENCH = "desk"
PASSPHRASE = "correct horse battery"
ROOT = Path(__file__).resolve().parents[2]
BATCH = 5_000
WORDS = [f"{a}{b}" for a in ("gar", "mi", "tol", "ban", "ske", "ru", "pla", "fen", "dor", "wi") for b in (
    "den", "ster", "ra", "ken", "lo", "ming", "tus", "vel", "ny", "sh")]  # fmt: skip
LANGUAGES = ("en", "de", "fr", "ar", "ja")
K = Qt.Key


def item(number: int, chance: random.Random) -> Item:
    """A message of 8 to 40 words; one in a thousand says `needle`."""
    words = chance.choices(WORDS, k=chance.randint(8, 40))
    if number % 1_000 == 7:
        words.append("needle")
    return Item(
        id=f"i-{number:07}",
        kind=ItemKind.MESSAGE,
        content=" ".join(words),
        metadata={"language": LANGUAGES[number % 5], "place": "bench"},
        policy="spam" if number % 10 else "harassment",
    )


def hostile_items() -> list[Item]:
    """Texts that bring other tools to a halt."""
    texts = {
        "one word": "w" * 1_000_000,
        "words": "word " * 200_000,
        "zalgo": ("Z" + "\u0335\u0321\u0322\u0489" * 10) * 5_000,
        "bidi": "\u202e\u2066abc\u2069\u202c" * 20_000,
        "two directions": "\u05d0\u05d1\u05d2 abc \u0645\u0631\u062d " * 15_000,
        "lines": "line\n" * 100_000,
        "empty lines": "\n" * 300_000,
        "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f600" * 20_000,
        "lone marks": "\u0301\u0300" * 50_000,
        "tags": "\U000e0041\U000e0042" * 20_000,
        "nul": "\x00\x01\x02" * 30_000,
        "mixed alphabets": "p\u0430yp\u0430l " * 30_000,
        "cjk": "\u65e5\u672c\u8a9e" * 100_000,
        "markup": "<b><img src='x'>&amp;" * 20_000,
    }
    made = [Item(f"h-{name}", ItemKind.MESSAGE, text, policy="spam") for name, text in texts.items()]
    turns = tuple(Turn("user", "a turn " * 100) for _ in range(200))
    made.append(Item("h-talk", ItemKind.CONVERSATION, turns[150].content, messages=turns, target=150, policy="spam"))
    return made


def build(folder: Path, count: int, judged: int) -> None:
    """Make a workspace of so many items, some of them judged."""
    chance = random.Random(6)  # noqa: S311 - the same items in every run
    with create_workspace(folder, passphrase=PASSPHRASE, reviewer="mira", cost=Argon2Cost(8, 1, 1)) as workspace:
        for name in ("spam", "harassment"):
            services.add_policy(workspace, path=ROOT / "policies" / f"{name}.md")
        for policy_id in ("spam", "harassment"):
            services.set_review_rules(workspace, policy_id=policy_id, blind_percent=0)
        for start in range(0, count, BATCH):
            page = [item(number, chance) for number in range(start, min(count, start + BATCH))]
            workspace.store.add_items(page, source=f"bench-{start // 100_000}.jsonl", actor="mira")
        if judged:
            services.classify(workspace, classifier=Fake(), limit=judged)


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
            yield Judged(request.key, says(code, reasoning="Because of what it says. " * 20))
            self.done += 1

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


def measure_start(folder: Path, count: int) -> None:
    """From the start of a program to the first item on the screen."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "tests.bench.desk", "--only-start", str(folder)]
    child = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told = json.loads(child.stdout.splitlines()[-1])
    emit(BENCH, "start", "first_usable_frame", told["at"] - begin, "s", count)  # one clock for both processes
    emit(BENCH, "start", "open_to_first_item", told["opened_s"], "s", count)


def measure_decisions(desk: Desk, times: int) -> None:
    """The time from the key that decides to the next item on the screen."""
    took = []
    for _ in range(times):
        before = desk.item_id
        took.append(desk.timed(desk.decide, lambda was=before: desk.item_id != was, "the next item"))
        pause(0.03)  # a person reads; what comes next is loaded meanwhile
    emit(BENCH, "next item after a decision", "p50", quantile(took, 0.5) * 1000, "ms", times)
    emit(BENCH, "next item after a decision", "p99", quantile(took, 0.99) * 1000, "ms", times)


def measure_lists(desk: Desk, count: int) -> None:
    """Scrolling, filtering, searching."""
    model, queue = desk.view.model, desk.view.queue
    desk.press(K.Key_F2)
    last = model.rowCount()
    place = f"{last:,} of {last:,}"
    took = desk.timed(lambda: desk.press(K.Key_End), lambda: desk.view.content.place.text() == place, "the end")
    emit(BENCH, "scroll", "to_the_end", took * 1000, "ms", count)
    took = desk.timed(
        lambda: desk.press(K.Key_Home), lambda: desk.view.content.place.text().startswith("1 of"), "the start"
    )
    emit(BENCH, "scroll", "back_to_the_start", took * 1000, "ms", count)

    def counted(case: str, act: Callable[[], object], done: Callable[[int], bool]) -> None:
        seen: list[int] = []
        connection = desk.view.feed.ids_read.connect(lambda keys: seen.append(len(keys)))
        took = desk.timed(act, lambda: bool(seen) and done(seen[-1]), case)
        QObject.disconnect(connection)
        emit(BENCH, "filter", case, took * 1000, "ms", seen[-1])

    alt = Qt.KeyboardModifier.ControlModifier
    counted("all", lambda: desk.press(K.Key_5, alt), lambda n: n == count)
    box = queue.policies
    counted("one policy of ten in a hundred", lambda: _choose(box, "harassment"), lambda n: 0 < n < count)
    counted("one policy of ninety in a hundred", lambda: _choose(box, "spam"), lambda n: n > count / 2)
    counted("all policies", lambda: _choose(box, None), lambda n: n == count)
    for field, value in FILTERS.items():
        counted(field, lambda f=field, v=value: queue.narrow(**{f: v}), lambda n: n <= count)
        counted(f"{field} off", lambda f=field: queue.narrow(**{f: None}), lambda n: n == count)
    for text in ("needle", "garden needle", "zz"):
        counted(f"search {text!r}", lambda t=text: queue.search.setText(t), lambda n: n < count)
        counted("search off", lambda: queue.search.setText(""), lambda n: n == count)
    counted("to review", lambda: desk.press(K.Key_1, alt), lambda n: n <= count)


FILTERS = {"language": "de", "source": "bench-0.jsonl", "label": "HR2"}


def _choose(box: object, policy_id: str | None) -> None:
    box.setCurrentIndex(box.findData(policy_id))  # type: ignore[attr-defined]
    box.activated.emit(box.currentIndex())  # type: ignore[attr-defined]


def measure_stall_while_judging(desk: Desk, classifier: Fake, seconds: float) -> None:
    """Step through the queue, decide and scroll while verdicts and reasoning stream in."""
    pulse = Pulse()
    desk.press(K.Key_F2)
    desk.view.toggle_judging()
    before = classifier.done
    until(lambda: classifier.done > before, "the first verdict")
    pulse.start()
    end = time.monotonic() + seconds
    keys = (K.Key_J, K.Key_J, None, K.Key_J, K.Key_K, K.Key_PageDown, K.Key_End, K.Key_Home)
    number = 0
    while time.monotonic() < end:
        key = keys[number % len(keys)]
        desk.decide() if key is None else desk.press(key)
        pause(0.05)
        number += 1
    worst = pulse.stop()
    judged = classifier.done - before
    desk.view.judging.stop()
    until(lambda: not desk.view.judging.running, "the end of the run")
    emit(BENCH, "stall while judging", "longest", worst * 1000, "ms", number)
    emit(BENCH, "stall while judging", "verdicts", judged / seconds, "1/s", judged)


def measure_hostile(application: QApplication, folder: Path, rounds: int) -> None:
    """Page through texts that bring other tools to a halt."""
    with create_workspace(folder, passphrase=PASSPHRASE, reviewer="mira", cost=Argon2Cost(8, 1, 1)) as workspace:
        services.add_policy(workspace, path=ROOT / "policies" / "spam.md")
        services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
        items = hostile_items()
        for one in items:
            workspace.store.add_items([one], source="hostile", actor="mira")
        services.classify(workspace, classifier=Fake(), limit=len(items) // 2)
    desk = Desk(application, folder, Fake())
    pulse = Pulse()
    worst: dict[str, float] = {}
    desk.press(K.Key_F2)
    desk.press(K.Key_Home)
    pause(1.0)
    for _ in range(rounds):
        for step in (K.Key_J, K.Key_U, K.Key_U, K.Key_PageDown):
            for _ in items if step is K.Key_J else (None,):
                pulse.start()
                desk.press(step)
                pause(0.25)
                desk.view.content.surface.verticalScrollBar().triggerAction(
                    desk.view.content.surface.verticalScrollBar().SliderAction.SliderToMaximum
                )
                pause(0.1)
                worst[desk.item_id] = max(worst.get(desk.item_id, 0.0), pulse.stop())
        desk.press(K.Key_Home)
        pause(0.2)
    for name, seconds in sorted(worst.items(), key=lambda pair: -pair[1])[:3]:
        emit(BENCH, "hostile corpus", f"longest_stall {name}", seconds * 1000, "ms", rounds)
    emit(BENCH, "hostile corpus", "longest_stall", max(worst.values()) * 1000, "ms", len(items) * rounds)
    desk.close()


def only_start(folder: Path) -> None:
    """What the child process of `measure_start` does."""
    desk = Desk(QApplication(["docket"]), folder, Fake())
    told = {"at": time.perf_counter(), "opened_s": desk.opened_s}
    print(json.dumps(told), flush=True)
    desk.close()


def main() -> int:
    """Run and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="20,000 items and short runs")
    parser.add_argument("--items", type=int, help="how many items")
    parser.add_argument("--keep", type=Path, help="make the workspace here, or use the one that is here")
    parser.add_argument("--only-stalls", action="store_true", help="leave out start, scroll, filter and search")
    parser.add_argument("--only-build", action="store_true", help="make the workspace of --keep and stop")
    parser.add_argument("--only-start", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="docket-bench-") as scratch:
        os.environ["DOCKET_HOME"] = scratch
        if chosen.only_start is not None:
            only_start(chosen.only_start)
            return 0
        count = chosen.items or (20_000 if chosen.quick else 1_000_000)
        folder = chosen.keep or Path(scratch) / "desk"
        if not services.is_workspace(folder):
            begin = time.perf_counter()
            build(folder, count, judged=min(count // 10, 2_000))
            emit(BENCH, "build", "items", count / (time.perf_counter() - begin), "1/s", count)
        if chosen.only_build:
            return 0
        if not chosen.only_stalls:
            measure_start(folder, count)
        application = QApplication(["docket"])
        collector = Collector(application)  # as the program runs it
        classifier = Fake(pause_s=0.004)
        desk = Desk(application, folder, classifier)
        pause(1.0)
        if not chosen.only_stalls:
            measure_lists(desk, count)
        measure_decisions(desk, 60 if chosen.quick else 300)
        measure_stall_while_judging(desk, classifier, 5 if chosen.quick else 20)
        desk.close()
        measure_hostile(application, Path(scratch) / "hostile", 1 if chosen.quick else 2)
        collector.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
