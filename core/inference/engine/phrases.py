"""The tokens of texts that are the same for every item, remembered: labels, rules and the scaffold of a verdict.

It owns that memory, which pays for itself with a vocabulary of 200,000 tokens: half a millisecond a text, a dozen texts
an item. It must never be given content.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

REMEMBERED = 2048  # texts; a policy has a few for each label and rule


class Vocabulary(Protocol):
    """What the run of an item needs of a tokenizer."""

    pieces: list[bytes]
    is_end: NDArray[np.bool_]
    is_special: NDArray[np.bool_]

    def tokenize_own(self, text: str) -> Sequence[int]:
        """Tokenise fixed text with control tokens."""
        ...

    def tokenize_untrusted(self, text: str) -> Sequence[int]:
        """Tokenise text without control tokens."""
        ...


class Phrases:
    """A vocabulary that remembers what it has tokenised. One is made for each model as it is loaded."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Remember nothing yet."""
        self.pieces = vocabulary.pieces
        self.is_end = vocabulary.is_end
        self.is_special = vocabulary.is_special
        self._own = lru_cache(REMEMBERED)(lambda text: tuple(vocabulary.tokenize_own(text)))
        self._untrusted = lru_cache(REMEMBERED)(lambda text: tuple(vocabulary.tokenize_untrusted(text)))

    def tokenize_own(self, text: str) -> Sequence[int]:
        """Tokenise fixed text with control tokens."""
        return self._own(text)

    def tokenize_untrusted(self, text: str) -> Sequence[int]:
        """Tokenise fixed text without control tokens."""
        return self._untrusted(text)
