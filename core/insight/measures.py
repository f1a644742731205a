"""The measures: one pass over the comparisons, counted whole and by every dimension at once.

It owns what belongs to which part and which counts make which figure. It reads no database, and it holds counts and
times, never the comparisons themselves, so that a million of them fit.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.domain import Cause
from core.domain.insight import Cell, Comparison, Difference, Dimension, Estimate, Figures, Part, PolicyMeasures
from core.insight.intervals import difference_of, f1_of, kappa_of, median_of, share_of

BLIND, ASSISTED, IMPORTED = "blind", "assisted", "imported"


def values_of(item: Comparison, dimension: Dimension) -> tuple[str, ...]:
    """Return the parts of a dimension an item belongs to; of clauses that may be several, or none."""
    if dimension is Dimension.CLAUSE:
        return tuple(dict.fromkeys(rule for rule in (item.rule_id, *item.rule_ids) if rule))
    year, week, _ = item.decided_at.isocalendar()
    value = {
        Dimension.POLICY: item.policy_id,
        Dimension.VERSION: f"{item.policy_id} v{item.version}",
        Dimension.LABEL: item.human_label,
        Dimension.SOURCE: item.source,
        Dimension.LANGUAGE: item.language,
        Dimension.KIND: item.kind,
        Dimension.REVIEWER: item.reviewer,
        Dimension.REVIEW: IMPORTED if item.imported else BLIND if item.blind else ASSISTED,
        Dimension.EFFORT: item.effort,
        Dimension.MODEL: item.model,
        Dimension.MONTH: f"{item.decided_at:%Y-%m}",
        Dimension.WEEK: f"{year}-W{week:02}",
    }[dimension]
    return (value,) if value else ()


def cell_of(item: Comparison, label: str | None = None) -> Cell:
    """Return the corner of the confusion matrix: by side, or with a label by whether each gave that label."""
    human = item.human_violates if label is None else item.human_label == label
    model = bool(item.model_violates) if label is None else item.model_label == label
    if human:
        return Cell.TRUE_POSITIVE if model else Cell.FALSE_NEGATIVE
    return Cell.FALSE_POSITIVE if model else Cell.TRUE_NEGATIVE


def is_timed(item: Comparison) -> bool:
    """Whether a person's time on the item is known; a label that was imported has none."""
    return item.seconds is not None and not item.imported


def is_behind(item: Comparison, cell: Cell, label: str | None = None) -> bool:
    """Whether an item is among those a count of this cell stands for."""
    if cell is Cell.DECIDED:
        return True
    if cell is Cell.TIMED:
        return is_timed(item)
    if not item.compared:
        return False
    if cell is Cell.DISAGREEMENT and label is None:
        return not item.agrees
    return cell is Cell.ALL or cell_of(item, label) in _CORNERS.get(cell, (cell,))


_CORNERS = {
    Cell.DISAGREEMENT: (Cell.FALSE_POSITIVE, Cell.FALSE_NEGATIVE),
    Cell.FLAGGED: (Cell.TRUE_POSITIVE, Cell.FALSE_POSITIVE),
    Cell.VIOLATING: (Cell.TRUE_POSITIVE, Cell.FALSE_NEGATIVE),
    Cell.EITHER: (Cell.TRUE_POSITIVE, Cell.FALSE_POSITIVE, Cell.FALSE_NEGATIVE),
}


@dataclass(slots=True)
class Tally:
    """The counts of one part. `label` makes it one label against the rest."""

    label: str | None = None
    decided: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    labels: Counter[tuple[str, str]] = field(default_factory=Counter)
    causes: Counter[Cause] = field(default_factory=Counter)
    seconds: array[float] = field(default_factory=lambda: array("d"))
    agreed: int = 0

    def add(self, item: Comparison) -> None:
        """Count one decision."""
        self.decided += 1
        if item.seconds is not None and is_timed(item):
            self.seconds.append(item.seconds)
        if not item.compared or item.model_label is None:
            return
        self.cells[cell_of(item, self.label)] += 1
        self.labels[item.human_label, item.model_label] += 1
        self.agreed += item.agrees
        if item.cause is not None and not item.agrees:
            self.causes[item.cause] += 1

    def figures(self) -> Figures:
        """Return what the counts say."""
        both, model_only = self.cells[Cell.TRUE_POSITIVE], self.cells[Cell.FALSE_POSITIVE]
        human_only, neither = self.cells[Cell.FALSE_NEGATIVE], self.cells[Cell.TRUE_NEGATIVE]
        compared = both + model_only + human_only + neither
        sides = {
            (True, True): both,
            (False, True): model_only,
            (True, False): human_only,
            (False, False): neither,
        }
        return Figures(
            decided=self.decided,
            compared=compared,
            agreement=share_of(self.agreed, compared),
            kappa=kappa_of(sides),
            precision=share_of(both, both + model_only),
            recall=share_of(both, both + human_only),
            f1=f1_of(both, model_only, human_only),
            cells={
                **self.cells,
                Cell.ALL: compared,
                Cell.DISAGREEMENT: compared - self.agreed,
                Cell.FLAGGED: both + model_only,
                Cell.VIOLATING: both + human_only,
                Cell.EITHER: compared - neither,
                Cell.DECIDED: self.decided,
                Cell.TIMED: len(self.seconds),
            },
            labels=dict(self.labels),
            causes=dict(self.causes),
            seconds=median_of(self.seconds),
        )


def measure(
    comparisons: Iterable[Comparison], *, policy_id: str | None = None, dimensions: Sequence[Dimension] = ()
) -> PolicyMeasures:
    """Return the figures of the comparisons, which are read once, whole and by each dimension.

    A part of the dimension label holds the items either side gave that label, so that it has a recall and a
    precision; of any other, the items with that value. Parts are in the order of their dimension, then their value.
    """
    whole = Tally()
    parts: dict[tuple[Dimension, str], Tally] = {}
    reviews: dict[str, Tally] = defaultdict(Tally)
    for item in comparisons:
        whole.add(item)
        for dimension in dimensions:
            for value in values_of(item, dimension):
                label = value if dimension is Dimension.LABEL else None
                parts.setdefault((dimension, value), Tally(label)).add(item)
        reviews[values_of(item, Dimension.REVIEW)[0]].add(item)
    if Dimension.LABEL in dimensions:
        _complete_labels(parts, whole.labels)
    order = {dimension: number for number, dimension in enumerate(dimensions)}
    listed = sorted(parts, key=lambda key: (order[key[0]], key[1]))
    return PolicyMeasures(
        policy_id=policy_id,
        whole=whole.figures(),
        parts=tuple(Part(dimension, value, parts[dimension, value].figures()) for dimension, value in listed),
        blind_gap=_gap(reviews[ASSISTED], reviews[BLIND]),
    )


def _complete_labels(parts: dict[tuple[Dimension, str], Tally], labels: Counter[tuple[str, str]]) -> None:
    """Give each label its part of the whole confusion: what the model called so wrongly is not under it yet."""
    n = sum(labels.values())
    for value in {label for pair in labels for label in pair}:
        tally = parts.setdefault((Dimension.LABEL, value), Tally(value))
        both = labels[value, value]
        human = sum(count for (said, _), count in labels.items() if said == value)
        model = sum(count for (_, said), count in labels.items() if said == value)
        neither = n - human - model + both
        corners = (Cell.TRUE_POSITIVE, Cell.FALSE_POSITIVE, Cell.FALSE_NEGATIVE, Cell.TRUE_NEGATIVE)
        tally.cells = Counter(dict(zip(corners, (both, model - both, human - both, neither), strict=True)))
        tally.agreed = both + neither


def _gap(assisted: Tally, blind: Tally) -> Difference:
    first = share_of(assisted.agreed, sum(assisted.cells.values()))
    second = share_of(blind.agreed, sum(blind.cells.values()))
    return compare_shares(first, second)


def compare_shares(first: Estimate, second: Estimate) -> Difference:
    """Return the difference of two independent shares with Newcombe's interval and Fisher's exact test."""
    p: float | None = None
    if first.value is not None and second.value is not None:
        from scipy.stats import fisher_exact  # slow to load, and most measures do without

        counts = [[round(share.value * share.n), share.n] for share in (first, second) if share.value is not None]
        p = float(fisher_exact([[part, whole - part] for part, whole in counts]).pvalue)
    return Difference(first, second, difference_of(first, second), p, "Fisher's exact test")
