"""The second step: what opens the workspace, and the recovery code of a new one.

It owns the choice and its checks. It must not make the workspace: it emits what was chosen and is told how that went.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QStackedWidget, QVBoxLayout, QWidget

from core import services
from core.domain import KeySlot
from core.errors import AppError
from ui.steps.page import OpenDesk, StepPage
from ui.tasks import TaskContext
from ui.tokens import SPACE_3, SPACE_6
from ui.widgets.labels import plain_label
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.recovery_code import RecoveryCode
from ui.words import slot_words


class KeysStep(StepPage):
    """`create_wanted` carries a passphrase ("" for none) and whether the keychain is to hold the key."""

    create_wanted = Signal(str, bool)

    def __init__(self, *, keychain: bool) -> None:
        super().__init__(
            self.tr("Keys"),
            self.tr("What opens it?"),
            self.tr("The workspace is encrypted. Whoever has one of its keys can read it; without one nobody can."),
        )
        self._keychain_here = keychain
        self.keychain = QCheckBox(self.tr("This computer's &keychain: opens by itself when you are logged in"))
        self.passphrase = QCheckBox(self.tr("A &passphrase that you type"))
        self.new = NewPassphrase()
        self.recovery = RecoveryCode()
        self.listed = plain_label(wrap=True)
        self.choice, self.told = QFrame(), QFrame()
        self.pages = QStackedWidget()
        self._build()

    def _build(self) -> None:
        self.keychain.setEnabled(self._keychain_here)
        self.keychain.setChecked(self._keychain_here)
        self.passphrase.setChecked(not self._keychain_here)
        none = self.tr(
            "This computer has no keychain Docket can use, so the passphrase is the only way in: keep it safe."
        )
        both = self.tr("With both, the passphrase opens the workspace on another computer, or from a backup.")
        indented = QWidget()
        inner = QVBoxLayout(indented)
        inner.setContentsMargins(SPACE_6, 0, 0, 0)
        inner.addWidget(self.new)
        _fill(self.choice, self.keychain, self.passphrase, indented, plain_label(
            both if self._keychain_here else none, role="caption", wrap=True
        ))  # fmt: skip
        _fill(self.told, self.listed)
        for page in (self.choice, self.recovery, self.told):
            self.pages.addWidget(page)
        self.body.addWidget(self.pages)
        self.body.addStretch(1)
        self.new.setEnabled(self.passphrase.isChecked())
        self.passphrase.toggled.connect(self.new.setEnabled)
        self.recovery.kept.connect(lambda _kept: self.changed.emit())

    @property
    def ready(self) -> bool:
        """A code that is shown has to be kept first."""
        return not self.busy and not self.holds

    @property
    def holds(self) -> bool:
        """A code that is shown has to be kept first."""
        return self.recovery.waits

    @property
    def next_words(self) -> str:
        """Going on makes the workspace."""
        return self.tr("Create the workspace") if self.desk is None else ""

    def attach(self, desk: OpenDesk) -> None:
        """A workspace is open: its keys are chosen already."""
        super().attach(desk)
        self.new.clear()
        self.busy = False
        self.pages.setCurrentWidget(self.told)

    def show_code(self, code: str) -> None:
        """Show the recovery code of the workspace that was just made."""
        if self.desk is not None:
            self.recovery.show_code(code, self.desk.page.workspace.folder.name)
            self.pages.setCurrentWidget(self.recovery)
            self.recovery.setFocus(Qt.FocusReason.OtherFocusReason)
            self.changed.emit()

    def enter(self) -> None:
        """Show which keys there are, or let them be chosen."""
        if self.desk is not None:
            self._read_slots(self.desk)
        else:
            box = self.keychain if self._keychain_here else self.new
            box.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Check what was chosen and have the workspace made."""
        if self.desk is not None:
            self.recovery.show_code("", "")
            self.pages.setCurrentWidget(self.told)
            self.finished.emit()
        elif not (self.keychain.isChecked() or self.passphrase.isChecked()):
            self.problem.say(self.tr("Choose at least one."))
        else:
            words = self.new.check() if self.passphrase.isChecked() else ""
            self.problem.say(words)
            if not words:
                self.set_busy(True)
                secret = self.new.typed if self.passphrase.isChecked() else ""
                self.create_wanted.emit(secret, self.keychain.isChecked())

    def _read_slots(self, desk: OpenDesk) -> None:
        folder = desk.page.workspace.folder

        def read(context: TaskContext) -> list[KeySlot]:
            del context
            return services.list_keys(folder)

        desk.page.pool.quick(read, succeeded=self._show_slots, failed=self.fail)

    def _show_slots(self, slots: Sequence[KeySlot]) -> None:
        head = self.tr("This workspace opens with:")
        foot = self.tr("They are changed under File, Keys: there a lost recovery code is replaced, too.")
        self.listed.setText("\n".join([head, *(f"  •  {slot_words(slot)}" for slot in slots), "", foot]))

    def fail(self, error: AppError) -> None:
        """Say why the workspace could not be made."""
        super().fail(error)
        if self.desk is None and self.passphrase.isChecked():
            self.new.setFocus(Qt.FocusReason.OtherFocusReason)


def _fill(frame: QFrame, *widgets: QWidget) -> None:
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_3)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
