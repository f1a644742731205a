"""A compact memory of which record keys a file has used and where: about 24 bytes a key, however long the keys.

It owns that table and nothing else: it keeps digests, never the keys, and knows no file and no database. A plain
dictionary would take five times as much at the million records a workspace must hold.
"""

from __future__ import annotations

import hashlib
import secrets
from array import array

FIRST_SLOTS = 1024


class SeenKeys:
    """Open-addressing table from a 64-bit keyed digest to the line where the key was first used.

    Two different keys share a digest with a chance below 3e-8 at a million keys; the digest is keyed at random for
    each table, so a file cannot be made to collide.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)
        self._count = 0
        self._digests = array("Q", bytes(8 * FIRST_SLOTS))
        self._lines = array("Q", bytes(8 * FIRST_SLOTS))

    def __len__(self) -> int:
        return self._count

    def first_line(self, key: str, line: int) -> int:
        """Return the line where `key` was first used; when it is new, note `line` (1 or more) and return it."""
        digest = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8, key=self._secret).digest(), "big")
        slot = self._slot(digest)
        if self._lines[slot]:
            return self._lines[slot]
        self._digests[slot], self._lines[slot] = digest, line
        self._count += 1
        if self._count * 3 > len(self._lines) * 2:
            self._grow()
        return line

    def _slot(self, digest: int) -> int:
        """Return the slot that holds the digest, or the free one where it belongs (line 0 marks a free slot)."""
        mask = len(self._lines) - 1
        slot = digest & mask
        while self._lines[slot] and self._digests[slot] != digest:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        digests, lines = self._digests, self._lines
        size = 2 * len(lines)
        self._digests, self._lines = array("Q", bytes(8 * size)), array("Q", bytes(8 * size))
        for digest, line in zip(digests, lines, strict=True):
            if line:
                slot = self._slot(digest)
                self._digests[slot], self._lines[slot] = digest, line
