"""The pages beside the desk: built when looked at, reached by key, and no key of the desk acts while one is in view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout
from pytestqt.qtbot import QtBot

from core.domain import EntryState
from tests.ui.conftest import Stage, make_workspace
from tests.ui.fakes import FakeClassifier
from ui.actions import Act
from ui.desk_context import DeskContext
from ui.notices import Notices
from ui.page import Page, PageContext
from ui.pages import PageSpec
from ui.preferences import Preferences
from ui.theme import Theme
from ui.window import MainWindow

K = Qt.Key


class Plain(Page):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self.left = 0
        self.words = QLabel("a page")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        QVBoxLayout(self).addWidget(self.words)

    def leave(self) -> None:
        self.left += 1


@pytest.fixture
def built() -> list[Plain]:
    return []


@pytest.fixture
def paged(
    qtbot: QtBot, qapp: QApplication, theme: Theme, tmp_path: Path, classifier: FakeClassifier, built: list[Plain]
) -> Iterator[Stage]:
    def build(context: PageContext) -> Page:
        built.append(Plain(context))
        return built[-1]

    context = DeskContext(theme, Notices(qapp), Preferences(tmp_path / "layout.ini"), lambda workspace: classifier)
    window = MainWindow(context, pages=[PageSpec(Act.ABOUT, "Plain", "policies", build)])
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.begin(None)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    stage = Stage(window, qtbot, make_workspace(tmp_path / "paged"), classifier)
    stage.open()
    yield stage
    window.close()


def show(stage: Stage, index: int) -> None:
    shelf = stage.window.shelf
    assert shelf is not None
    shelf.show_page(index)


def test_a_page_is_built_once_and_only_when_looked_at(paged: Stage, built: list[Plain]) -> None:
    assert built == []
    show(paged, 1)
    show(paged, 0)
    show(paged, 1)
    assert len(built) == 1
    assert built[0].isVisible()
    paged.ctrl(K.Key_W)
    assert built[0].left == 1


def test_no_key_of_the_desk_acts_while_another_page_is_in_view(paged: Stage) -> None:
    paged.judge_all()
    before = paged.desk.model.rowCount()
    item = paged.item_id
    show(paged, 1)
    for key in (K.Key_A, K.Key_1, K.Key_2, K.Key_S, K.Key_E, K.Key_J):
        paged.press(key)
    paged.qtbot.wait(50)
    paged.press(K.Key_1, Qt.KeyboardModifier.AltModifier)
    assert paged.item_id == item
    assert paged.desk.model.rowCount() == before
    assert paged.shown.review.state is EntryState.JUDGED
    paged.press(K.Key_A)
    paged.until(lambda: paged.item_id != item)


def test_digits_named_while_out_of_view_stay_off(paged: Stage) -> None:
    show(paged, 1)
    paged.window.actions_table.name_digits(("one", "two"))
    assert not paged.window.actions_table.labels[0].isEnabled()
    show(paged, 0)
    assert paged.window.actions_table.labels[0].isEnabled()


def test_a_page_opens_entries_on_the_desk_and_the_way_back_is_a_key(paged: Stage, built: list[Plain]) -> None:
    show(paged, 1)
    model = paged.desk.model
    keys = [model.key_at(4), model.key_at(1)]
    whole = model.rowCount()
    built[0].context.open_entries([key for key in keys if key is not None], "Broken & <b>by</b> the draft")
    paged.until(lambda: model.rowCount() == 2)
    assert [model.key_at(0), model.key_at(1)] == keys
    assert paged.desk.queue.pinned.isVisible()
    assert "Broken && <b>by" in paged.desk.queue.pinned.text()
    assert "<b>by</b> the draft" in paged.desk.queue.pinned.accessibleName()
    paged.press(K.Key_F5)
    assert model.rowCount() == 2
    paged.press(K.Key_Backspace, Qt.KeyboardModifier.ControlModifier)
    paged.until(lambda: model.rowCount() == whole)
    assert not paged.desk.queue.pinned.isVisible()
