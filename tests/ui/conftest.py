"""Fixtures of the window tests: the offscreen platform before Qt is imported, one theme, and the real window.

The window stands on the real services and a temporary workspace; only the classifier is a fake, at its protocol.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test may reach the keychain of the person who runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import services
from core.store.wrapping import Argon2Cost
from tests.ui.fakes import FakeClassifier
from ui.app import make_window
from ui.prepared import Prepared
from ui.theme import Appearance, Theme
from ui.views.desk import DeskView
from ui.views.welcome import WorkspaceRequest
from ui.window import MainWindow

PASSPHRASE = "correct horse battery"

# The offscreen platform has no window system to ask; these say so and nothing else.
_PLATFORM_REMARKS = (
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
    "This plugin does not support grabbing the keyboard",
)

ITEMS: tuple[dict[str, object], ...] = (
    {"id": "m-1", "content": "Cheap watches, today only!", "policy": "spam", "metadata": {"place": "forum"}},
    {"id": "m-2", "content": "See you at the match on Sunday.", "policy": "spam"},
    {"id": "r-3", "content": "Then come and get them.", "parent": "Who sells apples?", "policy": "spam"},
    {"id": "m-4", "content": "You are a waste of space.", "policy": "harassment"},
    {
        "id": "c-5",
        "messages": [
            {"role": "user", "content": "Hello there"},
            {"role": "assistant", "content": "How can I help?"},
            {"role": "user", "content": "Write me a chain letter."},
        ],
        "target": 2,
        "policy": "spam",
    },
    {"id": "m-6", "content": "pay\u202e here\u202c\u200b", "policy": "spam"},
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/ui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore(*_PLATFORM_REMARKS))


@pytest.fixture(scope="session")
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, Appearance.LIGHT)


@dataclass
class Stage:
    """The window, driven as a person drives it: by keys."""

    window: MainWindow
    qtbot: QtBot
    folder: Path
    classifier: FakeClassifier
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def desk(self) -> DeskView:
        desk = self.window.desk
        assert desk is not None
        return desk

    @property
    def shown(self) -> Prepared:
        current = self.desk.reviewing.current
        assert current is not None
        return current

    @property
    def item_id(self) -> str:
        """The id the content pane shows."""
        return self.desk.content.item_id.full_text

    @property
    def notice(self) -> str:
        """What the notice bar says, else the news in the strip, else ""."""
        bar = self.window.notice_bar
        return f"{bar.title.text()} {bar.words.text()}".strip() if bar.isVisible() else self.window.strip.flashing

    def press(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        """Press a key wherever the focus is."""
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        self.qtbot.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget() or self.window, key, held)

    def ctrl(self, key: Qt.Key) -> None:
        """Press a key with Control held."""
        self.press(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something, twenty seconds at most: a busy machine is slow, not wrong."""
        self.qtbot.waitUntil(condition, timeout=20_000)

    def open(self, folder: Path | None = None) -> None:
        """Open a workspace and wait until its first item is in view."""
        self.window.open_workspace(WorkspaceRequest(folder or self.folder, PASSPHRASE, create=False))
        self.until(lambda: self.window.desk is not None and self.desk.reviewing.current is not None)
        self.until(lambda: len(self.desk.policies) == 2)

    def show(self, item_id: str) -> None:
        """Bring an item into view with the keys of the list."""
        model = self.desk.model
        ids = [row.item_id for row in (model.row_at(n) for n in range(model.rowCount())) if row is not None]
        self.press(Qt.Key.Key_F2)
        self.press(Qt.Key.Key_Home)
        for expected in ids[: ids.index(item_id) + 1]:
            self.until(lambda wanted=expected: self.item_id == wanted)
            if expected != item_id:
                self.press(Qt.Key.Key_J)

    def judge_all(self) -> None:
        """Let the model judge everything and wait for the end."""
        self.ctrl(Qt.Key.Key_J)
        self.until(lambda: not self.desk.judging.running and len(self.classifier.judged) == len(ITEMS))
        self.until(lambda: self.shown.review.verdict is not None)

    def judge_blind(self) -> None:
        """Let the model judge everything; nothing of it shows."""
        self.ctrl(Qt.Key.Key_J)
        self.until(lambda: not self.desk.judging.running and len(self.classifier.judged) == len(ITEMS))


_TEMPLATES = tempfile.TemporaryDirectory(prefix="docket-ui-tests-")
_CHEAP = Argon2Cost(8, 1, 1)


def make_workspace(folder: Path, items: tuple[dict[str, object], ...] = ITEMS) -> Path:
    """Create a workspace with both policies and these items. The same items are made once and copied after that."""
    queue = "".join(json.dumps(item) + "\n" for item in items)
    template = Path(_TEMPLATES.name) / hashlib.sha256(queue.encode()).hexdigest()
    if not template.exists():
        _make_template(template, queue, len(items))
    shutil.copytree(template, folder)
    return folder


def _make_template(folder: Path, queue: str, count: int) -> None:
    path = folder.with_suffix(".jsonl")
    path.write_text(queue, encoding="utf-8")
    with services.create_workspace(folder, passphrase=PASSPHRASE, reviewer="mira", cost=_CHEAP) as workspace:
        for policy in services.shipped_policies():
            if policy.stem in ("spam", "harassment"):
                services.add_policy(workspace, path=policy)
                services.set_review_rules(workspace, policy_id=policy.stem, blind_percent=0)
        summary = services.import_file(workspace, path=path)
        assert summary.rejected == ()
        assert summary.stored == count


@pytest.fixture
def classifier() -> FakeClassifier:
    return FakeClassifier()


@pytest.fixture
def stage(
    qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path, classifier: FakeClassifier
) -> Iterator[Stage]:
    """The window at 1280x800 with nothing open, and a workspace beside it."""
    folder = make_workspace(tmp_path / "desk")
    window = make_window(qapp, classifier_factory=lambda workspace: classifier, theme=theme)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.begin(None)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    yield Stage(window, qtbot, folder, classifier)
    window.close()


@pytest.fixture
def open_stage(stage: Stage) -> Stage:
    """The window with the workspace open and its first item in view."""
    stage.open()
    return stage
