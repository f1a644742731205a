"""The memory of fixed texts' tokens, over a vocabulary that counts how often it is asked."""

from __future__ import annotations

from collections import Counter

import numpy as np

from core.inference.engine.phrases import Phrases


class Counting:
    """Tokenises by character code, own text one higher, and counts."""

    def __init__(self) -> None:
        self.pieces = [b"a", b"b"]
        self.is_end = np.array([False, True])
        self.is_special = np.array([True, False])
        self.asked: Counter[str] = Counter()

    def tokenize_own(self, text: str) -> list[int]:
        self.asked[f"own {text}"] += 1
        return [ord(c) + 1 for c in text]

    def tokenize_untrusted(self, text: str) -> list[int]:
        self.asked[f"untrusted {text}"] += 1
        return [ord(c) for c in text]


def test_a_text_is_tokenised_once_and_never_for_its_double_of_the_other_kind() -> None:
    vocabulary = Counting()
    phrases = Phrases(vocabulary)
    for _ in range(3):
        assert list(phrases.tokenize_own("ab")) == [98, 99]
        assert list(phrases.tokenize_untrusted("ab")) == [97, 98]
    assert vocabulary.asked == {"own ab": 1, "untrusted ab": 1}


def test_what_is_returned_cannot_be_changed_for_the_next_who_asks() -> None:
    phrases = Phrases(Counting())
    assert isinstance(phrases.tokenize_own("x"), tuple)


def test_the_rest_of_the_vocabulary_is_passed_on() -> None:
    vocabulary = Counting()
    phrases = Phrases(vocabulary)
    assert phrases.pieces is vocabulary.pieces
    assert phrases.is_end is vocabulary.is_end
    assert phrases.is_special is vocabulary.is_special
