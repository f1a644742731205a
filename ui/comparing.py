"""The verdict with and without the context, side by side: what the model says of a reply when it sees nothing else.

It owns the question and where its answer is shown. It must not run a model: `Judging` does.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core import services
from core.domain import Verdict
from core.errors import AppError
from ui.judging import Judging
from ui.notices import Notices
from ui.prepared import comparison_sections
from ui.reviewing import Reviewing
from ui.text_layout import Section
from ui.widgets.verdict_pane import VerdictPane


class Comparing(QObject):
    """Joins one verdict pane to the model."""

    def __init__(
        self, reviewing: Reviewing, judging: Judging, pane: VerdictPane, notices: Notices, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reviewing = reviewing
        self._judging = judging
        self._pane = pane
        self._notices = notices
        judging.compared.connect(self._on_judging_compared)
        judging.failed.connect(self._on_judging_failed)

    def ask(self) -> None:
        """Ask what the model says of the item in view without its context."""
        current = self._reviewing.current
        if current is None:
            return
        if services.without_context(current.review.item) is None:
            self._notices.show_info(self.tr("This item has no context to leave out. A reply or a conversation has."))
        elif current.review.verdict is None:
            self._notices.show_info(self.tr("There is no verdict yet to compare with."))
        else:
            self._pane.show_above([Section.of(self.tr("WITHOUT CONTEXT"), self.tr("The model is reading…"))], current)
            self._judging.compare(current.review.key)

    @Slot(int, object)
    def _on_judging_compared(self, key: int, verdict: Verdict) -> None:
        current = self._reviewing.current
        if current is not None and current.review.key == key:
            self._pane.show_above(comparison_sections(verdict, current.review.policy), current)

    @Slot(object)
    def _on_judging_failed(self, error: AppError) -> None:
        del error  # the notices say it
        current = self._reviewing.current
        if current is not None and current.review.verdict is not None:
            self._pane.show_review(current)
