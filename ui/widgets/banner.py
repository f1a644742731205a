"""The amber line that says the sample model is judging and must not be relied on.

It owns being dismissed for this session only. It must not know when a sample model judges: it is told.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.labels import GlyphLabel, plain_label


class SampleBanner(QFrame):
    """Hidden until the sample model judges or has judged."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setAccessibleName(self.tr("Warning about the sample model"))
        self._dismissed = False
        self.words = plain_label(
            self.tr(
                "The sample model is near chance (AUC 0.56 on a public moderation set): it shows how Docket works, "
                "not how well. Don't rely on its verdicts."
            ),
            wrap=True,
        )
        self.dismiss = QPushButton(self.tr("Dismiss"))
        self.dismiss.setProperty("role", "quiet")
        self.dismiss.setAccessibleName(self.tr("Dismiss the warning for this session"))
        self.dismiss.clicked.connect(self._on_dismiss_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, 2, SPACE_3, 2)
        row.setSpacing(SPACE_2)
        row.addWidget(GlyphLabel(theme, "warning", "unknown"))
        row.addWidget(self.words, 1)
        row.addWidget(self.dismiss)
        self.hide()

    def warn(self) -> None:
        """Show the warning unless it was dismissed in this session."""
        self.setVisible(not self._dismissed)

    @Slot()
    def _on_dismiss_clicked(self) -> None:
        self._dismissed = True
        self.hide()
