"""The page of models: what judges here, what else could, getting and checking files, and the state of the machine.

It owns what is selected and what is shown of it. `ModelJobs` does the work; nothing is fetched unasked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core import services
from core.domain import Check
from core.errors import AppError
from core.services import ListedModel, ModelFit
from ui.dialogs.confirm import ConfirmDialog, is_sure
from ui.dialogs.graphics import GraphicsDialog
from ui.model_jobs import ModelJobs
from ui.models.machine_models import CheckTable, ModelRow, ModelTable, size_word
from ui.page import Page, PageContext
from ui.tasks import TaskContext
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.key_button import KeyButton
from ui.widgets.labels import plain_label
from ui.widgets.list_table import list_table
from ui.widgets.model_details import ModelDetails


class ModelsPage(Page):
    """Models above, the machine below. One job at a time; another page may be looked at meanwhile."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._theme = context.desk.theme
        self.jobs = ModelJobs(context, self)
        self._fits: dict[str, ModelFit] = {}
        self._listed: list[ListedModel] = []
        self._read_once = False
        self.models = ModelTable(self)
        self.checks = CheckTable(self)
        self.table = list_table(self.models, self.tr("Models"), stretch=0)
        self.check_table = list_table(self.checks, self.tr("Checks of this machine"), stretch=2, row_height=24)
        self.check_words = plain_label(role="caption")
        self.buttons: dict[str, KeyButton] = {}
        self._acts: dict[str, QAction] = {}
        self._make_acts()
        self.details = ModelDetails(self.buttons["X"])
        self._build()
        self.setFocusProxy(self.table)
        self.table.selectionModel().currentRowChanged.connect(self._on_table_current_row_changed)
        self._theme.changed.connect(self.table.viewport().update)
        self.jobs.started.connect(self._on_jobs_started)
        self.jobs.progressed.connect(self._show_job)
        self.jobs.measured.connect(self._on_jobs_measured)
        self.jobs.ended.connect(self._on_jobs_ended)
        self._show_job("", 0)

    # Building

    def _make_acts(self) -> None:
        for key, words, verb in (
            ("U", self.tr("Use for judging"), self.use),
            ("D", self.tr("Download…"), self.ask_download),
            ("F", self.tr("Add a file…"), self.ask_file),
            ("V", self.tr("Verify bytes"), self.verify),
            ("M", self.tr("Measure speed"), self.measure),
            ("G", self.tr("Graphics card…"), self.ask_graphics),
            ("X", self.tr("Stop"), self.stop),
            ("C", self.tr("Check again"), self.check_machine),
            ("R", self.tr("Report for support…"), self.ask_report),
        ):
            action = QAction(words, self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, do=verb: do())
            self.addAction(action)
            self._acts[key] = action
            button = KeyButton(self._theme, words, key, primary=key == "U")
            button.clicked.connect(action.trigger)
            self.buttons[key] = button

    def _build(self) -> None:
        upper = QHBoxLayout()
        upper.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        left.setSpacing(SPACE_2)
        left.addWidget(plain_label(self.tr("Models"), role="heading"))
        left.addWidget(plain_label(self.tr("What judges on this machine, and what could."), role="caption"))
        left.addWidget(self.table, 1)
        left.addLayout(_row(self.buttons[key] for key in "UDFVM"))
        upper.addLayout(left, 5)
        upper.addWidget(self.details, 3)
        lower = QFrame()
        lower.setProperty("role", "strip")
        column = QVBoxLayout(lower)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        column.setSpacing(SPACE_2)
        column.addWidget(plain_label(self.tr("This machine"), role="heading"))
        column.addWidget(self.check_words)
        column.addWidget(self.check_table, 1)
        column.addLayout(_row(self.buttons[key] for key in "GCR"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(upper, 3)
        whole.addWidget(lower, 2)

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list each time the page comes into view, and the machine the first time."""
        super().showEvent(event)
        self.reload()
        if not self._read_once:
            self._read_once = True
            self.check_machine()

    def reload(self) -> None:
        """Read the list, and then how each model fits, off the GUI thread."""

        def read(context: TaskContext) -> tuple[list[ListedModel], list[ModelFit]]:
            listed = services.list_models()
            context.report((listed, []))
            return listed, services.fit_models(names=[model.id for model in listed if not model.problem])

        self._context.pool.long(read, succeeded=self._on_listed, failed=self._fail, progressed=self._on_listed)

    @Slot(object)
    def _on_listed(self, result: tuple[list[ListedModel], list[ModelFit]]) -> None:
        self._listed, fits = result
        for one in fits:
            probe = one.probe or (self._fits[one.id].probe if one.id in self._fits else None)
            self._fits[one.id] = replace(one, probe=probe)
        self._show_rows()

    def _show_rows(self) -> None:
        used = self._used_id()
        chosen = self._chosen_id() or used
        self.models.set_rows(
            [ModelRow(model, self._fits.get(model.id), in_use=model.id == used) for model in self._listed]
        )
        number = max(0, self.models.index_of(chosen))
        self.table.selectRow(number)
        self._show_details()

    def _used_id(self) -> str:
        wanted = self._context.workspace.settings.model
        if not wanted:
            return services.SAMPLE_ID
        return next((model.id for model in self._listed if wanted in (model.id, str(model.path))), "")

    def _chosen(self) -> ModelRow | None:
        return self.models.row(self.table.currentIndex().row())

    def _chosen_id(self) -> str:
        row = self._chosen()
        return row.listed.id if row is not None else ""

    @Slot(QModelIndex, QModelIndex)
    def _on_table_current_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        del current, previous
        self._show_details()

    def _show_details(self) -> None:
        row = self._chosen()
        idle = not self.jobs.running
        for key, able in {
            "U": row is not None and row.is_here and not row.in_use,
            "D": row is not None and row.listed.path is None and idle,
            "F": idle,
            "V": row is not None and row.is_here and not row.listed.is_sample and idle,
            "M": row is not None and row.is_here and idle,
            "X": not idle,
        }.items():
            self._acts[key].setEnabled(able)
            self.buttons[key].setEnabled(able)
        paused = row is not None and row.listed.path is None and row.listed.fetched_bytes > 0
        self._say("D", self.tr("Resume…") if paused else self.tr("Download…"))
        self._say("X", self.tr("Pause") if self.jobs.downloading else self.tr("Stop"))
        if row is not None:
            self.details.show_row(row)

    def _say(self, key: str, words: str) -> None:
        self._acts[key].setText(words)
        self.buttons[key].set_words(words)

    # What the person does

    def use(self) -> None:
        """Judge with the model in the row from now on."""
        row = self._chosen()
        if row is None or not row.is_here:
            return
        workspace = self._context.workspace
        try:
            services.choose_model(workspace, model=row.listed.id)
        except AppError as error:
            self._fail(error)
            return
        self._context.model_changed()
        self._context.desk.notices.show_info(self.tr("{name} judges from now on.").format(name=row.listed.name))
        self._show_rows()

    def ask_download(self) -> None:
        """Fetch the model in the row, once the person has agreed to use the network."""
        row = self._chosen()
        if row is None or row.listed.path is not None:
            return
        words = self.tr("Download {name}, about {size}?").format(
            name=one_line(row.listed.name, 80), size=size_word(row.listed.size_bytes)
        )
        detail = self.tr(
            "Docket goes on the network for this only, and sends nothing of your workspace. The file is used "
            "once its SHA-256 is right. Stopping keeps what came."
        )
        title = self.tr("Download a model")
        if is_sure(ConfirmDialog(title, words, detail=detail, do=self.tr("&Download"), lost=False, parent=self)):
            self.jobs.download(row.listed.id)

    def ask_file(self) -> None:
        """Bring in a model file from elsewhere."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("Add a model file"), "", self.tr("Models (*.gguf);;All files (*)")
        )
        if chosen:
            self.jobs.add_file(Path(chosen))

    def verify(self) -> None:
        """Compare the bytes of the model in the row with what they were."""
        row = self._chosen()
        if row is not None and row.listed.path is not None:
            self.jobs.verify(row.listed)

    def measure(self) -> None:
        """Judge a few sample items with the model in the row and show how fast that was."""
        row = self._chosen()
        if row is not None and row.is_here:
            self.jobs.measure(row.listed.id)

    def ask_graphics(self) -> None:
        """Let the person say how much of a model goes on a graphics card; the next run loads it so."""
        workspace = self._context.workspace
        settings = workspace.settings
        found = self.checks.detail("graphics") or self.tr("The machine has not been checked yet.")
        dialog = GraphicsDialog(found, gpu_layers=settings.gpu_layers, cpu_experts=settings.cpu_experts, parent=self)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        values = dialog.values
        dialog.deleteLater()
        if agreed:
            self.set_graphics(values)

    def set_graphics(self, values: dict[str, str]) -> None:
        """Save what goes on a graphics card and look at the machine again."""
        try:
            services.change_settings(self._context.workspace, values=values)
        except AppError as error:
            self._fail(error)
            return
        self._context.model_changed()
        self.check_machine()

    def stop(self) -> None:
        """Ask the job to end."""
        self.jobs.stop()

    def check_machine(self) -> None:
        """Run the checks of the machine again."""
        workspace = self._context.workspace

        def read(context: TaskContext) -> list[Check]:
            del context
            return services.doctor(workspace)

        self.check_words.setText(self.tr("Checking…"))
        self._context.pool.long(read, succeeded=self._on_checked, failed=self._fail)

    @Slot(object)
    def _on_checked(self, checks: list[Check]) -> None:
        failed = sum(not check.ok for check in checks)
        self.check_words.setText(
            self.tr("{count} of {total} need attention.").format(count=failed, total=len(checks))
            if failed
            else self.tr("Everything Docket needs is here.")
        )
        self.checks.set_checks(checks)

    def ask_report(self) -> None:
        """Write what support needs, without content, to a file of the person's choice."""
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Report for support"), "docket-support.zip", self.tr("ZIP (*.zip)")
        )
        if chosen:
            self.jobs.write_report(Path(chosen))

    # How a job goes

    @Slot(str)
    def _on_jobs_started(self, model_id: str) -> None:
        self.models.set_busy(model_id, self.tr("Working…"))
        self._show_details()

    @Slot()
    def _on_jobs_ended(self) -> None:
        self._show_job("", 0)
        self.reload()

    @Slot(object)
    def _on_jobs_measured(self, fits: list[ModelFit]) -> None:
        self._on_listed((self._listed, fits))

    @Slot(str, int)
    def _show_job(self, words: str, permille: int) -> None:
        self.details.show_job(words, permille, running=self.jobs.running)

    def _fail(self, error: AppError) -> None:
        self._context.desk.notices.show_error(error)


def _row(buttons: Iterable[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_2)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row
