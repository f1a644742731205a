"""How much of the machine the engine takes: threads, slots, cache, batch. Chosen from the machine, overridable.

It reads what the operating system says of cores and memory; it loads no model.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

# Sixteen tokens in one batch cost 4 ms each where one alone costs 8.4 (sample model, two cores); more slots gain
# little there and hold more cache.
MAX_SLOTS = 16
MOST_SLOTS = 250  # llama.cpp takes 256 sequences, some hold prefixes
PREFIXES = 2  # policies whose prefix stays in the cache
BATCH_TOKENS = 512
READ_TOKENS = (
    64  # llama.cpp's attention takes this many rows of a sequence in one tile (GGML_FA_TILE_Q), fewer one by one
)
CONTENT_TOKENS = 1024  # room for the content of a usual item; longer ones are judged after the others, in fewer slots
LARGEST_CACHE_TOKENS = 131_072
CACHE_SHARE = 0.25  # of the free memory


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What a person set; None lets the engine choose. Tokens are counts, threads are of the processor.

    `gpu_layers` go on a graphics card where there is one, and of the first `cpu_experts` of them the experts stay on
    the processor. `repack_folder` is where a copy of weights that do not batch may be kept; None uses every file as it
    is.
    """

    threads: int | None = None
    slots: int | None = None
    cache_tokens: int | None = None
    batch_tokens: int | None = None
    gpu_layers: int | None = None
    cpu_experts: int | None = None
    repack_folder: str | None = None


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """What the engine runs with. Each slot has `slot_tokens` of cache: a policy's prefix and one item."""

    threads: int
    slots: int
    slot_tokens: int
    batch_tokens: int

    @property
    def cache_tokens(self) -> int:
        """The tokens of cache in all, those of the prefixes included."""
        return (PREFIXES + self.slots) * self.slot_tokens

    def as_dict(self) -> dict[str, int]:
        """Return the plan as plain values, to be stored with verdicts."""
        return {**asdict(self), "cache_tokens": self.cache_tokens}


def free_cores() -> int:
    """Return how many cores this process may use, quotas of a container included; at least 1."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        if quota != "max":
            cores = min(cores, max(1, int(quota) // int(period)))
    except (OSError, ValueError):
        pass
    return max(1, cores)


def free_memory_bytes() -> int:
    """Return the memory that is available now, or 4 GiB where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return 4 * 1024**3


def plan_engine(
    settings: EngineSettings,
    *,
    prefix_tokens: int,
    item_tokens: int,
    window: int,
    kv_bytes_per_token: int,
    content_tokens: int = CONTENT_TOKENS,
    cache_bytes: int | None = None,
) -> EnginePlan:
    """Choose slots and cache for a policy of `prefix_tokens` and items that generate up to `item_tokens`.

    The cache takes at most a quarter of the free memory; fewer slots run at once when that is small. One slot always
    holds an item with `content_tokens`, as far as the model's window does. `cache_bytes` is a further limit, that of a
    graphics card.
    """
    affordable = _affordable(settings, kv_bytes_per_token, cache_bytes)
    needed = min(_rounded(prefix_tokens + content_tokens + item_tokens), _rounded(window))
    slots = settings.slots or max(1, min(MAX_SLOTS, affordable // needed - PREFIXES))
    slots = min(slots, MOST_SLOTS)
    if settings.cache_tokens and settings.slots and content_tokens == CONTENT_TOKENS:
        needed = _rounded(settings.cache_tokens // (PREFIXES + slots))
    return EnginePlan(
        threads=settings.threads or free_cores(),
        slots=slots,
        slot_tokens=needed,
        batch_tokens=max(settings.batch_tokens or BATCH_TOKENS, slots + 1),  # a companion of a lone slot included
    )


def longest_slot(
    settings: EngineSettings,
    plan: EnginePlan,
    *,
    window: int,
    kv_bytes_per_token: int,
    cache_bytes: int | None = None,
) -> int:
    """Return the tokens one slot could hold if it were the only one; what is longer has to be split."""
    alone = _affordable(settings, kv_bytes_per_token, cache_bytes) // (PREFIXES + 1)
    return max(min(window, alone), min(window, plan.slot_tokens))


def _affordable(settings: EngineSettings, kv_bytes_per_token: int, cache_bytes: int | None) -> int:
    if settings.cache_tokens:
        return settings.cache_tokens
    memory = free_memory_bytes() * CACHE_SHARE
    if cache_bytes is not None:
        memory = min(memory, cache_bytes)
    return min(int(memory / max(kv_bytes_per_token, 1)), LARGEST_CACHE_TOKENS)


def _rounded(tokens: int) -> int:
    return -(-tokens // 256) * 256  # llama.cpp rounds to 256 anyway
