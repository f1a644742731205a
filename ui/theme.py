"""The look of the window: palette, fonts and the one stylesheet, all built from the tokens.

It owns which scheme is shown (the system's, or the one the person chose) and tells widgets that paint themselves
when it changes. It must not know any particular screen.
"""

from __future__ import annotations

import sys
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ui.icons import check_path, chevron_path
from ui.stylesheet import build_stylesheet
from ui.tokens import BASE_POINT_SIZE, CONTRAST, DARK, LIGHT, Tokens, without_colour

# Linux desktops without a settings daemon fall back to a wide face; these read better in dense lists.
_LINUX_FACES = ("Inter", "Noto Sans", "Cantarell", "DejaVu Sans")


class Appearance(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Theme(QObject):
    """The scheme in force. `tokens` is what to paint with; `changed` fires after palette and stylesheet are set."""

    changed = Signal()

    def __init__(self, application: QApplication, appearance: Appearance = Appearance.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._appearance = appearance
        self._greyscale = False
        self.tokens: Tokens = LIGHT
        application.setStyle("Fusion")
        application.setFont(base_font())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)
        self._apply()

    @property
    def appearance(self) -> Appearance:
        """What the person asked for, which is not always what is shown."""
        return self._appearance

    def set_appearance(self, appearance: Appearance) -> None:
        """Follow the system, or stay light or dark whatever it says."""
        if appearance != self._appearance:
            self._appearance = appearance
            self._apply()

    def set_greyscale(self, *, on: bool) -> None:
        """Take every colour away, or bring them back; lightness and contrast stay."""
        if on != self._greyscale:
            self._greyscale = on
            self._apply()

    @Slot()
    def _on_system_scheme_changed(self) -> None:
        if self._appearance is Appearance.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        tokens = _tokens_for(self._appearance)
        self.tokens = without_colour(tokens) if self._greyscale else tokens
        self._application.setPalette(build_palette(self.tokens))
        images = {"chevron": chevron_path(self.tokens), "check": check_path(self.tokens)}
        self._application.setStyleSheet(build_stylesheet(self.tokens, **images))
        self.changed.emit()


def _tokens_for(appearance: Appearance) -> Tokens:
    if appearance is Appearance.CONTRAST:
        return CONTRAST
    if appearance is Appearance.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    else:
        dark = appearance is Appearance.DARK
    return DARK if dark else LIGHT


def base_font() -> QFont:
    """Return the interface font: the system's own, or on bare Linux the first readable face that is installed."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    if sys.platform.startswith("linux"):
        installed = set(QFontDatabase.families())
        face = next((name for name in _LINUX_FACES if name in installed), None)
        if face is not None:
            font.setFamily(face)
    font.setPointSizeF(BASE_POINT_SIZE)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font


def scaled_font(point_size: float, *, bold: bool = False) -> QFont:
    """Return the interface font at `point_size` points, semi-bold when asked."""
    font = QFont(QApplication.font())
    font.setPointSizeF(point_size)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def mono_font(point_size: float) -> QFont:
    """Return the system's fixed-width font at `point_size` points."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if sys.platform.startswith("linux") and "Noto Sans Mono" in QFontDatabase.families():
        font.setFamily("Noto Sans Mono")
    font.setPointSizeF(point_size)
    return font


def build_palette(tokens: Tokens) -> QPalette:
    """Return the palette the Fusion style and unstyled widgets draw with."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.raised,
        role.Mid: tokens.line,
        role.Dark: tokens.boundary,
        role.Shadow: tokens.boundary,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.boundary))
    return palette
