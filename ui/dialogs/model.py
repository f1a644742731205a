"""Which model judges: the models on this machine, or a server; and the question before content leaves for one.

They own their fields and hand back what was chosen. They must not open a model nor change a setting.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.services import ListedModel
from ui.notices import FieldNotice, mark_field
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line, plain_tip
from ui.widgets.labels import plain_label

_WIDTH = 720
# A host name can be as long as 253 characters; what follows is in the address that was typed.
_HOST_SHOWN = 80
_ROW_PX = 32
_MOST_ROWS = 8
_GIB = 1024**3
_ADDRESSES = ("http://", "https://")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Model", text)


def _size(size_bytes: int) -> str:
    if size_bytes >= _GIB:
        return _tr("{size} GiB").format(size=f"{size_bytes / _GIB:.1f}")
    return _tr("{size} MiB").format(size=f"{size_bytes / 1024**2:.0f}")


def _buttons(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_2)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row


class ModelDialog(QDialog):
    """Shows the models of this machine and a field for a server's address; `wanted` is what was chosen."""

    def __init__(self, models: Sequence[ListedModel], current: str, parent: QWidget | None = None) -> None:
        """`current` is the model in use, as in the settings; "" is the sample."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Model"))
        self.setMinimumWidth(_WIDTH)
        self._models = list(models)
        self.table = self._table(current)
        self.address = QLineEdit(current if current.startswith(_ADDRESSES) else "")
        self.address.setPlaceholderText("http://127.0.0.1:8000/v1#gpt-oss-safeguard-20b")
        self.address.setAccessibleName(self.tr("Server"))
        self.problem = FieldNotice()
        self.use_button = QPushButton(self.tr("Use this model"))
        self.use_button.setProperty("role", "primary")
        self.use_button.setDefault(True)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self._lay_out()
        self.use_button.clicked.connect(self.submit)
        self.cancel_button.clicked.connect(self.reject)
        self.table.doubleClicked.connect(self.submit)
        self.table.selectionModel().selectionChanged.connect(self._on_table_selection_changed)
        self.address.textEdited.connect(self._on_address_text_edited)
        (self.address if self.address.text() else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        server = QHBoxLayout()
        server.setSpacing(SPACE_3)
        label = plain_label(self.tr("Or a &server"))
        label.setBuddy(self.address)
        server.addWidget(label)
        server.addWidget(self.address, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(self.tr("Which model judges"), role="heading"))
        column.addWidget(self.table)
        column.addLayout(server)
        words = self.tr("Any OpenAI-compatible server: the address ends in /v1, then # and the name of the model.")
        column.addWidget(plain_label(words, role="caption", wrap=True))
        column.addWidget(self.problem)
        column.addLayout(_buttons(self.cancel_button, self.use_button))

    def _table(self, current: str) -> QTableView:
        rows = QStandardItemModel(0, 3, self)
        rows.setHorizontalHeaderLabels([self.tr("Model"), self.tr("Size"), self.tr("State")])
        for model in self._models:
            cells = [
                QStandardItem(text) for text in (one_line(model.name), _size(model.size_bytes), self._state(model))
            ]
            for cell in cells:
                cell.setEditable(False)
                cell.setEnabled(_usable(model))
                if not _usable(model):
                    cell.setForeground(self.palette().placeholderText())
            cells[2].setToolTip(plain_tip(cells[2].text()))
            cells[1].setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            rows.appendRow(cells)
        table = QTableView()
        table.setModel(rows)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setAccessibleName(self.tr("Models on this machine"))
        table.setTabKeyNavigation(False)
        table.setProperty("role", "list")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setFixedHeight(_ROW_PX * (min(len(self._models), _MOST_ROWS) + 1) + SPACE_2)
        for row, model in enumerate(self._models):
            if _usable(model) and _is_current(model, current):
                table.selectRow(row)
        return table

    def _state(self, model: ListedModel) -> str:
        if model.problem:
            return one_line(model.problem)
        if model.path is None:
            return self.tr("not on this machine")
        if not model.prompt_format:
            return self.tr("no prompt format is known for it")
        return one_line(model.note)

    @property
    def wanted(self) -> str:
        """What was chosen: an address, a catalogue id or the name of a file in the models folder; "" for nothing."""
        typed = self.address.text().strip()
        if typed:
            return typed
        chosen = self.table.selectionModel().selectedRows()
        return self._models[chosen[0].row()].id if chosen else ""

    @Slot()
    def submit(self) -> None:
        """Close if something is chosen."""
        if not self.wanted:
            self.problem.say(self.tr("Choose a model, or give the address of a server."))
        elif self.address.text().strip() and not self.wanted.startswith(_ADDRESSES):
            mark_field(self.address, invalid=True)
            self.problem.say(self.tr("The address of a server begins with http:// or https://."))
            self.address.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.accept()

    @Slot()
    def _on_table_selection_changed(self) -> None:
        if self.table.selectionModel().hasSelection():
            self.address.clear()

    @Slot()
    def _on_address_text_edited(self) -> None:
        mark_field(self.address, invalid=False)
        self.problem.say("")
        if self.address.text().strip():
            self.table.clearSelection()


def _usable(model: ListedModel) -> bool:
    return model.path is not None and not model.problem and bool(model.prompt_format)


def _is_current(model: ListedModel, current: str) -> bool:
    return model.is_sample if not current else current in (model.id, str(model.path))


class ConsentDialog(QDialog):
    """Asks before content leaves this machine. The safe answer is the default."""

    def __init__(self, host: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Content would leave this machine"))
        self.setMinimumWidth(520)
        shown = one_line(host, _HOST_SHOWN)
        words = self.tr(
            "This server is not on this machine. Every item judged by it is sent to {host}, with its context and the "
            "policy. What happens to it there is out of Docket's hands."
        ).format(host=shown)
        self.words = plain_label(words, wrap=True)
        self.allow_button = QPushButton(
            self.tr("&Send content to {host}").format(host=one_line(host, 24).replace("&", "&&"))
        )
        self.refuse_button = QPushButton(self.tr("Keep it here"))
        self.refuse_button.setDefault(True)
        self.refuse_button.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(self.tr("Let content leave this machine?"), role="heading"))
        column.addWidget(self.words)
        once = self.tr("Asked once for each host; the answer is kept in the audit chain.")
        column.addWidget(plain_label(once, role="caption", wrap=True))
        column.addLayout(_buttons(self.allow_button, self.refuse_button))
        self.resize(_WIDTH, column.totalHeightForWidth(_WIDTH))
        self.allow_button.clicked.connect(self.accept)
        self.refuse_button.clicked.connect(self.reject)
        self.refuse_button.setFocus(Qt.FocusReason.OtherFocusReason)
