"""One question before something that cannot be taken back, or that goes on the network: do it, or leave it.

It owns the form. What is asked and what follows belong to who asks.
"""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.widgets.labels import plain_label

_WIDTH = 460


class ConfirmDialog(QDialog):
    """Accepted when the verb `do` was chosen. Where something is `lost`, Enter leaves it; else Enter does it."""

    def __init__(
        self, title: str, words: str, *, do: str, detail: str = "", lost: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self.words = plain_label(words, wrap=True)
        self.do_button = QPushButton(do)
        self.leave_button = QPushButton(self.tr("Cancel"))
        usual = self.leave_button if lost else self.do_button
        usual.setProperty("role", "primary")
        usual.setDefault(True)
        self.do_button.clicked.connect(self.accept)
        self.leave_button.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        for button in (self.do_button, self.leave_button) if lost else (self.leave_button, self.do_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(title, role="heading", wrap=True))
        column.addWidget(self.words)
        if detail:
            column.addWidget(plain_label(detail, role="caption", wrap=True))
        column.addLayout(buttons)
        self.resize(_WIDTH, column.totalHeightForWidth(_WIDTH))
        usual.setFocus()


def is_sure(dialog: ConfirmDialog) -> bool:
    """Show the question and return whether the verb was chosen."""
    sure = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return sure
