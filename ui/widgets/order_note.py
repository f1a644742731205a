"""The line that says an order cannot be had yet, and leads to where that is mended.

It owns its words. It must not decide when it is up, nor go anywhere: it is pressed.
"""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from ui.key_words import follow_keys, say
from ui.visible import plain_tip


class OrderNote(QPushButton):
    """Hidden until an order is asked for that needs a second opinion where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pinned")
        follow_keys(self, self._name)
        self.hide()

    def _name(self) -> None:
        self.setText(say(self.tr("No second opinion ({key_go_insight})")))
        words = self.tr(
            "There is no second opinion to expect a disagreement, so this order is the same as oldest first. "
            "Train one on the page Insight, then score the queue."
        )
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
