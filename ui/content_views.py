"""The other ways to look at the item in view: what could deceive spelled out, older turns unfolded.

It owns which way is asked for and makes the text off the GUI thread. Every item begins folded and as it stands.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.masking import NO_MASK
from ui.notices import Notices
from ui.prepared import ContentView, content_view
from ui.tasks import TaskContext, TaskPool
from ui.widgets.content_pane import ContentPane


class ContentViews(QObject):
    """Joins the two switches of a content pane to the pool."""

    def __init__(self, pane: ContentPane, pool: TaskPool, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self._pool = pool
        self._notices = notices
        self._asked = 0
        self._bare = False

    def switch(self, *, reveal: bool | None = None, unfold: bool | None = None) -> None:
        """Look at the item in view the other way; None leaves a switch as it is."""
        prepared, shown = self._pane.prepared, self._pane.view
        if prepared is None or shown is None:
            return
        reveal = shown.revealed if reveal is None else reveal
        unfold = shown.folded == 0 if unfold is None else unfold
        self._asked += 1
        number, review = self._asked, prepared.review
        mask = NO_MASK if self._bare else prepared.mask

        def make(context: TaskContext) -> ContentView:
            del context
            return content_view(review, reveal=reveal, unfold=unfold, mask=mask)

        def show(view: ContentView) -> None:
            if number == self._asked and self._pane.prepared is prepared:
                self._pane.show_view(view)

        self._pool.long(make, succeeded=show, failed=self._notices.show_error)

    def set_bare(self, bare: bool) -> None:
        """Show masked words in the clear, or cover them again."""
        if bare != self._bare:
            self._bare = bare
            if self._pane.prepared is not None and self._pane.prepared.mask is not NO_MASK:
                self.switch()

    def toggle_reveal(self) -> None:
        """Spell out what could deceive, or go back."""
        if self._pane.view is not None:
            self.switch(reveal=not self._pane.view.revealed)

    def toggle_fold(self) -> None:
        """Show the older turns of a conversation, or fold them again."""
        view = self._pane.view
        if view is not None and view.foldable:
            self.switch(unfold=view.folded > 0)
