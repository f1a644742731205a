"""The sheets of the second opinion: head to head with the model, learning curve, and what to look at next.

It owns their columns and the words that weighed.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from core import services
from core.domain.behind import Behind, Held, Listed, Right, Side
from core.domain.insight import Cell
from core.domain.opinions import Contender, Features, HeadToHead, OpinionCard
from core.services import Workspace
from ui.sheets.values import Sheet, SheetKind, SheetRow, figure_word, forest
from ui.visible import one_line

USEFUL = 100
_CELLS = (Cell.ALL, Cell.ALL, Cell.DISAGREEMENT, Cell.FLAGGED, Cell.VIOLATING, Cell.EITHER)
_WORDS = 16


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sheets", text)


def opinion_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return the newest second opinion beside the safeguard model, on the same items."""
    cards = services.second_opinions(workspace, policy_id=policy_id)
    headers = (
        _tr("Judge"), _tr("Items"), _tr("Agreement"), _tr("Precision"), _tr("Recall"), _tr("F1"), _tr("Right alone"),
    )  # fmt: skip
    if not cards:
        few = _tr("Not enough labels, or not trained yet. It takes 50 decided items, 10 of each side.")
        return Sheet(SheetKind.OPINION, headers, (), (few,))
    card = cards[-1]
    rows = [row for head in card.heads for row in _head_rows(card, head)]
    if not rows:
        held = Held(card.version)
        cells = (_tr("Second opinion, out of fold"), f"{card.labels:,}", "", figure_word(card.precision),
                 figure_word(card.recall), figure_word(card.f1), "")  # fmt: skip
        rows = [SheetRow(cells, (*(replace(held, cell=cell) for cell in _CELLS), None))]
    named = [
        (f"{_judge(side)}, {_tr('blind') if head.blind else _tr('all decided')}", side.f1)
        for head in card.heads
        for side in (head.model, head.opinion)
    ]
    plot = forest(_tr("F1 on the same items, with 95% intervals"), _tr("F1"), named)
    return Sheet(SheetKind.OPINION, headers, tuple(rows), _notes(workspace, card), plot, frozenset({1, 6}))


def _judge(side: Contender) -> str:
    return _tr("Safeguard model") if side.name == "safeguard model" else _tr("Second opinion")


def _head_rows(card: OpinionCard, head: HeadToHead) -> list[SheetRow]:
    rows = []
    for side, contender, alone, right in (
        (Side.MODEL, head.model, head.only_model, Right.MODEL),
        (Side.OPINION, head.opinion, head.only_opinion, Right.OPINION),
    ):
        held = Held(card.version, side, blind=head.blind, compared=True)
        behind: tuple[Behind, ...] = (*(replace(held, cell=cell) for cell in _CELLS), replace(held, right=right))
        shares = (contender.agreement, contender.precision, contender.recall, contender.f1)
        p = "" if head.p is None else f", p {head.p:.3g}"
        cells = (
            f"{_judge(contender)}, {_tr('blind') if head.blind else _tr('all decided')}", f"{head.n:,}",
            *map(figure_word, shares), f"{alone:,}{p}",
        )  # fmt: skip
        rows.append(SheetRow(cells, behind))
    return rows


def _notes(workspace: Workspace, card: OpinionCard) -> tuple[str, ...]:
    notes = [
        _tr("Version {v} of {day}: {n:,} labels, {bad:,} violating. Out of fold: AUC {auc}, F1 {f1}.").format(
            v=card.version, day=f"{card.trained_at:%Y-%m-%d}", n=card.labels, bad=card.violating,
            auc=figure_word(card.auc), f1=figure_word(card.f1),
        ),
    ]  # fmt: skip
    if card.embedding:
        reads = _tr("Learnt from vectors alone: {model}, SHA-256 {sha}.")
        if card.reads is Features.BOTH:
            reads = _tr("Learnt from words and vectors: {model}, SHA-256 {sha}.")
        notes.append(reads.format(model=one_line(card.embedding, 60), sha=card.embedding_sha256[:12]))
    if card.has_model and card.reads is not Features.VECTORS:
        words = services.weighing_words(workspace, policy_id=card.policy_id, count=_WORDS)
        for start, sign in ((_tr("Speaks for violating: {words}"), 1), (_tr("Speaks for safe: {words}"), -1)):
            said = ", ".join(word.text for word in words if word.weight * sign > 0)
            notes.append(start.format(words=said or "\u2013"))
    elif not card.has_model:
        notes.append(_tr("Its words were forgotten when content was removed. Train it again to use it."))
    waiting = services.deferral(workspace, policy_id=card.policy_id)
    if waiting is not None:
        notes.append(
            _tr("{n:,} sure negatives wait; of violating items at most {error:g} do. Audit sample: {missed}").format(
                n=waiting.waiting, error=waiting.guarantee.error, missed=figure_word(waiting.missed, 3)
            )
        )
    return tuple(notes)


def curve_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return how good the newest second opinion is after so many labels; a point opens the errors of its folds."""
    cards = services.second_opinions(workspace, policy_id=policy_id)
    headers = (_tr("Labels"), _tr("Area under the ROC curve"))
    if not cards:
        return Sheet(SheetKind.CURVE, headers, (), (_tr("No second opinion is trained yet."),))
    card = cards[-1]
    rows = [
        SheetRow(
            (f"{point.labels:,}", figure_word(point.auc, 3)),
            (Held(card.version, cell=Cell.DISAGREEMENT, labels=point.labels),) * 2,
        )
        for point in card.curve
    ]
    rows.append(
        SheetRow(
            (_tr("all {n:,}").format(n=card.labels), figure_word(card.auc, 3)),
            (Held(card.version, cell=Cell.DISAGREEMENT),) * 2,
        )
    )
    notes = (_tr("Cross-validated, out of fold. A row opens the items its folds got wrong."),)
    named = [(f"{point.labels:,}", point.auc) for point in card.curve] + [(f"{card.labels:,}", card.auc)]
    plot = forest(_tr("Learning curve"), _tr("area under the ROC curve"), named)
    if plot is not None:
        plot = replace(plot, x_label=_tr("labels"), joined=True, y_low=0.5)
    return Sheet(SheetKind.CURVE, headers, tuple(rows), notes, plot, frozenset({0}))


def next_sheet(workspace: Workspace, policy_id: str) -> Sheet:
    """Return the open items whose labels would teach the most, and why."""
    listed = services.most_useful_next(workspace, policy_id=policy_id, limit=USEFUL)
    keys = tuple(one.entry for one in listed)
    reasons = {
        "uncertain": _tr("the model is unsure"),
        "disputed": _tr("the second opinion differs"),
        "clause": _tr("few decided items cite its clause"),
        "different": _tr("unlike the ones above"),
    }
    rows = tuple(
        SheetRow(
            (one.item_id, f"{one.usefulness:.2f}", ", ".join(reasons[name] for name in one.reasons)),
            (Listed(keys[place:]),) * 3,
        )
        for place, one in enumerate(listed)
    )
    notes = (_tr("Open items whose labels would teach the most. Opening one opens it and all below it."),)
    return Sheet(SheetKind.NEXT, (_tr("Item"), _tr("Useful"), _tr("Because")), rows, notes, numeric=frozenset({1}))
