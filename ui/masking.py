"""Words of the team's own list, shown with their letters covered. Docket ships no such list.

It owns finding the words in text that is about to be shown. What is stored, hashed and judged keeps every letter, and
so do positions: a masked word is as long as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ui.text_layout import Section
from ui.visible import VisibleText

COVER = "•"


class Mask:
    """Covers whole words, whatever their case, all but the first letter. An empty list covers nothing."""

    def __init__(self, words: Iterable[str]) -> None:
        wanted = sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True)
        parts = "|".join(re.escape(word) for word in wanted)
        self._pattern = re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE) if parts else None

    def text(self, text: str) -> str:
        """Return `text` with the words covered; as long as before."""
        return text if self._pattern is None else self._pattern.sub(_cover, text)

    def sections(self, sections: Iterable[Section]) -> tuple[Section, ...]:
        """Return sections with the words in their bodies covered."""
        if self._pattern is None:
            return tuple(sections)
        return tuple(replace(section, body=self._visible(section.body)) for section in sections)

    def _visible(self, body: VisibleText) -> VisibleText:
        return replace(body, blocks=tuple(self.text(block) for block in body.blocks))


NO_MASK = Mask(())


def _cover(match: re.Match[str]) -> str:
    word = match.group()
    return word[0] + "".join(COVER if letter.isalnum() else letter for letter in word[1:])
