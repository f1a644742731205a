"""The way into the window: application, theme, preferences, main window, event loop.

It owns start and end of the graphical part. It must not be imported by anything that runs without a screen.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from core.services import window_layout_file
from ui.collecting import Collector
from ui.desk_context import DeskContext
from ui.icons import application_icon
from ui.judging import ClassifierFactory
from ui.notices import Notices
from ui.preferences import Preferences
from ui.theme import Theme
from ui.translation import install_language
from ui.window import MainWindow


def run_window(
    argv: Sequence[str],
    *,
    workspace_folder: Path | None,
    sample: bool = False,
    classifier_factory: ClassifierFactory | None = None,
) -> int:
    """Show the window and return the exit status when it is closed. Call from the main thread, once.

    `workspace_folder` None shows the first page; `sample` True goes straight to the sample queue.
    `classifier_factory` None judges with the real model.
    """
    scale = Preferences(window_layout_file()).scale
    if scale != 100:  # Qt reads it once, before there is an application
        os.environ.setdefault("QT_SCALE_FACTOR", f"{scale / 100:.2f}")
    application = QApplication(list(argv))
    window = make_window(application, classifier_factory=classifier_factory)
    window.begin(workspace_folder, sample=sample)
    window.show()
    window.activateWindow()  # where no window manager does it
    collector = Collector(application)
    window.touched.connect(collector.touch)
    status = application.exec()
    collector.stop()
    return status


def make_window(
    application: QApplication, *, classifier_factory: ClassifierFactory | None = None, theme: Theme | None = None
) -> MainWindow:
    """Return the main window, not yet shown, with nothing open. `theme` is made from the preferences if not given."""
    application.setApplicationName("Docket")
    application.setApplicationDisplayName("Docket")
    application.setWindowIcon(application_icon())
    preferences = Preferences(window_layout_file())
    install_language(application, preferences.language)
    context = DeskContext(
        theme=theme or Theme(application, preferences.appearance),
        notices=Notices(application),
        preferences=preferences,
        classifier_factory=classifier_factory,
    )
    return MainWindow(context)
