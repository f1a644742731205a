"""What a policy's disagreements have in common at the left, and at the right one group: its clause and its items.

It owns which group and which items are looked at. It changes nothing: it emits what a person wants done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.domain import DisagreementGroup
from ui.key_words import keyed
from ui.theme import mono_font
from ui.tokens import BASE_POINT_SIZE, SPACE_1, SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.labels import plain_label
from ui.words import cause_word

_ITEM = int(Qt.ItemDataRole.UserRole)


class PolicyRefine(QWidget):
    """Signals carry a clause and its new words, a group, or item ids."""

    edit_wanted = Signal(str, str)
    suggest_wanted = Signal(object)
    example_wanted = Signal(str)
    golden_wanted = Signal(str)
    open_wanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[DisagreementGroup, ...] = ()
        self.groups = QListWidget()
        self.groups.setAccessibleName(self.tr("Groups of disagreements"))
        self.items = QListWidget()
        self.items.setAccessibleName(self.tr("Items of the group"))
        self.items.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        for listed in (self.groups, self.items):
            listed.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            listed.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.words = plain_label(role="strong")
        self.clause = QPlainTextEdit()
        self.clause.setProperty("role", "field")
        self.clause.setFont(mono_font(BASE_POINT_SIZE))
        self.clause.setAccessibleName(self.tr("The clause"))
        self.clause.setTabChangesFocus(True)
        self.clause.setFixedHeight(88)
        self.edit = QPushButton(keyed(self.tr("Into the draft"), "Ctrl+T"))
        self.suggest = QPushButton(keyed(self.tr("Let the model propose"), "Ctrl+L"))
        self.example = QPushButton(keyed(self.tr("Make an example"), "Ctrl+Shift+M"))
        self.golden = QPushButton(keyed(self.tr("Golden set"), "Ctrl+B"))
        self.open = QPushButton(keyed(self.tr("Open on the desk"), "Return"))
        self._build()

    def _build(self) -> None:
        top = QFrame()
        top.setProperty("role", "head")
        column = QVBoxLayout(top)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_1)
        column.addWidget(self.words)
        column.addWidget(self.clause)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addStretch(1)
        row.addWidget(self.suggest)
        row.addWidget(self.edit)
        column.addLayout(row)
        foot = QFrame()
        foot.setProperty("role", "strip")
        below = QHBoxLayout(foot)
        below.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        below.setSpacing(SPACE_2)
        below.addStretch(1)
        for button in (self.golden, self.example, self.open):
            below.addWidget(button)
        right = QWidget()
        inner = QVBoxLayout(right)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(top)
        inner.addWidget(self.items, 1)
        inner.addWidget(foot)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.groups)
        split.addWidget(right)
        split.setSizes([230, 720])
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.groups.currentRowChanged.connect(self._on_groups_current_row_changed)
        self.items.itemActivated.connect(lambda _item: self.ask_open())
        for pressed, verb in (
            (self.edit, self.ask_edit), (self.suggest, self.ask_suggest), (self.example, self.ask_example),
            (self.golden, self.ask_golden), (self.open, self.ask_open),
        ):  # fmt: skip
            pressed.clicked.connect(lambda _=False, do=verb: do())

    def show_groups(self, groups: Sequence[DisagreementGroup]) -> None:
        """Show other groups; the one that was looked at stays in view."""
        before = self.group.key if self.group is not None else ""
        self._groups = tuple(groups)
        self.groups.blockSignals(True)
        self.groups.clear()
        for group in groups:
            cause = cause_word(group.cause) if group.cause is not None else self.tr("No cause given")
            clause = group.clause or self.tr("no clause")
            self.groups.addItem(f"{one_line(clause, 40)} · {cause}\n{self._count_words(group)}")
        self.groups.blockSignals(False)
        row = next((row for row, group in enumerate(self._groups) if group.key == before), 0)
        self.groups.setCurrentRow(row if self._groups else -1)
        self._on_groups_current_row_changed(self.groups.currentRow())

    def _count_words(self, group: DisagreementGroup) -> str:
        """Return how many items a group has, and how many of them the model missed or overdid."""
        sides = (
            (self.tr("{count} missed"), group.missed),
            (self.tr("{count} overdone"), group.overdone),
        )
        parts = [words.format(count=count) for words, count in sides if count]
        return " · ".join([self.tr("{count} items").format(count=len(group.items)), *parts])

    @property
    def group(self) -> DisagreementGroup | None:
        """The group that is looked at."""
        row = self.groups.currentRow()
        return self._groups[row] if 0 <= row < len(self._groups) else None

    @Slot(int)
    def _on_groups_current_row_changed(self, _row: int) -> None:
        group = self.group
        self.items.clear()
        for button in (self.suggest, self.example, self.golden, self.open):
            button.setEnabled(group is not None)
        self.edit.setEnabled(group is not None and bool(group.clause_text))
        self.clause.setEnabled(group is not None and bool(group.clause_text))
        self.clause.setPlainText(group.clause_text if group is not None else "")
        if group is None:
            self.words.setText(self.tr("No disagreement under this policy."))
            return
        place = self.tr("{clause}, line {line}").format(clause=group.clause, line=group.line)
        self.words.setText(place if group.line else self.tr("No clause of the policy covers these items"))
        for index, alike in _in_clusters(group):
            item = group.items[index]
            mark = "↳ " if alike else ""
            excerpt = item.excerpt if not item.removed else self.tr("content removed")
            said = self.tr("human {human}, model {model}").format(human=item.human_label, model=item.model_label)
            note = f" · {one_line(item.note, 80)}" if item.note else ""
            row = QListWidgetItem(f"{mark}{one_line(excerpt, 120)}\n{mark and '   '}{said}{note}")
            row.setData(_ITEM, item.item_id)
            row.setToolTip(plain_tip(item.excerpt))
            self.items.addItem(row)
        self.items.setCurrentRow(0)

    def _chosen(self) -> list[str]:
        return [str(item.data(_ITEM)) for item in self.items.selectedItems()]

    def ask_edit(self) -> None:
        """Ask for the clause's new words in the draft."""
        group = self.group
        if group is not None and self.edit.isEnabled():
            self.edit_wanted.emit(group.clause, self.clause.toPlainText())

    def ask_suggest(self) -> None:
        """Ask for a proposal of the model."""
        if self.group is not None and self.suggest.isEnabled():
            self.suggest_wanted.emit(self.group)

    def ask_example(self) -> None:
        """Ask for the chosen item among the examples."""
        for item_id in self._chosen()[:1]:
            self.example_wanted.emit(item_id)

    def ask_golden(self) -> None:
        """Ask for the chosen item in the golden set."""
        for item_id in self._chosen()[:1]:
            self.golden_wanted.emit(item_id)

    def ask_open(self) -> None:
        """Ask to see the chosen items on the desk, all of the group when none is chosen."""
        group = self.group
        if group is not None:
            self.open_wanted.emit(self._chosen() or [item.item_id for item in group.items])


def _in_clusters(group: DisagreementGroup) -> Iterator[tuple[int, bool]]:
    """Yield the indexes of a group's items, those that are alike together; the flag marks all but the first of them."""
    for cluster in group.alike:
        for position, index in enumerate(cluster):
            yield index, bool(position)
