"""The fold-out panel above the list: what narrows the queue besides state and policy, and the views people saved.

It owns its fields and the sentence that says what is narrowed. It must not query: it is handed what there is to choose
from and emits what was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.domain import Cause, PolicyVersion, QueueFacets, SavedView, VerdictStatus
from ui.tokens import SPACE_1, SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.elided_box import ElidedBox
from ui.widgets.labels import plain_label
from ui.words import cause_word, language_word, status_word


@dataclass(frozen=True, slots=True)
class Restriction:
    """One thing that narrows the queue: the field of `QueueFilter`, its value and both in words."""

    field: str
    value: Any
    words: str


class FilterPanel(QFrame):
    """`changed` says that a field was chosen, `closed` that Escape was pressed; the others speak of saved views."""

    changed = Signal()
    view_chosen = Signal(object)
    save_wanted = Signal(str)
    remove_wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "filters")
        self.views = _box(self.tr("Saved views"))
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name for this view"))
        self.name.setPlaceholderText(self.tr("Save this view as…"))
        self.name.setMaxLength(60)
        self.remove = QPushButton(self.tr("Remove"))
        self.remove.setAccessibleName(self.tr("Remove the saved view"))
        self.remove.setProperty("role", "quiet")
        self._titles = {
            "label": self.tr("Label"),
            "status": self.tr("Model run"),
            "source": self.tr("Source"),
            "language": self.tr("Language"),
            "reviewer": self.tr("Decided by"),
            "cause": self.tr("Cause"),
        }
        self.boxes = {field: _box(title) for field, title in self._titles.items()}
        self._build()
        self._offer("status", [(status_word(status), status) for status in VerdictStatus])
        self._offer("cause", [(cause_word(cause), cause) for cause in Cause])
        for field in ("label", "source", "language", "reviewer"):
            self._offer(field, [])
        self.set_views([])
        self.hide()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(SPACE_1)
        for number, (field, box) in enumerate(self.boxes.items()):
            cell = QVBoxLayout()
            cell.setSpacing(0)
            cell.addWidget(plain_label(self._titles[field], role="caption"))
            cell.addWidget(box)
            grid.addLayout(cell, number // 2, number % 2)
            box.activated.connect(self.changed)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        saved = QHBoxLayout()
        saved.setSpacing(SPACE_2)
        saved.addWidget(self.views, 1)
        saved.addWidget(self.remove)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column_of_all.setSpacing(SPACE_2)
        column_of_all.addLayout(saved)
        column_of_all.addLayout(grid)
        column_of_all.addWidget(self.name)
        self.views.activated.connect(self._on_views_activated)
        self.name.returnPressed.connect(self._on_name_return_pressed)
        self.remove.clicked.connect(self._on_remove_clicked)

    def values(self) -> dict[str, Any]:
        """Return the restrictions as fields of a `QueueFilter`; None where nothing is chosen."""
        found = {field: box.currentData() for field, box in self.boxes.items()}
        # Qt hands a string back where an enumeration went in.
        kinds: dict[str, Any] = {"status": VerdictStatus, "cause": Cause}
        return {name: value if value is None else kinds.get(name, str)(value) for name, value in found.items()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Choose these, without telling anyone. A value that is not offered yet is added."""
        for field, value in values.items():
            box = self.boxes[field]
            if value is not None and box.findData(value) < 0:
                box.addItem(_words(field, value), value)
            box.setCurrentIndex(max(0, box.findData(value)))

    def restrictions(self) -> list[Restriction]:
        """Return what is chosen, in the order of the fields."""
        return [
            Restriction(field, value, f"{self._titles[field]}: {self.boxes[field].currentText()}")
            for field, value in self.values().items()
            if value is not None
        ]

    def offer_policies(self, policies: Iterable[PolicyVersion]) -> None:
        """Offer the labels of these policies."""
        names = {label.code: label.name for policy in policies for label in policy.labels}
        self._offer("label", [(f"{code}  {one_line(name, 40)}".strip(), code) for code, name in sorted(names.items())])

    def offer_facets(self, facets: QueueFacets) -> None:
        """Offer what there is."""
        for field, found in (
            ("source", facets.sources),
            ("language", facets.languages),
            ("reviewer", facets.reviewers),
        ):
            self._offer(field, [(_words(field, value), value) for value in found])

    def set_views(self, views: Sequence[SavedView], chosen: str = "") -> None:
        """Offer these saved views; `chosen` is the one that was just saved."""
        self.views.clear()
        self.views.addItem(self.tr("Saved views…") if views else self.tr("No saved views yet"), None)
        for view in views:
            self.views.addItem(one_line(view.name, 60), view)
        names = [view.name for view in views]
        self.views.setCurrentIndex(names.index(chosen) + 1 if chosen in names else 0)
        self.views.setEnabled(bool(views))
        self.remove.setEnabled(self.views.currentData() is not None)
        if chosen in names:
            self.name.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the panel; what is chosen stays."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _offer(self, field: str, choices: Iterable[tuple[str, Any]]) -> None:
        box = self.boxes[field]
        chosen = box.currentData()
        box.clear()
        box.addItem(self.tr("Any"), None)
        for words, value in choices:
            box.addItem(words, value)
        self.set_values({field: chosen})

    @Slot()
    def _on_views_activated(self) -> None:
        view = self.views.currentData()
        self.remove.setEnabled(view is not None)
        if view is not None:
            self.view_chosen.emit(view)

    @Slot()
    def _on_name_return_pressed(self) -> None:
        if self.name.text().strip():
            self.save_wanted.emit(self.name.text())

    @Slot()
    def _on_remove_clicked(self) -> None:
        view = self.views.currentData()
        if view is not None:
            self.remove_wanted.emit(view.name)


def _words(field: str, value: Any) -> str:  # noqa: ANN401 - whatever the field holds
    return language_word(value) if field == "language" else one_line(str(value), 60)


def _box(name: str) -> QComboBox:
    box = ElidedBox()
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box
