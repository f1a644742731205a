"""Keys as words: a sentence or a button names the key a person has now, not the one Docket came with.

It owns the one way a key gets into words: `{key_search}` in a text stands for the first key of the action `SEARCH`.
It must not know what an action does, nor give keys to anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence


class _Keys(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}


class _Known(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return name.removeprefix("key_").upper()  # a widget that stands alone has no actions beside it


_KEYS = _Keys()


def tell_keys(first_keys: Mapping[str, str]) -> None:
    """Take the first key of each action as it is written here, by the action's name in small letters."""
    if _KEYS.words != dict(first_keys):
        _KEYS.words = dict(first_keys)
        _KEYS.changed.emit()


def say(text: str, **values: object) -> str:
    """Return a text with the keys it names and these values in their places."""
    keys = {f"key_{name}": key for name, key in _KEYS.words.items()}
    return text.format_map(_Known({**keys, **values}))


def keyed(words: str, key: str) -> str:
    """Return the words of a button with the key that does the same, written as in a key sequence, behind them."""
    return f"{words} ({QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)})"


def follow_keys(owner: QObject, show: Callable[[], object]) -> None:
    """Show something now, and again whenever a key changes, for as long as `owner` lives."""
    connection = _KEYS.changed.connect(lambda: show())
    owner.destroyed.connect(lambda: QObject.disconnect(connection))
    show()
