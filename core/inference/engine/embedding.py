"""A model file as a maker of vectors: each text becomes one point, by the pooling the file asks for, else the mean.

It owns the pooling, how texts share a pass, and the check that something usable came out. It knows no classifier and
no policy. It runs in a process of its own, as an abort of the library ends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import llama_cpp as llama
import numpy as np
from numpy.typing import NDArray

from core.errors import ModelFileError
from core.inference.engine.native import Model

TOKENS = 512
"""Tokens of a text that are read: what most embedding models were made for."""

PASS_TOKENS = 2048
TEXTS = 16
"""Texts in one pass through the weights at most."""

Vectors = NDArray[np.float32]


class Embedder:
    """A loaded model that gives vectors. `name` and `size` (numbers in a vector) are the file's."""

    def __init__(self, path: str, *, threads: int) -> None:
        """Load the weights.

        Raises:
            ModelFileError: they cannot be loaded, or the model gives no vectors of texts.
        """
        self._model = Model(path)
        handle = self._model.handle
        if llama.llama_model_has_encoder(handle) and llama.llama_model_has_decoder(handle):
            raise cannot_embed("it translates one text into another")
        self.size = int(llama.llama_model_n_embd(handle))
        self._context = self._open(threads, llama.LLAMA_POOLING_TYPE_UNSPECIFIED)
        pooling = llama.llama_pooling_type(self._context)
        if pooling == llama.LLAMA_POOLING_TYPE_RANK:
            raise cannot_embed("it ranks pairs of texts")
        if pooling == llama.LLAMA_POOLING_TYPE_NONE:  # a model that was made to write: its last states are averaged
            llama.llama_free(self._context)
            self._context = self._open(threads, llama.LLAMA_POOLING_TYPE_MEAN)
        self._batch = llama.llama_batch_init(PASS_TOKENS, 0, 1)
        self._longest = max(2, min(TOKENS, self._model.sizes().window or TOKENS))

    def _open(self, threads: int, pooling: int) -> object:
        params = llama.llama_context_default_params()
        params.embeddings = True
        params.pooling_type = pooling
        params.n_ctx = params.n_batch = params.n_ubatch = PASS_TOKENS  # a text must be read in one pass
        params.n_seq_max = TEXTS
        params.n_outputs_max = PASS_TOKENS
        params.kv_unified = True
        params.swa_full = True
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        context = llama.llama_init_from_model(self._model.handle, params)
        if not context:
            raise cannot_embed("llama.cpp cannot open it for vectors on this machine")
        return context

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a vector of length 1 for each text, in order: (texts, size), float32.

        Raises:
            ModelFileError: something came out that is no vector.
        """
        found = np.zeros((len(texts), self.size), dtype=np.float32)
        for group in self._passes([self._tokens(text) for text in texts]):
            self._run([tokens for _, tokens in group])
            for place, (row, _) in enumerate(group):
                pointer = llama.llama_get_embeddings_seq(self._context, place)
                if not pointer:
                    raise cannot_embed("it gives no vectors of texts")
                found[row] = np.ctypeslib.as_array(pointer, shape=(self.size,))
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or (lengths == 0).any():
            raise cannot_embed("what comes out is no number")
        return np.asarray(found / lengths, dtype=np.float32)

    def _tokens(self, text: str) -> list[int]:
        room = self._longest - self._model.frame_size
        return self._model.framed(self._model.tokenize_words(text[: 8 * TOKENS])[:room])

    @staticmethod
    def _passes(texts: Sequence[list[int]]) -> Iterator[list[tuple[int, list[int]]]]:
        group: list[tuple[int, list[int]]] = []
        tokens = 0
        for row in sorted(range(len(texts)), key=lambda row: len(texts[row])):
            if group and (len(group) == TEXTS or tokens + len(texts[row]) > PASS_TOKENS):
                yield group
                group, tokens = [], 0
            group.append((row, texts[row]))
            tokens += len(texts[row])
        if group:
            yield group

    def _run(self, texts: Sequence[list[int]]) -> None:
        batch = self._batch
        batch.n_tokens = 0
        for sequence, tokens in enumerate(texts):
            for position, token in enumerate(tokens):
                at = batch.n_tokens
                batch.token[at], batch.pos[at] = token, position
                batch.n_seq_id[at] = 1
                batch.seq_id[at][0] = sequence
                batch.logits[at] = True
                batch.n_tokens += 1
        memory = llama.llama_get_memory(self._context)
        if memory:  # an encoder has none
            llama.llama_memory_clear(memory, True)
        if llama.llama_decode(self._context, batch) != 0:
            raise cannot_embed("llama.cpp fails on it")


def cannot_embed(why: str) -> ModelFileError:
    """Return the refusal of a file that gives no vectors."""
    return ModelFileError(
        f"This model file cannot embed texts: {why}.",
        "Choose an embedding model as GGUF, such as all-MiniLM, bge or nomic-embed, or learn from words alone.",
        title="No embedding model",
    )
