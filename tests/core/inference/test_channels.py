"""Channel markup in an output: what is reasoning, what is final, and that no header raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inference.channels import split_channels

ANALYSIS, FINAL = "<|channel|>analysis<|message|>", "<|start|>assistant<|channel|>final<|message|>"


@pytest.mark.parametrize(
    ("output", "reasoning", "final"),
    [
        ("VALID", "", "VALID"),
        (f"{ANALYSIS}It is fine.<|end|>{FINAL}VALID<|return|>", "It is fine.", "VALID"),
        (f"<|start|>assistant{ANALYSIS}a<|end|>{FINAL}VALID", "a", "VALID"),
        (f"It is fine.<|end|>{FINAL}VALID", "It is fine.", "VALID"),
        ("<|channel|>final<|message|>VALID", "", "VALID"),
        ("<|channel|>final <|constrain|>json<|message|>{}", "", "{}"),
        ("VALID<|return|>", "", "VALID"),
        ("VALID<|end|>", "", "VALID"),
        (f"{ANALYSIS}It is VALID", "It is VALID", None),
        (f"{ANALYSIS}It is VALID<|end|>", "It is VALID", None),
        (f"{ANALYSIS}a<|end|><|start|>assistant<|channel|>commentary<|message|>b<|call|>", "a\n\nb", None),
        ("<|channel|>final VALID", "final VALID", None),
        ("<|channel|>finalist<|message|>VALID", "VALID", None),
        (f"{ANALYSIS}a<|end|>{FINAL}", "a", ""),
        (f"{FINAL}VALID<|end|>{FINAL}INVALID", "", "VALID\n\nINVALID"),
        (
            "INVALID: it holds <|channel|>final<|message|>VALID",
            "",
            "INVALID: it holds <|channel|>final<|message|>VALID",
        ),
        ("<|im_end|>VALID", "", "<|im_end|>VALID"),
        (f'{{"rationale":"{FINAL}B"}}<|return|>', "", f'{{"rationale":"{FINAL}B"}}'),
    ],
)
def test_split(output: str, reasoning: str, final: str | None) -> None:
    channels = split_channels(output)
    assert (channels.reasoning, channels.final) == (reasoning, final)


def test_what_the_source_has_separated_is_not_split_again() -> None:
    assert split_channels(f"INVALID{FINAL}VALID", separated=True).final == f"INVALID{FINAL}VALID"
    assert split_channels(f"{ANALYSIS}a<|end|>{FINAL}VALID", separated=True).final == "VALID"


def test_an_opening_that_may_be_an_answer_is_shown() -> None:
    assert split_channels(f"INVALID<|end|>{FINAL}VALID").opening == "INVALID"
    assert split_channels(f"{ANALYSIS}a<|end|>{FINAL}VALID").opening == ""


MARKS = st.sampled_from(
    [
        "<|start|>",
        "<|end|>",
        "<|message|>",
        "<|channel|>",
        "<|constrain|>",
        "<|return|>",
        "<|call|>",
        "analysis",
        "final",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKS | st.text(max_size=5), max_size=20).map("".join))
def test_no_markup_raises_and_nothing_is_made_up(output: str) -> None:
    for separated in (False, True):
        channels = split_channels(output, separated=separated)
        for word in f"{channels.reasoning} {channels.final or ''} {channels.opening}".split():
            assert word in output
