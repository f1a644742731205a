"""The other ways to look at the item in view: what could deceive spelled out, older turns unfolded.

It owns which way is asked for and makes the text off the GUI thread. Every item begins folded and as it stands.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.masking import NO_MASK
from ui.notices import Notices
from ui.prepared import ContentView, Prepared, content_view
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
        self._reveal = self._unfold = self._bare = False

    def show(self, prepared: Prepared, place: str, *, same: bool) -> None:
        """Show a review; one that was read again stays the way the person looks at it."""
        if not same:
            self._reveal = self._unfold = self._bare = False
        otherwise = self._reveal or self._unfold or self._bare
        self._asked += 1  # what is still being made is of the review before
        self._pane.show_review(prepared, place, keep_scroll=same, keep_view=otherwise)
        if otherwise:
            self._make(keep_scroll=True)

    def set_bare(self, bare: bool) -> None:
        """Show masked words in the clear, or cover them again."""
        if bare != self._bare:
            self._bare = bare
            if self._pane.prepared is not None and self._pane.prepared.mask is not NO_MASK:
                self._make()

    def toggle_reveal(self) -> None:
        """Spell out what could deceive, or go back."""
        if self._pane.view is not None:
            self._reveal = not self._reveal
            self._make()

    def toggle_fold(self) -> None:
        """Show the older turns of a conversation, or fold them again."""
        view = self._pane.view
        if view is not None and view.foldable:
            self._unfold = not self._unfold
            self._make()

    def _make(self, *, keep_scroll: bool = False) -> None:
        """Make the text of the item in view the way it is wanted now, and show it; the newest wish wins."""
        prepared = self._pane.prepared
        if prepared is None:
            return
        self._asked += 1
        number, review, reveal, unfold = self._asked, prepared.review, self._reveal, self._unfold
        mask = NO_MASK if self._bare else prepared.mask

        def make(context: TaskContext) -> ContentView:
            del context
            return content_view(review, reveal=reveal, unfold=unfold, mask=mask)

        def show(view: ContentView) -> None:
            if number == self._asked and self._pane.prepared is prepared:
                self._pane.show_view(view, keep_scroll=keep_scroll)

        self._pool.long(make, succeeded=show, failed=self._notices.show_error)
