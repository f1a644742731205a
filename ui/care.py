"""What a person sets for their own sake: veil, masks, order, breaks. Nobody else sees it, and it promises no effect.

It owns the settings and what follows from them for one item. Covering, painting and counting are done elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import QueueRow, Review
from core.services import severity_of


@dataclass(frozen=True, slots=True)
class CareSettings:
    """All of it is off at first. Severities are 1 to 4, 0 for never; times are minutes, 0 for never."""

    veil_from: int = 0
    veil_labels: tuple[str, ...] = ()
    veil_unjudged: bool = False
    mask: bool = True
    greyscale: bool = False
    interleave: bool = False
    break_every: int = 0
    break_length: int = 5
    session_length: int = 0
    idle_seconds: int = 60

    @property
    def veils(self) -> bool:
        """Whether anything is veiled at all."""
        return self.veil_from > 0 or bool(self.veil_labels)


def veil_reason(settings: CareSettings, review: Review) -> int | None:
    """Return the severity an item is veiled for, -1 where it is not known, None when it is not veiled.

    A verdict that is hidden must not show through the veil: such an item is veiled whatever the verdict says.
    """
    if not settings.veils:
        return None
    if review.hidden.verdict:
        return -1
    code = review.decision.label if review.decision is not None else None
    code = code or (review.verdict.label if review.verdict is not None else None)
    if code is None:
        return -1 if settings.veil_unjudged else None
    severity = severity_of(review.policy, [code]) or 0
    return severity if code in settings.veil_labels or 0 < settings.veil_from <= severity else None


def veils_row(settings: CareSettings, row: QueueRow, severity: int | None) -> bool:
    """Whether the excerpt of a row is veiled; `severity` is that of its label, None when there is none."""
    if not settings.veils:
        return False
    code = row.decision_label or row.verdict_label
    if row.hidden.verdict or code is None:
        return row.hidden.verdict or settings.veil_unjudged
    return code in settings.veil_labels or 0 < settings.veil_from <= (severity or 0)
