"""How good a second opinion is: out of fold, along its learning curve, and beside the safeguard model.

It owns which items are compared and which figures a card shows; it reads no database. Every figure is of items the
classifier that scored them had not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import confusion_matrix

from core.domain.insight import Comparison, Estimate
from core.domain.opinions import Contender, CurvePoint, HeadToHead
from core.insight.calibration import auc_of
from core.insight.intervals import f1_of, share_of, sign_test
from core.insight.second_opinion import FOLDS, LEAST_OF_A_SIDE, Bits, Labelled, Reals

CURVE = (50, 100, 200, 400, 640, 1280, 2560, 5120, 10_240)
"""Labels at which the learning curve is measured, as far as the folds have so many."""

DIVIDE = 0.5
"""The probability from which a second opinion counts as "violates" where it is held against a side."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What cross-validation found. `scores` are out of fold, in the order of the rows.

    `missed` are the rows on the wrong side of 0.5, by the number of labels of each point of the curve.
    """

    scores: Reals
    auc: Estimate
    precision: Estimate
    recall: Estimate
    f1: Estimate
    curve: tuple[CurvePoint, ...]
    missed: Mapping[int, tuple[int, ...]]


def assess(labelled: Labelled, *, curve: Sequence[int] = CURVE, stop: Callable[[], bool] = lambda: False) -> Assessment:
    """Cross-validate, whole and at each number of labels of the curve.

    Raises:
        CancelledError: `stop` said so.
    """
    rows = np.arange(len(labelled.truth))
    scores = labelled.out_of_fold(rows, stop=stop)
    truth = labelled.truth
    points: list[CurvePoint] = []
    missed: dict[int, tuple[int, ...]] = {}
    for labels in curve:
        if labels <= len(rows) * (FOLDS - 1) // FOLDS:
            found = labelled.out_of_fold(rows, labels=labels, stop=stop)
            points.append(CurvePoint(labels, auc_of(found, truth)))
            missed[labels] = tuple(np.flatnonzero((found >= DIVIDE) != truth).tolist())
    precision, recall, f1, _ = _figures(truth, scores >= DIVIDE)
    return Assessment(scores, auc_of(scores, truth), precision, recall, f1, tuple(points), missed)


def _figures(truth: Bits, said: Bits) -> tuple[Estimate, Estimate, Estimate, Estimate]:
    """Return precision, recall, F1 and agreement."""
    neither, only_said, only_truth, both = (
        int(count) for count in confusion_matrix(truth, said, labels=[False, True]).ravel()
    )
    return (
        share_of(both, both + only_said),
        share_of(both, both + only_truth),
        f1_of(both, only_said, only_truth),
        share_of(both + neither, len(truth)),
    )


def head_to_head(items: Sequence[Comparison], scores: Reals, *, blind: bool) -> HeadToHead | None:
    """Hold the safeguard model against the second opinion on the items both judged; None when there are none.

    `scores` are the second opinion's, out of fold, aligned with `items`. With `blind`, only decisions made before the
    verdict was seen count; otherwise all, where the model has the advantage of having been read first.
    """
    places = [place for place, item in enumerate(items) if item.compared and (item.blind or not blind)]
    if not places:
        return None
    chosen = [items[place] for place in places]
    truth = np.array([item.human_violates for item in chosen])
    model = np.array([bool(item.model_violates) for item in chosen])
    opinion = scores[places] >= DIVIDE
    only_model = int(((model == truth) & (opinion != truth)).sum())
    only_opinion = int(((opinion == truth) & (model != truth)).sum())
    model_scores = [item.score for item in chosen if item.score is not None]
    scored = len(model_scores) == len(chosen)
    return HeadToHead(
        blind=blind,
        n=len(chosen),
        model=_contender("safeguard model", truth, model, np.array(model_scores) if scored else None),
        opinion=_contender("second opinion", truth, opinion, scores[places]),
        only_model=only_model,
        only_opinion=only_opinion,
        p=sign_test(only_model, only_opinion),
    )


def _contender(name: str, truth: Bits, said: Bits, scores: Reals | None) -> Contender:
    precision, recall, f1, agreement = _figures(truth, said)
    sided = min(int(truth.sum()), int((~truth).sum())) >= LEAST_OF_A_SIDE
    auc = auc_of(scores, truth) if scores is not None and sided else Estimate(None, 0)
    return Contender(name, agreement, precision, recall, f1, auc)
