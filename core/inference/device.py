"""A device that layers of a model can be put on, as a value. It asks for none: see `runtime` and `engine.devices`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """A device besides the processor; memory in bytes, 0 where the driver does not say."""

    name: str
    description: str
    free_bytes: int
    total_bytes: int
