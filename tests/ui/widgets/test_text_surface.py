"""The reading surface: plain text only, marks and quotes in the right place, large text without a stall."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from ui.text_layout import Section, lay_out
from ui.theme import Theme
from ui.visible import LINE_END, make_visible
from ui.widgets.text_surface import TextSurface


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


HOSTILE = {
    "one word": "w" * 1_000_000,
    "zalgo": ("e" + "\u0301\u0302\u0303\u0304" * 5) * 10_000,
    "lone marks": "\u0301" * 100_000,
    "bidi": "\u202e" * 20_000,
    "mixed directions": "\u05d0\u05d1 abc " * 20_000,
    "lines": "line\n" * 100_000,
    "empty lines": "\n" * 300_000,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\U0001f600" * 20_000,
    "cjk": "\u65e5\u672c\u8a9e" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_filled_in_whole_and_in_slices(surface: TextSurface, qtbot: QtBot, name: str) -> None:
    visible = make_visible(HOSTILE[name])
    surface.show_sections([Section("HEAD", visible, muted=True)])
    assert surface.document().blockCount() <= 240  # what is there before the window breathes again
    surface.grab()
    qtbot.waitUntil(lambda: surface.complete, timeout=20_000)
    assert surface.toPlainText() == "\n".join(("HEAD", *visible.blocks)).replace(LINE_END, "\n")
    surface.verticalScrollBar().setValue(surface.verticalScrollBar().maximum())
    surface.grab()


def test_another_text_ends_the_filling_of_the_first(surface: TextSurface, qtbot: QtBot) -> None:
    surface.show_sections([Section.of("", "line\n" * 50_000)])
    surface.show_sections([Section.of("", "short")])
    qtbot.wait(50)
    assert surface.toPlainText() == "short"


def test_a_place_that_is_not_there_yet_is_gone_to_once_it_is(surface: TextSurface, qtbot: QtBot) -> None:
    surface.show_sections([Section.of(f"TURN {number}", "x\n" * 100) for number in range(60)])
    surface.scroll_to_section(55)
    qtbot.waitUntil(lambda: surface.complete)
    assert surface.cursorForPosition(surface.viewport().rect().topLeft()).block().text() == "TURN 55"


def test_marks_in_a_later_slice_are_tinted_and_nothing_after_them(
    surface: TextSurface, theme: Theme, qtbot: QtBot
) -> None:
    surface.show_sections([Section.of("", "plain\n" * 1_000 + "a\u200b\nend")])
    qtbot.waitUntil(lambda: surface.complete)
    at = 6 * 1_000
    assert background_at(surface, at + 2) == theme.tokens.mark_soft
    assert background_at(surface, at) != theme.tokens.mark_soft
    assert background_at(surface, at + 9) != theme.tokens.mark_soft


def test_copying_joins_what_was_only_cut_to_be_shown_and_kills_addresses(surface: TextSurface) -> None:
    raw = "\U0001f600 " + "w" * 2_500 + "\nsee http://evil.example/x\n\nlast"
    surface.show_sections([Section.of("", raw)])
    surface.selectAll()
    copied = surface.createMimeDataFromSelection()
    assert copied.formats() == ["text/plain"]
    assert copied.text() == raw.replace("http://evil.example", "hxxp[:]//evil[.]example")
    cursor = QTextCursor(surface.document())
    cursor.setPosition(3)  # after the emoji, which is two to Qt, and the space
    cursor.setPosition(6, QTextCursor.MoveMode.KeepAnchor)
    surface.setTextCursor(cursor)
    assert surface.createMimeDataFromSelection().text() == "www"


def test_a_line_far_down_in_a_block_of_many_is_brought_into_view(surface: TextSurface, qtbot: QtBot) -> None:
    raw = "line\n" * 5_000 + "here\n" + "line\n" * 5_000
    layout = lay_out([Section("", make_visible(raw), quotes=((25_000, 25_004),))])
    surface.grab()
    surface.show_layout(layout)
    surface.scroll_to_position(next(start for start, _, kind in layout.spans if kind == "quote"))
    qtbot.waitUntil(lambda: surface.complete)
    at = next(start for start, _, kind in layout.spans if kind == "quote")
    place = surface.cursorRect(cursor_at(surface, at))
    assert surface.viewport().rect().contains(place)
    assert place.top() < 80


def cursor_at(surface: TextSurface, position: int) -> QTextCursor:
    cursor = QTextCursor(surface.document())
    cursor.setPosition(position)
    return cursor


def test_copying_many_lines_keeps_their_ends(surface: TextSurface, qtbot: QtBot) -> None:
    surface.show_sections([Section.of("", "one\ntwo\n\n" * 1_500)])
    qtbot.waitUntil(lambda: surface.complete)
    surface.selectAll()
    assert surface.createMimeDataFromSelection().text() == "one\ntwo\n\n" * 1_500


def test_zoom_keeps_headings_in_proportion_and_has_bounds(surface: TextSurface) -> None:
    surface.show_sections([Section.of("HEAD", "text")])

    def sizes() -> list[float]:
        cursor = QTextCursor(surface.document())
        cursor.setPosition(1)
        return [cursor.charFormat().font().pointSizeF(), surface.font().pointSizeF()]

    before = sizes()
    surface.set_zoom(5)
    assert sizes() == [size + 5 for size in before]
    surface.set_zoom(99)
    assert surface.zoom == 16
    surface.set_zoom(-99)
    assert surface.zoom == -4
    assert surface.toPlainText() == "HEAD\ntext"


def test_right_to_left_text_begins_on_the_right(surface: TextSurface) -> None:
    surface.show_sections([Section.of("", "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd\nhello")])
    surface.grab()
    lines = [surface.document().findBlockByNumber(n).layout().lineAt(0) for n in (0, 1)]
    assert lines[0].naturalTextRect().left() > surface.viewport().width() / 2
    assert lines[1].naturalTextRect().left() < surface.viewport().width() / 2
