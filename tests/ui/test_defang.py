"""Copied addresses are harmless, and everything else is copied as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.defang import defang


@pytest.mark.parametrize(
    ("raw", "copied"),
    [
        ("http://a.example/x?y=1", "hxxp[:]//a[.]example/x?y=1"),
        ("HTTPS://EVIL.EXAMPLE", "hxxpS[:]//EVIL[.]EXAMPLE"),
        ("go to evil.co.uk now", "go to evil[.]co[.]uk now"),
        ("http://localhost:80/", "hxxp[:]//localhost:80/"),
        ("ftp://f.example", "ftp[:]//f[.]example"),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("mailto:a@b.example", "mailto[:]a[@]b[.]example"),
        ("пример.рф", "пример[.]рф"),
        ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd[.]xn--p1ai"),
        ("10.0.0.1:8080", "10[.]0[.]0[.]1:8080"),
    ],
)
def test_addresses_cannot_be_followed(raw: str, copied: str) -> None:
    assert defang(raw) == copied


@pytest.mark.parametrize("raw", ["e.g. this. And that", "version 1.2.3", "10:30, ratio 3:4", "data: none", "C:\\x"])
def test_plain_words_stay(raw: str) -> None:
    assert defang(raw) == raw


@given(st.text(alphabet="htps:/.@axn-_1 \n[]", max_size=200))
def test_no_live_scheme_is_left_and_nothing_but_marks_is_added(raw: str) -> None:
    copied = defang(raw)
    assert "http://" not in copied.lower()
    assert live_again(copied) == live_again(raw)


def live_again(text: str) -> str:
    for dead, live in (("[.]", "."), ("[:]", ":"), ("[@]", "@"), ("hxxp", "http")):
        text = text.replace(dead, live)
    return text


def test_a_million_characters_take_no_time_that_grows_faster_than_they_do() -> None:
    for raw in ("a." * 500_000, "a" * 1_000_000, "http://" * 100_000, "a-" * 500_000, "a@" * 500_000):
        defang(raw)
