"""Take the pictures of the README: the real window, the sample queue, the real sample model, light and dark.

Run `uv run python docs/take_screenshots.py`; it needs no screen. It writes `docs/images/*.png` at 1280x800 and leaves
nothing else behind. The model judges a few items first, so it takes a minute or two.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer  # noqa: E402 - the platform is chosen above
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from ui.app import make_window  # noqa: E402
from ui.theme import Appearance, Theme  # noqa: E402
from ui.views.desk import DeskView  # noqa: E402
from ui.window import MainWindow  # noqa: E402

PATIENCE_S = 300
K = Qt.Key


def wait(milliseconds: int) -> None:
    """Let the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Let the window work until something is so; give up after five minutes."""
    timer = QElapsedTimer()
    timer.start()
    while not condition():
        if timer.elapsed() > PATIENCE_S * 1000:
            raise SystemExit(f"Waited {PATIENCE_S} s in vain for: {what}")
        wait(50)


def desk_of(window: MainWindow) -> DeskView:
    """Return the desk, which is open by now."""
    desk = window.desk
    if desk is None:
        raise SystemExit("No workspace is open.")
    return desk


def press(window: MainWindow, *keys: Qt.Key) -> None:
    """Press keys one after the other."""
    for key in keys:
        QTest.keyClick(QApplication.focusWidget() or window, key)
        wait(150)


def show_item(window: MainWindow, item_id: str) -> None:
    """Bring an item of the sample into view."""
    desk = desk_of(window)
    rows = (desk.model.row_at(number) for number in range(desk.model.rowCount()))
    key = next(row.key for row in rows if row is not None and row.item_id == item_id)
    desk.open(key)
    wait_until(lambda: desk.content.item_id.full_text == item_id, item_id)
    wait(150)


class Album:
    """Writes pictures of a window into a folder, each in both appearances."""

    def __init__(self, window: MainWindow, theme: Theme, folder: Path) -> None:
        self._window = window
        self._theme = theme
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str) -> None:
        """Take one picture light and one dark."""
        for look in (Appearance.LIGHT, Appearance.DARK):
            self._theme.set_appearance(look)
            wait(200)
            path = self._folder / f"{name}-{look.value}.png"
            if not self._window.grab().save(str(path), "PNG", 0):
                raise SystemExit(f"{path} cannot be written.")
            print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
        self._theme.set_appearance(Appearance.LIGHT)
        wait(100)


def judge_spam(window: MainWindow, items: int) -> None:
    """Let the model judge so many items under the spam policy, whose content is the gentlest to look at."""
    desk = desk_of(window)
    wait_until(lambda: desk.judging.running and len(desk.policies) > 0, "the sample to start judging itself")
    desk.judging.stop()
    wait_until(lambda: not desk.judging.running, "the model to stop")
    box = desk.queue.policies
    box.setCurrentIndex(box.findData("spam"))
    desk.queue.filter_changed.emit(desk.queue.current_filter())
    wait(500)
    judged: list[object] = []
    desk.judging.verdict_stored.connect(judged.append)
    desk.toggle_judging()
    wait_until(lambda: len(judged) >= items, f"{items} verdicts")


def take_all(window: MainWindow, album: Album, *, items: int) -> None:
    """Go through the scenes."""
    window.begin(None)
    window.show()
    wait(300)
    album.take("welcome")
    window.open_sample()
    wait_until(lambda: window.desk is not None, "the sample workspace")
    desk = desk_of(window)
    judge_spam(window, items)
    desk.reload()
    wait(400)
    press(window, K.Key_Home, K.Key_J)
    album.take("desk")
    desk.judging.stop()
    wait_until(lambda: not desk.judging.running, "the model to stop")
    window.strip.show_idle("")
    codes = [label.code for label in desk.reviewing.policy.labels] if desk.reviewing.policy else []
    verdict = desk.reviewing.current.review.verdict if desk.reviewing.current else None
    other = next(number for number, code in enumerate(codes) if verdict is None or code != verdict.label)
    press(window, Qt.Key(K.Key_1 + other), K.Key_2)
    album.take("override")
    press(window, K.Key_Escape)
    show_item(window, "sample-003")
    album.take("hidden-characters")


def main() -> int:
    """Take the pictures and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--items", type=int, default=14, help="how many items the model judges first")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="docket-pictures-") as home:
        os.environ["DOCKET_HOME"] = home
        application = QApplication(["docket"])
        theme = Theme(application, Appearance.LIGHT)
        window = make_window(application, theme=theme)
        window.resize(1280, 800)
        try:
            take_all(window, Album(window, theme, chosen.out), items=chosen.items)
        finally:
            window.close()
    return 0


if __name__ == "__main__":  # the model process imports this file again
    raise SystemExit(main())
