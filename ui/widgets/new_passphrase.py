"""A new passphrase, typed twice.

It owns the two fields and what is wrong with them. It must not keep what was typed longer than it is shown.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from ui.notices import mark_field
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.labels import plain_label

# Shorter ones are found by trying; the lock is only as good as the passphrase where there is no keychain.
MIN_PASSPHRASE = 8


class NewPassphrase(QWidget):
    """`edited` fires when either field changes."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.again = QLineEdit(), QLineEdit()
        self._labels: list[QLabel] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        grid.setColumnStretch(1, 1)
        rows = ((self.first, self.tr("New passphrase")), (self.again, self.tr("Once more")))
        for row, (field, words) in enumerate(rows):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setAccessibleName(words)
            field.textEdited.connect(self.edited)
            label = plain_label(words)
            label.setBuddy(field)
            self._labels.append(label)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        self.setFocusProxy(self.first)

    @property
    def typed(self) -> str:
        """What was typed first."""
        return self.first.text()

    def align_with(self, label: QLabel) -> None:
        """Make the words of the fields as wide as a label above, or that as wide as these."""
        labels = [label, *self._labels]
        width = max(one.sizeHint().width() for one in labels)
        for one in labels:
            one.setMinimumWidth(width)

    def check(self) -> str:
        """Return what is wrong, "" if nothing is; the field it is about is marked and gets the focus."""
        wrong, words = self._wrong()
        for field in (self.first, self.again):
            mark_field(field, invalid=field is wrong)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return words

    def clear(self) -> None:
        """Forget what was typed."""
        for field in (self.first, self.again):
            field.clear()
            mark_field(field, invalid=False)

    def _wrong(self) -> tuple[QLineEdit | None, str]:
        if len(self.typed) < MIN_PASSPHRASE:
            return self.first, self.tr("Use {count} characters or more.").format(count=MIN_PASSPHRASE)
        if self.typed != self.again.text():
            return self.again, self.tr("The two passphrases differ.")
        return None, ""
