"""How much of a model goes on a graphics card: two numbers, each of which Docket chooses unless a person does.

It owns its fields and hands back what was set, as words of the settings. It must not change a setting itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label
from ui.widgets.number_box import NumberBox

_AUTO = -1
_MOST_LAYERS = 1000


class GraphicsDialog(QDialog):
    """Shows what was found and asks for layers and experts; `values` are the settings to save."""

    def __init__(
        self, found: str, *, gpu_layers: int | None, cpu_experts: int | None, parent: QWidget | None = None
    ) -> None:
        """`found` says which cards there are; None stands for what Docket chooses."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Graphics card"))
        self.setMinimumWidth(520)
        self.layers = self._number(gpu_layers, self.tr("Layers on the graphics card"))
        self.experts = self._number(cpu_experts, self.tr("Layers whose experts stay on the processor"))
        self.save_button = QPushButton(self.tr("Save"))
        self.save_button.setProperty("role", "primary")
        self.save_button.setDefault(True)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.save_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self._lay_out(found)
        self.layers.setFocus(Qt.FocusReason.OtherFocusReason)

    def _number(self, value: int | None, name: str) -> NumberBox:
        box = NumberBox(_AUTO if value is None else value, _AUTO, _MOST_LAYERS, zero=self.tr("automatic"))
        box.setAccessibleName(name)
        return box

    def _lay_out(self, found: str) -> None:
        fields = QGridLayout()
        fields.setHorizontalSpacing(SPACE_4)
        fields.setVerticalSpacing(SPACE_2)
        fields.setColumnStretch(0, 1)
        for row, (words, box) in enumerate(
            (
                (self.tr("&Layers on the card"), self.layers),
                (self.tr("Layers whose &experts stay on the processor"), self.experts),
            )
        ):
            label = plain_label(words, wrap=True)
            label.setBuddy(box)
            fields.addWidget(label, row, 0)
            fields.addWidget(box, row, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(plain_label(self.tr("What goes on the graphics card"), role="heading"))
        column.addWidget(plain_label(one_line(found, 400), wrap=True))
        column.addLayout(fields)
        words = self.tr(
            "0 layers leave the card alone. Keeping experts on the processor lets a large model use a small card. "
            "Where memory does not suffice, Docket takes less and says so."
        )
        column.addWidget(plain_label(words, role="caption", wrap=True))
        column.addLayout(buttons)

    @property
    def values(self) -> dict[str, str]:
        """What was set, by the names of the settings."""
        boxes = {"gpu_layers": self.layers, "cpu_experts": self.experts}
        return {name: "auto" if box.value() == _AUTO else str(box.value()) for name, box in boxes.items()}

    @Slot()
    def accept(self) -> None:
        """Take numbers that are still being typed, then close."""
        for box in (self.layers, self.experts):
            box.interpretText()
        super().accept()
