"""The contrasts that the tokens promise, computed."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from ui.tokens import BOUNDARY_PAIRS, CONTRAST, DARK, LIGHT, TEXT_PAIRS, Tokens, contrast, without_colour

COLOURED = [LIGHT, DARK, CONTRAST]
SCHEMES = [*COLOURED, *(replace(without_colour(one), name=f"{one.name}-grey") for one in COLOURED)]


@pytest.mark.parametrize("tokens", SCHEMES, ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_reaches_four_and_a_half_to_one(tokens: Tokens, front: str, back: str) -> None:
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 4.5


@pytest.mark.parametrize("tokens", SCHEMES, ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("front", "back"), BOUNDARY_PAIRS)
def test_boundaries_reach_three_to_one(tokens: Tokens, front: str, back: str) -> None:
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 3.0


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == pytest.approx(1.0)


def test_schemes_know_which_is_dark() -> None:
    assert DARK.is_dark
    assert not LIGHT.is_dark


@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_high_contrast_reaches_seven_to_one(front: str, back: str) -> None:
    assert contrast(getattr(CONTRAST, front), getattr(CONTRAST, back)) >= 7.0


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST], ids=lambda tokens: tokens.name)
def test_without_colour_everything_is_grey_and_as_light_as_before(tokens: Tokens) -> None:
    grey = without_colour(tokens)
    assert grey.name == tokens.name
    for entry in fields(Tokens):
        if entry.name == "name":
            continue
        value = getattr(grey, entry.name)
        assert value[1:3] == value[3:5] == value[5:7]
        assert contrast(value, getattr(tokens, entry.name)) < 1.05
