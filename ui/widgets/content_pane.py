"""The centre pane: what is under review, with its context, its hidden characters and its metadata.

It owns the header, the surface, the lines that warn and the folded metadata table. It must not decide what a section
says, nor make one: other ways to look at the item are asked for and handed in.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.domain import Review
from ui.defang import defang
from ui.icons import glyph_icon
from ui.key_words import follow_keys, say
from ui.prepared import ContentView, Prepared
from ui.text_layout import Section
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import GlyphLabel, plain_label
from ui.widgets.text_surface import TextSurface
from ui.words import kind_word, state_word

_METADATA_ROW_HEIGHT = 26
_METADATA_ROWS = 6


class ContentPane(QWidget):
    """Shows one prepared review, or a sentence saying why there is none.

    `reveal_pressed` and `fold_pressed` ask for the other way to look at it.
    """

    reveal_pressed = Signal()
    fold_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.prepared: Prepared | None = None
        self.view: ContentView | None = None
        self._quote = -1
        self.item_id = ElidedLabel(self.tr("Item"), mode=Qt.TextElideMode.ElideMiddle)
        self.item_id.setProperty("role", "strong")
        self.facts = ElidedLabel(self.tr("About this item"))
        self.facts.setProperty("role", "caption")
        self.place = plain_label(role="caption")
        self.hidden_line = QFrame()
        self.hidden_words = plain_label(role="warning", wrap=True)
        self.reveal = QPushButton()
        self.reveal.setProperty("role", "quiet")
        self.fold = QPushButton()
        self.fold.setProperty("role", "offer")
        self.surface = TextSurface(theme, self.tr("Content under review"))
        self.metadata_button = QToolButton()
        self.metadata = _make_metadata_table(self.tr("Metadata"))
        self._build()
        self.show_nothing("")
        follow_keys(self, self._name_keys)

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
        row.addWidget(self.reveal)
        self.reveal.clicked.connect(self.reveal_pressed)
        self.fold.clicked.connect(self.fold_pressed)
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
        column.addWidget(self.fold)
        column.addWidget(self.surface, 1)
        column.addWidget(foot)

    def show_review(
        self, prepared: Prepared, place: str, *, keep_scroll: bool = False, keep_view: bool = False
    ) -> None:
        """Show a review. `place` says where it stands in the list; `keep_view` leaves its text as it is in view."""
        review = prepared.review
        self.prepared = prepared
        self.item_id.set_full_text(review.item.id)
        self.facts.set_full_text(_facts(review))
        self.place.setText(place)
        if not keep_view:
            self.show_view(prepared.view, keep_scroll=keep_scroll)
        self._show_metadata(prepared.metadata)

    def show_nothing(self, words: str) -> None:
        """Show a sentence instead of an item."""
        self.prepared = self.view = None
        self.item_id.set_full_text("")
        self.facts.set_full_text("")
        self.place.setText("")
        self.surface.show_sections([Section.of("", words, muted=True)] if words else [])
        self._show_warnings()
        self._show_metadata(())

    def show_quote(self, step: int) -> None:
        """Bring the next place the verdict cites into view, `step` places on and around."""
        places = self.view.quotes if self.view is not None else ()
        if places:
            self._quote = (self._quote + step) % len(places)
            self.surface.scroll_to_position(places[self._quote])

    def show_view(self, view: ContentView, *, keep_scroll: bool = False) -> None:
        """Show the item's text this way, what is under judgement in view unless told to stay."""
        self.view = view
        self._quote = -1
        self.surface.show_layout(view.layout, keep_scroll=keep_scroll)
        if view.target > 1 and not keep_scroll:
            self.surface.scroll_to_section(view.target)
        self._show_warnings()

    def _show_warnings(self) -> None:
        """Say what the eye would miss, and how to see it."""
        prepared, view = self.prepared, self.view
        words = _warning_words(self, prepared) if prepared is not None else ""
        self.hidden_line.setVisible(bool(words))
        self.hidden_words.setText(words)
        revealed = view is not None and view.revealed
        words = self.tr("As it stands ({key_spell_out})") if revealed else self.tr("Spell out ({key_spell_out})")
        self.reveal.setText(say(words))
        self.reveal.setAccessibleName(
            self.tr("Show the content as it stands") if revealed else self.tr("Spell out hidden and look-alike letters")
        )
        count = view.foldable if view is not None else 0
        folded = view is None or view.folded > 0
        show, fold = (
            self.tr("Show {count} earlier turns ({key_fold_turns})"),
            self.tr("Fold {count} earlier turns ({key_fold_turns})"),
        )
        self.fold.setText(say(show if folded else fold, count=count))
        self.fold.setVisible(count > 0)

    def _name_keys(self) -> None:
        self._show_warnings()
        self._name_metadata(self.metadata.rowCount())

    def _name_metadata(self, count: int) -> None:
        self.metadata_button.setText(say(self.tr("Metadata · {count} ({key_metadata})"), count=count))
        self.metadata_button.setAccessibleName(self.tr("Metadata, {count} fields").format(count=count))

    def _show_metadata(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.foot.setVisible(bool(pairs))
        self._name_metadata(len(pairs))
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


def _warning_words(owner: QWidget, prepared: Prepared) -> str:
    parts = []
    if prepared.hidden:
        one = owner.tr("1 hidden character shown as a mark")
        many = owner.tr("{count} hidden characters shown as marks").format(count=f"{prepared.hidden:,}")
        parts.append(one if prepared.hidden == 1 else many)
    if prepared.mixed:
        names = sorted({script.capitalize() for word in prepared.mixed for script in word.scripts})
        one = owner.tr("1 word mixes alphabets ({names})")
        many = owner.tr("{count} words mix alphabets ({names})")
        words = one if len(prepared.mixed) == 1 else many
        parts.append(words.format(count=f"{len(prepared.mixed):,}", names=", ".join(names[:4])))
    return " · ".join(parts)


class _MetadataTable(QTableWidget):
    """Two columns of plain text. Copying takes the selected rows, without live addresses."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy as the reading surfaces do."""
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted({index.row() for index in self.selectedIndexes()})
            lines = ["\t".join(cell.text() for column in (0, 1) if (cell := self.item(row, column))) for row in rows]
            QGuiApplication.clipboard().setText(defang("\n".join(lines)))
            event.accept()
        else:
            super().keyPressEvent(event)


def _facts(review: Review) -> str:
    parts = [kind_word(review.item.kind)]
    if review.policy is not None:
        parts.append(one_line(review.policy.title or review.policy.policy_id, 60))
    parts.append(state_word(review.state))
    if review.decision is not None and review.decision.label is not None:
        parts.append(f"{review.decision.reviewer}: {review.decision.label}")
    return " · ".join(parts)


def _make_metadata_table(name: str) -> QTableWidget:
    table = _MetadataTable(0, 2)
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
