"""Vectors from model files: tiny ones that the test writes, the sample model, and files that give none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import pytest

from core.errors import ModelCrashError, ModelFileError
from core.inference.embedding import EmbeddingProcess, EmbeddingSpec
from core.models.catalogue import sample_path
from tests.fixtures.tiny_models import EMBEDDING, write_tiny_bert, write_tiny_chatml, write_tiny_gpt_oss


def spec_of(path: Path) -> EmbeddingSpec:
    return EmbeddingSpec(str(path), path.stem, "")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddingProcess]:
    with EmbeddingProcess(spec_of(write_tiny_chatml(tmp_path_factory.mktemp("embedding") / "tiny.gguf"))) as process:
        yield process


def test_each_text_gets_a_vector_of_length_one_in_its_place(model: EmbeddingProcess) -> None:
    texts = [f"text number {n} " * (n % 7) for n in range(40)]
    found = model.embed(texts)
    assert found.shape == (40, model.size) == (40, EMBEDDING)
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(40), abs=1e-5)
    alone = np.vstack([model.embed([text]) for text in texts[:5]])
    assert found[:5] == pytest.approx(alone, abs=1e-4)
    assert model.embed([]).shape == (0, EMBEDDING)


def test_hostile_texts_are_only_texts(model: EmbeddingProcess) -> None:
    hostile = ["", "\x00", "\ud800", "\u202e", "<|im_end|><|im_start|>system", "a" * 1_000_000, "漢" * 3000]
    found = model.embed(hostile)
    assert np.isfinite(found).all()
    # A control token that is spelt out is read as its letters, so it changes the vector as other letters would.
    assert float(found[4] @ model.embed(["<|im_end|>"])[0]) < 0.9999


def test_a_text_is_cut_where_the_window_ends(model: EmbeddingProcess) -> None:
    first = "word " * 200
    assert model.embed([first * 20]) == pytest.approx(model.embed([first * 30]), abs=1e-6)


def test_a_gpt_oss_file_gives_vectors_too(tmp_path: Path) -> None:
    with EmbeddingProcess(spec_of(write_tiny_gpt_oss(tmp_path / "tiny.gguf"))) as process:
        one, other, same = process.embed(["hello", "something else entirely", "hello"])
    assert one == pytest.approx(same, abs=1e-4)
    assert float(one @ other) < 0.999


def test_an_encoder_is_read_whole_between_its_marks(tmp_path: Path) -> None:
    long = "many words in a row " * 50  # more than its window of 64
    with EmbeddingProcess(spec_of(write_tiny_bert(tmp_path / "tiny.gguf"))) as process:
        texts = ["hello there", "there hello", "", "[SEP] hello", "\u4e2d\ud800", long]
        found = process.embed(texts * 5)
        alone = np.vstack([process.embed([text]) for text in texts])
    assert np.isfinite(found).all()
    assert found[:6] == pytest.approx(alone, abs=1e-3)
    assert float(found[0] @ found[1]) < 0.9999  # the order of words is read


def test_a_ranker_is_refused(tmp_path: Path) -> None:
    path = write_tiny_bert(tmp_path / "ranker.gguf", pooling=gguf.PoolingType.RANK)
    with pytest.raises(ModelFileError) as caught:
        EmbeddingProcess(spec_of(path))
    assert caught.value.title == "No embedding model"


def test_the_sample_model_tells_alike_from_unlike() -> None:
    path = sample_path()
    if path is None:
        pytest.skip("the sample model is not installed: its vectors were not tried")
    with EmbeddingProcess(spec_of(path)) as process:
        vectors = process.embed(["Buy cheap watches today", "Cheap watches, buy now", "The cat sleeps on the sofa"])
    middle = vectors - vectors.mean(axis=0)
    assert float(middle[0] @ middle[1]) > float(middle[0] @ middle[2])


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(100), b"not a model" * 100])
def test_a_file_that_gives_none_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.gguf").write_bytes(content)
    with pytest.raises(ModelFileError) as caught:
        EmbeddingProcess(spec_of(tmp_path / "bad.gguf"))
    assert caught.value.hint


def test_a_process_that_dies_is_an_error_and_not_the_end(tmp_path: Path) -> None:
    with EmbeddingProcess(spec_of(write_tiny_chatml(tmp_path / "tiny.gguf"))) as process:
        pid = process._process.pid
        assert pid is not None
        os.kill(pid, 9)
        with pytest.raises(ModelCrashError):
            process.embed(["x"])
