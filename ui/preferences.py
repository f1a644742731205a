"""What the window remembers between sessions: size, splitters, looks, keys, care. One ini file in Docket's own folder.

It owns the names and types of these values. Nothing about content, decisions or keys is ever kept here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget

from ui.actions import Act
from ui.care import CareSettings
from ui.theme import Appearance


class Preferences:
    """Reads and writes the ini file. A value that cannot be read counts as absent."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def appearance(self) -> Appearance:
        """The appearance the person chose; the system's if none."""
        try:
            return Appearance(str(self._settings.value("appearance", Appearance.SYSTEM.value)))
        except ValueError:
            return Appearance.SYSTEM

    @appearance.setter
    def appearance(self, appearance: Appearance) -> None:
        self._settings.setValue("appearance", appearance.value)

    @property
    def chose_appearance(self) -> bool:
        """Whether the person ever chose one."""
        return self._settings.contains("appearance")

    @property
    def text_zoom(self) -> int:
        """Points the reading text is larger than usual; 0 if never changed."""
        return self._number("text_zoom", 0)

    @text_zoom.setter
    def text_zoom(self, points: int) -> None:
        self._settings.setValue("text_zoom", points)

    @property
    def scale(self) -> int:
        """How large everything is, in percent, from the next start on; 100 if never changed."""
        return max(80, min(250, self._number("scale", 100)))

    @scale.setter
    def scale(self, percent: int) -> None:
        self._settings.setValue("scale", percent)

    @property
    def language(self) -> str:
        """The code of the language the person chose; "" follows the system."""
        return str(self._settings.value("language", ""))

    @language.setter
    def language(self, code: str) -> None:
        self._settings.setValue("language", code)

    @property
    def care(self) -> CareSettings:
        """What the person set for their own sake; what cannot be read is as it is at first."""
        usual = CareSettings()
        values: dict[str, object] = {}
        for entry in fields(CareSettings):
            first, stored = getattr(usual, entry.name), self._settings.value(f"care/{entry.name}")
            if stored is None:
                continue
            if isinstance(first, bool):
                values[entry.name] = str(stored).lower() == "true"
            elif isinstance(first, int):
                values[entry.name] = max(0, self._number(f"care/{entry.name}", first))
            else:
                values[entry.name] = tuple(part for part in str(stored).split("\n") if part)
        return replace(usual, **values)  # type: ignore[arg-type]

    @care.setter
    def care(self, care: CareSettings) -> None:
        for entry in fields(CareSettings):
            value = getattr(care, entry.name)
            stored = "\n".join(value) if isinstance(value, tuple) else value
            self._settings.setValue(f"care/{entry.name}", stored)

    @property
    def keys(self) -> dict[Act, tuple[str, ...]]:
        """The keys the person gave to actions; what Docket no longer knows is left out."""
        self._settings.beginGroup("keys")
        stored = {name: str(self._settings.value(name)) for name in self._settings.childKeys()}
        self._settings.endGroup()
        return {Act[name]: tuple(keys.split("\n")) for name, keys in stored.items() if name in Act.__members__ and keys}

    @keys.setter
    def keys(self, keys: Mapping[Act, Sequence[str]]) -> None:
        self._settings.remove("keys")
        for act, own in keys.items():
            self._settings.setValue(f"keys/{act.name}", "\n".join(own))

    def _number(self, name: str, usual: int) -> int:
        try:
            return int(str(self._settings.value(name, usual)))
        except ValueError:
            return usual

    def save_geometry(self, name: str, widget: QWidget) -> None:
        """Remember where a window is and how large."""
        self._settings.setValue(f"geometry/{name}", widget.saveGeometry())

    def restore_geometry(self, name: str, widget: QWidget) -> bool:
        """Put a window where it was; False if nothing is known."""
        value = self._settings.value(f"geometry/{name}")
        return isinstance(value, QByteArray) and widget.restoreGeometry(value)

    def save_splitter(self, name: str, splitter: QSplitter) -> None:
        """Remember how a splitter is divided."""
        self._settings.setValue(f"splitter/{name}", splitter.saveState())

    def restore_splitter(self, name: str, splitter: QSplitter) -> bool:
        """Divide a splitter as it was; False if nothing is known."""
        value = self._settings.value(f"splitter/{name}")
        return isinstance(value, QByteArray) and splitter.restoreState(value)

    def first_time(self, what: str) -> bool:
        """Whether something happens for the first time; from now on it does not."""
        seen = self._settings.value(f"seen/{what}") is not None
        self._settings.setValue(f"seen/{what}", "1")
        return not seen

    def sync(self) -> None:
        """Write everything out now."""
        self._settings.sync()
