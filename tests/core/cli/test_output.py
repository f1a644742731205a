"""What may leave the command line: strict JSON and text that cannot steer a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli import output
from core.cli.progress import duration_text

ANY_TEXT = st.text(st.characters(), max_size=40)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    LEAVES | st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
    max_size=4,
)


@given(DOCUMENTS)
def test_a_document_comes_back_as_it_was(document: dict[str, object]) -> None:
    line = output.to_json(document)
    assert json.loads(line) == document
    assert len(line.splitlines()) == 1


@given(ANY_TEXT)
def test_json_is_utf8_and_free_of_controls_whatever_the_text(text: str) -> None:
    line = output.to_json({"text": text})
    line.encode("utf-8")
    assert not any(unicodedata.category(character) == "Cc" for character in line)


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        output.to_json({"score": float("nan")})


@given(ANY_TEXT)
def test_plain_text_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = output.visible(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\u202eoops\u202c", r"\u202eoops\u202c"),
        ("\U000e0041", r"\U000e0041"),
        ("\x9b31m", r"\x9b31m"),
        ("Grüße 日本 😀", "Grüße 日本 😀"),
    ],
)
def test_hidden_characters_are_written_out(text: str, shown: str) -> None:
    assert output.visible(text) == shown


def test_what_may_stay_stays() -> None:
    assert output.visible("a\nb\x00", keep="\n") == "a\nb\\x00"


def test_a_table_is_aligned_by_the_columns_characters_take() -> None:
    lines = list(output.table(("name", "n", "text"), [("日本", 5, "x"), ("abcde", None, "y")], right=[1]))
    assert lines == ["name   n  text", "日本   5  x", "abcde  -  y"]


def test_a_cut_is_marked_and_fits() -> None:
    assert output.shorten("abcdef", 4) == "abc…"
    assert output.shorten("日本語", 4) == "日…"
    assert output.shorten("abc", 4) == "abc"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (-1, "0 s")]
)
def test_durations_read_as_a_person_says_them(seconds: float, words: str) -> None:
    assert duration_text(seconds) == words
