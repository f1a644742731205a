"""The strip that asks why an item is skipped or escalated: a number for the usual reasons, or words of one's own.

It owns the small form. It must not store: it emits the verb and the reason.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.choice_row import ChoiceRow
from ui.widgets.labels import GlyphLabel
from ui.widgets.wrapped_label import WrappedLabel

_MOST = 5


class ReasonStrip(QFrame):
    """Emits `chosen` with the verb and the reason, `closed` when it goes away without one."""

    chosen = Signal(str, str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "asking")
        self.setAccessibleName(self.tr("Why is this item put aside?"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._verb = "skip"
        self.words = WrappedLabel(3, role="strong")
        self.glyph = GlyphLabel(theme, "skipped", "accent")
        self.reasons = QButtonGroup(self)
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Reason in your own words"))
        self.field.setPlaceholderText(self.tr("In your own words (N); Enter goes on without a reason, too"))
        self.field.setMaxLength(10_000)
        self._build()
        self.hide()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.addWidget(self.glyph)
        top.addWidget(self.words, 1)
        for number in range(1, _MOST + 1):
            button = QPushButton(str(number))
            button.setProperty("role", "choice")
            self.reasons.addButton(button, number)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        column.addLayout(top)
        self._row = ChoiceRow(self.reasons.buttons())
        column.addWidget(self._row)
        column.addWidget(self.field)
        self.reasons.idClicked.connect(self._choose)
        self.field.returnPressed.connect(self._on_field_return_pressed)

    def ask(self, verb: str, note: str) -> None:
        """Ask for `skip` or `escalate`, with the draft there is."""
        self._verb = verb
        skip = verb == "skip"
        self.glyph.set_glyph("skipped" if skip else "escalated", "accent")
        self.words.setText(self.tr("Skip it, why?") if skip else self.tr("Hand it to a lead, why?"))
        for number, words in enumerate(self._usual(), start=1):
            button = self.reasons.button(number)
            button.setText(f"{number}  {words}")
            button.setAccessibleName(words)
        self._row.refit()
        self.field.setText(note)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _usual(self) -> tuple[str, ...]:
        if self._verb == "skip":
            return (
                self.tr("Not my language"),
                self.tr("Context is missing"),
                self.tr("I know the people"),
                self.tr("Too heavy for now"),
                self.tr("Later"),
            )
        return (
            self.tr("Needs an expert"),
            self.tr("Possible crime"),
            self.tr("Someone in danger"),
            self.tr("Policy is silent"),
            self.tr("Press or public interest"),
        )

    @Slot()
    def dismiss(self) -> None:
        """Close if open."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep plain keys inside the strip, away from the shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
            if not plain:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits, Enter, Escape and N."""
        key = event.key()
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_0 + _MOST:
            self._choose(key - Qt.Key.Key_0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_field_return_pressed()
        elif key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key == Qt.Key.Key_N:
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    @Slot(int)
    def _choose(self, number: int) -> None:
        words = self._usual()[number - 1]
        more = self.field.text().strip()
        self._finish(f"{words}: {more}" if more else words)

    @Slot()
    def _on_field_return_pressed(self) -> None:
        self._finish(self.field.text().strip())

    def _finish(self, reason: str) -> None:
        self.hide()
        self.chosen.emit(self._verb, reason)
