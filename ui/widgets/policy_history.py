"""The versions and drafts of a policy at the left, and at the right what the chosen one changed.

It owns which two texts are held against each other. It compares nothing: it asks, and is handed the difference.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.domain import Draft, DraftOrigin, PolicyVersion
from core.services import PolicyDiff
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.diff_view import DiffView
from ui.widgets.labels import plain_label

_NAME = int(Qt.ItemDataRole.UserRole)


class PolicyHistory(QWidget):
    """`wanted` carries the names of the two texts to compare, the older one None for nothing before it."""

    wanted = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diff: PolicyDiff | None = None
        self.versions = QListWidget()
        self.versions.setAccessibleName(self.tr("Versions and drafts"))
        self.versions.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.versions.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.only_changes = QCheckBox(self.tr("Only what changed"))
        self.only_changes.setChecked(True)
        self.words = plain_label(role="caption", wrap=True)
        self.diff = DiffView(theme)
        head = QFrame()
        head.setProperty("role", "head")
        row = QHBoxLayout(head)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.addWidget(self.words, 1)
        row.addWidget(self.only_changes)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.diff, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.versions)
        split.addWidget(right)
        split.setSizes([230, 720])
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
        self.versions.currentRowChanged.connect(self._on_versions_current_row_changed)
        self.only_changes.toggled.connect(self._show)

    def show_history(self, versions: Sequence[PolicyVersion], drafts: Sequence[Draft]) -> None:
        """List drafts above versions, newest first, and ask what the first one changed."""
        self.versions.blockSignals(True)
        self.versions.clear()
        for draft in drafts:
            by = self.tr("the model") if draft.origin is DraftOrigin.MODEL else draft.author
            title = self.tr("Draft {name}").format(name=draft.name)
            self._add(f"draft:{draft.name}", title, f"{draft.updated_at:%d %b %Y %H:%M} · {by}", draft.note)
        for version in versions:
            title = self.tr("Version {number}").format(number=version.version)
            when = f"{version.created_at:%d %b %Y %H:%M}" if version.created_at else ""
            name = f"{version.policy_id}@{version.version}"
            self._add(name, title, f"{when} · {version.author}", version.note)
        self.versions.blockSignals(False)
        self.show_diff(None)
        if self.versions.count():
            self.versions.setCurrentRow(0)
            self._on_versions_current_row_changed(0)

    def _add(self, name: str, title: str, made: str, note: str) -> None:
        lines = [title, made, *([note] if note else [])]
        item = QListWidgetItem("\n".join(one_line(line, 60) for line in lines))
        item.setData(_NAME, name)
        item.setToolTip(plain_tip("\n".join(lines)))

        self.versions.addItem(item)

    @Slot(int)
    def _on_versions_current_row_changed(self, row: int) -> None:
        """Ask for the difference to the version before: of a draft, to the current one."""
        if row < 0:
            return
        name = str(self.versions.item(row).data(_NAME))
        below = [str(self.versions.item(n).data(_NAME)) for n in range(row + 1, self.versions.count())]
        before = next((other for other in below if not other.startswith("draft:")), None)
        self.wanted.emit(before, name)

    def show_diff(self, diff: PolicyDiff | None) -> None:
        """Show a difference, or nothing."""
        self._diff = diff
        self._show()

    @Slot()
    def _show(self) -> None:
        diff = self._diff
        if diff is None:
            self.words.setText(self.tr("Nothing to compare with: this is the first text."))
        elif diff.empty:
            self.words.setText(self.tr("No difference."))
        else:
            count = len(diff.changed) + len(diff.fields)
            self.words.setText(self.tr("{count} changes").format(count=count))
        self.diff.show_diff(diff, only_changes=self.only_changes.isChecked())
