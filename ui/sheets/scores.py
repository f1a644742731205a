"""The sheets of the model's scores and versions: drift, thresholds, reliability, and recall with its misses.

It owns their columns and what opens behind each figure.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain.behind import Behind, Compared, Drawn, OpenItems, Sampled, Stepped
from core.domain.insight import AuditRecall, Calibration, Cell, Dimension, Stratum, Threshold, VersionDrift
from core.domain.reports import Plot, Point
from core.services import Workspace
from ui.sheets.values import Sheet, SheetKind, SheetRow, difference_word, figure_word, forest

SCORED = Compared(score_from=0.0)
TARGETS = (
    ("recall", 0.99), ("recall", 0.95), ("recall", 0.9), ("precision", 0.95), ("precision", 0.9), ("precision", 0.8),
)  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def versions_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return what changed from each version of a policy to the next."""
    steps = services.version_drift(workspace, policy_id=policy_id)
    headers = (
        _tr("Versions"), _tr("Agreement changed by"), _tr("Share violating changed by"), _tr("Judged by both"),
        _tr("Changed sides"),
    )  # fmt: skip
    notes = () if steps else (_tr("The policy has one version so far."),)
    named = [(f"{step.before} \u2192 {step.after}", step.flipped) for step in steps]
    plot = forest(_tr("Share of items on which the model changed sides"), _tr("share"), named)
    rows = tuple(_step_row(policy_id, step) for step in steps)
    return Sheet(SheetKind.VERSIONS, headers, rows, notes, plot, frozenset({3}))


def _step_row(policy_id: str, step: VersionDrift) -> SheetRow:
    both = Stepped(step.before, step.after)
    after = Compared(Dimension.VERSION, f"{policy_id} v{step.after}")
    flipped = figure_word(step.flipped)
    return SheetRow(
        (
            _tr("{before} to {after}").format(before=step.before, after=step.after),
            difference_word(step.agreement),
            difference_word(step.violating),
            f"{sum(step.flips.values()):,}",
            flipped if step.p is None or not step.flipped.enough else f"{flipped}, p {step.p:.3g}",
        ),
        (both, Compared(after.by, after.value, Cell.DISAGREEMENT), both, both,
         Stepped(step.before, step.after, flipped=True)),
    )  # fmt: skip


def thresholds_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return the scores that reach a target, and how many open items lie above each."""
    found = services.calibration(workspace, policy_id=policy_id)
    rows = [_threshold_row(one) for one in services.thresholds(workspace, policy_id=policy_id, targets=TARGETS)]
    headers = (_tr("Target"), _tr("Score from"), _tr("Precision"), _tr("Recall"), _tr("Open items to review"))
    notes = (
        _tr("{n:,} decided items have a score. Area under the ROC curve: {auc}").format(
            n=found.n, auc=figure_word(found.auc)
        ),
        _tr("A threshold is chosen on the items it is measured on and looks a little better than it will be."),
    )
    return Sheet(SheetKind.THRESHOLDS, headers, tuple(rows), notes, _reliability_plot(found), frozenset({1, 4}))


def _threshold_row(one: Threshold) -> SheetRow:
    name = _tr("Recall {share:.0%}") if one.target == "recall" else _tr("Precision {share:.0%}")
    name = name.format(share=one.wanted)
    workload = _tr("{n:,} of {all:,}").format(n=one.workload, all=one.open_items)
    if one.score is None:
        return SheetRow((name, _tr("not reached"), "", "", ""), (SCORED, SCORED, None, None, None))
    above = Compared(score_from=one.score)
    return SheetRow(
        (name, f"{one.score:.4f}", figure_word(one.precision), figure_word(one.recall), workload),
        (above, above, above, Compared(cell=Cell.VIOLATING, score_from=0.0), OpenItems(one.score)),
    )


def reliability_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return how honest the scores are, bin by bin, and what a mapping would make of them."""
    found = services.calibration(workspace, policy_id=policy_id)
    bins = found.curves[0].bins if found.curves else ()
    rows = [
        SheetRow(
            (f"{part.low:.1f}\u2013{part.high:.1f}", f"{part.violating.n:,}", f"{part.mean_score:.3f}",
             figure_word(part.violating)),
            (Compared(score_from=part.low, score_to=part.high if part.high < 1 else None),) * 4,
        )
        for part in bins
    ]  # fmt: skip
    names = {"raw": _tr("as they are"), "platt": _tr("Platt's mapping"), "isotonic": _tr("isotonic mapping")}
    notes = [
        _tr("Scores {method}: calibration error {error}, Brier score {brier}").format(
            method=names[curve.method], error=figure_word(curve.error, 3), brier=figure_word(curve.brier, 3)
        )
        for curve in found.curves
    ] or [_tr("No decided item has a score.")]
    headers = (_tr("Scores"), _tr("n"), _tr("Mean score"), _tr("Share that violates"))
    numeric = frozenset({1, 2})
    return Sheet(SheetKind.RELIABILITY, headers, tuple(rows), tuple(notes), _reliability_plot(found), numeric)


def _reliability_plot(found: Calibration) -> Plot | None:
    points = tuple(
        Point(part.mean_score, part.violating.value or 0.0, part.violating.low, part.violating.high)
        for part in (found.curves[0].bins if found.curves else ())
        if part.violating.enough
    )
    title = _tr("Reliability of the score")
    return Plot(title, _tr("score"), _tr("share that violates"), points, True, True) if points else None


def recall_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return the layers of the audit stream, what was drawn from each and what came of it."""
    found = services.audit_recall(workspace, policy_id=policy_id)
    rows = [_layer_row(one, number) for one, number in zip(found.strata, found.draw_of, strict=True)]
    if len(found.strata) > 1:
        rows.append(_layer_row(_sum(found), None))
    headers = (_tr("Layer"), _tr("Draw"), _tr("Items"), _tr("Drawn"), _tr("Decided"), _tr("Violating"))
    return Sheet(SheetKind.RECALL, headers, tuple(rows), _recall_notes(found), None, frozenset({1, 2, 3, 4, 5}))


def _sum(found: AuditRecall) -> Stratum:
    size, drawn, decided, violating = (
        sum(getattr(one, name) for one in found.strata) for name in ("size", "drawn", "decided", "violating")
    )
    return Stratum(_tr("All"), False, size, drawn, decided, violating)


def _layer_row(one: Stratum, draw: int | None) -> SheetRow:
    whats = (Sampled.PENDING, Sampled.PENDING, Sampled.ALL, Sampled.DRAWN, Sampled.DECIDED, Sampled.VIOLATING)
    layer = one.name if draw is not None else None
    behind: tuple[Behind, ...] = tuple(Drawn(what, draw, layer) for what in whats)
    counts = (one.size, one.drawn, one.decided, one.violating)
    name = layer_word(one.name)
    return SheetRow((name, "" if draw is None else f"#{draw}", *(f"{count:,}" for count in counts)), behind)


def layer_word(name: str) -> str:
    """Return the words for a layer of the audit stream."""
    head, _, scores = name.partition(", score ")
    if scores:
        low, _, high = scores.partition(" to ")
        return _tr("passed, score {low} to {high}").format(low=low, high=high)
    return {
        "flagged, decided before": _tr("flagged, decided before"),
        "passed, decided before": _tr("passed, decided before"),
        "flagged, open": _tr("flagged, open"),
        "passed, no score": _tr("passed, no score"),
    }.get(head, name)


def _recall_notes(found: AuditRecall) -> tuple[str, ...]:
    if not found.draws:
        return (_tr("Nothing was drawn yet. Draw an audit sample and review it to learn what the model misses."),)
    wait = _tr("{n:,} sampled items wait to be decided; the name of a layer opens its own.").format(n=found.pending)
    if any(one.size and not one.decided for one in found.strata):
        return (_tr("Recall is known once every layer has a decided item."), wait)
    if found.recall.value is None:
        none = _tr("No violating item was found, so there is nothing to recall (n {n:,}).")
        return (none.format(n=found.recall.n), wait)
    known = _tr("Recall {recall}; precision {precision}; violating items that were passed: {misses}").format(
        recall=figure_word(found.recall), precision=figure_word(found.precision), misses=figure_word(found.misses, 0)
    )
    return known, wait
