"""Whether a model runs here: memory, disk and graphics memory of invented machines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.inference.device import Device
from core.inference.engine.offload import ModelShape
from core.inference.engine.settings import EngineSettings
from core.inference.runtime import Runtime
from core.models.fit import CONTEXT_TOKENS, GIB, Fits, Machine, fit

DESK = Machine(32 * GIB, 28 * GIB, 100 * GIB, 8)
EXPERTS = int(9.5 * GIB)
WEIGHTS, KV = int(11.3 * GIB), 48 * 1024


def card(gib: int) -> Runtime:
    return Runtime("", "", (Device("CUDA0", "a card", gib * GIB, gib * GIB),), can_offload=True, can_keep_experts=True)


def ask(machine: Machine, *, here: bool = False, weights: int = WEIGHTS) -> tuple[Fits, str]:
    result = fit(machine, shape=ModelShape(24, weights, EXPERTS), kv_bytes_per_token=KV, is_here=here)
    return result.fits, " ".join(result.reasons)


def test_needs_are_weights_cache_and_buffers() -> None:
    result = fit(DESK, shape=ModelShape(24, WEIGHTS), kv_bytes_per_token=KV, is_here=False)
    assert result.memory_bytes == WEIGHTS + CONTEXT_TOKENS * KV + GIB // 2
    assert result.disk_bytes == WEIGHTS
    assert result.fits is Fits.YES


@pytest.mark.parametrize(
    ("machine", "fits", "word"),
    [
        (DESK, Fits.YES, "8 cores"),
        (replace(DESK, free_memory_bytes=13 * GIB), Fits.TIGHT, "little is left"),
        (replace(DESK, free_memory_bytes=8 * GIB), Fits.TIGHT, "close other programs"),
        (replace(DESK, memory_bytes=8 * GIB, free_memory_bytes=6 * GIB), Fits.NO, "this machine has 8.0 GiB"),
        (replace(DESK, free_disk_bytes=GIB), Fits.NO, "free on the disk"),
        (replace(DESK, graphics=card(8)), Fits.YES, "24 of 24 layers, experts of 16 on the processor"),
    ],
)
def test_the_reason_is_told(machine: Machine, fits: Fits, word: str) -> None:
    found, reasons = ask(machine)
    assert found is fits
    assert word in reasons


def test_a_file_that_is_here_needs_no_disk() -> None:
    assert ask(replace(DESK, free_disk_bytes=0), here=True)[0] is Fits.YES


def test_graphics_memory_counts() -> None:
    small = replace(DESK, memory_bytes=8 * GIB, free_memory_bytes=6 * GIB, graphics=card(16))
    assert ask(small)[0] is not Fits.NO


def test_what_is_asked_of_a_card_that_is_not_there_is_said() -> None:
    asked = EngineSettings(gpu_layers=4)
    result = fit(DESK, shape=ModelShape(24, WEIGHTS), kv_bytes_per_token=KV, is_here=True, settings=asked)
    assert "no backend for a graphics card" in " ".join(result.reasons)
    assert result.placement.layers == 0
