"""The verb `group`: items whose texts are nearly the same come together, so that a spam wave is one thing to review.

It owns the order sketch, find candidates, confirm, store. What counts as alike belongs to `core.intake.likeness`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.domain import Item
from core.errors import CancelledError
from core.intake.likeness import ALIKE, candidates, shingles, similarity, sketch
from core.services.members import Deed, require
from core.services.workspace import Workspace

_PAGE = 250


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """How many items were looked at now, and how many groups of more than one there are, with how many members."""

    looked_at: int
    groups: int
    members: int


def group_items(
    workspace: Workspace,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancel: threading.Event | None = None,
) -> GroupSummary:
    """Put every item that has no group yet into one: with an older item that is nearly the same, or on its own.

    It takes about 100 bytes of memory for each item of the workspace. `progress` gets steps done and in all.

    Raises:
        RoleError: an auditor, or no member. CancelledError: `cancel` was set; nothing has changed.
    """
    require(workspace, Deed.IMPORT)
    old = list(workspace.store.iter_sketches())
    keys, owners, sketches = [row[0] for row in old], [row[1] for row in old], [row[2] for row in old]
    first_new = len(keys)
    for key, item in workspace.store.iter_ungrouped():
        _check(cancel)
        keys.append(key)
        owners.append(key)
        sketches.append(sketch(shingles(item)))
    forest = _Forest(keys, owners)
    pairs = candidates(sketches, first_new)
    for start in range(0, len(pairs), _PAGE):
        _check(cancel)
        _confirm(workspace, forest, [(int(one), int(other)) for one, other in pairs[start : start + _PAGE]])
        if progress:
            progress(start, len(pairs))
    new = [(keys[n], forest.owner(n), sketches[n]) for n in range(first_new, len(keys))]
    workspace.store.set_groups(new, forest.moved(range(first_new)))
    groups, members = workspace.store.count_groups()
    return GroupSummary(len(new), groups, members)


def _check(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise CancelledError("Grouping was stopped; nothing has changed.", "Import something, or run it again.")


def _confirm(workspace: Workspace, forest: _Forest, pairs: Iterable[tuple[int, int]]) -> None:
    """Join the pairs whose texts are alike; those that are joined already cost nothing."""
    open_pairs = [pair for pair in pairs if forest.root(pair[0]) != forest.root(pair[1])]
    wanted = sorted({forest.keys[place] for pair in open_pairs for place in pair})
    items: dict[int, Item] = dict(zip(wanted, workspace.store.items(wanted), strict=True))
    pieces: dict[int, set[str]] = {}
    for pair in open_pairs:
        if forest.root(pair[0]) == forest.root(pair[1]):
            continue
        for place in pair:
            if place not in pieces:
                pieces[place] = shingles(items[forest.keys[place]])
        if similarity(pieces[pair[0]], pieces[pair[1]]) >= ALIKE:
            forest.join(*pair)


class _Forest:
    """Union-find over places; the oldest place of a tree is its root, and its group's key names the tree."""

    def __init__(self, keys: list[int], owners: list[int]) -> None:
        self.keys = keys
        self._owners = owners
        self._parents = list(range(len(keys)))
        place_of = {key: place for place, key in enumerate(keys)}
        for place, owner in enumerate(owners):
            self._parents[place] = place_of.get(owner, place)

    def root(self, place: int) -> int:
        """Return the place that stands for the tree."""
        while self._parents[place] != place:
            self._parents[place] = self._parents[self._parents[place]]
            place = self._parents[place]
        return place

    def join(self, one: int, other: int) -> None:
        """Make one tree of two."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parents[high] = low

    def owner(self, place: int) -> int:
        """Return the group key of a place."""
        return self._owners[self.root(place)]

    def moved(self, places: Iterable[int]) -> dict[int, int]:
        """Return which of the groups there were are now part of another, by key."""
        return {self._owners[place]: self.owner(place) for place in places if self._owners[place] != self.owner(place)}
