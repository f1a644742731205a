"""Every glyph that is named exists and draws something, in both schemes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from core.domain import EntryState, ItemKind
from ui.icons import ICON_FOLDER, application_icon, chevron_path, glyph
from ui.tokens import DARK, LIGHT
from ui.words import tone_of

NAMES = sorted(path.stem for path in ICON_FOLDER.glob("*.svg") if not path.stem.startswith("chevron"))


@pytest.mark.parametrize("name", NAMES)
def test_a_glyph_draws(qapp: object, name: str) -> None:
    picture = glyph(name, colour=LIGHT.text, cut=LIGHT.surface).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    inked = sum(picture.pixelColor(x, y).alpha() > 0 for x in range(picture.width()) for y in range(picture.height()))
    assert inked > 20


def test_white_ink_is_not_mistaken_for_the_cut(qapp: object) -> None:
    picture = glyph("sample", colour="#ffffff", cut="#0000ff").toImage()
    colours = {
        picture.pixelColor(x, y).name() for x in range(32) for y in range(32) if picture.pixelColor(x, y).alpha() == 255
    }
    assert "#ffffff" in colours


def test_names_used_in_the_code_exist() -> None:
    used = {kind.value for kind in ItemKind} | {tone_of(violates=side) for side in (None, True, False)}
    used |= {state.value for state in EntryState} - {"judged"}
    for file in (Path(__file__).parents[2] / "ui").rglob("*.py"):
        used |= set(re.findall(r'GlyphLabel\(\s*\w*\.?_?theme, "(\w+)"', file.read_text(encoding="utf-8")))
    assert used <= set(NAMES)


def test_pictures_named_by_path_exist(qapp: object) -> None:
    assert Path(chevron_path(LIGHT)).is_file()
    assert Path(chevron_path(DARK)).is_file()
    assert not application_icon().isNull()
