"""llama.cpp as a few plain operations: load, tokenise safely, decode a batch, read logits, copy and drop sequences.

Besides `repack` the only module of Docket that imports llama_cpp. It knows nothing of policies or verdicts. Every
failure of the library becomes a ModelError; an abort inside it kills the process, which is why this runs in a child.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import llama_cpp as llama
import numpy as np
from numpy.typing import NDArray

from core.errors import ContextError, ModelError, ModelFileError
from core.inference.device import Device
from core.inference.engine.devices import hold_placement, list_devices, supports_cpu_experts, supports_offload
from core.inference.engine.settings import PREFIXES, EnginePlan
from core.inference.engine.threads import Threads
from core.inference.prompt import Piece

_SPECIAL = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED
_LOGGED_LEVELS = (3, 4)  # ggml's WARN and ERROR
_backend_ready = False
_keep_alive: list[object] = []


def start_backend() -> None:
    """Start the backend once and send its log to standard error, which the parent keeps in a file."""
    global _backend_ready
    if _backend_ready:
        return

    @llama.llama_log_callback  # type: ignore[untyped-decorator]
    def log(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        if level in _LOGGED_LEVELS:
            sys.stderr.write(text.decode("utf-8", "replace"))
            sys.stderr.flush()

    _keep_alive.append(log)  # a collected callback crashes the process
    llama.llama_log_set(log, ctypes.c_void_p(0))
    llama.llama_backend_init()
    _backend_ready = True


def system_info() -> str:
    """Return what llama.cpp says of the processor features it was built with."""
    return str(llama.llama_print_system_info().decode("utf-8", "replace")).strip()


def file_type_of(path: Path) -> int:
    """Return llama.cpp's number for how a file's weights are stored, -1 when its header does not say."""
    start_backend()
    params = llama.llama_model_default_params()
    params.vocab_only = True
    model = llama.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        return -1
    buffer = ctypes.create_string_buffer(32)
    size = llama.llama_model_meta_val_str(model, b"general.file_type", buffer, 32)
    llama.llama_model_free(model)
    return int(buffer.value) if size > 0 and buffer.value.isdigit() else -1


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the model's header says: trained window in tokens, layers, heads, bytes of weights and KV for one token."""

    window: int
    layers: int
    heads: int
    weight_bytes: int
    kv_bytes_per_token: int


class Model:
    """A loaded model and its vocabulary."""

    def __init__(self, path: str, *, gpu_layers: int = 0, cpu_experts: int = 0) -> None:
        """Load the weights, `gpu_layers` on graphics cards without the experts of the first `cpu_experts` layers.

        Raises:
            ModelFileError: it cannot be loaded, or not so.
        """
        start_backend()
        params = llama.llama_model_default_params()
        params.n_gpu_layers = gpu_layers
        self._held = hold_placement(params, gpu_layers=gpu_layers, cpu_experts=cpu_experts)
        self._model = llama.llama_model_load_from_file(path.encode(), params)
        if not self._model:
            raise ModelFileError(
                "llama.cpp could not load the model file.",
                "Check the file with `main.py model list`, or fetch it again.",
            )
        self._vocab = llama.llama_model_get_vocab(self._model)
        self.vocab_size: int = llama.llama_vocab_n_tokens(self._vocab)
        self._read_vocabulary()

    def _read_vocabulary(self) -> None:
        attributes = [llama.llama_vocab_get_attr(self._vocab, token) for token in range(self.vocab_size)]
        self.is_special: NDArray[np.bool_] = np.array([bool(a & _SPECIAL) for a in attributes], dtype=np.bool_)
        self.is_end: NDArray[np.bool_] = np.array(
            [llama.llama_vocab_is_eog(self._vocab, token) for token in range(self.vocab_size)], dtype=np.bool_
        )
        self.pieces: list[bytes] = [self._piece(token) for token in range(self.vocab_size)]
        self._special_ids = {self.pieces[t].decode("utf-8", "replace"): int(t) for t in np.flatnonzero(self.is_special)}
        texts = sorted((text for text in self._special_ids if text), key=len, reverse=True)
        self._special_texts = re.compile("|".join(map(re.escape, texts))) if texts else None

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(64)
        size = llama.llama_token_to_piece(self._vocab, token, buffer, 64, 0, True)
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = llama.llama_token_to_piece(self._vocab, token, buffer, -size, 0, True)
        return buffer.raw[: max(size, 0)]

    def special_id(self, text: str) -> int | None:
        """Return the id of the control token with exactly this text, or None. Ids are never assumed."""
        return self._special_ids.get(text)

    def sizes(self) -> Sizes:
        """Return the sizes that decide how much fits where."""
        head = llama.llama_model_n_embd(self._model) // max(llama.llama_model_n_head(self._model), 1)
        head = int(self.meta("attention.key_length") or head)
        layers = llama.llama_model_n_layer(self._model)
        kv_heads = max(llama.llama_model_n_head_kv(self._model), 1)
        return Sizes(
            window=llama.llama_model_n_ctx_train(self._model),
            layers=layers,
            heads=llama.llama_model_n_head(self._model),
            weight_bytes=llama.llama_model_size(self._model),
            kv_bytes_per_token=layers * kv_heads * head * 2 * 2,  # keys and values, two bytes each
        )

    def meta(self, key: str) -> str | None:
        """Return a header value under the model's architecture, as text, or None."""
        architecture = self._meta("general.architecture") or ""
        return self._meta(f"{architecture}.{key}")

    def _meta(self, key: str) -> str | None:
        buffer = ctypes.create_string_buffer(256)
        size = llama.llama_model_meta_val_str(self._model, key.encode(), buffer, 256)
        return buffer.value.decode("utf-8", "replace") if size >= 0 else None

    def _raw_tokens(self, text: bytes, *, special: bool) -> list[int]:
        room = len(text) + 16
        tokens = (llama.llama_token * room)()
        count = llama.llama_tokenize(self._vocab, text, len(text), tokens, room, False, special)
        if count < 0:
            raise ModelError("The tokenizer failed on a text.", "The item is left for a human.")
        return list(tokens[:count])

    def tokenize_own(self, text: str) -> list[int]:
        """Return the tokens of our own fixed text, in which control tokens are meant."""
        return self._raw_tokens(text.encode(), special=True)

    def tokenize_untrusted(self, text: str) -> list[int]:
        """Return the tokens of outside text, none of which is a control or user-defined token.

        llama.cpp matches user-defined tokens even with special parsing off, so the text is cut inside every
        place that spells one, and between each `<` and a following `|`; the pieces are tokenised apart.

        Raises:
            ModelError: a special id came out all the same; the text is not sent to the model.
        """
        cuts = {match.start() + 1 for match in re.finditer(r"<(?=\|)", text)}
        if self._special_texts is not None:
            start = 0
            while found := self._special_texts.search(text, start):
                cuts.add(found.start() + 1)
                start = found.start() + 1  # overlapping spellings are cut too
        edges = [0, *sorted(cuts), len(text)]
        tokens: list[int] = []
        for begin, end in itertools.pairwise(edges):
            if end > begin:
                tokens += self._raw_tokens(text[begin:end].encode("utf-8", "replace"), special=False)
        if tokens and self.is_special[tokens].any():
            tokens = [t for c in text for t in self._raw_tokens(c.encode("utf-8", "replace"), special=False)]
            if self.is_special[tokens].any():
                raise ModelError("A text would have become a control token.", "The item is left for a human.")
        return tokens

    def tokenize_words(self, text: str) -> list[int]:
        """Return the tokens of outside text that are no control tokens, for vectors, where none can be obeyed.

        What would become one is left out: a spelt-out mark, and of word pieces what the vocabulary does not know.
        """
        tokens = self._raw_tokens(text.encode("utf-8", "replace"), special=False)
        return [token for token in tokens if not self.is_special[token]]

    def tokenize(self, piece: Piece) -> list[int]:
        """Return the tokens of a piece of prompt, control tokens only where the piece is our own."""
        if not piece.text:
            return []
        return self.tokenize_own(piece.text) if piece.special else self.tokenize_untrusted(piece.text)

    @property
    def frame_size(self) -> int:
        """How many tokens `framed` adds."""
        return len(self.framed([]))

    def framed(self, tokens: Sequence[int]) -> list[int]:
        """Return the tokens of a whole text between those that this vocabulary wants around one; at least one."""
        vocab = self._vocab
        begin = [llama.llama_vocab_bos(vocab)] if llama.llama_vocab_get_add_bos(vocab) else []
        end = [llama.llama_vocab_eos(vocab)] if llama.llama_vocab_get_add_eos(vocab) else []
        if not end and llama.llama_vocab_get_add_sep(vocab):
            end = [llama.llama_vocab_sep(vocab)]
        whole = [token for token in (*begin, *tokens, *end) if token >= 0]
        return whole or [max(0, int(llama.llama_vocab_bos(vocab)))]

    def close(self) -> None:
        """Free the weights."""
        if self._model:
            llama.llama_model_free(self._model)
            self._model = None

    @property
    def handle(self) -> object:
        """The library's own handle, for `Context`."""
        return self._model


class NativeBackend:
    """llama.cpp as `offload` asks for it."""

    def devices(self) -> list[Device]:
        """Return the graphics cards this build can use."""
        start_backend()
        return list_devices()

    def supports_offload(self) -> bool:
        """Whether the build has a backend for any."""
        return supports_offload()

    def supports_cpu_experts(self) -> bool:
        """Whether experts can be kept on the processor."""
        return supports_cpu_experts()

    def load(self, path: str, *, layers: int, cpu_experts: int) -> Model:
        """Load a model; see `Model`."""
        return Model(path, gpu_layers=layers, cpu_experts=cpu_experts)


class Context:
    """A KV cache with a part for each sequence, and the batch that feeds it."""

    def __init__(
        self, model: Model, *, tokens: int, sequences: int, batch: int, threads: int, tiles: bool = True
    ) -> None:
        """Reserve a cache of `tokens` cells, shared out evenly to `sequences` sequences, or raise ContextError.

        `tiles` takes attention in tiles (see `Sequences`); without, a few rows read as well as many, for more memory.
        At most `threads` threads decode; fewer while other programs need the cores. `batch` is the most tokens of one
        `decode`, and of one pass through the weights.
        """
        params = llama.llama_context_default_params()
        params.n_ctx = tokens
        params.n_batch = batch
        params.n_ubatch = batch
        params.n_seq_max = sequences
        params.n_outputs_max = sequences  # 391 MiB of compute buffer become 13 MiB on a 200k vocabulary
        params.n_threads = threads
        params.n_threads_batch = threads
        params.kv_unified = False  # a sequence's cells lie alike whatever else runs, so its scores are the same
        params.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_ENABLED if tiles else llama.LLAMA_FLASH_ATTN_TYPE_DISABLED
        params.swa_full = True  # without it a copied or rolled back prefix is silently wrong
        params.no_perf = True
        self._context = llama.llama_init_from_model(model.handle, params)
        if not self._context:
            raise ContextError(
                f"There is not enough memory for a cache of {tokens} tokens.",
                "Use fewer slots or a smaller context in settings.toml, or a smaller model.",
            )
        self._memory = llama.llama_get_memory(self._context)
        self._batch = llama.llama_batch_init(batch, 0, 1)
        self._vocab_size = model.vocab_size
        self._threads = Threads(threads)
        self.batch_size = batch

    @classmethod
    def planned(cls, model: Model, plan: EnginePlan, *, tiles: bool) -> Context:
        """Reserve what a plan says, or raise ContextError."""
        sequences = PREFIXES + plan.slots
        sizes = {"tokens": plan.cache_tokens, "sequences": sequences, "batch": plan.batch_tokens}
        return cls(model, **sizes, threads=plan.threads, tiles=tiles)

    def decode(self, entries: Sequence[tuple[int, int, int, bool]]) -> None:
        """Run one batch of (token, position, sequence, wants logits); at most `batch_size` entries.

        Raises:
            ContextError: no cell was free. ModelError: the library failed.
        """
        batch = self._batch
        batch.n_tokens = len(entries)
        for index, (token, position, sequence, wants_logits) in enumerate(entries):
            batch.token[index] = token
            batch.pos[index] = position
            batch.n_seq_id[index] = 1
            batch.seq_id[index][0] = sequence
            batch.logits[index] = wants_logits
        llama.llama_set_n_threads(self._context, self._threads.count, self._threads.count)
        wall_s, processor_s = time.perf_counter(), time.process_time()
        code = llama.llama_decode(self._context, batch)
        self._threads.decoded(time.perf_counter() - wall_s, time.process_time() - processor_s)
        if code == 1:
            raise ContextError("The model's cache is full.", "Use fewer slots in settings.toml.")
        if code != 0:
            raise ModelError(f"llama.cpp failed to decode (code {code}).", "Run the classification again.")

    def logits(self, index: int) -> NDArray[np.float32]:
        """Return the logits (vocabulary size, float32) of the batch entry at `index`; valid until the next decode."""
        pointer = llama.llama_get_logits_ith(self._context, index)
        return np.ctypeslib.as_array(pointer, shape=(self._vocab_size,))

    def copy_sequence(self, source: int, target: int) -> None:
        """Let `target` begin with all of `source`; the cells are copied, nothing is computed."""
        llama.llama_memory_seq_cp(self._memory, source, target, -1, -1)

    def cut_sequence(self, sequence: int, length: int) -> None:
        """Forget what a sequence holds from position `length` on; the cells are free."""
        llama.llama_memory_seq_rm(self._memory, sequence, length, -1)

    def close(self) -> None:
        """Free the cache."""
        if self._context:
            llama.llama_batch_free(self._batch)
            llama.llama_free(self._context)
            self._context = None
