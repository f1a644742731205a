"""The line that shows two independent decisions side by side to whoever may see them.

It owns its words. It must not decide which of the two is right.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.domain import Decision, PolicyVersion, SecondReview, SecondState
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import GlyphLabel
from ui.widgets.wrapped_label import WrappedLabel
from ui.words import cause_word


class SecondStrip(QFrame):
    """Hidden where there is no second review to see."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setAccessibleName(self.tr("Second review"))
        self.words = WrappedLabel(3, role="strong")
        self.first = ElidedLabel(self.tr("First decision"))
        self.second = ElidedLabel(self.tr("Second decision"))
        column = QVBoxLayout()
        column.setSpacing(2)
        for part in (self.words, self.first, self.second):
            column.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        row.addWidget(GlyphLabel(theme, "disagree", "unknown"))
        row.addLayout(column, 1)
        self.hide()

    def show_second(self, review: SecondReview | None, policy: PolicyVersion | None) -> None:
        """Show both decisions, or go away."""
        self.setVisible(review is not None and review.second is not None)
        if review is None or review.second is None:
            return
        if review.state is SecondState.DIFFERS:
            self.words.setText(self.tr("Two reviewers differ. What you decide stands."))
        elif review.adjudicated:
            self.words.setText(self.tr("Two reviewers differed; a lead has settled it."))
        else:
            self.words.setText(self.tr("Two reviewers agree."))
        for label, decision in ((self.first, review.first), (self.second, review.second)):
            label.set_full_text(_line(decision, policy))


def _line(decision: Decision, policy: PolicyVersion | None) -> str:
    label = policy.label(decision.label or "") if policy is not None else None
    parts = [f"{one_line(decision.reviewer, 40)}: {decision.label}"]
    if label is not None:
        parts[0] += f" {one_line(label.name, 60)}"
    if decision.cause is not None:
        parts.append(cause_word(decision.cause))
    if decision.rule_id:
        parts.append(one_line(decision.rule_id, 24))
    if decision.note:
        parts.append(f"“{one_line(decision.note, 160)}”")
    return " · ".join(parts)
