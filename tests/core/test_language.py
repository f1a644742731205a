"""The language of an item is what came with it, else its script, and never a guess."""

from __future__ import annotations

import pytest

from core.language import language_of
from tests.fixtures.values import make_item


@pytest.mark.parametrize(
    ("metadata", "content", "language"),
    [
        ({"language": "EN"}, "x", "en"),
        ({"lang": "pt_BR"}, "x", "pt-br"),
        ({"langs": ["de", "en"]}, "x", "de"),
        ({"language": "<b>", "lang": "fr"}, "x", "fr"),
        ({"language": 7}, "привет", "und-cyrl"),
        ({"language": "x" * 40}, "hello", "und-latn"),
        ({}, "123", ""),
    ],
)
def test_what_came_with_an_item_counts_first(metadata: dict[str, object], content: str, language: str) -> None:
    assert language_of(make_item(metadata=metadata, content=content)) == language
