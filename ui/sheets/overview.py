"""The overview: one policy's figures under each other, or one row for each policy.

It owns which figures come first. Each opens what it stands on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain.behind import Behind, Compared, Drawn, Held, Sampled, Shared, Waiting
from core.domain.insight import Cell, Dimension, Estimate, PolicyMeasures
from core.services import Workspace
from ui.sheets.agreement import divided_sheet
from ui.sheets.scores import SCORED
from ui.sheets.values import Sheet, SheetKind, SheetRow, difference_word, forest, interval_word, value_word


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def overview_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return the figures of a policy, or the policies side by side."""
    if policy_id is None:
        sheet = divided_sheet(workspace, None, Dimension.POLICY)
        return replace(sheet, kind=SheetKind.OVERVIEW)
    rows: list[SheetRow] = []
    plotted: list[tuple[str, Estimate]] = []
    measured = services.policy_measures(workspace, policy_id=policy_id, by=())
    for name, figure, digits, behind in _figures(workspace, policy_id, measured):
        cells = (name, value_word(figure, digits), interval_word(figure, digits), f"{figure.n:,}")
        counted = Drawn(Sampled.PASSED) if behind == _MISSED else behind
        rows.append(SheetRow(cells, (behind, behind, counted, counted)))
        if digits == _SHARE:
            plotted.append((name, figure))
    notes = (
        _tr("Positive class: violates. The human is the truth. Every number opens the items it stands on."),
        _tr("Assisted less blind agreement: {gap}.").format(gap=difference_word(measured.blind_gap)),
    )
    headers = (_tr("Figure"), _tr("Value"), _tr("95% interval"), _tr("n"))
    plot = forest(_tr("Figures with their intervals"), "", plotted)
    return Sheet(SheetKind.OVERVIEW, headers, tuple(rows), notes, plot, frozenset({1, 2, 3}))


_SHARE = 2
_MISSED = Drawn(Sampled.MISSED)
_Figure = tuple[str, Estimate, int, Behind]
"""Name, figure, digits after the point, what it stands on."""


def _figures(workspace: Workspace, policy_id: str, measured: PolicyMeasures) -> Iterator[_Figure]:
    whole, gap = measured.whole, measured.blind_gap
    yield _tr("Agreement"), whole.agreement, _SHARE, Compared()
    yield _tr("Cohen's kappa"), whole.kappa, _SHARE, Compared()
    yield _tr("Precision"), whole.precision, _SHARE, Compared(cell=Cell.FLAGGED)
    yield _tr("Recall"), whole.recall, _SHARE, Compared(cell=Cell.VIOLATING)
    yield _tr("F1"), whole.f1, _SHARE, Compared(cell=Cell.EITHER)
    yield _tr("Agreement, blind"), gap.second, _SHARE, Compared(Dimension.REVIEW, "blind")
    yield _tr("Agreement, assisted"), gap.first, _SHARE, Compared(Dimension.REVIEW, "assisted")
    alpha = services.reviewer_measures(workspace, policy_id=policy_id).alpha
    yield _tr("Alpha between reviewers"), alpha, _SHARE, Shared()
    yield from _of_scores(workspace, policy_id)
    yield _tr("Seconds an item, median"), whole.seconds, 1, Compared(cell=Cell.TIMED)


def _of_scores(workspace: Workspace, policy_id: str) -> Iterator[_Figure]:
    recall = services.audit_recall(workspace, policy_id=policy_id)
    if recall.draws:
        yield _tr("Recall, misses included"), recall.recall, _SHARE, Drawn(Sampled.DECIDED)
        yield _tr("Violating items passed, estimated"), recall.misses, 0, _MISSED
    scores = services.calibration(workspace, policy_id=policy_id)
    yield _tr("AUC of the score (n: smaller side)"), scores.auc, _SHARE, SCORED
    if scores.curves:
        yield _tr("Calibration error"), scores.curves[0].error, 3, SCORED
    cards = services.second_opinions(workspace, policy_id=policy_id)
    if cards:
        held = Held(cards[-1].version)
        yield _tr("Second opinion, AUC (n: smaller side)"), cards[-1].auc, _SHARE, held
        yield _tr("Second opinion, F1"), cards[-1].f1, _SHARE, replace(held, cell=Cell.EITHER)
    waiting = services.deferral(workspace, policy_id=policy_id)
    if waiting is not None:
        yield _tr("Violating among audited negatives"), waiting.missed, 3, Waiting(audited=True)
