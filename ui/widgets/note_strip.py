"""The one-line field for a note that goes with the next decision on the item in view.

It owns the text while it is typed. It must not store anything: the controller keeps the draft.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.labels import GlyphLabel, plain_label


class NoteStrip(QFrame):
    """Emits `kept` with the note on Enter, `closed` when it goes away either way."""

    kept = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "asking")
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Note for the decision on this item"))
        self.field.setPlaceholderText(self.tr("A note for the decision you make next on this item"))
        self.field.setMaxLength(10_000)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        row.addWidget(GlyphLabel(theme, "note", "accent"))
        row.addWidget(self.field, 1)
        row.addWidget(plain_label(self.tr("Enter keeps it · Esc drops the change"), role="caption"))
        self.field.returnPressed.connect(self._on_field_return_pressed)
        self.hide()

    def ask(self, note: str) -> None:
        """Open with the draft there is."""
        self.field.setText(note)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes without keeping."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    @Slot()
    def dismiss(self) -> None:
        """Close if open."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    @Slot()
    def _on_field_return_pressed(self) -> None:
        self.kept.emit(self.field.text().strip())
        self.dismiss()
