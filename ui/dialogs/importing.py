"""The import dialog: a file, what it is taken for, which column holds what, its first rows; then it comes in.

It owns its fields and shows a preview it is handed. It must not read a file: `look` does, off the GUI thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from core.domain import BundleManifest, ImportPreview, PolicyVersion
from core.errors import AppError
from ui.chores import ImportRequest
from ui.dialogs.transfer import FormDialog, policy_box
from ui.tokens import SPACE_2
from ui.visible import one_line
from ui.widgets.labels import plain_label

Look = Callable[[ImportRequest, Callable[[ImportPreview | BundleManifest], None], Callable[[AppError], None]], None]
"""Reads the first rows of a file somewhere else and calls back with what they are, or why they cannot be read."""

_WIDTH = 860
_HEIGHT = 640
_WAIT_MS = 250
_TEXT_CHARACTERS = 300
_EXPECTED = "expected"
"""The field of recorded verdicts that holds what a human said."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


def format_words() -> dict[str, str]:
    """Return what a person calls each format."""
    return {
        "jsonl": _tr("Items, JSON lines"),
        "json": _tr("JSON list"),
        "csv": _tr("Table (CSV)"),
        "tsv": _tr("Table with tabs (TSV)"),
        "txt": _tr("Plain text, one message a line"),
        "parquet": _tr("Parquet"),
        "verdicts": _tr("Recorded verdicts"),
        "decisions": _tr("Decisions of others"),
        "records": _tr("Exported items with verdicts and decisions"),
        "labelstudio": _tr("Label Studio tasks"),
        "prodigy": _tr("Prodigy examples"),
        "argilla": _tr("Argilla records"),
        "ozone": _tr("Bluesky or Ozone reports"),
        "mastodon": _tr("Mastodon reports"),
        "sharegpt": _tr("ShareGPT conversations"),
        "harmony": _tr("Harmony conversations"),
        "chat": _tr("OpenAI messages"),
    }


class ImportDialog(FormDialog):
    """Asks which file to bring in, shows how it would be read, and lets the person correct that."""

    def __init__(
        self,
        policies: Sequence[PolicyVersion],
        parent: QWidget | None = None,
        *,
        look: Look | None = None,
        path: Path | None = None,
    ) -> None:
        super().__init__(_tr("Import"), _tr("Import"), parent)
        self.setMinimumWidth(_WIDTH)
        self.resize(_WIDTH, _HEIGHT)
        self.setAcceptDrops(True)
        self._look = look
        self._asked = 0
        self._columns: tuple[str, ...] = ()
        self.format = QComboBox()
        self.format.addItem(self.tr("Find out from the file"), "auto")
        for name, words in format_words().items():
            self.format.addItem(words, name)
        self.policy = policy_box(policies, self.tr("Whichever applies"))
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(self.tr("The folder of the policies that the verdicts name"))
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.columns = {name: QComboBox() for name in ("content", "id", "parent")}
        self.mapping = QWidget()
        self.label = QComboBox()
        self.label.addItem(self.tr("nothing is decided"), "")
        self.known = QCheckBox(self.tr("Leave out texts that are there already under another id"))
        self.guess = plain_label(self.tr("Choose a file, or drop one here."), role="hint", wrap=True)
        self.rows = _PreviewTable()
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.path.textChanged.connect(lambda _text: self._timer.start())
        self.folder.textChanged.connect(lambda _text: self._timer.start())
        self.passphrase.textChanged.connect(lambda _text: self._timer.start())
        for box in (self.format, self.policy, self.label, *self.columns.values()):
            box.activated.connect(lambda _index: self._timer.start())
        self.path.setFocus(Qt.FocusReason.OtherFocusReason)
        if path is not None:
            self.path.setText(str(path))

    def _build(self) -> None:
        self.add_row(self.tr("File"), self.path, accessory=self.browse)
        self.add_row(self.tr("As"), self.format)
        self.add_row(self.tr("Policy"), self.policy)
        self.add_row(self.tr("Policies folder"), self.folder)
        self.add_row(self.tr("Passphrase"), self.passphrase)
        boxes = QHBoxLayout(self.mapping)
        boxes.setContentsMargins(0, 0, 0, 0)
        boxes.setSpacing(SPACE_2)
        names = {"content": self.tr("Text"), "id": self.tr("Id"), "parent": self.tr("Answers")}
        for name, box in self.columns.items():
            label = plain_label(names[name])
            label.setBuddy(box)
            box.setAccessibleName(self.tr("Column of: {name}").format(name=names[name]))
            boxes.addWidget(label)
            boxes.addWidget(box, 1)
        self.add_row(self.tr("Columns"), self.mapping)
        self.add_row(self.tr("Human label"), self.label)
        self.add_row("", self.known)
        self.body.addWidget(self.guess)
        self.body.addWidget(self.rows, 1)
        self._show_rows_for(None)

    def _show_rows_for(self, shown: ImportPreview | BundleManifest | None) -> None:
        """Show the fields that mean something for what the file is."""
        is_bundle = isinstance(shown, BundleManifest)
        kind = shown.format if isinstance(shown, ImportPreview) else ""
        has_columns = bool(self._columns) and kind in ("csv", "tsv", "parquet", "jsonl", "json")
        self.set_row_shown(self.folder, kind == "verdicts" or self.format.currentData() == "verdicts")
        self.set_row_shown(self.passphrase, is_bundle or bool(self.passphrase.text()))
        self.set_row_shown(self.mapping, has_columns)
        self.set_row_shown(self.label, self.label.count() > 1)
        self.set_row_shown(self.known, not is_bundle and kind not in ("decisions", "verdicts", "records"))

    def request(self) -> ImportRequest:
        """Return what was asked for."""
        folder = self.folder.text().strip()
        mapping = {name: box.currentData() for name, box in self.columns.items() if box.currentData()}
        return ImportRequest(
            path=Path(self.path.text().strip()).expanduser(),
            format=self.format.currentData(),
            policy_id=self.policy.currentData(),
            policies=Path(folder).expanduser() if folder else None,
            decide_from=self.label.currentData() or None,
            field_map=mapping if self._columns else {},
            skip_known=self.known.isChecked(),
            passphrase=self.passphrase.text() or None,
        )

    @Slot()
    def submit(self) -> None:
        """Close if the file is there."""
        if not Path(self.path.text().strip()).expanduser().is_file():
            self.complain(self.path, self.tr("There is no such file."))
        else:
            self.accept()

    @Slot()
    def ask_path(self) -> None:
        """Pick the file."""
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Import a file"), self.path.text())
        if chosen:
            self.path.setText(chosen)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that is dragged over the dialog."""
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at a file that was dropped."""
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.path.setText(str(path))

    @Slot()
    def _on_timer_timeout(self) -> None:
        request = self.request()
        if self._look is None or not request.path.is_file():
            return
        self._asked += 1
        number = self._asked

        def shown(found: ImportPreview | BundleManifest) -> None:
            if number == self._asked:
                self._show(found)

        def failed(error: AppError) -> None:
            if number == self._asked:
                self._fail(error)

        self._look(request, shown, failed)

    def _show(self, found: ImportPreview | BundleManifest) -> None:
        self.problem.say("")
        if isinstance(found, BundleManifest):
            self._columns = ()
            self._show_labels(())
            words = self.tr(
                "Sealed bundle of {name}: {items} items, {decisions} decisions. Signature and hashes are right."
            )
            counts = found.counts
            name = one_line(found.origin.name, 60)
            self.guess.setText(words.format(name=name, items=counts["items"], decisions=counts["decisions"]))
            self.rows.show_rows([])
        else:
            self._show_columns(found.columns, found.field_map)
            self._show_labels((_EXPECTED,) if found.format == "verdicts" else found.columns)
            notes = [re.sub("`([^`]*)`", "“\\1”", one_line(note, 120)) for note in found.notes]
            kind = format_words().get(found.format, found.format)
            self.guess.setText(f"{kind}: {'; '.join(notes)}." if notes else f"{kind}.")
            self.rows.show_preview(found)
        self._show_rows_for(found)

    def _fail(self, error: AppError) -> None:
        self.rows.show_rows([])
        self.problem.say_error(error)
        if "passphrase" in error.message:
            self.set_row_shown(self.passphrase, True)

    def _show_columns(self, columns: tuple[str, ...], mapping: Mapping[str, str]) -> None:
        self._columns = columns
        for name, box in self.columns.items():
            box.clear()
            nothing = {"content": self.tr("as in the file"), "id": self.tr("made of the text")}
            box.addItem(nothing.get(name, self.tr("none")), "")
            for column in columns:
                box.addItem(one_line(column, 40), column)
            chosen = mapping.get(name) or (name if name in columns else "")
            box.setCurrentIndex(max(0, box.findData(chosen)))

    def _show_labels(self, columns: Sequence[str]) -> None:
        """Offer the columns that may hold a human label; what was chosen stays."""
        chosen = self.label.currentData()
        while self.label.count() > 1:
            self.label.removeItem(1)
        for column in columns:
            self.label.addItem(one_line(column, 40), column)
        self.label.setCurrentIndex(max(0, self.label.findData(chosen)))


class _PreviewTable(QTableWidget):
    """The first rows of a file, as they would come in."""

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setHorizontalHeaderLabels([self.tr("Row"), self.tr("Id"), self.tr("Text, or why it is refused")])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setProperty("role", "metadata")
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("First rows of the file"))
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setColumnWidth(1, 190)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setMinimumHeight(5 * self.fontMetrics().height())

    def show_preview(self, preview: ImportPreview) -> None:
        """Show the rows of a preview."""
        rows: list[tuple[str, str, str]] = []
        for row in preview.rows:
            line = f"{row.line:,}"
            rows += [(line, one_line(each.id, 60), one_line(each.content, _TEXT_CHARACTERS)) for each in row.items]
            if row.reason:
                rows.append((line, self.tr("refused"), one_line(row.reason, _TEXT_CHARACTERS)))
            elif row.decision:
                rows.append((line, one_line(row.decision, 60), self.tr("a decision")))
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Show these cells."""
        self.setRowCount(len(rows))
        for number, cells in enumerate(rows):
            for place, text in enumerate(cells):
                self.setItem(number, place, QTableWidgetItem(text))


def dropped_file(event: QDropEvent) -> Path | None:
    """Return the one local file that is being dropped, or None."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None
