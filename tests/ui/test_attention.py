"""Active time: it stops when nobody touches anything, and in the background."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ui.attention import Attention, ItemClock


class Hand:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


def test_idle_time_counts_up_to_the_limit(qapp: object, hand: Hand) -> None:
    attention = Attention(idle_s=60, clock=hand)
    clock = ItemClock(attention)
    hand.now += 30
    assert clock.seconds() == 30
    hand.now += 600
    assert clock.seconds() == 60
    attention.note_input()
    hand.now += 5
    assert clock.seconds() == 65
    clock.restart()
    assert clock.seconds() == 0


def test_any_key_anywhere_is_input(qtbot: QtBot, hand: Hand) -> None:
    attention = Attention(idle_s=10, clock=hand)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    for _ in range(5):
        hand.now += 8
        qtbot.keyClick(field, Qt.Key.Key_A)
    assert attention.active_s() == 40
    assert field.text() == "aaaaa"


def test_nothing_counts_in_the_background(qapp: object, hand: Hand) -> None:
    attention = Attention(idle_s=60, clock=hand)
    hand.now += 20
    attention._on_application_state_changed(Qt.ApplicationState.ApplicationInactive)
    hand.now += 50
    assert attention.active_s() == 20
    attention._on_application_state_changed(Qt.ApplicationState.ApplicationActive)
    hand.now += 5
    assert attention.active_s() == 25
