"""What a key means for the item in view or the selection: decide at once, or ask why first.

It owns when a reason is asked for, what is asked after a blind decision, and how a selection is decided. Storing is
the business of `ui.reviewing`, the meaning of the rules that of the services.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core import services
from core.domain import EntryState, Label, PolicyVersion, QueueRow, ReasonWhen, ReviewRules, SecondState, Verdict
from ui.notices import Notices
from ui.prepared import Prepared
from ui.reviewing import Committed, Reviewing
from ui.visible import one_line
from ui.widgets.note_strip import NoteStrip
from ui.widgets.override_strip import Override, OverrideStrip, Question
from ui.widgets.policy_pane import PolicyPane
from ui.widgets.reason_strip import ReasonStrip


@dataclass(frozen=True, slots=True)
class Selection:
    """How to learn what is selected in the list: the keys in order, and the row of a key."""

    keys: Callable[[], list[int]]
    row: Callable[[int], QueueRow | None]


@dataclass(frozen=True, slots=True)
class Strips:
    """The strips above the decision bar and the pane that shows clauses."""

    override: OverrideStrip
    note: NoteStrip
    reason: ReasonStrip
    policy: PolicyPane


class Deciding(QObject):
    """`moved_on` says that the entry with this key needs nothing more; `closed` that a strip went away."""

    moved_on = Signal(int)
    closed = Signal()
    note_kept = Signal(str)

    def __init__(
        self,
        reviewer: str,
        reviewing: Reviewing,
        notices: Notices,
        strips: Strips,
        selection: Selection,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._reviewer = reviewer
        self._reviewing = reviewing
        self._notices = notices
        self._strips = strips
        self._selection = selection
        self._after_blind: int | None = None
        self._send: Callable[[Override], None] | None = None
        strips.override.committed.connect(self._on_override_committed)
        strips.override.cancelled.connect(self._on_override_cancelled)
        strips.note.kept.connect(self._on_note_kept)
        strips.note.closed.connect(self.closed)
        strips.reason.chosen.connect(self._on_reason_chosen)
        strips.reason.closed.connect(self.closed)

    def hide_strips(self) -> None:
        """Take every question away; nothing is decided by it."""
        self._after_blind = None
        for strip in (self._strips.override, self._strips.note, self._strips.reason):
            strip.hide()

    # What the person does

    @Slot()
    def agree(self) -> None:
        """Decide what the model said, on the item in view or on each that is selected."""
        keys = self._selection.keys()
        current = self._reviewing.current
        if len(keys) > 1:
            self._ask_batch(keys, None)
        elif current is not None and current.review.hidden.verdict:
            self._notices.show_info(self.tr("Its verdict is hidden until you decide. Choose a label."))
        elif current is not None and (verdict := _readable(current)) is not None and verdict.label is not None:
            self._decide(verdict.label)

    @Slot(str)
    def decide_label(self, code: str) -> None:
        """Decide a label, on the item in view or on each that is selected."""
        keys = self._selection.keys()
        if len(keys) > 1:
            self._ask_batch(keys, code)
        else:
            self._decide(code)

    def decide_digit(self, index: int) -> None:
        """Decide the label at a place in the policy's order; for an entry without a policy, choose one first."""
        policy, choices = self._reviewing.policy, self._reviewing.choices
        if policy is not None and index < len(policy.labels):
            self.decide_label(policy.labels[index].code)
        elif policy is None and index < len(choices):
            self._reviewing.choose_policy(choices[index].policy_id)

    def take_note(self) -> None:
        """Open the note field."""
        if self._strips.override.isVisible():
            self._strips.override.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._reviewing.current is not None:
            self._strips.reason.hide()
            self._strips.note.ask(self._reviewing.note)

    def ask_reason(self, verb: str) -> None:
        """Ask why the item is skipped (`skip`) or escalated (`escalate`)."""
        if self._reviewing.current is not None:
            self._strips.note.hide()
            self._strips.override.hide()
            self._strips.reason.ask(verb, self._reviewing.note)

    # What was stored and shown

    def holds(self, committed: Committed) -> bool:
        """Whether a stored decision needs an answer before the next item: a blind one that differs from the model."""
        decision = committed.decision
        if decision is None or not decision.blind or committed.independent or committed.verb == "explained":
            return False
        if decision.agrees is not False:
            if decision.agrees:
                self._notices.show_info(self.tr("The model says {label}, too.").format(label=decision.label))
            return False
        self._after_blind = committed.key
        self._reviewing.open(committed.key)
        return True

    def on_shown(self, prepared: Prepared) -> None:
        """Ask about a blind decision once its verdict is on screen."""
        review = prepared.review
        if review.key != self._after_blind or review.decision is None or review.verdict is None:
            return
        self._after_blind = None
        decision, policy, rules = review.decision, review.policy, _rules(prepared)
        chosen = policy.label(decision.label or "") if policy is not None else None
        if policy is None or chosen is None:
            self.moved_on.emit(review.key)
            return
        cause = services.needed(rules.cause_when, chosen, review.verdict)
        words = self.tr("You said {yours}. The model, hidden until now, says {model}. Why?").format(
            yours=_named(policy, chosen.code), model=_named(policy, review.verdict.label or "")
        )
        note = services.needed(rules.note_when, chosen, review.verdict)
        must = cause and rules.cause_when is not ReasonWhen.ASK
        bound = must or (note and rules.note_when is not ReasonWhen.ASK)
        question = Question(
            words,
            chosen.code,
            policy,
            note=decision.note,
            cause=must,
            needs_note=note,
            left=None if bound else self.tr("Leave it  Esc"),
            bound=bound,
        )
        self._ask(question, lambda said: self._reviewing.explain(said.cause, said.rule_id, said.note))

    # Asking

    def _decide(self, code: str) -> None:
        current, policy = self._reviewing.current, self._reviewing.policy
        chosen = policy.label(code) if policy is not None else None
        if current is None or policy is None or chosen is None or self._stands(current, code):
            return
        if current.review.hidden.verdict:
            self._reviewing.decide(label=code)
            return
        question = self._question(current, policy, chosen)
        if question is None:
            self._reviewing.decide(label=code)
            return
        self._ask(
            question,
            lambda said: self._reviewing.decide(
                label=code, cause=said.cause, rule_id=said.rule_id, note=said.note
            ),
        )  # fmt: skip

    def _question(self, current: Prepared, policy: PolicyVersion, chosen: Label) -> Question | None:
        """Return what to ask before a label is decided on the item in view, None for nothing."""
        verdict, standing, rules = _readable(current), current.review.decision, _rules(current)
        cause = services.needed(rules.cause_when, chosen, verdict)
        note = services.needed(rules.note_when, chosen, verdict)
        if not (cause or note or standing is not None):
            return None
        yours = _named(policy, chosen.code)
        if current.second is not None and current.second.state is SecondState.DIFFERS:
            words = self.tr("Two reviewers differ; you settle it as {yours}. Why?").format(yours=yours)
        elif standing is not None:
            words = self.tr("{name} decided {before}; you change it to {yours}. Why?").format(
                name=standing.reviewer, before=_named(policy, standing.label or ""), yours=yours
            )
        elif verdict is not None and verdict.label not in (None, chosen.code):
            words = self.tr("You say {yours}, the model says {model}. Why?").format(
                yours=yours, model=_named(policy, verdict.label or "")
            )
        else:
            words = self.tr("You say {yours}. This policy asks why.").format(yours=yours)
        changed = standing is not None and not cause
        return Question(
            words, chosen.code, policy, note=self._reviewing.note, cause=cause, needs_note=note, reason=changed
        )

    def _ask_batch(self, keys: list[int], code: str | None) -> None:
        """Ask once for a whole selection; Enter decides it."""
        rows = [row for key in keys if (row := self._selection.row(key)) is not None]
        policy = self._reviewing.policy
        count = f"{len(keys):,}"
        if code is None:
            words = self.tr("Agree with the model on {count} items?").format(count=count)
        else:
            yours = _named(policy, code) if policy is not None else code
            words = self.tr("Decide {yours} on {count} items?").format(count=count, yours=yours)
        differs = code is not None and any(row.verdict_label not in (None, code) for row in rows)
        decided = any(row.state is EntryState.DECIDED for row in rows)
        rules = _rules(self._reviewing.current) if self._reviewing.current is not None else ReviewRules("")
        question = Question(
            words,
            code or "",
            policy,
            cause=differs and rules.cause_when not in (ReasonWhen.NEVER, ReasonWhen.SIDE),
            reason=decided,
            needs_note=rules.note_when is ReasonWhen.ALWAYS,
        )

        def send(said: Override) -> None:
            self._reviewing.decide_many(
                keys, label=code, cause=said.cause, rule_id=said.rule_id, note=said.note
            )  # fmt: skip

        self._ask(question, send)

    def _ask(self, question: Question, send: Callable[[Override], None]) -> None:
        self._send = send
        self._strips.note.hide()
        self._strips.reason.hide()
        if question.label:
            self._strips.policy.show_code(question.label)
        self._strips.override.ask(question)

    def _stands(self, current: Prepared, code: str) -> bool:
        """Whether this reviewer's decision is this label already, so that deciding it again would say nothing new."""
        decision = current.review.decision
        same = decision is not None and decision.label == code and decision.reviewer == self._reviewer
        if same:
            self._notices.show_info(self.tr("You have decided {label} already.").format(label=code))
        return same

    # What the strips say

    @Slot(object)
    def _on_override_committed(self, said: Override) -> None:
        if self._send is not None:
            self._send(said)

    @Slot()
    def _on_override_cancelled(self) -> None:
        left, self._send = self._send, None
        if left is not None and self._strips.override.leaves and self._reviewing.wanted_key is not None:
            self.moved_on.emit(self._reviewing.wanted_key)
        self.closed.emit()

    @Slot(str)
    def _on_note_kept(self, note: str) -> None:
        self._reviewing.set_note(note)
        self.note_kept.emit(note)

    @Slot(str, str)
    def _on_reason_chosen(self, verb: str, reason: str) -> None:
        self._reviewing.set_note(reason)
        if verb == "skip":
            self._reviewing.skip()
        else:
            self._reviewing.escalate()


def _readable(prepared: Prepared) -> Verdict | None:
    """Return the verdict there is to agree with or to differ from."""
    verdict = prepared.review.verdict
    return None if verdict is None or verdict.fast or verdict.label is None else verdict


def _rules(prepared: Prepared) -> ReviewRules:
    return prepared.rules or ReviewRules("")


def _named(policy: PolicyVersion, code: str) -> str:
    label = policy.label(code)
    return f"{label.code} {one_line(label.name, 40)}" if label is not None else one_line(code, 24)
