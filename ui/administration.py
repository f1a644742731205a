"""The dialogs that belong to a window and to no desk: first steps, keys, backups, and the one about Docket.

It owns their actions and tells them which workspace is open. What each does is its own business.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.about import About
from ui.actions import Act, Actions
from ui.backup_work import BackupWork
from ui.desk_context import DeskContext
from ui.key_changes import KeyChanges
from ui.setting_up import SettingUp
from ui.steps.page import OpenDesk
from ui.tasks import TaskPool


class Administration(QObject):
    """One for a window.

    `made` carries a new workspace to be shown, `close_wanted` and `open_wanted` ask the window to close the workspace
    and to open one, `landed` says that the desk is wanted.
    """

    made = Signal(object)
    close_wanted = Signal()
    open_wanted = Signal(object)
    landed = Signal()

    def __init__(self, context: DeskContext, pool: TaskPool, actions: Actions, window: QWidget) -> None:
        """`pool` outlives any workspace."""
        super().__init__(window)
        self.setting_up = SettingUp(context, pool, window)
        self.key_changes = KeyChanges(context.notices, pool, window)
        self.backup_work = BackupWork(context.notices, pool, window)
        self.about = About(context.notices, pool, window)
        self.setting_up.made.connect(self.made)
        self.setting_up.landed.connect(self.landed)
        self.setting_up.models_wanted.connect(actions[Act.GO_MODELS].trigger)
        self.key_changes.close_wanted.connect(self.close_wanted)
        self.key_changes.open_wanted.connect(self.open_wanted)
        self.backup_work.open_wanted.connect(self.open_wanted)
        verbs: dict[Act, Callable[[], object]] = {
            Act.NEW: self.setting_up.begin,
            Act.FIRST_STEPS: self.setting_up.go_on,
            Act.KEY_SLOTS: self.key_changes.ask,
            Act.BACKUPS: self.backup_work.ask,
            Act.ABOUT: self.about.show,
        }
        for act, verb in verbs.items():
            actions[act].triggered.connect(lambda _=False, do=verb: do())

    def attach(self, desk: OpenDesk) -> None:
        """A workspace was opened that is not the sample."""
        self.setting_up.attach(desk)
        self.key_changes.attach(desk.page.workspace, desk.page.pool)
        self.backup_work.attach(desk.page.workspace, desk.page.pool)

    def detach(self) -> None:
        """The workspace is about to close."""
        for dialogs in (self.setting_up, self.key_changes, self.backup_work):
            dialogs.detach()
