"""The long jobs of the page of models: fetch, add, verify, measure; and the report for support.

It owns which one runs, one at a time, and the words of its progress. It must not show anything but news and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core import services
from core.services import ListedModel, ModelFit
from ui.models.machine_models import size_word
from ui.page import PageContext
from ui.tasks import Task, TaskContext
from ui.visible import one_line
from ui.words import duration_word


class ModelJobs(QObject):
    """`started` carries the model's id ("" for a file from elsewhere); `progressed` words and a share in thousandths.

    A share of -1 means that its length is unknown. `measured` carries what a probe found; `ended` fires in any case.
    """

    started = Signal(str)
    progressed = Signal(str, int)
    measured = Signal(object)
    ended = Signal()

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._task: Task | None = None
        self.downloading = False

    @property
    def running(self) -> bool:
        """Whether a job is under way."""
        return self._task is not None

    def stop(self) -> None:
        """Ask the job to end; a download keeps what came."""
        if self._task is not None:
            self._task.cancel()

    def download(self, model_id: str) -> None:
        """Fetch a model of the catalogue."""

        def run(context: TaskContext) -> Path:
            return services.download_model(wanted=model_id, progress=context.report, cancel=context.cancel)

        self.downloading = not self.running
        self._start(model_id, run, self._on_ready, self._on_download_progressed)

    def add_file(self, path: Path) -> None:
        """Check a model file and bring it into the models folder."""

        def run(context: TaskContext) -> Path:
            placed = services.add_model(path=path, progress=lambda *step: context.report(step), cancel=context.cancel)
            return placed[0].path

        self._start("", run, self._on_ready, self._on_read_progressed)

    def verify(self, model: ListedModel) -> None:
        """Compare the bytes of a model with what they were when it came."""

        def run(context: TaskContext) -> Sequence[tuple[Path, str]]:
            return services.verify_models(names=[model.id], progress=lambda *step: context.report(step))

        self._start(model.id, run, self._on_verified, self._on_read_progressed)

    def measure(self, model_id: str) -> None:
        """Judge a few items of the sample queue with a model."""

        def run(context: TaskContext) -> list[ModelFit]:
            return services.fit_models(names=[model_id], probe=True, cancel=context.cancel)

        self._start(model_id, run, self.measured.emit, None)
        self.progressed.emit(self.tr("Judging four sample items…"), -1)

    def write_report(self, out: Path) -> None:
        """Write what support needs, without content."""
        workspace = self._context.workspace

        def run(context: TaskContext) -> Path:
            del context
            return services.write_support_bundle(workspace, out=out)

        notices = self._context.desk.notices
        self._context.pool.long(run, succeeded=self._on_report_written, failed=notices.show_error)

    def _start(
        self,
        model_id: str,
        run: Callable[[TaskContext], Any],
        succeeded: Callable[[Any], None],
        progressed: Callable[[Any], None] | None,
    ) -> None:
        if self._task is not None:
            return
        self._task = self._context.pool.long(
            run, succeeded=succeeded, failed=self._context.desk.notices.show_error, progressed=progressed
        )
        self._task.ended.connect(self._on_task_ended)
        self.started.emit(model_id)
        self.progressed.emit(self.tr("Starting…"), -1)

    @Slot()
    def _on_task_ended(self) -> None:
        self._task = None
        self.downloading = False
        self.ended.emit()

    @Slot(object)
    def _on_ready(self, path: Path) -> None:
        self._context.desk.notices.show_info(self.tr("Ready: {name}").format(name=path.name))

    @Slot(object)
    def _on_report_written(self, path: Path) -> None:
        self._context.desk.notices.show_info(self.tr("Written: {name}").format(name=path.name))

    @Slot(object)
    def _on_verified(self, results: Sequence[tuple[Path, str]]) -> None:
        problems = [f"{path.name}: {problem}" for path, problem in results if problem]
        words = "; ".join(problems) or self.tr("The file is as it came.")
        self._context.desk.notices.show_report(words)

    @Slot(object)
    def _on_download_progressed(self, news: services.DownloadProgress) -> None:
        words = {
            "fetching": self.tr("Fetching"), "checking": self.tr("Checking"), "mending": self.tr("Comparing"),
        }[news.phase]  # fmt: skip
        share = self.tr("{done} of {total}").format(done=size_word(news.done), total=size_word(news.total))
        parts = [f"{words} · {share}"]
        if news.bytes_per_s:
            parts.append(f"{news.bytes_per_s / 1024**2:.1f} MiB/s")
        if news.seconds_left is not None:
            parts.append(self.tr("{time} left").format(time=duration_word(news.seconds_left)))
        self.progressed.emit(" · ".join(parts), round(1000 * news.done / max(news.total, 1)))

    @Slot(object)
    def _on_read_progressed(self, step: tuple[str, int, int]) -> None:
        name, done, total = step
        self.progressed.emit(one_line(name, 40), round(1000 * done / max(total, 1)))
