"""The sheets of model beside humans: agreement by any division, confusion, causes of overrides, blind and assisted.

It owns which figures stand in which column and what opens behind each.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain import ItemKind
from core.domain.behind import Compared
from core.domain.insight import Cell, Dimension, Estimate, Figures
from core.domain.reports import Plot
from core.services import Workspace
from ui.sheets.values import (
    Sheet,
    SheetKind,
    SheetRow,
    difference_word,
    dimension_name,
    figure_word,
    forest,
)
from ui.words import cause_word, kind_word, language_word

MOST_LABELS = 12
"""Labels a confusion matrix has columns for; with more, pairs are listed."""

_CELLS = (Cell.ALL, Cell.DISAGREEMENT, Cell.ALL, Cell.FLAGGED, Cell.VIOLATING, Cell.EITHER, Cell.TIMED)
"""What opens behind n, agreement, kappa, precision, recall, F1 and the time on an item."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def _figure_row(name: str, figures: Figures, part: Compared) -> SheetRow:
    shares = (figures.agreement, figures.kappa, figures.precision, figures.recall, figures.f1)
    cells = (name, f"{figures.compared:,}", *map(figure_word, shares), figure_word(figures.seconds, 1))
    whole = Cell.EITHER if part.by is Dimension.LABEL else Cell.ALL  # of a label: what either side called so
    return SheetRow(cells, tuple(replace(part, cell=cell) for cell in (whole, *_CELLS)))


def part_word(dimension: Dimension, value: str) -> str:
    """Return the word for a value of a dimension: what is a code has one, a name stands as it is."""
    if dimension is Dimension.LANGUAGE:
        return language_word(value)
    if dimension is Dimension.KIND:
        return kind_word(ItemKind(value))
    if dimension is Dimension.REVIEW:
        return {"blind": _tr("Blind"), "assisted": _tr("Assisted"), "imported": _tr("Imported")}[value]
    return value


def divided_sheet(workspace: Workspace, policy_id: str | None, by: Dimension) -> Sheet:
    """Return how far model and humans agree, whole and divided."""
    measured = services.policy_measures(workspace, policy_id=policy_id, by=(by,))
    rows = [_figure_row(_tr("All"), measured.whole, Compared())]
    rows += [_figure_row(part_word(by, part.value), part.figures, Compared(by, part.value)) for part in measured.parts]
    headers = (
        dimension_name(by), _tr("n"), _tr("Agreement"), _tr("Kappa"), _tr("Precision"), _tr("Recall"), _tr("F1"),
        _tr("Seconds an item"),
    )  # fmt: skip
    named = [(part_word(by, part.value), part.figures.agreement) for part in measured.parts]
    plot = forest(_tr("Agreement, with 95% intervals"), _tr("agreement"), named)
    return Sheet(SheetKind.AGREEMENT, headers, tuple(rows), (), plot, frozenset({1}))


def confusion_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return what the model said of what humans said: a matrix, or a list of pairs where labels are many."""
    whole = services.policy_measures(workspace, policy_id=policy_id, by=()).whole
    names = sorted({label for pair in whole.labels for label in pair})
    if not 0 < len(names) <= MOST_LABELS:
        return _pairs(whole)
    rows = []
    for human in names:
        counts = [whole.labels.get((human, model), 0) for model in names]
        rows.append(
            SheetRow(
                (human, *(f"{count:,}" for count in counts), f"{sum(counts):,}"),
                (
                    Compared(human=human),
                    *(Compared(human=human, model=model) if whole.labels.get((human, model)) else None
                      for model in names),
                    Compared(human=human),
                ),
            )
        )  # fmt: skip
    sums = [sum(whole.labels.get((human, model), 0) for human in names) for model in names]
    rows.append(
        SheetRow(
            (_tr("All"), *(f"{count:,}" for count in sums), f"{sum(sums):,}"),
            (Compared(), *(Compared(model=model) if sums[place] else None for place, model in enumerate(names)),
             Compared()),
        )
    )  # fmt: skip
    headers = (_tr("Human \u2193   Model \u2192"), *names, _tr("All"))
    notes = (_tr("Rows are what humans said, columns what the model said of the same items."),)
    numeric = frozenset(range(1, len(headers)))
    return Sheet(SheetKind.CONFUSION, headers, tuple(rows), notes, _label_plot(whole, names), numeric)


def _label_plot(whole: Figures, names: list[str]) -> Plot | None:
    named = []
    for human in names:
        n = sum(count for (said, _), count in whole.labels.items() if said == human)
        named.append((human, services.share_of(whole.labels.get((human, human), 0), n)))
    return forest(_tr("Share of each human label that the model gave, too"), _tr("share"), named)


def _pairs(whole: Figures) -> Sheet:
    rows = tuple(
        SheetRow((human, model, f"{count:,}"), (Compared(human=human, model=model),) * 3)
        for (human, model), count in sorted(whole.labels.items(), key=lambda pair: (-pair[1], pair[0]))
    )
    notes = () if rows else (_tr("No decided item has a verdict to compare yet."),)
    return Sheet(SheetKind.CONFUSION, (_tr("Human"), _tr("Model"), _tr("Items")), rows, notes, numeric=frozenset({2}))


def causes_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return why reviewers overrode the model, as counts and as shares of all overrides."""
    whole = services.policy_measures(workspace, policy_id=policy_id, by=()).whole
    overrides = whole.cells.get(Cell.DISAGREEMENT, 0)
    given = sorted(whole.causes.items(), key=lambda pair: (-pair[1], pair[0]))
    shares: list[tuple[str, Estimate]] = [
        (cause_word(cause), services.share_of(count, overrides)) for cause, count in given
    ]
    rows = [
        SheetRow((name, f"{count:,}", figure_word(share)), (Compared(cause=cause),) * 3)
        for (cause, count), (name, share) in zip(given, shares, strict=True)
    ]
    without = overrides - sum(whole.causes.values())
    rows.append(
        SheetRow(
            (_tr("All overrides"), f"{overrides:,}", _tr("{n:,} without a cause").format(n=without)),
            (Compared(cell=Cell.DISAGREEMENT),) * 3,
        )
    )
    headers = (_tr("Cause"), _tr("Overrides"), _tr("Share of overrides"))
    plot = forest(_tr("Causes of overrides, with 95% intervals"), _tr("share of overrides"), shares)
    return Sheet(SheetKind.CAUSES, headers, tuple(rows), (), plot, frozenset({1}))


def blind_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return how far decisions made with the verdict in sight agree with it, beside blind ones: automation bias."""
    measured = services.policy_measures(workspace, policy_id=policy_id, by=(Dimension.REVIEW,))
    rows = [
        _figure_row(part_word(part.dimension, part.value), part.figures, Compared(Dimension.REVIEW, part.value))
        for part in measured.parts
    ]
    headers = (
        _tr("Decided"), _tr("n"), _tr("Agreement"), _tr("Kappa"), _tr("Precision"), _tr("Recall"), _tr("F1"),
        _tr("Seconds an item"),
    )  # fmt: skip
    gap = measured.blind_gap
    notes = (
        _tr("Assisted less blind agreement: {gap}. Above zero is automation bias (Fisher's exact test).").format(
            gap=difference_word(gap)
        ),
    )
    named = [(part_word(part.dimension, part.value), part.figures.agreement) for part in measured.parts]
    plot = forest(_tr("Agreement, with 95% intervals"), _tr("agreement"), named)
    return Sheet(SheetKind.BLIND, headers, tuple(rows), notes, plot, frozenset({1}))
