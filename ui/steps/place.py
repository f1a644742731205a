"""The first step: what the workspace is called and where its folder goes.

It owns the two fields. It must not make anything: the folder is made with the keys.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QPushButton

from core import services
from core.errors import AppError
from ui.notices import mark_field
from ui.steps.page import OpenDesk, StepPage
from ui.tasks import TaskContext, TaskPool
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.labels import plain_label

_FORBIDDEN = set('/\\:*?"<>|')


class PlaceStep(StepPage):
    """`folder` is what was chosen, once the step has been finished."""

    def __init__(self, pool: TaskPool, default_folder: Path) -> None:
        super().__init__(
            self.tr("Workspace"),
            self.tr("Where is the work kept?"),
            self.tr(
                "A workspace is an encrypted folder on this machine with the queue, the policies and every decision. "
                "Nothing leaves it unless you export it."
            ),
        )
        self._pool = pool
        self.folder: Path | None = None
        self.name_field = QLineEdit(_free_name(default_folder))
        self.where = QLineEdit(str(default_folder.parent))
        self.browse = QPushButton(self.tr("Browse…"))
        self.path = plain_label(role="caption", wrap=True)
        self._build()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        grid.setColumnStretch(1, 1)
        rows = ((self.name_field, self.tr("Name")), (self.where, self.tr("Kept in")))
        for row, (field, words) in enumerate(rows):
            label = plain_label(words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
            field.textChanged.connect(self._show_path)
        grid.addWidget(self.browse, 1, 2)
        self.body.addLayout(grid)
        self.body.addWidget(self.path)
        team = self.tr(
            "A team shares a workspace on a server: its address, postgresql+psycopg://…, goes into “Kept in”."
        )
        self.body.addWidget(plain_label(team, role="caption", wrap=True))
        self.body.addStretch(1)
        self.browse.clicked.connect(self._on_browse_clicked)
        self._show_path()

    def attach(self, desk: OpenDesk) -> None:
        """Show where the open workspace is; it cannot be moved from here."""
        super().attach(desk)
        folder = desk.page.workspace.folder
        self.name_field.setText(folder.name)
        self.where.setText(str(folder.parent))
        for field in (self.name_field, self.where, self.browse):
            field.setEnabled(False)
        self.path.setText(self.tr("This workspace is open: {folder}").format(folder=folder))

    def enter(self) -> None:
        """Put the cursor into the name."""
        self.name_field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.name_field.selectAll()

    def commit(self) -> None:
        """Look whether a workspace can go there."""
        if self.desk is not None:
            self.finished.emit()
            return
        wrong, words = self._wrong()
        for field in (self.name_field, self.where):
            mark_field(field, invalid=field is wrong)
        if wrong is not None:
            self.problem.say(words)
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            folder = services.workspace_folder(self._typed()).expanduser()
        except AppError as error:  # an address that is none
            self.fail(error)
            return

        def look(context: TaskContext) -> Path:
            del context
            services.check_new_folder(folder)
            return folder

        self.set_busy(True)
        self._pool.quick(look, succeeded=self._on_looked, failed=self.fail)

    def _typed(self) -> str:
        where = self.where.text().strip()
        return where if "://" in where else str(Path(where) / self.name_field.text().strip())

    def _wrong(self) -> tuple[QLineEdit | None, str]:
        name, where = self.name_field.text().strip(), self.where.text().strip()
        if not where:
            return self.where, self.tr("Name a folder.")
        if "://" not in where and (not name or name.strip(".") == "" or _FORBIDDEN & set(name)):
            return self.name_field, self.tr("Give it a name that can be that of a folder.")
        return None, ""

    @Slot(object)
    def _on_looked(self, folder: Path) -> None:
        self.folder = folder
        self.set_busy(False)
        self.finished.emit()

    @Slot()
    def _show_path(self) -> None:
        self.name_field.setEnabled("://" not in self.where.text())
        self.path.setText(self.tr("Docket makes {folder}").format(folder=self._typed()))

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Where the workspace is kept"), self.where.text())
        if chosen:
            self.where.setText(chosen)


def _free_name(folder: Path) -> str:
    """Return the proposed name, with a number if there is such a folder."""
    names = [folder.name, *(f"{folder.name}-{number}" for number in range(2, 100))]
    return next((name for name in names if not folder.with_name(name).exists()), folder.name)
