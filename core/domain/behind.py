"""What stands behind a figure: a query that names the items, whichever figure it is.

It owns the kinds of query. It finds nothing: `core.services.behind` turns a query into queue entries, and
`core.exchange.behind` gives it a key that a command takes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.domain.decisions import Cause
from core.domain.insight import Cell, Dimension


class Side(StrEnum):
    """Whose answer is held against the human's."""

    MODEL = "model"
    OPINION = "opinion"


class Right(StrEnum):
    """Who was right of safeguard model and second opinion."""

    BOTH = "both"
    MODEL = "model"
    OPINION = "opinion"
    NEITHER = "neither"


class Sampled(StrEnum):
    """Which items of an audit stream: all of a layer, the drawn ones, and what became of those.

    `passed` ones were decided and the model had passed them; of these the `missed` ones violate.
    """

    ALL = "all"
    DRAWN = "drawn"
    PENDING = "pending"
    DECIDED = "decided"
    VIOLATING = "violating"
    PASSED = "passed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Compared:
    """Decided items: of one part, in one cell, of one pair of labels, with one cause, or with a score in a range.

    Scores run from `score_from` up to, without, `score_to`. An item without a score is in no range.
    """

    by: Dimension | None = None
    value: str = ""
    cell: Cell = Cell.ALL
    human: str | None = None
    model: str | None = None
    cause: Cause | None = None
    score_from: float | None = None
    score_to: float | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """Items two or more people decided, or these two; with `differ` only those with the same label or with another."""

    first: str = ""
    second: str = ""
    differ: bool | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """Items whose right label is known that a reviewer decided; with `wrong` only those decided otherwise."""

    reviewer: str
    hidden: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Stepped:
    """Items that two versions of a policy judged; with `flipped` only those on which the model changed sides."""

    before: int
    after: int
    flipped: bool = False


@dataclass(frozen=True, slots=True)
class OpenItems:
    """Items nobody has decided whose verdict has a score, from `score_from` on: the workload of a threshold."""

    score_from: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """Items of the audit stream, of one layer of one draw or of all."""

    what: Sampled = Sampled.DRAWN
    draw: int | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Items a second opinion was tried on, out of fold, in a cell of one side or by who was right.

    `labels` names a point of the learning curve, where only errors (`disagreement`) and all items are kept.
    """

    version: int
    side: Side = Side.OPINION
    cell: Cell = Cell.ALL
    right: Right | None = None
    blind: bool = False
    compared: bool = False
    labels: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Sure negatives that wait; with `audited` those that do not, to measure the error; `violating` of these."""

    audited: bool = False
    violating: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Queue entries by key, in this order."""

    entries: tuple[int, ...] = ()


Behind = Compared | Shared | Marked | Stepped | OpenItems | Drawn | Held | Waiting | Listed
"""Any of them."""
