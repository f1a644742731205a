"""The bar of decisions: agree, one button for each label, and the quieter verbs below. Each shows its key.

It owns which buttons there are and which are on. It emits what was pressed; the keys themselves belong to the actions.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from core.domain import Label, PolicyVersion, Review, VerdictStatus
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.key_button import KeyButton
from ui.words import tone_of, violates_word

# Labels with a digit of their own; further ones are in the menu behind 0.
DIGITS = 9


class DecisionBar(QFrame):
    """Emits `agree_pressed`, `label_pressed` with a code, and `verb_pressed` with the name of a quieter verb."""

    agree_pressed = Signal()
    label_pressed = Signal(str)
    verb_pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "strip")
        self.agree = KeyButton(theme, self.tr("Agree"), "A", detail=" ", primary=True)
        self.agree.clicked.connect(self.agree_pressed)
        self.label_buttons: list[KeyButton] = []
        self.more = KeyButton(theme, self.tr("More labels"), "0", detail=" ")
        self._menu = QMenu(self.more)
        self.more.clicked.connect(self.open_more)
        self.verbs: dict[str, KeyButton] = {}
        self._shown: PolicyVersion | None = None
        self._build()

    def _build(self) -> None:
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE_2)
        self._row.addWidget(self.agree)
        self._row.addWidget(self.more)
        self.more.hide()
        below = QHBoxLayout()
        below.setSpacing(SPACE_2)
        words = {
            "note": (self.tr("Note"), "N", "note"),
            "skip": (self.tr("Skip"), "S", "skipped"),
            "escalate": (self.tr("Escalate"), "E", "escalated"),
            "undo": (self.tr("Undo"), "Ctrl+Z", "undo"),
            "previous": (self.tr("Previous"), "K", "previous"),
            "next": (self.tr("Next"), "J", "next"),
        }
        for name, (text, key, glyph) in words.items():
            if name == "previous":
                below.addStretch(1)
            button = KeyButton(self._theme, text, key, glyph=glyph)
            button.clicked.connect(lambda _=False, verb=name: self.verb_pressed.emit(verb))
            self.verbs[name] = button
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        column.addLayout(self._row)
        column.addLayout(below)

    def show_review(self, review: Review | None, policy: PolicyVersion | None) -> None:
        """Offer the labels of `policy` for a review; nothing to decide when either is missing."""
        if policy is not self._shown:
            self._make_labels(policy)
            self._shown = policy
        verdict = review.verdict if review else None
        parsed = verdict is not None and verdict.status is VerdictStatus.PARSED
        said = verdict.label if verdict is not None and parsed else None
        label = policy.label(said) if policy is not None and said is not None else None
        name = f"{said}  {one_line(label.name, 60)}" if label else self.tr("No verdict to agree with")
        self.agree.set_words(self.tr("Agree"), detail=name)
        self.agree.setEnabled(review is not None and label is not None)
        decided = review.decision.label if review is not None and review.decision is not None else None
        codes = [entry.code for entry in policy.labels] if policy else []
        for code, button in zip(codes, self.label_buttons, strict=False):
            tag = self.tr("model") if code == said else ""
            button.set_words(one_line(code, 16), detail=button.property("words"), suggested=tag)
            button.setChecked(code == decided)
            button.setEnabled(review is not None)
        for verb in ("note", "skip", "escalate"):
            self.verbs[verb].setEnabled(review is not None)

    def set_note_drafted(self, drafted: bool) -> None:
        """Say on its button that a note waits for the decision."""
        self.verbs["note"].set_words(self.tr("Note added") if drafted else self.tr("Note"))

    def open_more(self) -> None:
        """Open the menu of labels that have no digit."""
        if self.more.isVisible():
            self._menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))

    def _make_labels(self, policy: PolicyVersion | None) -> None:
        for button in self.label_buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.label_buttons.clear()
        self._menu.clear()
        labels = policy.labels if policy else ()
        for number, label in enumerate(labels[:DIGITS], start=1):
            button = self._label_button(label, number)
            self._row.insertWidget(number, button, 1)
            self.label_buttons.append(button)
        for label in labels[DIGITS:]:
            words = f"{label.code}  {one_line(label.name, 60)}"
            action = self._menu.addAction(words.replace("&", "&&"))
            action.setToolTip(plain_tip(words))
            action.triggered.connect(lambda _=False, code=label.code: self.label_pressed.emit(code))
        self.more.setVisible(len(labels) > DIGITS)

    def _label_button(self, label: Label, number: int) -> KeyButton:
        tone = tone_of(violates=label.violates)
        words = f"{one_line(label.name, 60)}"
        button = KeyButton(self._theme, one_line(label.code, 16), str(number), detail=words or " ")
        button.setProperty("words", words or " ")
        button.setCheckable(True)
        button.set_tone(tone, tone)
        button.setStatusTip(violates_word(violates=label.violates))
        button.clicked.connect(lambda _=False, code=label.code: self.label_pressed.emit(code))
        return button
