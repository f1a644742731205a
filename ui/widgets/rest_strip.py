"""The line that reminds of a break, and the page that covers the desk while one is taken.

It owns the words of both. When they are due is for `ui.caring` to say.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.key_words import follow_keys, say
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.labels import GlyphLabel, plain_label


class RestStrip(QFrame):
    """Hidden until a reminder is due. `taken` starts the break, `later` puts it off."""

    taken = Signal()
    later = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setAccessibleName(self.tr("Reminder of a break"))
        self.words = plain_label(wrap=True)
        self.take = QPushButton()
        self.take.setAccessibleName(self.tr("Take a break"))
        self.put_off = QPushButton(self.tr("Later"))
        self.put_off.setProperty("role", "quiet")
        self.put_off.setAccessibleName(self.tr("Remind me later"))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, 2, SPACE_3, 2)
        row.setSpacing(SPACE_2)
        row.addWidget(GlyphLabel(theme, "info", "unknown"))
        row.addWidget(self.words, 1)
        row.addWidget(self.put_off)
        row.addWidget(self.take)
        self.take.clicked.connect(self.taken)
        follow_keys(self, lambda: self.take.setText(say(self.tr("Take a break  {key_break}"))))
        self.put_off.clicked.connect(self._on_put_off_clicked)
        self.hide()

    def remind(self, minutes: int, *, session: bool) -> None:
        """Say how long it has been."""
        words = (
            self.tr("{minutes} minutes of work today: the length you set for a session.")
            if session
            else self.tr("{minutes} minutes of work without a break.")
        )
        self.words.setText(words.format(minutes=minutes))
        self.show()

    def _on_put_off_clicked(self) -> None:
        self.hide()
        self.later.emit()
