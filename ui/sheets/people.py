"""The sheets of reviewers: how far each two agree, and how they did where the right label is known.

It owns their columns. Whose score may be seen is decided in the services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain import Role
from core.domain.behind import Marked, Shared
from core.domain.insight import Estimate, ReviewerMeasures, ReviewerPair
from core.services import Workspace
from ui.sheets.values import Sheet, SheetKind, SheetRow, figure_word, forest

MOST_REVIEWERS = 12
"""Reviewers the matrix has columns for; of more, pairs are listed."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def reviewers_sheet(workspace: Workspace, policy_id: str | None) -> Sheet:
    """Return the agreement of every two reviewers as a matrix, and of all together; a list where they are many."""
    measured = services.reviewer_measures(workspace, policy_id=policy_id)
    named = [(f"{pair.first}, {pair.second}", pair.kappa) for pair in measured.pairs]
    plot = forest(_tr("Cohen's kappa of every two reviewers, with 95% intervals"), _tr("kappa"), named)
    shape = _matrix if len(measured.reviewers) <= MOST_REVIEWERS else _pairs
    sheet = shape(measured)
    if not measured.pairs:
        none = _tr("No two reviewers decided the same item yet. Second reviews make that happen.")
        sheet = replace(sheet, notes=(none,))
    return replace(sheet, plot=plot)


def _matrix(measured: ReviewerMeasures) -> Sheet:
    """Return one row and one column for each reviewer: kappa above the diagonal, the share of equal labels below it."""
    found = {(pair.first, pair.second): pair for pair in measured.pairs}
    names = measured.reviewers
    rows = list(_together(measured, len(names)))
    for here in names:
        made = [_pair_cell(found, here, there) for there in names]
        words, behind = [cell for cell, _ in made], [query for _, query in made]
        rows.append(SheetRow((here, "", *words), (None, None, *behind)))
    headers = (_tr("Reviewer"), _tr("All together"), *names)
    notes = (
        _tr(
            "Above the diagonal Cohen's kappa, below it the share of equal labels, which opens what the two differ on. "
            "Of all together Krippendorff's alpha."
        ),
    )
    return Sheet(SheetKind.REVIEWERS, headers, tuple(rows), notes)


def _pair_cell(found: Mapping[tuple[str, str], ReviewerPair], here: str, there: str) -> tuple[str, Shared | None]:
    """Return the words and the items of one cell of the matrix; two who share no item have nothing to open."""
    if here == there:
        return "\u2013", None
    above = here < there
    pair = found.get((here, there) if above else (there, here))
    if pair is None:
        return figure_word(Estimate(None, 0)), None
    if above:
        return figure_word(pair.kappa), Shared(pair.first, pair.second)
    return figure_word(pair.agreement), Shared(pair.first, pair.second, differ=True)


def _together(measured: ReviewerMeasures, blanks: int) -> Iterator[SheetRow]:
    for name, alpha in ((_tr("Alpha, labels"), measured.alpha),
                        (_tr("Alpha, violating or not"), measured.alpha_violates)):  # fmt: skip
        yield SheetRow((name, figure_word(alpha), *[""] * blanks), (None, Shared(), *[None] * blanks))


def _pairs(measured: ReviewerMeasures) -> Sheet:
    """Return one row for every two reviewers."""
    everyone = [
        SheetRow((row.cells[0], "", row.cells[1], "", f"{alpha.n:,}"), (Shared(), None, Shared(), None, Shared()))
        for row, alpha in zip(_together(measured, 0), (measured.alpha, measured.alpha_violates), strict=True)
    ]
    rows = (*everyone, *(_pair_row(pair) for pair in measured.pairs))
    headers = (_tr("Reviewer"), _tr("and"), _tr("Alpha or kappa"), _tr("Same label"), _tr("Items"))
    notes = (_tr("Of all together Krippendorff's alpha, of two Cohen's kappa. Same label opens what they differ on."),)
    return Sheet(SheetKind.REVIEWERS, headers, rows, notes, numeric=frozenset({4}))


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
