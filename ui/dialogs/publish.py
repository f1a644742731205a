"""Asks before a draft is published: what stands in the way, what breaks, and what the new version is about.

It owns which of it a person has seen and waved through. It publishes nothing.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from core.services import Obstacle, PublishCheck
from ui.models.flip_model import answer_word
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label

_HARD = frozenset({Obstacle.UNCHANGED, Obstacle.NOT_ACCEPTED})


class PublishDialog(QDialog):
    """Accepted means: publish, with `accepted` waved through and `note`."""

    def __init__(self, check: PublishCheck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: dict[Obstacle, QCheckBox] = {}
        version = (check.current.version if check.current is not None else 0) + 1
        self.setWindowTitle(self.tr("Publish"))
        self.setMinimumWidth(560)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        title = self.tr("{title}, version {number}").format(title=one_line(check.policy.title), number=version)
        column.addWidget(plain_label(title, role="heading"))
        for obstacle in check.obstacles:
            self._add_obstacle(column, check, obstacle)
        if not check.obstacles:
            column.addWidget(plain_label(self.tr("Tested on exactly this text; nothing that was right breaks.")))
        if check.lost:
            column.addWidget(self._lost(check))
        column.addWidget(plain_label(self.tr("What is new, and why"), role="section"))
        self.note = QLineEdit(one_line(check.draft.note, 500))
        self.note.setAccessibleName(self.tr("What is new, and why"))
        self.note.setMaxLength(500)
        column.addWidget(self.note)
        self.publish = QPushButton(self.tr("Publish"))
        self.publish.setProperty("role", "primary")
        self.publish.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"))
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.publish)
        column.addLayout(row)
        self._barred = bool(_HARD & set(check.obstacles))
        self.publish.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self._weigh()
        self.note.setFocus()

    def _add_obstacle(self, column: QVBoxLayout, check: PublishCheck, obstacle: Obstacle) -> None:
        what, _ = check.words(obstacle)
        if obstacle in _HARD:
            column.addWidget(plain_label(what, role="field-error", wrap=True))
            return
        words = {
            Obstacle.LINT: self.tr("Publish despite the lint errors"),
            Obstacle.UNTESTED: self.tr("Publish without a test"),
            Obstacle.BREAKS: self.tr("I have looked at what breaks; publish"),
        }
        column.addWidget(plain_label(what, role="warning", wrap=True))
        box = QCheckBox(words[obstacle])
        box.toggled.connect(self._weigh)
        self._boxes[obstacle] = box
        column.addWidget(box)

    def _lost(self, check: PublishCheck) -> QListWidget:
        listed = QListWidget()
        listed.setAccessibleName(self.tr("Cases that were right and are not any more"))
        listed.setProperty("role", "boxed")
        listed.setMaximumHeight(180)
        for flip in check.lost:
            words = self.tr("{item}: human {human}, was {before}, now {after}").format(
                item=one_line(flip.case.item_id, 80),
                human=flip.case.label,
                before=answer_word(flip.before),
                after=answer_word(flip.after),
            )
            listed.addItem(words)
        return listed

    @property
    def accepted_obstacles(self) -> frozenset[Obstacle]:
        """What was waved through."""
        return frozenset(obstacle for obstacle, box in self._boxes.items() if box.isChecked())

    @Slot()
    def _weigh(self) -> None:
        seen = all(box.isChecked() for box in self._boxes.values())
        self.publish.setEnabled(seen and not self._barred)
