"""The preferences: how items are reviewed, care for oneself, looks and language, keys.

It owns the four pages and their fields. What is changed is handed back in one piece; storing it is for the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from core.domain import PolicyVersion, ReviewRules
from ui.actions import Act
from ui.care import CareSettings
from ui.dialogs.preference_pages import CarePage, KeysPage, LookPage, RulesPage
from ui.theme import Appearance
from ui.tokens import SPACE_2, SPACE_3, SPACE_4

_SIZE = (720, 560)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything the dialog shows and changes. `keys` holds the person's own keys only; `scale` is in percent."""

    care: CareSettings = field(default_factory=CareSettings)
    masked_words: tuple[str, ...] = ()
    appearance: Appearance = Appearance.SYSTEM
    scale: int = 100
    language: str = ""
    keys: Mapping[Act, Sequence[str]] = field(default_factory=dict)
    reviewer: str = ""
    rules: tuple[ReviewRules, ...] = ()


class PreferencesDialog(QDialog):
    """`chosen()` says what was chosen. Rules can be changed only by who may (`leads`), and with a workspace open."""

    def __init__(
        self,
        now: Chosen,
        *,
        policies: Sequence[PolicyVersion] = (),
        leads: bool = False,
        exposure: Sequence[tuple[str, str]] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`exposure` are lines of period and counts, for this person's eyes."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self.resize(*_SIZE)
        self._now = now
        self.care = CarePage(now.care, now.masked_words, exposure)
        self.look = LookPage(now.appearance, now.scale, now.language, greyscale=now.care.greyscale)
        self.keys = KeysPage(now.keys)
        self.rules = RulesPage(policies, now.rules, now.reviewer, leads=leads) if policies else None
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Pages of preferences"))
        self.tabs.tabBar().setAccessibleName(self.tr("Pages of preferences"))
        if self.rules is not None:
            self.tabs.addTab(self.rules, self.tr("&Review"))
        self.tabs.addTab(self.care, self.tr("&Care"))
        self.tabs.addTab(self.look, self.tr("&Look and language"))
        self.tabs.addTab(self.keys, self.tr("&Keys"))
        save = QPushButton(self.tr("Save"))
        save.setProperty("role", "primary")
        save.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"))
        save.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(save)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(self.tabs, 1)
        column.addLayout(buttons)
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> Chosen:
        """Return what the fields say now."""
        care, words = self.care.chosen(greyscale=self.look.greyscale.isChecked())
        return Chosen(
            care=care,
            masked_words=words,
            appearance=Appearance(self.look.appearance.currentData()),  # Qt makes text of a word
            scale=self.look.scale.value(),
            language=self.look.language.currentData(),
            keys=self.keys.changes,
            reviewer=self.rules.reviewer.text().strip() if self.rules is not None else self._now.reviewer,
            rules=self.rules.chosen() if self.rules is not None else self._now.rules,
        )

    @Slot()
    def show_keys(self) -> None:
        """Turn to the page of keys."""
        self.tabs.setCurrentWidget(self.keys)
