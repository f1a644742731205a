"""The insight page: how good the judging is, sheet by sheet, with the items behind every number one key away.

It owns what is chosen (policy, sheet, division) and the buttons; figures are made by `ui.sheets` off the GUI thread.
It must not compute anything, and it reaches the desk through the page context only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core import services
from core.domain import PolicyVersion
from core.domain.behind import Behind
from core.domain.insight import Dimension
from core.domain.opinions import Features
from core.errors import AppError, ExportError
from ui.insight_work import InsightWork
from ui.models.sheet_model import SheetModel
from ui.page import Page, PageContext
from ui.sheets import keys_behind, make_sheet
from ui.sheets.values import Sheet, SheetKind, dimension_name, sheet_name, table_of
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.elided_box import ElidedBox
from ui.widgets.labels import plain_label
from ui.widgets.plot_pane import PlotPane

_WIDEST, _NARROW = 320, 190


class InsightPage(Page):
    """Choose above, read below. Enter or a double click on a number opens the items behind it on the desk."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._stale = True
        self._asked = 0
        self.work = InsightWork(context, self)
        self.sheet: Sheet | None = None
        self.policy = ElidedBox()
        self.kind = ElidedBox()
        self.by = ElidedBox()
        self.reads = ElidedBox()
        self.named: dict[QComboBox, QLabel] = {}
        self.words = plain_label(role="caption", wrap=True)
        self.state = plain_label(role="caption")
        self.model = SheetModel(self)
        self.table = QTableView()
        self.plot = PlotPane(context.desk.theme)
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        self._connect()
        self.setFocusProxy(self.table)

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        body = QSplitter(Qt.Orientation.Vertical)
        body.setChildrenCollapsible(False)
        body.addWidget(self._make_table())
        self.below = self._framed(self.plot)
        body.addWidget(self.below)
        body.setSizes([420, 220])
        self.body = body
        column.addWidget(body, 1)
        column.addWidget(self._foot())

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("role", "head")
        lines = QVBoxLayout(head)
        lines.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(plain_label(self.tr("Insight"), role="heading"))
        row.addSpacing(SPACE_3)
        for word, field in (
            (self.tr("&Policy"), self.policy),
            (self.tr("S&how"), self.kind),
            (self.tr("Divide &by"), self.by),
            (self.tr("&Learn from"), self.reads),
        ):
            label = QLabel(word)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setProperty("role", "caption")
            label.setBuddy(field)
            field.setAccessibleName(word.replace("&", ""))
            field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            field.setMaximumWidth(_WIDEST)
            row.addWidget(label)
            row.addWidget(field)
            self.named[field] = label
        self.policy.setMinimumWidth(_NARROW)
        self.reads.setMaximumWidth(_NARROW)  # its longest choice is seen in the list that opens
        row.addStretch(1)
        row.addWidget(self.state)
        lines.addLayout(row)
        lines.addWidget(self.words)
        for kind in SheetKind:
            self.kind.addItem(sheet_name(kind), kind)
        for reads, words in (
            (Features.WORDS, self.tr("words")),
            (Features.BOTH, self.tr("words and vectors")),
            (Features.VECTORS, self.tr("vectors alone")),
            (None, self.tr("words and vectors of another file…")),
        ):
            self.reads.addItem(words, reads)
        for dimension in Dimension:
            self.by.addItem(dimension_name(dimension), dimension)
        return head

    def _make_table(self) -> QWidget:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Figures"))
        table.setProperty("role", "figures")
        table.verticalHeader().hide()
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(False)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    @staticmethod
    def _framed(inner: QWidget) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "strip")
        row = QVBoxLayout(frame)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.addWidget(inner)
        return frame

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("role", "strip")
        row = QHBoxLayout(foot)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        verbs: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("open", self.tr("&Open the items"), self.open_behind),
            ("draw", self.tr("Draw an &audit sample"), lambda: self.work.draw(self.policy_id or "")),
            ("train", self.tr("&Train"), self._train),
            ("score", self.tr("S&core the queue"), lambda: self.work.score(self.policy_id or "")),
            ("wait", self.tr("Let sure negatives &wait"), lambda: self.work.toggle_waiting(self.policy_id or "")),
            ("stop", self.tr("Stop wor&k"), self.work.stop),
            ("picture", self.tr("Pict&ure…"), self.save_picture),
            ("csv", self.tr("CS&V…"), self.save_csv),
            ("report", self.tr("&Report…"), self.write_report),
        )
        for name, words, verb in verbs:
            if name == "picture":
                row.addStretch(1)
            button = QPushButton(words)
            button.clicked.connect(lambda _=False, do=verb: do())
            self.buttons[name] = button
            row.addWidget(button)
        return foot

    def _connect(self) -> None:
        for field in (self.policy, self.kind, self.by):
            field.activated.connect(self._on_choice_activated)
        self.table.doubleClicked.connect(self._on_table_double_clicked)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.work.said.connect(self._on_work_said)
        self.work.ended.connect(self._on_work_ended)
        self._context.events.changed.connect(self._on_events_changed)

    # Choosing

    def showEvent(self, event: QShowEvent) -> None:
        """Read anew what changed while another page was in view."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    @property
    def policy_id(self) -> str | None:
        """The policy that is chosen, None for all."""
        chosen: str | None = self.policy.currentData()
        return chosen

    def choose(self, policy_id: str | None, kind: SheetKind, by: Dimension | None = None) -> None:
        """Show a sheet, as if a person had chosen it."""
        self.policy.setCurrentIndex(max(0, self.policy.findData(policy_id)))
        self.kind.setCurrentIndex(self.kind.findData(kind))
        if by is not None:
            self.by.setCurrentIndex(self.by.findData(by))
        self._read()

    def reload(self) -> None:
        """Read the policies, then the sheet that is chosen."""
        self._stale = False
        workspace = self._context.workspace
        self._context.pool.quick(
            lambda _context: services.list_policies(workspace),
            succeeded=self._on_policies_listed,
            failed=self._context.desk.notices.show_error,
        )

    def _on_policies_listed(self, policies: list[PolicyVersion]) -> None:
        chosen = self.policy_id
        self.policy.clear()
        self.policy.addItem(self.tr("All policies"), None)
        for policy in policies:
            self.policy.addItem(policy.title.replace("\n", " ")[:60], policy.policy_id)
        self.policy.setCurrentIndex(max(0, self.policy.findData(chosen)))
        self._read()

    @Slot(int)
    def _on_choice_activated(self, _index: int) -> None:
        self._read()

    def _read(self) -> None:
        """Make the chosen sheet off the GUI thread; an answer that was overtaken is thrown away."""
        self._asked += 1
        asked, workspace, policy = self._asked, self._context.workspace, self.policy_id
        kind, by = self.kind.currentData(), Dimension(self.by.currentData())  # Qt makes text of a word
        self.state.setText(self.tr("Measuring…"))

        def done(sheet: Sheet) -> None:
            if asked == self._asked:
                self._show(sheet)

        def failed(error: AppError) -> None:
            if asked == self._asked:
                self.state.setText("")
                self._context.desk.notices.show_error(error)

        self._context.pool.long(lambda _context: make_sheet(workspace, kind, policy, by), succeeded=done, failed=failed)

    def _show(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.state.setText("")
        self.words.setText("\n".join(sheet.notes))
        self.words.setVisible(bool(sheet.notes))
        self.model.show_sheet(sheet)
        self.plot.show_plot(sheet.plot)
        self.below.setVisible(sheet.plot is not None)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setMaximumSectionSize(420)
        header.setStretchLastSection(len(sheet.headers) - 1 not in sheet.numeric)
        if sheet.rows:
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._update_buttons()

    def _update_buttons(self) -> None:
        kind, policy = self.kind.currentData(), self.policy_id is not None
        busy, opinion = self.work.running, kind.about_opinion
        wanted = {"draw": kind is SheetKind.RECALL, "train": opinion, "score": opinion, "wait": opinion}
        for field, shown in ((self.by, kind is SheetKind.AGREEMENT), (self.reads, opinion)):
            field.setVisible(shown)
            self.named[field].setVisible(shown)
        self.reads.setEnabled(policy and not busy)
        for name, shown in wanted.items():
            self.buttons[name].setVisible(shown)
            self.buttons[name].setEnabled(policy and not busy)
        self.buttons["stop"].setVisible(busy)
        self.buttons["report"].setEnabled(policy and not busy)
        self.buttons["picture"].setEnabled(self.sheet is not None)
        self.buttons["csv"].setEnabled(bool(self.sheet and self.sheet.rows))
        self.buttons["open"].setEnabled(self.model.behind(self.table.currentIndex()) is not None)

    @Slot(object)
    def _on_events_changed(self, _change: object) -> None:
        self._stale = True
        if self.isVisible() and not self.work.running:
            self.state.setText(self.tr("Figures have changed: {key} reads them anew.").format(key="F5"))

    # Opening

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the items behind the number; F5 reads everything anew."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_behind()
        elif event.key() == Qt.Key.Key_F5:
            self.reload()
        else:
            super().keyPressEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._update_buttons()

    @Slot(QModelIndex)
    def _on_table_double_clicked(self, _index: QModelIndex) -> None:
        self.open_behind()

    def open_behind(self) -> None:
        """Show the items behind the current cell on the desk."""
        index = self.table.currentIndex()
        behind: Behind | None = self.model.behind(index)
        if behind is None or self.sheet is None:
            return
        row = self.sheet.rows[index.row()].cells
        title = f"{self.kind.currentText()}: {row[0]}"
        if index.column():
            title = f"{title}, {self.sheet.headers[index.column()]}"
        workspace, policy = self._context.workspace, self.policy_id
        self._context.pool.long(
            lambda _context: keys_behind(workspace, policy, behind),
            succeeded=lambda keys: self._open(keys, title),
            failed=self._context.desk.notices.show_error,
        )

    def _open(self, keys: list[int], title: str) -> None:
        if keys:
            self._context.open_entries(keys, title)
        else:
            self._context.desk.notices.show_info(self.tr("No item stands behind that number."))

    def _train(self) -> None:
        """Train, after asking for the file that gives vectors, if any are to be read and none is known."""
        chosen: str | None = self.reads.currentData()
        reads = None if chosen is None else Features(chosen)  # Qt makes text of a word
        embedding = None
        if reads is None or (reads is not Features.WORDS and not self._context.workspace.settings.embedding_model):
            title = self.tr("Embedding model")
            embedding, _ = QFileDialog.getOpenFileName(self, title, str(Path.home()), self.tr("GGUF files (*.gguf)"))
            if not embedding:
                return
        self.work.train(self.policy_id or "", reads or Features.BOTH, embedding)

    @Slot(str)
    def _on_work_said(self, words: str) -> None:
        self.state.setText(words)
        self._update_buttons()

    @Slot(bool)
    def _on_work_ended(self, changed: bool) -> None:
        self.state.setText("")
        self._update_buttons()
        if changed:
            self.reload()

    # Taking away

    def save_picture(self) -> None:
        """Ask for a file and write the sheet as it is on screen."""
        path = self._ask_file(self.tr("Save picture"), "insight.png")
        if path is not None and not self.body.grab().save(str(path), "PNG"):
            self._context.desk.notices.show_error(
                ExportError(f"{path} cannot be written.", self.tr("Choose another place."))
            )

    def save_csv(self) -> None:
        """Ask for a file and write the table as CSV."""
        path = self._ask_file(self.tr("Save as CSV"), "insight.csv")
        if path is None or self.sheet is None:
            return
        workspace, (headers, rows) = self._context.workspace, table_of(self.sheet)
        title = self.kind.currentText()
        self._context.pool.quick(
            lambda _context: services.save_table(workspace, path=path, headers=headers, rows=rows, title=title),
            succeeded=lambda saved: self._context.desk.notices.show_info(
                self.tr("{name} is written.").format(name=saved.name)
            ),
            failed=self._context.desk.notices.show_error,
        )

    def write_report(self) -> None:
        """Ask for a folder and write the evaluation report into it."""
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for the report"), str(Path.home()))
        if chosen and self.policy_id is not None:
            self.work.write_report(self.policy_id, Path(chosen))

    def _ask_file(self, title: str, name: str) -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(Path.home() / name))
        return Path(chosen) if chosen else None

    def leave(self) -> None:
        """Ask running work to stop."""
        self.work.stop()
