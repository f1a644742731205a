"""The review desk: queue, content, verdict and policy side by side, decisions below. It joins parts; it holds no rules.

It owns which pane shows what and where the reviewer goes next. Storing, judging and paging belong to the controllers
it is given; nothing here reads a database or runs a model.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from core import services
from core.domain import BatchSummary, PolicyVersion
from core.services import Workspace
from core.services.exposure import ExposureLog
from ui.attention import Attention
from ui.care import CareSettings
from ui.caring import Caring
from ui.comparing import Comparing
from ui.content_views import ContentViews
from ui.deciding import Deciding, Selection, Strips
from ui.desk_context import DeskContext
from ui.events import Change, Events
from ui.grouping import Grouping
from ui.judging import Judging
from ui.key_words import say
from ui.listing import Listing
from ui.models.queue_model import OPEN_STATES, QueueModel, is_open
from ui.order_notes import OrderNotes
from ui.prepared import Prepared
from ui.queue_feed import QueueFeed
from ui.queue_filters import QueueFilters
from ui.reviewing import Committed, Reviewing
from ui.tasks import TaskPool
from ui.views.desk_layout import DeskParts, lay_out_desk
from ui.widgets.content_pane import ContentPane
from ui.widgets.cover import Cover
from ui.widgets.decision_bar import DecisionBar
from ui.widgets.note_strip import NoteStrip
from ui.widgets.override_strip import OverrideStrip
from ui.widgets.policy_pane import PolicyPane
from ui.widgets.queue_pane import QueuePane
from ui.widgets.reason_strip import ReasonStrip
from ui.widgets.rest_strip import RestStrip
from ui.widgets.second_strip import SecondStrip
from ui.widgets.verdict_pane import VerdictPane
from ui.words import batch_words, digit_words, undone_words


class DeskView(QWidget):
    """One open workspace on screen. `digits_shown` tells the menu what the digit keys mean now."""

    digits_shown = Signal(object)
    break_changed = Signal(bool)

    def __init__(self, workspace: Workspace, context: DeskContext, pool: TaskPool, events: Events) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._workspace = workspace
        self._context = context
        self.events = events
        theme = context.theme
        self.feed = QueueFeed(workspace, pool, context.notices, self)
        self.model = QueueModel(self.feed.rows, self)
        self.attention = Attention(self)
        self.reviewing = Reviewing(workspace, pool, context.notices, events, self.attention, self)
        self.judging = Judging(workspace, pool, context.classifier_factory, self)
        self.queue = QueuePane(theme, self.model)
        self.grouping = Grouping(workspace, pool, context.notices, self.feed, self.queue)
        self.filters = QueueFilters(workspace, pool, context.notices, self.queue, self)
        self.listing = Listing(self.feed, self.queue, lambda: self.reviewing.wanted_key, self)
        self.orders = OrderNotes(workspace, pool, context.notices, events, self.queue, self)
        self.content = ContentPane(theme)
        self.content_views = ContentViews(self.content, pool, context.notices, self)
        self.verdict = VerdictPane(theme)
        self.comparing = Comparing(self.reviewing, self.judging, self.verdict, context.notices, self)
        self.policy = PolicyPane(theme)
        self.note_strip = NoteStrip(theme)
        self.override_strip = OverrideStrip(theme)
        self.reason_strip = ReasonStrip(theme)
        self.second_strip = SecondStrip(theme)
        self.decisions = DecisionBar(theme)
        self.rest_strip = RestStrip(theme)
        panes = (self.content.surface, self.verdict.surface)
        self.caring = Caring(theme, self.attention, panes, ExposureLog(), self)
        self.resting = Cover(theme, self)
        self.policies: tuple[PolicyVersion, ...] = ()
        self.deciding = self._make_deciding()
        self._build()
        self._connect()
        self.zoom(context.preferences.text_zoom)
        self._show_nothing("")

    def _make_deciding(self) -> Deciding:
        strips = Strips(self.override_strip, self.note_strip, self.reason_strip, self.policy)
        selection = Selection(self.queue.selected_keys, lambda key: self.model.row_at(self.model.row_of(key)))
        reviewer, notices = self._workspace.reviewer, self._context.notices
        return Deciding(reviewer, self.reviewing, notices, strips, selection, self)

    def _build(self) -> None:
        below = (self.second_strip, self.note_strip, self.reason_strip, self.override_strip, self.decisions)
        parts = DeskParts(self.queue, self.content, self.verdict, self.policy, (self.rest_strip,), below)
        self.splitters = lay_out_desk(self, parts)
        for name, splitter in self.splitters.items():
            self._context.preferences.restore_splitter(name, splitter)

    def _connect(self) -> None:
        self.queue.key_chosen.connect(self.open)
        self.grouping.changed.connect(self.reload)
        self.grouping.watch(self.events)
        self.model.failed.connect(self._context.notices.show_error)
        self.reviewing.shown.connect(self._on_reviewing_shown)
        self.reviewing.committed.connect(self.caring.on_committed)  # first: the next slot leaves the item
        self.reviewing.committed.connect(self._on_reviewing_committed)
        self.reviewing.batch_committed.connect(self._on_reviewing_batch_committed)
        self.reviewing.undone.connect(self._on_reviewing_undone)
        self.judging.verdict_stored.connect(self._on_judging_verdict_stored)
        self.judging.reasoning_arrived.connect(self._on_judging_reasoning_arrived)
        self.judging.ended.connect(self._on_judging_ended)
        self.verdict.rule_chosen.connect(self.policy.show_rule)
        self.content.reveal_pressed.connect(self.content_views.toggle_reveal)
        self.content.fold_pressed.connect(self.content_views.toggle_fold)
        self.policy.policy_chosen.connect(self.reviewing.choose_policy)
        self.decisions.agree_pressed.connect(self.deciding.agree)
        self.decisions.label_pressed.connect(self.deciding.decide_label)
        self.decisions.policy_pressed.connect(self.reviewing.choose_policy)
        self.deciding.moved_on.connect(self._go_on)
        self.deciding.closed.connect(self._focus_queue)
        self.deciding.note_kept.connect(lambda note: self.decisions.set_note_drafted(bool(note)))
        self.events.changed.connect(self._on_events_changed)
        self.reviewing.shown.connect(self.caring.on_shown)
        self.reviewing.cleared.connect(self.caring.on_cleared)
        self.caring.bared.connect(self.content_views.set_bare)
        self.caring.rest_due.connect(lambda rest: self.rest_strip.remind(rest.minutes, session=rest.session))
        self.rest_strip.taken.connect(self.toggle_break)
        self.feed.dress = self.caring.dress_row
        self.listing.entry_due.connect(self.open)
        self.listing.kept.connect(self._load_ahead)
        self.listing.emptied.connect(self._on_listing_emptied)
        self.listing.replaced.connect(self._focus_queue)
        self.listing.arrived.connect(self._on_listing_arrived)
        self.feed.policies_read.connect(self._on_policies_read)
        self.feed.counted.connect(self.queue.set_counts)

    def start(self) -> None:
        """Read policies, counts and the queue for the first time."""
        self.feed.read_policies()
        self.reload()
        self._focus_queue()

    # What the person does

    @Slot(int)
    def open(self, key: int) -> None:
        """Bring an entry into view and load what comes next."""
        self.deciding.hide_strips()
        self.queue.set_current(key)
        self.reviewing.open(key)
        self._load_ahead(key)

    def step(self, places: int) -> None:
        """Go up or down the list, decided or not."""
        key = self.reviewing.wanted_key
        row = self.model.row_of(key) if key is not None else -1
        target = self.model.key_at(row + places) if row >= 0 else self.model.key_at(0)
        if target is not None:
            self.open(target)

    def toggle_judging(self, *, fast: bool = False) -> None:
        """Start the model on what waits under the policy in the filter, or stop it. `fast` reads scores only."""
        if self.judging.running:
            self.judging.stop()
        else:
            reviewing = self.reviewing
            policy_id = self.queue.current_filter().policy_id
            self.judging.start(policy_id=policy_id, first=lambda: reviewing.wanted_key, fast=fast)
            self._show_waiting()

    @Slot()
    def reload(self) -> None:
        """Read the list again in its present order; the entry in view stays in view."""
        self.listing.reload()

    def open_group(self) -> None:
        """Show and select all that the current row stands for."""
        key = self.reviewing.wanted_key
        if key is not None:
            self.grouping.open(key)

    def show_entries(self, keys: Sequence[int], title: str) -> None:
        """List exactly these queue entries, in this order, until the person asks for the queue again."""
        self.listing.show_entries(keys, title)

    @Slot()
    def show_whole_queue(self) -> None:
        """Go back from a list that another page asked for to what the filter says."""
        self.listing.show_whole_queue()

    def zoom(self, points: int) -> None:
        """Make the reading text so many points larger than usual, now and next time."""
        for surface in (self.content.surface, self.verdict.surface, self.policy.surface):
            surface.set_zoom(points)
        self._context.preferences.text_zoom = self.content.surface.zoom

    def use_care(self, settings: CareSettings, masked_words: tuple[str, ...]) -> None:
        """Follow these settings from now on."""
        self.caring.use(settings, masked_words)
        self.feed.interleave = settings.interleave
        self.reviewing.use_mask(self.caring.mask)
        if self.reviewing.wanted_key is not None:
            self.reload()

    @Slot()
    def toggle_break(self) -> None:
        """Cover the whole desk for a break, or come back from one."""
        self.rest_strip.hide()
        if not self.resting.isHidden():
            self.resting.hide()
            self.caring.rested()
            self._focus_queue()
        else:
            words = say(self.tr("Nothing is lost and nothing waits behind this page. {key_break} goes on."))
            self.resting.put(self.tr("A break"), words)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.break_changed.emit(not self.resting.isHidden())

    def save_layout(self) -> None:
        """Remember how the panes are divided."""
        for name, splitter in self.splitters.items():
            self._context.preferences.save_splitter(name, splitter)

    # What the parts say

    @Slot(str)
    def _on_listing_emptied(self, words: str) -> None:
        self.reviewing.clear()
        self._show_nothing(words)

    @Slot()
    def _on_listing_arrived(self) -> None:
        """Say again where the item in view stands: there may be more of the list by now."""
        current = self.reviewing.current
        if current is not None:
            self.content.place.setText(self.listing.place(current.review.key))

    @Slot(object, bool)
    def _on_reviewing_shown(self, prepared: Prepared, same: bool) -> None:
        policy = self.reviewing.policy
        self.content_views.show(prepared, self.listing.place(prepared.review.key), same=same)
        self.verdict.show_review(prepared, keep_scroll=same, coming=self.judging.running)
        self.policy.show_review(prepared, policy, self.reviewing.choices)
        self.decisions.show_review(prepared.review, policy, self.reviewing.choices)
        self.decisions.set_note_drafted(bool(self.reviewing.note))
        self.second_strip.show_second(prepared.second, policy)
        self.digits_shown.emit(digit_words(policy, self.reviewing.choices))
        self.deciding.on_shown(prepared)

    @Slot(object)
    def _on_reviewing_committed(self, committed: Committed) -> None:
        self.deciding.hide_strips()
        self.model.refresh([committed.key])
        if not self.deciding.holds(committed):
            self._go_on(committed.key)

    @Slot(object, object)
    def _on_reviewing_batch_committed(self, keys: tuple[int, ...], summary: BatchSummary) -> None:
        self.deciding.hide_strips()
        self.queue.select_one()
        self.model.refresh(keys)
        self._context.notices.show_info(batch_words(summary))
        self._go_on(keys[-1])

    @Slot(int)
    def _go_on(self, key: int) -> None:
        """Leave an entry that needs nothing more for the next one."""
        if self.listing.read_on():
            return
        target = self._after(key)
        if target is not None:
            self.open(target)
            self._focus_queue()
        else:
            self.reviewing.clear()
            self.reload()

    @Slot(int, str)
    def _on_reviewing_undone(self, key: int, what: str) -> None:
        self.open(key)
        self._context.notices.show_info(undone_words(what))

    @Slot(object)
    def _on_judging_verdict_stored(self, event: services.VerdictStored) -> None:
        self.listing.note_changed(event.key)
        self.events.entries_changed(event.key)

    @Slot(int, str)
    def _on_judging_reasoning_arrived(self, key: int, text: str) -> None:
        current = self.reviewing.current
        if current is None or current.review.key != key or current.review.hidden.verdict:
            return
        if current.review.verdict is None:
            self.verdict.show_stream(text)

    @Slot()
    def _on_judging_ended(self) -> None:
        self._show_waiting()

    def _show_waiting(self) -> None:
        """Say again whether a verdict is coming, if there is none in view."""
        current = self.reviewing.current
        if current is not None and current.review.verdict is None:
            self.verdict.show_review(current, coming=self.judging.running)

    @Slot(object)
    def _on_events_changed(self, change: Change) -> None:
        if change.everything:
            self.feed.read_policies()
            self.reload()
            return
        self.model.refresh(change.keys)
        self.reviewing.forget(change.keys)
        self.feed.count_soon(self.queue.current_filter().policy_id)

    # How the parts are fed

    @Slot(object)
    def _on_policies_read(self, policies: tuple[PolicyVersion, ...]) -> None:
        self.policies = policies
        self.caring.set_policies(policies)
        self.decisions.set_policies(policies)
        self.queue.set_policies(policies)
        self.reviewing.set_policies(policies)

    def _after(self, key: int) -> int | None:
        """Return where to go from a decided entry: to what waits, else among the decided one row on."""
        target = self.model.next_where(key, is_open)
        if target is None and self.queue.current_filter().states != OPEN_STATES:
            target = self.model.key_at(self.model.row_of(key) + 1) or key
        return target

    def _load_ahead(self, key: int) -> None:
        row = self.model.row_of(key)
        near = (self.model.next_where(key, is_open), self.model.key_at(row + 1))
        self.reviewing.load_ahead([k for k in near if k is not None])

    def _show_nothing(self, words: str) -> None:
        self.content.show_nothing(words)
        self.verdict.show_nothing()
        self.policy.show_nothing()
        self.decisions.show_review(None, None)
        self.second_strip.show_second(None, None)
        self.digits_shown.emit(())

    @Slot()
    def _focus_queue(self) -> None:
        self.queue.table.setFocus(Qt.FocusReason.OtherFocusReason)
