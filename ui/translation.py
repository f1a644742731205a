"""The languages of the window: which there are, and loading the one that is wanted before anything is shown.

It owns the catalogues in `resources/translations`. English is the language of the source and has none.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core.paths import resources_folder

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Codes with the name each language gives itself."""

SOURCE = "en"


def catalogue_folder() -> Path:
    """Return the folder of the catalogues."""
    return resources_folder() / "translations"


def wanted_language(chosen: str) -> str:
    """Return the language to speak: the one chosen, else the system's where Docket has it, else English."""
    if chosen in LANGUAGES:
        return chosen
    system = QLocale.system().name().split("_")[0]
    return system if system in LANGUAGES else SOURCE


def install_language(application: QCoreApplication, chosen: str) -> str:
    """Let the application speak a language from now on; return its code. Call before any window is made.

    A catalogue that is missing leaves English.
    """
    language = wanted_language(chosen)
    QLocale.setDefault(QLocale(language))
    if language == SOURCE:
        return language
    ours = QTranslator(application)
    if not ours.load(str(catalogue_folder() / f"docket_{language}.qm")):
        return SOURCE
    qt = QTranslator(application)
    if qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        application.installTranslator(qt)
    application.installTranslator(ours)
    return language
