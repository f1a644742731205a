"""About Docket: its version and licence, and the libraries it runs with.

It owns its layout. It must not read anything itself: the libraries are handed to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.services import Component
from ui.icons import application_icon
from ui.notices import FieldNotice
from ui.tokens import SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label
from ui.widgets.list_table import list_table
from ui.widgets.rows import row_of

_SIZE = (640, 560)
_ROW_PX = 24


class AboutDialog(QDialog):
    """`save_wanted` asks for the SBOM to be written. `details` are lines for a report of a fault."""

    save_wanted = Signal()

    def __init__(self, version: str, licence: str, details: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Docket"))
        self.resize(*_SIZE)
        self._details = tuple(details)
        self._components: tuple[Component, ...] = ()
        self.rows = QStandardItemModel(0, 3, self)
        self.rows.setHorizontalHeaderLabels([self.tr("Library"), self.tr("Version"), self.tr("Licence")])
        self.table = list_table(self.rows, self.tr("Libraries and their licences"), stretch=2, row_height=_ROW_PX)
        self.count = plain_label(self.tr("Reading…"), role="caption")
        self.problem = FieldNotice()
        self.copy = QPushButton(self.tr("&Copy details"))
        self.save = QPushButton(self.tr("&Save SBOM…"))
        self.close_button = QPushButton(self.tr("Close"))
        self._build(version, licence)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.save.clicked.connect(self.save_wanted)
        self.close_button.clicked.connect(self.reject)
        self.close_button.setDefault(True)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self, version: str, licence: str) -> None:
        icon = plain_label()
        icon.setPixmap(application_icon().pixmap(QSize(48, 48)))
        icon.setAccessibleName(self.tr("Docket's icon"))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(plain_label("Docket", role="display"))
        named = self.tr("Version {version} · licence {licence}").format(version=version, licence=licence)
        words.addWidget(plain_label(named, role="strong"))
        tagline = self.tr("The review desk for moderators. Nothing leaves this machine unless you export it.")
        words.addWidget(plain_label(tagline, role="caption", wrap=True))
        head = QHBoxLayout()
        head.setSpacing(SPACE_4)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.count)
        column.addWidget(self.problem)
        column.addLayout(row_of(self.copy, self.save, None, self.close_button))

    def show_components(self, components: Sequence[Component]) -> None:
        """Show the libraries Docket runs with."""
        self._components = tuple(components)
        self.rows.removeRows(0, self.rows.rowCount())
        for one in self._components:
            cells = [QStandardItem(one_line(text, 80)) for text in (one.name, one.version, one.licence)]
            for cell in cells:
                cell.setEditable(False)
            self.rows.appendRow(cells)
        self.table.selectRow(0)
        self.count.setText(self.tr("{count} libraries, with the licences they state").format(count=len(components)))

    @Slot()
    def _on_copy_clicked(self) -> None:
        libraries = [f"{one.name} {one.version} ({one.licence})" for one in self._components]
        QGuiApplication.clipboard().setText("\n".join([*self._details, "", *libraries]))
