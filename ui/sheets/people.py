"""The sheets of reviewers: how far each two agree, and how they did where the right label is known.

It owns their columns. Whose score may be seen is decided in the services.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain import Role
from core.domain.behind import Marked, Shared
from core.domain.insight import ReviewerPair
from core.services import Workspace
from ui.sheets.values import Sheet, SheetKind, SheetRow, figure_word, forest


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def reviewers_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return the agreement of every two reviewers who share items, and of all together."""
    measured = services.reviewer_measures(workspace, policy_id=policy_id)
    everyone = (
        SheetRow(
            (_tr("All, labels"), "", figure_word(measured.alpha), "", f"{measured.alpha.n:,}"),
            (Shared(), None, Shared(), None, Shared()),
        ),
        SheetRow(
            (_tr("All, violating or not"), "", figure_word(measured.alpha_violates), "",
             f"{measured.alpha_violates.n:,}"),
            (Shared(), None, Shared(), None, Shared()),
        ),
    )  # fmt: skip
    rows = (*everyone, *(_pair_row(pair) for pair in measured.pairs))
    headers = (_tr("Reviewer"), _tr("and"), _tr("Alpha or kappa"), _tr("Same label"), _tr("Items"))
    notes = (_tr("Of all together Krippendorff's alpha, of two Cohen's kappa. Same label opens what they differ on."),)
    named = [(f"{pair.first}, {pair.second}", pair.kappa) for pair in measured.pairs]
    plot = forest(_tr("Cohen's kappa of every two reviewers, with 95% intervals"), _tr("kappa"), named)
    return Sheet(SheetKind.REVIEWERS, headers, rows, notes, plot, frozenset({4}))


def _pair_row(pair: ReviewerPair) -> SheetRow:
    both, apart = Shared(pair.first, pair.second), Shared(pair.first, pair.second, differ=True)
    cells = (
        pair.first, pair.second, figure_word(pair.kappa), figure_word(pair.agreement), f"{pair.agreement.n:,}"
    )  # fmt: skip
    return SheetRow(cells, (both, both, both, apart, both))


def golden_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return how reviewers did on hidden golden items, and on items that came with a label."""
    measured = services.reviewer_measures(workspace, policy_id=policy_id)
    leads = services.role_of(workspace) is Role.LEAD
    rows = tuple(
        SheetRow(
            (
                mark.reviewer,
                _tr("hidden golden items") if mark.hidden else _tr("labels that came along"),
                figure_word(mark.score),
                _tr("{n:,} wrong").format(n=mark.score.n - round((mark.score.value or 0.0) * mark.score.n)),
            ),
            # Which items are golden stays hidden from whom they measure.
            (*(Marked(mark.reviewer, mark.hidden),) * 3, Marked(mark.reviewer, mark.hidden, wrong=True))
            if leads or not mark.hidden
            else (None,) * 4,
        )
        for mark in measured.golden
    )
    notes = [_tr("A score is seen by a lead and by the person alone. It is for talking about the policy.")]
    if measured.golden_hidden:
        notes.append(_tr("{n} scores of others are seen by them and by a lead.").format(n=measured.golden_hidden))
    headers = (_tr("Reviewer"), _tr("Measured on"), _tr("Right"), _tr("Errors"))
    plot = forest(
        _tr("Share of right labels, with 95% intervals"), _tr("right"), [(m.reviewer, m.score) for m in measured.golden]
    )
    return Sheet(SheetKind.GOLDEN, headers, rows, tuple(notes), plot)
