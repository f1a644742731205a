"""How good a text is on a case set, and whether another one is better: figures with intervals, and McNemar's test.

It owns these formulae. It reads no store, runs no model, and never says which text to publish.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.domain import (
    Answer,
    ClauseFigures,
    Difference,
    Figures,
    Flip,
    FlipKind,
    LabelFigures,
    McNemar,
    VerdictStatus,
)
from core.domain.insight import Estimate
from core.insight.agreement import Pair, measure_agreement, ratio
from core.insight.intervals import sign_test

RESAMPLES = 2000
SEED = 20260504
"""Fixed, so that the same run always shows the same intervals."""

COVERAGE = 0.95

Floats = NDArray[np.float64]
Cells = Mapping[str, Floats]


def measure_side(cases: Sequence[tuple[bool, Answer, bool]]) -> Figures:
    """Return the figures of one text over (human says it violates, answer, whether the answer is right)."""
    read = [(human, bool(answer.violates)) for human, answer, _ in cases if answer.status is VerdictStatus.PARSED]
    exact = measure_agreement(Pair(human, model, str(human), str(model)) for human, model in read)
    counts = Counter(read)
    cells = np.array([counts[True, True], counts[False, True], counts[True, False], counts[False, False]])
    drawn = dict(zip(("tp", "fp", "fn", "tn"), _resample(cells), strict=True))
    rights = sum(right for _, _, right in cases)
    tp, fp, fn, _ = (int(count) for count in cells)
    return Figures(
        cases=len(cases),
        n=len(read),
        right=measure_share(rights, len(cases)),
        agreement=_estimate(exact.agreement, len(read), _agreement(drawn)),
        precision=_estimate(exact.precision, tp + fp, _precision(drawn)),
        recall=_estimate(exact.recall, tp + fn, _recall(drawn)),
        f1=_estimate(exact.f1, tp + fp + fn, _f1(drawn)),
        kappa=_estimate(exact.kappa, len(read), _kappa(drawn)),
        by_status=dict(Counter(answer.status for _, answer, _ in cases)),
        prompt_tokens=sum(answer.prompt_tokens for _, answer, _ in cases),
        output_tokens=sum(answer.output_tokens for _, answer, _ in cases),
        seconds=math.fsum(answer.seconds for _, answer, _ in cases),
    )


def measure_difference(cases: Sequence[tuple[bool, Answer, Answer]]) -> Difference:
    """Return draft minus before over (human says it violates, before, draft); paired, where both were read."""
    read = [
        (human, bool(before.violates), bool(after.violates))
        for human, before, after in cases
        if before.status is after.status is VerdictStatus.PARSED
    ]
    counts = Counter(read)
    kinds = [(h, b, a) for h in (True, False) for b in (True, False) for a in (True, False)]
    actual = np.array([[float(counts[kind])] for kind in kinds])
    drawn = _resample(np.array([counts[kind] for kind in kinds]))

    def sides(table: Floats, side: int) -> Cells:
        def total(human: bool, said: bool) -> Floats:
            rows = [row for row, kind in zip(table, kinds, strict=True) if (kind[0], kind[side]) == (human, said)]
            return np.asarray(np.sum(rows, axis=0), dtype=np.float64)

        return {"tp": total(True, True), "fp": total(False, True), "fn": total(True, False), "tn": total(False, False)}

    def difference(figure: Callable[[Cells], Floats]) -> Estimate:
        value = float((figure(sides(actual, 2)) - figure(sides(actual, 1)))[0])
        spread = figure(sides(drawn, 2)) - figure(sides(drawn, 1))
        return _estimate(None if math.isnan(value) else value, len(read), spread)

    return Difference(len(read), *(difference(figure) for figure in (_precision, _recall, _f1, _kappa)))


def mcnemar(fixed: int, broken: int) -> McNemar:
    """Return McNemar's exact test; 1.0 where no case changed."""
    p = sign_test(fixed, broken)
    return McNemar(fixed, broken, 1.0 if p is None else p)


def measure_labels(pairs: Iterable[tuple[str, str]]) -> tuple[LabelFigures, ...]:
    """Return the figures of each label over (human label, model label), in order of label."""
    human: Counter[str] = Counter()
    model: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for said, answered in pairs:
        human[said] += 1
        model[answered] += 1
        both[said] += said == answered
    return tuple(
        LabelFigures(
            label=label,
            support=human[label],
            precision=ratio(both[label], model[label]),
            recall=ratio(both[label], human[label]),
            f1=ratio(2 * both[label], human[label] + model[label]),
        )
        for label in sorted(human.keys() | model.keys())
    )


def measure_clauses(flips: Iterable[Flip]) -> tuple[ClauseFigures, ...]:
    """Return what became of the cases of each clause, the one with most losses first."""
    groups: dict[str, list[Flip]] = defaultdict(list)
    for flip in flips:
        groups[flip.clause].append(flip)
    measured = [_clause(clause, group) for clause, group in groups.items()]
    return tuple(sorted(measured, key=lambda row: (-row.broken, row.right - row.cases, row.clause)))


def _clause(clause: str, flips: Sequence[Flip]) -> ClauseFigures:
    compared = [flip.was_right for flip in flips if flip.was_right is not None]
    return ClauseFigures(
        clause=clause,
        cases=len(flips),
        right=sum(flip.is_right for flip in flips),
        before=sum(compared) if compared else None,
        fixed=sum(flip.kind is FlipKind.FIXED for flip in flips),
        broken=sum(flip.kind is FlipKind.NEWLY_BROKEN for flip in flips),
        unparsed=sum(flip.kind is FlipKind.UNPARSED for flip in flips),
        output_tokens=sum(flip.after.output_tokens for flip in flips),
        seconds=math.fsum(flip.after.seconds for flip in flips),
    )


def measure_share(part: int, whole: int) -> Estimate:
    """Return part / whole with its interval."""
    return _estimate(ratio(part, whole), whole, _share(part, whole))


def _resample(counts: NDArray[np.int_]) -> Floats:
    """Return the counts of RESAMPLES draws with replacement, one row for each cell."""
    total = int(counts.sum())
    if not total:
        return np.zeros((len(counts), RESAMPLES))
    draws = np.random.default_rng(SEED).multinomial(total, counts / total, size=RESAMPLES)
    return draws.T.astype(np.float64)


def _share(part: int, whole: int) -> Floats:
    hits, misses = _resample(np.array([part, whole - part]))
    return _divide(hits, hits + misses)


def _estimate(value: float | None, n: int, drawn: Floats) -> Estimate:
    """Return a figure with the percentile interval of its resampled values."""
    known = drawn[~np.isnan(drawn)]
    if value is None or not len(known):
        return Estimate(value, n)
    low, high = np.quantile(known, ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
    return Estimate(value, n, float(low), float(high))


def _divide(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)


def _agreement(cells: Cells) -> Floats:
    return _divide(cells["tp"] + cells["tn"], cells["tp"] + cells["fp"] + cells["fn"] + cells["tn"])


def _precision(cells: Cells) -> Floats:
    return _divide(cells["tp"], cells["tp"] + cells["fp"])


def _recall(cells: Cells) -> Floats:
    return _divide(cells["tp"], cells["tp"] + cells["fn"])


def _f1(cells: Cells) -> Floats:
    return _divide(2 * cells["tp"], 2 * cells["tp"] + cells["fp"] + cells["fn"])


def _kappa(cells: Cells) -> Floats:
    tp, fp, fn, tn = (cells[name] for name in ("tp", "fp", "fn", "tn"))
    n = tp + fp + fn + tn
    expected = (tp + fn) * (tp + fp) + (fp + tn) * (fn + tn)
    return _divide(n * (tp + tn) - expected, n * n - expected)
