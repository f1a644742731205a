"""The third step: which model judges, of those that are on this machine.

It owns the choice. Fetching a model is the business of the page of models, which it leads to.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton

from core import services
from core.errors import AppError
from core.services import ListedModel, ModelFit
from ui.model_jobs import ModelJobs
from ui.models.machine_models import ModelRow, ModelTable
from ui.steps.page import OpenDesk, StepPage
from ui.tasks import TaskContext
from ui.tokens import SPACE_2
from ui.visible import one_line
from ui.widgets.labels import plain_label
from ui.widgets.list_table import list_table

_SPEED = 4


class ModelStep(StepPage):
    """`download_wanted` asks for the page of models."""

    download_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            self.tr("Model"),
            self.tr("Which model judges?"),
            self.tr(
                "It reads your policy and every item on this machine, and nothing of it goes anywhere. The sample "
                "model shows the way but is near chance; gpt-oss-safeguard is the one Docket is made for."
            ),
        )
        self._jobs: ModelJobs | None = None
        self.models = ModelTable(self)
        self.table = list_table(self.models, self.tr("Models"), stretch=0)
        self.note = plain_label(wrap=True)
        self.file = QPushButton(self.tr("A &file from disk…"))
        self.download = QPushButton(self.tr("&Download one…"))
        self.progress = QProgressBar()
        self.progress_words = plain_label(role="caption")
        self._build()

    def _build(self) -> None:
        self.table.setColumnHidden(_SPEED, True)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the job"))
        self.progress.hide()
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        for button in (self.file, self.download):
            row.addWidget(button)
        row.addWidget(self.progress_words, 1)
        row.addWidget(self.progress, 1)
        row.addStretch(1)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.note)
        self.body.addLayout(row)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_note())
        self.file.clicked.connect(self._on_file_clicked)
        self.download.clicked.connect(self.download_wanted)

    def attach(self, desk: OpenDesk) -> None:
        """Take the workspace whose model is chosen."""
        super().attach(desk)
        self._jobs = ModelJobs(desk.page, self)
        self._jobs.progressed.connect(self._show_job)
        self._jobs.ended.connect(self._on_jobs_ended)

    def enter(self) -> None:
        """Read which models there are, and then how each fits."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.desk is None:
            return

        def read(context: TaskContext) -> tuple[list[ListedModel], list[ModelFit]]:
            listed = services.list_models()
            context.report((listed, []))
            return listed, services.fit_models(names=[model.id for model in listed if not model.problem])

        self.desk.page.pool.long(read, succeeded=self._show_models, failed=self.fail, progressed=self._show_models)

    def commit(self) -> None:
        """Judge with the model in the row from now on."""
        row, desk = self._chosen(), self.desk
        if row is None or desk is None:
            return
        if not row.is_here:
            self.problem.say(self.tr("It is not on this machine yet. Download it, or choose another for now."))
            return
        if row.in_use:
            self.finished.emit()
            return

        def choose(context: TaskContext) -> None:
            del context
            services.choose_model(desk.page.workspace, model=row.listed.id)

        self.set_busy(True)
        desk.page.pool.quick(choose, succeeded=self._on_chosen, failed=self.fail)

    def _on_chosen(self, _: object) -> None:
        self.set_busy(False)
        if self.desk is not None:
            self.desk.page.model_changed()
        self.finished.emit()

    def _chosen(self) -> ModelRow | None:
        return self.models.row(self.table.currentIndex().row())

    @Slot(object)
    def _show_models(self, result: tuple[list[ListedModel], list[ModelFit]]) -> None:
        listed, fits = result
        if self.desk is None:
            return
        wanted = self.desk.page.workspace.settings.model or services.SAMPLE_ID
        known = {fit.id: fit for fit in fits}
        rows = [ModelRow(model, known.get(model.id)) for model in listed]
        rows = [replace(row, in_use=wanted in (row.listed.id, str(row.listed.path))) for row in rows]
        before = self._chosen()
        self.models.set_rows(rows)
        chosen = before.listed.id if before is not None else next((row.listed.id for row in rows if row.in_use), "")
        self.table.selectRow(max(0, self.models.index_of(chosen)))
        self._show_note()

    def _show_note(self) -> None:
        row = self._chosen()
        if row is None:
            return
        reasons = row.fit.fit.reasons if row.fit is not None else ()
        parts = [row.listed.problem or row.listed.note, *reasons]
        self.note.setText("\n".join(one_line(part, 200) for part in parts if part))
        self.problem.say("")

    @Slot()
    def _on_file_clicked(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("Add a model file"), "", self.tr("Models (*.gguf);;All files (*)")
        )
        if chosen:
            self.add_file(Path(chosen))

    def add_file(self, path: Path) -> None:
        """Check a model file and bring it into the models folder."""
        if self._jobs is not None and not self._jobs.running:
            self.set_busy(True)
            self._jobs.add_file(path)

    @Slot(str, int)
    def _show_job(self, words: str, permille: int) -> None:
        self.progress_words.setText(words)
        self.progress.setRange(0, 0 if permille < 0 else 1000)
        self.progress.setValue(max(permille, 0))
        self.progress.show()

    @Slot()
    def _on_jobs_ended(self) -> None:
        self.progress.hide()
        self.progress_words.setText("")
        self.set_busy(False)
        self.enter()

    def fail(self, error: AppError) -> None:
        """Say why a model cannot be used; the list stays."""
        super().fail(error)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
