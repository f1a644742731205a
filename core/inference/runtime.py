"""What the installed llama.cpp is and which devices it sees: values, and the question to be asked in another process.

It owns the shape of the answer. It must not import the engine before the question is asked: a library that was built
for another processor may end the process that loads it, so ask through `run_isolated`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """A device besides the processor; memory in bytes, 0 where the driver does not say."""

    name: str
    description: str
    free_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Runtime:
    """The build: version of llama-cpp-python, processor features, devices that layers of a model can be put on."""

    version: str
    features: str
    devices: tuple[Device, ...]


def describe_runtime() -> Runtime:
    """Load the library into this process and return what it says of itself."""
    from importlib.metadata import version

    from core.inference.engine.devices import list_devices
    from core.inference.engine.native import system_info

    features = system_info()
    return Runtime(version("llama-cpp-python"), features, tuple(list_devices()))
