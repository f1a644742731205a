"""The evaluation report: which figures it shows, in which order, with which words about what they cannot say.

It owns the report's wording and reads no database. The form of the page is the business of `core.exchange`. The same
figures always give the same report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.domain import PolicyVersion
from core.domain.insight import (
    AuditRecall,
    Calibration,
    Difference,
    Dimension,
    Estimate,
    Figures,
    PolicyMeasures,
    ReviewerMeasures,
    VersionDrift,
)
from core.domain.opinions import Features, OpinionCard
from core.domain.reports import Plot, Point, Report, Section, Table

BY = (
    Dimension.REVIEW,
    Dimension.VERSION,
    Dimension.MODEL,
    Dimension.EFFORT,
    Dimension.LABEL,
    Dimension.CLAUSE,
    Dimension.SOURCE,
    Dimension.LANGUAGE,
    Dimension.KIND,
    Dimension.MONTH,
)
"""The parts a report shows. Reviewers are not among them: a report is handed on, their scores are not."""

_MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class FlipSummary:
    """One test run of the policy on a case set: counts and both texts by the first digits of their hash."""

    when: str
    case_set: str
    cases_sha256: str
    model_sha256: str
    draft: str
    against: str
    fixed: int
    broken: int
    unchanged: int
    unparsed: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a report is made of. `models` are (name, SHA-256, verdicts); `chain` is the audit chain's head."""

    policy: PolicyVersion
    versions: int
    models: Sequence[tuple[str, str, int]]
    measures: PolicyMeasures
    reviewers: ReviewerMeasures
    calibration: Calibration
    drift: Sequence[VersionDrift]
    recall: AuditRecall
    opinion: OpinionCard | None
    flips: Sequence[FlipSummary]
    chain: tuple[int, str]


def write_report(evidence: Evidence, *, dated: date) -> Report:
    """Return the report of this evidence."""
    policy, measures = evidence.policy, evidence.measures
    facts = [
        ("Policy", f"{policy.title} ({policy.policy_id})"),
        ("Version", f"{policy.version} of {evidence.versions}, SHA-256 {policy.hash}"),
        *(
            ("Model", f"{name}, SHA-256 {sha or 'not known'}, {count:,} verdicts")
            for name, sha, count in evidence.models
        ),
        ("Decisions", f"{measures.whole.decided:,}, of which {measures.whole.compared:,} have a verdict to compare"),
        ("Audit chain", f"{evidence.chain[0]:,} events, head {evidence.chain[1]}"),
    ]
    sections = [
        _agreement(measures),
        _parts(measures),
        _confusion(measures.whole),
        _reviewers(evidence.reviewers),
        _recall(evidence.recall),
        _calibration(evidence.calibration),
        _drift(evidence.drift),
        _flips(evidence.flips),
        _opinion(evidence.opinion),
        _limits(),
    ]
    return Report(f"Evaluation of the policy {policy.title}", dated, tuple(facts), tuple(sections))


_FIGURES = ("agreement", "kappa", "precision", "recall", "f1")
_NAMES = {"agreement": "Agreement", "kappa": "Cohen's kappa", "precision": "Precision", "recall": "Recall", "f1": "F1"}


def _agreement(measures: PolicyMeasures) -> Section:
    whole = measures.whole
    rows = [(_NAMES[name], getattr(whole, name).words(3)) for name in _FIGURES]
    rows.append(("Median seconds on an item", whole.seconds.words(1)))
    gap = measures.blind_gap
    words = (
        f"Agreement with the model: assisted decisions {gap.first.words()}; blind ones {gap.second.words()}; "
        f"difference {_difference(gap)}. A difference above zero is automation bias."
    )
    return Section(
        "Model and humans",
        ("Positive class: violates. The human is the truth. Intervals are at 95%.", words),
        (Table(("Figure", "Value (interval, n)"), tuple(rows)),),
        tuple(_forest("Figures with their intervals", [(_NAMES[name], getattr(whole, name)) for name in _FIGURES])),
    )


def _difference(difference: Difference) -> str:
    if not difference.difference.enough or difference.p is None:
        return difference.difference.words()
    return f"{difference.difference.words()}, p {difference.p:.3g}, {difference.test}"


def _forest(title: str, rows: Sequence[tuple[str, Estimate]]) -> Iterator[Plot]:
    """Yield a plot of the figures that have a number, one beside the other."""
    shown = [(name, figure) for name, figure in rows if figure.enough and figure.value is not None]
    if shown:
        points = tuple(
            Point(float(place), figure.value or 0.0, figure.low, figure.high, name)
            for place, (name, figure) in enumerate(shown)
        )
        low = min(0.0, *(point.low if point.low is not None else point.y for point in points))
        yield Plot(title, "", "", points, y_low=-1.0 if low < 0 else 0.0)


def _parts(measures: PolicyMeasures) -> Section:
    rows: list[tuple[str, ...]] = []
    plots: list[Plot] = []
    for dimension in BY:
        parts = [part for part in measures.parts if part.dimension is dimension]
        for place, part in enumerate(parts[:_MOST_ROWS]):
            shares = (getattr(part.figures, name).words() for name in _FIGURES)
            head = dimension.value.capitalize() if place == 0 else ""
            rows.append((head, part.value, f"{part.figures.compared:,}", *shares))
        if len(parts) > _MOST_ROWS:
            rows.append(("", f"and {len(parts) - _MOST_ROWS:,} more", *[""] * (len(_FIGURES) + 1)))
        if dimension is Dimension.MONTH and len(parts) > 1:
            by_month = [(part.value, part.figures.agreement) for part in parts[-24:]]
            plots += _forest("Agreement by month", by_month)
    if not rows:
        return Section("By part", ("Nothing is decided yet.",))
    headers = ("By", "Part", "n", *(_NAMES[name] for name in _FIGURES))
    return Section("By part", (), (Table(headers, tuple(rows)),), tuple(plots))


def _confusion(whole: Figures) -> Section:
    rows = tuple((human, model, f"{count:,}") for (human, model), count in sorted(whole.labels.items()))
    causes = tuple((cause.value, f"{count:,}") for cause, count in sorted(whole.causes.items()))
    tables = [Table(("Human", "Model", "Items"), rows)]
    if causes:
        tables.append(Table(("Cause of an override", "Items"), causes))
    return Section("Confusion and causes", (), tuple(tables))


def _reviewers(measures: ReviewerMeasures) -> Section:
    rows = (
        ("Krippendorff's alpha, labels", measures.alpha.words(3)),
        ("Krippendorff's alpha, violating or not", measures.alpha_violates.words(3)),
    )
    words = f"{len(measures.reviewers)} reviewers share items. Names and single scores are not part of a report."
    return Section("Between reviewers", (words,), (Table(("Figure", "Value (interval, n items)"), rows),))


def _recall(found: AuditRecall) -> Section:
    if not found.draws:
        return Section("Recall from the audit stream", ("Nothing was drawn: misses nobody saw are not estimated.",))
    rows = (
        ("Recall", found.recall.words(3)),
        ("Precision", found.precision.words(3)),
        ("Violating items that were passed", found.misses.words(0)),
        ("Sampled items not yet decided", f"{found.pending:,}"),
    )
    layers = tuple(
        (one.name, f"{one.size:,}", f"{one.drawn:,}", f"{one.decided:,}", f"{one.violating:,}") for one in found.strata
    )
    return Section(
        "Recall from the audit stream",
        ("Estimated by inverse-probability weights; intervals by MOVER from the Wilson limits of each layer.",),
        (
            Table(("Figure", "Value (interval, n)"), rows),
            Table(("Layer", "Items", "Drawn", "Decided", "Violating"), layers),
        ),
    )


def _calibration(found: Calibration) -> Section:
    if not found.curves:
        return Section("Calibration", ("No decided item has a score.",))
    curves = tuple((curve.method, curve.error.words(3), curve.brier.words(3)) for curve in found.curves)
    thresholds = tuple(
        (
            f"{one.target} {one.wanted:g}",
            "not reached" if one.score is None else f"{one.score:.4f}",
            one.precision.words(),
            one.recall.words(),
            f"{one.workload:,} of {one.open_items:,}",
        )
        for one in found.thresholds
    )
    points = tuple(
        Point(part.mean_score, part.violating.value or 0.0, part.violating.low, part.violating.high)
        for part in found.curves[0].bins
        if part.violating.enough
    )
    plot = Plot("Reliability of the raw score", "score", "share that violates", points, joined=True, diagonal=True)
    return Section(
        "Calibration",
        (f"{found.n:,} decided items have a score. Area under the ROC curve: {found.auc.words(3)}.", _AREA),
        (
            Table(("Scores", "Expected calibration error", "Brier score"), curves),
            Table(("Target", "Score from", "Precision", "Recall", "Open items to review"), thresholds),
        ),
        (plot,) if points else (),
    )


def _drift(steps: Sequence[VersionDrift]) -> Section:
    if not steps:
        return Section("From version to version", ("The policy has one version.",))
    rows = tuple(
        (
            f"{step.before} to {step.after}",
            _difference(step.agreement),
            _difference(step.violating),
            f"{sum(step.flips.values()):,}",
            step.flipped.words(),
        )
        for step in steps
    )
    headers = ("Versions", "Agreement changed by", "Share violating changed by", "Judged by both", "Changed sides")
    return Section("From version to version", (), (Table(headers, rows),))


def _flips(flips: Sequence[FlipSummary]) -> Section:
    if not flips:
        return Section("Case sets and flips", ("No test run of this policy is kept.",))
    rows = tuple(
        (
            one.when, f"{one.case_set} {one.cases_sha256[:8]}", one.model_sha256[:8] or "not known", one.draft[:8],
            one.against[:8] or "nothing", f"{one.fixed:,}", f"{one.broken:,}", f"{one.unchanged:,}",
            f"{one.unparsed:,}",
        )
        for one in flips
    )  # fmt: skip
    headers = ("Run", "Case set", "Model", "Text", "Against", "Fixed", "Newly broken", "Unchanged", "Unparsed")
    return Section("Case sets and flips", (), (Table(headers, rows),))


_AREA = "Of an area under the ROC curve n is the smaller side: it cannot know more than that side tells."


def _opinion(card: OpinionCard | None) -> Section:
    if card is None:
        return Section("Second opinion", ("Not enough labels, or not trained.",))
    reads = {Features.WORDS: "words", Features.VECTORS: "vectors", Features.BOTH: "words and vectors"}[card.reads]
    of = f" of {card.embedding}, SHA-256 {card.embedding_sha256}" if card.embedding else ""
    figures = (
        ("Learnt from", f"{reads}{of}"),
        ("Labels", f"{card.labels:,}, {card.violating:,} violating"),
        ("Area under the ROC curve", card.auc.words(3)),
        ("Precision", card.precision.words(3)),
        ("Recall", card.recall.words(3)),
        ("F1", card.f1.words(3)),
    )
    heads = tuple(
        (
            "blind" if head.blind else "all decided", f"{head.n:,}", side.name, side.agreement.words(),
            side.precision.words(), side.recall.words(), side.f1.words(),
        )
        for head in card.heads
        for side in (head.model, head.opinion)
    )  # fmt: skip
    named = [(f"{point.labels:,}", point.auc) for point in card.curve] + [(f"{card.labels:,}", card.auc)]
    tables = [
        Table(("Figure, out of fold", "Value (interval, n)"), figures),
        Table(("Labels", "Area under the ROC curve"), tuple((labels, area.words(3)) for labels, area in named)),
    ]
    plots = (
        replace(plot, x_label="labels", y_label="area under the ROC curve", joined=True, y_low=0.5)
        for plot in _forest("Learning curve", named)
    )
    if heads:
        tables.append(Table(("Items", "n", "Judge", "Agreement", "Precision", "Recall", "F1"), heads))
    title = f"Second opinion, version {card.version} of {card.trained_at:%Y-%m-%d}"
    return Section(title, (_AREA,), tuple(tables), tuple(plots) if card.curve else ())


def _limits() -> Section:
    return Section(
        "What these figures cannot say",
        (
            "Decided items are not a sample of all items: a queue in order of risk decides the risky ones. Recall "
            "among decided items is no recall of the stream; the audit stream estimates that.",
            "Assisted decisions were made with the verdict in sight, which moves people towards it.",
            "Thresholds are chosen on the items they are measured on and look a little better than they will be.",
            "Figures over fewer than ten are not shown. They speak of this policy, this model and this traffic only.",
        ),
    )
