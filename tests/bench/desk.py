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
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.desk_stage import PASSPHRASE, Desk, Fake, K, Pulse, pause, quantile, until  # the platform before Qt

from PySide6.QtCore import QObject, Qt  # isort: skip
from PySide6.QtWidgets import QApplication  # isort: skip

from core import services
from core.domain import Item, ItemKind
from core.services.workspace import create_workspace
from core.store.keys import Argon2Cost
from tests.bench.hostile import measure_hostile
from tests.bench.report import emit
from ui.collecting import Collector

BENCH = "desk"
ROOT = Path(__file__).resolve().parents[2]
BATCH = 5_000
WORDS = [f"{a}{b}" for a in ("gar", "mi", "tol", "ban", "ske", "ru", "pla", "fen", "dor", "wi") for b in (
    "den", "ster", "ra", "ken", "lo", "ming", "tus", "vel", "ny", "sh")]  # fmt: skip
LANGUAGES = ("en", "de", "fr", "ar", "ja")
_CHANCE = random.Random(7)  # noqa: S311 - the same items in every run
# Half messages: a million of them pieced together take a fifth of the time of writing each word by word.
HALVES = [" ".join(_CHANCE.choices(WORDS, k=_CHANCE.randint(4, 20))) for _ in range(4_000)]


def item(number: int, chance: random.Random) -> Item:
    """A message of 8 to 40 words; one in a thousand says `needle`."""
    text = f"{chance.choice(HALVES)} {chance.choice(HALVES)}"
    if number % 1_000 == 7:
        text = f"{text} needle"
    return Item(
        id=f"i-{number:07}",
        kind=ItemKind.MESSAGE,
        content=text,
        metadata={"language": LANGUAGES[number % 5], "place": "bench"},
        policy="spam" if number % 10 else "harassment",
    )


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
        first: list[float] = []
        feed, begin = desk.view.feed, time.perf_counter()
        connections = [
            feed.ids_begun.connect(lambda keys: first.append(time.perf_counter() - begin)),
            feed.ids_read.connect(lambda keys: seen.append(len(keys))),
            feed.ids_read.connect(lambda keys: first.append(time.perf_counter() - begin)),
        ]
        took = desk.timed(act, lambda: bool(seen) and done(seen[-1]), case)
        for connection in connections:
            QObject.disconnect(connection)
        emit(BENCH, "filter", case, took * 1000, "ms", seen[-1])
        emit(BENCH, "filter", f"{case}: first rows", first[0] * 1000, "ms", seen[-1])

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
        measure_hostile(application, Path(scratch) / "hostile")
        collector.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
