"""A made-up language: every text with accents and forty percent longer, so that what is cut or forgotten shows."""

from __future__ import annotations

import re
from collections.abc import Container

from PySide6.QtCore import QObject, QTranslator

_ACCENTS = str.maketrans("aeiouAEIOUcnsyz", "áéíóúÁÉÍÓÚçñšýž")
_FIXED = re.compile(r"(\{[^}]*\}|&&|&|\n)")
LONGER = 0.4


def pseudo(text: str) -> str:
    """Return a text in the made-up language; placeholders, mnemonics and line ends stay."""
    spoken = "".join(
        part if _FIXED.fullmatch(part) else part.translate(_ACCENTS) for part in _FIXED.split(text)
    )  # fmt: skip
    letters = len(_FIXED.sub("", text))
    filler = "~" * round(letters * LONGER)
    # Long texts grow by words, as real ones do, so that they can still wrap.
    if letters > 24:
        filler = " ".join(filler[start : start + 7] for start in range(0, len(filler), 8))
        filler = f" {filler}"
    return f"{spoken}{filler}"


class PseudoTranslator(QTranslator):
    """Translates everything Docket says into the made-up language; what Qt says itself stays."""

    def __init__(self, contexts: Container[str], parent: QObject | None = None) -> None:
        """`contexts` are those of Docket's own words."""
        super().__init__(parent)
        self._contexts = contexts
        self.asked: set[tuple[str, str]] = set()

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        """It has a translation for everything."""
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        """Return the text in the made-up language, None for what Qt says itself."""
        del disambiguation, n
        if not text or context not in self._contexts:
            return None  # an empty text would be a translation
        self.asked.add((context, text))
        return pseudo(text)
