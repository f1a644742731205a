"""The second opinion: what it learns, what is stored of it, and that nothing stored can run."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from core.domain import Item, ItemKind
from core.errors import UsageError
from core.insight.assessment import assess
from core.insight.second_opinion import (
    LEAST_LABELS,
    LONGEST,
    SEED,
    STRENGTH,
    Given,
    Labelled,
    SecondOpinion,
    check_labels,
    text_of,
)
from tests.fixtures.labelled import SELLING, labelled_items


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    pairs = labelled_items(200)
    return Labelled([text_of(item) for item, _ in pairs], [side for _, side in pairs])


@pytest.fixture(scope="module")
def model(labelled: Labelled) -> SecondOpinion:
    return labelled.train(np.arange(200))


def test_it_is_scikit_learns_own_pipeline(labelled: Labelled, model: SecondOpinion) -> None:
    pairs, fresh = labelled_items(200), [item for item, _ in labelled_items(50, seed=2)]
    texts, new = [text_of(item) for item, _ in pairs], [text_of(item) for item in fresh]
    options = {"min_df": 2, "sublinear_tf": True}
    blocks = (
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", **options),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), **options),
    )
    seen = hstack([block.fit_transform(texts) for block in blocks])
    theirs = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED, max_iter=1000)
    theirs.fit(seen.tocsr(), [side for _, side in pairs])
    expected = theirs.predict_proba(hstack([block.transform(new) for block in blocks]).tocsr())[:, 1]
    assert list(model.score(fresh)) == pytest.approx(expected.tolist(), abs=1e-9)


def test_what_was_stored_scores_as_what_was_trained(model: SecondOpinion) -> None:
    fresh = [item for item, _ in labelled_items(30, seed=3)]
    again = SecondOpinion.from_bytes(model.to_bytes())
    assert list(again.score(fresh)) == pytest.approx(list(model.score(fresh)), abs=1e-6)
    assert again.features == model.features


def test_the_stored_form_is_json_and_cannot_run(model: SecondOpinion) -> None:
    document = json.loads(zlib.decompress(model.to_bytes()))
    assert set(document) == {"format", "blocks", "weights", "bias"}
    for source in Path("core").rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        assert "import pickle" not in text, source
        assert "joblib" not in text, source


@pytest.mark.parametrize("broken", [b"", b"no", zlib.compress(b"[]"), zlib.compress(b'{"format": 99}')])
def test_a_broken_form_is_refused(broken: bytes) -> None:
    with pytest.raises((ValueError, zlib.error, AttributeError)):
        SecondOpinion.from_bytes(broken)


def test_the_words_that_weigh_are_those_that_decide(model: SecondOpinion) -> None:
    words = model.words(10)
    sellers = {part for word in SELLING for part in (word, *word.split())}
    assert [word.weight > 0 for word in words] == [True] * 5 + [False] * 5
    assert len({word.text for word in words[:5]} & sellers) >= 4
    item = Item("x", ItemKind.MESSAGE, "cheap garden and discount")
    moved = model.words_of(item)
    assert {word.text: word.weight > 0 for word in moved if word.text in ("cheap", "garden")} == {
        "cheap": True,
        "garden": False,
    }


def test_cross_validation_holds_out_what_it_scores() -> None:
    # Each item has a word of its own: a model that had seen an item would know its random side by heart.
    random = np.random.default_rng(4)
    truth = random.random(200) < 0.5
    labelled = Labelled([f"unique{number} unique{number}" for number in range(200)], truth.tolist())
    found = assess(labelled, curve=(50, 100))
    assert found.auc.value is not None
    assert 0.35 < found.auc.value < 0.65


def test_more_labels_teach_more(labelled: Labelled) -> None:
    found = assess(labelled, curve=(10, 160, 500))
    assert [point.labels for point in found.curve] == [10, 160]
    assert found.curve[0].auc.value is not None
    assert found.curve[1].auc.value is not None
    assert found.curve[0].auc.value < found.curve[1].auc.value <= (found.auc.value or 0) + 0.01


@pytest.mark.parametrize(
    "truth", [[], [True] * 10 + [False] * (LEAST_LABELS - 11), [True] * 9 + [False] * 200, [True] * 500]
)
def test_too_few_labels_say_so(truth: list[bool]) -> None:
    with pytest.raises(UsageError) as caught:
        check_labels(truth)
    assert caught.value.title == "Not enough labels"
    check_labels([True] * 10 + [False] * (LEAST_LABELS - 10))


def test_hostile_texts_are_only_texts() -> None:
    texts = ["\x00\u202e", "", "=cmd()", "a" * 1_000_000, "\ud800", "漢字 " * 50] * 20
    items = [Item(str(n), ItemKind.MESSAGE, text) for n, text in enumerate(texts)]
    assert max(len(text_of(item)) for item in items) <= LONGEST + 2
    labelled = Labelled([text_of(item) for item in items], [n % 3 == 0 for n in range(len(items))])
    model = labelled.train(np.arange(len(items)))
    assert all(0 <= score <= 1 for score in SecondOpinion.from_bytes(model.to_bytes()).score(items))


def test_vectors_beside_words_are_a_scaled_block_of_the_same_pipeline() -> None:
    random = np.random.default_rng(4)
    truth = [n % 3 == 0 for n in range(120)]
    texts = [f"word{n % 5} other{n % 7}" for n in range(120)]
    vectors = random.normal(size=(120, 6)).astype(np.float32) + np.array(truth)[:, None]
    rows = np.arange(100)
    model = Labelled(texts, truth, given=Given(vectors, "ab", "tiny"), words=False).train(rows)
    seen = (vectors[rows] - vectors[rows].mean(axis=0)) / (vectors[rows].std(axis=0) * np.sqrt(6))
    theirs = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=SEED, max_iter=1000)
    theirs.fit(seen, np.array(truth)[rows])
    assert model.weights == pytest.approx(theirs.coef_[0], rel=1e-3, abs=1e-4)
    items = [Item(str(n), ItemKind.MESSAGE, text) for n, text in enumerate(texts)]
    again = SecondOpinion.from_bytes(model.to_bytes())

    def embed(page: Sequence[Item]) -> NDArray[np.float32]:
        return vectors[[int(item.id) for item in page]]

    scores = list(again.score(items, embed))
    assert scores == pytest.approx(list(model.score(items, embed)), abs=1e-5)
    assert roc_auc_score(truth[100:], scores[100:]) > 0.8
    with pytest.raises(ValueError, match="vectors"):
        list(again.score(items))
    both = Labelled(texts, truth, given=Given(vectors, "ab", "tiny")).train(rows)
    assert both.features > model.features == 6


def test_texts_without_a_single_term_still_give_a_share() -> None:
    labelled = Labelled(["", " "] * 40, [True] * 20 + [False] * 60)
    model = labelled.train(np.arange(80))
    [score] = model.score([Item("x", ItemKind.MESSAGE, "anything")])
    assert score == pytest.approx(0.25, abs=0.01)
    assert model.words_of(Item("x", ItemKind.MESSAGE, "anything")) == []
