"""What the insight page shows, sheet by sheet: a table, a plot, words, and what stands behind each cell.

It owns which figures are on which sheet and their words. Making one reads the whole workspace, so it is done off the
GUI thread; a sheet holds plain values and no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain.insight import Cell, Difference, Dimension, Estimate, Figures
from core.domain.reports import Plot, Point
from core.services import Workspace

OPENED = 5000
"""Items a cell opens on the desk at most."""

_USEFUL = 100


class SheetKind(Enum):
    """The sheets, in order."""

    AGREEMENT = auto()
    CONFUSION = auto()
    REVIEWERS = auto()
    VERSIONS = auto()
    CALIBRATION = auto()
    RECALL = auto()
    OPINION = auto()
    NEXT = auto()

    @property
    def needs_policy(self) -> bool:
        """Whether it speaks of one policy only."""
        return self not in (SheetKind.AGREEMENT, SheetKind.CONFUSION, SheetKind.REVIEWERS)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a cell: a part and a cell of its confusion, a pair of labels, or entries by key."""

    dimension: Dimension | None = None
    value: str = ""
    cell: Cell = Cell.ALL
    labels: tuple[str, str] | None = None
    entries: tuple[int, ...] | None = None


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
        SheetKind.AGREEMENT: _tr("Agreement"),
        SheetKind.CONFUSION: _tr("Confusion and causes"),
        SheetKind.REVIEWERS: _tr("Between reviewers"),
        SheetKind.VERSIONS: _tr("From version to version"),
        SheetKind.CALIBRATION: _tr("Scores and thresholds"),
        SheetKind.RECALL: _tr("Recall, misses included"),
        SheetKind.OPINION: _tr("Second opinion"),
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


def make_sheet(workspace: Workspace, kind: SheetKind, policy_id: str | None, by: Dimension) -> Sheet:
    """Return a sheet of one policy, or of all where the kind allows it. Not for the GUI thread.

    Raises:
        UsageError: there is no such policy.
    """
    if policy_id is None:
        if kind.needs_policy:
            return Sheet(kind, (_tr("Policy"),), (), (_tr("Choose a policy: this sheet speaks of one."),))
        makers_of_all: dict[SheetKind, Callable[[], Sheet]] = {
            SheetKind.AGREEMENT: lambda: _agreement(workspace, None, by),
            SheetKind.CONFUSION: lambda: _confusion(workspace, None),
            SheetKind.REVIEWERS: lambda: _reviewers(workspace, None),
        }
        return makers_of_all[kind]()
    makers: dict[SheetKind, Callable[[], Sheet]] = {
        SheetKind.AGREEMENT: lambda: _agreement(workspace, policy_id, by),
        SheetKind.CONFUSION: lambda: _confusion(workspace, policy_id),
        SheetKind.REVIEWERS: lambda: _reviewers(workspace, policy_id),
        SheetKind.VERSIONS: lambda: _versions(workspace, policy_id),
        SheetKind.CALIBRATION: lambda: _calibration(workspace, policy_id),
        SheetKind.RECALL: lambda: _recall(workspace, policy_id),
        SheetKind.OPINION: lambda: _opinion(workspace, policy_id),
        SheetKind.NEXT: lambda: _next(workspace, policy_id),
    }
    return makers[kind]()


def keys_behind(workspace: Workspace, policy_id: str | None, behind: Behind) -> list[int]:
    """Return the queue entries behind a cell, at most `OPENED`. Not for the GUI thread."""
    if behind.entries is not None:
        return list(behind.entries[:OPENED])
    keys = services.entries_behind(
        workspace,
        policy_id=policy_id,
        dimension=behind.dimension,
        value=behind.value,
        cell=behind.cell,
        labels=behind.labels,
    )
    return list(keys[:OPENED])


_CELLS = (Cell.ALL, Cell.DISAGREEMENT, Cell.ALL, Cell.FLAGGED, Cell.VIOLATING, Cell.EITHER)
"""What opens behind compared, agreement, kappa, precision, recall and F1."""


def _figure_row(name: str, figures: Figures, dimension: Dimension | None, value: str) -> SheetRow:
    shares = (figures.agreement, figures.kappa, figures.precision, figures.recall, figures.f1)
    cells = (name, f"{figures.compared:,}", *(share.words() for share in shares), figures.seconds.words(1))
    behind = tuple(Behind(dimension, value, cell) for cell in _CELLS)
    return SheetRow(cells, (behind[0], *behind, behind[0]))


def _agreement(workspace: Workspace, policy_id: str | None, by: Dimension) -> Sheet:
    measured = services.policy_measures(workspace, policy_id=policy_id, by=(by,))
    rows = [_figure_row(_tr("All"), measured.whole, None, "")]
    rows += [_figure_row(part.value, part.figures, by, part.value) for part in measured.parts]
    headers = (
        dimension_name(by), _tr("n"), _tr("Agreement"), _tr("Kappa"), _tr("Precision"), _tr("Recall"), _tr("F1"),
        _tr("Seconds an item"),
    )  # fmt: skip
    gap = _tr("Assisted less blind agreement: {gap}. Above zero is automation bias.")
    points = tuple(
        _point(place, part.value, part.figures.agreement)
        for place, part in enumerate(part for part in measured.parts[:40] if part.figures.agreement.enough)
    )
    plot = Plot(_tr("Agreement, with 95% intervals"), "", _tr("agreement"), points) if points else None
    words = gap.format(gap=_difference(measured.blind_gap))
    return Sheet(SheetKind.AGREEMENT, headers, tuple(rows), (words,), plot, frozenset({1}))


def _point(place: int, name: str, estimate: Estimate) -> Point:
    return Point(float(place), estimate.value or 0.0, estimate.low, estimate.high, name)


def _difference(difference: Difference) -> str:
    words = difference.difference.words()
    return words if difference.p is None or not difference.difference.enough else f"{words}, p {difference.p:.3g}"


def _confusion(workspace: Workspace, policy_id: str | None) -> Sheet:
    whole = services.policy_measures(workspace, policy_id=policy_id, by=()).whole
    rows = [
        SheetRow((human, model, f"{count:,}"), (Behind(labels=(human, model)),) * 3)
        for (human, model), count in sorted(whole.labels.items(), key=lambda pair: -pair[1])
    ]
    causes = ", ".join(f"{cause.value.replace('_', ' ')} {count}" for cause, count in sorted(whole.causes.items()))
    notes = (_tr("Causes of overrides: {causes}").format(causes=causes or _tr("none given")),)
    return Sheet(
        SheetKind.CONFUSION, (_tr("Human"), _tr("Model"), _tr("Items")), tuple(rows), notes, numeric=frozenset({2})
    )


def _reviewers(workspace: Workspace, policy_id: str | None) -> Sheet:
    measured = services.reviewer_measures(workspace, policy_id=policy_id)
    rows = [
        SheetRow((pair.first, pair.second, pair.kappa.words(), pair.agreement.words()), (None,) * 4)
        for pair in measured.pairs
    ]
    rows += [
        SheetRow(
            (
                mark.reviewer,
                _tr("hidden golden items") if mark.hidden else _tr("labels that came along"),
                "",
                mark.score.words(),
            ),
            (None,) * 4,
        )
        for mark in measured.golden
    ]
    notes = [
        _tr("Krippendorff's alpha, labels: {alpha}").format(alpha=measured.alpha.words()),
        _tr("Krippendorff's alpha, violating or not: {alpha}").format(alpha=measured.alpha_violates.words()),
    ]
    if measured.golden_hidden:
        notes.append(_tr("{n} scores of others are seen by them and by a lead.").format(n=measured.golden_hidden))
    headers = (_tr("Reviewer"), _tr("and"), _tr("Kappa"), _tr("Same label"))
    return Sheet(SheetKind.REVIEWERS, headers, tuple(rows), tuple(notes))


def _versions(workspace: Workspace, policy_id: str) -> Sheet:
    steps = services.version_drift(workspace, policy_id=policy_id)
    rows = [
        SheetRow(
            (
                _tr("{before} to {after}").format(before=step.before, after=step.after),
                _difference(step.agreement),
                _difference(step.violating),
                f"{sum(step.flips.values()):,}",
                step.flipped.words(),
            ),
            (
                None,
                Behind(Dimension.VERSION, f"{policy_id} v{step.after}", Cell.DISAGREEMENT),
                Behind(Dimension.VERSION, f"{policy_id} v{step.after}", Cell.FLAGGED),
                None,
                None,
            ),
        )
        for step in steps
    ]
    headers = (
        _tr("Versions"), _tr("Agreement changed by"), _tr("Share violating changed by"), _tr("Judged by both"),
        _tr("Changed sides"),
    )  # fmt: skip
    notes = () if steps else (_tr("The policy has one version so far."),)
    return Sheet(SheetKind.VERSIONS, headers, tuple(rows), notes, numeric=frozenset({3}))


def _calibration(workspace: Workspace, policy_id: str) -> Sheet:
    found = services.calibration(workspace, policy_id=policy_id)
    rows = [
        SheetRow(
            (
                f"{one.target} {one.wanted:g}",
                _tr("not reached") if one.score is None else f"{one.score:.4f}",
                "" if one.score is None else one.precision.words(),
                "" if one.score is None else one.recall.words(),
                _tr("{n:,} of {all:,} open items").format(n=one.workload, all=one.open_items),
            ),
            (None,) * 5,
        )
        for one in found.thresholds
    ]
    rows += [
        SheetRow((curve.method, "", curve.error.words(3), curve.brier.words(3), ""), (None,) * 5)
        for curve in found.curves
    ]
    points = tuple(
        Point(part.mean_score, part.violating.value or 0.0, part.violating.low, part.violating.high)
        for part in (found.curves[0].bins if found.curves else ())
        if part.violating.enough
    )
    plot = Plot(_tr("Reliability of the score"), _tr("score"), _tr("share that violates"), points, True, True)
    notes = [
        _tr("{n:,} decided items have a score. Area under the ROC curve: {auc}").format(
            n=found.n, auc=found.auc.words()
        ),
        _tr("Rows of targets: precision and recall from that score on. Rows of mappings: calibration error and Brier."),
    ]
    headers = (
        _tr("Target or mapping"), _tr("Score from"), _tr("Precision / error"), _tr("Recall / Brier"), _tr("Workload"),
    )  # fmt: skip
    return Sheet(SheetKind.CALIBRATION, headers, tuple(rows), tuple(notes), plot if points else None)


def _recall(workspace: Workspace, policy_id: str) -> Sheet:
    found = services.audit_recall(workspace, policy_id=policy_id)
    pending = Behind(entries=found.entries) if found.entries else None
    rows = [
        SheetRow(
            (one.name, f"{one.size:,}", f"{one.drawn:,}", f"{one.decided:,}", f"{one.violating:,}"),
            (pending,) * 5,
        )
        for one in found.strata
    ]
    if not found.draws:
        notes = [_tr("Nothing was drawn yet. Draw an audit sample and review it to learn what the model misses.")]
    elif found.recall.value is None:
        notes = [
            _tr("Recall is known once every layer has a decided item."),
            _tr("{n:,} sampled items wait to be decided; open a row to see them.").format(n=found.pending),
        ]
    else:
        notes = [
            _tr("Recall {recall}; precision {precision}; violating items that were passed: {misses}").format(
                recall=found.recall.words(), precision=found.precision.words(), misses=found.misses.words(0)
            ),
            _tr("{n:,} sampled items wait to be decided; open a row to see them.").format(n=found.pending),
        ]
    headers = (_tr("Layer"), _tr("Items"), _tr("Drawn"), _tr("Decided"), _tr("Violating"))
    return Sheet(SheetKind.RECALL, headers, tuple(rows), tuple(notes), numeric=frozenset({1, 2, 3, 4}))


def _opinion(workspace: Workspace, policy_id: str) -> Sheet:
    cards = services.second_opinions(workspace, policy_id=policy_id)
    headers = (_tr("Judge"), _tr("Items"), _tr("Agreement"), _tr("Precision"), _tr("Recall"), _tr("F1"))
    if not cards:
        few = _tr("Not enough labels, or not trained yet. It takes 50 decided items, 10 of each side.")
        return Sheet(SheetKind.OPINION, headers, (), (few,))
    card = cards[-1]
    rows = [
        SheetRow(
            (
                f"{side.name}, {_tr('blind') if head.blind else _tr('all decided')}", f"{head.n:,}",
                side.agreement.words(), side.precision.words(), side.recall.words(), side.f1.words(),
            ),
            (Behind(Dimension.REVIEW, "blind") if head.blind else Behind(),) * 6,
        )
        for head in card.heads
        for side in (head.model, head.opinion)
    ]  # fmt: skip
    words = services.weighing_words(workspace, policy_id=policy_id, count=16) if card.has_model else []
    against = ", ".join(word.text for word in words if word.weight > 0)
    safe = ", ".join(word.text for word in words if word.weight < 0)
    notes = [
        _tr("Version {v} of {day}: {n:,} labels, {bad:,} violating. Out of fold: AUC {auc}, F1 {f1}.").format(
            v=card.version, day=f"{card.trained_at:%Y-%m-%d}", n=card.labels, bad=card.violating,
            auc=card.auc.words(), f1=card.f1.words(),
        ),
        _tr("Speaks for violating: {words}").format(words=against or "–"),
        _tr("Speaks for safe: {words}").format(words=safe or "–"),
    ]  # fmt: skip
    if not card.has_model:
        notes.append(_tr("Its words were forgotten when content was removed. Train it again to use it."))
    waiting = services.deferral(workspace, policy_id=policy_id)
    if waiting is not None:
        notes.append(
            _tr("{n:,} sure negatives wait; of violating items at most {error:g} do. Audit sample: {missed}").format(
                n=waiting.waiting, error=waiting.guarantee.error, missed=waiting.missed.words(3)
            )
        )
    points = tuple(
        _point(place, f"{point.labels:,}", point.auc)
        for place, point in enumerate(point for point in card.curve if point.auc.value is not None)
    )
    plot = Plot(_tr("Learning curve"), _tr("labels"), _tr("area under the ROC curve"), points, joined=True, y_low=0.5)
    return Sheet(SheetKind.OPINION, headers, tuple(rows), tuple(notes), plot if points else None, frozenset({1}))


def _next(workspace: Workspace, policy_id: str) -> Sheet:
    listed = services.most_useful_next(workspace, policy_id=policy_id, limit=_USEFUL)
    keys = tuple(one.entry for one in listed)
    reasons = {
        "uncertain": _tr("the model is unsure"),
        "disputed": _tr("the second opinion differs"),
        "clause": _tr("few decided items cite its clause"),
        "different": _tr("unlike the ones above"),
    }
    rows = [
        SheetRow(
            (one.item_id, f"{one.usefulness:.2f}", ", ".join(reasons[name] for name in one.reasons)),
            (Behind(entries=keys[place:]),) * 3,
        )
        for place, one in enumerate(listed)
    ]
    notes = (_tr("Open items whose labels would teach the most. Opening one opens it and all below it."),)
    return Sheet(
        SheetKind.NEXT, (_tr("Item"), _tr("Useful"), _tr("Because")), tuple(rows), notes, numeric=frozenset({1})
    )


def table_of(sheet: Sheet) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return headers and rows of a sheet as text, for a file."""
    return sheet.headers, [row.cells for row in sheet.rows]
