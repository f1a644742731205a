"""Turns a review into what the panes show, off the GUI thread: text made visible, quotes found, sections named.

It owns the wording of headings and the order of sections. It must not touch a widget: it runs on a pool thread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from core.domain import Item, ItemKind, PolicyVersion, Review, ReviewRules, SecondReview, Verdict, VerdictStatus
from core.scripts import MixedWord, mixed_words
from core.services import OtherVerdict
from ui.masking import NO_MASK, Mask
from ui.revealing import make_revealed
from ui.text_layout import Section, TextLayout, lay_out
from ui.visible import VisibleText, make_visible, one_line
from ui.words import removed_words, status_explained, status_word

_QUOTES_SHOWN = 50
_ANSWERS = frozenset({"label", "expected", "rule_id", "cause"})
# Turns before the one under review that are shown without being asked for.
_TURNS_BEFORE = 3
_METADATA_DEPTH = 4
_MARKS, _DASHES = "\"'`´‘’‚“”„«»‹›", "‐‑‒–—−\\-"
_PARTS = re.compile(rf"\s+|[{_MARKS}]|[{_DASHES}]|[^\s{_MARKS}{_DASHES}]+")
_LOOSE = {
    **dict.fromkeys(" \t\n\r\f\v\u00a0\u2009\u202f", r"\s+"),
    **dict.fromkeys(_MARKS, f"[{_MARKS}]"),
    **dict.fromkeys(_DASHES.replace("\\", ""), f"[{_DASHES}]"),
}
_METADATA_ROWS = 500


def _tr(text: str) -> str:
    return QCoreApplication.translate("Prepared", text)


@dataclass(frozen=True, slots=True)
class ContentView:
    """An item as the content pane shows it. `target` is the index of the section under judgement.

    `folded` counts the older turns that are left out, `foldable` those that would be. `quotes` are positions in the
    laid out document.
    """

    sections: tuple[Section, ...]
    layout: TextLayout
    target: int
    foldable: int = 0
    folded: int = 0
    revealed: bool = False

    @property
    def quotes(self) -> tuple[int, ...]:
        """Where the places the verdict cites begin, in order."""
        return tuple(start for start, _, kind in self.layout.spans if kind == "quote")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A review with its text ready to show. `hidden` counts hidden characters in all that is shown of the item.

    `mixed` are the words of the text under judgement that mix alphabets. `rules` are those of its policy, `second` is
    a second review that may be seen.
    """

    review: Review
    view: ContentView
    hidden: int
    mixed: tuple[MixedWord, ...]
    verdict: tuple[Section, ...]
    metadata: tuple[tuple[str, str], ...]
    rules: ReviewRules | None = None
    second: SecondReview | None = None
    mask: Mask = NO_MASK


def prepare(review: Review, others: Sequence[OtherVerdict] = (), mask: Mask = NO_MASK) -> Prepared:
    """Return what the panes show for a review; `others` are further verdicts on its item, `mask` covers words."""
    view = content_view(review, mask=mask)
    said = (*verdict_sections(review.verdict), *other_sections(others)) if review.verdict else ()
    return Prepared(
        review=review,
        view=view,
        hidden=sum(section.body.hidden for section in view.sections),
        mixed=mixed_words(review.item.content),
        verdict=mask.sections(said),
        metadata=tuple((name, mask.text(value)) for name, value in metadata_rows(review)),
        mask=mask,
    )


def content_view(review: Review, *, reveal: bool = False, unfold: bool = False, mask: Mask = NO_MASK) -> ContentView:
    """Return an item's text ready to show; `reveal` spells out what could deceive, `unfold` shows all older turns."""
    sections, target = content_sections(review.item, review.verdict, reveal=reveal)
    foldable = target - _TURNS_BEFORE if review.item.kind is ItemKind.CONVERSATION else 0
    foldable = foldable if foldable > 1 else 0  # one line that says so would hide no more than itself
    folded = 0 if unfold else foldable
    sections, target = mask.sections(sections[folded:]), target - folded
    return ContentView(sections, lay_out(sections), target, foldable, folded, reveal)


def metadata_rows(review: Review) -> tuple[tuple[str, str], ...]:
    """Return the metadata of a review's item as rows, nested names with dots, as far as a reviewer may see it."""
    shown = {key: value for key, value in review.item.metadata.items() if _may_show(key, review)}
    rows = []
    for name, value in _flat(shown, "", _METADATA_DEPTH):
        rows.append((one_line(name, 80), one_line(value, 400)))
        if len(rows) == _METADATA_ROWS:
            break
    return tuple(rows)


def _flat(values: Mapping[str, object], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value and depth > 1:
            yield from _flat(value, f"{name}.", depth - 1)
        else:
            yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _may_show(name: str, review: Review) -> bool:
    # A label that came with the item would tell the reviewer what to decide.
    return review.decision is not None or name not in _ANSWERS


def content_sections(item: Item, verdict: Verdict | None, *, reveal: bool = False) -> tuple[tuple[Section, ...], int]:
    """Return the sections of an item and which of them is under judgement."""
    show = make_revealed if reveal else make_visible
    if item.removed_at is not None:
        words = _tr("{removed}. What was decided about it stays, with the hash of what was there:\n{digest}")
        words = words.format(removed=removed_words(item.removed_at).capitalize(), digest=item.content_hash)
        return (Section.of("", words, muted=True),), 0
    quotes = _quote_spans(item.content, verdict)
    flags = tuple((word.start, word.end) for word in mixed_words(item.content))
    if item.kind is ItemKind.REPLY:
        parent = Section(_tr("PARENT COMMENT · CONTEXT ONLY"), show(item.parent or ""), muted=True)
        heading = _tr("REPLY · UNDER REVIEW")
        return (parent, Section(heading, show(item.content), emphasis=True, quotes=quotes, flags=flags)), 1
    if item.kind is ItemKind.CONVERSATION and item.messages:
        last = len(item.messages) - 1
        target = last if item.target is None else item.target
        sections = []
        for number, turn in enumerate(item.messages):
            heading = _tr("TURN {number} · {role}").format(number=number + 1, role=one_line(turn.role, 40))
            if number == target:
                heading = _tr("{turn} · UNDER REVIEW").format(turn=heading)
                body = show(turn.content)
                sections.append(Section(heading, body, emphasis=True, quotes=quotes, flags=flags))
            else:
                sections.append(Section(heading, show(turn.content)))
        return tuple(sections), target
    return (Section("", show(item.content), quotes=quotes, flags=flags),), 0


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


def other_sections(others: Sequence[OtherVerdict]) -> tuple[Section, ...]:
    """Return what else was said of the item, a line each."""
    if not others:
        return ()
    return (Section.of(_tr("OTHER VERDICTS ON THIS ITEM"), "\n".join(map(_other_line, others)), muted=True),)


def comparison_sections(verdict: Verdict, policy: PolicyVersion | None) -> tuple[Section, ...]:
    """Return what the model says of the text alone, to be read above the verdict that had the context."""
    words = _tr("{verdict}. Not stored: the verdict below had the context.")
    said = Section.of(_tr("WITHOUT CONTEXT"), words.format(verdict=_in_short(verdict, policy)), emphasis=True)
    rationale = Section.of("", verdict.rationale) if verdict.rationale else None
    return (said, rationale) if rationale is not None else (said,)


def _other_line(other: OtherVerdict) -> str:
    title = one_line(other.policy.title or other.policy.policy_id, 40)
    where = _tr("{policy}, version {number}").format(policy=title, number=other.policy.version)
    parts = [where, _in_short(other.verdict, other.policy), one_line(other.verdict.model, 40)]
    if other.verdict.fast:
        parts.append(_tr("first pass"))
    return " · ".join(part for part in parts if part)


def _in_short(verdict: Verdict, policy: PolicyVersion | None) -> str:
    label = policy.label(verdict.label or "") if policy is not None else None
    if verdict.status is not VerdictStatus.PARSED:
        return status_word(verdict.status)
    name = one_line(f"{verdict.label} {label.name if label else ''}".strip(), 60)
    return name if verdict.score is None else f"{name}, {verdict.score:.2f}"


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
        found = _find_quote(content, quote)
        if found is not None:
            spans.append(found)
    return tuple(spans)


def _find_quote(content: str, quote: str) -> tuple[int, int] | None:
    """Return where a quote stands, whatever blanks, quotation marks and dashes the model changed in it."""
    if not quote.strip():
        return None
    start = content.find(quote)
    if start >= 0:
        return start, start + len(quote)
    parts = (_LOOSE.get(part[0], re.escape(part)) for part in _PARTS.findall(quote.strip()))
    match = re.search("".join(parts), content)
    return match.span() if match else None
