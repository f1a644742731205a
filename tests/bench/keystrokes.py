"""Key presses and seconds to decide 20 mixed items on the real window, beside the presses other tools publish.

The window runs offscreen with a model that answers at once, so that the seconds are the desk's own: from the first
press until the last decision is on the disk and the next item in view. A chord counts as one press. What a peer needs
for the same outcomes is counted from its published keys, not run.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core import services
from tests.bench.report import emit
from tests.ui.fakes import FakeClassifier, says
from ui.app import make_window
from ui.theme import Appearance, Theme
from ui.views.welcome import WorkspaceRequest
from ui.window import MainWindow

K = Qt.Key
PASSPHRASE = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is to be said of some items: how many, the presses here, and those of the peers (None: no such thing)."""

    name: str
    count: int
    here: tuple[Qt.Key, ...]
    label_studio: int | None
    prodigy: int | None


# Label Studio (its keymap.json): a digit chooses, Ctrl+Enter submits, Ctrl+Space skips; a cause is a second choice.
# Prodigy (its page Web Application): a digit chooses, A accepts, Space ignores. Neither has a second person's queue on
# a key, nor a clause of a policy. Both read on 25 November 2026: docs/keystrokes.md.
KINDS = (
    Kind("agree", 12, (K.Key_A,), 2, 2),
    Kind("override with a cause", 3, (K.Key_1, K.Key_2, K.Key_Return), 3, None),
    Kind("blind, as the model", 2, (K.Key_2,), 2, 2),
    Kind("blind, otherwise, with a cause", 1, (K.Key_1, K.Key_2, K.Key_Return), 3, None),
    Kind("skip", 1, (K.Key_S,), 1, 1),
    Kind("escalate", 1, (K.Key_E,), None, None),
)


def make_queue(folder: Path) -> list[tuple[str, Kind]]:
    """Create a workspace with twenty items, interleaved; return each item with what is to be said of it."""
    order: list[Kind] = []
    left = {kind: kind.count for kind in KINDS}
    while any(left.values()):
        for kind in KINDS:
            if left[kind]:
                left[kind] -= 1
                order.append(kind)
    names = [f"k-{number:02}" for number in range(len(order))]
    records = [
        {"id": name, "content": f"Item {name}", "policy": "harassment" if kind.name.startswith("blind") else "spam"}
        for name, kind in zip(names, order, strict=True)
    ]
    queue = folder.parent / "queue.jsonl"
    queue.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    with services.create_workspace(folder, passphrase=PASSPHRASE, reviewer="bench") as workspace:
        for path in services.shipped_policies():
            if path.stem in ("spam", "harassment"):
                services.add_policy(workspace, path=path)
                share = 100 if path.stem == "harassment" else 0
                services.set_review_rules(workspace, policy_id=path.stem, blind_percent=share)
        services.import_file(workspace, path=queue)
    return list(zip(names, order, strict=True))


def wait(condition: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    deadline = time.monotonic() + 20
    while not condition():
        QApplication.processEvents()
        if time.monotonic() > deadline:
            raise SystemExit("the desk did not answer within 20 s")
        time.sleep(0.0005)


def decide_all(window: MainWindow, plan: dict[str, Kind]) -> tuple[int, float]:
    """Decide everything by keys; return presses and seconds."""
    desk = window.desk
    if desk is None:
        raise SystemExit("no desk")
    presses = 0
    start = time.perf_counter()
    for _ in range(len(plan)):
        item_id = desk.content.item_id.full_text
        keys = list(plan[item_id].here)
        while keys:
            QTest.keyClick(QApplication.focusWidget() or window, keys.pop(0))
            presses += 1
            wait(lambda was=item_id: desk.content.item_id.full_text != was or desk.override_strip.isVisible())
        wait(lambda was=item_id: desk.content.item_id.full_text != was and not desk.reviewing.busy)
    return presses, time.perf_counter() - start


def run(rounds: int) -> None:
    """Measure so many rounds, each on a new workspace, and print the lines."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(application, QApplication):
        raise SystemExit("no window system")
    theme = Theme(application, Appearance.LIGHT)
    measured = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            os.environ["DOCKET_HOME"] = scratch
            measured.append(measure(application, theme, Path(scratch) / "workspace"))
    report(measured[0][0], [seconds for _, seconds in measured])


def measure(application: QApplication, theme: Theme, folder: Path) -> tuple[int, float]:
    """Open a new workspace, let the model judge it, decide all of it; return presses and seconds."""
    plan = dict(make_queue(folder))
    classifier = FakeClassifier(lambda item, policy: says(policy.labels[1].code))
    window = make_window(application, classifier_factory=lambda workspace: classifier, theme=theme)
    window.resize(1280, 800)
    window.begin(None)
    window.show()
    window.open_workspace(WorkspaceRequest(folder, PASSPHRASE, create=False))
    wait(lambda: window.desk is not None and window.desk.reviewing.current is not None)
    desk = window.desk
    if desk is None:
        raise SystemExit("no desk")
    wait(lambda: len(desk.policies) == 2)
    desk.toggle_judging()
    wait(lambda: not desk.judging.running and len(classifier.judged) == len(plan))
    desk.reload()
    QTest.qWait(300)
    measured = decide_all(window, plan)
    window.close()
    window.deleteLater()
    return measured


def report(presses: int, seconds: list[float]) -> None:
    """Print presses, seconds and, for what a peer can do at all, its presses beside ours."""
    items = sum(kind.count for kind in KINDS)
    emit("keystrokes", "docket", "presses", presses, "presses", items)
    emit("keystrokes", "docket", "seconds", sorted(seconds)[len(seconds) // 2], "s", items)
    for name in ("label_studio", "prodigy"):
        kinds = [kind for kind in KINDS if getattr(kind, name) is not None]
        theirs = sum(kind.count * getattr(kind, name) for kind in kinds)
        ours = sum(kind.count * len(kind.here) for kind in kinds)
        count = sum(kind.count for kind in kinds)
        emit("keystrokes", f"{name}, published keys", "presses", theirs, "presses", count)
        emit("keystrokes", "same items", "ratio", theirs / ours, "times the presses", count, against=name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round instead of five")
    run(1 if parser.parse_args().quick else 5)
