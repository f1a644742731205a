"""Personal data is found by its form, and ordinary text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.masking import mask_text, mask_value


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail kim.lee+x@mail.example.co.uk now", "mail [email] now"),
        ("see https://example.org/a?b=c and www.example.org", "see [link] and [link]"),
        ("from 192.168.0.1 or 2001:db8:0:0:0:0:0:1", "from [ip] or [ip]"),
        ("card 4111 1111 1111 1111!", "card [card]!"),
        ("not a card 4111 1111 1111 1112", "not a card 4111 1111 1111 1112"),
        ("call +44 20 7946 0958", "call [phone]"),
        ("call (030) 901820-22", "call [phone]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [iban]"),
        ("by @kim_lee and @kim@social.example", "by [handle] and [handle]"),
        ("did:plc:abc123 said", "[did] said"),
        ("ssn 078-05-1120", "ssn [ssn]"),
    ],
)  # fmt: skip
def test_forms(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize("text", ["In 2024 we sold 12,500 units at 3.50 for 10:30", "version 1.2.3.4000 and 5 > 3"])
def test_ordinary_numbers_stay(text: str) -> None:
    assert mask_text(text) == text


def test_values_are_masked_all_the_way_down() -> None:
    assert mask_value({"a@b.cd": ["a@b.cd", {"x": "a@b.cd"}], "n": 5}) == {
        "a@b.cd": ["[email]", {"x": "[email]"}],
        "n": 5,
    }


@given(st.text("@.:/-+ ()0a", max_size=3000))
def test_no_text_takes_long(text: str) -> None:
    assert isinstance(mask_text(text), str)


@pytest.mark.parametrize("piece", ["a.", "1 ", "@", "1-", ":1", "http://", "a@a.", "(1)"])
def test_long_hostile_texts_end(piece: str) -> None:
    mask_text(piece * 20_000)
