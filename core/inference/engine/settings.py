"""How much of the machine the engine takes: threads, slots, cache, batch. Chosen from the machine, overridable.

It reads what the operating system says of cores and memory; it loads no model.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

# Sixteen tokens in one batch cost 3.5 ms each where one alone costs 6.5 (sample model, two cores); more slots gain
# nothing there and hold more cache.
MAX_SLOTS = 16
BATCH_TOKENS = 512
CONTENT_TOKENS = 1024  # room for the content of a usual item; longer ones wait for more room
LARGEST_CACHE_TOKENS = 131_072
CACHE_SHARE = 0.25  # of the free memory


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What a person set; None lets the engine choose. Tokens are counts, threads are of the processor.

    `repack_folder` is where a copy of weights that do not batch may be kept; None uses every file as it is.
    """

    threads: int | None = None
    slots: int | None = None
    cache_tokens: int | None = None
    batch_tokens: int | None = None
    gpu_layers: int = 0
    repack_folder: str | None = None


@dataclass(frozen=True, slots=True)
class EnginePlan:
    """What the engine runs with. `cache_tokens` is shared by all slots and prefixes."""

    threads: int
    slots: int
    cache_tokens: int
    batch_tokens: int

    def as_dict(self) -> dict[str, int]:
        """Return the plan as plain values, to be stored with verdicts."""
        return asdict(self)


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
) -> EnginePlan:
    """Choose slots and cache for a policy of `prefix_tokens` and items that generate up to `item_tokens`.

    The cache takes at most a quarter of the free memory; fewer slots run at once when that is small. It always
    holds one item of the model's full window, as far as memory allows.
    """
    affordable = int(free_memory_bytes() * CACHE_SHARE / max(kv_bytes_per_token, 1))
    affordable = min(affordable, LARGEST_CACHE_TOKENS)
    each = CONTENT_TOKENS + item_tokens
    slots = settings.slots or max(1, min(MAX_SLOTS, (affordable - 2 * prefix_tokens) // each))
    wanted = max(2 * prefix_tokens + slots * each, min(window, 16_384))
    cache = settings.cache_tokens or min(wanted, max(affordable, prefix_tokens + each))
    plan = EnginePlan(
        threads=settings.threads or free_cores(),
        slots=slots,
        cache_tokens=-(-cache // 256) * 256,  # llama.cpp rounds to 256 anyway
        batch_tokens=max(settings.batch_tokens or BATCH_TOKENS, slots),
    )
    return replace(plan, slots=min(plan.slots, 250))  # 256 sequences at most, some hold prefixes
