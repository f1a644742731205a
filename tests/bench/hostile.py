"""The longest time the desk stands still on texts that bring other tools to a halt, for all a person can do with one.

Run `uv run python -m tests.bench.hostile [--quick] [--only NAME…]`; `tests.bench.desk` runs it, too. Every text is
opened, paged through, spelled out, zoomed, covered and gone through quote by quote, and the window is resized over it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.desk_stage import PASSPHRASE, Desk, Fake, K, Pulse, pause, until  # the platform before Qt

from PySide6.QtCore import Qt  # isort: skip
from PySide6.QtWidgets import QApplication, QScrollBar  # isort: skip

from core import services
from core.domain import Item, ItemKind, RawOutput, Turn
from core.inference.protocol import JudgeRequest
from core.services.workspace import create_workspace
from core.store.keys import Argon2Cost
from tests.bench.report import emit
from ui.collecting import Collector

BENCH = "desk"
CASE = "hostile corpus"
ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    "one word": "w" * 1_000_000,
    "words": "word " * 200_000,
    "zalgo": ("Z" + "\u0335\u0321\u0322\u0489" * 10) * 5_000,
    "bidi": "\u202e\u2066abc\u2069\u202c" * 20_000,
    "two directions": "\u05d0\u05d1\u05d2 abc \u0645\u0631\u062d " * 15_000,
    "lines": "line\n" * 100_000,
    "lines in two directions": "line\n\u05d0\u05d1\u05d2\n" * 50_000,
    "lines ended twice": "line\r\n" * 100_000,
    "marked lines": "a\u200bb\n" * 100_000,
    "empty lines": "\n" * 300_000,
    "a million empty lines": "\n" * 1_000_000,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f600" * 20_000,
    "lone marks": "\u0301\u0300" * 50_000,
    "tags": "\U000e0041\U000e0042" * 20_000,
    "nul": "\x00\x01\x02" * 30_000,
    "mixed alphabets": "p\u0430yp\u0430l " * 30_000,
    "cjk": "\u65e5\u672c\u8a9e" * 100_000,
    "markup": "<b><img src='x'>&amp;" * 20_000,
}


def hostile_items() -> list[Item]:
    """Return a message for each text, and a conversation of 200 turns of which one is judged."""
    made = [Item(f"h-{name}", ItemKind.MESSAGE, text, policy="spam") for name, text in TEXTS.items()]
    turns = tuple(Turn("user", "a turn " * 100) for _ in range(200))
    made.append(Item("h-talk", ItemKind.CONVERSATION, turns[150].content, messages=turns, target=150, policy="spam"))
    return made


class QuotingFake(Fake):
    """Cites the beginning, the middle and the end of what it reads, and something that is not there."""

    def answer(self, request: JudgeRequest, code: str) -> RawOutput:
        """Return a verdict with four quotes, reasoned at length."""
        text = request.item.content
        places = (0, len(text) // 2, max(0, len(text) - 20))
        quotes = [*(text[place : place + 12] for place in places), "not in the text"]
        output = json.dumps({"label": code, "rationale": "It says so.", "quotes": quotes})
        return RawOutput(output=output, reasoning="Because of what it says. " * 400, prompt_tokens=100)


def make_workspace(folder: Path, items: Sequence[Item]) -> None:
    """Create a workspace with these items, all judged."""
    with create_workspace(folder, passphrase=PASSPHRASE, reviewer="mira", cost=Argon2Cost(8, 1, 1)) as workspace:
        services.add_policy(workspace, path=ROOT / "policies" / "spam.md")
        services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
        for item in items:
            workspace.store.add_items([item], source="hostile", actor="mira")
        services.classify(workspace, classifier=QuotingFake())


class Probe:
    """Does what a person does with one item and keeps the longest stall of each act, in seconds."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.worst: dict[tuple[str, str], float] = {}
        self._pulse = Pulse()

    def act(self, name: str, do: Callable[[], object], done: Callable[[], bool] = lambda: True) -> None:
        """Do it and let the window work for a moment after it is done."""
        self._pulse.start()
        do()
        until(done, f"{name}, {self.desk.item_id}", patience_s=30)
        pause(0.12)
        key = (self.desk.item_id, name)
        self.worst[key] = max(self.worst.get(key, 0.0), self._pulse.stop())

    def open(self, item_id: str) -> None:
        """Open an item, page through it and look at it every way there is."""
        desk = self.desk
        content = desk.view.content
        surface, bar = content.surface, content.surface.verticalScrollBar()

        def filled() -> bool:
            return surface.complete

        key = services.find_entry(desk.view._workspace, item_id=item_id, policy_id="spam")
        self.act("open", lambda: desk.view.open(key), lambda: desk.item_id == item_id and filled())
        desk.press(K.Key_F3)
        self.act("page down", lambda: [desk.press(K.Key_PageDown) for _ in range(3)])
        self.act("to the end", lambda: bar.triggerAction(QScrollBar.SliderAction.SliderToMaximum))
        self.act("drag", lambda: [bar.setValue(bar.maximum() * step // 7) for step in (1, 6, 3, 5, 2)])
        self.act("next quote", lambda: [desk.press(K.Key_X) for _ in range(4)])
        self.act("larger", lambda: desk.press(K.Key_Plus, Qt.KeyboardModifier.ControlModifier), filled)
        self.act("usual size", lambda: desk.press(K.Key_0, Qt.KeyboardModifier.ControlModifier), filled)
        for width in (1200, 1130, 1280):
            self.act("resize", lambda width=width: desk.window.resize(width, 800))
        self.act("hide", lambda: desk.press(K.Key_H))
        self.act("hide", lambda: desk.press(K.Key_H))
        for _ in range(2):
            was = content.view is not None and content.view.revealed
            self.act(
                "spell out",
                lambda: desk.press(K.Key_U),
                lambda was=was: content.view is not None and content.view.revealed != was and filled(),
            )
        desk.press(K.Key_F2)

    def shown(self) -> None:
        """Step through the list as fast as keys repeat."""
        self.desk.press(K.Key_Home)
        for _ in range(len(TEXTS)):
            self.act("key held down", lambda: self.desk.press(K.Key_J))


def measure_hostile(application: QApplication, folder: Path, *, only: Sequence[str] = ()) -> None:
    """Open every text on a new workspace in `folder` and print the longest stalls, the worst item and act first."""
    items = [item for item in hostile_items() if not only or item.id.removeprefix("h-") in only]
    make_workspace(folder, items)
    desk = Desk(application, folder, Fake())
    pause(1.0)
    probe = Probe(desk)
    for item in items:
        probe.open(item.id)
    probe.shown()
    ranked = sorted(probe.worst.items(), key=lambda pair: -pair[1])
    for (item_id, act), seconds in ranked[: 12 if only else 5]:
        emit(BENCH, CASE, f"longest_stall {item_id.removeprefix('h-')}, {act}", seconds * 1000, "ms", 1)
    emit(BENCH, CASE, "longest_stall", ranked[0][1] * 1000, "ms", len(ranked))
    desk.close()


def main() -> int:
    """Run and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the same: it takes two minutes")
    parser.add_argument("--only", nargs="*", default=(), help=f"some of: {', '.join(TEXTS)}, talk")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="docket-bench-") as scratch:
        os.environ["DOCKET_HOME"] = scratch
        application = QApplication(sys.argv[:1])
        collector = Collector(application)
        measure_hostile(application, Path(scratch) / "hostile", only=chosen.only)
        collector.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
