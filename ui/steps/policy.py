"""The fourth step: what is judged by: policies that ship with Docket, or a file of one's own.

It owns the choice, and shows the labels of each before it counts. A policy is written on its own page, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton

from core import services
from core.domain import PolicyVersion
from ui.steps.page import StepPage
from ui.tasks import TaskContext
from ui.tokens import SPACE_2
from ui.visible import one_line
from ui.widgets.labels import plain_label

_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class _Offer:
    """A policy to choose. `path` is None for one that is in the workspace."""

    policy: PolicyVersion
    path: Path | None


class PolicyStep(StepPage):
    """Ready as soon as one policy is ticked, or in the workspace already."""

    def __init__(self) -> None:
        super().__init__(
            self.tr("Policy"),
            self.tr("What is it judged by?"),
            self.tr(
                "A policy is a text with rules and labels; the model reads it word by word, and so do you. Begin with "
                "these or with a file of your own; it can be changed and tested at any time on the page Policies."
            ),
        )
        self.list = QListWidget()
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName(self.tr("Policies to judge by"))
        self.labels = plain_label(role="caption", wrap=True)
        self.file = QPushButton(self.tr("A &file of your own…"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self.file)
        row.addStretch(1)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.labels)
        self.body.addLayout(row)
        self.list.itemChanged.connect(lambda _: self.changed.emit())
        self.list.currentRowChanged.connect(lambda _: self._show_labels())
        self.file.clicked.connect(self._on_file_clicked)

    @property
    def ready(self) -> bool:
        """Whether there is something to judge by."""
        return not self.busy and any(self._item(row).checkState() is Qt.CheckState.Checked for row in self._rows())

    def enter(self) -> None:
        """Read which policies ship and which are in the workspace."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.desk is None:
            return
        workspace = self.desk.page.workspace

        def read(context: TaskContext) -> list[_Offer]:
            del context
            there = [_Offer(policy, None) for policy in services.list_policies(workspace)]
            ids = {offer.policy.policy_id for offer in there}
            shipped = [_Offer(services.read_policy(path), path) for path in services.shipped_policies()]
            return [*there, *(offer for offer in shipped if offer.policy.policy_id not in ids)]

        self.desk.page.pool.quick(read, succeeded=self._show_offers, failed=self.fail)

    def commit(self) -> None:
        """Add what is ticked and not in the workspace yet."""
        desk = self.desk
        ticked = [item for item in map(self._item, self._rows()) if item.checkState() is Qt.CheckState.Checked]
        paths = [offer.path for item in ticked if (offer := item.data(_ROLE)).path is not None]
        if desk is None or not paths:
            self.finished.emit()
            return

        def add(context: TaskContext) -> None:
            del context
            for path in paths:
                services.add_policy(desk.page.workspace, path=path)

        self.set_busy(True)
        desk.page.pool.quick(add, succeeded=self._on_added, failed=self.fail)

    @Slot(object)
    def _on_added(self, _: object) -> None:
        self.set_busy(False)
        if self.desk is not None:
            self.desk.page.events.everything_changed()
        self.finished.emit()

    def _show_offers(self, offers: list[_Offer]) -> None:
        kept = {
            item.data(_ROLE).policy.policy_id
            for item in map(self._item, self._rows())
            if item.checkState() is Qt.CheckState.Checked
        }
        own = [item.data(_ROLE) for item in map(self._item, self._rows()) if item.data(_ROLE).path is not None]
        listed = {offer.policy.policy_id for offer in offers}
        self.list.clear()
        for offer in [*offers, *(one for one in own if one.policy.policy_id not in listed)]:
            self._add(offer, ticked=offer.path is None or offer.policy.policy_id in kept)
        self.list.setCurrentRow(0)
        self.changed.emit()

    def _add(self, offer: _Offer, *, ticked: bool) -> None:
        title = one_line(offer.policy.title or offer.policy.policy_id, 80)
        words = self.tr("{title} (in the workspace)").format(title=title) if offer.path is None else title
        item = QListWidgetItem(words)
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        item.setFlags(flags if offer.path is None else flags | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setData(_ROLE, offer)
        self.list.addItem(item)

    def _show_labels(self) -> None:
        row = self.list.currentRow()
        if row < 0:
            return
        labels = " · ".join(f"{label.code} {label.name}" for label in self._item(row).data(_ROLE).policy.labels)
        self.labels.setText(self.tr("Labels: {labels}").format(labels=one_line(labels, 400)))

    @Slot()
    def _on_file_clicked(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("Add a policy"), "", self.tr("Policies (*.md *.txt);;All files (*)")
        )
        if chosen:
            self.offer_file(Path(chosen))

    def offer_file(self, path: Path) -> None:
        """Read a policy file and tick it; its labels are shown, and nothing is stored yet."""
        if self.desk is None:
            return

        def read(context: TaskContext) -> _Offer:
            del context
            return _Offer(services.read_policy(path), path)

        self.set_busy(True)
        self.desk.page.pool.quick(read, succeeded=self._on_file_read, failed=self.fail)

    def _on_file_read(self, offer: _Offer) -> None:
        self.set_busy(False)
        for row in self._rows():
            held = self._item(row).data(_ROLE)
            if held.policy.policy_id == offer.policy.policy_id and held.path is not None:
                self.list.takeItem(row)
                break
        self._add(offer, ticked=True)
        self.list.setCurrentRow(self.list.count() - 1)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _rows(self) -> range:
        return range(self.list.count())

    def _item(self, row: int) -> QListWidgetItem:
        return self.list.item(row)
