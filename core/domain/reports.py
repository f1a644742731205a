"""An evaluation report as plain values: facts, paragraphs, tables and plots, ready for any page. No arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a plot with its interval, if it has one; `name` stands at the axis instead of `x`."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """Points with intervals, joined by a line or not; `diagonal` draws where x and y are equal.

    `y_low` to `y_high` is what the vertical axis spans.
    """

    title: str
    x_label: str
    y_label: str
    points: tuple[Point, ...]
    joined: bool = False
    diagonal: bool = False
    y_low: float = 0.0
    y_high: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headers; every cell is plain text."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it: paragraphs, then tables, then plots."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `dated` is the day it speaks of; `facts` name what was evaluated. Holds no content of items."""

    title: str
    dated: date
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
