"""The words on screen for the values of the domain, translated, and the glyph and tone that go with each.

It owns naming only. Every state has a word and a shape besides its colour. Nothing here shows or stores anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from core.domain import (
    BatchSummary,
    Cause,
    Effort,
    EntryState,
    ItemKind,
    KeySlot,
    Label,
    PolicyVersion,
    QueueFilter,
    QueueRow,
    QueueSort,
    SlotKind,
    Verdict,
    VerdictStatus,
    Worklist,
)
from ui.judging import Progress
from ui.key_words import say
from ui.visible import one_line


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)


def kind_word(kind: ItemKind) -> str:
    """Name a kind of item."""
    return {
        ItemKind.MESSAGE: _tr("Message"),
        ItemKind.REPLY: _tr("Reply"),
        ItemKind.CONVERSATION: _tr("Conversation"),
    }[kind]


def state_word(state: EntryState) -> str:
    """Name where a queue entry stands."""
    return {
        EntryState.PENDING: _tr("Waiting for the model"),
        EntryState.JUDGED: _tr("To review"),
        EntryState.SKIPPED: _tr("Skipped"),
        EntryState.ESCALATED: _tr("Escalated"),
        EntryState.DECIDED: _tr("Decided"),
    }[state]


def status_word(status: VerdictStatus) -> str:
    """Name how a model run ended, short enough for a row."""
    return {
        VerdictStatus.PARSED: _tr("Read"),
        VerdictStatus.UNPARSED: _tr("Unreadable"),
        VerdictStatus.REFUSED: _tr("Refused"),
        VerdictStatus.TRUNCATED: _tr("Cut off"),
        VerdictStatus.FAILED: _tr("Failed"),
    }[status]


def status_explained(status: VerdictStatus) -> str:
    """Say what happened and that it is the reviewer's call, for every status without a label."""
    return {
        VerdictStatus.PARSED: "",
        VerdictStatus.UNPARSED: _tr("The model answered, but no label of this policy can be read from it. You decide."),
        VerdictStatus.REFUSED: _tr("The model declined to judge this item. You decide."),
        VerdictStatus.TRUNCATED: _tr("The model ran out of room before it reached a verdict. You decide."),
        VerdictStatus.FAILED: _tr("The model could not be run on this item. You decide."),
    }[status]


def cause_word(cause: Cause) -> str:
    """Name why a reviewer overrode the model."""
    return {
        Cause.POLICY_GAP: _tr("Policy gap"),
        Cause.MODEL_MISREAD: _tr("Model misread"),
        Cause.MISSING_CONTEXT: _tr("Missing context"),
        Cause.BORDERLINE: _tr("Borderline"),
        Cause.BAD_EXAMPLE: _tr("Bad example"),
        Cause.OTHER: _tr("Other"),
    }[cause]


def effort_word(effort: Effort) -> str:
    """Say how long a model was let think."""
    return {
        Effort.LOW: _tr("low effort"),
        Effort.MEDIUM: _tr("medium effort"),
        Effort.HIGH: _tr("high effort"),
    }[effort]


def language_word(tag: str) -> str:
    """Name a language tag; of a tag that says only the script, the script (`und-cyrl`: `Cyrl script`)."""
    script = tag.removeprefix("und-")
    return _tr("{script} script").format(script=script.capitalize()) if script != tag else one_line(tag, 35)


def sort_word(sort: QueueSort) -> str:
    """Name an order of the queue."""
    return {
        QueueSort.RISK: _tr("Highest risk first"),
        QueueSort.UNCERTAINTY: _tr("Least certain first"),
        QueueSort.AGE: _tr("Oldest first"),
        QueueSort.DISAGREEMENT: _tr("Disagreements first"),
        QueueSort.EXPECTED: _tr("Disagreement expected first"),
    }[sort]


def violates_word(*, violates: bool | None) -> str:
    """Name the side of the line a label is on."""
    if violates is None:
        return _tr("Needs a human")
    return _tr("Violates") if violates else _tr("Safe")


def label_line(label: Label) -> str:
    """Say on which side a label is and how grave: `Violates · severity 3 of 4`."""
    side = violates_word(violates=label.violates)
    parts = [side]
    if label.severity:
        parts.append(_tr("severity {severity} of 4").format(severity=label.severity))
    if label.escalate:
        parts.append(_tr("escalate"))
    return " · ".join(parts)


def digit_words(policy: PolicyVersion | None, choices: Sequence[PolicyVersion]) -> tuple[str, ...]:
    """Name what each digit key would choose: the labels of a policy, or a policy where there is none yet."""
    if policy is not None:
        return tuple(f"{label.code}  {one_line(label.name, 60)}" for label in policy.labels)
    return tuple(_tr("Under {policy}").format(policy=one_line(p.title or p.policy_id, 60)) for p in choices)


def tone_of(*, violates: bool | None) -> str:
    """Return the name that is both the glyph and the token colour of a side."""
    return "unknown" if violates is None else "violates" if violates else "safe"


def score_tone(score: float, *, violates: bool | None) -> str:
    """Return the tone of a score's bar: the label's side, or unknown where the score leans the other way."""
    leans = violates is None or (score >= 0.5) == violates
    return tone_of(violates=violates) if leans else "unknown"


def verdict_side(verdict: Verdict) -> bool | None:
    """Return whether a verdict says it violates; None when it says nothing readable."""
    return verdict.violates if verdict.status is VerdictStatus.PARSED else None


def removed_words(removed_at: datetime) -> str:
    """Say that a content is gone, as rows and panes show it in its place."""
    return _tr("content removed on {date}").format(date=f"{removed_at:%Y-%m-%d}")


def excerpt_words(row: QueueRow) -> str:
    """Return the beginning of a row's content, or what is said in its place."""
    return removed_words(row.removed_at) if row.removed_at is not None else row.excerpt


def row_sentence(row: QueueRow, policy_title: str) -> str:
    """Return a queue row as a screen reader says it."""
    parts = [excerpt_words(row), kind_word(row.kind)]
    if policy_title:
        parts.append(policy_title)
    parts.append(state_word(row.state))
    if row.status is VerdictStatus.PARSED:
        side = violates_word(violates=row.verdict_violates)
        parts.append(_tr("model says {label}, {side}").format(label=row.verdict_label, side=side))
    elif row.status is not None:
        parts.append(_tr("model: {status}").format(status=status_word(row.status)))
    elif row.hidden.verdict:
        parts.append(_tr("the model's verdict is hidden until you decide"))
    if row.decision_label is not None:
        parts.append(_tr("you decided {label}").format(label=row.decision_label))
    return ". ".join(parts)


def alike_words(count: int) -> str:
    """Say how many further entries a row of a folded queue stands for."""
    return _tr("+{count} alike").format(count=f"{count:,}")


def undone_words(what: str) -> str:
    """Say what was taken back; `what` is the word of the services for it."""
    return {
        "decision": _tr("The decision was taken back."),
        "skip": _tr("The item is no longer skipped."),
        "escalation": _tr("The item is no longer escalated."),
        "batch": _tr("The decisions on the selection were taken back."),
    }.get(what, _tr("The last step was taken back."))


def batch_words(summary: BatchSummary) -> str:
    """Say what became of a selection: how many were decided, how many were left and the first reason for it."""
    words = _tr("{count} decided").format(count=f"{len(summary.decisions):,}")
    if not summary.left:
        return f"{words}."
    left = _tr("{count} left: {reason}").format(count=f"{len(summary.left):,}", reason=summary.left[0][1])
    return f"{words}, {left}"


def worklist_word(worklist: Worklist) -> str:
    """Name a list of entries that wait for one person in particular."""
    return {
        Worklist.SECOND: _tr("Second review"),
        Worklist.ADJUDICATE: _tr("Differences to settle"),
    }[worklist]


def duration_word(seconds: float) -> str:
    """Return a remaining time roughly: `under a minute`, `3 min`, `2 h 5 min`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _tr("under a minute")
    if minutes < 60:
        return _tr("{minutes} min").format(minutes=minutes)
    return _tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def judging_words(progress: Progress) -> str:
    """Say how far a run is, how long it still takes and which model it is."""
    done, total = f"{progress.done:,}", f"{progress.total:,}"
    parts = [_tr("Judging {done} of {total}").format(done=done, total=total)]
    if progress.seconds_left is not None:
        parts.append(_tr("{time} left").format(time=duration_word(progress.seconds_left)))
    if progress.model is not None:
        name = one_line(progress.model.name, 60)
        unsaid = progress.model.is_sample and "sample" not in name.lower()
        parts.append(_tr("{name} (sample)").format(name=name) if unsaid else name)
    return " · ".join(parts)


def slot_word(kind: SlotKind) -> str:
    """Name a way to open a workspace."""
    return {
        SlotKind.KEYCHAIN: _tr("Keychain"),
        SlotKind.PASSPHRASE: _tr("Passphrase"),
        SlotKind.RECOVERY: _tr("Recovery code"),
    }[kind]


def slot_words(slot: KeySlot) -> str:
    """Name a way to open a workspace, when it was set and which keychain holds it."""
    parts = [slot_word(slot.kind)]
    if slot.added_at:
        parts.append(_tr("set on {date}").format(date=slot.added_at[:10]))
    if slot.backend:
        parts.append(_tr("kept by {backend}").format(backend=one_line(slot.backend, 60)))
    return ", ".join(parts)


def empty_list_words(wanted: QueueFilter, *, pinned: bool) -> str:
    """Return why a list is empty and what to do; `pinned` is one that another page asked for."""
    if pinned:
        return say(_tr("Nothing waits for you in this list. {key_whole_queue} goes back to the queue."))
    if wanted.search:
        return say(_tr("Nothing matches this search. Clear it with Escape, or look under All ({key_view_all})."))
    if wanted.states == (EntryState.PENDING, EntryState.JUDGED):
        words = _tr(
            "Nothing is left to review here. Import a file with {key_import}, or look under All ({key_view_all})."
        )
        return say(words)
    return _tr("Nothing here yet.")
