"""When a decision needs a reason, and giving one after the fact.

It owns the meaning of the rules `cause_when` and `note_when`, for the desk that asks and for the services that refuse.
"""

from __future__ import annotations

from core.domain import Cause, Label, ReasonWhen, ReviewRules, Verdict, VerdictStatus
from core.errors import UsageError


def needed(when: ReasonWhen, chosen: Label, verdict: Verdict | None) -> bool:
    """Whether a label, decided in the face of a verdict, needs the reason that is due at `when`.

    A verdict that could not be read, or a first pass, leaves nothing to differ from.
    """
    if when in (ReasonWhen.ALWAYS, ReasonWhen.NEVER):
        return when is ReasonWhen.ALWAYS
    if verdict is None or verdict.fast or verdict.status is not VerdictStatus.PARSED:
        return False
    if when is ReasonWhen.SIDE:
        return chosen.violates != verdict.violates
    return chosen.code != verdict.label or chosen.violates != verdict.violates


def check_reasons(rules: ReviewRules, chosen: Label, verdict: Verdict | None, cause: Cause | None, note: str) -> None:
    """Refuse a decision without the reasons that the rules of its policy ask for.

    Raises:
        UsageError: the cause or the note is missing.
    """
    ask = ReasonWhen.ASK
    if cause is None and rules.cause_when is not ask and needed(rules.cause_when, chosen, verdict):
        causes = ", ".join(entry.value for entry in Cause)
        raise UsageError("This policy asks for the cause of that decision.", f"Give one of: {causes}.")
    if not note.strip() and rules.note_when is not ask and needed(rules.note_when, chosen, verdict):
        raise UsageError("This policy asks for a note with that decision.", "Say in a note why.")
