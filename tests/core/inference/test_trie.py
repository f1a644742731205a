"""The arithmetic of label choices against a softmax worked out apart."""

from __future__ import annotations

import numpy as np
import pytest

from core.inference.engine.trie import Trie


def softmax(logits: np.ndarray) -> np.ndarray:
    wide = np.exp(logits.astype(np.float64) - logits.max())
    return wide / wide.sum()


def test_one_option_is_decided_without_logits() -> None:
    trie = Trie([[5, 6, 7]])
    assert trie.decided
    assert trie.common == [5, 6, 7]
    assert trie.probabilities() == [1.0]


def test_one_branch_gives_the_softmax_over_the_options_and_the_mass() -> None:
    trie = Trie([[1, 2, 9], [1, 3, 9], [1, 4, 9]])
    assert trie.common == [1]
    logits = np.array([0.0, 1.0, 2.0, 0.5, -1.0, 3.0, 0, 0, 0, 0], dtype=np.float32)
    fed = trie.branch(logits)
    chances = softmax(logits)
    assert fed == [2, 9]
    assert trie.decided
    assert trie.chosen == 0
    assert trie.mass == pytest.approx(chances[[2, 3, 4]].sum())
    assert trie.probabilities() == pytest.approx(list(chances[[2, 3, 4]] / chances[[2, 3, 4]].sum()))


def test_two_branches_multiply_and_unasked_options_share() -> None:
    # options 0 and 1 part from 2 and 3 first; the walk goes to 0/1 and then parts again
    trie = Trie([[1, 5], [1, 6], [2, 5], [2, 6]])
    assert trie.common == []
    trie.branch(np.log(np.array([1e-9, 0.6, 0.4, 1e-9, 1e-9, 1e-9, 1e-9], dtype=np.float32)))
    assert not trie.decided
    trie.branch(np.log(np.array([1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.25, 0.75], dtype=np.float32)))
    assert trie.chosen == 1
    assert trie.probabilities() == pytest.approx([0.15, 0.45, 0.2, 0.2], abs=1e-6)
    assert sum(trie.probabilities()) == pytest.approx(1.0)


def test_no_mass_on_any_option_still_orders_them() -> None:
    trie = Trie([[1], [2]])
    trie.branch(np.array([500.0, -300.0, -301.0], dtype=np.float32))
    assert trie.chosen == 0
    assert trie.mass == pytest.approx(0.0)
    assert trie.probabilities()[0] == pytest.approx(np.e / (1 + np.e))


@pytest.mark.parametrize("paths", [[], [[1], [1, 2]], [[1, 2], [1, 2]]])
def test_impossible_choices_are_refused(paths: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="option"):
        Trie(paths)


@pytest.mark.parametrize("shift", [-30_000.0, 0.0, 30_000.0])
def test_the_mass_is_exact_over_a_wide_vocabulary(shift: float) -> None:
    logits = np.random.default_rng(5).normal(0.0, 4.0, 200_000).astype(np.float32)
    logits[[7, 9]] = 14.0, 13.0
    shifted = (logits.astype(np.float64) + shift).astype(np.float32)
    trie = Trie([[7], [9]])
    trie.branch(shifted)
    assert trie.mass == pytest.approx(softmax(shifted)[[7, 9]].sum(), rel=1e-5)
