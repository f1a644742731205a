"""Groups of the queue: near-duplicates and items of one conversation, folded so that one row stands for all of them.

It owns which entries belong together and what a folded list looks like. It decides nothing: whoever decides a group
decides each of its entries.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.services.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class QueueGroups:
    """Which group each entry is in. `keys` are entry keys in ascending order, `groups` aligned with them; int64."""

    keys: NDArray[np.int64]
    groups: NDArray[np.int64]

    def of(self, keys: Sequence[int]) -> NDArray[np.int64]:
        """Return the group of each of these entries, -1 for none; aligned with `keys`."""
        import numpy as np  # loaded when it is needed, as below: it takes a sixth of a second

        wanted = np.asarray(keys, dtype=np.int64)
        if not len(self.keys) or not len(wanted):
            return np.full(len(wanted), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[at] == wanted, self.groups[at], -1)


@dataclass(frozen=True, slots=True)
class FoldedList:
    """A list in which the first entry of each group stands for all of them. `others` holds the rest by that entry."""

    keys: array[int]
    others: dict[int, array[int]]


def queue_groups(workspace: Workspace) -> QueueGroups:
    """Return the groups of the queue: near-duplicates first, else the conversation. Both under one policy.

    An entry whose policy was not chosen yet is grouped with others of that kind. Groups of one are left out.
    """
    import numpy as np

    alike = workspace.store.entries_alike()
    taken = {key for key, _ in alike}
    threads = [(key, -2 - group) for key, group in workspace.store.entries_by_thread() if key not in taken]
    found = np.asarray(sorted([*alike, *threads]), dtype=np.int64).reshape(-1, 2)
    _, back, sizes = np.unique(found[:, 1], return_inverse=True, return_counts=True)
    found = found[sizes[back] > 1] if len(found) else found
    return QueueGroups(found[:, 0].copy(), found[:, 1].copy())


def fold(keys: array[int], groups: QueueGroups) -> FoldedList:
    """Return a list with each group folded into its first entry; the order stays."""
    import numpy as np

    of = groups.of(keys)
    grouped = np.flatnonzero(of != -1)
    if not len(grouped):
        return FoldedList(keys, {})
    _, first, back = np.unique(of[grouped], return_index=True, return_inverse=True)
    heads = grouped[first[back]]
    rest = grouped[heads != grouped]
    whole = np.asarray(keys, dtype=np.int64)
    kept = np.ones(len(whole), dtype=bool)
    kept[rest] = False
    others: dict[int, array[int]] = {}
    for place, head in zip(rest.tolist(), heads[heads != grouped].tolist(), strict=True):
        others.setdefault(int(whole[head]), array("q")).append(int(whole[place]))
    return FoldedList(array("q", whole[kept].tobytes()), others)
