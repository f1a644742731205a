"""Opens the screen of refused rows on an open workspace, from its key or from the report of an import.

It owns nothing but that there is one of it at a time.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from core.services import Workspace
from ui.dialogs.quarantine import QuarantineDialog
from ui.events import Events
from ui.mending import Mending
from ui.tasks import TaskPool
from ui.theme import Theme


class RefusedRows(QObject):
    """Made once for an open workspace."""

    def __init__(
        self, workspace: Workspace, pool: TaskPool, theme: Theme, events: Events, window: QWidget, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._pool, self._theme, self._events = workspace, pool, theme, events
        self._window = window

    @Slot()
    def open(self) -> None:
        """Show the rows until the person is done with them."""
        mending = Mending(self._workspace, self._pool, self._events, self)
        dialog = QuarantineDialog(mending, self._theme, self._window)
        dialog.exec()
        dialog.deleteLater()
        mending.deleteLater()
