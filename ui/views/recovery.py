"""The recovery code of a new workspace, shown once, before the desk.

It owns its words and the tick that it was kept. The code lives in this view and nowhere else.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.tokens import SPACE_3, SPACE_4, SPACE_6
from ui.widgets.labels import GlyphLabel, plain_label

_CARD_WIDTH = 560


class RecoveryView(QWidget):
    """Emits `kept` once the person has said that the code is written down."""

    kept = Signal()

    def __init__(self, theme: Theme, code: str) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._glyph = GlyphLabel(theme, "lock", "muted", size=32)
        self.code = plain_label(code)
        self.copy = QPushButton(self.tr("&Copy"))
        self.tick = QCheckBox(self.tr("I have printed it or &written it down"))
        self.go_on = QPushButton(self.tr("Go to the desk"))
        self._build()
        self.setFocusProxy(self.tick)

    def _build(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self.code.setFont(font)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName(self.tr("Recovery code"))
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy.setProperty("role", "quiet")
        self.copy.clicked.connect(self._on_copy_clicked)
        self.go_on.setProperty("role", "primary")
        self.go_on.setEnabled(False)
        self.tick.toggled.connect(self.go_on.setEnabled)
        self.go_on.clicked.connect(self.kept)
        words = self.tr(
            "If the passphrase is forgotten or this computer is lost, this code is the way back into the workspace. "
            "It is shown once. Keep it on paper, away from this computer: whoever has it can read everything."
        )
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        head.addWidget(self._glyph)
        head.addWidget(plain_label(self.tr("Recovery code"), role="heading"), 1)
        shown = QHBoxLayout()
        shown.addWidget(self.code, 1)
        shown.addWidget(self.copy)
        foot = QHBoxLayout()
        foot.addWidget(self.tick, 1)
        foot.addWidget(self.go_on)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(_CARD_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_4)
        column.addLayout(head)
        column.addWidget(plain_label(words, wrap=True))
        column.addLayout(shown)
        column.addLayout(foot)
        middle = QHBoxLayout()  # an alignment would keep the card from growing with its wrapped lines
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(middle)
        outer.addStretch(3)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())
