"""The contrasts that the tokens promise, computed."""

from __future__ import annotations

import pytest

from ui.tokens import BOUNDARY_PAIRS, DARK, LIGHT, TEXT_PAIRS, Tokens, contrast


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_reaches_four_and_a_half_to_one(tokens: Tokens, front: str, back: str) -> None:
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
@pytest.mark.parametrize(("front", "back"), BOUNDARY_PAIRS)
def test_boundaries_reach_three_to_one(tokens: Tokens, front: str, back: str) -> None:
    assert contrast(getattr(tokens, front), getattr(tokens, back)) >= 3.0


def test_contrast_of_black_and_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == pytest.approx(1.0)


def test_schemes_know_which_is_dark() -> None:
    assert DARK.is_dark
    assert not LIGHT.is_dark
