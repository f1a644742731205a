"""The fifth step: what is reviewed: a file, dropped or chosen, or the sample queue.

It owns the three ways in and says how many items there are. The file is looked at in the import dialog.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from core import services
from core.domain import PolicyVersion
from ui.chores import ImportRequest
from ui.dialogs.importing import ImportDialog, dropped_file
from ui.steps.page import OpenDesk, StepPage
from ui.tokens import SPACE_2, SPACE_3, SPACE_6
from ui.widgets.labels import plain_label


class ItemsStep(StepPage):
    """Ready as soon as the queue holds something."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("Items"),
            self.tr("What is reviewed?"),
            self.tr(
                "JSON lines, CSV, Parquet, chats, and exports of other tools are recognised; you see the first rows "
                "before anything is stored. A file can be imported again: what is there already is left out."
            ),
        )
        self._total = 0
        self.drop = QFrame()
        self.file = QPushButton(self.tr("Import a &file…"))
        self.sample = QPushButton(self.tr("Use the &sample queue"))
        self.count = plain_label(role="strong")
        self.progress = QProgressBar()
        self.progress_words = plain_label(role="caption")
        self.setAcceptDrops(True)
        self._build()

    def _build(self) -> None:
        self.drop.setProperty("role", "card")
        inner = QVBoxLayout(self.drop)
        inner.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        inner.setSpacing(SPACE_3)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        for button in (self.file, self.sample):
            row.addWidget(button)
        row.addStretch(1)
        inner.addWidget(plain_label(self.tr("Drop a file here, or:")))
        inner.addLayout(row)
        words = self.tr("The sample queue holds made-up items of every kind, and brings the two policies it needs.")
        inner.addWidget(plain_label(words, role="caption", wrap=True))
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the import"))
        self.progress.hide()
        self.body.addWidget(self.drop)
        self.body.addWidget(self.count)
        self.body.addWidget(self.progress_words)
        self.body.addWidget(self.progress)
        self.body.addStretch(1)
        self.file.clicked.connect(lambda: self._ask_file())
        self.sample.clicked.connect(self.use_sample)

    @property
    def ready(self) -> bool:
        """Whether there is something to review."""
        return not self.busy and self._total > 0

    def attach(self, desk: OpenDesk) -> None:
        """Take the workspace whose queue is filled."""
        super().attach(desk)
        desk.chores.progressed.connect(self._on_chores_progressed)
        desk.chores.ended.connect(self._on_chores_ended)

    def enter(self) -> None:
        """Count what there is."""
        self.file.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.desk is None:
            return
        workspace = self.desk.page.workspace
        self.desk.page.pool.quick(
            lambda _context: services.queue_counts(workspace).total, succeeded=self._show_count, failed=self.fail
        )

    def use_sample(self) -> None:
        """Bring in the sample queue and the policies it names."""
        desk = self.desk
        if desk is None or self.busy:
            return
        self.set_busy(True)
        desk.page.pool.quick(
            lambda _context: services.add_sample_policies(desk.page.workspace),
            succeeded=lambda _: desk.chores.import_file(ImportRequest(services.sample_queue_path(), format="jsonl")),
            failed=self.fail,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that is dragged over the step."""
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at a file that was dropped."""
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            QTimer.singleShot(0, self, lambda: self._ask_file(path))

    def _ask_file(self, path: Path | None = None) -> None:
        desk = self.desk
        if desk is None or self.busy:
            return
        desk.page.pool.quick(
            lambda _context: services.list_policies(desk.page.workspace),
            succeeded=lambda policies: self._import(desk, policies, path),
            failed=self.fail,
        )

    def _import(self, desk: OpenDesk, policies: list[PolicyVersion], path: Path | None) -> None:
        dialog = ImportDialog(policies, self, look=desk.chores.look, path=path)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.set_busy(True)
            desk.chores.import_file(dialog.request())
        dialog.deleteLater()

    @Slot(object)
    def _show_count(self, total: int) -> None:
        self._total = total
        words = self.tr("The queue holds {count} items.").format(count=f"{total:,}")
        self.count.setText(words if total else self.tr("The queue is empty."))
        self.changed.emit()

    @Slot(str, int, int)
    def _on_chores_progressed(self, words: str, done: int, total: int) -> None:
        self.progress_words.setText(words)
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.show()

    @Slot()
    def _on_chores_ended(self) -> None:
        self.progress.hide()
        self.progress_words.setText("")
        self.set_busy(False)
        if self.isVisible():
            self.enter()
