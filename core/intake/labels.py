"""What a human label written in a file means under a policy: a code, an alias, or a plain yes or no.

It owns that reading and nothing else. It never guesses between labels that the written word does not tell apart.
"""

from __future__ import annotations

from core.domain import Label, PolicyVersion, Verdict
from core.intake.records import RecordError, json_type

_SAFE_WORDS = frozenset({"valid", "safe", "false", "0", "no", "allowed", "benign", "non-violating", "not violating"})
_VIOLATING_WORDS = frozenset({"invalid", "unsafe", "true", "1", "yes", "violation", "violating", "violates"})


def match_label(policy: PolicyVersion, written: object, *, field: str, verdict: Verdict | None = None) -> Label:
    """Return the label of `policy` that the value of `field` names.

    A code or alias is taken as it stands, then regardless of case. A word that only says whether the content violates
    (VALID, INVALID, true, 0 …) is the one label of that side; where the side has several, it is the label of `verdict`
    if that stands on the same side, because the word confirms it, and otherwise the mildest of them.

    Raises:
        RecordError: the value is no text, number or truth value, or names no label.
    """
    if isinstance(written, bool):
        written = "true" if written else "false"
    elif isinstance(written, int):
        written = str(written)
    if not isinstance(written, str):
        raise RecordError(f"decision not recorded: `{field}` must be a label, found {json_type(written)}")
    word = written.strip()
    label = policy.label(word) or _by_name(policy, word) or _by_side(policy, word.casefold(), verdict)
    if label is None:
        raise RecordError(f"decision not recorded: `{field}` is no label of the policy")
    return label


def _by_name(policy: PolicyVersion, word: str) -> Label | None:
    """Return the label with this alias, or the only one with this code or alias regardless of case."""
    for label in policy.labels:
        if word in label.aliases:
            return label
    folded = word.casefold()
    same = [label for label in policy.labels if folded in {name.casefold() for name in (label.code, *label.aliases)}]
    return same[0] if len(same) == 1 else None


def _by_side(policy: PolicyVersion, word: str, verdict: Verdict | None) -> Label | None:
    if word not in _SAFE_WORDS and word not in _VIOLATING_WORDS:
        return None
    side = [label for label in policy.labels if label.violates == (word in _VIOLATING_WORDS)]
    judged = verdict.label if verdict is not None else None
    return next((label for label in side if label.code == judged), min(side, key=_severity, default=None))


def _severity(label: Label) -> int:
    return label.severity
