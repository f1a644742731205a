"""The report as PDF, for print and for people who want pages.

It owns the page layout and the choice of a font. A character the font lacks is written as its code point: nothing is
dropped unseen.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from fpdf import FPDF
from fpdf.enums import WrapMode

from core.errors import ExportError
from core.exchange.cases import Case
from core.exchange.report import facts, shown_content, spell_out

MOST_CASES = 2_000
"""A PDF is built in memory; beyond this nobody reads it as pages."""

LONGEST_TEXT = 20_000  # characters of one content; the HTML report has the rest
_FONTS = {
    "linux": (
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/google-noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
    ),
    "darwin": ("/System/Library/Fonts/Supplemental/Arial Unicode.ttf", "/Library/Fonts/Arial Unicode.ttf"),
    "win32": ("C:/Windows/Fonts/segoeui.ttf", "C:/Windows/Fonts/arial.ttf"),
}
_BELOW: dict[str, Any] = {"new_x": "LMARGIN", "new_y": "NEXT"}
_LINE_MM = 5.0
_NAME_MM = 28.0
_TOGETHER_MM = 35.0
_SOFT = (91, 100, 114)


def pdf_report(
    cases: Iterable[Case], title: str, made_at: datetime, told: Sequence[tuple[str, str]] = ()
) -> tuple[bytes, int]:
    """Return the document and how many cases it holds; `told` is what the report says of all of them first.

    Raises:
        ExportError: there are more than MOST_CASES.
    """
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(auto=True, margin=18)
    pdf.set_creation_date(made_at)
    pdf.set_title(title)
    family, known = _choose_font(pdf)
    pdf.add_page()
    writer = _Writer(pdf, family, known)
    writer.line(title, size=16)
    writer.line(f"Made {made_at:%Y-%m-%d %H:%M} UTC with Docket.", size=9)
    writer.facts(told)
    count = 0
    for count, case in enumerate(cases, 1):
        if count > MOST_CASES:
            raise ExportError(f"There are more than {MOST_CASES:,} cases.", "Export them as html, or choose fewer.")
        writer.case(count, case)
    return bytes(pdf.output()), count


def _choose_font(pdf: FPDF) -> tuple[str, frozenset[int] | None]:
    """Return the family to use and the code points it has, None for the built-in font with Latin-1 only."""
    for path in _FONTS.get(sys.platform, ()):
        if Path(path).is_file():
            pdf.add_font("report", fname=path)
            font = pdf.fonts["report"]
            return "report", frozenset(getattr(font, "cmap", ()))
    return "helvetica", None


class _Writer:
    """Writes onto the pages of one document."""

    def __init__(self, pdf: FPDF, family: str, known: frozenset[int] | None) -> None:
        self._pdf = pdf
        self._family = family
        self._known = known

    def case(self, number: int, case: Case) -> None:
        """Write one case."""
        pdf = self._pdf
        pdf.ln(_LINE_MM)
        if pdf.will_page_break(_TOGETHER_MM):  # no heading at the foot of a page
            pdf.add_page()
        self.line(f"{number}. {case.item.id}", size=12)
        content = shown_content(case)
        cut = " … (cut; the HTML report has all of it)" if len(content) > LONGEST_TEXT else ""
        self.line(content[:LONGEST_TEXT] + cut, size=10, boxed=True)
        self.facts(facts(case))

    def facts(self, facts: Iterable[tuple[str, str]]) -> None:
        """Write names and values, a line or more each."""
        self._pdf.ln(1.0)
        for name, value in facts:
            self._fact(name, value)

    def line(self, text: str, *, size: int, boxed: bool = False) -> None:
        """Write a paragraph over the whole width."""
        pdf = self._pdf
        pdf.set_font(self._family, size=size)
        pdf.set_fill_color(244, 246, 249)
        pdf.multi_cell(
            0,
            size * 0.5,
            self._text(text),
            new_x="LMARGIN",
            new_y="NEXT",
            align="L",
            fill=boxed,
            padding=(1, 2) if boxed else 0,
            wrapmode=WrapMode.WORD,  # a word longer than the line is still broken
        )

    def _fact(self, name: str, value: str) -> None:
        pdf = self._pdf
        pdf.set_font(self._family, size=9)
        pdf.set_text_color(*_SOFT)
        pdf.cell(_NAME_MM, _LINE_MM, self._text(name))
        pdf.set_text_color(0)
        pdf.multi_cell(
            0,
            _LINE_MM,
            self._text(value[:LONGEST_TEXT]),
            new_x="LMARGIN",
            new_y="NEXT",
            align="L",
            wrapmode=WrapMode.WORD,
        )

    def _text(self, text: str) -> str:
        shown = spell_out(text).replace("\t", "    ").replace("⟨", "<").replace("⟩", ">")
        return "".join(
            character if character == "\n" or self._has(character) else f"<U+{ord(character):04X}>"
            for character in shown
        )

    def _has(self, character: str) -> bool:
        return ord(character) in self._known if self._known is not None else ord(character) < 256
