"""What the insight page does that takes a while: train, score, let wait, draw a sample, write the report.

It owns the one long task of the page and the words of its outcome. It shows nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core import services
from core.domain.opinions import Features
from core.errors import AppError
from ui.page import PageContext
from ui.sheets.values import figure_word
from ui.tasks import Task, TaskContext

AUDIT = 200
"""Items an audit sample draws."""

ERROR = 0.05
"""The share of violating items that may wait at most."""


class InsightWork(QObject):
    """Runs one piece of work at a time. `said` carries where it stands, `ended` whether figures may have changed."""

    said = Signal(str)
    ended = Signal(bool)

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._task: Task | None = None

    @property
    def running(self) -> bool:
        """Whether something is under way."""
        return self._task is not None

    def stop(self) -> None:
        """Ask what runs to stop; it says so when it has."""
        if self._task is not None:
            self._task.cancel()

    def _run(self, words: str, function: Callable[[TaskContext], Any], done: Callable[[Any], str]) -> None:
        """Run one piece of work unless another runs; `done` gives the words of its outcome."""
        if self._task is not None:
            return

        def succeeded(result: object) -> None:
            self._context.desk.notices.show_info(done(result))
            self._finish(changed=True)

        def failed(error: AppError) -> None:
            self._finish(changed=False)
            self._context.desk.notices.show_error(error)

        self._task = self._context.pool.long(
            function, succeeded=succeeded, failed=failed, progressed=lambda news: self.said.emit(str(news))
        )
        self.said.emit(words)

    def _finish(self, *, changed: bool) -> None:
        self._task = None
        self.ended.emit(changed)

    def train(self, policy_id: str, reads: Features, embedding: str | None) -> None:
        """Train a new version of the second opinion and let it score the open items."""
        workspace = self._context.workspace

        def run(task: TaskContext) -> str:
            card = services.train_second_opinion(
                workspace,
                policy_id=policy_id,
                reads=reads,
                embedding=embedding,
                cancel=task.cancel,
                progress=task.report,
            )
            scored = services.score_queue(workspace, policy_id=policy_id, cancel=task.cancel, progress=task.report)
            words = self.tr("Version {n} is trained: area under the curve {auc}. {m:,} open items are scored by it.")
            return words.format(n=card.version, auc=figure_word(card.auc), m=scored.scored)

        self._run(self.tr("Training…"), run, str)

    def score(self, policy_id: str) -> None:
        """Let the newest second opinion score the open items."""
        workspace = self._context.workspace
        self._run(
            self.tr("Scoring…"),
            lambda task: services.score_queue(workspace, policy_id=policy_id, cancel=task.cancel, progress=task.report),
            lambda scored: self.tr("{n:,} items are scored; sort the queue by expected disagreement.").format(
                n=scored.scored
            ),
        )

    def toggle_waiting(self, policy_id: str) -> None:
        """Let sure negatives wait, or let nothing wait any more."""
        workspace = self._context.workspace

        def run(task: TaskContext) -> str:
            if services.deferral(workspace, policy_id=policy_id) is not None:
                back = services.stop_waiting(workspace, policy_id=policy_id)
                return self.tr("Nothing waits any more; {n:,} items came back.").format(n=back)
            waiting = services.start_waiting(
                workspace, policy_id=policy_id, error=ERROR, cancel=task.cancel, progress=task.report
            )
            return self.tr("{n:,} items wait behind the queue.").format(n=waiting.waiting)

        self._run(self.tr("Proving the bound…"), run, str)

    def draw(self, policy_id: str) -> None:
        """Draw an audit sample of what was judged since the last."""
        workspace = self._context.workspace
        self._run(
            self.tr("Drawing…"),
            lambda _task: services.draw_audit(workspace, policy_id=policy_id, size=AUDIT),
            lambda drawn: self.tr("{n:,} items are drawn; open a row to review them.").format(n=len(drawn.entries)),
        )

    def write_report(self, policy_id: str, folder: Path) -> None:
        """Write the evaluation report into a folder."""
        workspace = self._context.workspace
        self._run(
            self.tr("Writing the report…"),
            lambda task: services.write_evaluation(
                workspace, policy_id=policy_id, out=folder, cancel=task.cancel, progress=task.report
            ),
            lambda files: self.tr("{html} and {pdf} are written.").format(html=files.html.name, pdf=files.pdf.name),
        )
