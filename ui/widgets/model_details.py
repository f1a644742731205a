"""What the page of models tells of one model, and how far the job on it is.

It owns the words. Which model is looked at and what is done with it belong to the page.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from ui.models.machine_models import ModelRow, size_word
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.visible import one_line
from ui.widgets.labels import plain_label


class ModelDetails(QScrollArea):
    """Scrolls where there is little room. `stop` is the button that ends the job."""

    def __init__(self, stop: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The model in the row"))
        self.name = plain_label(role="heading", wrap=True)
        self.note = plain_label(wrap=True)
        self.facts = plain_label(wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the job"))
        self.progress_words = plain_label(role="caption")
        self._stop = stop
        self._build()

    def _build(self) -> None:
        pane = QWidget()
        pane.setProperty("role", "pane")
        pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(pane)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        column.setSpacing(SPACE_2)
        for label in (self.name, self.note, self.facts):
            column.addWidget(label)
        column.addStretch(1)
        column.addWidget(self.progress_words)
        job = QHBoxLayout()
        job.addWidget(self.progress, 1)
        job.addWidget(self._stop)
        column.addLayout(job)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(pane)

    def show_row(self, row: ModelRow) -> None:
        """Tell what is known of a model: what it is for, what it needs, how fast it was."""
        listed = row.listed
        self.name.setText(one_line(listed.name, 80))
        self.note.setText(one_line(listed.problem or listed.note, 300))
        facts = [self.tr("Prompt format: {name}").format(name=listed.prompt_format or self.tr("unknown"))]
        if row.fit is not None:
            needs = row.fit.fit
            facts.append(self.tr("Memory while judging: {size}").format(size=size_word(needs.memory_bytes)))
            facts += needs.reasons
            if row.fit.probe is not None:
                probe = row.fit.probe
                facts.append(
                    self.tr("Measured: {items} items in {seconds} s at low effort, {tokens} tokens written.").format(
                        items=probe.items, seconds=f"{probe.seconds:.1f}", tokens=probe.output_tokens
                    )
                )
        if listed.path is not None:
            facts.append(self.tr("File: {path}").format(path=listed.path))
        self.facts.setText("\n".join(facts))

    def show_job(self, words: str, permille: int, *, running: bool) -> None:
        """Tell how far the job is, in thousandths; -1 for a length that is unknown."""
        self.progress_words.setText(words)
        self.progress.setRange(0, 0 if permille < 0 else 1000)
        self.progress.setValue(max(permille, 0))
        self.progress.setVisible(running)
        self._stop.setVisible(running)
