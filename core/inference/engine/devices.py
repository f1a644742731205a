"""The devices that the installed llama.cpp can put layers of a model on.

It owns the reading of ggml's device list. It must not load a model.
"""

from __future__ import annotations

import ctypes

import llama_cpp._ggml as ggml

from core.inference.runtime import Device

_PROCESSOR = 0  # ggml_backend_dev_type: CPU; 1 is a graphics card, 2 an integrated one, 3 an accelerator


def list_devices() -> list[Device]:
    """Return every device besides the processor, in the library's order; the backend must have been started."""
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
        if library.ggml_backend_dev_type(device) == _PROCESSOR:
            continue
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        library.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        name = library.ggml_backend_dev_name(device).decode("utf-8", "replace")
        description = library.ggml_backend_dev_description(device).decode("utf-8", "replace")
        found.append(Device(name, description, free.value, total.value))
    return found
