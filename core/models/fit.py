"""Whether a model runs on this machine: memory, disk and cores against what it needs.

It owns the arithmetic and the words for its result; the numbers of the machine are handed in, so that it can be asked
about any. How fast a model runs is never computed here: only a probe of the real file says that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from core.inference.engine.offload import Cards, ModelShape, Placement, choose_placement
from core.inference.engine.settings import EngineSettings
from core.inference.runtime import Runtime

GIB = 1024**3
CONTEXT_TOKENS = 16_384
"""Cache for a policy, eight slots of usual length and their reasoning."""

COMPUTE_BYTES = GIB // 2
"""Buffers for one batch of 512 tokens on the 200k vocabulary, and the process itself; measured 391 MiB (FACTS)."""

TIGHT = 0.8
"""A model that takes more than this share of the free memory leaves no room for other programs."""


class Fits(StrEnum):
    """How a model fits this machine."""

    YES = "yes"
    TIGHT = "tight"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is: bytes of memory and of disk, cores to use, graphics cards the installed llama.cpp can use."""

    memory_bytes: int
    free_memory_bytes: int
    free_disk_bytes: int
    cores: int
    graphics: Cards = field(default_factory=lambda: Runtime("", "", ()))

    @property
    def graphics_bytes(self) -> int:
        """Free memory of the cards, 0 without one."""
        return sum(device.free_bytes for device in self.graphics.devices())


@dataclass(frozen=True, slots=True)
class Fit:
    """The answer: needs in bytes, how it fits, a sentence for each reason and each thing to do, and what goes where."""

    fits: Fits
    memory_bytes: int
    disk_bytes: int
    reasons: tuple[str, ...]
    placement: Placement = field(default_factory=Placement)


def fit(
    machine: Machine,
    *,
    shape: ModelShape,
    kv_bytes_per_token: int,
    is_here: bool,
    settings: EngineSettings | None = None,
) -> Fit:
    """Return how a model of this shape fits; `is_here` says that its file needs no more disk."""
    weight_bytes = shape.weight_bytes
    cache = CONTEXT_TOKENS * kv_bytes_per_token
    memory = weight_bytes + cache + COMPUTE_BYTES
    disk = 0 if is_here else weight_bytes
    reasons: list[str] = []
    fits = Fits.YES
    if memory > machine.memory_bytes + machine.graphics_bytes:
        fits = Fits.NO
        reasons.append(f"It needs {_gib(memory)} of memory and this machine has {_gib(machine.memory_bytes)}.")
    elif memory > machine.free_memory_bytes + machine.graphics_bytes:
        fits = Fits.TIGHT
        reasons.append(
            f"It needs {_gib(memory)} of memory, {_gib(machine.free_memory_bytes)} are free: close other programs."
        )
    elif memory > TIGHT * (machine.free_memory_bytes + machine.graphics_bytes):
        fits = Fits.TIGHT
        reasons.append(f"It takes {_gib(memory)} of {_gib(machine.free_memory_bytes)} free memory: little is left.")
    if disk > machine.free_disk_bytes:
        fits = Fits.NO
        reasons.append(f"Its file takes {_gib(disk)} and {_gib(machine.free_disk_bytes)} are free on the disk.")
    placement = choose_placement(settings or EngineSettings(), shape, machine.graphics)
    if placement.layers and fits is not Fits.NO:
        reasons.append(f"On the graphics card, by its free memory: {placement.device}.")
    elif fits is not Fits.NO:
        reasons.append(placement.note or f"It runs on {machine.cores} cores without a graphics card.")
    return Fit(fits, memory, disk, tuple(reasons), placement)


def _gib(size: int) -> str:
    return f"{size / GIB:.1f} GiB"
