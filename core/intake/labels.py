"""What a human label written in a file means under a policy: a label by any of its names, or a plain yes or no.

It owns that reading and nothing else. It never guesses between labels that the written word does not tell apart.
"""

from __future__ import annotations

from core.domain import Label, PolicyVersion, Verdict
from core.intake.records import RecordError, json_type
from core.policy.labels import GENERIC_CODES, find_label, only_label

_SAFE_WORDS = frozenset({"valid", "safe", "false", "0", "no", "allowed", "benign", "non-violating", "not violating"})
_VIOLATING_WORDS = frozenset({"invalid", "unsafe", "true", "1", "yes", "violation", "violating", "violates"})


def match_label(policy: PolicyVersion, written: object, *, field: str, verdict: Verdict | None = None) -> Label:
    """Return the label of `policy` that the value of `field` names.

    It may be any name of a label (code, alias, name) or a word that only says on which side of the line the content
    is: VALID, INVALID, true, 0 and the like. Such a word confirms the label of a `verdict` on the same side; else it
    is the one label of that side, or the policy's own label for the side as a whole.

    Raises:
        RecordError: the value is no text, whole number or truth value, names no label, or names a side that several
            labels share.
    """
    if isinstance(written, bool):
        written = "true" if written else "false"
    elif isinstance(written, int):
        written = str(written)
    if not isinstance(written, str):
        raise RecordError(f"decision not recorded: `{field}` must be a label, found {json_type(written)}")
    named = find_label(policy.labels, written.strip())
    if named is not None and named.code not in GENERIC_CODES:
        return named
    violates = named.violates if named is not None else _side(written)
    if violates is None:
        raise RecordError(f"decision not recorded: `{field}` is no label of the policy")
    judged = policy.label(verdict.label) if verdict is not None and verdict.label is not None else None
    if judged is not None and judged.violates == violates:
        return judged
    label = named or only_label(policy.labels, violates=violates)
    if label is None:
        raise RecordError(f"decision not recorded: `{field}` only names a side that several labels of the policy share")
    return label


def _side(written: str) -> bool | None:
    """Return True for a word that says violating, False for one that says safe, None for any other."""
    word = written.strip().casefold()
    return True if word in _VIOLATING_WORDS else False if word in _SAFE_WORDS else None
