"""The person's own keys: which action has which, and what would clash.

It owns the rules for a change of keys: no key twice, digits stay with the labels. Storing them is for `ui.preferences`,
giving them to actions for `ui.actions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtGui import QKeySequence

from ui.actions import Act, Spec, specs

DIGITS = tuple(str(number) for number in range(1, 10))
"""Keys of the labels; they follow the policy and are not given to anything else."""


def usual_keys() -> dict[Act, tuple[str, ...]]:
    """Return the keys every action has at first."""
    return {spec.act: spec.keys for spec in specs()}


def keys_with(changes: Mapping[Act, Sequence[str]]) -> dict[Act, tuple[str, ...]]:
    """Return the keys of every action with the person's own in their place; what clashes keeps the usual ones."""
    usual = usual_keys()
    own = {act: tuple(keys) for act, keys in changes.items() if act in usual and keys}
    while True:
        keys = {**usual, **own}
        clashing = [act for act in own if any(clash(keys, act, key) is not None for key in own[act])]
        if not clashing:
            return keys
        del own[clashing[-1]]


def clash(keys: Mapping[Act, Sequence[str]], act: Act, key: str) -> Act | str | None:
    """Return what stands against giving `act` a key: the action that has it, the digit it is, or None."""
    wanted = normal(key)
    if wanted in DIGITS:
        return wanted
    return next(
        (other for other, own in keys.items() if other is not act and wanted in {normal(k) for k in own}), None
    )  # fmt: skip


def normal(key: str) -> str:
    """Return the one way a key is written, "" for no key."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def spec_of(act: Act) -> Spec:
    """Return the row of an action in the table."""
    return next(spec for spec in specs() if spec.act is act)
