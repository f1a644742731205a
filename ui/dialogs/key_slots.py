"""What opens the workspace: the ways in, changing and revoking one, a new data key, and when the window locks.

It owns its fields and hands out what was asked for. It must not change a key: it is told how that went.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.domain import KeySlot, SlotKind
from core.errors import AppError
from ui.notices import FieldNotice
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label
from ui.widgets.list_table import list_table
from ui.widgets.new_passphrase import NewPassphrase
from ui.widgets.number_box import NumberBox
from ui.widgets.recovery_code import RecoveryCode
from ui.widgets.rows import page_column, row_of
from ui.words import slot_word

_WIDTH = 700
_ROW_PX = 30
_KINDS = tuple(SlotKind)


class KeyDeed(Enum):
    """What can be done with keys."""

    SET = auto()
    REVOKE = auto()
    ROTATE = auto()


@dataclass(frozen=True, slots=True)
class KeyWish:
    """What was asked for. `current` is the passphrase in force, "" if there is none; `new` the one to come."""

    deed: KeyDeed
    kind: SlotKind = SlotKind.RECOVERY
    current: str = field(default="", repr=False)
    new: str = field(default="", repr=False)


class KeySlotsDialog(QDialog):
    """`wanted` carries a `KeyWish`, `stop_wanted` asks a rotation to stop, `lock_changed` minutes and a flag."""

    wanted = Signal(object)
    stop_wanted = Signal()
    lock_changed = Signal(int, bool)

    def __init__(
        self,
        name: str,
        *,
        keychain: bool,
        lock_minutes: int,
        judge_while_locked: bool,
        refusal: str = "",
        in_file: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        """`keychain` says whether this session offers one; `refusal` why this person may not change keys."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys of the workspace"))
        self.setMinimumWidth(_WIDTH)
        self._name, self._keychain, self._refusal, self._in_file = name, keychain, refusal, in_file
        self._slots: dict[SlotKind, KeySlot] = {}
        self._wish = KeyWish(KeyDeed.SET)
        self.busy = False
        self.rows = QStandardItemModel(0, 4, self)
        self.rows.setHorizontalHeaderLabels(
            [self.tr("Way in"), self.tr("State"), self.tr("Last used here"), self.tr("Kept by")]
        )
        self.table = list_table(self.rows, self.tr("Ways to open the workspace"), stretch=3)
        self.set_button = QPushButton()
        self.revoke = QPushButton(self.tr("&Revoke…"))
        self.rotate = QPushButton(self.tr("New &data key…"))
        self.minutes = NumberBox(lock_minutes, 0, 1440, suffix=self.tr(" min"), zero=self.tr("never"))
        self.goes_on = QCheckBox(self.tr("The model goes on &judging behind the lock"))
        self.heading = plain_label(role="heading")
        self.words = plain_label(wrap=True)
        self.current = QLineEdit()
        self.current_words = plain_label(self.tr("Passphrase of now"))
        self.new = NewPassphrase()
        self.problem = FieldNotice()
        self.back, self.do = QPushButton(self.tr("&Back")), QPushButton(self.tr("Change"))
        self.recovery = RecoveryCode()
        self.over = QPushButton(self.tr("Done"))
        self.progress = QProgressBar()
        self.progress_words = plain_label()
        self.stop = QPushButton(self.tr("Stop"))
        self.close_button = QPushButton(self.tr("Close"))
        self.pages = QStackedWidget()
        self.overview, self.form, self.shown, self.running = QFrame(), QFrame(), QFrame(), QFrame()
        self._build_overview(judge_while_locked)
        self._build_form()
        self._build_rest()
        self._connect()

    # Building

    def _build_overview(self, judge_while_locked: bool) -> None:
        column = page_column(self.overview)
        column.addWidget(plain_label(self.tr("What opens this workspace"), role="heading"))
        self.table.setFixedHeight(_ROW_PX * (len(_KINDS) + 1) + SPACE_2)
        column.addWidget(self.table)
        column.addLayout(row_of(self.set_button, self.revoke, None, self.rotate))
        self.refused = plain_label(one_line(self._refusal, 300), role="caption", wrap=True)
        self.refused.setVisible(bool(self._refusal))
        column.addWidget(self.refused)
        self.minutes.setAccessibleName(self.tr("Lock the window after"))
        self.goes_on.setChecked(judge_while_locked)
        label = plain_label(self.tr("&Lock the window after"))
        label.setBuddy(self.minutes)
        column.addWidget(plain_label(self.tr("Lock"), role="section"))
        column.addLayout(row_of(label, self.minutes, plain_label(self.tr("without a key or a click")), None))
        column.addWidget(self.goes_on)
        column.addStretch(1)
        column.addLayout(row_of(None, self.close_button))

    def _build_form(self) -> None:
        column = page_column(self.form)
        self.current.setEchoMode(QLineEdit.EchoMode.Password)
        self.current.setAccessibleName(self.tr("Passphrase of now"))
        self.current_words.setBuddy(self.current)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_3)
        grid.addWidget(self.current_words, 0, 0)
        grid.addWidget(self.current, 0, 1)
        self.new.align_with(self.current_words)
        self.do.setProperty("role", "primary")
        for widget in (self.heading, self.words):
            column.addWidget(widget)
        column.addLayout(grid)
        column.addWidget(self.new)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addLayout(row_of(None, self.back, self.do))

    def _build_rest(self) -> None:
        column = page_column(self.shown)
        column.addWidget(plain_label(self.tr("New recovery code"), role="heading"))
        column.addWidget(self.recovery)
        column.addStretch(1)
        column.addLayout(row_of(None, self.over))
        self.over.setProperty("role", "primary")
        column = page_column(self.running)
        column.addWidget(plain_label(self.tr("Encrypting anew"), role="heading"))
        words = self.tr(
            "The workspace is closed meanwhile. Whatever happens now, it opens as before or as after: stopping changes "
            "nothing."
        )
        column.addWidget(plain_label(words, wrap=True))
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of encrypting"))
        column.addWidget(self.progress_words)
        column.addWidget(self.progress)
        column.addStretch(1)
        column.addLayout(row_of(None, self.stop))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        for page in (self.overview, self.form, self.shown, self.running):
            self.pages.addWidget(page)
        whole.addWidget(self.pages)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_buttons())
        self.set_button.clicked.connect(lambda: self.ask(KeyDeed.SET))
        self.revoke.clicked.connect(lambda: self.ask(KeyDeed.REVOKE))
        self.rotate.clicked.connect(lambda: self.ask(KeyDeed.ROTATE))
        self.minutes.editingFinished.connect(self._on_lock_edited)
        self.goes_on.toggled.connect(self._on_lock_edited)
        self.back.clicked.connect(self.show_overview)
        self.do.clicked.connect(self.submit)
        self.recovery.kept.connect(self.over.setEnabled)
        self.over.clicked.connect(self._on_done_clicked)
        self.stop.clicked.connect(self.stop_wanted)
        self.close_button.clicked.connect(self.reject)

    # What is shown

    def show_slots(self, slots: Sequence[KeySlot]) -> None:
        """Show which ways in there are."""
        self._slots = {slot.kind: slot for slot in slots}
        chosen = max(0, self.table.currentIndex().row())
        self.rows.removeRows(0, self.rows.rowCount())
        for kind in _KINDS:
            slot = self._slots.get(kind)
            state = self.tr("not set")
            if slot is not None:
                state = self.tr("set on {date}").format(date=slot.added_at[:10]) if slot.added_at else self.tr("set")
            used = one_line(slot.last_used_at[:10], 10) if slot is not None else ""
            items = [
                QStandardItem(text)
                for text in (slot_word(kind), state, used, one_line(slot.backend if slot else "", 60))
            ]
            for item in items:
                item.setEditable(False)
            self.rows.appendRow(items)
        self.table.selectRow(chosen)
        self._show_buttons()

    @Slot()
    def show_overview(self) -> None:
        """Go back to the ways in; what was typed is forgotten."""
        self._forget()
        self.problem.say("")
        self.pages.setCurrentWidget(self.overview)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_code(self, code: str) -> None:
        """Show a new recovery code."""
        self._forget()
        self.set_busy(False)
        self.recovery.show_code(code, self._name)
        self.over.setEnabled(False)
        self.pages.setCurrentWidget(self.shown)
        self.recovery.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, words: str, permille: int) -> None:
        """Show how far a rotation is."""
        self.busy = True
        self.progress_words.setText(words)
        self.progress.setRange(0, 1000 if permille else 0)
        self.progress.setValue(permille)
        self.pages.setCurrentWidget(self.running)

    def fail(self, error: AppError) -> None:
        """Say why nothing was changed."""
        self.set_busy(False)
        self.pages.setCurrentWidget(self.form)
        self.problem.say_error(error)
        if self.current.isVisibleTo(self.form):
            self.current.setFocus(Qt.FocusReason.OtherFocusReason)
            self.current.selectAll()

    def set_busy(self, busy: bool) -> None:
        """Hold the form while it is worked on."""
        self.busy = busy
        self.form.setEnabled(not busy)

    # What the person does

    def ask(self, deed: KeyDeed) -> None:
        """Say what is about to happen and ask for what it needs."""
        kind = _KINDS[max(0, self.table.currentIndex().row())]
        self._wish = KeyWish(deed, kind)
        heading, words, button = self._told(deed, kind)
        self.heading.setText(heading)
        self.words.setText(words)
        self.do.setText(button)
        self._forget()
        self.new.setVisible(deed is KeyDeed.SET and kind is SlotKind.PASSPHRASE)
        asks = SlotKind.PASSPHRASE in self._slots
        self.current.setVisible(asks)
        self.current_words.setVisible(asks)
        self.problem.say("")
        self.pages.setCurrentWidget(self.form)
        self.do.setDefault(True)
        field = self.current if asks else self.new if self.new.isVisibleTo(self.form) else self.do
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def submit(self) -> None:
        """Check what was typed and ask for it."""
        if self.busy:
            return
        asks = self.current.isVisibleTo(self.form)
        if asks and not self.current.text():
            self.problem.say(self.tr("Enter the passphrase of now: it shows that it is you."))
            self.current.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        sets = self.new.isVisibleTo(self.form)
        wrong = self.new.check() if sets else ""
        self.problem.say(wrong)
        if not wrong:
            self.set_busy(True)
            new = self.new.typed if sets else ""
            self.wanted.emit(KeyWish(self._wish.deed, self._wish.kind, self.current.text() if asks else "", new))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back from a form first."""
        if event.key() == Qt.Key.Key_Escape and self.pages.currentWidget() is self.form and not self.busy:
            self.show_overview()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Close; a rotation is stopped first, and says when it has."""
        if self.pages.currentWidget() is self.running:
            self.stop_wanted.emit()
        else:
            super().reject()

    def _told(self, deed: KeyDeed, kind: SlotKind) -> tuple[str, str, str]:
        there, word = kind in self._slots, slot_word(kind)
        if deed is KeyDeed.ROTATE:
            words = self.tr(
                "For when a key may be known to somebody who must not read on. Everything is encrypted anew; that "
                "takes as much room again on the disk, and nobody else may have the workspace open. Passphrase and "
                "keychain stay as they are, a recovery code is replaced. Backups made before keep the old key."
            )
            return self.tr("A new data key"), words, self.tr("Encrypt anew")
        if deed is KeyDeed.REVOKE:
            words = self.tr("It will not open the workspace any more; {count} other ways stay. Older backups keep it.")
            heading = self.tr("Revoke: {way}").format(way=word)
            return heading, words.format(count=len(self._slots) - 1), self.tr("Revoke")
        heading = self.tr("Change: {way}") if there else self.tr("Add: {way}")
        return heading.format(way=word), self._of_setting(kind), self.tr("Change") if there else self.tr("Add")

    def _of_setting(self, kind: SlotKind) -> str:
        if kind is SlotKind.KEYCHAIN:
            return self.tr("The keychain of this computer opens the workspace for you when you are logged in.")
        if kind is SlotKind.PASSPHRASE:
            return self.tr("The new passphrase opens the workspace; an older one only backups made before.")
        return self.tr("A new code is shown once; an older one opens only backups made before.")

    def _show_buttons(self) -> None:
        kind = _KINDS[max(0, self.table.currentIndex().row())]
        there, may = kind in self._slots, not self._refusal
        self.set_button.setText(self.tr("&Change…") if there else self.tr("&Add…"))
        self.set_button.setEnabled(may and (kind is not SlotKind.KEYCHAIN or self._keychain))
        self.revoke.setEnabled(may and there and len(self._slots) > 1)
        self.rotate.setEnabled(may and self._in_file)

    def _forget(self) -> None:
        self.current.clear()
        self.new.clear()

    @Slot()
    def _on_lock_edited(self) -> None:
        self.lock_changed.emit(self.minutes.value(), self.goes_on.isChecked())

    @Slot()
    def _on_done_clicked(self) -> None:
        self.recovery.show_code("", "")
        self.show_overview()
