"""The two dialogs of the file menu: what to bring in, and what to write out where.

They own their fields and checks and hand back a request. They must not read or write a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain import PolicyVersion
from ui.chores import ExportRequest, ImportRequest
from ui.notices import FieldNotice, mark_field
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label

_WIDTH = 560


def _tr(text: str) -> str:
    return QCoreApplication.translate("Transfer", text)


class _FormDialog(QDialog):
    """A titled form with a path, a few choices, a line for what is wrong and two buttons."""

    def __init__(self, title: str, submit: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.path = QLineEdit()
        self.browse = QPushButton(self.tr("Browse…"))
        self.problem = FieldNotice()
        self.submit_button = QPushButton(submit)
        self.submit_button.setProperty("role", "primary")
        self.submit_button.setDefault(True)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_2)
        self._grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.submit_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(title, role="heading"))
        column.addLayout(self._grid)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addLayout(buttons)
        self.submit_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.reject)
        self.browse.clicked.connect(self.ask_path)

    def add_row(self, words: str, field: QWidget, *, accessory: QWidget | None = None) -> None:
        """Append a named field, and perhaps a button beside it."""
        row = self._grid.rowCount()
        label = plain_label(words)
        label.setBuddy(field)
        field.setAccessibleName(words)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1, 1, 1 if accessory else 2)
        if accessory is not None:
            self._grid.addWidget(accessory, row, 2)

    def complain(self, field: QWidget, words: str) -> None:
        """Say what is wrong with a field and go there."""
        mark_field(field, invalid=True)
        self.problem.say(words)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def submit(self) -> None:
        """Close if the form is right."""
        self.accept()

    @Slot()
    def ask_path(self) -> None:
        """Let the person pick a path."""


class ExportDialog(_FormDialog):
    """Asks what to export, as what, under which policy, and where."""

    def __init__(self, policies: Sequence[PolicyVersion], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(_tr("Export"), _tr("Export"), parent)
        self._folder = folder
        self.what = QComboBox()
        for words, value in (
            (self.tr("Disagreements with the model"), "disagreements"),
            (self.tr("All decisions"), "decisions"),
            (self.tr("Items with verdicts and decisions"), "items"),
        ):
            self.what.addItem(words, value)
        self.format = QComboBox()
        self.format.addItem(self.tr("JSON lines (complete)"), "jsonl")
        self.format.addItem(self.tr("CSV (for spreadsheets)"), "csv")
        self.policy = _policy_box(policies, self.tr("All policies"))
        self.add_row(self.tr("What"), self.what)
        self.add_row(self.tr("As"), self.format)
        self.add_row(self.tr("Policy"), self.policy)
        self.add_row(self.tr("File"), self.path, accessory=self.browse)
        self.what.currentIndexChanged.connect(self._suggest)
        self.format.currentIndexChanged.connect(self._suggest)
        self._suggested = ""
        self._suggest()
        self.what.setFocus(Qt.FocusReason.OtherFocusReason)

    def request(self) -> ExportRequest:
        """Return what was asked for."""
        return ExportRequest(
            what=self.what.currentData(),
            out=Path(self.path.text().strip()).expanduser(),
            format=self.format.currentData(),
            policy_id=self.policy.currentData(),
        )

    @Slot()
    def submit(self) -> None:
        """Close if there is somewhere to write."""
        out = Path(self.path.text().strip()).expanduser()
        if not self.path.text().strip():
            self.complain(self.path, self.tr("Name a file."))
        elif not out.parent.is_dir():
            self.complain(self.path, self.tr("That folder does not exist."))
        else:
            self.accept()

    @Slot()
    def ask_path(self) -> None:
        """Pick the file; an existing one is asked about there."""
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Export to"), self.path.text())
        if chosen:
            self.path.setText(chosen)

    @Slot()
    def _suggest(self) -> None:
        if self.path.text() == self._suggested:
            name = f"{self.what.currentData()}.{self.format.currentData()}"
            self._suggested = str(self._folder / name)
            self.path.setText(self._suggested)


class ImportDialog(_FormDialog):
    """Asks which file to bring in, as what, and for which policy."""

    def __init__(self, policies: Sequence[PolicyVersion], parent: QWidget | None = None) -> None:
        super().__init__(_tr("Import"), _tr("Import"), parent)
        self.format = QComboBox()
        for words, value in (
            (self.tr("Find out from the file"), "auto"),
            (self.tr("Items, JSON lines"), "jsonl"),
            (self.tr("Recorded verdicts, JSON lines"), "verdicts"),
        ):
            self.format.addItem(words, value)
        self.policy = _policy_box(policies, self.tr("Whichever applies"))
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(self.tr("For recorded verdicts: the folder of their policies"))
        self.add_row(self.tr("File"), self.path, accessory=self.browse)
        self.add_row(self.tr("As"), self.format)
        self.add_row(self.tr("Policy"), self.policy)
        self.add_row(self.tr("Policies folder"), self.folder)
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)

    def request(self) -> ImportRequest:
        """Return what was asked for."""
        folder = self.folder.text().strip()
        return ImportRequest(
            path=Path(self.path.text().strip()).expanduser(),
            format=self.format.currentData(),
            policy_id=self.policy.currentData(),
            policies=Path(folder).expanduser() if folder else None,
        )

    @Slot()
    def submit(self) -> None:
        """Close if the file is there."""
        if not Path(self.path.text().strip()).expanduser().is_file():
            self.complain(self.path, self.tr("There is no such file."))
        else:
            self.accept()

    @Slot()
    def ask_path(self) -> None:
        """Pick the file."""
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Import a file"), self.path.text())
        if chosen:
            self.path.setText(chosen)


def _policy_box(policies: Sequence[PolicyVersion], everything: str) -> QComboBox:
    box = QComboBox()
    box.addItem(everything, None)
    for policy in policies:
        box.addItem(one_line(policy.title or policy.policy_id, 60), policy.policy_id)
    return box
