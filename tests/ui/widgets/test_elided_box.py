"""The field to choose from: what it shows of long words, and what it tells."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.widgets.elided_box import ElidedBox


def test_long_words_end_in_dots_and_are_told_whole(qtbot: QtBot, theme: Theme) -> None:
    box = ElidedBox()
    qtbot.addWidget(box)
    box.addItems(["iiii", "W" * 30 + " <b>x</b>", "W" * 60])
    box.setFixedWidth(120)
    box.show()
    assert "iiii" in box.toolTip()
    box.setCurrentIndex(1)
    assert "<b>" not in box.toolTip()
    assert box.toolTip().count("W") == 30
    shown = box.grab().toImage()
    box.setCurrentIndex(2)
    # What is cut ends in the same dots: two long texts that begin alike look alike.
    assert box.grab().toImage() == shown
    box.setItemText(2, "W" * 4 + "i" * 60)
    assert box.grab().toImage() != shown
