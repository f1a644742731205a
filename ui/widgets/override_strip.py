"""The strip that opens when a human differs from the model: why, which clause, a note. Enter commits, Escape cancels.

It owns the small form and checks it. It must not store: it emits an `Override`, or that it was cancelled.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain import Cause, PolicyVersion
from ui.notices import FieldNotice, mark_field
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.labels import GlyphLabel
from ui.widgets.wrapped_label import WrappedLabel
from ui.words import cause_word

_COMMIT_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a label counts, and what must be answered: a cause, a note, or at least one of the two.

    `left` is what the second button says where the decision stands already and the answer may be left out; `bound`
    that it stands and the answer may not.
    """

    words: str
    label: str
    policy: PolicyVersion | None
    note: str = ""
    cause: bool = False
    needs_note: bool = False
    reason: bool = False
    left: str | None = None
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Override:
    """A label, and why. `rule_id` is None when no clause was named, `cause` where none was needed."""

    label: str
    cause: Cause | None
    rule_id: str | None
    note: str


class OverrideStrip(QFrame):
    """Asks why. Keys 1 to 6 choose the cause from anywhere but a text field; R and N go to clause and note."""

    committed = Signal(object)
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "asking")
        self.setAccessibleName(self.tr("Why do you differ from the model?"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._question = Question("", "", None)
        self.words = WrappedLabel(3, role="strong")
        self.problem = FieldNotice()
        self.causes = QButtonGroup(self)
        self.rule = QLineEdit()
        self.note = QLineEdit()
        self.commit_button = QPushButton(self.tr("Decide  Enter"))
        self.cancel_button = QPushButton(self.tr("Cancel  Esc"))
        self._rules = QStringListModel(self)
        self._build(theme)
        self.hide()

    def _build(self, theme: Theme) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.addWidget(GlyphLabel(theme, "disagree", "accent"))
        top.addWidget(self.words, 1)
        top.addWidget(self.problem)
        for number, cause in enumerate(Cause, start=1):
            button = QPushButton(self.tr("{number}  {cause}").format(number=number, cause=cause_word(cause)))
            button.setProperty("role", "choice")
            button.setCheckable(True)
            button.setAccessibleName(cause_word(cause))
            self.causes.addButton(button, number)
        self._build_fields()
        fields = QHBoxLayout()
        fields.setSpacing(SPACE_2)
        fields.addWidget(self.rule, 2)
        fields.addWidget(self.note, 3)
        fields.addWidget(self.commit_button)
        fields.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        column.addLayout(top)
        column.addWidget(ChoiceRow(self.causes.buttons()))
        column.addLayout(fields)

    def _build_fields(self) -> None:
        self.rule.setAccessibleName(self.tr("Clause of the policy"))
        self.rule.setPlaceholderText(self.tr("Clause (R): id or words, optional"))
        completer = QCompleter(self._rules, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = completer.popup()
        if popup is not None:
            popup.setAccessibleName(self.tr("Matching clauses"))
        self.rule.setCompleter(completer)
        self.note.setAccessibleName(self.tr("Note on this decision"))
        self.note.setPlaceholderText(self.tr("Note (N), optional"))
        self.commit_button.setProperty("role", "primary")
        self.commit_button.setAccessibleName(self.tr("Decide"))
        self.cancel_button.setAccessibleName(self.tr("Cancel"))
        self.commit_button.clicked.connect(self.commit)
        self.cancel_button.clicked.connect(self.cancel)
        self.causes.idClicked.connect(self._on_causes_id_clicked)

    @property
    def leaves(self) -> bool:
        """Whether going away leaves a decision that stands, without its reason."""
        return self._question.left is not None

    def ask(self, question: Question) -> None:
        """Open with a question."""
        self._question = question
        self.words.setText(question.words)
        self.cancel_button.setText(question.left or self.tr("Cancel  Esc"))
        self.cancel_button.setVisible(not question.bound)
        self.note.setPlaceholderText(self.tr("Note (N)") if question.needs_note else self.tr("Note (N), optional"))
        # The clauses of the chosen label first: they are what most overrides are about.
        rules = sorted(question.policy.rules if question.policy else (), key=lambda rule: rule.label != question.label)
        self._rules.setStringList([f"{rule.id}  {one_line(rule.text, 90)}" for rule in rules])
        self.causes.setExclusive(False)
        for button in self.causes.buttons():
            button.setChecked(False)
        self.causes.setExclusive(True)
        self.rule.clear()
        self.note.setText(question.note)
        self._show_problem("")
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def commit(self) -> None:
        """Emit the override if it is complete, else say what is missing."""
        number, note = self.causes.checkedId(), self.note.text().strip()
        missing = self._missing(number, note)
        if missing:
            self._show_problem(missing)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        rule_id, known = self._rule_id()
        if not known:
            self._show_problem(self.tr("No clause of that id. Pick one from the list, or leave it empty."), self.rule)
            self.rule.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        cause = list(Cause)[number - 1] if number >= 1 else None
        self.committed.emit(Override(self._question.label, cause, rule_id, note))

    def _missing(self, number: int, note: str) -> str:
        """Say which answer is due and not given; "" when all are."""
        if number < 1 and self._question.cause:
            return self.tr("Choose a cause: keys 1 to 6.")
        if not note and self._question.needs_note:
            return self.tr("Say in a note why (N).")
        if not note and number < 1 and self._question.reason:
            return self.tr("Give a cause (1 to 6) or a note (N).")
        return ""

    @Slot()
    def cancel(self) -> None:
        """Close without deciding."""
        if not self.isVisible():
            return
        if self._question.bound:
            self._show_problem(self._missing(self.causes.checkedId(), self.note.text().strip()))
            return
        self.hide()
        self.cancelled.emit()

    def event(self, event: QEvent) -> bool:
        """Keep plain keys inside the strip, away from the shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            if not plain:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits, Enter, Escape, R and N."""
        key = event.key()
        if key in _COMMIT_KEYS:
            self.commit()
        elif key == Qt.Key.Key_Escape:
            self.cancel()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_6:
            self.causes.button(key - Qt.Key.Key_0).setChecked(True)
            self._show_problem("")
        elif key == Qt.Key.Key_R:
            self.rule.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key == Qt.Key.Key_N:
            self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def _rule_id(self) -> tuple[str | None, bool]:
        typed = self.rule.text().strip()
        if not typed:
            return None, True
        wanted = typed.split()[0].casefold()
        rules = self._question.policy.rules if self._question.policy else ()
        found = next((rule.id for rule in rules if rule.id.casefold() == wanted), None)
        return found, found is not None

    def _show_problem(self, words: str, field: QWidget | None = None) -> None:
        self.problem.say(words)
        mark_field(self.rule, invalid=field is self.rule)

    @Slot(int)
    def _on_causes_id_clicked(self, _number: int) -> None:
        self._show_problem("")
