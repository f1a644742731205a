"""The lock: it hides everything and asks for what opens the workspace.

It owns its field and its words. It must not check anything: it emits what was typed and is told when that was wrong.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.errors import AppError
from ui.notices import FieldNotice
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.widgets.labels import GlyphLabel, plain_label

_CARD_WIDTH = 420


class LockView(QWidget):
    """Emits `unlock_wanted` with what was typed ("" asks the keychain) or `leave_wanted`."""

    unlock_wanted = Signal(str)
    leave_wanted = Signal()

    def __init__(self, theme: Theme, *, keychain: bool, passphrase: bool, judging: str) -> None:
        """`keychain` and `passphrase` say what opens the workspace here; `judging` what the model does meanwhile."""
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._keychain, self._passphrase = keychain, passphrase
        self._glyph = GlyphLabel(theme, "lock", "muted", size=32)
        self._judging = judging
        self.field = QLineEdit()
        self.problem = FieldNotice()
        self.unlock = QPushButton(self.tr("Unlock"))
        self.leave = QPushButton(self.tr("Close workspace"))
        self._build()
        self.setFocusProxy(self.field if passphrase else self.unlock)

    def _build(self) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(self.tr("Passphrase"))
        self.field.setPlaceholderText(self.tr("Passphrase"))
        self.field.returnPressed.connect(self._on_unlock_clicked)
        self.unlock.setProperty("role", "primary")
        self.unlock.clicked.connect(self._on_unlock_clicked)
        self.leave.setProperty("role", "quiet")
        self.leave.clicked.connect(self.leave_wanted)
        buttons = QHBoxLayout()
        buttons.addWidget(self.leave)
        buttons.addStretch(1)
        buttons.addWidget(self.unlock)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_CARD_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        head.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(SPACE_2)
        words.addWidget(plain_label(self.tr("Locked"), role="heading"))
        words.addWidget(plain_label(self._judging, role="caption", wrap=True))
        head.addLayout(words, 1)
        column.addLayout(head)
        column.addWidget(self.field)
        self.field.setVisible(self._passphrase)
        column.addWidget(self.problem)
        column.addWidget(plain_label(self._how(), role="caption", wrap=True))
        column.addSpacing(SPACE_2)
        column.addLayout(buttons)
        middle = QHBoxLayout()  # an alignment would keep the card from growing with its wrapped lines
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)

    def _how(self) -> str:
        if self._keychain and self._passphrase:
            return self.tr("Enter the passphrase, or leave it empty to use this computer's keychain.")
        if self._keychain:
            return self.tr("This computer's keychain holds the key.")
        return self.tr("Enter the passphrase of this workspace.")

    def set_busy(self, *, busy: bool) -> None:
        """Hold the form while it is being checked."""
        for part in (self.field, self.unlock, self.leave):
            part.setEnabled(not busy)

    def show_problem(self, error: AppError) -> None:
        """Say why it stays locked."""
        self.problem.say_error(error)
        self.field.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_unlock_clicked(self) -> None:
        if self.unlock.isEnabled():
            self.problem.say("")
            self.unlock_wanted.emit(self.field.text())
