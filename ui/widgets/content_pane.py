"""The centre pane: what is under review, with its context, its hidden characters and its metadata.

It owns the header, the surface and the folded metadata table. It must not decide what a section says.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.domain import Review
from ui.icons import glyph_icon
from ui.prepared import Prepared
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import GlyphLabel, plain_label
from ui.widgets.text_surface import Section, TextSurface
from ui.words import kind_word, state_word

_METADATA_ROW_HEIGHT = 26
_METADATA_ROWS = 6


class ContentPane(QWidget):
    """Shows one prepared review, or a sentence saying why there is none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.item_id = ElidedLabel(self.tr("Item"), mode=Qt.TextElideMode.ElideMiddle)
        self.item_id.setProperty("role", "strong")
        self.facts = ElidedLabel(self.tr("About this item"))
        self.facts.setProperty("role", "caption")
        self.place = plain_label(role="caption")
        self.hidden_line = QFrame()
        self.hidden_words = plain_label(role="warning")
        self.surface = TextSurface(theme, self.tr("Content under review"))
        self.metadata_button = QToolButton()
        self.metadata = _make_metadata_table(self.tr("Metadata"))
        self._build()
        self.show_nothing("")

    def _build(self) -> None:
        head = QFrame()
        head.setProperty("role", "head")
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.addWidget(self.item_id, 1)
        top.addWidget(self.place)
        lines = QVBoxLayout(head)
        lines.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        lines.setSpacing(2)
        lines.addLayout(top)
        lines.addWidget(self.facts)
        self.hidden_line.setProperty("role", "banner")
        row = QHBoxLayout(self.hidden_line)
        row.setContentsMargins(SPACE_3, 4, SPACE_3, 4)
        row.setSpacing(SPACE_2)
        row.addWidget(GlyphLabel(self._theme, "warning", "unknown", size=14))
        row.addWidget(self.hidden_words, 1)
        self.metadata_button.setCheckable(True)
        self.metadata_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.metadata_button.toggled.connect(self._on_metadata_button_toggled)
        self._theme.changed.connect(self._draw_chevron)
        self._draw_chevron()
        foot = QFrame()
        foot.setProperty("role", "strip")
        under = QVBoxLayout(foot)
        under.setContentsMargins(4, 2, 4, 2)
        under.setSpacing(0)
        under.addWidget(self.metadata_button, 0, Qt.AlignmentFlag.AlignLeft)
        under.addWidget(self.metadata)
        self.foot = foot
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.hidden_line)
        column.addWidget(self.surface, 1)
        column.addWidget(foot)

    def show_review(self, prepared: Prepared, place: str, *, keep_scroll: bool = False) -> None:
        """Show a review. `place` says where it stands in the list."""
        review = prepared.review
        self.item_id.set_full_text(review.item.id)
        self.facts.set_full_text(_facts(review))
        self.place.setText(place)
        self.surface.show_sections(prepared.content, keep_scroll=keep_scroll)
        if prepared.target > 1 and not keep_scroll:
            self.surface.scroll_to_section(prepared.target)
        self._show_hidden(prepared.hidden)
        self._show_metadata(prepared.metadata)

    def show_nothing(self, words: str) -> None:
        """Show a sentence instead of an item."""
        self.item_id.set_full_text("")
        self.facts.set_full_text("")
        self.place.setText("")
        self.surface.show_sections([Section.of("", words, muted=True)] if words else [])
        self._show_hidden(0)
        self._show_metadata(())

    def _show_hidden(self, count: int) -> None:
        self.hidden_line.setVisible(count > 0)
        one = self.tr("1 hidden character shown as a mark")
        many = self.tr("{count} hidden characters shown as marks").format(count=f"{count:,}")
        self.hidden_words.setText(one if count == 1 else many)

    def _show_metadata(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.foot.setVisible(bool(pairs))
        self.metadata_button.setText(self.tr("Metadata · {count} (M)").format(count=len(pairs)))
        self.metadata_button.setAccessibleName(self.tr("Metadata, {count} fields").format(count=len(pairs)))
        self.metadata.setRowCount(len(pairs))
        for row, pair in enumerate(pairs):
            for column, text in enumerate(pair):
                self.metadata.setItem(row, column, QTableWidgetItem(text))
        self.metadata.setFixedHeight(min(len(pairs), _METADATA_ROWS) * _METADATA_ROW_HEIGHT + 4)
        self.metadata.setVisible(self.metadata_button.isChecked())

    @Slot(bool)
    def _on_metadata_button_toggled(self, on: bool) -> None:
        self.metadata.setVisible(on)
        self._draw_chevron()

    @Slot()
    def _draw_chevron(self) -> None:
        name = "expand" if self.metadata_button.isChecked() else "next"
        self.metadata_button.setIcon(glyph_icon(name, self._theme.tokens, colour=self._theme.tokens.muted))


def _facts(review: Review) -> str:
    parts = [kind_word(review.item.kind)]
    if review.policy is not None:
        parts.append(one_line(review.policy.title or review.policy.policy_id, 60))
    parts.append(state_word(review.state))
    if review.decision is not None and review.decision.label is not None:
        parts.append(f"{review.decision.reviewer}: {review.decision.label}")
    return " · ".join(parts)


def _make_metadata_table(name: str) -> QTableWidget:
    table = QTableWidget(0, 2)
    table.setAccessibleName(name)
    table.setProperty("role", "metadata")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.horizontalHeader().hide()
    table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_METADATA_ROW_HEIGHT)
    table.hide()
    return table
