"""The second opinion: TF-IDF, vectors or both, with logistic regression, trained on one policy's own decisions.

It owns the features, the training and the stored form, which is numbers and terms and never a pickle: reading one can
run no code. scikit-learn does the arithmetic. It reads no database, and it never decides anything.
"""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from core.domain import Item
from core.domain.opinions import Word
from core.errors import CancelledError, UsageError

LEAST_LABELS = 50
LEAST_OF_A_SIDE = 10
FOLDS = 5
SEED = 20261124
LONGEST = 5000
"""Characters of an item that are read: what violates at all mostly does so early, and a score must not take seconds."""

MOST_TERMS = (40_000, 40_000)
"""Words and phrases, and character sequences, that are kept: those in the most items."""

STRENGTH = 10.0
"""Inverse strength of the regularisation. On the moderation set 3 to 30 differ by less than 0.003 of AUC."""

PAGE = 500
_FORMATS = (1, 2)
"""Of the stored form: 1 reads words, 2 vectors, too."""

_WORD = r"(?u)\b\w+\b"
_LARGEST_BYTES = 256 * 1024 * 1024

Reals = NDArray[np.float64]
Bits = NDArray[np.bool_]
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[Item]], Vectors]
"""Gives each item of a page its vector, in order: (items, numbers)."""

Matrix = Any
"""A sparse matrix of scipy, which has no types."""


def text_of(item: Item) -> str:
    """Return what is read of an item: the text under judgement, then the message it replies to."""
    text = f"{item.content[:LONGEST]}\n{(item.parent or '')[: LONGEST // 5]}"
    return unicodedata.normalize("NFKC", text)


def _counters() -> tuple[CountVectorizer, CountVectorizer]:
    return (
        CountVectorizer(ngram_range=(1, 2), token_pattern=_WORD, dtype=np.float64),
        CountVectorizer(analyzer="char_wb", ngram_range=(3, 4), dtype=np.float64),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """One kind of feature: its terms, in column order, with the inverse document frequency of each."""

    terms: tuple[str, ...]
    idf: Reals

    def weigh(self, counts: Matrix) -> Matrix:
        """Return TF-IDF of counts whose columns are these terms: sublinear, rows of length 1."""
        transformer = TfidfTransformer(sublinear_tf=True)
        transformer.idf_ = self.idf
        return transformer.transform(counts)


@dataclass(frozen=True, slots=True)
class Lens:
    """How vectors of one model are read: moved and stretched so that they weigh about as much as a block of words."""

    sha256: str
    name: str
    middle: Reals
    spread: Reals

    @classmethod
    def fit(cls, vectors: Vectors, *, sha256: str, name: str) -> Lens:
        """Return the lens of these vectors: mean 0 and, summed over all numbers, a spread of 1."""
        wide = np.asarray(vectors, dtype=np.float64)
        spread = np.maximum(wide.std(axis=0), 1e-6) * np.sqrt(wide.shape[1])
        return cls(sha256, name, wide.mean(axis=0), spread)

    def read(self, vectors: Vectors) -> Matrix:
        """Return vectors as columns of features."""
        return csr_matrix((np.asarray(vectors, dtype=np.float64) - self.middle) / self.spread)


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A trained classifier. `weights` belong to the terms of both blocks, one after the other, then to the vector."""

    blocks: tuple[_Block, _Block]
    weights: Reals
    bias: float
    lens: Lens | None = None

    @property
    def features(self) -> int:
        """How many terms, and numbers of a vector, it weighs."""
        return len(self.weights)

    def score(self, items: Iterable[Item], embed: Embed | None = None) -> Iterator[float]:
        """Yield the probability of violating of each item, in order; the items are read a page at a time.

        `embed` is needed, and used, where it has a lens.
        """
        counters = _counters()
        for counter, block in zip(counters, self.blocks, strict=True):
            counter.set_params(vocabulary={term: column for column, term in enumerate(block.terms)})
        waiting = iter(items)
        while page := list(islice(waiting, PAGE)):
            texts = [text_of(item) for item in page]
            weighed = [
                block.weigh(counter.transform(texts)) if block.terms else csr_matrix((len(texts), 0))
                for counter, block in zip(counters, self.blocks, strict=True)
            ]
            if self.lens is not None:
                if embed is None:
                    raise ValueError("vectors are needed")
                weighed.append(self.lens.read(embed(page)))
            yield from _probabilities(hstack(weighed).tocsr() @ self.weights + self.bias).tolist()

    def words(self, count: int = 20) -> list[Word]:
        """Return the words and phrases that weigh most: half of them for violating, first, and half for safe.

        They are ordered by what they move over all items, weight times how many have the word, or words seen twice
        would come first; the weight shown is the word's own.
        """
        block = self.blocks[0]
        terms = block.terms
        # The share of items with a word, from its inverse document frequency.
        moved = self.weights[: len(terms)] * block.idf * np.exp(1 - block.idf)
        order = np.argsort(moved, kind="stable")
        half = count // 2
        chosen = [int(n) for n in order[::-1][:half] if self.weights[n] > 0]
        chosen += [int(n) for n in order[:half] if self.weights[n] < 0]
        return [Word(terms[n], float(self.weights[n])) for n in chosen]

    def words_of(self, item: Item, count: int = 8) -> list[Word]:
        """Return the words of one item that moved its score most, by what each adds to the log odds."""
        block = self.blocks[0]
        if not block.terms:
            return []
        counter = _counters()[0].set_params(vocabulary={term: column for column, term in enumerate(block.terms)})
        row = block.weigh(counter.transform([text_of(item)])).tocoo()
        moved = [Word(block.terms[n], float(v * self.weights[n])) for n, v in zip(row.coords[1], row.data, strict=True)]
        return sorted((word for word in moved if word.weight), key=lambda word: -abs(word.weight))[:count]

    def to_bytes(self) -> bytes:
        """Return the stored form: compressed JSON."""
        document: dict[str, Any] = {
            "format": _FORMATS[0] if self.lens is None else _FORMATS[1],
            "blocks": [{"terms": block.terms, "idf": _rounded(block.idf)} for block in self.blocks],
            "weights": _rounded(self.weights),
            "bias": self.bias,
        }
        if self.lens is not None:
            lens = self.lens
            document["lens"] = {
                "sha256": lens.sha256,
                "name": lens.name,
                "middle": _rounded(lens.middle),
                "spread": _rounded(lens.spread),
            }
        return zlib.compress(json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))

    @classmethod
    def from_bytes(cls, stored: bytes) -> SecondOpinion:
        """Read the stored form.

        Raises:
            ValueError: it is not one, or of a newer format.
        """
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(stored, _LARGEST_BYTES)
        document = json.loads(raw)
        if unpacker.unconsumed_tail or document.get("format") not in _FORMATS:
            raise ValueError("no second opinion this version can read")
        first, second = (
            _Block(tuple(block["terms"]), np.asarray(block["idf"], dtype=np.float64)) for block in document["blocks"]
        )
        weights = np.asarray(document["weights"], dtype=np.float64)
        lens = _lens_of(document.get("lens"))
        numbers = 0 if lens is None else len(lens.middle)
        if len(weights) != len(first.terms) + len(second.terms) + numbers:
            raise ValueError("weights and terms do not match")
        return cls((first, second), weights, float(document["bias"]), lens)


def _lens_of(stored: dict[str, Any] | None) -> Lens | None:
    if stored is None:
        return None
    middle, spread = (np.asarray(stored[name], dtype=np.float64) for name in ("middle", "spread"))
    if middle.shape != spread.shape or not (spread > 0).all():
        raise ValueError("a lens that cannot be read through")
    return Lens(str(stored["sha256"]), str(stored["name"]), middle, spread)


def _rounded(values: Reals) -> list[float]:
    return [float(f"{value:.7g}") for value in values]


def _probabilities(log_odds: Reals) -> Reals:
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))), dtype=np.float64)


def check_labels(truth: Sequence[bool]) -> None:
    """Refuse to learn from too little.

    Raises:
        UsageError: fewer than `LEAST_LABELS` labels, or fewer than `LEAST_OF_A_SIDE` of a side.
    """
    violating = sum(truth)
    if len(truth) >= LEAST_LABELS and min(violating, len(truth) - violating) >= LEAST_OF_A_SIDE:
        return
    raise UsageError(
        f"There are not enough labels: {len(truth)} decided items, {violating} of them violating.",
        f"Decide at least {LEAST_LABELS}, with {LEAST_OF_A_SIDE} violating and {LEAST_OF_A_SIDE} safe ones.",
        title="Not enough labels",
    )


@dataclass(frozen=True, slots=True)
class Given:
    """The vectors of labelled texts, aligned with them, and the model they are of."""

    vectors: Vectors
    sha256: str
    name: str


class Labelled:
    """Labelled texts whose terms are counted once, so that cross-validation need not read them again and again.

    `given` are their vectors, if they are to be read; without `words` nothing else is.
    """

    def __init__(
        self, texts: Sequence[str], truth: Sequence[bool], *, given: Given | None = None, words: bool = True
    ) -> None:
        self.truth: Bits = np.asarray(truth, dtype=np.bool_)
        self._given = given
        self._counts: list[Matrix] = []
        self._terms: list[NDArray[Any]] = []
        for counter in _counters():
            try:
                counts = counter.fit_transform(texts if words else [""] * len(texts))
                self._counts.append(counts.tocsr())
                self._terms.append(counter.get_feature_names_out())
            except ValueError:  # not one term in all texts
                self._counts.append(csr_matrix((len(texts), 0)))
                self._terms.append(np.array([], dtype=object))

    def train(self, rows: NDArray[np.int64]) -> SecondOpinion:
        """Return a second opinion that has seen these rows only."""
        model, _ = self._fit(rows)
        return model

    def _fit(self, rows: NDArray[np.int64]) -> tuple[SecondOpinion, list[NDArray[np.int64]]]:
        """Return a model and, block by block, which columns of the counts are its terms."""
        blocks: list[_Block] = []
        weighed: list[Matrix] = []
        columns: list[NDArray[np.int64]] = []
        for counts, terms, most in zip(self._counts, self._terms, MOST_TERMS, strict=True):
            seen = counts[rows]
            frequency = np.asarray(seen.getnnz(axis=0)).ravel()
            kept = np.flatnonzero(frequency >= 2)
            if len(kept) > most:
                kept = np.sort(kept[np.argsort(-frequency[kept], kind="stable")[:most]])
            columns.append(kept)
            idf = np.log((1 + len(rows)) / (1 + frequency[kept])) + 1
            blocks.append(_Block(tuple(str(term) for term in terms[kept]), np.asarray(idf, dtype=np.float64)))
            weighed.append(blocks[-1].weigh(seen[:, kept]) if len(kept) else csr_matrix((len(rows), 0)))
        lens = None
        if self._given is not None:
            seen = self._given.vectors[rows]
            lens = Lens.fit(seen, sha256=self._given.sha256, name=self._given.name)
            weighed.append(lens.read(seen))
        features = hstack(weighed).tocsr()
        if not features.shape[1]:
            share = (self.truth[rows].sum() + 0.5) / (len(rows) + 1)
            nothing = SecondOpinion((blocks[0], blocks[1]), np.zeros(0), float(np.log(share / (1 - share))))
            return nothing, columns
        learner = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED, max_iter=1000)
        learner.fit(features, self.truth[rows])
        weights, bias = np.asarray(learner.coef_[0]), float(learner.intercept_[0])
        model = SecondOpinion((blocks[0], blocks[1]), weights, bias, lens)
        return model, columns

    def score(self, learnt: NDArray[np.int64], held: NDArray[np.int64]) -> Reals:
        """Return the probabilities of the rows `held` after learning from the rows `learnt`."""
        model, columns = self._fit(learnt)
        weighed = [
            block.weigh(counts[held][:, kept]) if len(kept) else csr_matrix((len(held), 0))
            for block, counts, kept in zip(model.blocks, self._counts, columns, strict=True)
        ]
        if model.lens is not None and self._given is not None:
            weighed.append(model.lens.read(self._given.vectors[held]))
        return _probabilities(hstack(weighed).tocsr() @ model.weights + model.bias)

    def folds(self, rows: NDArray[np.int64]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Return (rows to learn from, rows held) of each fold, the same each time; both sides in each."""
        splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        return [(rows[learnt], rows[held]) for learnt, held in splitter.split(rows, self.truth[rows])]

    def out_of_fold(
        self, rows: NDArray[np.int64], *, labels: int | None = None, stop: Callable[[], bool] = lambda: False
    ) -> Reals:
        """Return the probability of each of these rows from a model that did not see it.

        With `labels` each model learns from so many only, in the shares of both sides; `stop` is asked between folds.

        Raises:
            CancelledError: `stop` said so.
        """
        found = np.full(len(self.truth), np.nan)
        for learnt, held in self.folds(rows):
            if stop():
                raise CancelledError("Training was stopped; nothing was stored.", "Train again when you like.")
            found[held] = self.score(self._first(learnt, labels), held)
        return found[rows]

    def _first(self, rows: NDArray[np.int64], labels: int | None) -> NDArray[np.int64]:
        """Return a stratified sample of rows, the same each time; a smaller one is part of a larger one."""
        if labels is None or labels >= len(rows):
            return rows
        order = np.random.default_rng(SEED).permutation(rows)
        violating, safe = order[self.truth[order]], order[~self.truth[order]]
        take = min(max(1, round(labels * len(violating) / len(rows))), labels - 1)
        return np.concatenate([violating[:take], safe[: labels - take]])
