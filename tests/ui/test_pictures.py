"""Screens compared as pictures: light, dark, high contrast, right to left. One that changed leaves what is different.

Fonts differ between machines, so a picture is compared in blocks of eight pixels, each with room for other glyphs;
what moved, vanished or changed colour is seen all the same. `DOCKET_TAKE_PICTURES=1` takes them anew: look at each.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from core import services
from core.domain import Check
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import says
from tests.ui.screens import LONG_MS, dialogs, go, lock, welcome
from ui.sheets import SheetKind
from ui.theme import Appearance, Theme
from ui.views.insight import InsightPage
from ui.views.models import ModelsPage
from ui.views.policies import PoliciesPage

PICTURES = Path(__file__).parent / "pictures"
BLOCK = 8
# A block may differ by so much of 255 on average, and so many of all blocks by more.
DEPTH, SHARE = 22.0, 0.02
K = Qt.Key

HEBREW = "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd, \u05de\u05d4 \u05e0\u05e9\u05de\u05e2"

ITEMS: tuple[dict[str, object], ...] = (
    {"id": "m-1", "content": "Cheap watches, today only! See watches.example now.", "policy": "spam"},
    {"id": "m-2", "content": "See you at the match on Sunday.", "policy": "spam"},
    {"id": "m-3", "content": "pay\u202e here\u202c\u200b with p\u0430ypal", "policy": "spam"},
    {
        "id": "c-4",
        "messages": [{"role": "user", "content": f"This is what was said in turn {n}."} for n in range(12)],
        "target": 9,
        "policy": "spam",
    },
    {"id": "m-5", "content": HEBREW, "policy": "spam"},
)


def pixels(widget: QWidget) -> NDArray[np.float64]:
    """The picture of a widget in blocks: rows, columns, colours from 0 to 255."""
    return blocks(widget.grab().toImage())


def blocks(image: QImage) -> NDArray[np.float64]:
    whole = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(whole.constBits(), dtype=np.uint8).reshape(whole.height(), whole.bytesPerLine())
    colours = lines[:, : whole.width() * 3].reshape(whole.height(), whole.width(), 3).astype(np.float64)
    rows, columns = whole.height() // BLOCK, whole.width() // BLOCK
    cut = colours[: rows * BLOCK, : columns * BLOCK]
    return cut.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))


def difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The share of blocks that differ by more than other glyphs would; 1.0 for pictures of different sizes."""
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(one - other).max(axis=2) > DEPTH).mean())


def check(widget: QWidget, name: str, folder: Path) -> str:
    """Compare a widget with its picture and return what is wrong, "" if nothing is.

    What differs leaves the picture as it is and where it differs beside the test's files.
    """
    path = PICTURES / f"{name}.png"
    image = widget.grab().toImage()
    if os.environ.get("DOCKET_TAKE_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        assert image.save(str(path))
    wanted = QImage(str(path))
    assert not wanted.isNull(), f"{path} is not there"
    share = difference(blocks(image), blocks(wanted))
    if share <= SHARE:
        return ""
    image.save(str(folder / f"{name}-is.png"))
    mark(image, wanted).save(str(folder / f"{name}-differs.png"))
    return f"{share:.1%} of {name} differs; see {folder}"


def mark(image: QImage, wanted: QImage) -> QImage:
    """The picture with the blocks that differ in red."""
    marked = image.convertToFormat(QImage.Format.Format_RGB32)
    if image.size() == wanted.size():
        for row, column in np.argwhere(np.abs(blocks(image) - blocks(wanted)).max(axis=2) > DEPTH):
            for x in range(BLOCK):
                for y in range(BLOCK):
                    marked.setPixel(QPoint(int(column) * BLOCK + x, int(row) * BLOCK + y), 0xFFCC0000)
    return marked


@pytest.fixture
def still(stage: Stage, tmp_path: Path) -> Stage:
    """The desk with everything judged and nothing that changes from run to run."""
    folder = make_workspace(tmp_path / "pictures", ITEMS)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    stage.classifier.answer = lambda item, policy: says(
        policy.labels[1 if item.id in ("m-1", "m-3") else 0].code, reasoning="It reads like an advertisement. " * 6
    )
    stage.open(folder)
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) == len(ITEMS))
    stage.press(K.Key_F5)
    stage.until(lambda: stage.shown.review.verdict is not None)
    return stage


def show(stage: Stage, item_id: str) -> None:
    """Bring an item into view."""
    key = services.find_entry(stage.desk._workspace, item_id=item_id, policy_id="spam")
    stage.desk.open(key)
    stage.qtbot.waitUntil(lambda: stage.item_id == item_id, timeout=20_000)


def settle(stage: Stage) -> None:
    """Leave no news in the strip and no cursor blinking."""
    QApplication.setCursorFlashTime(0)
    stage.window.strip._flash.stop()
    stage.window.strip._on_flash_timeout()
    stage.press(K.Key_F2)
    stage.qtbot.wait(80)


def narrow(stage: Stage) -> None:
    stage.ctrl(K.Key_L)


SCENES: dict[str, tuple[str, Callable[[Stage], object]]] = {
    "message": ("m-1", lambda stage: None),
    "hidden": ("m-3", lambda stage: stage.press(K.Key_U)),
    "conversation": ("c-4", lambda stage: None),
    "hebrew": ("m-5", lambda stage: None),
    "narrow": ("m-1", narrow),
}
LOOKS = (Appearance.LIGHT, Appearance.DARK, Appearance.CONTRAST)


@pytest.fixture
def any_look(theme: Theme) -> Iterator[Theme]:
    """The theme, to be changed; afterwards it and the direction of the window are the usual ones."""
    yield theme
    theme.set_appearance(Appearance.LIGHT)
    QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_desk_looks_as_it_did(still: Stage, any_look: Theme, tmp_path: Path) -> None:
    wrong = []
    for scene, (item_id, act) in SCENES.items():
        for look in LOOKS:
            any_look.set_appearance(look)
            show(still, item_id)
            act(still)
            still.qtbot.wait(200)
            settle(still)
            wrong.append(check(still.window, f"{scene}-{look.value}", tmp_path))
            if act is narrow:
                narrow(still)
            show(still, "m-2")  # the next begins as it stands
    any_look.set_appearance(Appearance.LIGHT)
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    show(still, "m-1")
    still.qtbot.wait(100)
    settle(still)
    wrong.append(check(still.window, "right-to-left", tmp_path))
    assert [one for one in wrong if one] == []


def pages(stage: Stage) -> Iterator[str]:
    """Bring each page beside the desk into view, with nothing on it that differs from machine to machine."""
    policies = go(stage, PoliciesPage)
    assert isinstance(policies, PoliciesPage)
    stage.until(lambda: policies.editor.outline.count() > 0 and not policies.work.context.pool.busy)
    yield "policies"
    insight = go(stage, InsightPage)
    assert isinstance(insight, InsightPage)
    stage.qtbot.waitUntil(lambda: insight.sheet is not None, timeout=LONG_MS)
    insight.sheet = None
    insight.choose("spam", SheetKind.CONFUSION)
    stage.qtbot.waitUntil(lambda: insight.sheet is not None, timeout=LONG_MS)
    yield "insight"
    models = go(stage, ModelsPage)
    assert isinstance(models, ModelsPage)
    stage.qtbot.waitUntil(lambda: models.checks.rowCount() > 0 and not models._context.pool.busy, timeout=LONG_MS)
    models.checks.set_checks([Check("Model", True, "sample.gguf"), Check("Memory", False, "4.0 GB are free")])
    models.table.selectRow(models.models.index_of("gpt-oss-safeguard-20b"))  # of the sample it would name a folder
    yield "models"


def test_the_pages_look_as_they_did(still: Stage, any_look: Theme, tmp_path: Path) -> None:
    for item_id in ("m-1", "m-2", "m-3"):
        key = services.find_entry(still.desk._workspace, item_id=item_id, policy_id="spam")
        services.decide(still.desk._workspace, key=key, label="SP4" if item_id == "m-2" else "SP0")
    wrong = []
    for name in pages(still):
        for look in (*LOOKS, None):
            any_look.set_appearance(look or Appearance.LIGHT)
            direction = Qt.LayoutDirection.LeftToRight if look else Qt.LayoutDirection.RightToLeft
            QApplication.setLayoutDirection(direction)
            QApplication.setCursorFlashTime(0)
            still.qtbot.wait(150)
            still.window.strip._flash.stop()
            still.window.strip._on_flash_timeout()
            wrong.append(check(still.window, f"{name}-{look.value if look else 'right-to-left'}", tmp_path))
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert [one for one in wrong if one] == []


def test_the_dialogs_look_as_they_did(still: Stage, any_look: Theme, tmp_path: Path) -> None:
    wrong = []
    QApplication.setCursorFlashTime(0)
    for look in (Appearance.LIGHT, Appearance.DARK):
        any_look.set_appearance(look)
        numbers: Counter[str] = Counter()
        for dialog in dialogs(still):
            kind = type(dialog).__name__
            numbers[kind] += 1
            for field in dialog.findChildren(QLineEdit):
                if str(still.folder.parent) in field.text():
                    field.setText("/home/somebody/queue.jsonl")
            dialog.setFocus()  # the button or field in focus may be another where a window is not active
            wrong.append(check(dialog, f"{kind}-{numbers[kind]}-{look.value}", tmp_path))
    assert [one for one in wrong if one] == []


def test_lock_and_first_page_look_as_they_did(
    still: Stage, any_look: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "last_workspace", lambda: Path("/home/somebody/desk"))
    monkeypatch.setattr(services, "is_workspace", lambda folder: True)
    wrong = []
    QApplication.setCursorFlashTime(0)
    for screen in (lock, welcome):
        for name, widget in screen(still):
            for look in LOOKS:
                any_look.set_appearance(look)
                still.qtbot.wait(50)
                words = name.replace(",", "").replace(" ", "-")
                wrong.append(check(widget, f"{words}-{look.value}", tmp_path))
            any_look.set_appearance(Appearance.LIGHT)
    assert [one for one in wrong if one] == []


def test_a_change_that_a_person_would_see_is_found(still: Stage) -> None:
    show(still, "m-1")
    settle(still)
    before = pixels(still.window)
    still.qtbot.wait(50)
    assert difference(before, pixels(still.window)) <= SHARE / 4
    still.desk.verdict.hide()
    still.qtbot.wait(50)
    assert difference(before, pixels(still.window)) > SHARE


def test_pictures_of_other_sizes_differ(still: Stage) -> None:
    before = pixels(still.window)
    still.window.resize(1300, 800)
    still.qtbot.wait(50)
    assert difference(before, pixels(still.window)) == 1.0
