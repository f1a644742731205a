"""The first page: set a workspace up, try the sample, open a workspace, or go on with the last.

It owns the small form and its checks. It must not open anything: it emits what was asked for and is told when
that failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core import services
from core.errors import AppError
from ui.icons import application_icon
from ui.notices import FieldNotice, mark_field
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.widgets.choice_card import ChoiceCard
from ui.widgets.labels import plain_label

_CARD_WIDTH = 560


@dataclass(frozen=True, slots=True)
class WorkspaceRequest:
    """A workspace to create or open. `passphrase` None leaves it to the keychain; a new one uses that if `keychain`."""

    folder: Path
    passphrase: str | None
    create: bool
    keychain: bool = True


class WelcomeView(QWidget):
    """Emits `setup_wanted`, `sample_wanted` or `workspace_wanted`. `busy` is shown while something is being opened."""

    setup_wanted = Signal()
    sample_wanted = Signal()
    workspace_wanted = Signal(object)

    def __init__(self, theme: Theme, *, default_folder: Path, recent: Path | None) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._recent = recent
        self.choices = _Choices(theme, recent)
        self.form = WorkspaceForm(default_folder=default_folder)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.choices)
        self.pages.addWidget(self.form)
        self._build()
        self.choices.sample.clicked.connect(self.sample_wanted)
        self.choices.create_new.clicked.connect(self.setup_wanted)
        self.choices.open_other.clicked.connect(self.ask_open)
        self.choices.open_recent.clicked.connect(self._on_recent_clicked)
        self.form.submitted.connect(self.workspace_wanted)
        self.form.cancelled.connect(self.show_choices)

    def _build(self) -> None:
        icon = plain_label()
        icon.setPixmap(application_icon().pixmap(QSize(48, 48)))
        icon.setAccessibleName(self.tr("Docket's icon"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label("Docket", role="display"))
        tagline = self.tr("The review desk. Everything stays on this machine.")
        words.addWidget(plain_label(tagline, role="caption", wrap=True))
        head = QHBoxLayout()
        head.setSpacing(SPACE_4)
        head.addWidget(icon)
        head.addLayout(words, 1)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        column.setSpacing(SPACE_6)
        column.addStretch(2)
        column.addLayout(head)
        column.addWidget(self.pages)
        column.addStretch(3)
        inner.setFixedWidth(_CARD_WIDTH + 2 * SPACE_6)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    @Slot()
    def show_choices(self) -> None:
        """Go back to the list of ways to begin."""
        self.pages.setCurrentWidget(self.choices)
        self.choices.first().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def ask_open(self, folder: Path | None = None, *, problem: AppError | None = None) -> None:
        """Ask which workspace to open, and for its passphrase."""
        self.form.begin_open(folder or None)
        self.pages.setCurrentWidget(self.form)
        if problem is not None:
            self.form.show_problem(problem)

    def set_busy(self, words: str) -> None:
        """Say that something is being opened; "" when it is over."""
        self.choices.set_busy(words)
        self.form.set_busy(words)

    @Slot()
    def _on_recent_clicked(self) -> None:
        if self._recent is not None:
            self.workspace_wanted.emit(WorkspaceRequest(self._recent, None, create=False))


class _Choices(QFrame):
    """The ways to begin, most useful first."""

    def __init__(self, theme: Theme, recent: Path | None) -> None:
        super().__init__()
        known = recent is not None
        self.open_recent = ChoiceCard(
            theme, "recent", self.tr("Go on with the last workspace"), str(recent or ""), primary=True
        )
        self.sample = ChoiceCard(
            theme,
            "sample",
            self.tr("Try the sample queue"),
            self.tr("A small queue and a small model. The workspace is deleted when you close it."),
            primary=False,
        )
        self.create_new = ChoiceCard(
            theme,
            "add",
            self.tr("Set up a workspace"),
            self.tr("Step by step: an encrypted folder, its keys, a model, a policy, your items."),
            primary=not known,
        )
        self.open_other = ChoiceCard(
            theme, "folder", self.tr("Open a workspace"), self.tr("A folder that Docket made before."), primary=False
        )
        self.busy = plain_label(role="caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.cards = (self.open_recent, self.create_new, self.sample, self.open_other)
        for card in self.cards:
            column.addWidget(card)
        self.open_recent.setVisible(known)
        column.addWidget(self.busy)

    def set_busy(self, words: str) -> None:
        """Hold the cards and say why."""
        self.busy.setText(words)
        for card in self.cards:
            card.setEnabled(not words)

    def first(self) -> QWidget:
        """Return the card to begin at."""
        return self.open_recent if self.open_recent.isVisibleTo(self) else self.create_new

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the cards, Enter presses the one in focus."""
        cards = [card for card in self.cards if card.isVisibleTo(self)]
        here = next((number for number, card in enumerate(cards) if card.hasFocus()), -1)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            cards[(here + step) % len(cards)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here >= 0:
            cards[here].click()
        else:
            super().keyPressEvent(event)


class WorkspaceForm(QFrame):
    """Folder and passphrase of a workspace that exists. Errors show beside the field they belong to."""

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, *, default_folder: Path) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._default_folder = default_folder
        self.folder = QLineEdit()
        self.browse = QPushButton(self.tr("Browse…"))
        self.passphrase = QLineEdit()
        self.problem = FieldNotice()
        self.submit_button = QPushButton(self.tr("Open"))
        self.cancel_button = QPushButton(self.tr("Back"))
        self._build()

    def _build(self) -> None:
        for field, name in (
            (self.folder, self.tr("Folder of the workspace")),
            (self.passphrase, self.tr("Passphrase or recovery code")),
        ):
            field.setAccessibleName(name)
            field.returnPressed.connect(self.submit)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        grid.addWidget(plain_label(self.tr("Folder")), 0, 0)
        grid.addWidget(self.folder, 0, 1)
        grid.addWidget(self.browse, 0, 2)
        grid.addWidget(plain_label(self.tr("Passphrase")), 1, 0)
        grid.addWidget(self.passphrase, 1, 1, 1, 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        buttons.addWidget(self.submit_button)
        self.submit_button.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(self.tr("Open a workspace"), role="heading"))
        hint = self.tr(
            "Leave the passphrase empty if this computer's keychain holds the key. If it is forgotten, type the "
            "recovery code instead and set a new one under File, Keys."
        )
        column.addWidget(plain_label(hint, role="caption", wrap=True))
        column.addLayout(grid)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.submit_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.cancelled)

    def begin_open(self, folder: Path | None) -> None:
        """Ask for a workspace anew, or for the passphrase of this one."""
        self.folder.setText(str(folder) if folder else "")
        self.passphrase.clear()
        self.problem.say("")
        field = self.passphrase if folder else self.folder
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_problem(self, error: AppError) -> None:
        """Say why it did not work; what was typed stays."""
        self.problem.say_error(error)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)
        self.passphrase.selectAll()

    def set_busy(self, words: str) -> None:
        """Hold the form while it is being worked on."""
        self.setEnabled(not words)
        self.submit_button.setText(words or self.tr("Open"))

    @Slot()
    def submit(self) -> None:
        """Check the folder and emit the request."""
        named = self.folder.text().strip()
        mark_field(self.folder, invalid=not named)
        if not named:
            self.problem.say(self.tr("Name a folder."))
            self.folder.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.say("")
        try:
            folder = services.workspace_folder(named).expanduser()
        except AppError as error:  # an address that is none
            self.show_problem(error)
            return
        self.submitted.emit(WorkspaceRequest(folder, self.passphrase.text() or None, create=False))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_browse_clicked(self) -> None:
        start = self.folder.text() or str(self._default_folder.parent)
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder of the workspace"), start)
        if chosen:
            self.folder.setText(chosen)
