"""Puts what runs into words for the bottom strip: judging first, else a chore, else what could be done next.

It owns the wording and which of two running things is shown. It must not start anything.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from core.domain import ClassifySummary, EntryState, QueueCounts, VerdictStatus
from core.errors import AppError, ModelError
from ui.chores import Chores
from ui.judging import Judging, Progress
from ui.key_words import follow_keys, say
from ui.notices import Notices
from ui.widgets.banner import SampleBanner
from ui.widgets.task_strip import TaskStrip
from ui.words import judging_words, status_word


class ProgressLine(QObject):
    """Joins one desk's judging and chores to the strip, the banner and the notices."""

    def __init__(
        self, *, strip: TaskStrip, banner: SampleBanner, notices: Notices, judging: Judging, chores: Chores
    ) -> None:
        super().__init__(judging)
        self._strip = strip
        self._banner = banner
        self._notices = notices
        self._judging = judging
        self._chores = chores
        self._idle, self._waiting = "", 0
        self._fallback = ""
        strip.show_model(None)
        strip.cancel_pressed.connect(self._on_strip_cancel_pressed)
        judging.progressed.connect(self._on_judging_progressed)
        judging.finished.connect(self._on_judging_finished)
        judging.failed.connect(self._on_judging_failed)
        judging.restarted.connect(self._on_judging_restarted)
        judging.ended.connect(self._show_idle)
        chores.progressed.connect(self._on_chores_progressed)
        chores.ended.connect(self._show_idle)
        follow_keys(self, self._show_idle)

    @Slot(object)
    def on_counted(self, counts: QueueCounts) -> None:
        """Say what waits when nothing runs."""
        self._waiting = counts.by_state.get(EntryState.PENDING, 0)
        if counts.total == 0:
            self._idle = self.tr("The queue is empty. Import a file with {key_import}.")
        elif self._waiting:
            self._idle = self.tr("{count} not judged yet. {key_judge} lets the model judge them.")
        else:
            self._idle = self.tr("Everything is judged.")
        self._show_idle()

    @Slot()
    def _show_idle(self) -> None:
        if not self._judging.running and not self._chores.running:
            self._strip.show_idle(say(self._idle, count=f"{self._waiting:,}"))

    @Slot(object)
    def _on_judging_progressed(self, progress: Progress) -> None:
        if progress.model is not None:
            self._strip.show_model(progress.model, fell_back=bool(progress.fallback))
            self._say_fallback(progress.fallback)
        if progress.model is not None and progress.model.is_sample:
            self._banner.warn()
        if progress.stopping:
            self._strip.show_stopping(self.tr("Stopping. Finished verdicts are kept."))
        elif progress.model is None:
            self._strip.show_running(self.tr("Loading the model…"))
        else:
            self._strip.show_running(judging_words(progress), progress.done, progress.total)

    @Slot(object)
    def _on_judging_finished(self, summary: ClassifySummary) -> None:
        others = {status: n for status, n in summary.by_status.items() if n and status is not VerdictStatus.PARSED}
        parts = [self.tr("Judged {count}").format(count=f"{summary.judged:,}")]
        parts += [f"{status_word(status).lower()}: {count}" for status, count in others.items()]
        words = ", ".join(parts)
        if summary.cancelled:
            words = say(self.tr("{words}. Stopped; {key_judge} goes on where it ended"), words=words)
        elif not summary.judged:
            words = self.tr("Nothing was left to judge")
        self._notices.show_info(f"{words}.")
        self._strip.show_model(summary.model, fell_back=bool(summary.fallback))
        self._say_fallback(summary.fallback)

    def _say_fallback(self, fallback: str) -> None:
        """Say once what was asked for of a graphics card and could not be had."""
        if fallback and fallback != self._fallback:
            self._notices.show_report(fallback)
        self._fallback = fallback or self._fallback

    @Slot(object)
    def _on_judging_failed(self, error: AppError) -> None:
        if isinstance(error, ModelError):  # it is let go
            self._strip.show_model(None)
        self._notices.show_error(error)

    @Slot(str)
    def _on_judging_restarted(self, reason: str) -> None:
        del reason  # may quote the model's process; the log has it
        self._notices.show_info(self.tr("The model process stopped and was started again. Nothing is lost."))

    @Slot(str, int, int)
    def _on_chores_progressed(self, words: str, done: int, total: int) -> None:
        if not self._judging.running:
            self._strip.show_running(words, done, total)

    @Slot()
    def _on_strip_cancel_pressed(self) -> None:
        if self._judging.running:
            self._judging.stop()
        else:
            self._chores.cancel()
