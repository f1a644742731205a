"""The glyphs of the window: small drawings from `resources/icons`, tinted with the colours of the scheme in force.

It owns loading and tinting and a small cache of what it tinted. It must not choose which glyph a thing gets.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.tokens import Tokens

ICON_FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str, cut: str) -> QSvgRenderer:
    drawing = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("#ffffff", cut).replace("currentColor", colour).encode()))


def paint_glyph(painter: QPainter, name: str, box: QRectF, *, colour: str, cut: str) -> None:
    """Draw a glyph into `box` in `colour`; `cut` is the colour of what shows through it (the background)."""
    _renderer(name, colour, cut).render(painter, box)


def glyph(name: str, *, colour: str, cut: str, size: int = 16, ratio: float = 2.0) -> QPixmap:
    """Return a glyph as a picture of `size` logical pixels, drawn at `ratio` device pixels for each."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_glyph(painter, name, QRectF(0, 0, size, size), colour=colour, cut=cut)
    painter.end()
    return picture


def glyph_icon(name: str, tokens: Tokens, *, colour: str = "") -> QIcon:
    """Return an icon of a glyph in the text colour (or `colour`), greyed when its control is disabled."""
    icon = QIcon()
    icon.addPixmap(glyph(name, colour=colour or tokens.text, cut=tokens.surface))
    icon.addPixmap(glyph(name, colour=tokens.disabled, cut=tokens.surface), QIcon.Mode.Disabled)
    return icon


def application_icon() -> QIcon:
    """Return Docket's own icon."""
    return QIcon(str(ICON_FOLDER / "docket.svg"))


def chevron_path(tokens: Tokens) -> str:
    """Return the path, with forward slashes, of the arrow image for drop-down fields."""
    return (ICON_FOLDER / f"chevron-{tokens.name}.svg").as_posix()


def check_path(tokens: Tokens) -> str:
    """Return the path, with forward slashes, of the tick in a checked box."""
    return (ICON_FOLDER / f"check-{tokens.name}.svg").as_posix()
