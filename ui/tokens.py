"""The colours, sizes and type scale of the window as plain values, in every scheme, and the contrast between them.

It owns numbers only and knows no Qt, so that a test can compute every contrast. It must not draw or style anything.
Every foreground meant for text reaches 4.5:1 on every background it is used on (WCAG 2.2, 1.4.3), and every
boundary of a control 3:1 (1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme. Values are `#rrggbb`. A `…_soft` colour is the background its namesake is read on."""

    name: str
    window: str
    surface: str
    raised: str
    line: str
    boundary: str
    disabled: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    selection: str
    violates: str
    violates_soft: str
    safe: str
    safe_soft: str
    unknown: str
    unknown_soft: str
    danger_line: str
    mark: str
    mark_soft: str

    @property
    def is_dark(self) -> bool:
        """Whether text is lighter than what it stands on."""
        return luminance(self.text) > luminance(self.surface)


LIGHT = Tokens(
    name="light",
    window="#f3f4f7",
    surface="#ffffff",
    raised="#f8f9fb",
    line="#dde1e7",
    boundary="#848d9b",
    disabled="#848d9b",
    text="#1a1f26",
    muted="#566070",
    accent="#2a5bd0",
    accent_hover="#204ab0",
    accent_soft="#e8eefb",
    on_accent="#ffffff",
    selection="#dfe8fb",
    violates="#b3261e",
    violates_soft="#fbeae8",
    safe="#19694a",
    safe_soft="#e4f3ec",
    unknown="#7a4b00",
    unknown_soft="#fdf1d9",
    danger_line="#d9897f",
    mark="#6a3ba8",
    mark_soft="#f0e8fa",
)

DARK = Tokens(
    name="dark",
    window="#14171c",
    surface="#1b1f26",
    raised="#21262e",
    line="#323944",
    boundary="#77828f",
    disabled="#77828f",
    text="#e5e9ef",
    muted="#a4afbc",
    accent="#8fb3ff",
    accent_hover="#adc7ff",
    accent_soft="#22304f",
    on_accent="#0d1b38",
    selection="#263657",
    violates="#ff9d92",
    violates_soft="#3b2321",
    safe="#80d8ab",
    safe_soft="#1b342a",
    unknown="#f1c367",
    unknown_soft="#3a2f17",
    danger_line="#8f4f48",
    mark="#cdb0f5",
    mark_soft="#35294a",
)

# Every pair below reaches 7:1 (WCAG 2.2, 1.4.6), and every boundary is as light as text.
CONTRAST = Tokens(
    name="contrast",
    window="#000000",
    surface="#000000",
    raised="#101010",
    line="#9a9a9a",
    boundary="#ffffff",
    disabled="#9a9a9a",
    text="#ffffff",
    muted="#e4e4e4",
    accent="#ffe14d",
    accent_hover="#fff0a0",
    accent_soft="#332c00",
    on_accent="#000000",
    selection="#00315f",
    violates="#ffc2bb",
    violates_soft="#3a0500",
    safe="#8affc0",
    safe_soft="#002b14",
    unknown="#ffdd78",
    unknown_soft="#2b2000",
    danger_line="#ffc2bb",
    mark="#e6d0ff",
    mark_soft="#2a1140",
)

# Foreground and background token names that meet on screen as text.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((fg, bg) for fg in ("text", "muted") for bg in ("window", "surface", "raised", "selection", "accent_soft")),
    *((fg, bg) for fg in ("violates", "safe", "unknown") for bg in ("surface", "raised", "window", "selection")),
    ("violates", "violates_soft"),
    ("safe", "safe_soft"),
    ("unknown", "unknown_soft"),
    ("text", "unknown_soft"),
    ("text", "violates_soft"),
    ("text", "safe_soft"),
    ("muted", "unknown_soft"),
    ("accent", "surface"),
    ("accent", "window"),
    ("accent", "raised"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("mark", "mark_soft"),
    ("mark", "surface"),
)

# Boundaries of controls, and the focus ring, against what lies beside them.
BOUNDARY_PAIRS: tuple[tuple[str, str], ...] = (
    ("boundary", "surface"),
    ("boundary", "window"),
    ("boundary", "raised"),
    ("accent", "selection"),
    ("accent", "window"),
)

# Points at 96 dots per inch, added to or taken from the base size.
BASE_POINT_SIZE = 10.0
CAPTION_POINT_SIZE = 9.0
READING_POINT_SIZE = 11.0
HEADING_POINT_SIZE = 12.5
DISPLAY_POINT_SIZE = 22.0

# The 4/8 pixel grid.
SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6 = 4, 8, 12, 16, 24
RADIUS = 6


def without_colour(tokens: Tokens) -> Tokens:
    """Return the scheme in greys, each as light as the colour it stands for, so that contrasts stay."""
    greys = {entry.name: _grey(getattr(tokens, entry.name)) for entry in fields(Tokens) if entry.name != "name"}
    return replace(tokens, **greys)


def _grey(colour: str) -> str:
    level = luminance(colour)
    channel = level * 12.92 if level <= 0.0031308 else 1.055 * level ** (1 / 2.4) - 0.055
    return "#" + f"{round(channel * 255):02x}" * 3


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of `#rrggbb` (WCAG 2.2 definition, sRGB)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Contrast ratio, 1 to 21, of two `#rrggbb` colours (WCAG 2.2 definition)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
