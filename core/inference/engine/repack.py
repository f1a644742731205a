"""Weights stored in a form that llama.cpp cannot batch on a processor, written once more in one that it can.

It owns the choice and the cached copy. Q4_1 has no batched kernel: each token of a batch costs almost as much as one
alone. Both forms used here keep more bits than Q4_1 has, so the copy says what the original says up to rounding; that
it was used is recorded with every verdict. It runs in the model process only.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

import llama_cpp as llama

from core.errors import ModelFileError
from core.inference.engine.native import file_type_of, system_info
from core.inference.engine.settings import free_cores

Q4_1 = 3  # llama.cpp's file types, here and below


@dataclass(frozen=True, slots=True)
class Form:
    """A form of weights that batches: its name, llama.cpp's file type, the largest file it is made of, in bytes."""

    name: str
    file_type: int
    largest: int


# Larger ones would cost more disk and time than they save; large models come in forms that batch.
BF16 = Form("bf16", 32, 512 * 1024**2)
Q8_0 = Form("q8_0", 7, 2 * 1024**3)


def form_for(size: int, *, bf16_arithmetic: bool) -> Form | None:
    """Return the form for weights of `size` bytes, None for a size not worth a copy.

    BF16 is the fastest where the processor multiplies it, and slow where it does not.
    """
    usable = [BF16, Q8_0] if bf16_arithmetic else [Q8_0]
    return next((form for form in usable if size <= form.largest), None)


def repacked(path: Path, *, sha256: str, cache: Path) -> tuple[Path, Form] | None:
    """Return a copy of the weights that batches, made on first use, or None when the original does or is too large.

    Args:
        path: the checked model file.
        sha256: of the original; it names the copy, so that a changed file is never confused with it.
        cache: the folder for copies.

    Raises:
        ModelFileError: the copy could not be written.
    """
    form = form_for(path.stat().st_size, bf16_arithmetic="AVX512_BF16 = 1" in system_info())
    if not sha256 or form is None or file_type_of(path) != Q4_1:
        return None
    copy = cache / f"{sha256}.{form.name}.gguf"
    if copy.is_file():
        return copy, form
    partial = cache / f"{sha256}.{os.getpid()}.part"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        params = llama.llama_model_quantize_default_params()
        params.ftype = form.file_type
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
    return copy, form
