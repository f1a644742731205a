"""What every open workspace on screen shares with the window around it.

It owns nothing itself: it hands the theme, the notices, the preferences and the source of classifiers to the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from ui.judging import ClassifierFactory
from ui.notices import Notices
from ui.preferences import Preferences
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class DeskContext:
    """`classifier_factory` None means the real model."""

    theme: Theme
    notices: Notices
    preferences: Preferences
    classifier_factory: ClassifierFactory | None = None
