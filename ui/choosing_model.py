"""Changes the model of an open workspace: the list, the choice, the consent to send content away, the change.

It owns the order of these steps. It must not judge anything, and asks nothing while a run is under way.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QWidget

from core import services
from core.errors import AppError
from core.services import ListedModel, Workspace
from ui.dialogs.model import ConsentDialog, ModelDialog
from ui.judging import Judging
from ui.notices import Notices
from ui.tasks import TaskContext, TaskPool
from ui.visible import one_line


class ChoosingModel(QObject):
    """One choice at a time, as a child of whatever connects it to its key."""

    def __init__(
        self,
        workspace: Workspace,
        pool: TaskPool,
        notices: Notices,
        judging: Judging,
        window: QWidget,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._notices = notices
        self._judging = judging
        self._window = window

    @Slot()
    def ask(self) -> None:
        """Look for models on this machine, then ask which one judges."""
        if self._judging.running:
            self._notices.show_info(self.tr("Stop judging first, then choose another model."))
            return
        self._pool.long(
            lambda _context: services.list_models(), succeeded=self._on_listed, failed=self._notices.show_error
        )

    @Slot(object)
    def _on_listed(self, models: list[ListedModel]) -> None:
        dialog = ModelDialog(models, self._workspace.settings.model, self._window)
        chosen = dialog.wanted if dialog.exec() == QDialog.DialogCode.Accepted else ""
        dialog.deleteLater()
        if chosen:
            self._choose(chosen)

    def _choose(self, model: str) -> None:
        try:
            host = services.host_to_allow(self._workspace, model=model)
        except AppError as error:
            self._notices.show_error(error)
            return
        if host is not None and not self._consents(host):
            self._notices.show_info(self.tr("The model was not changed. Nothing leaves this machine."))
            return

        def run(context: TaskContext) -> str:
            del context
            if host is not None:
                services.allow_remote(self._workspace, host=host)
            services.choose_model(self._workspace, model=model)
            return model

        self._pool.long(run, succeeded=self._on_chosen, failed=self._notices.show_error)

    def _consents(self, host: str) -> bool:
        dialog = ConsentDialog(host, self._window)
        agreed = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return agreed

    @Slot(object)
    def _on_chosen(self, model: str) -> None:
        self._judging.change_model()
        self._notices.show_info(self.tr("From now on {model} judges.").format(model=one_line(model)))
