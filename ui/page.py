"""What a page of an open workspace is: what it is given and what it must offer.

A page reaches the desk through `PageContext.open_entries` and nothing else. Which pages there are: see `ui.pages`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.services import Workspace
from ui.desk_context import DeskContext
from ui.events import Events
from ui.tasks import TaskPool


class Page(QWidget):
    """A screen beside the desk. Read what is shown in `showEvent` and on `PageContext.events`.

    It is given the focus when it comes into view: set a focus proxy to the control that keys are for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def leave(self) -> None:
        """Keep what is not kept yet: the workspace is about to close. Called once, on the GUI thread."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What every page is given.

    `open_entries(keys, title)` shows exactly these queue entries on the desk, under this title, and goes there.
    `model_changed()` lets the model that judges go, so that the one named in the settings is loaded next.
    """

    workspace: Workspace
    desk: DeskContext
    pool: TaskPool
    events: Events
    open_entries: Callable[[Sequence[int], str], None]
    model_changed: Callable[[], None] = lambda: None
