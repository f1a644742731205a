"""Which slots share a pass through the weights: those whose prompts are read together, and how much is written at once.

It owns that choice and changes nothing. It must not know what the tokens mean.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.inference.engine.sequences import Sequences
from core.inference.engine.settings import READ_TOKENS
from core.inference.engine.slot import Slot

ALIKE = 0.75  # the least share of the longest prompt that one read beside it has


@dataclass(slots=True)
class Job:
    """One prompt of one item: the whole item, or one part of a long one. `number` counts them as they come."""

    number: int
    key: int
    tokens: list[int]
    sha256: str
    part: int = 0
    parts: int = 1


@dataclass(slots=True)
class Run:
    """A slot at work: its sequence, and what is to be fed to it next; at first that is its prompt."""

    job: Job
    slot: Slot
    sequence: int
    todo: list[int] = field(default_factory=list)
    reading: bool = True


def read_together(runs: Sequence[Run], cache: Sequences, *, batch_tokens: int) -> list[Run]:
    """Return the slot that has waited longest to be read, with neighbours that fit into the same pass.

    Neighbours have to be so alike in length that filling all up to the longest costs less than a pass of its own.
    """
    unread = {run.sequence: run for run in runs if run.reading}
    if not unread:
        return []
    group = deque([min(unread.values(), key=lambda run: run.job.number)])
    shortest = longest = cache.padded(min(len(group[0].todo), batch_tokens))
    for end, step in ((-1, 1), (0, -1)):
        while run := unread.get(group[end].sequence + step):
            rows = cache.padded(len(run.todo))
            low, high = min(shortest, rows), max(longest, rows)
            fits = all(cache.room_to_read(other.sequence, high) for other in (*group, run))
            if low < ALIKE * high or high * (len(group) + 1) > batch_tokens or not fits:
                break
            group.insert(len(group) if end else 0, run)
            shortest, longest = low, high
    return list(group)


def written_at_once(runs: Sequence[Run], *, batch_tokens: int, tiles: bool) -> int:
    """Return how many tokens the slots with several to write may feed at once.

    Fewer than a tile, and not two: beside others the second would be a lone row in a pass of its own.
    """
    several = [len(run.todo) for run in runs if len(run.todo) > 1]
    if not several or not tiles:
        return 1  # without tiles a lone row of a sequence differs from several
    room = (batch_tokens - len(runs)) // len(several) + 1
    stretch = min(*several, READ_TOKENS - 1, room)
    return stretch if stretch > 2 else 1
