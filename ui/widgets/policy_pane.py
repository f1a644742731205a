"""The lower right pane: the clauses of the label in question, or the whole policy.

It owns which label is looked at. It must not change a policy.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from core.domain import Label, PolicyVersion, Rule
from ui.key_words import follow_keys, say
from ui.prepared import Prepared
from ui.text_layout import Section
from ui.theme import Theme
from ui.tokens import BASE_POINT_SIZE, SPACE_1, SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.elided_box import ElidedBox
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import plain_label
from ui.widgets.text_surface import TextSurface
from ui.words import violates_word


class PolicyPane(QWidget):
    """Shows clauses. `policy_chosen` names the policy a human picks for an entry that has none."""

    policy_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._policy: PolicyVersion | None = None
        self._cited: tuple[str, ...] = ()
        self.title = ElidedLabel(self.tr("Policy"))
        self.title.setProperty("role", "strong")
        self.whole = QToolButton()
        self.whole.setCheckable(True)
        follow_keys(self, lambda: self.whole.setText(say(self.tr("Whole policy ({key_whole_policy})"))))
        self.whole.setAccessibleName(self.tr("Show the whole policy"))
        self.labels = ElidedBox()
        self.labels.setAccessibleName(self.tr("Clauses of which label"))
        self.labels.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choices = ElidedBox()
        self.choices.setAccessibleName(self.tr("Decide under which policy"))
        self.ask = plain_label(self.tr("This item has no policy yet. Decide under:"), role="warning", wrap=True)
        self.surface = TextSurface(theme, self.tr("Policy text"), point_size=BASE_POINT_SIZE)
        self._build()

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("role", "head")
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.addWidget(self.title, 1)
        top.addWidget(self.whole)
        column = QVBoxLayout(head)
        column.setContentsMargins(SPACE_3, SPACE_1, SPACE_2, SPACE_2)
        column.setSpacing(SPACE_1)
        column.addLayout(top)
        column.addWidget(self.ask)
        column.addWidget(self.choices)
        column.addWidget(self.labels)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(self.surface, 1)
        self.labels.currentIndexChanged.connect(self._render)
        self.whole.toggled.connect(self._render)
        self.choices.activated.connect(self._on_choices_activated)

    def show_review(
        self, prepared: Prepared, policy: PolicyVersion | None, choices: Sequence[PolicyVersion] = ()
    ) -> None:
        """Show the clauses of the label the verdict (or else the decision) names under `policy`.

        `choices` are the policies to choose from for an entry that has none.
        """
        review = prepared.review
        asking = bool(choices)
        for part in (self.ask, self.choices):
            part.setVisible(asking)
        if asking:
            self._offer(choices, policy)
        verdict = review.verdict
        self._cited = verdict.rule_ids if verdict else ()
        code = (verdict.label if verdict else None) or (review.decision.label if review.decision else None)
        self._show_policy(policy, code)

    def show_nothing(self) -> None:
        """Show no policy."""
        self.ask.setVisible(False)
        self.choices.setVisible(False)
        self._cited = ()
        self._show_policy(None, None)

    def show_label(self, step: int) -> None:
        """Look at the clauses of another label, `step` places on."""
        count = self.labels.count()
        if count:
            self.whole.setChecked(False)
            self.labels.setCurrentIndex((self.labels.currentIndex() + step) % count)

    def show_code(self, code: str) -> None:
        """Look at the clauses of one label."""
        at = self.labels.findData(code)
        if at >= 0:
            self.whole.setChecked(False)
            self.labels.setCurrentIndex(at)

    @Slot(str)
    def show_rule(self, rule_id: str) -> None:
        """Bring a rule into view, with the clauses of its label."""
        rule = self._policy.rule(rule_id) if self._policy else None
        if self._policy is None or rule is None:
            return
        self.whole.setChecked(False)
        at = self.labels.findData(rule.label)
        self.labels.setCurrentIndex(max(0, at))
        rules = self._rules(self.labels.currentData())
        if rule in rules:
            self.surface.scroll_to_section(rules.index(rule))

    def _show_policy(self, policy: PolicyVersion | None, code: str | None) -> None:
        self._policy = policy
        title = one_line(policy.title or policy.policy_id, 60) if policy else self.tr("No policy")
        version = self.tr("version {number}").format(number=policy.version) if policy and policy.version else ""
        self.title.set_full_text(" · ".join(part for part in (title, version) if part))
        self.labels.blockSignals(True)
        self.labels.clear()
        for label in policy.labels if policy else ():
            self.labels.addItem(_label_words(label), label.code)
        if policy and any(rule.label is None for rule in policy.rules):
            self.labels.addItem(self.tr("General clauses"), None)
        self.labels.setCurrentIndex(max(0, self.labels.findData(code)) if self.labels.count() else -1)
        self.labels.blockSignals(False)
        self.labels.setVisible(policy is not None)
        self.whole.setEnabled(policy is not None)
        self._render()

    def _offer(self, choices: Sequence[PolicyVersion], chosen: PolicyVersion | None) -> None:
        self.choices.clear()
        self.choices.addItem(self.tr("Choose a policy…"), "")
        for policy in choices:
            self.choices.addItem(one_line(policy.title or policy.policy_id, 60), policy.policy_id)
        self.choices.setCurrentIndex(max(0, self.choices.findData(chosen.policy_id)) if chosen else 0)

    def _rules(self, code: str | None) -> list[Rule]:
        return [rule for rule in self._policy.rules if rule.label == code] if self._policy else []

    @Slot()
    def _render(self) -> None:
        if self._policy is None:
            self.surface.show_sections([])
            return
        if self.whole.isChecked() or not self._policy.rules:
            self.surface.show_sections([Section.of("", self._policy.body)])
            return
        rules = self._rules(self.labels.currentData())
        if not rules:
            words = say(
                self.tr("No clause of the policy is written for this label. {key_whole_policy} shows the whole policy.")
            )
            self.surface.show_sections([Section.of("", words, muted=True)])
            return
        self.surface.show_sections([self._rule_section(rule) for rule in rules])

    def _rule_section(self, rule: Rule) -> Section:
        cited = rule.id in self._cited
        heading = self.tr("{rule} · CITED BY THE MODEL").format(rule=rule.id) if cited else rule.id
        return Section.of(heading, rule.text, emphasis=cited)

    @Slot(int)
    def _on_choices_activated(self, index: int) -> None:
        self.policy_chosen.emit(self.choices.itemData(index) or "")


def _label_words(label: Label) -> str:
    name, side = one_line(label.name, 60), violates_word(violates=label.violates)
    return f"{label.code}  {name}" if name.casefold() == side.casefold() else f"{label.code}  {name} ({side})"
