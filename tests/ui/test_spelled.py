"""Bytes as text to edit: everything shows, nothing changes that was left in place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from ui.spelled import fault_place, spell, unspell

HOSTILE = "a\tb\xa0c\u200b\u202e⟦xFF⟧⟦U+200B⟧\u2028\ufdd0\uffff\x00\r\n\U000e0041😀e\u0301".encode() + b"\xff\xfe\xc3"


@given(
    st.binary()
    | st.text(alphabet=st.characters(exclude_categories=[])).map(lambda s: s.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_come_back(raw: bytes) -> None:
    assert unspell(spell(raw)) == raw


def test_what_cannot_be_seen_is_spelled_out() -> None:
    text = spell(HOSTILE)
    assert text.startswith("a\tb⟦U+00A0⟧c⟦U+200B⟧⟦U+202E⟧⟦U+27E6⟧xFF⟧")
    assert text.endswith("😀e\u0301⟦xFF⟧⟦xFE⟧⟦xC3⟧")
    assert "\x00" not in text


def test_a_text_widget_changes_nothing(qtbot: QtBot) -> None:
    edit = QPlainTextEdit()
    qtbot.addWidget(edit)
    edit.setPlainText(spell(HOSTILE))
    assert unspell(edit.toPlainText()) == HOSTILE


def test_what_is_typed_is_taken_at_its_word() -> None:
    assert unspell("⟦x⟧ ⟦U+D800⟧ ⟦U+110000⟧ ⟦xE9⟧") == "⟦x⟧ ⟦U+D800⟧ ⟦U+110000⟧ ".encode() + b"\xe9"


def test_a_reason_points_into_the_text() -> None:
    raw = "é\u200b{".encode()
    assert spell(raw)[fault_place("not valid JSON at character 3", raw) :] == "{"
    assert spell(b"ab\xff!")[fault_place("not valid UTF-8 at byte 3", b"ab\xff!") :] == "⟦xFF⟧!"
    assert fault_place("`content` is missing", raw) is None
