"""The strip always says which model is loaded and whether content leaves the machine for it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.domain import ModelInfo
from tests.ui.fakes import SAFEGUARD
from ui.theme import Theme
from ui.widgets.task_strip import TaskStrip


def server(address: str) -> ModelInfo:
    return ModelInfo("guard", "", "server", f"{address}#guard")


@pytest.mark.parametrize(
    ("model", "words", "warns"),
    [
        (None, "No model loaded · offline", False),
        (SAFEGUARD, "fake-safeguard-20b · offline", False),
        (server("http://127.0.0.1:8080/v1"), "guard · server on this machine", False),
        (server("http://[::1]:8080/v1"), "guard · server on this machine", False),
        (server("https://judge.example/v1"), "guard · content is sent to judge.example", True),
    ],
)
def test_it_says_where_the_content_goes(
    qtbot: QtBot, theme: Theme, model: ModelInfo | None, words: str, warns: bool
) -> None:
    strip = TaskStrip(theme)
    qtbot.addWidget(strip)
    strip.show()
    strip.show_model(model)
    assert strip.model.text() == words
    assert strip.away.isVisible() is warns


def test_it_says_that_a_graphics_card_is_not_used_as_asked(qtbot: QtBot, theme: Theme) -> None:
    strip = TaskStrip(theme)
    qtbot.addWidget(strip)
    strip.show_model(SAFEGUARD, fell_back=True)
    assert strip.model.text().endswith("less on the graphics card than asked")
