"""The test bench: which text on which cases, the figures of the run, and the table of what flips.

It owns the choice of cases and what is shown of a run. It runs nothing: it asks, and is handed reports.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.domain import CaseSet, Figures, Flip, FlipKind, TrialRun
from core.domain.insight import Estimate
from core.services import FlipReport
from ui.key_words import keyed
from ui.models.flip_model import FlipModel, kind_words
from ui.theme import Theme
from ui.tokens import BASE_POINT_SIZE, SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.elided_box import ElidedBox
from ui.widgets.labels import plain_label
from ui.widgets.segmented import Segmented
from ui.widgets.text_surface import TextSurface

KINDS = (FlipKind.NEWLY_BROKEN, FlipKind.UNPARSED, FlipKind.FIXED, FlipKind.UNCHANGED)
_FIGURES = ("precision", "recall", "f1", "kappa", "right")


class PolicyBench(QWidget):
    """`run_wanted` carries a set's name, `open_wanted` item ids for the desk, `flip_chosen` the case in focus."""

    run_wanted = Signal(str)
    stop_wanted = Signal()
    freeze_wanted = Signal()
    open_wanted = Signal(list)
    flip_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: FlipReport | None = None
        self.cases = ElidedBox()
        self.cases.setAccessibleName(self.tr("Case set"))
        self.cases.setMinimumWidth(220)
        self.run = QPushButton(keyed(self.tr("Run the test"), "Ctrl+R"))
        self.stop = QPushButton(self.tr("Stop"))
        self.freeze = QPushButton(keyed(self.tr("Freeze decisions"), "Ctrl+G"))
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(140)
        self.progress.setAccessibleName(self.tr("Progress of the test"))
        self.words = plain_label(role="caption", wrap=True)
        self.figures = QGridLayout()
        self.kinds = Segmented(theme, self.tr("Which cases"), [kind_words()[kind] for kind in KINDS])
        self.model = FlipModel(theme, self)
        self.table = QTableView()
        self.surface = TextSurface(theme, self.tr("The case and what was said of it"), point_size=BASE_POINT_SIZE)
        self.open = QPushButton(keyed(self.tr("Open on the desk"), "Return"))
        self._build()
        self.set_running(is_running=False)

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("role", "head")
        row = QHBoxLayout(head)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        row.addWidget(plain_label(self.tr("Cases"), role="section"))
        row.addWidget(self.cases)
        row.addWidget(self.freeze)
        row.addStretch(1)
        row.addWidget(self.progress)
        row.addWidget(self.stop)
        row.addWidget(self.run)
        summary = QWidget()
        summary.setProperty("role", "pane")
        summary.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(summary)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        self.figures.setHorizontalSpacing(SPACE_4)
        self.figures.setVerticalSpacing(2)
        column.addWidget(self.words)
        column.addLayout(self.figures)
        self._build_table()
        foot = QFrame()
        foot.setProperty("role", "strip")
        below = QHBoxLayout(foot)
        below.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        below.addStretch(1)
        below.addWidget(self.open)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(summary)
        whole.addWidget(self.kinds)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(self.surface)
        split.setSizes([260, 150])
        split.setStretchFactor(0, 1)
        whole.addWidget(split, 1)
        whole.addWidget(foot)
        self.run.clicked.connect(self.ask_run)
        self.stop.clicked.connect(self.stop_wanted)
        self.freeze.clicked.connect(self.freeze_wanted)
        self.open.clicked.connect(self.ask_open)
        self.kinds.chosen.connect(self._show_kind)
        self.table.activated.connect(self._on_table_activated)
        self.table.selectionModel().currentRowChanged.connect(self._on_table_current_row_changed)

    def _build_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setProperty("role", "cases")
        table.setAccessibleName(self.tr("Cases of the run"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        for number, width in enumerate((120, 240, 130, 130, 130)):
            table.setColumnWidth(number, width)

    # The choice of cases

    def show_case_sets(self, case_sets: Sequence[CaseSet], policy_id: str) -> None:
        """Offer the sets that hold cases of a policy; the one that was chosen stays so."""
        chosen = self.cases.currentData()
        own = [case_set for case_set in case_sets if policy_id in case_set.policies]
        self.cases.clear()
        for case_set in own:
            words = self.tr("{name} · {count} cases").format(name=one_line(case_set.name, 60), count=case_set.cases)
            self.cases.addItem(words, case_set.name)
        if chosen is not None:
            self.cases.setCurrentIndex(max(0, self.cases.findData(chosen)))
        self.run.setEnabled(bool(own))
        if not own and self._report is None:
            self.words.setText(self.tr("No case set holds cases of this policy yet. Freeze the decisions to test on."))

    # A run

    def set_running(self, *, is_running: bool, words: str = "", done: int = 0, total: int = 0) -> None:
        """Show that a test runs and how far it is, or that none does."""
        self.progress.setVisible(is_running)
        self.stop.setVisible(is_running)
        self.run.setVisible(not is_running)
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        if words:
            self.words.setText(words)

    def show_report(self, report: FlipReport | None) -> None:
        """Show a run, its losses first, or none."""
        self._report = report
        self._clear_figures()
        flips = report.run.flips if report is not None else ()
        counts = [sum(flip.kind is kind for flip in flips) for kind in KINDS]
        self.kinds.set_counts(counts)
        if report is None:
            self.words.setText(self.tr("No test of this policy yet."))
        else:
            self._show_figures(report)
        self.kinds.set_index(next((index for index, count in enumerate(counts) if count), 0))
        self._show_kind(self.kinds.index)

    def _clear_figures(self) -> None:
        while (taken := self.figures.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.deleteLater()

    def _show_figures(self, report: FlipReport) -> None:
        run = report.run
        words = self.tr("{cases} cases of {name} · {model} · {day} by {who}").format(
            cases=len(run.flips),
            name=one_line(run.case_set, 60),
            model=one_line(run.model, 40),
            day=f"{run.finished_at:%d %b %Y %H:%M}",
            who=one_line(run.actor, 40),
        )
        if report.mcnemar is not None:
            words += self.tr(" · McNemar p {p}").format(p=f"{report.mcnemar.p:.3g}")
        self.words.setText(words)
        titles = ("", *(self.tr(word) for word in ("Precision", "Recall", "F1", "Kappa", "Right")), self.tr("Tokens"))
        for column, title in enumerate(titles):
            self.figures.addWidget(plain_label(title, role="section"), 0, column)
        self._figure_row(1, self.tr("This text"), report.draft)
        if report.against is not None:
            self._figure_row(2, self.tr("Before"), report.against)
        if report.difference is not None:
            gaps = [
                report.difference.precision,
                report.difference.recall,
                report.difference.f1,
                report.difference.kappa,
            ]
            self.figures.addWidget(plain_label(self.tr("Change"), role="caption"), 3, 0)
            for column, gap in enumerate(gaps, 1):
                self.figures.addWidget(self._figure(gap, signed=True), 3, column)
        self.figures.setColumnStretch(len(titles), 1)

    def _figure_row(self, row: int, title: str, figures: Figures) -> None:
        self.figures.addWidget(plain_label(title, role="strong"), row, 0)
        for column, name in enumerate(_FIGURES, 1):
            self.figures.addWidget(self._figure(getattr(figures, name)), row, column)
        tokens = f"{figures.prompt_tokens + figures.output_tokens:,}"
        self.figures.addWidget(plain_label(tokens), row, len(_FIGURES) + 1)

    def _figure(self, estimate: Estimate, *, signed: bool = False) -> QLabel:
        if estimate.value is None:
            return plain_label("–", role="caption")
        sign = "+" if signed else ""
        words = f"{estimate.value:{sign}.2f}"
        if estimate.low is not None and estimate.high is not None:
            words += self.tr("  {low} to {high}").format(
                low=f"{estimate.low:{sign}.2f}", high=f"{estimate.high:{sign}.2f}"
            )
        return plain_label(words, role="caption" if signed else "")

    @Slot(int)
    def _show_kind(self, index: int) -> None:
        flips = self._report.run.flips if self._report is not None else ()
        shown = [flip for flip in flips if flip.kind is KINDS[index]]
        self.surface.show_sections([])
        self.model.show(shown)
        self.open.setEnabled(bool(shown))
        if shown:
            self.table.selectRow(0)

    @property
    def run_in_view(self) -> TrialRun | None:
        """The run that is shown."""
        return self._report.run if self._report is not None else None

    @property
    def flip_in_view(self) -> Flip | None:
        """The case that is looked at."""
        return self.model.flip(self.table.currentIndex().row())

    @property
    def shown(self) -> list[Flip]:
        """The cases in the table, in order."""
        flips = (self.model.flip(row) for row in range(self.model.rowCount()))
        return [flip for flip in flips if flip is not None]

    @Slot()
    def ask_run(self) -> None:
        """Ask for a test on the chosen cases."""
        name = self.cases.currentData()
        if name and self.run.isVisible() and self.run.isEnabled():
            self.run_wanted.emit(str(name))

    @Slot()
    def ask_open(self) -> None:
        """Ask to see the selected cases on the desk, all that are shown when none is selected."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        flips = [self.model.flip(row) for row in rows]
        chosen = [flip.case.item_id for flip in flips if flip is not None]
        self.open_wanted.emit(chosen or [flip.case.item_id for flip in self.shown])

    @Slot(QModelIndex, QModelIndex)
    def _on_table_current_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        flip = self.model.flip(current.row()) if current.isValid() else None
        if flip is not None:
            self.flip_chosen.emit(flip)

    @Slot(QModelIndex)
    def _on_table_activated(self, _index: QModelIndex) -> None:
        self.ask_open()
