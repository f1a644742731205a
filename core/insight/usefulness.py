"""What to look at next: the open items whose labels would teach the most.

It owns the mixture of reasons and the spread over unlike items. It reads no database, and orders nothing but its own
list. Uncertainty sampling: D. Lewis, W. Gale, SIGIR 1994; the spread is maximal marginal relevance (J. Carbonell,
J. Goldstein, SIGIR 1998).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer

from core.domain.opinions import Useful

WEIGHTS = {"uncertain": 0.35, "disputed": 0.35, "clause": 0.3}
"""How much each reason counts."""

SPREAD = 0.5
"""How much likeness to what is listed already takes away: 0 nothing, 1 all."""

_NAMED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open entry: what the model is unsure of, how probable a human disagrees, which clauses it cites, its text.

    `uncertainty` and `expected` run from 0 to 1; `expected` is None without a second opinion.
    """

    entry: int
    item_id: str
    uncertainty: float
    expected: float | None
    clauses: tuple[str, ...]
    text: str


def most_useful(candidates: Sequence[Candidate], decided: Mapping[str, int], count: int) -> list[Useful]:
    """Return at most `count` candidates, the most useful first, each with its reasons.

    `decided` says how many decided items cite each clause: one that few cite is worth a look.
    """
    if not candidates:
        return []
    reasons = [_reasons(candidate, decided) for candidate in candidates]
    worth = np.array([sum(WEIGHTS[name] * value for name, value in reason.items()) for reason in reasons])
    # A hashed vectorizer learns nothing, so a page of candidates needs no fitted vocabulary.
    vectors = HashingVectorizer(n_features=2**18, alternate_sign=False, norm="l2").transform(
        candidate.text for candidate in candidates
    )
    likeness = np.zeros(len(candidates))
    left = np.ones(len(candidates), dtype=bool)
    listed: list[Useful] = []
    for _ in range(min(count, len(candidates))):
        value = np.where(left, worth * (1 - SPREAD * likeness), -np.inf)
        best = int(value.argmax())
        named = [name for name, amount in reasons[best].items() if amount >= _NAMED_FROM]
        if listed and likeness[best] < 1 - _NAMED_FROM and not named:
            named = ["different"]
        listed.append(Useful(candidates[best].entry, candidates[best].item_id, float(value[best]), tuple(named)))
        left[best] = False
        likeness = np.maximum(likeness, np.asarray((vectors @ vectors[best].T).todense()).ravel())
    return listed


def _reasons(candidate: Candidate, decided: Mapping[str, int]) -> dict[str, float]:
    rarity = max((1 / (1 + decided.get(clause, 0)) for clause in candidate.clauses), default=0.0)
    return {"uncertain": candidate.uncertainty, "disputed": candidate.expected or 0.0, "clause": rarity}
