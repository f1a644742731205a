"""A cover over another widget: it hides what lies under it and says why, and how to look.

It owns its place over the widget and its words. It must not decide when it is up.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.tokens import SPACE_3, SPACE_4
from ui.widgets.labels import GlyphLabel, plain_label


class Cover(QFrame):
    """Lies over `under` when shown, and moves and grows with it."""

    def __init__(self, theme: Theme, under: QWidget) -> None:
        super().__init__(under)
        self.setProperty("role", "cover")
        self.setAutoFillBackground(True)
        self._under = under
        self.title = plain_label(role="strong", wrap=True)
        self.words = plain_label(role="caption", wrap=True)
        for label in (self.title, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addStretch(1)
        column.addWidget(GlyphLabel(theme, "lock", "muted", size=22), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addStretch(2)
        under.installEventFilter(self)
        self.hide()

    def put(self, title: str, words: str) -> None:
        """Cover what lies below."""
        self.title.setText(title)
        self.words.setText(words)
        self.setAccessibleName(f"{title} {words}")
        self.setGeometry(self._under.rect())
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what lies below."""
        if watched is self._under and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._under.rect())
        return False
