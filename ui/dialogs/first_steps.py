"""Setting a workspace up, step by step: the steps on the left, the one at hand on the right.

It owns the order of the steps, which may be visited, and the buttons below. Each step does its own work; closing at any
moment leaves a workspace that can be used, and opening it again goes on at the first step that is not done.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.icons import glyph_icon
from ui.notices import NoticeBar, Notices
from ui.steps.page import OpenDesk, StepPage
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.widgets.labels import plain_label

_SIZE = (920, 620)
_STEPS_WIDTH = 208
_MADE_AT = 2
"""How many steps come before there is a workspace; the later ones need it."""


class FirstSteps(QDialog):
    """`completed` fires when the last step is done. Every step can be visited again once there is a workspace."""

    completed = Signal()

    def __init__(self, theme: Theme, notices: Notices, steps: Sequence[StepPage], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("First steps"))
        self.resize(*_SIZE)
        self._theme = theme
        self.steps = tuple(steps)
        self._done = [False] * len(self.steps)
        self.list = QListWidget()
        self.pages = QStackedWidget()
        self.back = QPushButton(self.tr("&Back"))
        self.next = QPushButton()
        self.leave = QPushButton(self.tr("Finish &later"))
        self._build(NoticeBar(theme, notices))
        for step in self.steps:
            step.changed.connect(self._on_step_changed)
            step.finished.connect(self._on_step_finished)
        self.list.currentRowChanged.connect(self._on_list_current_row_changed)
        theme.changed.connect(self._show_steps)
        self._show_steps()
        self.list.setCurrentRow(0)

    def _build(self, notice: NoticeBar) -> None:
        self.list.setProperty("role", "steps")
        self.list.setAccessibleName(self.tr("Steps"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        for number, step in enumerate(self.steps, start=1):
            self.list.addItem(QListWidgetItem(f"{number}  {step.name}"))
            self.pages.addWidget(step)
        left = QVBoxLayout()
        left.setContentsMargins(SPACE_3, SPACE_4, SPACE_3, SPACE_4)
        left.addWidget(plain_label(self.tr("First steps"), role="section"))
        left.addWidget(self.list, 1)
        rail = QFrame()
        rail.setProperty("role", "rail")
        rail.setFixedWidth(_STEPS_WIDTH)
        rail.setLayout(left)
        foot = QFrame()
        foot.setProperty("role", "strip")
        buttons = QHBoxLayout(foot)
        buttons.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        buttons.setSpacing(SPACE_2)
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        self.next.setProperty("role", "primary")
        pane = QWidget()
        pane.setProperty("role", "pane")
        pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right = QVBoxLayout(pane)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(notice)
        right.addWidget(self.pages, 1)
        right.addWidget(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(rail)
        whole.addWidget(pane, 1)
        self.next.setDefault(True)  # once it is part of the dialog: before, Qt takes the first button instead
        self.back.clicked.connect(lambda: self.show_step(self.index - 1))
        self.next.clicked.connect(self.go_on)
        self.leave.clicked.connect(self.reject)

    @property
    def index(self) -> int:
        """The step in view."""
        return self.pages.currentIndex()

    @property
    def attached(self) -> bool:
        """Whether there is a workspace behind it."""
        return self.steps[0].desk is not None

    def attach(self, desk: OpenDesk, *, done: Sequence[bool] = ()) -> None:
        """Work on this workspace from now on. `done` says of each step after the keys whether it is done already."""
        for step in self.steps:
            step.attach(desk)
        if done:
            self._done = [*([True] * _MADE_AT), *done]
            self.show_step(next((at for at, is_done in enumerate(self._done) if not is_done), len(self.steps) - 1))
        self._show_steps()
        self._show_buttons()

    def show_step(self, index: int) -> None:
        """Bring a step into view."""
        self.list.setCurrentRow(index)

    @Slot()
    def go_on(self) -> None:
        """Finish the step in view, if that is possible."""
        step = self.steps[self.index]
        if step.ready:
            step.commit()

    @Slot()
    def _on_step_changed(self) -> None:
        self._show_buttons()
        self._show_steps()

    @Slot()
    def _on_step_finished(self) -> None:
        at = self.index
        self._done[at] = True
        self._show_steps()
        if at + 1 < len(self.steps):
            self.show_step(at + 1)
        else:
            self.completed.emit()
            self.accept()

    @Slot(int)
    def _on_list_current_row_changed(self, row: int) -> None:
        if row >= 0:
            self.pages.setCurrentIndex(row)
            self._show_buttons()
            self.steps[row].enter()

    @Slot()
    def _show_steps(self) -> None:
        tokens = self._theme.tokens
        for at, step in enumerate(self.steps):
            item, done = self.list.item(at), self._done[at]
            item.setIcon(glyph_icon("safe", tokens, colour=tokens.safe) if done else _nothing(self._theme))
            state = self.tr("done") if done else self.tr("not done yet")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{at + 1}. {step.name}: {state}")
            allowed = (self.attached or self._reached(at)) and (at == self.index or not self.steps[self.index].holds)
            flags = item.flags() | Qt.ItemFlag.ItemIsEnabled if allowed else item.flags() & ~Qt.ItemFlag.ItemIsEnabled
            item.setFlags(flags)

    def _reached(self, at: int) -> bool:
        return at < _MADE_AT and all(self._done[:at])

    @Slot()
    def _show_buttons(self) -> None:
        step, at = self.steps[self.index], self.index
        self.back.setEnabled(at > 0 and not step.busy and not step.holds)
        self.next.setEnabled(step.ready)
        self.next.setText(step.next_words or self.tr("Next"))
        self.leave.setText(self.tr("Finish &later") if self.attached else self.tr("Cancel"))


def _nothing(theme: Theme) -> QIcon:
    return glyph_icon("pending", theme.tokens, colour=theme.tokens.muted)
