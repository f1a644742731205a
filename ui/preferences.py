"""What the window remembers between sessions: size, splitters, appearance. One ini file in Docket's own folder.

It owns the names and types of these values. Nothing about content, decisions or keys is ever kept here.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget

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
    def text_zoom(self) -> int:
        """Points the reading text is larger than usual; 0 if never changed."""
        try:
            return int(str(self._settings.value("text_zoom", 0)))
        except ValueError:
            return 0

    @text_zoom.setter
    def text_zoom(self, points: int) -> None:
        self._settings.setValue("text_zoom", points)

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

    def sync(self) -> None:
        """Write everything out now."""
        self._settings.sync()
