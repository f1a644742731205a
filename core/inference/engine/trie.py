"""A choice between token sequences, read from the logits where they part.

It owns the arithmetic of label scores: at each point where the sequences part, the probabilities of the next tokens
that lead to an option are read from the softmax over the whole vocabulary. It knows no model and no text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Trie:
    """Options as token sequences, none a prefix of another, walked from their common start to one of them.

    At a branch the most probable child is taken. An option's probability is the product of its branch shares
    along the walk; options that leave the walk at a branch and part again later share that branch's probability
    equally, because the model was not asked about them.
    """

    def __init__(self, paths: Sequence[Sequence[int]]) -> None:
        """Start before the first token; `paths` has one sequence for each option.

        Raises:
            ValueError: no option, or one option's tokens begin another's.
        """
        if not paths:
            raise ValueError("a choice needs an option")
        self._paths = [tuple(path) for path in paths]
        for one in self._paths:
            for other in self._paths:
                if one is not other and other[: len(one)] == one:
                    raise ValueError("an option begins with another option")
        self._left = list(range(len(paths)))
        self._depth = 0
        self._shares = np.ones(len(paths), dtype=np.float64)
        self.mass = 1.0
        self.path: list[int] = []
        self.common = self._walk_single()

    @property
    def decided(self) -> bool:
        """Whether one option is left."""
        return len(self._left) == 1

    @property
    def chosen(self) -> int:
        """The index of the option that is left."""
        return self._left[0]

    def probabilities(self) -> list[float]:
        """Return one probability for each option; they sum to 1."""
        return [float(share) for share in self._shares / self._shares.sum()]

    def _walk_single(self) -> list[int]:
        fed: list[int] = []
        while True:
            tokens = {self._paths[i][self._depth] for i in self._left if self._depth < len(self._paths[i])}
            if len(tokens) != 1:
                break
            fed.append(tokens.pop())
            self._depth += 1
        self.path += fed
        return fed

    def branch(self, logits: NDArray[np.float32]) -> list[int]:
        """Take the most probable child by these logits (vocabulary size); return the tokens to feed."""
        total = _log_of_sum(logits)
        groups: dict[int, list[int]] = {}
        for option in self._left:
            groups.setdefault(self._paths[option][self._depth], []).append(option)
        children = list(groups)
        some = logits[children].astype(np.float64)
        chances = np.exp(some - total)
        mass = float(chances.sum())
        self.mass *= mass
        # With no mass at all on any child the logits still order them.
        shares = np.exp(some - np.logaddexp.reduce(some))
        for share, child in zip(shares, children, strict=True):
            for option in groups[child]:
                self._shares[option] *= share / len(groups[child])
        best = children[int(shares.argmax())]
        for option in groups[best]:
            self._shares[option] *= len(groups[best])
        self._left = groups[best]
        self._depth += 1
        self.path.append(best)
        return [best, *self._walk_single()]


def _log_of_sum(logits: NDArray[np.float32]) -> float:
    """Return the logarithm of the sum of exponentials, within 1e-6: numpy's own takes ten times as long."""
    top = logits.max()
    return float(top) + math.log(float(np.exp(logits - top).sum(dtype=np.float64)))
