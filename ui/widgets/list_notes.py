"""The lines above the list that say why it is not the queue in the order that was asked for, and lead out of that.

They own their words. They must not decide when they are up, nor go anywhere: they are pressed.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from ui.key_words import follow_keys, say
from ui.visible import one_line, plain_tip

# Pixels for the line that names a list another page asked for, and at least for its title.
_ROOM, _TITLE_LEAST = 270, 24


class PinnedNote(QPushButton):
    """Hidden until the list holds what another page asked for; pressed, it leads back to the queue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pinned")
        self.set_title("")

    def set_title(self, title: str) -> None:
        """Name what the list holds; "" for the queue itself."""
        words, whole = self.tr("{title} · back to the queue"), one_line(title, 80)
        room = max(_TITLE_LEAST, _ROOM - self.fontMetrics().horizontalAdvance(words.format(title="")))
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room)
        self.setText(words.format(title=shown).replace("&", "&&"))
        self.setAccessibleName(words.format(title=whole))
        self.setToolTip(plain_tip(title))
        self.setVisible(bool(title))


class OrderNote(QPushButton):
    """Hidden until an order is asked for that needs a second opinion, where there is none or items lack its score."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pinned")
        self._unscored: int | None = None
        follow_keys(self, self._name)
        self.hide()

    def show_unscored(self, count: int | None) -> None:
        """Say how many open items have no score; None: there is no second opinion at all. With 0 nothing is said."""
        self._unscored = count
        self._name()
        self.setVisible(count != 0)

    def _name(self) -> None:
        if self._unscored is None:
            self.setText(say(self.tr("No second opinion ({key_go_insight})")))
            words = self.tr(
                "There is no second opinion to expect a disagreement, so this order is the same as oldest first. "
                "Train one on the page Insight, then score the queue."
            )
        else:
            self.setText(say(self.tr("{n} not scored, at the end ({key_go_insight})"), n=f"{self._unscored:,}"))
            words = self.tr(
                "The second opinion has not scored {n} open items: new ones, or ones whose decision was taken back. "
                "They stand at the end. Score the queue on the page Insight."
            ).format(n=f"{self._unscored:,}")
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words))
