"""The last step: the model judges the first ten items; then the desk.

It owns the words of how far that is. The run belongs to the desk and goes on when the steps are closed.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar

from core import services
from core.domain import ClassifySummary, EntryState, QueueCounts
from core.errors import AppError
from ui.judging import Progress
from ui.key_words import say
from ui.steps.page import OpenDesk, StepPage
from ui.widgets.labels import plain_label
from ui.words import judging_words

FIRST_ITEMS = 10


class FirstItemsStep(StepPage):
    """The first press of the button judges, the next one ends the steps."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("First ten items"),
            self.tr("The model judges, you decide"),
            self.tr(
                "The model reads the policy once and then the first ten items. Each gets a label and a reason. "
                "On the desk you agree with A, or choose another label with its number; ? shows every key."
            ),
        )
        self._judged = False
        self._nothing = False
        self.words = plain_label(role="strong", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of judging"))
        self.progress.hide()
        self.body.addWidget(self.words)
        self.body.addWidget(self.progress)
        rest = self.tr(
            "You need not wait: judging goes on while you review. {key_judge} lets the model judge the rest."
        )
        self.body.addWidget(plain_label(say(rest), role="caption", wrap=True))
        self.body.addStretch(1)

    @property
    def next_words(self) -> str:
        """What the button does next."""
        return self.tr("Go to the desk") if self._over else self.tr("Judge the first ten items")

    @property
    def _over(self) -> bool:
        running = self.desk is not None and self.desk.judging.running
        return self._judged or self._nothing or running

    def attach(self, desk: OpenDesk) -> None:
        """Take the desk whose model judges."""
        super().attach(desk)
        desk.judging.progressed.connect(self._on_judging_progressed)
        desk.judging.finished.connect(self._on_judging_finished)
        desk.judging.failed.connect(self._on_judging_failed)
        desk.judging.ended.connect(self._on_judging_ended)

    def enter(self) -> None:
        """See whether there is something to judge."""
        if self.desk is not None and not self.desk.judging.running:
            workspace = self.desk.page.workspace
            self.desk.page.pool.quick(
                lambda _context: services.queue_counts(workspace), succeeded=self._show_counts, failed=self.fail
            )

    def commit(self) -> None:
        """Judge, or end the steps."""
        if self._over or self.desk is None:
            self.finished.emit()
            return
        self.problem.say("")
        self.desk.judging.start(policy_id=None, first=lambda: None, limit=FIRST_ITEMS)
        self.changed.emit()

    @Slot(object)
    def _show_counts(self, counts: QueueCounts) -> None:
        waiting = counts.by_state.get(EntryState.PENDING, 0)
        self._judged = counts.total - waiting >= FIRST_ITEMS
        self._nothing = not waiting
        judged = self.tr("{judged} of {total} items are judged.")
        self.words.setText(judged.format(judged=f"{counts.total - waiting:,}", total=f"{counts.total:,}"))
        self.changed.emit()

    @Slot(object)
    def _on_judging_progressed(self, progress: Progress) -> None:
        loading = progress.model is None
        self.words.setText(self.tr("Loading the model…") if loading else judging_words(progress))
        self.progress.setRange(0, 0 if loading else progress.total)
        self.progress.setValue(progress.done)
        self.progress.show()

    @Slot(object)
    def _on_judging_finished(self, summary: ClassifySummary) -> None:
        self._judged = self._judged or bool(summary.judged)
        self._nothing = not summary.judged and not summary.cancelled

    @Slot(object)
    def _on_judging_failed(self, error: AppError) -> None:
        self.fail(error)

    @Slot()
    def _on_judging_ended(self) -> None:
        self.progress.hide()
        self.changed.emit()
        if self.isVisible():
            self.enter()
