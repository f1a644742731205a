"""The reviewer's side of the desk: which entry is in view, the next ones loaded ahead, and every decision committed.

It owns the current review, the draft notes, the clock and the ahead-loading. Reads and writes run on the pool, one
after the other. It must not know a widget. A decision that fails changes nothing: the item stays in view.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

from PySide6.QtCore import QObject, Signal, Slot

from core import services
from core.domain import BatchSummary, Cause, Decision, PolicyVersion
from core.errors import AppError
from core.services import Workspace
from ui.attention import Attention, ItemClock
from ui.events import Events
from ui.masking import NO_MASK, Mask
from ui.notices import Notices
from ui.prepared import Prepared, prepare
from ui.tasks import TaskContext, TaskPool

_KEPT_REVIEWS = 8


@dataclass(frozen=True, slots=True)
class Committed:
    """What was stored for an entry: `decided`, `explained`, `skipped` or `escalated`, and the decision if it is one.

    `independent` says that it was decided without sight of an earlier decision, which still stands.
    """

    key: int
    verb: str
    decision: Decision | None = None
    independent: bool = False


class Reviewing(QObject):
    """`shown` carries a `Prepared` and whether it is the same entry as before, read again."""

    shown = Signal(object, bool)
    cleared = Signal()
    committed = Signal(object)
    batch_committed = Signal(object, object)
    undone = Signal(int, str)
    busy_changed = Signal(bool)

    def __init__(
        self,
        workspace: Workspace,
        pool: TaskPool,
        notices: Notices,
        events: Events,
        attention: Attention,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pool = pool
        self._notices = notices
        self._events = events
        self._policies: tuple[PolicyVersion, ...] = ()
        self._wanted: int | None = None
        self._current: Prepared | None = None
        self._kept: OrderedDict[int, Prepared] = OrderedDict()
        self._loading: dict[int, int] = {}  # the newest read of each entry that is on its way
        self._reads = count()
        self._notes: dict[int, str] = {}
        self._chosen: str = ""
        self.mask = NO_MASK
        self._busy = False
        self._undos = 0  # asked for while something was on its way to the disk
        self._clock = ItemClock(attention)

    @property
    def current(self) -> Prepared | None:
        """What is in view."""
        return self._current

    @property
    def wanted_key(self) -> int | None:
        """The entry that is in view or about to be. May be read from any thread."""
        return self._wanted

    @property
    def busy(self) -> bool:
        """Whether a decision is on its way to the disk."""
        return self._busy

    @property
    def policy(self) -> PolicyVersion | None:
        """The policy a decision would be made under: the entry's, or the one chosen for an entry without."""
        if self._current is None:
            return None
        if self._current.review.policy is not None:
            return self._current.review.policy
        return next((p for p in self.choices if p.policy_id == self._chosen), None)

    @property
    def choices(self) -> tuple[PolicyVersion, ...]:
        """The policies the entry in view may be decided under; none when it has one already."""
        if self._current is None or self._current.review.policy is not None:
            return ()
        kind = self._current.review.item.kind
        return tuple(policy for policy in self._policies if kind in policy.applies_to)

    @property
    def note(self) -> str:
        """The draft note of the item in view."""
        return self._notes.get(self._wanted or 0, "")

    def set_policies(self, policies: Sequence[PolicyVersion]) -> None:
        """Tell which policies an entry without one may be decided under."""
        self._policies = tuple(policies)
        if self._current is not None:
            self.shown.emit(self._current, True)

    def use_mask(self, mask: Mask) -> None:
        """Cover these words from now on, in the item in view and in those loaded ahead, too."""
        self.mask = mask
        self.forget(list(self._kept))

    def set_note(self, note: str) -> None:
        """Keep a draft for the item in view until it is decided."""
        if self._wanted is not None:
            self._notes[self._wanted] = note

    def choose_policy(self, policy_id: str) -> None:
        """Decide entries without a policy under this one from now on; "" asks again."""
        self._chosen = policy_id
        if self._current is not None:
            self.shown.emit(self._current, True)

    def open(self, key: int) -> None:
        """Bring an entry into view, at once if it was loaded ahead."""
        self._wanted = key
        kept = self._kept.get(key)
        if kept is not None:
            self._show(kept)
        elif key not in self._loading:
            self._load(key)

    def clear(self) -> None:
        """Have nothing in view."""
        self._wanted = None
        self._current = None
        self.cleared.emit()

    def load_ahead(self, keys: Iterable[int]) -> None:
        """Read these entries so that opening them is instant."""
        for key in keys:
            if key not in self._kept and key not in self._loading:
                self._load(key)

    def forget(self, keys: Iterable[int]) -> None:
        """Entries changed: drop what was read of them; read the one in view again."""
        for key in keys:
            was_known = self._kept.pop(key, None) is not None or key in self._loading
            if key == self._wanted or was_known:
                self._load(key)

    def decide(
        self,
        *,
        label: str,
        cause: Cause | None = None,
        rule_id: str | None = None,
        note: str | None = None,
    ) -> None:
        """Commit a decision on the item in view. Ignored while another is being committed."""
        current, policy = self._current, self.policy
        if current is None or policy is None:
            return
        key, seconds, hidden = current.review.key, self._clock.seconds(), current.review.hidden
        words = self.note if note is None else note
        policy_id = policy.policy_id if current.review.policy is None else None

        def write(context: TaskContext) -> Committed:
            del context
            stored = services.decide(
                self._workspace, key=key, label=label, policy_id=policy_id, cause=cause, rule_id=rule_id, note=words,
                seconds=seconds, blind=hidden.verdict,
            )  # fmt: skip
            return Committed(key, "decided", stored, independent=hidden.decisions)

        self._commit(write)

    def explain(self, cause: Cause | None, rule_id: str | None, note: str) -> None:
        """Add reasons to the decision that stands on the item in view."""
        if self._current is None:
            return
        key = self._current.review.key

        def write(context: TaskContext) -> Committed:
            del context
            stored = services.explain(self._workspace, key=key, cause=cause, rule_id=rule_id, note=note)
            return Committed(key, "explained", stored)

        self._commit(write)

    def decide_many(
        self, keys: Sequence[int], *, label: str | None, cause: Cause | None, rule_id: str | None, note: str
    ) -> None:
        """Commit one decision on each of these entries; without a label, the one its verdict names."""
        if self._busy:
            return
        self._set_busy(busy=True)
        seconds = self._clock.seconds()

        def write(context: TaskContext) -> BatchSummary:
            del context
            return services.decide_many(
                self._workspace, keys=keys, label=label, agree=label is None, cause=cause, rule_id=rule_id, note=note,
                seconds=seconds,
            )  # fmt: skip

        def succeeded(summary: BatchSummary) -> None:
            self._set_busy(busy=False)
            for key in keys:
                self._kept.pop(key, None)
            self.batch_committed.emit(tuple(keys), summary)
            self._events.entries_changed(*keys)
            self._undo_waiting()

        self._pool.quick(write, succeeded=succeeded, failed=self._on_write_failed)

    def skip(self) -> None:
        """Set the item aside for now, with the draft note as the reason."""
        self._mark(services.skip, "skipped")

    def escalate(self) -> None:
        """Pass the item to a lead, with the draft note as the reason."""
        self._mark(services.escalate, "escalated")

    def undo(self) -> None:
        """Take back the last decision, skip or escalation of this session and return to its item.

        Asked for while one is on its way to the disk, it waits for that one; should that one fail, it is forgotten.
        """
        if self._busy:
            self._undos += 1
            return
        self._set_busy(busy=True)

        def write(context: TaskContext) -> object:
            del context
            return services.undo(self._workspace)

        self._pool.quick(write, succeeded=self._on_undo_succeeded, failed=self._on_write_failed)

    def _mark(self, verb: Callable[..., object], word: str) -> None:
        if self._current is None:
            return
        key, reason = self._current.review.key, self.note

        def write(context: TaskContext) -> Committed:
            del context
            verb(self._workspace, key=key, reason=reason)
            return Committed(key, word)

        self._commit(write)

    def _commit(self, write: Callable[[TaskContext], Committed]) -> None:
        if self._busy:
            return
        self._set_busy(busy=True)
        self._pool.quick(write, succeeded=self._on_write_succeeded, failed=self._on_write_failed)

    def _load(self, key: int) -> None:
        number = self._loading[key] = next(self._reads)

        def read(context: TaskContext) -> Prepared:
            del context
            return self._prepare(key)

        def arrived() -> bool:
            newest = self._loading.get(key) == number
            if newest:
                del self._loading[key]
            return newest

        def succeeded(prepared: Prepared) -> None:
            if arrived():
                self._keep(key, prepared)

        def failed(error: AppError) -> None:
            if arrived() and key == self._wanted:
                self._notices.show_error(error)

        self._pool.quick(read, succeeded=succeeded, failed=failed)

    def _prepare(self, key: int) -> Prepared:
        """Read an entry as this reviewer may see it. On a pool thread."""
        review = services.seen_review(self._workspace, key=key)
        prepared = prepare(review, services.other_verdicts(self._workspace, key=key), self.mask)
        if review.policy is None:
            return prepared
        rules = services.review_rules(self._workspace, policy_id=review.policy.policy_id)
        return replace(prepared, rules=rules, second=services.second_review(self._workspace, key=key))

    def _show(self, prepared: Prepared) -> None:
        before = self._current
        same = before is not None and before.review.key == prepared.review.key
        self._current = prepared
        if not same:
            self._clock.restart()
            self._hold(prepared, before)
        self.shown.emit(prepared, same)

    def _hold(self, prepared: Prepared, before: Prepared | None) -> None:
        """Let a team know that the item in view has its reviewer, and let the one before go."""
        if not self._workspace.is_team:
            return
        key = prepared.review.key
        left = [before.review.key] if before is not None else []

        def claim(context: TaskContext) -> None:
            del context
            services.release_claims(self._workspace, keys=left)
            if services.refusal(self._workspace, services.Deed.REVIEW) is None:
                services.claim_entry(self._workspace, key=key)

        self._pool.quick(claim, failed=self._notices.show_error)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)

    def _keep(self, key: int, prepared: Prepared) -> None:
        """Keep what was read; show it if it is what was asked for."""
        self._kept[key] = prepared
        self._kept.move_to_end(key)
        while len(self._kept) > _KEPT_REVIEWS:
            self._kept.popitem(last=False)
        if key == self._wanted:
            self._show(prepared)

    @Slot(object)
    def _on_write_succeeded(self, committed: Committed) -> None:
        self._notes.pop(committed.key, None)
        self._kept.pop(committed.key, None)
        self._set_busy(busy=False)
        self.committed.emit(committed)
        self._events.entries_changed(committed.key)
        self._undo_waiting()

    @Slot(object)
    def _on_write_failed(self, error: AppError) -> None:
        self._undos = 0
        self._set_busy(busy=False)
        self._notices.show_error(error)

    @Slot(object)
    def _on_undo_succeeded(self, result: object) -> None:
        self._set_busy(busy=False)
        if not isinstance(result, services.UndoResult):
            self._undos = 0
            self._notices.show_info(self.tr("There is nothing to take back in this session."))
            return
        changed = result.keys or (result.key,)
        for key in changed:
            self._kept.pop(key, None)
        self.undone.emit(result.key, result.what)
        self._events.entries_changed(*changed)
        self._undo_waiting()

    def _undo_waiting(self) -> None:
        if self._undos:
            self._undos -= 1
            self.undo()
