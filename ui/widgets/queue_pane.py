"""The left pane: search, filters, order and the list of entries.

It owns what the person asked to see (a `QueueFilter`) and which row is current. It must not query: it emits the
filter and the chosen key, and is handed ids.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from core.domain import EntryState, PolicyVersion, QueueCounts, QueueFilter, QueueSort
from ui.key_words import follow_keys, say
from ui.models.queue_model import QueueModel
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.elided_box import ElidedBox
from ui.widgets.filter_panel import FilterPanel
from ui.widgets.labels import plain_label
from ui.widgets.list_notes import OrderNote, PinnedNote
from ui.widgets.queue_delegate import ROW_HEIGHT
from ui.widgets.queue_table import make_queue_table
from ui.widgets.segmented import Segmented
from ui.words import sort_word

# A person types a letter in a fifth of a second; the newest search wins, and none holds up the window.
_SEARCH_PAUSE_MS = 60
MOST_SELECTED = 1_000
_TO_REVIEW = (EntryState.PENDING, EntryState.JUDGED)
_ASIDE = (EntryState.SKIPPED, EntryState.ESCALATED)
# States and whether only disagreements, in the order of the segments.
_VIEWS: tuple[tuple[tuple[EntryState, ...], bool], ...] = (
    (_TO_REVIEW, False),
    ((EntryState.DECIDED,), False),
    ((), True),
    (_ASIDE, False),
    ((), False),
)


class QueuePane(QWidget):
    """Search, filters and list. `key_chosen` fires when the current row changes by the person's doing."""

    filter_changed = Signal(object)
    key_chosen = Signal(int)
    refresh_wanted = Signal()
    whole_wanted = Signal()

    def __init__(self, theme: Theme, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self._quiet = False
        self._anchor = 0
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Search the queue"))
        self.stale_count = 0
        self.search.setClearButtonEnabled(True)
        words = (self.tr("To review"), self.tr("Decided"), self.tr("Disagree"), self.tr("Set aside"), self.tr("All"))
        self.views = Segmented(theme, self.tr("Which entries"), words)
        self.policies = ElidedBox()
        self.policies.setAccessibleName(self.tr("Policy filter"))
        self.policies.addItem(self.tr("All policies"), None)
        self.sorts = ElidedBox()
        self.sorts.setAccessibleName(self.tr("Order of the queue"))
        for sort in QueueSort:
            self.sorts.addItem(sort_word(sort), sort)
        self.table = make_queue_table(theme, model, self.tr("Queue"))
        self.empty = plain_label(role="caption", wrap=True)
        self.stale = QPushButton()
        self.stale.setProperty("role", "offer")
        self.stale.setVisible(False)
        self.selected = plain_label(role="caption", wrap=True)
        self.selected.setContentsMargins(SPACE_3, 4, SPACE_3, 4)
        self.selected.hide()
        self.pinned = PinnedNote()
        self.panel = FilterPanel()
        self.order_note = OrderNote()
        self.narrowed = QPushButton()
        self.narrowed.setProperty("role", "pinned")
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._build()
        self._connect()
        follow_keys(self, self._name_keys)

    def _name_keys(self) -> None:
        self.search.setPlaceholderText(say(self.tr("Search content and ids  ({key_search})")))
        self.set_stale(self.stale_count)
        self._show_narrowed()

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, 0)
        head.setSpacing(SPACE_2)
        head.addWidget(self.search)
        filters = QHBoxLayout()
        filters.setSpacing(SPACE_2)
        for box in (self.policies, self.sorts):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            filters.addWidget(box, 1)
        head.addLayout(filters)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(SPACE_3 * 2, 0, SPACE_3 * 2, 0)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(self.table)
        self._body.addWidget(self.empty)
        line = QFrame()
        line.setProperty("role", "head")
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(SPACE_2)
        column.addWidget(self.panel)
        column.addWidget(self.views)
        column.addWidget(line)
        column.addWidget(self.order_note)
        column.addWidget(self.narrowed)
        column.addWidget(self.pinned)
        column.addWidget(body, 1)
        column.addWidget(self.selected)
        column.addWidget(self.stale)  # below the list: when it comes up no row moves

    def _connect(self) -> None:
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._on_search_return_pressed)
        self._pause.timeout.connect(self._emit_filter)
        self.views.chosen.connect(self._emit_filter)
        self.policies.activated.connect(self._emit_filter)
        self.sorts.activated.connect(self._emit_filter)
        self.panel.changed.connect(self._emit_filter)
        self.panel.closed.connect(self.close_panel)
        self.narrowed.clicked.connect(self.clear_narrowing)
        self.stale.clicked.connect(self.refresh_wanted)
        self.pinned.clicked.connect(self.whole_wanted)
        self.table.selectionModel().currentRowChanged.connect(self._on_table_current_row_changed)
        self.table.selectionModel().selectionChanged.connect(self._on_table_selection_changed)

    @property
    def model(self) -> QueueModel:
        """What is listed."""
        return self._model

    def current_filter(self) -> QueueFilter:
        """Return what the person asked to see."""
        states, disagreements = _VIEWS[self.views.index]
        return QueueFilter(
            states=states,
            policy_id=self.policies.currentData(),
            search=self.search.text().strip(),
            disagreements_only=disagreements,
            sort=QueueSort(self.sorts.currentData()),
            **self.panel.values(),
        )

    def apply(self, wanted: QueueFilter) -> None:
        """Show exactly what a filter says."""
        view = (tuple(wanted.states), wanted.disagreements_only)
        self.views.set_index(_VIEWS.index(view) if view in _VIEWS else len(_VIEWS) - 1)
        for box, value in ((self.policies, wanted.policy_id), (self.sorts, wanted.sort)):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.search.setText(wanted.search)
        self.panel.set_values({field: getattr(wanted, field) for field in self.panel.boxes})
        self._emit_filter()

    def narrow(self, **values: object) -> None:
        """Narrow the queue by these fields of a filter; None takes a restriction away."""
        self.panel.set_values(values)
        self._emit_filter()

    @Slot()
    def clear_narrowing(self) -> None:
        """Take every restriction of the panel away."""
        self.narrow(**dict.fromkeys(self.panel.boxes))

    @Slot()
    def close_panel(self) -> None:
        """Fold the panel away; what is chosen stays."""
        self.panel.hide()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_policies(self, policies: Sequence[PolicyVersion]) -> None:
        """Offer these policies in the filter; the one chosen stays chosen."""
        chosen = self.policies.currentData()
        self.policies.clear()
        self.policies.addItem(self.tr("All policies"), None)
        for policy in policies:
            self.policies.addItem(one_line(policy.title or policy.policy_id, 60), policy.policy_id)
        self.policies.setCurrentIndex(max(0, self.policies.findData(chosen)))
        self.panel.offer_policies(policies)
        self._model.set_titles({policy.policy_id: policy.title or policy.policy_id for policy in policies})

    def set_counts(self, counts: QueueCounts) -> None:
        """Show how many entries each view holds."""
        by_state = counts.by_state

        def total(states: Sequence[EntryState]) -> int:
            return sum(by_state.get(state, 0) for state in states)

        decided = total((EntryState.DECIDED,))
        self.views.set_counts([total(_TO_REVIEW), decided, counts.disagreements, total(_ASIDE), counts.total])

    def set_keys(self, keys: array[int], *, keep: int | None, empty_words: str, more: bool = False) -> None:
        """Show these entries and make `keep` current again if it is among them, without announcing it.

        With `more` they are all of a list whose beginning is shown: where that stands, no row moves.
        """
        if more and self._model.extend(keys):
            return
        bar = self.table.verticalScrollBar()
        before = self.table.currentIndex().row() * ROW_HEIGHT - bar.value()
        self._quiet = True
        self._model.set_keys(keys)
        row = self._model.row_of(keep) if keep is not None else -1
        if row >= 0:
            self._make_current(row)
            bar.setValue(row * ROW_HEIGHT - max(0, min(before, self.table.viewport().height() - ROW_HEIGHT)))
        self._quiet = False
        self.set_stale(0)
        self.empty.setText(empty_words)
        self._body.setCurrentWidget(self.table if len(keys) else self.empty)

    def set_current(self, key: int) -> bool:
        """Make an entry current without announcing it; False if it is not listed."""
        row = self._model.row_of(key)
        if row < 0:
            return False
        if row == self.table.currentIndex().row() and self.table.selectionModel().hasSelection():
            return True  # it may be one of several that are selected
        self._quiet = True
        self._make_current(row)
        self._quiet = False
        return True

    def selected_keys(self) -> list[int]:
        """Return the keys of the selected entries in the order of the list, at most one more than a batch may have."""
        keys: list[int] = []
        for span in sorted(self._spans(), key=lambda span: span.top()):
            for row in range(span.top(), span.bottom() + 1):
                key = self._model.key_at(row)
                if key is not None:
                    keys.append(key)
                if len(keys) > MOST_SELECTED:
                    return keys
        return keys

    def extend_selection(self, step: int) -> None:
        """Take the next row (1) or the one before (-1) into the selection, or out of it."""
        chosen, row = self.table.selectionModel(), self.table.currentIndex().row()
        if sum(span.height() for span in self._spans()) <= 1:
            self._anchor = row
        target = row + step
        if row < 0 or not 0 <= target < self._model.rowCount():
            return
        first, last = sorted((self._anchor, target))
        chosen.setCurrentIndex(self._model.index(target, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        wanted = QItemSelection(self._model.index(first, 0), self._model.index(last, 0))
        chosen.select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.table.scrollTo(self._model.index(target, 0))

    def select_rows(self, first: int, last: int) -> None:
        """Select a stretch of rows; the current one stays."""
        stretch = QItemSelection(self._model.index(first, 0), self._model.index(last, 0))
        self.table.selectionModel().select(stretch, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def select_one(self) -> None:
        """Leave only the current entry selected."""
        row = self.table.currentIndex().row()
        if row >= 0:
            self._quiet = True
            self._make_current(row)
            self._quiet = False

    def set_stale(self, count: int) -> None:
        """Offer to sort again when `count` entries changed since the list was made; 0 takes the offer away."""
        self.stale.setVisible(count > 0)
        self.stale_count = count
        self.stale.setText(say(self.tr("{count} changed · sort again ({key_refresh})"), count=count))
        self.stale.setAccessibleName(self.stale.text())

    def set_pinned(self, title: str) -> None:
        """Say that the list holds what another page asked for, and how to get back; "" for the queue itself."""
        self.pinned.set_title(title)

    def choose_view(self, index: int) -> None:
        """Switch to a view as if its segment had been pressed."""
        self.views.set_index(index)
        self._emit_filter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """In the search field Escape clears and leaves, Down goes to the list."""
        searching = self.search.hasFocus()
        if searching and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self._on_search_return_pressed()
        elif searching and event.key() == Qt.Key.Key_Down:
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif event.key() == Qt.Key.Key_Escape and self.selected.isVisible():
            self.select_one()
        else:
            super().keyPressEvent(event)

    def _spans(self) -> list[QItemSelectionRange]:
        selection = self.table.selectionModel().selection()
        return [selection.at(number) for number in range(selection.count())]

    @Slot()
    def _on_table_selection_changed(self) -> None:
        count = sum(span.height() for span in self._spans())
        self.selected.setVisible(count > 1)
        words = self.tr("{count} selected · a label or {key_agree} decides all · Esc ends")
        self.selected.setText(say(words, count=f"{count:,}"))

    def _make_current(self, row: int) -> None:
        index = self._model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.table.selectionModel().setCurrentIndex(index, flags)
        self.table.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @Slot()
    def _emit_filter(self) -> None:
        self._pause.stop()
        self._show_narrowed()
        self.filter_changed.emit(self.current_filter())

    def _show_narrowed(self) -> None:
        """Say what the list is narrowed by, where nobody can miss it."""
        words = " · ".join(one_line(restriction.words, 40) for restriction in self.panel.restrictions())
        self.narrowed.setVisible(bool(words))
        text = say(self.tr("{restrictions} · clear ({key_clear_narrowing})"), restrictions=words)
        self.narrowed.setText(text.replace("&", "&&"))
        self.narrowed.setAccessibleName(text)
        self.narrowed.setToolTip(plain_tip(words))

    @Slot()
    def _on_search_return_pressed(self) -> None:
        self._emit_filter()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(QModelIndex, QModelIndex)
    def _on_table_current_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        del previous
        key = self._model.key_at(current.row()) if current.isValid() else None
        if key is not None and not self._quiet:
            self.key_chosen.emit(key)
