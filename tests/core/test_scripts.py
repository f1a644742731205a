"""Scripts read from letters: alphabets that hide in a word are found, ordinary mixtures are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scripts import mixed_words, script_of, script_tag


@pytest.mark.parametrize(
    ("raw", "word", "scripts"),
    [
        ("send to pаypal today", "pаypal", ("LATIN", "CYRILLIC")),
        ("мой прuвет", "прuвет", ("CYRILLIC", "LATIN")),
        ("free Вitсоin", "Вitсоin", ("LATIN", "CYRILLIC")),
        ("bold 𝐅ree", "𝐅ree", ("LATIN", "MATHEMATICAL")),
    ],
)
def test_a_word_in_two_alphabets_is_found_where_it_stands(raw: str, word: str, scripts: tuple[str, ...]) -> None:
    [found] = mixed_words(raw)
    assert raw[found.start : found.end] == word
    assert found.scripts == scripts


@pytest.mark.parametrize(
    "raw",
    [
        "iPhone手机",
        "日本語カタカナひらがなABC",
        "한국어DNA",
        "5 μm, 3 kΩ, ΔT",
        "naïve Straße",
        "Привет world",
        "ราคาUSD",
        "",
    ],
)
def test_ordinary_writing_is_left_alone(raw: str) -> None:
    assert mixed_words(raw) == ()


def test_no_more_are_found_than_asked_for() -> None:
    assert len(mixed_words("pаypal " * 40, limit=7)) == 7


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("hello", "und-Latn"),
        ("привет, Bob", "und-Cyrl"),
        ("مرحبا", "und-Arab"),
        ("שלום", "und-Hebr"),
        ("これは漢字です", "und-Jpan"),
        ("漢字", "und-Hani"),
        ("한국어", "und-Kore"),
        ("12 + 3!", ""),
        ("", ""),
        ("ab аб μμ", ""),  # none of three has half
    ],
)
def test_a_text_gets_the_tag_of_its_script_and_no_language(raw: str, tag: str) -> None:
    assert script_tag(raw) == tag


@given(st.text(max_size=300))
def test_places_lie_in_the_text_and_in_order(raw: str) -> None:
    end = 0
    for word in mixed_words(raw):
        assert end <= word.start < word.end <= len(raw)
        assert len(word.scripts) > 1
        end = word.end
    assert script_tag(raw) == "" or script_tag(raw).startswith("und-")


def test_what_is_no_letter_has_no_script() -> None:
    assert [script_of(character) for character in "1 .\u0301\u200b"] == [""] * 5
