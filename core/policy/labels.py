"""The written names of labels: codes and aliases, how they are compared, and which label a written name means.

It owns the comparison of label text and nothing else. It never chooses between labels that a name does not tell apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from core.domain import Label

# Hyphens, dashes and minus signs that models print in place of "-".
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SEPARATORS = re.compile(r"(?<=\w)[\s_\-]+(?=\w)|(?<=\w)_+|_+(?=\w)|\s+")
_PLUS = re.compile(r" ?\+ ?")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")

GENERIC_CODES = frozenset({"VALID", "INVALID"})
"""Codes that only say on which side of the line a content is; beside them a policy may have finer codes."""


def plain_dashes(text: str) -> str:
    """Return the text with every kind of hyphen and dash written as "-", character for character."""
    return _DASHES.sub("-", text)


def strip_emphasis(text: str) -> str:
    """Return the text without the Markdown marks of bold, italics and code."""
    return _EMPHASIS.sub("", text)


def fold_name(text: str) -> str:
    """Return label text as it is compared: no emphasis, no case, dashes, underscores and spaces all one space."""
    return _PLUS.sub(" + ", _SEPARATORS.sub(" ", plain_dashes(strip_emphasis(text)))).strip().casefold()


def label_names(label: Label) -> Iterator[str]:
    """Yield the code and the aliases of a label, in that order."""
    yield label.code
    yield from label.aliases


def find_label(labels: Iterable[Label], written: str) -> Label | None:
    """Return the label that a written name means: its code, an alias, or its full name; None when unsure.

    A name as it stands comes before a name regardless of case and dashes; a name that two labels share means neither.
    """
    labels = tuple(labels)
    for label in labels:
        if written in label_names(label):
            return label
    folded = fold_name(written)
    if not folded:
        return None
    same = [label for label in labels if folded in {fold_name(name) for name in label_names(label)}]
    same = same or [label for label in labels if folded == fold_name(label.name)]
    return same[0] if len(same) == 1 else None


def settle(labels: Iterable[Label]) -> Label | None:
    """Return the one label that several mentions of the same answer mean together, None when they differ.

    `INVALID` beside `SP3` means SP3: a code that only names the side adds nothing to a finer one of that side.
    """
    distinct: dict[str, Label] = {label.code: label for label in labels}
    if len(distinct) > 1 and len({label.violates for label in distinct.values()}) == 1:
        distinct = {code: label for code, label in distinct.items() if code not in GENERIC_CODES}
    return next(iter(distinct.values())) if len(distinct) == 1 else None


def only_label(labels: Iterable[Label], *, violates: bool) -> Label | None:
    """Return the label of one side: the only one there is, else the one that only names the side, else None."""
    side = [label for label in labels if label.violates == violates]
    if len(side) == 1:
        return side[0]
    return next((label for label in side if label.code in GENERIC_CODES), None)


def shared_name(labels: Sequence[Label]) -> tuple[str, Label, Label] | None:
    """Return a name that two labels share and the two labels, None when every name means one label."""
    seen: dict[str, Label] = {}
    for label in labels:
        for name in label_names(label):
            other = seen.setdefault(fold_name(name), label)
            if other is not label:
                return name, other, label
    return None
