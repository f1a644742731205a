"""Turns a review into what the panes show, off the GUI thread: text made visible, quotes found, sections named.

It owns the wording of headings and the order of sections. It must not touch a widget: it runs on a pool thread.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from core.domain import Item, ItemKind, Review, Verdict, VerdictStatus
from ui.visible import VisibleText, make_visible, one_line
from ui.widgets.text_surface import Section
from ui.words import removed_words, status_explained

_QUOTES_SHOWN = 50
_ANSWERS = frozenset({"label", "expected", "rule_id", "cause"})


def _tr(text: str) -> str:
    return QCoreApplication.translate("Prepared", text)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A review with its text ready to show. `hidden` counts hidden characters in all that is shown of the item.

    `target` is the index of the content section under judgement.
    """

    review: Review
    content: tuple[Section, ...]
    target: int
    hidden: int
    verdict: tuple[Section, ...]
    metadata: tuple[tuple[str, str], ...]


def prepare(review: Review) -> Prepared:
    """Return what the panes show for a review."""
    content, target = content_sections(review.item, review.verdict)
    metadata = tuple(
        (one_line(str(k), 80), one_line(str(v), 400)) for k, v in review.item.metadata.items() if _may_show(k, review)
    )
    return Prepared(
        review=review,
        content=content,
        target=target,
        hidden=sum(section.body.hidden for section in content),
        verdict=verdict_sections(review.verdict) if review.verdict else (),
        metadata=metadata,
    )


def _may_show(name: str, review: Review) -> bool:
    # A label that came with the item would tell the reviewer what to decide.
    return review.decision is not None or name not in _ANSWERS


def content_sections(item: Item, verdict: Verdict | None) -> tuple[tuple[Section, ...], int]:
    """Return the sections of an item and which of them is under judgement."""
    if item.removed_at is not None:
        words = _tr("{removed}. What was decided about it stays, with the hash of what was there:\n{digest}")
        words = words.format(removed=removed_words(item.removed_at).capitalize(), digest=item.content_hash)
        return (Section.of("", words, muted=True),), 0
    quotes = _quote_spans(item.content, verdict)
    if item.kind is ItemKind.REPLY:
        parent = Section(_tr("PARENT COMMENT · CONTEXT ONLY"), make_visible(item.parent or ""), muted=True)
        reply = Section(_tr("REPLY · UNDER REVIEW"), make_visible(item.content), emphasis=True, quotes=quotes)
        return (parent, reply), 1
    if item.kind is ItemKind.CONVERSATION and item.messages:
        last = len(item.messages) - 1
        target = last if item.target is None else item.target
        sections = []
        for number, turn in enumerate(item.messages):
            heading = _tr("TURN {number} · {role}").format(number=number + 1, role=one_line(turn.role, 40))
            if number == target:
                heading = _tr("{turn} · UNDER REVIEW").format(turn=heading)
            body = make_visible(turn.content)
            judged = number == target
            sections.append(Section(heading, body, emphasis=judged, quotes=quotes if judged else ()))
        return tuple(sections), target
    return (Section("", make_visible(item.content), quotes=quotes),), 0


def verdict_sections(verdict: Verdict) -> tuple[Section, ...]:
    """Return what the model said, most useful first; for a run without a label, what happened and the raw output."""
    sections = []
    if verdict.status is not VerdictStatus.PARSED:
        sections.append(Section.of(_tr("WHAT HAPPENED"), status_explained(verdict.status)))
        if verdict.detail:
            sections.append(Section.of(_tr("DETAIL"), verdict.detail, muted=True))
        raw = verdict.raw_output or _tr("(nothing)")
        sections.append(Section.of(_tr("RAW OUTPUT"), raw, mono=True))
    if verdict.rationale:
        sections.append(Section.of(_tr("RATIONALE"), verdict.rationale))
    if verdict.quotes:
        sections.append(Section.of(_tr("QUOTES"), "\n".join(_quote_lines(verdict))))
    if verdict.reasoning:
        cut = verdict.reasoning_cut
        heading = _tr("REASONING · CUT SHORT AT ITS BUDGET") if cut else _tr("REASONING")
        sections.append(Section.of(heading, verdict.reasoning))
    if verdict.fast:
        words = _tr("Scored in a first pass, to order the queue. Reasoning follows once the queue is judged.")
        sections.append(Section.of("", words, muted=True))
    if not sections:
        sections.append(Section("", make_visible(_tr("There is a label and no reasons.")), muted=True))
    return tuple(sections)


def empty_text() -> VisibleText:
    """Return no text at all, for a section that is about to be streamed into."""
    return make_visible("")


def _quote_lines(verdict: Verdict) -> list[str]:
    invented = set(verdict.invented)
    missing = _tr("not in the content")
    return [f"“{quote}”" + (f"  ({missing})" if quote in invented else "") for quote in verdict.quotes[:_QUOTES_SHOWN]]


def _quote_spans(content: str, verdict: Verdict | None) -> tuple[tuple[int, int], ...]:
    if verdict is None:
        return ()
    spans = []
    for quote in verdict.quotes[:_QUOTES_SHOWN]:
        start = content.find(quote) if quote.strip() else -1
        if start >= 0:
            spans.append((start, start + len(quote)))
    return tuple(spans)
