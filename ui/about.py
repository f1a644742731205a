"""The dialog about Docket at work: reads the libraries, writes the SBOM.

It owns the life of that dialog and what its details say: versions and the machine, no path, no name, no content.
"""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import QObject, Slot, qVersion
from PySide6.QtWidgets import QFileDialog, QWidget

from core import services
from core.errors import AppError
from ui.dialogs.about import AboutDialog
from ui.notices import Notices
from ui.tasks import TaskPool

LICENCE = "Apache-2.0"


class About(QObject):
    """One for a window."""

    def __init__(self, notices: Notices, pool: TaskPool, window: QWidget) -> None:
        super().__init__(window)
        self._notices, self._pool, self._window = notices, pool, window
        self.dialog: AboutDialog | None = None

    @Slot()
    def show(self) -> None:
        """Show the dialog; its list comes as soon as it is read."""
        if self.dialog is not None:
            return
        dialog = AboutDialog(services.version(), LICENCE, details(), self._window)
        dialog.save_wanted.connect(self._on_dialog_save_wanted)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        dialog.open()
        self._pool.long(lambda _context: services.list_components(), succeeded=self._on_listed, failed=self._fail)

    def save(self, path: Path) -> None:
        """Write the SBOM to a new file."""
        self._pool.long(lambda _context: services.write_sbom(out=path), succeeded=self._on_written, failed=self._fail)

    @Slot()
    def _on_dialog_save_wanted(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self.dialog,
            self.tr("Save the SBOM"),
            f"docket-{services.version()}.cdx.json",
            self.tr("CycloneDX (*.json)"),
            options=QFileDialog.Option.DontConfirmOverwrite,  # a file that is there is refused, with words
        )
        if chosen:
            self.save(Path(chosen))

    @Slot(object)
    def _on_listed(self, components: list[services.Component]) -> None:
        if self.dialog is not None:
            self.dialog.show_components(components)

    @Slot(object)
    def _on_written(self, path: Path) -> None:
        words = self.tr("SBOM written: {name}").format(name=path.name)
        if self.dialog is not None:
            self.dialog.problem.say("")
            self.dialog.count.setText(words)
        self._notices.show_info(words)

    @Slot(object)
    def _fail(self, error: AppError) -> None:
        if self.dialog is not None:
            self.dialog.problem.say_error(error)
        else:
            self._notices.show_error(error)

    @Slot()
    def _on_dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self._window.activateWindow()


def details() -> list[str]:
    """Return the lines of "copy details" before the libraries."""
    return [
        f"Docket {services.version()} ({LICENCE})",
        f"{platform.system()} {platform.release()} {platform.machine()}",
        f"Python {platform.python_version()}, Qt {qVersion()}",
    ]
