"""The upper right pane: what the model said, how sure it was, and in its own words why.

It owns the badge, the score, the cited rules and the reasoning as it streams in. It must not call a service.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.domain import PolicyVersion, Verdict, VerdictStatus
from ui.key_words import say
from ui.prepared import Prepared, empty_text
from ui.text_layout import Section
from ui.theme import Theme
from ui.tokens import BASE_POINT_SIZE, SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import GlyphLabel, plain_label
from ui.widgets.text_surface import TextSurface
from ui.widgets.wrapped_label import WrappedLabel
from ui.words import effort_word, label_line, score_tone, status_word, tone_of, verdict_side

_RULES_SHOWN = 6


class ScoreBar(QWidget):
    """A probability from 0 to 1 as a bar with its middle marked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._score = 0.0
        self._tone = "unknown"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Probability of a violation"))
        theme.changed.connect(self.update)

    def set_score(self, score: float, tone: str) -> None:
        """Show a probability in the token colour `tone`."""
        self._score, self._tone = min(1.0, max(0.0, score)), tone
        self.setAccessibleDescription(f"{score:.2f}")
        self.update()

    def sizeHint(self) -> QSize:
        """Thin."""
        return QSize(80, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, filling and the mark at one half."""
        del event
        painter = QPainter(self)
        tokens = self._theme.tokens
        track = QRectF(0, self.height() / 2 - 3, self.width(), 6)
        painter.fillRect(track, QColor(tokens.line))
        painter.fillRect(QRectF(0, track.top(), self.width() * self._score, 6), QColor(getattr(tokens, self._tone)))
        painter.fillRect(QRectF(self.width() / 2 - 0.5, track.top() - 2, 1, 10), QColor(tokens.muted))
        painter.end()


class VerdictPane(QWidget):
    """Shows a verdict, the reasoning of one that is being made, or that there is none. `rule_chosen` names a rule."""

    rule_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._streaming = False
        self.glyph = GlyphLabel(theme, "pending", "muted", size=22)
        self.label = WrappedLabel(2, role="heading")
        self.side = ElidedLabel(self.tr("Severity"))
        self.side.setProperty("role", "caption")
        self.score_row = QWidget()
        self.score = ScoreBar(theme)
        self.score_words = plain_label(role="caption")
        self.model_line = ElidedLabel(self.tr("Judged by"))
        self.model_line.setProperty("role", "caption")
        self.rules_row = QWidget()
        self.surface = TextSurface(theme, self.tr("The model's reasoning"), point_size=BASE_POINT_SIZE)
        self._build()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.label)
        words.addWidget(self.side)
        badge = QHBoxLayout()
        badge.setSpacing(SPACE_2)
        badge.addWidget(self.glyph, 0, Qt.AlignmentFlag.AlignTop)
        badge.addLayout(words, 1)
        scores = QHBoxLayout(self.score_row)
        scores.setContentsMargins(0, 0, 0, 0)
        scores.setSpacing(SPACE_2)
        scores.addWidget(self.score, 1)
        scores.addWidget(self.score_words)
        self._rules = FlowLayout(self.rules_row, spacing=6)
        head = QFrame()
        head.setProperty("role", "head")
        column = QVBoxLayout(head)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(6)
        column.addLayout(badge)
        column.addWidget(self.score_row)
        column.addWidget(self.model_line)
        column.addWidget(self.rules_row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self.surface, 1)

    def show_review(self, prepared: Prepared, *, keep_scroll: bool = False, coming: bool = False) -> None:
        """Show the verdict of a review, or that there is none; `coming` says that the model is at work on the queue."""
        self._streaming = False
        verdict = prepared.review.verdict
        if prepared.review.hidden.verdict:
            self._show_hidden()
            return
        if verdict is None:
            self._show_head("pending", "muted", self.tr("Not judged yet"), "")
            hint = (
                self.tr("The model is working through the queue and will come to this item. You need not wait for it.")
                if coming
                else say(self.tr("{key_judge} lets the model judge the queue; or decide without it."))
            )
            self.surface.show_sections([Section.of("", hint, muted=True)])
            return
        tone = tone_of(violates=verdict_side(verdict))
        label = prepared.review.policy.label(verdict.label or "") if prepared.review.policy else None
        if verdict.status is VerdictStatus.PARSED:
            name = f"{verdict.label}  {one_line(label.name, 80)}" if label else verdict.label or ""
            self._show_head(tone, tone, name, label_line(label) if label else "")
        else:
            self._show_head(tone, tone, status_word(verdict.status), self.tr("Needs a human"))
        self._show_score(verdict)
        self._show_model(verdict)
        self._show_rules(verdict, prepared.review.policy)
        self.surface.show_sections(prepared.verdict, keep_scroll=keep_scroll)

    def _show_hidden(self) -> None:
        self._show_head("lock", "muted", self.tr("Blind review"), self.tr("The verdict is hidden until you decide"))
        words = self.tr(
            "Decide with the digit keys, as if there were no model. Then its verdict is shown, and only if it differs "
            "you are asked why. A share of the items is reviewed like this, so that agreement can be measured."
        )
        self.surface.show_sections([Section.of("", words, muted=True)])

    def show_above(self, sections: Sequence[Section], prepared: Prepared) -> None:
        """Show further sections above what a verdict says."""
        self.surface.show_sections([*sections, *prepared.verdict])

    def show_nothing(self) -> None:
        """Show no verdict because there is no item."""
        self._streaming = False
        self._show_head("pending", "muted", self.tr("No item"), "")
        self.surface.show_sections([])

    def show_stream(self, text: str) -> None:
        """Show reasoning as it arrives for the item in view. The first stretch clears what was there."""
        if not self._streaming:
            self._streaming = True
            self._show_head("pending", "accent", self.tr("The model is reading…"), "")
            self.surface.show_sections([Section(self.tr("REASONING · NO VERDICT YET"), empty_text())])
        self.surface.append_stream(text)

    def _show_head(self, glyph: str, tone: str, words: str, side: str) -> None:
        self.glyph.set_glyph(glyph, tone)
        self.label.setText(words)
        self.label.setAccessibleName(self.tr("Verdict: {words}").format(words=words))
        self.side.set_full_text(side)
        self.side.setVisible(bool(side))
        for part in (self.score_row, self.model_line, self.rules_row):
            part.setVisible(False)

    def _show_score(self, verdict: Verdict) -> None:
        if verdict.score is None:
            return
        side = verdict_side(verdict)
        tone = score_tone(verdict.score, violates=side)
        self.score_row.setVisible(True)
        self.score.set_score(verdict.score, tone)
        self.score_words.setText(self.tr("{score} that it violates").format(score=f"{verdict.score:.2f}"))
        if side is not None and tone != tone_of(violates=side):
            words = self.tr("{label} · but the score leans the other way").format(label=self.side.full_text)
            self.side.set_full_text(words)

    def _show_model(self, verdict: Verdict) -> None:
        parts = [one_line(verdict.model, 80)]
        if verdict.fast:
            parts.append(self.tr("first look, score only"))
        elif verdict.effort is not None:
            parts.append(effort_word(verdict.effort))
        if verdict.seconds:
            parts.append(self.tr("{seconds} s").format(seconds=f"{verdict.seconds:.1f}"))
        self.model_line.set_full_text(" · ".join(part for part in parts if part))
        self.model_line.setVisible(True)

    def _show_rules(self, verdict: Verdict, policy: PolicyVersion | None) -> None:
        while (old := self._rules.takeAt(0)) is not None:
            widget = old.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for rule_id in verdict.rule_ids[:_RULES_SHOWN]:
            known = policy is not None and policy.rule(rule_id) is not None
            self._rules.addWidget(self._rule_widget(one_line(rule_id, 24), rule_id, known=known))
        self.rules_row.setVisible(bool(verdict.rule_ids))

    def _rule_widget(self, words: str, rule_id: str, *, known: bool) -> QWidget:
        if not known:
            stray = plain_label(self.tr("{rule}: not in the policy").format(rule=words), role="warning")
            stray.setToolTip(plain_tip(stray.text()))
            return stray
        button = QPushButton(words.replace("&", "&&"))
        button.setProperty("role", "rule")
        button.setAccessibleName(self.tr("Show rule {rule}").format(rule=words))
        button.clicked.connect(lambda: self.rule_chosen.emit(rule_id))
        return button
