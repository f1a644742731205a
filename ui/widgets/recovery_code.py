"""A recovery code, shown once: to copy, to print, and with the tick that it was kept.

It owns its words and the sheet of paper. The code lives in this widget and nowhere else.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPagedPaintDevice, QPainter
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label

_SHEET_POINTS = 11.0
_LINE_POINTS = 18.0
_POINTS_PER_INCH = 72.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("Recovery", text)


class RecoveryCode(QFrame):
    """`kept` tells whether the person has said that the code is on paper. `show_code("")` forgets it."""

    kept = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.code = plain_label()
        self.copy = QPushButton(self.tr("&Copy"))
        self.print = QPushButton(self.tr("&Print…"))
        self.tick = QCheckBox(self.tr("I have printed it or &written it down"))
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
        words = self.tr(
            "If the passphrase is forgotten or this computer is lost, this code is the way back into the workspace. "
            "It is shown once. Keep it on paper, away from this computer: whoever has it can read everything."
        )
        card = QFrame()
        card.setProperty("role", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        inner.addWidget(self.code)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        for button in (self.copy, self.print):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(words, wrap=True))
        column.addWidget(card)
        column.addLayout(buttons)
        column.addWidget(self.tick)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.print.clicked.connect(self._on_print_clicked)
        self.tick.toggled.connect(self.kept)

    @property
    def waits(self) -> bool:
        """Whether a code is shown that nobody has said to be kept."""
        return bool(self.code.text()) and not self.tick.isChecked()

    def show_code(self, code: str, name: str) -> None:
        """Show the code of the workspace of this name."""
        self._name = name
        self.code.setText(code)
        self.tick.setChecked(False)

    @Slot()
    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.code.text())

    @Slot()
    def _on_print_clicked(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # asks for the printers of the system when loaded

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Docket")
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            paint_sheet(printer, self.code.text(), self._name)
        dialog.deleteLater()


def paint_sheet(device: QPagedPaintDevice, code: str, name: str) -> None:
    """Paint one page with the code of the workspace of this name, and what it is for."""
    painter = QPainter(device)
    line = _LINE_POINTS / _POINTS_PER_INCH * device.logicalDpiY()
    width = float(device.width())
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    usual = QFont(QGuiApplication.font())
    lines = (
        (usual, True, _tr("Recovery code of a Docket workspace")),
        (usual, False, _tr("Workspace: {name}").format(name=one_line(name, 100))),
        (usual, False, ""),
        (fixed, True, code),
        (usual, False, ""),
        (usual, False, _tr("It opens the workspace when passphrase and keychain are lost:")),
        (fixed, False, "main.py keys recover"),
        (usual, False, _tr("Whoever has this sheet can read everything. Lock it away.")),
    )
    for number, (font, bold, words) in enumerate(lines):
        font = QFont(font)
        font.setPointSizeF(_SHEET_POINTS)
        font.setBold(bold)
        painter.setFont(font)
        painter.drawText(QRectF(0, number * line, width, line), Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
