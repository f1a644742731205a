"""The rows that imports refused: a list, the row beside it, and what can be done with it.

It owns which row is shown and asks before anything is thrown away. Reading and storing is the business of `Mending`.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.domain import QuarantinedRow
from core.errors import AppError
from ui.dialogs.confirm import ConfirmDialog, is_sure
from ui.mending import Mending
from ui.models.quarantine_model import QuarantineModel
from ui.notices import FieldNotice, announce
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.widgets.labels import plain_label
from ui.widgets.row_editor import RowEditor

_SIZE = (1120, 660)
_SPLIT = (550, 530)


class QuarantineDialog(QDialog):
    """Shows the refused rows from when it is shown; closing it stops what runs."""

    def __init__(self, mending: Mending, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Refused rows"))
        self.resize(*_SIZE)
        self._mending = mending
        self._wanted: int | None = None  # the row to show once the list is there
        self.model = QuarantineModel(mending.heads, self)
        self.table = _table(self.model, self.tr("Refused rows"))
        self.editor = RowEditor(theme)
        self.count = plain_label(role="caption")
        self.nothing = plain_label(self.tr("No row waits here: everything that was read came in."), role="caption")
        self.outcome = plain_label(role="caption")
        self.problem = FieldNotice()
        self.undo = QPushButton(self.tr("&Undo changes"))
        self.retry = QPushButton(self.tr("&Try again"))
        self.retry_all = QPushButton(self.tr("Try &all again"))
        self.export = QPushButton(self.tr("&Export…"))
        self.discard = QPushButton(self.tr("&Discard…"))
        self.stop = QPushButton(self.tr("&Stop"))
        self.close_button = QPushButton(self.tr("&Close"))
        self._build()
        self._connect()
        self._fit()

    def _build(self) -> None:
        self.retry.setProperty("role", "primary")
        self.retry.setToolTip(QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText))
        self.discard.setToolTip(self.tr("Delete, in the list"))
        for button in (self.undo, self.retry, self.retry_all, self.export, self.discard, self.stop, self.close_button):
            button.setAutoDefault(False)
        head = QHBoxLayout()
        head.addWidget(plain_label(self.tr("Rows that could not be read"), role="heading"))
        head.addStretch(1)
        head.addWidget(self.count)
        words = self.tr(
            "They wait, encrypted, as they stood. Mend a row and try it again, or try it once its policy is there."
        )
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(SPACE_3, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(self.editor, 1)
        column.addLayout(_row(None, self.undo, self.retry))
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.table)
        self.split.addWidget(right)
        self.split.setSizes(list(_SPLIT))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        whole.setSpacing(SPACE_3)
        whole.addLayout(head)
        whole.addWidget(plain_label(words, role="caption", wrap=True))
        whole.addWidget(self.split, 1)
        whole.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignHCenter)
        whole.addWidget(self.problem)
        whole.addLayout(_row(self.outcome, self.retry_all, self.export, self.discard, self.stop, self.close_button))

    def _connect(self) -> None:
        mending = self._mending
        mending.listed.connect(self._on_listed)
        mending.said.connect(self._on_said)
        mending.failed.connect(self._on_failed)
        mending.progressed.connect(self._on_progressed)
        mending.busy_changed.connect(lambda _busy: self._fit())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._read_current())
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._fit())
        self.editor.changed.connect(self._fit)
        for button, verb in (
            (self.undo, self.editor.undo_changes),
            (self.retry, self.try_again),
            (self.retry_all, lambda: mending.retry(self.model.keys)),
            (self.export, self.ask_export),
            (self.discard, self.ask_discard),
            (self.stop, mending.cancel),
            (self.close_button, self.reject),
        ):
            button.clicked.connect(lambda _=False, do=verb: do())
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.retry.click)
        gone = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        gone.setContext(Qt.ShortcutContext.WidgetShortcut)
        gone.activated.connect(self.discard.click)
        self.finished.connect(lambda _result: mending.cancel())
        mending.reload()

    @property
    def chosen(self) -> list[int]:
        """The keys of the selected rows, in the order of the list."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [key for row in rows if (key := self.model.key_at(row)) is not None]

    @Slot()
    def try_again(self) -> None:
        """Try the row with what was typed over it, or the selected rows as they are."""
        row = self.editor.row
        if row is not None and self.editor.is_changed:
            self._mending.mend(row.key, self.editor.raw)
        elif self.chosen:
            self._mending.retry(self.chosen)

    @Slot()
    def ask_discard(self) -> None:
        """Ask, and let the selected rows go."""
        keys = self.chosen
        if keys and self._is_sure(len(keys)):
            self._mending.discard(keys)

    @Slot()
    def ask_export(self) -> None:
        """Ask where to, and write the selected rows there; all of them when no more than one is selected."""
        keys = self.chosen if len(self.chosen) > 1 else self.model.keys
        if not keys:
            return
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export refused rows"), str(Path.home() / self.tr("refused-rows.txt"))
        )
        if chosen:
            self._mending.write(keys, Path(chosen))

    def _is_sure(self, count: int) -> bool:
        words = self.tr(
            "{count} rows are thrown away for good. The audit chain keeps their hashes, not what they held."
        )
        one = self.tr("This row is thrown away for good. The audit chain keeps only its hash.")
        words = words.format(count=f"{count:,}") if count > 1 else one
        title = self.tr("Discard refused rows")
        return is_sure(ConfirmDialog(title, words, do=self.tr("&Discard"), lost=True, parent=self))

    @Slot(object)
    def _on_listed(self, keys: list[int]) -> None:
        before, current = self.table.currentIndex().row(), self.editor.row
        self.model.show(keys)
        self.count.setText(self.tr("{count} waiting").format(count=f"{len(keys):,}"))
        self.split.setVisible(bool(keys))
        self.nothing.setVisible(not keys)
        kept = self.model.row_of(current.key) if current is not None else -1
        if kept < 0 and current is not None and keys:
            kept = self._came_back(current, before)
        if keys:
            self.table.selectRow(max(0, kept))
        else:
            self.editor.show_row(None)
        if not self.table.hasFocus() and not self.editor.text.hasFocus():
            (self.table if keys else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)
        self._fit()

    def _came_back(self, row: QuarantinedRow, before: int) -> int:
        """Return where a row that was tried stands now: at the end when it was refused again, else its neighbour."""
        last = self.model.rowCount() - 1
        head = self.model.head_at(last)
        if head is not None and (head.source, head.line) == (row.source, row.line):
            return last
        return min(before, last)

    def _read_current(self) -> None:
        key = self.model.key_at(self.table.currentIndex().row())
        self._wanted = key
        if key is not None and (self.editor.row is None or self.editor.row.key != key):
            self._mending.read(key, self._on_read)
        self._fit()

    @Slot(object)
    def _on_read(self, row: QuarantinedRow) -> None:
        if row.key == self._wanted:  # the hand may have moved on
            self.editor.show_row(row)
            self._fit()

    @Slot(str)
    def _on_said(self, words: str) -> None:
        self.problem.say("")
        self.outcome.setText(words)
        announce(self, words)

    @Slot(object)
    def _on_failed(self, error: AppError) -> None:
        self.outcome.setText("")
        self.problem.say_error(error)

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        self.outcome.setText(self.tr("{done} of {total} tried").format(done=f"{done:,}", total=f"{total:,}"))

    @Slot()
    def _fit(self) -> None:
        """Let only what can be done be pressed."""
        busy, chosen = self._mending.busy, len(self.chosen)
        row = self.editor.row
        self.undo.setEnabled(self.editor.is_changed and not busy)
        can_retry = self.editor.is_changed or (chosen > 0 and (chosen > 1 or row is None or row.whole))
        self.retry.setEnabled(can_retry and not busy)
        self.retry_all.setEnabled(self.model.rowCount() > 0 and not busy)
        self.export.setEnabled(self.model.rowCount() > 0 and not busy)
        self.discard.setEnabled(chosen > 0 and not busy)
        self.stop.setVisible(busy)


def _row(first: QWidget | None, *buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SPACE_2)
    if first is not None:
        row.addWidget(first)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row


def _table(model: QuarantineModel, name: str) -> QTableView:
    table = QTableView()
    table.setAccessibleName(name)
    table.setModel(model)
    table.setProperty("role", "list")
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 12)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setStretchLastSection(True)
    table.setColumnWidth(0, 180)
    table.setColumnWidth(1, 60)
    return table
