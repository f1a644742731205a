"""What the window remembers, and how it looks light and dark."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import services
from tests.ui.conftest import Stage
from tests.ui.fakes import FakeClassifier
from ui.app import make_window
from ui.preferences import Preferences
from ui.theme import Appearance, Theme
from ui.tokens import DARK, LIGHT

K = Qt.Key


def test_layout_is_remembered(open_stage: Stage, qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    stage = open_stage
    stage.window.resize(1280, 700)
    stage.desk.splitters["right"].setSizes([200, 400])
    sizes = stage.desk.splitters["right"].sizes()
    stage.window.close()
    assert services.window_layout_file().is_file()
    window = make_window(qapp, classifier_factory=lambda workspace: FakeClassifier(), theme=theme)
    qtbot.addWidget(window)
    again = Stage(window, qtbot, stage.folder, stage.classifier)
    window.begin(None)
    window.show()
    again.open()
    assert window.height() == 700  # the width is cut to the screen, which is small offscreen
    assert abs(again.desk.splitters["right"].sizes()[0] - sizes[0]) <= 40
    window.close()


def test_nothing_of_content_is_written_to_the_preferences(open_stage: Stage) -> None:
    stage = open_stage
    stage.ctrl(K.Key_F)
    stage.type("watches")
    stage.until(lambda: stage.desk.model.rowCount() == 1)
    stage.window.close()
    text = services.window_layout_file().read_text(encoding="utf-8")
    assert "watches" not in text
    assert "m-1" not in text


def test_appearance_is_chosen_kept_and_survives_nonsense(open_stage: Stage, theme: Theme) -> None:
    stage = open_stage
    alt = Qt.KeyboardModifier.AltModifier
    try:
        stage.press(K.Key_2, Qt.KeyboardModifier.ControlModifier, alt)
        assert theme.tokens is DARK
        assert Preferences(services.window_layout_file()).appearance is Appearance.DARK
        assert QApplication.palette().window().color().name() == DARK.window
        assert stage.desk.content.surface.toPlainText() != ""
    finally:
        stage.press(K.Key_1, Qt.KeyboardModifier.ControlModifier, alt)
    assert theme.tokens is LIGHT


def test_preferences_that_make_no_sense_count_as_absent(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    file.write_text("[General]\nappearance=plaid\n[geometry]\nwindow=nonsense\n", encoding="utf-8")
    assert Preferences(file).appearance is Appearance.SYSTEM


def test_text_can_be_made_larger(open_stage: Stage) -> None:
    surface = open_stage.desk.content.surface
    before = surface.font().pointSizeF()
    open_stage.ctrl(K.Key_Plus)
    assert surface.font().pointSizeF() > before


def test_function_keys_reach_every_pane(open_stage: Stage) -> None:
    stage = open_stage
    desk = stage.desk
    for key, widget in (
        (K.Key_F3, desk.content.surface),
        (K.Key_F4, desk.verdict.surface),
        (K.Key_F6, desk.policy.surface),
        (K.Key_F2, desk.queue.table),
    ):
        stage.press(key)
        assert QApplication.focusWidget() is widget


def test_clauses_are_browsed_by_keys(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.show("m-1")
    assert "SP2.a" in stage.desk.policy.surface.toPlainText()
    stage.press(K.Key_BracketRight)
    assert "SP3.a" in stage.desk.policy.surface.toPlainText()
    stage.press(K.Key_BracketLeft)
    stage.press(K.Key_BracketLeft)
    assert "SP0.a" in stage.desk.policy.surface.toPlainText()
    stage.press(K.Key_P)
    assert "# Instructions" in stage.desk.policy.surface.toPlainText()
