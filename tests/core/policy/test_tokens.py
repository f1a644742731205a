"""The estimate of tokens, held against the vocabulary of gpt-oss."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.policy.document import parse_policy
from core.policy.tokens import estimate_tokens

POLICIES = sorted((Path(__file__).resolve().parents[3] / "policies").glob("*.md"))


def test_an_estimate_of_nothing_is_nothing_and_more_text_has_more_tokens() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("one two three") == 3
    assert estimate_tokens("=" * 64) == 1
    assert estimate_tokens("привет мир") > 1
    assert estimate_tokens("你好" * 10) >= 10


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:open_binary is deprecated:DeprecationWarning")  # of bpe-openai itself
@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_the_estimate_is_within_three_percent_on_the_policies_that_ship(path: Path) -> None:
    import bpe_openai

    body = parse_policy(path.read_text(encoding="utf-8")).body
    exact = len(bpe_openai.get_encoding("o200k_base").encode(body))
    assert 400 <= exact <= 600
    assert estimate_tokens(body) == pytest.approx(exact, rel=0.03)
