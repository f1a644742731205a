"""What a human label written in a file means under a policy: a label by any of its names, or a plain yes or no.

It owns that reading and nothing else. Where a word only names a side of the line, the label that stands for it comes
with a note that says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.domain import Label, PolicyVersion, Verdict
from core.intake.records import RecordError, json_type
from core.policy.labels import GENERIC_CODES, find_label, only_label

_SAFE_WORDS = frozenset({"valid", "safe", "false", "0", "no", "allowed", "benign", "non-violating", "not violating"})
_VIOLATING_WORDS = frozenset({"invalid", "unsafe", "true", "1", "yes", "violation", "violating", "violates"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """The label a written word stands for; `note` says so where the word itself only named a side."""

    label: Label
    note: str = ""


def read_label(policy: PolicyVersion, written: object, *, field: str, verdict: Verdict | None = None) -> Meaning:
    """Return what the value of `field` means under `policy`.

    It may be any name of a label (code, alias, name), or a word that only says on which side of the line the content
    is: VALID, INVALID, true, 0 and the like. Such a word stands for the label of a `verdict` on the same side, which
    it confirms; else for the one label of that side, or the policy's own label for the side as a whole; else for the
    mildest label of that side. Where the word says less than the label, the note tells.

    Raises:
        RecordError: the value is no text, whole number or truth value, or names neither a label nor a side.
    """
    if isinstance(written, bool):
        written = "true" if written else "false"
    elif isinstance(written, int):
        written = str(written)
    if not isinstance(written, str):
        raise RecordError(f"decision not recorded: `{field}` must be a label, found {json_type(written)}")
    named = find_label(policy.labels, written.strip())
    if named is not None and named.code not in GENERIC_CODES:
        return Meaning(named)
    violates = named.violates if named is not None else _side(written)
    side = [label for label in policy.labels if label.violates == violates]
    if violates is None or not side:
        raise RecordError(f"decision not recorded: `{field}` is no label of the policy")
    judged = verdict.label if verdict is not None else None
    exact = named or only_label(policy.labels, violates=violates)
    label = next((label for label in side if label.code == judged), exact) or min(side, key=_severity)
    if label is exact:
        return Meaning(label)
    said = "violates" if violates else "does not violate"
    confirmed = "the model's label stands for that" if label.code == judged else "the mildest label stands for that"
    return Meaning(label, f"The imported field `{field}` only says that the content {said}; {confirmed}.")


def _severity(label: Label) -> int:
    return label.severity


def _side(written: str) -> bool | None:
    """Return True for a word that says violating, False for one that says safe, None for any other."""
    word = written.strip().casefold()
    return True if word in _VIOLATING_WORDS else False if word in _SAFE_WORDS else None
