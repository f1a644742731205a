"""What the installed llama.cpp is and which devices it sees: values, and the question to be asked in another process.

It owns the shape of the answer. It must not import the engine before the question is asked: a library that was built
for another processor may end the process that loads it, so ask through `run_isolated`.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.inference.device import Device


@dataclass(frozen=True, slots=True)
class Runtime:
    """The build: version of llama-cpp-python, processor features, graphics cards that layers can be put on.

    `can_offload` says whether the build has a backend for any, `can_keep_experts` whether experts can stay off them.
    """

    version: str
    features: str
    cards: tuple[Device, ...]
    can_offload: bool = False
    can_keep_experts: bool = False

    def devices(self) -> tuple[Device, ...]:
        """Return the cards, as `offload.Cards` asks."""
        return self.cards

    def supports_offload(self) -> bool:
        """Return `can_offload`."""
        return self.can_offload

    def supports_cpu_experts(self) -> bool:
        """Return `can_keep_experts`."""
        return self.can_keep_experts


def describe_runtime() -> Runtime:
    """Load the library into this process and return what it says of itself."""
    from importlib.metadata import version

    from core.inference.engine.native import NativeBackend, system_info

    backend = NativeBackend()
    return Runtime(
        version("llama-cpp-python"),
        system_info(),
        tuple(backend.devices()),
        backend.supports_offload(),
        backend.supports_cpu_experts(),
    )
