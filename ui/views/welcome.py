"""The first page: try the sample, create a workspace, open one, or go on with the last.

It owns the small forms and their checks. It must not open anything: it emits what was asked for and is told when
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
# Shorter ones are found by trying; the lock is only as good as the passphrase where there is no keychain.
MIN_PASSPHRASE = 8


@dataclass(frozen=True, slots=True)
class WorkspaceRequest:
    """A workspace to create or open. `passphrase` None leaves it to the keychain."""

    folder: Path
    passphrase: str | None
    create: bool


class WelcomeView(QWidget):
    """Emits `sample_wanted` or `workspace_wanted`. `busy` is shown while something is being opened."""

    sample_wanted = Signal()
    workspace_wanted = Signal(object)

    def __init__(self, theme: Theme, *, default_folder: Path, recent: Path | None, keychain: bool) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._recent = recent
        self.choices = _Choices(theme, recent)
        self.form = WorkspaceForm(default_folder=default_folder, keychain=keychain)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.choices)
        self.pages.addWidget(self.form)
        self._build()
        self.choices.sample.clicked.connect(self.sample_wanted)
        self.choices.create_new.clicked.connect(self.ask_create)
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
    def ask_create(self) -> None:
        """Ask where a new workspace goes and how it is locked."""
        self.form.begin_create()
        self.pages.setCurrentWidget(self.form)

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
            primary=not known,
        )
        self.create_new = ChoiceCard(
            theme,
            "add",
            self.tr("Create a workspace"),
            self.tr("An encrypted folder for your own queue, policies and decisions."),
            primary=False,
        )
        self.open_other = ChoiceCard(
            theme, "folder", self.tr("Open a workspace"), self.tr("A folder that Docket made before."), primary=False
        )
        self.busy = plain_label(role="caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.cards = (self.open_recent, self.sample, self.create_new, self.open_other)
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
        return self.open_recent if self.open_recent.isVisibleTo(self) else self.sample

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
    """Folder and passphrase, for creating or opening. Errors show beside the field they belong to."""

    submitted = Signal(object)
    cancelled = Signal()

    def __init__(self, *, default_folder: Path, keychain: bool) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._default_folder = default_folder
        self._keychain = keychain
        self._create = True
        self.title = plain_label(role="heading")
        self.hint = plain_label(role="caption", wrap=True)
        self.folder = QLineEdit()
        self.browse = QPushButton(self.tr("Browse…"))
        self.passphrase = QLineEdit()
        self.again_words = plain_label(self.tr("Once more"))
        self.again = QLineEdit()
        self.problem = FieldNotice()
        self.submit_button = QPushButton(self.tr("Open"))
        self.cancel_button = QPushButton(self.tr("Back"))
        self._build()

    def _build(self) -> None:
        for field, name in (
            (self.folder, self.tr("Folder of the workspace")),
            (self.passphrase, self.tr("Passphrase")),
            (self.again, self.tr("Passphrase once more")),
        ):
            field.setAccessibleName(name)
            field.returnPressed.connect(self.submit)
        for secret in (self.passphrase, self.again):
            secret.setEchoMode(QLineEdit.EchoMode.Password)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        grid.addWidget(plain_label(self.tr("Folder")), 0, 0)
        grid.addWidget(self.folder, 0, 1)
        grid.addWidget(self.browse, 0, 2)
        grid.addWidget(plain_label(self.tr("Passphrase")), 1, 0)
        grid.addWidget(self.passphrase, 1, 1, 1, 2)
        grid.addWidget(self.again_words, 2, 0)
        grid.addWidget(self.again, 2, 1, 1, 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cancel_button)
        buttons.addStretch(1)
        buttons.addWidget(self.submit_button)
        self.submit_button.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        for part in (self.title, self.hint):
            column.addWidget(part)
        column.addLayout(grid)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.submit_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.cancelled)

    def begin_create(self) -> None:
        """Become the form for a new workspace."""
        self._begin(create=True, folder=self._default_folder)
        self.title.setText(self.tr("Create a workspace"))
        with_keychain = self.tr(
            "The key is kept in this computer's keychain. A passphrase is optional: it opens the workspace elsewhere."
        )
        without = self.tr(
            "This computer has no keychain Docket can use, so the passphrase is the only way in: keep it safe."
        )
        self.hint.setText(with_keychain if self._keychain else without)
        self.submit_button.setText(self.tr("Create"))
        self.folder.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_open(self, folder: Path | None) -> None:
        """Become the form for a workspace that exists."""
        self._begin(create=False, folder=folder)
        self.title.setText(self.tr("Open a workspace"))
        self.hint.setText(self.tr("Leave the passphrase empty if this computer's keychain holds the key."))
        self.submit_button.setText(self.tr("Open"))
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
        if words:
            self.submit_button.setText(words)
        else:
            self.submit_button.setText(self.tr("Create") if self._create else self.tr("Open"))

    @Slot()
    def submit(self) -> None:
        """Check the fields and emit the request."""
        secret = self.passphrase.text()
        wrong = self._check(secret)
        for field in (self.folder, self.passphrase, self.again):
            mark_field(field, invalid=wrong is not None and field is wrong[0])
        if wrong is not None:
            self.problem.say(wrong[1])
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.say("")
        try:
            folder = services.workspace_folder(self.folder.text().strip()).expanduser()
        except AppError as error:  # an address that is none
            self.show_problem(error)
            return
        self.submitted.emit(WorkspaceRequest(folder, secret or None, self._create))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _begin(self, *, create: bool, folder: Path | None) -> None:
        self._create = create
        self.folder.setText(str(folder) if folder else "")
        self.passphrase.clear()
        self.again.clear()
        self.again.setVisible(create)
        self.again_words.setVisible(create)
        self.problem.say("")

    def _check(self, secret: str) -> tuple[QLineEdit, str] | None:
        if not self.folder.text().strip():
            return self.folder, self.tr("Name a folder.")
        if not self._create:
            return None
        if not secret and not self._keychain:
            return self.passphrase, self.tr("Choose a passphrase: there is no keychain to hold the key.")
        if secret and len(secret) < MIN_PASSPHRASE:
            return self.passphrase, self.tr("Use {count} characters or more.").format(count=MIN_PASSPHRASE)
        if secret != self.again.text():
            return self.again, self.tr("The two passphrases differ.")
        return None

    @Slot()
    def _on_browse_clicked(self) -> None:
        start = self.folder.text() or str(self._default_folder.parent)
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder of the workspace"), start)
        if chosen:
            self.folder.setText(chosen)
