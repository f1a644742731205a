"""Weights stored in a form that llama.cpp cannot batch on a processor, written once more in one that it can.

It owns the choice and the cached copy. Q4_1 has no batched kernel: each token of a batch costs almost as much as one
alone. The same weights as Q8_0 keep more bits than Q4_1 has, so the copy says what the original says up to rounding;
that it was used is recorded with every verdict. It runs in the model process only.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import llama_cpp as llama

from core.errors import ModelFileError
from core.inference.engine.native import file_type_of
from core.inference.engine.settings import free_cores

Q4_1, Q8_0 = 3, 7  # llama.cpp's file types
NAME = "q8_0"
# A copy of large weights would cost more disk and time than it saves; large models come in forms that batch.
LARGEST_BYTES = 2 * 1024**3


def repacked(path: Path, *, sha256: str, cache: Path) -> Path | None:
    """Return a copy of the weights that batches, made on first use, or None when the original does or is too large.

    Args:
        path: the checked model file.
        sha256: of the original; it names the copy, so that a changed file is never confused with it.
        cache: the folder for copies.

    Raises:
        ModelFileError: the copy could not be written.
    """
    if not sha256 or path.stat().st_size > LARGEST_BYTES or file_type_of(path) != Q4_1:
        return None
    copy = cache / f"{sha256}.{NAME}.gguf"
    if copy.is_file():
        return copy
    partial = cache / f"{sha256}.{os.getpid()}.part"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        params = llama.llama_model_quantize_default_params()
        params.ftype = Q8_0
        params.allow_requantize = True
        params.nthread = free_cores()
        code = llama.llama_model_quantize(os.fsencode(path), os.fsencode(partial), ctypes.byref(params))
        if code != 0:
            raise ModelFileError("A copy of the weights for batching could not be made.", "Set `repack = false`.")
        partial.replace(copy)
    except OSError as error:
        raise ModelFileError(
            f"A copy of the weights for batching could not be written to {cache}: {error.strerror}.",
            "Free some disk space, or set `repack = false` in settings.toml.",
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    return copy
