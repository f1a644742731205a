"""The life of an open workspace on screen: what lives and dies with it, and the order in which it ends.

It owns the end: work is stopped, what is unsaved is kept, the workspace is closed. It must not know the window.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import AppError
from core.services import Workspace
from ui.desk_keys import DeskKeys
from ui.notices import Notices
from ui.tasks import TaskPool
from ui.views.desk import DeskView
from ui.views.shelf import Shelf

# How long the end waits for workers to stop by themselves before the model is taken from them, and after.
_PATIENCE_S = 2.0
_LAST_WAIT_S = 20.0
_STUCK: list[TaskPool] = []


@dataclass(slots=True)
class Session:
    """An open workspace and everything that lives and dies with it. `scratch` is a folder to be deleted at the end."""

    workspace: Workspace
    pool: TaskPool
    shelf: Shelf
    desk: DeskView
    keys: DeskKeys
    scratch: Path | None

    def show_desk(self) -> None:
        """Go to the desk, to the top of the queue."""
        self.shelf.show_page(0)
        self.desk.reviewing.clear()
        self.desk.start()

    def show_entries(self, keys: Sequence[int], title: str) -> None:
        """Go to the desk and list exactly these queue entries there."""
        self.shelf.show_page(0)
        self.desk.show_entries(keys, title)

    def end(self, notices: Notices) -> None:
        """Keep what is unsaved, stop all work and close the workspace; what goes wrong is said in `notices`."""
        self.keys.leave()
        self.desk.caring.leave()
        self.shelf.leave()
        self.desk.save_layout()
        # Let workers stop by themselves; then take the model from under one that hangs.
        ended = self.pool.shutdown(timeout_s=_PATIENCE_S)
        self.desk.judging.close()
        if not ended:
            self.pool.shutdown(timeout_s=_LAST_WAIT_S)
        try:
            self.workspace.close()
        except AppError as error:
            notices.show_error(error)
        if not self.pool.shutdown(timeout_s=0):
            # Destroying a pool waits for its workers for ever: one that hangs is kept until the process ends.
            self.pool.setParent(None)
            _STUCK.append(self.pool)
