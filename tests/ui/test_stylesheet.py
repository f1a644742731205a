"""The stylesheet is complete: no token left unfilled, and the only pictures it names are ours."""

from __future__ import annotations

import re

import pytest

from ui.icons import chevron_path
from ui.stylesheet import build_stylesheet
from ui.tokens import DARK, LIGHT, Tokens


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=lambda tokens: tokens.name)
def test_every_token_is_filled_in(qapp: object, tokens: Tokens) -> None:
    sheet = build_stylesheet(tokens, chevron=chevron_path(tokens))
    assert "$" not in sheet
    assert re.findall(r'url\("([^"]+)"\)', sheet) == [chevron_path(tokens)]
    assert sheet.count("{") == sheet.count("}")


def test_colours_come_from_the_tokens_only(qapp: object) -> None:
    values = {getattr(LIGHT, name) for name in LIGHT.__slots__}
    assert set(re.findall(r"#[0-9a-fA-F]{6}", build_stylesheet(LIGHT))) <= values
