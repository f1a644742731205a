"""The one signal that says something stored has changed, so that views read it again.

It owns the shape of that news. It must not carry content or results: whoever hears it asks the services.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Change:
    """What changed. `keys` are queue entries; `everything` means: read all of it again (an import, a policy)."""

    keys: tuple[int, ...] = ()
    everything: bool = False


class Events(QObject):
    """Carries changes to whoever listens."""

    changed = Signal(object)

    def entries_changed(self, *keys: int) -> None:
        """Say that these queue entries changed."""
        self.changed.emit(Change(keys=keys))

    def everything_changed(self) -> None:
        """Say that any list may be out of date."""
        self.changed.emit(Change(everything=True))
