"""The backups of the workspace: when they are made, which there are, and restoring one into a new folder.

It owns its fields and hands out what was asked for. It must not read or write a backup: it is told what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain import BackupContents, KeptBackup, RestoreSummary
from core.errors import AppError
from ui.notices import FieldNotice, mark_field
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label
from ui.widgets.list_table import list_table
from ui.widgets.number_box import NumberBox
from ui.widgets.rows import page_column, row_of

_SIZE = (760, 560)
_CHECKED = 2


@dataclass(frozen=True, slots=True)
class RestoreWish:
    """A backup to prove and put into a new folder. `passphrase`, or a recovery code; "" leaves it to the keychain."""

    path: Path
    folder: Path
    passphrase: str = field(default="", repr=False)


class BackupsDialog(QDialog):
    """Signals say what was asked for; `show_…` and `fail` say what came of it."""

    now_wanted = Signal()
    look_wanted = Signal(object)
    restore_wanted = Signal(object)
    open_wanted = Signal(object)
    stop_wanted = Signal()
    schedule_changed = Signal(int, int)

    def __init__(self, folder: Path | None, *, hours: int = 24, keep: int = 7, parent: QWidget | None = None) -> None:
        """`folder` is that of the open workspace, None if there is none: then a file can be restored, no more."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Backups"))
        self.resize(*_SIZE)
        self._folder = folder
        self._kept: tuple[KeptBackup, ...] = ()
        self._contents: BackupContents | None = None
        self._restored: RestoreSummary | None = None
        self.busy = False
        self.rows = QStandardItemModel(0, 4, self)
        self.rows.setHorizontalHeaderLabels([self.tr("Made"), self.tr("Size"), self.tr("Checked"), self.tr("File")])
        self.table = list_table(self.rows, self.tr("Backups of this workspace"), stretch=3)
        self.now = QPushButton(self.tr("Back up &now"))
        self.restore = QPushButton(self.tr("&Restore…"))
        self.file = QPushButton(self.tr("Restore a &file…"))
        self.hours, self.keep = NumberBox(hours, 0, 8760), NumberBox(keep, 1, 1000)
        self.state = plain_label(role="caption", wrap=True)
        self.problem = FieldNotice()
        self.about = plain_label(wrap=True)
        self.target, self.browse = QLineEdit(), QPushButton(self.tr("Browse…"))
        self.passphrase = QLineEdit()
        self.passphrase_words = plain_label(self.tr("Passphrase of that day, or recovery code"))
        self.form_problem = FieldNotice()
        self.back, self.prove = QPushButton(self.tr("&Back")), QPushButton(self.tr("Prove and restore"))
        self.progress, self.progress_words = QProgressBar(), plain_label()
        self.stop = QPushButton(self.tr("Stop"))
        self.proven = plain_label(wrap=True)
        self.stay = QPushButton(self.tr("Stay where I am"))
        self.open_it = QPushButton(self.tr("Open the restored workspace"))
        self.close_button = QPushButton(self.tr("Close"))
        self.pages = QStackedWidget()
        self.overview, self.form, self.running, self.end = QFrame(), QFrame(), QFrame(), QFrame()
        self._build_overview()
        self._build_form()
        self._build_rest()
        self._connect()

    # Building

    def _build_overview(self) -> None:
        column = page_column(self.overview)
        column.addWidget(plain_label(self.tr("Backups"), role="heading"))
        words = self.tr(
            "Each is one encrypted file, with the keys of its day. Keep copies where the users of this workspace "
            "cannot write, and try a restore now and then."
        )
        column.addWidget(plain_label(words, wrap=True))
        column.addWidget(self.table, 1)
        column.addWidget(self.state)
        column.addWidget(self.problem)
        if self._folder is None:
            column.addStretch(1)  # no table takes the room
        column.addLayout(row_of(self.now, None, self.restore, self.file))
        self.hours.setSuffix(self.tr(" h"))
        self.hours.setSpecialValueText(self.tr("never"))
        self.hours.setAccessibleName(self.tr("Make one every so many hours of use"))
        self.keep.setAccessibleName(self.tr("How many are kept"))
        every, kept = plain_label(self.tr("Make one &every")), plain_label(self.tr("and &keep the newest"))
        every.setBuddy(self.hours)
        kept.setBuddy(self.keep)
        column.addLayout(row_of(every, self.hours, kept, self.keep, None, self.close_button))
        for widget in (self.table, self.now, self.restore, every, self.hours, kept, self.keep):
            widget.setVisible(self._folder is not None)

    def _build_form(self) -> None:
        column = page_column(self.form)
        column.addWidget(plain_label(self.tr("Restore a backup"), role="heading"))
        column.addWidget(self.about)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        into = plain_label(self.tr("Into the new folder"))
        into.setBuddy(self.target)
        self.target.setAccessibleName(self.tr("Into the new folder"))
        grid.addWidget(into, 0, 0)
        grid.addWidget(self.target, 0, 1)
        grid.addWidget(self.browse, 0, 2)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(self.tr("Passphrase of that day, or recovery code"))
        self.passphrase_words.setBuddy(self.passphrase)
        grid.addWidget(self.passphrase_words, 1, 0)
        grid.addWidget(self.passphrase, 1, 1, 1, 2)
        column.addLayout(grid)
        column.addWidget(self.form_problem)
        column.addStretch(1)
        self.prove.setProperty("role", "primary")
        column.addLayout(row_of(None, self.back, self.prove))

    def _build_rest(self) -> None:
        column = page_column(self.running)
        column.addWidget(plain_label(self.tr("Proving the backup"), role="heading"))
        words = self.tr(
            "It is unpacked beside the new folder, every file is held against its hash, and pages, tables and the "
            "audit chain are checked. Only then does the folder appear."
        )
        column.addWidget(plain_label(words, wrap=True))
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of restoring"))
        column.addWidget(self.progress_words)
        column.addWidget(self.progress)
        column.addStretch(1)
        column.addLayout(row_of(None, self.stop))
        column = page_column(self.end)
        column.addWidget(plain_label(self.tr("The backup is sound"), role="heading"))
        column.addWidget(self.proven)
        column.addStretch(1)
        column.addLayout(row_of(None, self.open_it, self.stay))
        self.stay.setProperty("role", "primary")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        for page in (self.overview, self.form, self.running, self.end):
            self.pages.addWidget(page)
        whole.addWidget(self.pages)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_buttons())
        self.now.clicked.connect(self.now_wanted)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.file.clicked.connect(self._on_file_clicked)
        self.browse.clicked.connect(self._on_browse_clicked)
        self.back.clicked.connect(self.show_overview)
        self.prove.clicked.connect(self.submit)
        self.stop.clicked.connect(self.stop_wanted)
        self.stay.clicked.connect(self.show_overview)
        self.open_it.clicked.connect(self._on_open_it_clicked)
        self.close_button.clicked.connect(self.reject)
        for box in (self.hours, self.keep):
            box.editingFinished.connect(lambda: self.schedule_changed.emit(self.hours.value(), self.keep.value()))

    # What is shown

    def show_backups(self, kept: Sequence[KeptBackup]) -> None:
        """Show which backups there are, newest first; none is checked yet."""
        self._kept = tuple(kept)
        self.rows.removeRows(0, self.rows.rowCount())
        for one in self._kept:
            made = f"{one.made_at.astimezone():%Y-%m-%d %H:%M}"
            size = self.tr("{size} MB").format(size=f"{one.size_bytes / 1e6:,.1f}")
            cells = [QStandardItem(text) for text in (made, size, "…", one_line(one.path.name, 80))]
            for cell in cells:
                cell.setEditable(False)
            cells[1].setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.rows.appendRow(cells)
        self.table.selectRow(0)
        if self._folder is None:
            self.state.setText(self.tr("No workspace is open. A backup can be restored into a new folder."))
        elif self._kept:
            self.state.setText(self.tr("They lie in {folder}").format(folder=one_line(str(self._kept[0].path.parent))))
        else:
            self.state.setText(self.tr("There is no backup yet."))
        self._show_buttons()

    def show_checked(self, path: Path, as_made: bool | None) -> None:
        """Say of one backup whether it is the file that was made."""
        words = {True: self.tr("as it was made"), False: self.tr("CHANGED"), None: self.tr("not recorded")}[as_made]
        for row, one in enumerate(self._kept):
            if one.path == path:
                self.rows.item(row, _CHECKED).setText(words)

    @Slot()
    def show_overview(self) -> None:
        """Go back to the list."""
        self.passphrase.clear()
        self.problem.say("")
        self.pages.setCurrentWidget(self.overview)
        start = self.table if self._folder is not None and self._kept else self.now if self._folder else self.file
        start.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_contents(self, contents: BackupContents) -> None:
        """Say what a backup holds and what restoring it means, and ask where it goes."""
        self._contents = contents
        parts = [
            self.tr("{file}, made {date}, up to event {events} of the audit chain.").format(
                file=one_line(contents.path.name, 80),
                date=one_line(contents.created_at[:16].replace("T", " ")),
                events=f"{contents.events:,}",
            )
        ]
        if contents.newer is not None:
            newer = self.tr("Events of this workspace since then, which are not in it: {count}.")
            parts.append(newer.format(count=f"{contents.newer:,}"))
        elif self._folder is not None:
            parts.append(self.tr("It is of another workspace than the one that is open."))
        parts.append(
            self.tr("Nothing is replaced: it goes into a new folder, and the workspace of now stays as it is.")
        )
        self.about.setText(" ".join(parts))
        self.target.setText(str(self._free_folder()))
        self.passphrase.clear()
        self.passphrase.setVisible(contents.needs_passphrase)
        self.passphrase_words.setVisible(contents.needs_passphrase)
        self.form_problem.say("")
        self.pages.setCurrentWidget(self.form)
        self.prove.setDefault(True)
        self.target.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, words: str, permille: int) -> None:
        """Show how far proving is."""
        self.busy = True
        self.progress_words.setText(words)
        self.progress.setRange(0, 1000 if permille < 1000 else 0)  # full: the checks have no length
        self.progress.setValue(permille)
        self.pages.setCurrentWidget(self.running)

    def show_restored(self, done: RestoreSummary) -> None:
        """Say what was proven and ask whether to go there."""
        self.busy = False
        self._restored = done
        words = self.tr(
            "Restored to {folder}. Proven: {checks}. From now on Docket can open that folder instead of the workspace "
            "of now, which stays where it is: decisions made in one are not in the other. Open it?"
        )
        checks = ", ".join(check.name for check in done.checks)
        self.proven.setText(words.format(folder=one_line(str(done.folder)), checks=checks))
        self.pages.setCurrentWidget(self.end)
        self.stay.setDefault(True)
        self.stay.setFocus(Qt.FocusReason.OtherFocusReason)

    def fail(self, error: AppError) -> None:
        """Say why nothing was restored, or made."""
        restoring = self.pages.currentWidget() in (self.form, self.running)
        self.busy = False
        self.pages.setCurrentWidget(self.form if restoring else self.overview)
        (self.form_problem if restoring else self.problem).say_error(error)

    # What the person does

    @Slot()
    def submit(self) -> None:
        """Check the fields and ask for the restore."""
        folder = self.target.text().strip()
        mark_field(self.target, invalid=not folder)
        if not folder:
            self.form_problem.say(self.tr("Name a folder."))
            self.target.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._contents is not None and not self.busy:
            self.form_problem.say("")
            self.show_progress("", 0)
            wish = RestoreWish(self._contents.path, Path(folder).expanduser(), self.passphrase.text())
            self.restore_wanted.emit(wish)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back from a form first."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() in (self.form, self.end):
            self.show_overview()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Close; a restore under way is stopped by that, and nothing is left of it."""
        if self.busy:
            self.stop_wanted.emit()
        super().reject()

    def _free_folder(self) -> Path:
        """Return a folder beside that of the workspace which is not there yet."""
        base = self._folder or (self._contents.path.with_suffix("") if self._contents is not None else Path.home())
        names = (f"{base.name}-restored", *(f"{base.name}-restored-{number}" for number in range(2, 100)))
        return next((base.with_name(name) for name in names if not base.with_name(name).exists()), base)

    def _show_buttons(self) -> None:
        self.restore.setEnabled(0 <= self.table.currentIndex().row() < len(self._kept))

    @Slot()
    def _on_restore_clicked(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self._kept):
            self.look_wanted.emit(self._kept[row].path)

    @Slot()
    def _on_file_clicked(self) -> None:
        words = self.tr("Backups (*.zip *.backup);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Restore a backup"), "", words)
        if chosen:
            self.look_wanted.emit(Path(chosen))

    @Slot()
    def _on_browse_clicked(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Into which folder"), self.target.text())
        if chosen:
            self.target.setText(chosen)

    @Slot()
    def _on_open_it_clicked(self) -> None:
        if self._restored is not None:
            self.open_wanted.emit(self._restored.folder)
