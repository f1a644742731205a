"""The reading surface: plain text only, marks and quotes in the right place, large text without a stall."""

from __future__ import annotations

import time

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ui.theme import Theme
from ui.visible import make_visible
from ui.widgets.text_surface import Section, TextSurface


@pytest.fixture
def surface(qtbot: QtBot, theme: Theme) -> TextSurface:
    surface = TextSurface(theme, "Content")
    qtbot.addWidget(surface)
    surface.resize(500, 400)
    surface.show()
    return surface


def background_at(surface: TextSurface, position: int) -> str:
    cursor = QTextCursor(surface.document())
    cursor.setPosition(position + 1)
    return cursor.charFormat().background().color().name()


def test_markup_stays_text(surface: TextSurface) -> None:
    hostile = '<img src="file:///etc/passwd"><b>bold</b> https://example.test'
    surface.show_sections([Section.of("HEAD", hostile)])
    assert surface.toPlainText() == f"HEAD\n{hostile}"
    cursor = QTextCursor(surface.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    assert not cursor.charFormat().isAnchor()
    assert not cursor.charFormat().isImageFormat()


def test_the_clipboard_gets_plain_text_only(surface: TextSurface) -> None:
    surface.show_sections([Section.of("", "<b>one</b>\ntwo")])
    surface.selectAll()
    data = surface.createMimeDataFromSelection()
    assert data.formats() == ["text/plain"]
    assert data.text() == "<b>one</b>\ntwo"


def test_marks_are_tinted_where_they_stand_even_after_emoji(surface: TextSurface, theme: Theme) -> None:
    surface.show_sections([Section.of("", "😀😀 a\u200bb ⟦RLO⟧")])
    text = surface.toPlainText()
    assert text == "😀😀 a⟦ZWSP⟧b ⟦RLO⟧"
    mark = theme.tokens.mark_soft
    assert background_at(surface, 6) == mark  # counted as Qt does: each emoji is two
    assert background_at(surface, 14) != mark  # typed by the author: not one of ours


def test_quotes_are_found_through_marks(surface: TextSurface, theme: Theme) -> None:
    raw = "one t\u200bwo three"
    section = Section("", make_visible(raw), quotes=((4, 8),))
    surface.show_sections([section])
    assert surface.toPlainText() == "one t⟦ZWSP⟧wo three"
    assert background_at(surface, 4) == theme.tokens.selection
    assert background_at(surface, 12) == theme.tokens.selection
    assert background_at(surface, 14) != theme.tokens.selection


def test_a_stream_follows_the_end(surface: TextSurface) -> None:
    surface.show_sections([Section.of("REASONING", "")])
    for number in range(200):
        surface.append_stream(f"thought {number}\n")
    bar = surface.verticalScrollBar()
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    surface.append_stream("more")
    assert bar.value() == 0


def test_scrolls_to_a_section(surface: TextSurface) -> None:
    surface.show_sections([Section.of(f"TURN {number}", "words " * 40) for number in range(50)])
    surface.scroll_to_section(30)
    assert surface.cursorForPosition(surface.viewport().rect().topLeft()).block().text() == "TURN 30"


@pytest.mark.parametrize(
    "raw",
    ["w" * 1_000_000, "e\u0301\u0302\u0303" * 50_000, "\u202e" * 20_000, "line\n" * 100_000],
    ids=["one word", "combining", "bidi", "lines"],
)
def test_hostile_length_is_shown_in_time(surface: TextSurface, raw: str) -> None:
    visible = make_visible(raw)
    begin = time.perf_counter()
    surface.show_sections([Section("", visible)])
    surface.grab()
    # FACTS: without blocks this takes from 4 to over 20 seconds; the bound leaves room for a busy machine.
    assert time.perf_counter() - begin < 3.0
