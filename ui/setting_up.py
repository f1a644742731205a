"""Joins the first steps to the window: makes the workspace, opens it behind the dialog, and ends on the desk.

It owns the life of that dialog. What each step does is its own business; the window owns the open workspace.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core import services
from core.domain import EntryState, QueueCounts
from core.errors import AppError
from core.services import Workspace
from ui.desk_context import DeskContext
from ui.dialogs.first_steps import FirstSteps
from ui.opening import open_requested
from ui.steps.first_items import FirstItemsStep
from ui.steps.items import ItemsStep
from ui.steps.keys import KeysStep
from ui.steps.model import ModelStep
from ui.steps.page import OpenDesk
from ui.steps.place import PlaceStep
from ui.steps.policy import PolicyStep
from ui.tasks import TaskContext, TaskPool
from ui.views.welcome import WorkspaceRequest


class SettingUp(QObject):
    """One for a window. `made` carries a new workspace to be shown, `landed` says that the desk is wanted."""

    made = Signal(object)
    landed = Signal()
    models_wanted = Signal()

    def __init__(self, context: DeskContext, pool: TaskPool, window: QWidget) -> None:
        """`pool` outlives any workspace."""
        super().__init__(window)
        self._context, self._pool, self._window = context, pool, window
        self._desk: OpenDesk | None = None
        self.dialog: FirstSteps | None = None
        self._keys: KeysStep | None = None

    def attach(self, desk: OpenDesk) -> None:
        """A workspace was opened."""
        self._desk = desk
        if self.dialog is not None:
            self.dialog.attach(desk)

    def detach(self) -> None:
        """The workspace is about to close; steps that work on it end."""
        self._desk = None
        if self.dialog is not None and self.dialog.attached:
            self.dialog.reject()

    @Slot()
    def begin(self) -> None:
        """Set up a new workspace. The one that is open stays until the new one is made."""
        self._show()

    @Slot()
    def go_on(self) -> None:
        """Go on with the workspace that is open, at the first step that is not done; without one, begin."""
        desk = self._desk
        if desk is None:
            self._show()
            return

        def read(context: TaskContext) -> tuple[bool, ...]:
            del context
            return _done(desk.page.workspace)

        def succeeded(done: tuple[bool, ...]) -> None:
            if self._desk is desk:
                self._show(desk, done)

        desk.page.pool.quick(read, succeeded=succeeded, failed=self._context.notices.show_error)

    def _show(self, desk: OpenDesk | None = None, done: tuple[bool, ...] = ()) -> None:
        if self.dialog is not None:
            return
        place = PlaceStep(self._pool, services.default_workspace_folder())
        keys, model = KeysStep(keychain=services.keychain_available()), ModelStep()
        steps = (place, keys, model, PolicyStep(), ItemsStep(), FirstItemsStep())
        dialog = FirstSteps(self._context.theme, self._context.notices, steps, self._window)
        keys.create_wanted.connect(lambda secret, keychain: self._make(dialog, place, secret, keychain=keychain))
        model.download_wanted.connect(lambda: self._leave_for(dialog, self.models_wanted.emit))
        dialog.completed.connect(self.landed)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog, self._keys = dialog, keys
        if desk is not None:
            dialog.attach(desk, done=done)
        dialog.open()
        dialog.steps[dialog.index].enter()

    def _make(self, dialog: FirstSteps, place: PlaceStep, secret: str, *, keychain: bool) -> None:
        folder = place.folder
        if folder is None:
            return
        request = WorkspaceRequest(folder, secret or None, create=True, keychain=keychain)

        def run(context: TaskContext) -> tuple[Workspace, str | None]:
            del context
            return open_requested(request)

        def succeeded(opened: tuple[Workspace, str | None]) -> None:
            workspace, code = opened
            self.made.emit(workspace)
            if self.dialog is dialog and self._keys is not None and code is not None:
                self._keys.show_code(code)
            elif code is not None:
                self._say_code_is_gone()

        def failed(error: AppError) -> None:
            if self.dialog is dialog and self._keys is not None:
                self._keys.fail(error)
            else:
                self._context.notices.show_error(error)

        self._pool.long(run, succeeded=succeeded, failed=failed)

    def _leave_for(self, dialog: FirstSteps, where: Callable[[], object]) -> None:
        dialog.reject()
        where()
        self._context.notices.show_info(self.tr("First steps go on from the menu Help."))

    def _say_code_is_gone(self) -> None:
        words = self.tr(
            "The recovery code was not kept. Make a new one under File, Keys: nobody can read the old one again."
        )
        self._context.notices.show_report(words)

    @Slot()
    def _on_dialog_finished(self) -> None:
        dialog, keys = self.dialog, self._keys
        self.dialog = self._keys = None
        if keys is not None and keys.recovery.waits:
            keys.recovery.show_code("", "")
            self._say_code_is_gone()
        if dialog is not None:
            dialog.deleteLater()
        self._window.activateWindow()  # not every window system gives the keys back by itself


def _done(workspace: Workspace) -> tuple[bool, ...]:
    """Say of the steps after the keys which are done: model, policy, items, first verdicts."""
    counts: QueueCounts = services.queue_counts(workspace)
    judged = counts.total - counts.by_state.get(EntryState.PENDING, 0)
    chosen = bool(workspace.settings.model) or judged > 0
    return chosen, bool(services.list_policies(workspace)), counts.total > 0, judged > 0
