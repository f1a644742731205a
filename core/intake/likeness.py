"""How alike two texts are: MinHash sketches that find candidates, and the exact measure that confirms them.

It owns the normalisation, the sketch and the threshold. It knows no database. Sketches are compared by bands: twelve
bands of six values meet with a chance of 97% at a similarity of 0.8 and of 1% at 0.3.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rensa import RMinHash

from core.domain import Item

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BANDS = 12
ROWS = 6
SHINGLE = 5
ALIKE = 0.8
"""Least share of common shingles (Jaccard) of two texts that count as near-duplicates."""

LONGEST = 20_000
"""Characters of a text that are looked at: spam differs at its end, not after twenty pages."""

_SEED = 20  # fixed: sketches of one workspace must stay comparable


def shingles(item: Item) -> set[str]:
    """Return the overlapping pieces of five characters of what is judged, case and spacing aside."""
    turns = " ".join(turn.content for turn in item.messages[-3:])
    whole = f"{item.parent or ''} {turns} {item.content}" if not item.messages else turns
    text = " ".join(whole[:LONGEST].casefold().split())
    return {text[at : at + SHINGLE] for at in range(max(1, len(text) - SHINGLE + 1))}


def sketch(pieces: Iterable[str]) -> bytes:
    """Return the band keys of a text, 48 bytes."""
    import numpy as np  # loaded when it is needed: it takes a sixth of a second

    minhash = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    minhash.update(list(pieces))
    values = np.asarray(minhash.digest(), dtype="<u4").reshape(BANDS, ROWS)
    return b"".join(hashlib.blake2b(band.tobytes(), digest_size=4).digest() for band in values)


def similarity(one: set[str], other: set[str]) -> float:
    """Return the share of common pieces (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other) if one or other else 1.0


def candidates(sketches: Sequence[bytes], new_from: int) -> NDArray[np.int64]:
    """Return pairs of places (older, newer) that meet in a band, each once; shape (pairs, 2).

    Only pairs whose newer member stands at `new_from` or behind are returned. An empty sketch meets nothing.
    """
    import numpy as np

    empty = bytes(4 * BANDS)
    table = np.frombuffer(b"".join(each or empty for each in sketches), dtype="<u4").reshape(-1, BANDS)
    usable = np.asarray([bool(each) for each in sketches])
    pairs: list[NDArray[np.int64]] = []
    for band in range(BANDS):
        places = np.flatnonzero(usable)
        keys = table[places, band]
        order = np.argsort(keys, kind="stable")
        keys, places = keys[order], places[order]
        starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
        first = places[np.repeat(starts, np.diff(np.r_[starts, len(keys)]))]
        wanted = (first != places) & (places >= new_from)
        pairs.append(np.stack([first[wanted], places[wanted]], axis=1))
    return np.unique(np.concatenate(pairs), axis=0) if len(sketches) else np.empty((0, 2), dtype=np.int64)
