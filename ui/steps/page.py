"""What every step of setting a workspace up is given, and what it must offer.

It owns the frame of a step: heading, words, the line for what is wrong. The order of the steps belongs to the dialog.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import AppError
from ui.chores import Chores
from ui.judging import Judging
from ui.notices import FieldNotice
from ui.page import PageContext
from ui.tokens import SPACE_3, SPACE_4, SPACE_6
from ui.widgets.labels import plain_label


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """The open workspace as the steps reach it: what pages are given, the chores and the model at work."""

    page: PageContext
    chores: Chores
    judging: Judging


class StepPage(QWidget):
    """One step. `changed` fires when `ready` or `next_words` may have changed, `finished` when the step is done.

    `attach` gives it the open workspace, `enter` is called each time it comes into view, `commit` when the person goes
    on: it does what was chosen, off the GUI thread, and ends in `finished` or in a line that says what is wrong.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, name: str, title: str, words: str) -> None:
        """`name` is what the step is called in the list of steps."""
        super().__init__()
        self.name = name
        self.desk: OpenDesk | None = None
        self.busy = False
        self.problem = FieldNotice()
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_3)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_4)
        column.addWidget(plain_label(title, role="heading"))
        column.addWidget(plain_label(words, wrap=True))
        column.addLayout(self.body, 1)
        column.addWidget(self.problem)

    @property
    def ready(self) -> bool:
        """Whether the person may go on."""
        return not self.busy

    @property
    def holds(self) -> bool:
        """Whether no other step may be visited before this one is done."""
        return False

    @property
    def next_words(self) -> str:
        """What going on is called; "" is the usual word."""
        return ""

    def attach(self, desk: OpenDesk) -> None:
        """Take the workspace that is open from now on."""
        self.desk = desk

    def enter(self) -> None:
        """Come into view: read what is shown, put the focus where it is wanted."""

    def commit(self) -> None:
        """Do what was chosen and go on."""
        self.finished.emit()

    def set_busy(self, busy: bool) -> None:
        """Hold the step while something runs."""
        self.busy = busy
        if busy:
            self.problem.say("")
        self.changed.emit()

    def fail(self, error: AppError) -> None:
        """Say why it did not work; what was chosen stays."""
        self.busy = False
        self.problem.say_error(error)
        self.changed.emit()
