"""The view that spells out: nothing is left that looks like something else, and offsets still lead back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.revealing import make_revealed
from ui.visible import make_visible


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\u200bb", "a⟦U+200B ZERO WIDTH SPACE⟧b"),
        ("pay \u202emoc", "pay ⟦U+202E RIGHT-TO-LEFT OVERRIDE⟧moc"),
        ("pаypal", "p⟦а U+0430 CYRILLIC⟧ypal"),
        ("Z" + "\u0335" * 9 + "x", "Z⟦9 COMBINING⟧x"),
        ("a\u00a0b\tc", "a⟦U+00A0⟧b⟦U+0009⟧c"),
        ("\U000e0068\U000e0069", "⟦TAGS: hi⟧"),
        ("\ue000", "⟦U+E000⟧"),
        ("plain é text", "plain é text"),
    ],
)
def test_what_deceives_is_spelled_out(raw: str, text: str) -> None:
    assert "\n".join(make_revealed(raw).blocks) == text


@given(st.text(max_size=2_000))
def test_sources_lead_back_to_the_raw_text(raw: str) -> None:
    revealed = make_revealed(raw)
    for block, marks, sources in zip(revealed.blocks, revealed.marks, revealed.sources, strict=True):
        assert len(sources) == len(block)
        marked = {place for mark in marks for place in range(mark.start, mark.start + mark.length)}
        assert all(block[n] == raw[sources[n]] for n in range(len(block)) if n not in marked)
    assert revealed.hidden >= make_visible(raw).hidden
