"""What a sheet of the insight page is: cells, what stands behind each, a plot; and the words for figures and kinds.

It owns the values and their wording. It reads no workspace and holds no widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from core.domain.behind import Behind
from core.domain.insight import TOO_FEW, Difference, Dimension, Estimate
from core.domain.reports import Plot, Point

MOST_POINTS = 40


class SheetKind(Enum):
    """The sheets, in order."""

    OVERVIEW = auto()
    AGREEMENT = auto()
    CONFUSION = auto()
    CAUSES = auto()
    BLIND = auto()
    REVIEWERS = auto()
    GOLDEN = auto()
    VERSIONS = auto()
    THRESHOLDS = auto()
    RELIABILITY = auto()
    RECALL = auto()
    OPINION = auto()
    CURVE = auto()
    NEXT = auto()

    @property
    def needs_policy(self) -> bool:
        """Whether it speaks of one policy only."""
        return self not in _OF_ALL

    @property
    def about_opinion(self) -> bool:
        """Whether it speaks of the second opinion."""
        return self in (SheetKind.OPINION, SheetKind.CURVE)


_OF_ALL = frozenset(
    {
        SheetKind.OVERVIEW,
        SheetKind.AGREEMENT,
        SheetKind.CONFUSION,
        SheetKind.CAUSES,
        SheetKind.BLIND,
        SheetKind.REVIEWERS,
        SheetKind.GOLDEN,
    }
)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The cells of a row, and what stands behind each (None: nothing to open)."""

    cells: tuple[str, ...]
    behind: tuple[Behind | None, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `notes` are sentences above the table; `numeric` columns are right-aligned."""

    kind: SheetKind
    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()
    plot: Plot | None = None
    numeric: frozenset[int] = frozenset()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def sheet_name(kind: SheetKind) -> str:
    """Return the word for a sheet."""
    return {
        SheetKind.OVERVIEW: _tr("Overview"),
        SheetKind.AGREEMENT: _tr("Agreement"),
        SheetKind.CONFUSION: _tr("Confusion"),
        SheetKind.CAUSES: _tr("Causes of overrides"),
        SheetKind.BLIND: _tr("Blind and assisted"),
        SheetKind.REVIEWERS: _tr("Between reviewers"),
        SheetKind.GOLDEN: _tr("Known right labels"),
        SheetKind.VERSIONS: _tr("From version to version"),
        SheetKind.THRESHOLDS: _tr("Thresholds and workload"),
        SheetKind.RELIABILITY: _tr("Reliability of scores"),
        SheetKind.RECALL: _tr("Recall, misses included"),
        SheetKind.OPINION: _tr("Second opinion"),
        SheetKind.CURVE: _tr("Learning curve"),
        SheetKind.NEXT: _tr("Most useful next"),
    }[kind]


def dimension_name(dimension: Dimension) -> str:
    """Return the word for a dimension."""
    return {
        Dimension.POLICY: _tr("Policy"),
        Dimension.VERSION: _tr("Version"),
        Dimension.LABEL: _tr("Label"),
        Dimension.CLAUSE: _tr("Clause"),
        Dimension.SOURCE: _tr("Source"),
        Dimension.LANGUAGE: _tr("Language"),
        Dimension.KIND: _tr("Kind of item"),
        Dimension.REVIEWER: _tr("Reviewer"),
        Dimension.REVIEW: _tr("Blind or assisted"),
        Dimension.EFFORT: _tr("Effort"),
        Dimension.MODEL: _tr("Model"),
        Dimension.MONTH: _tr("Month"),
        Dimension.WEEK: _tr("Week"),
    }[dimension]


def value_word(estimate: Estimate, digits: int = 2) -> str:
    """Return a figure's number, or why there is none."""
    if estimate.value is None and estimate.n >= TOO_FEW:
        return _tr("not defined")
    if estimate.value is None or not estimate.enough:
        return _tr("too few")
    return f"{estimate.value:.{digits}f}"


def interval_word(estimate: Estimate, digits: int = 2) -> str:
    """Return a figure's interval, or nothing where it has none."""
    if not estimate.enough or estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.{digits}f}\u2013{estimate.high:.{digits}f}"


def figure_word(estimate: Estimate, digits: int = 2) -> str:
    """Return a figure as a person reads it: number, interval and n, or why there is none."""
    inside = ", ".join(part for part in (interval_word(estimate, digits), f"n {estimate.n:,}") if part)
    return f"{value_word(estimate, digits)} ({inside})"


def difference_word(difference: Difference) -> str:
    """Return how far two shares lie apart, with the p of the test where there are enough."""
    words = figure_word(difference.difference)
    return words if difference.p is None or not difference.difference.enough else f"{words}, p {difference.p:.3g}"


def forest(title: str, across: str, named: Sequence[tuple[str, Estimate]]) -> Plot | None:
    """Return a plot of the figures that have a number, side by side; None where none has."""
    shown = [(name, one) for name, one in named if one.enough and one.value is not None][:MOST_POINTS]
    points = tuple(
        Point(float(place), one.value or 0.0, one.low, one.high, name) for place, (name, one) in enumerate(shown)
    )
    lowest = min((point.y if point.low is None else point.low for point in points), default=0.0)
    return Plot(title, "", across, points, y_low=-1.0 if lowest < 0 else 0.0) if points else None


def table_of(sheet: Sheet) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return headers and rows of a sheet as text, for a file."""
    return sheet.headers, [row.cells for row in sheet.rows]
