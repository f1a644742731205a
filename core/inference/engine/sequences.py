"""The sequences of one cache: the first few hold policy prefixes, the others are slots that begin as copies of one.

It owns what each sequence holds, and the two ways of feeding them, so that the arithmetic of an item does not depend
on what runs beside it. llama.cpp's attention on the processor takes 64 rows of a sequence and more in tiles, fewer one
by one, and a lone row of the whole batch in yet another way; each is exact in itself and they differ by rounding.
Reading therefore always feeds whole tiles, filling up with tokens that are forgotten again; writing always feeds fewer
rows and never a lone one. It must not know what the tokens mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.inference.engine.settings import PREFIXES, READ_TOKENS

FILLER = 0  # any token: what it does is forgotten


class Cache(Protocol):
    """What `Sequences` needs of a context; see `native.Context`."""

    @property
    def batch_size(self) -> int:
        """The most tokens of one decode."""
        ...

    def decode(self, entries: Sequence[tuple[int, int, int, bool]]) -> None:
        """Run one batch of (token, position, sequence, wants logits)."""
        ...

    def copy_sequence(self, source: int, target: int) -> None:
        """Let `target` hold what `source` holds."""
        ...

    def cut_sequence(self, sequence: int, length: int) -> None:
        """Forget what a sequence holds from position `length` on."""
        ...


@dataclass(frozen=True, slots=True)
class Feed:
    """Tokens to append to a sequence; `wants_logits` asks for those after the last."""

    sequence: int
    tokens: Sequence[int]
    wants_logits: bool


class Sequences:
    """What each sequence of a context holds. The context is the caller's; nobody else feeds it."""

    def __init__(self, context: Cache, *, slots: int, slot_tokens: int, least_rows: int = READ_TOKENS) -> None:
        """Begin with an empty cache of PREFIXES + `slots` sequences of `slot_tokens` cells.

        `least_rows` of a sequence are read at a time: a tile, or 2 where attention does not go by tiles.
        """
        self._least_rows = least_rows
        self._context = context
        self.slots = range(PREFIXES, PREFIXES + slots)
        self.slot_tokens = slot_tokens
        self._held = [0] * (PREFIXES + slots)  # tokens in each sequence
        self._prefixes: dict[str, int] = {}  # prefix hash -> its sequence, the longest unused first
        self._begins: dict[int, str] = {}  # slot -> hash of the prefix its cells begin with

    def hold_prefix(self, digest: str, tokens: Sequence[int]) -> None:
        """Read a policy's prefix into a sequence of its own, unless it is there; the longest unused makes room."""
        if digest in self._prefixes:
            self._prefixes[digest] = self._prefixes.pop(digest)
            return
        if len(self._prefixes) < PREFIXES:
            sequence = len(self._prefixes)
        else:
            sequence = self._prefixes.pop(next(iter(self._prefixes)))
            self._cut(sequence, 0)
        for start in range(0, len(tokens), self._context.batch_size):
            self.read([Feed(sequence, tokens[start : start + self._context.batch_size], wants_logits=False)])
        self._prefixes[digest] = sequence

    def begin(self, slot: int, digest: str) -> None:
        """Let a slot hold this prefix and nothing else; the cells are copied only if they are not there already."""
        prefix = self._prefixes[digest]
        if self._begins.get(slot) != digest:
            self._context.copy_sequence(prefix, slot)
            self._begins[slot] = digest
        self._cut(slot, self._held[prefix])

    def move(self, source: int, target: int) -> None:
        """Let one slot hold what another held, which is then free."""
        self._context.copy_sequence(source, target)
        self._begins[target] = self._begins[source]
        self._held[target] = self._held[source]

    def _cut(self, sequence: int, length: int) -> None:
        self._context.cut_sequence(sequence, length)
        self._held[sequence] = length

    def room_to_read(self, sequence: int, count: int) -> bool:
        """Whether a sequence has cells for `count` more tokens."""
        return self._held[sequence] + count <= self.slot_tokens

    def padded(self, count: int) -> int:
        """Return how many rows reading `count` tokens takes: whole tiles, never fewer."""
        return max(count, min(self._least_rows, self._context.batch_size))

    def read(self, feeds: Sequence[Feed]) -> list[int]:
        """Append to neighbouring sequences, in their order, in one pass; return the index of each one's logits.

        All are filled up to the same length, because one pass takes sequences of the same length only.
        """
        rows = self.padded(max(len(feed.tokens) for feed in feeds))
        entries: list[tuple[int, int, int, bool]] = []
        indices: list[int] = []
        for feed in feeds:
            held, last = self._held[feed.sequence], len(feed.tokens) - 1
            indices.append(len(entries) + last)
            for i in range(rows):
                token = feed.tokens[i] if i <= last else FILLER
                entries.append((token, held + i, feed.sequence, feed.wants_logits and i == last))
        try:
            self._context.decode(entries)
        finally:
            for feed in feeds:
                self._cut(feed.sequence, self._held[feed.sequence] + len(feed.tokens))
        return indices

    def write(self, feeds: Sequence[Feed]) -> list[int]:
        """Append to any sequences, in rising order, less than a tile to each; return the index of each one's logits.

        One pass takes a run of neighbours. A lone row among them would be computed in another way, so it gets a
        companion from the idle sequence before it.
        """
        entries: list[tuple[int, int, int, bool]] = []
        indices: list[int] = []
        companions: list[int] = []
        for number, feed in enumerate(feeds):
            before = feeds[number - 1].sequence if number else -1
            after = feeds[number + 1].sequence if number + 1 < len(feeds) else -1
            sequence = feed.sequence
            if len(feed.tokens) == 1 and before != sequence - 1 and after != sequence + 1:
                companions.append(sequence - 1)
                entries.append((FILLER, self._held[sequence - 1], sequence - 1, False))
            for token in feed.tokens:
                entries.append((token, self._held[sequence], sequence, False))
                self._held[sequence] += 1
            indices.append(len(entries) - 1)
            entries[-1] = (*entries[-1][:3], feed.wants_logits)
        try:
            self._context.decode(entries)
        finally:
            for sequence in companions:
                self._cut(sequence, self._held[sequence])
        return indices
