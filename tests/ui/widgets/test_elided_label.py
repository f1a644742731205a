"""The label that shortens its text: where the dots go."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets.elided_label import ElidedLabel

LATIN = "Spam and other unasked promotion in a long title"
HEBREW = "\u05e9\u05dc\u05d5\u05dd " * 12


def drawn(qtbot: QtBot, text: str, direction: Qt.LayoutDirection, side: Qt.AlignmentFlag) -> object:
    label = ElidedLabel("Policy")
    qtbot.addWidget(label)
    label.setLayoutDirection(direction)
    label.setAlignment(side)
    label.set_full_text(text)
    label.resize(120, 20)
    return label.grab().toImage()


def test_the_dots_stand_at_the_end_of_the_text_whichever_way_the_window_runs(qtbot: QtBot, theme: Theme) -> None:
    left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
    beginning, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    for text in (LATIN, HEBREW):
        assert drawn(qtbot, text, right, beginning) == drawn(qtbot, text, left, end)
        assert drawn(qtbot, text, right, end) == drawn(qtbot, text, left, beginning)
    assert drawn(qtbot, LATIN, left, beginning) != drawn(qtbot, HEBREW, left, beginning)
