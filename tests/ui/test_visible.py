"""Hidden characters become marks, long lines become blocks, and nothing is lost on the way."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.visible import (
    BLOCK_LIMIT,
    HIDDEN_CATEGORIES,
    LINE_END,
    make_visible,
    one_line,
    plain_tip,
    reads_right_to_left,
)


def shown(raw: str) -> str:
    return "\n".join(make_visible(raw).blocks)


@pytest.mark.parametrize(
    ("raw", "text", "hidden"),
    [
        ("plain", "plain", 0),
        ("a\u200bb", "a⟦ZWSP⟧b", 1),
        ("pay \u202emoc\u202c", "pay ⟦RLO⟧moc⟦PDF⟧", 2),
        ("x\u200dy", "x⟦ZWJ⟧y", 1),
        ("\U000e0068\U000e0069!", "⟦TAGS: hi⟧!", 2),
        ("bell\x07", "bell⟦U+0007⟧", 1),
        ("soft\u00adhyphen", "soft⟦SHY⟧hyphen", 1),
        ("\u3164", "⟦HANGUL FILLER⟧", 1),
        ("\ufeffbom", "⟦BOM⟧bom", 1),
        ("a\ufe0f", "a⟦VS16⟧", 1),
        ("a\u034fb", "a⟦CGJ⟧b", 1),
        ("Z" + "\u0335" * 10 + "x", "Z" + "\u0335" * 4 + "⟦6 COMBINING⟧x", 6),
        ("\u0301" * 4, "\u0301" * 4, 0),
    ],
)
def test_hidden_characters_are_marked_and_counted(raw: str, text: str, hidden: int) -> None:
    visible = make_visible(raw)
    assert "\n".join(visible.blocks) == text
    assert visible.hidden == hidden
    assert sum(len(marks) for marks in visible.marks) == text.count("⟦")


@pytest.mark.parametrize("raw", ["👨‍👩‍👧 family", "❤️", "می‌خواهم", "क्‍ष", "日本語、テスト。", "naïve café", "1️⃣"])
def test_ordinary_spelling_is_left_alone(raw: str) -> None:
    assert make_visible(raw).hidden == 0
    assert shown(raw) == raw


def test_every_invisible_code_point_becomes_a_mark() -> None:
    missed = []
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in HIDDEN_CATEGORIES and character not in "\n\t":
            visible = make_visible(f"a{character}b")
            if visible.hidden != 1 or character in "".join(visible.blocks):
                missed.append(hex(code))
    # A carriage return at the end of a line is part of the line break; here it is in the middle.
    assert missed == []


def test_a_literal_mark_in_content_is_not_formatted_as_one() -> None:
    visible = make_visible("⟦RLO⟧")
    assert visible.hidden == 0
    assert visible.marks == ((),)


def test_one_huge_word_is_cut_into_blocks() -> None:
    visible = make_visible("w" * 200_000)
    assert max(map(len, visible.blocks)) <= BLOCK_LIMIT
    assert "".join(visible.blocks) == "w" * 200_000


def test_a_long_line_breaks_at_spaces() -> None:
    blocks = make_visible("word " * 1_000).blocks
    assert all(block.endswith("word ") for block in blocks[:-1])


def test_marks_do_not_make_blocks_longer_than_the_limit() -> None:
    visible = make_visible("\u3164" * 5_000)
    assert max(map(len, visible.blocks)) <= BLOCK_LIMIT
    assert visible.hidden == 5_000


@given(st.text(max_size=3_000))
def test_sources_lead_back_to_the_raw_text(raw: str) -> None:
    visible = make_visible(raw)
    for block, marks, sources in zip(visible.blocks, visible.marks, visible.sources, strict=True):
        assert len(sources) == len(block) <= BLOCK_LIMIT
        assert list(sources) == sorted(sources)
        marked = {place for mark in marks for place in range(mark.start, mark.start + mark.length)}
        assert all(block[n] == raw[sources[n]] for n in range(len(block)) if n not in marked)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("line", ["", "line", "a\u200bb", "\u05d0\u05d1", "x" * 999, "y" * 1_500])
def test_thousands_of_lines_go_into_few_blocks_and_none_is_lost(line: str, ends: str) -> None:
    raw = f"first{ends}" + f"{line}{ends}" * 3_000 + "last"
    visible = make_visible(raw)
    assert max(map(len, visible.blocks)) <= BLOCK_LIMIT
    assert len(visible.blocks) <= 40 + len(raw) / 400
    expected = ["first", *[line.replace("\u200b", "⟦ZWSP⟧")] * 3_000, "last"]
    if len(line) < BLOCK_LIMIT:
        assert "\n".join(visible.blocks).replace(LINE_END, "\n").split("\n") == expected
    for block, marks, sources in zip(visible.blocks, visible.marks, visible.sources, strict=True):
        assert len(sources) == len(block)
        if "⟦" in block and not marks:
            continue  # more marks than are kept
        marked = {place for mark in marks for place in range(mark.start, mark.start + mark.length)}
        shown = (block[n].replace(LINE_END, "\n") == raw[sources[n]] for n in range(len(block)) if n not in marked)
        assert all(shown)


def test_lines_of_two_directions_are_not_put_into_one_block() -> None:
    visible = make_visible("abc\n12\n\u05d0\u05d1\n" * 3_000)
    for block in visible.blocks:
        assert len({reads_right_to_left(line) for line in block.split(LINE_END) if line not in ("", "12")}) <= 1


def test_no_more_marks_are_kept_than_can_be_drawn() -> None:
    visible = make_visible("a\u200b" * 50_000)
    assert visible.hidden == 50_000
    assert sum(map(len, visible.marks)) < 2_200


@given(st.text(max_size=500))
def test_one_line_is_one_short_line_without_hidden_characters(raw: str) -> None:
    line = one_line(raw, 50)
    assert "\n" not in line
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Co") for character in line)


def test_tooltips_cannot_be_markup() -> None:
    assert "<img" not in plain_tip('<img src="file:///etc/passwd">')


def test_direction_is_that_of_the_first_letter() -> None:
    assert reads_right_to_left("12 مرحبا hello")
    assert not reads_right_to_left("hello مرحبا")
    assert not reads_right_to_left("…!")
