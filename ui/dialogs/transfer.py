"""The form that the dialogs of the file menu share, and the export dialog: what to write out as what, where.

They own their fields and checks and hand back a request. They must not read or write a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain import Cause, PolicyVersion, SavedView
from core.services import ContentChoice, ExportOptions, suggested_name
from ui.chores import ExportRequest
from ui.notices import FieldNotice, mark_field
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label
from ui.words import cause_word

_WIDTH = 560


def _tr(text: str) -> str:
    return QCoreApplication.translate("Transfer", text)


class FormDialog(QDialog):
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
        self._labels: dict[QWidget, QLabel] = {}
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
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE_3)
        column.addLayout(self.body, 1)
        column.addWidget(self.problem)
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
        self._labels[field] = label

    def set_row_shown(self, field: QWidget, shown: bool) -> None:
        """Show or hide a field with its name."""
        field.setVisible(shown)
        self._labels[field].setVisible(shown)

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


class ExportDialog(FormDialog):
    """Asks what to export, as what, under which policy, and where."""

    def __init__(
        self,
        policies: Sequence[PolicyVersion],
        folder: Path,
        parent: QWidget | None = None,
        *,
        views: Sequence[SavedView] = (),
    ) -> None:
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
        for words, value in self._formats():
            self.format.addItem(words, value)
        self.policy = policy_box(policies, self.tr("All policies"))
        self.add_row(self.tr("What"), self.what)
        self.add_row(self.tr("As"), self.format)
        self.add_row(self.tr("Policy"), self.policy)
        self.view = QComboBox()
        self.view.addItem(self.tr("The whole queue"), None)
        for view in views:
            self.view.addItem(one_line(view.name, 60), view.wanted)
        self.add_row(self.tr("Saved view"), self.view)
        self.set_row_shown(self.view, bool(views))
        self.cause = QComboBox()
        self.cause.addItem(self.tr("Any or none"), None)
        for cause in Cause:
            self.cause.addItem(cause_word(cause), cause)
        self.content = QComboBox()
        self.content.addItem(self.tr("Whole"), ContentChoice.FULL)
        self.content.addItem(self.tr("Only its hash"), ContentChoice.HASH)
        self.content.addItem(self.tr("Nothing of it"), ContentChoice.NONE)
        self.recipient = QLineEdit()
        self.recipient.setPlaceholderText(self.tr("age1…, or empty to use the passphrase"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.pseudonyms = QCheckBox(self.tr("Replace the names of reviewers"))
        self.masked = QCheckBox(self.tr("Mask addresses, numbers and handles"))
        self.reasoning = QCheckBox(self.tr("Leave the model's reasoning out"))
        self.blind_only = QCheckBox(self.tr("Only blind decisions"))
        self.add_row(self.tr("Cause"), self.cause)
        self.add_row(self.tr("Content"), self.content)
        self.add_row(self.tr("Seal to"), self.recipient)
        self.add_row(self.tr("Passphrase"), self.passphrase)
        for box in (self.blind_only, self.pseudonyms, self.masked, self.reasoning):
            self.add_row("", box)
            box.setAccessibleName(box.text())
        self.add_row(self.tr("File"), self.path, accessory=self.browse)
        self.what.currentIndexChanged.connect(self._suggest)
        self.format.currentIndexChanged.connect(self._fit_options)
        self.format.currentIndexChanged.connect(self._suggest)
        self._suggested = ""
        self._suggest()
        self._fit_options()
        self.what.setFocus(Qt.FocusReason.OtherFocusReason)

    def request(self) -> ExportRequest:
        """Return what was asked for."""
        return ExportRequest(
            what=self.what.currentData(),
            out=Path(self.path.text().strip()).expanduser(),
            format=self.format.currentData(),
            options=ExportOptions(
                policy_id=self.policy.currentData(),
                view=self.view.currentData(),
                blind_only=self.blind_only.isChecked(),
                causes=(Cause(self.cause.currentData()),) if self.cause.currentData() is not None else (),
                pseudonyms=self.pseudonyms.isChecked(),
                mask=self.masked.isEnabled() and self.masked.isChecked(),
                content=ContentChoice(self.content.currentData()) if self.content.isEnabled() else ContentChoice.FULL,
                reasoning=not (self.reasoning.isEnabled() and self.reasoning.isChecked()),
            ),
            recipients=tuple(self.recipient.text().split()),
            passphrase=self.passphrase.text() or None,
        )

    def _formats(self) -> tuple[tuple[str, str], ...]:
        return (
            (self.tr("JSON lines (complete)"), "jsonl"),
            (self.tr("CSV (for spreadsheets)"), "csv"),
            (self.tr("Parquet (complete, by column)"), "parquet"),
            (self.tr("Hugging Face dataset (a folder)"), "hf"),
            (self.tr("Report to read (HTML)"), "html"),
            (self.tr("Report to print (PDF)"), "pdf"),
            (self.tr("Label Studio tasks"), "labelstudio"),
            (self.tr("Prodigy examples"), "prodigy"),
            (self.tr("OpenAI evals samples"), "evals"),
            (self.tr("Chats for fine-tuning (harmony)"), "sft"),
            (self.tr("Preference pairs"), "preferences"),
            (self.tr("Sealed bundle for another workspace"), "bundle"),
        )

    @Slot()
    def _fit_options(self) -> None:
        """Offer what means something for the format."""
        name = self.format.currentData()
        self.set_row_shown(self.recipient, name == "bundle")
        self.set_row_shown(self.passphrase, name == "bundle")
        self.content.setEnabled(name in ("jsonl", "csv", "parquet", "hf", "html", "pdf"))
        self.masked.setEnabled(name != "bundle")
        self.reasoning.setEnabled(name in ("jsonl", "csv", "parquet", "hf"))

    @Slot()
    def submit(self) -> None:
        """Close if there is somewhere to write."""
        out = Path(self.path.text().strip()).expanduser()
        if not self.path.text().strip():
            self.complain(self.path, self.tr("Name a file."))
        elif self.format.currentData() == "bundle" and bool(self.recipient.text()) == bool(self.passphrase.text()):
            self.complain(self.recipient, self.tr("Seal it to a recipient or with a passphrase."))
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
            name = suggested_name(self.what.currentData(), self.format.currentData())
            self._suggested = str(self._folder / name)
            self.path.setText(self._suggested)


def policy_box(policies: Sequence[PolicyVersion], everything: str) -> QComboBox:
    """Return a box of all policies, the first choice being none in particular."""
    box = QComboBox()
    box.addItem(everything, None)
    for policy in policies:
        box.addItem(one_line(policy.title or policy.policy_id, 60), policy.policy_id)
    return box
