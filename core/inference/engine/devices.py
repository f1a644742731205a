"""The graphics cards that the installed llama.cpp can use, and how a load is told what goes on them.

It owns ggml's device list and the two load parameters that llama-cpp-python has no names for. It loads no model.
"""

from __future__ import annotations

import ctypes

import llama_cpp as llama
import llama_cpp._ggml as ggml

from core.inference.device import Device

_GRAPHICS = (1, 2)  # ggml_backend_dev_type: 0 is the processor, 1 a graphics card, 2 an integrated one, 3 a helper


class _BufferOverride(ctypes.Structure):
    """llama_model_tensor_buft_override of llama.h: which tensors go into which kind of buffer."""

    _fields_ = (("pattern", ctypes.c_char_p), ("buffer_type", ctypes.c_void_p))


def list_devices() -> list[Device]:
    """Return every graphics card in the library's order; the backend must have been started."""
    library = ggml.libggml
    library.ggml_backend_dev_count.restype = ctypes.c_size_t
    library.ggml_backend_dev_get.restype = ctypes.c_void_p
    library.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    for name in ("ggml_backend_dev_name", "ggml_backend_dev_description"):
        getattr(library, name).restype = ctypes.c_char_p
        getattr(library, name).argtypes = [ctypes.c_void_p]
    library.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    library.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, *[ctypes.POINTER(ctypes.c_size_t)] * 2]
    found = []
    for index in range(library.ggml_backend_dev_count()):
        device = library.ggml_backend_dev_get(index)
        if library.ggml_backend_dev_type(device) not in _GRAPHICS:
            continue
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        library.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        name = library.ggml_backend_dev_name(device).decode("utf-8", "replace")
        description = library.ggml_backend_dev_description(device).decode("utf-8", "replace")
        found.append(Device(name, description, free.value, total.value))
    return found


def supports_offload() -> bool:
    """Return whether the build has a backend for any graphics card."""
    return bool(llama.llama_supports_gpu_offload())


def supports_cpu_experts() -> bool:
    """Return whether this build can be told which buffer a tensor goes to."""
    known = any(name == "tensor_buft_overrides" for name, *_ in llama.llama_model_params._fields_)
    return known and hasattr(ggml.libggml, "ggml_backend_cpu_buffer_type")


def hold_placement(params: llama.llama_model_params, *, gpu_layers: int, cpu_experts: int) -> list[object]:
    """Tell a load which devices to use and whose experts stay on the processor.

    Return what the library points into: to be kept as long as the model.
    """
    held: list[object] = []
    if not gpu_layers and list_devices():
        none = (ctypes.c_void_p * 1)(None)  # without it a card would still be given part of the work
        params.devices = ctypes.cast(none, ctypes.c_void_p)  # type: ignore[assignment]
        held.append(none)
    if cpu_experts and supports_cpu_experts():
        ggml.libggml.ggml_backend_cpu_buffer_type.restype = ctypes.c_void_p
        blocks = "|".join(map(str, range(cpu_experts)))
        pattern = rf"^blk\.({blocks})\.ffn_(up|down|gate|gate_up)_(ch|)exps".encode()  # llama.cpp's own names
        overrides = (_BufferOverride * 2)()  # the second stays empty: the end of the list
        overrides[0] = _BufferOverride(pattern, ggml.libggml.ggml_backend_cpu_buffer_type())
        params.tensor_buft_overrides = ctypes.cast(overrides, ctypes.c_void_p)  # type: ignore[assignment]
        held += [pattern, overrides]
    return held
