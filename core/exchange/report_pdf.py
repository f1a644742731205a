r"""An evaluation report as a PDF of plain pages.

It owns page, fonts and plots. The fonts every reader has know Latin letters only; any other character is written as
its number, like `\u4e2d`, and stands as itself in the HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from core.domain.reports import Plot, Report, Section, Table

_Scale = Callable[[float], float]

FONT = "helvetica"
_TEXT, _SMALL, _HEAD, _TITLE = 9, 7, 13, 18
_WIDTH_MM, _HEIGHT_MM, _LEFT_MM, _BOTTOM_MM = 150.0, 58.0, 10.0, 10.0
_BLUE, _GREY, _LINE, _SHADE, _BLACK, _WHITE = (
    (42, 91, 208), (110, 110, 110), (205, 208, 214), (240, 242, 246), (0, 0, 0), (255, 255, 255),
)  # fmt: skip
_LINE_MM, _CELL_MM = 4.0, 3.5
"""Height of a line in a table, and what a cell needs beside its text."""

_FIRST_MM, _OTHER_MM = 62.0, 118.0
"""The widest a first column, and any other, becomes; what is longer is broken into lines."""

_TICKS = 5
_ASCII = {"\u2013": "-", "\u2014": "-", "\u2018": "'", "\u2019": "'", "\u2026": "..."}


def report_to_pdf(report: Report) -> bytes:
    """Return the file. The same report always gives the same bytes."""
    page = _Page(report)
    page.add_page()
    page.heading(report.title, _TITLE)
    page.words(f"{report.dated:%Y-%m-%d}")
    page.table(Table((), report.facts))
    for section in report.sections:
        page.section(section)
    return bytes(page.output())


def latin(text: str) -> str:
    """Return a text with every character these fonts lack written as its number."""
    text = text.replace("\u2013-", " to -")  # two dashes in a row would hide the sign of a limit
    text = "".join(_ASCII.get(character, character) for character in text)
    shown = text.encode("cp1252", "backslashreplace").decode("cp1252")
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in shown)


class _Page(FPDF):
    """The pages of one report."""

    def __init__(self, report: Report) -> None:
        super().__init__(format="A4")
        self._foot = latin(f"{report.title}, {report.dated:%Y-%m-%d}")
        self.set_title(latin(report.title))
        self.set_creation_date(datetime.combine(report.dated, time(), UTC))
        self.set_creator("Docket")
        self.set_auto_page_break(auto=True, margin=16)
        self.set_font(FONT, size=_TEXT)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FONT, size=_SMALL)
        self.set_text_color(*_GREY)
        room = self.epw - 20
        foot = self._foot
        while self.get_string_width(foot) > room:
            foot = f"{foot[:-4]}..."
        self.cell(room, 6, foot)
        self.cell(0, 6, f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(*_BLACK)

    def heading(self, text: str, size: int) -> None:
        self.set_font(FONT, style="B", size=size)
        self.multi_cell(0, size * 0.5, latin(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1.5)

    def words(self, text: str) -> None:
        self.set_font(FONT, size=_TEXT)
        self.multi_cell(0, 4.6, latin(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def section(self, section: Section) -> None:
        self.ln(4)
        if self.will_page_break(34):
            self.add_page()
        self.heading(section.title, _HEAD)
        for paragraph in section.paragraphs:
            self.words(paragraph)
        for table in section.tables:
            self.table(table)
        for plot in section.plots:
            self.plot(plot)

    def table(self, table: Table) -> None:  # type: ignore[override]
        """Write a table as wide as its words need; its headers come again on the next page."""
        lines = [tuple(map(latin, cells)) for cells in ((table.headers,) if table.headers else ()) + table.rows]
        widths = self._widths(lines)
        if self.will_page_break(3 * _LINE_MM + 2):
            self.add_page()
        self.set_font(FONT, size=_SMALL)
        self.set_draw_color(*_LINE)
        self.set_fill_color(*_WHITE)
        self.set_line_width(0.2)
        with super().table(
            line_height=_LINE_MM,
            text_align="LEFT",
            align="LEFT",
            width=sum(widths),
            col_widths=widths,
            first_row_as_headings=bool(table.headers),
            headings_style=FontFace(emphasis="BOLD", fill_color=_SHADE),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        ) as rows:
            for cells in lines:
                row = rows.row()
                for cell in cells:
                    row.cell(cell)
        self.set_draw_color(*_BLACK)
        self.ln(3)

    def _widths(self, lines: Sequence[Sequence[str]]) -> tuple[float, ...]:
        """Return the width of each column in mm: what its longest cell needs, and together no more than the page."""
        self.set_font(FONT, style="B", size=_SMALL)
        needed = [max(self.get_string_width(cell) for cell in column) + _CELL_MM for column in zip(*lines, strict=True)]
        capped = [min(width, _FIRST_MM if place == 0 else _OTHER_MM) for place, width in enumerate(needed)]
        widest = max(capped)
        while sum(min(width, widest) for width in capped) > self.epw:
            widest -= 0.5  # the widest gives way first, and breaks into lines
        return tuple(min(width, widest) for width in capped)

    def plot(self, plot: Plot) -> None:
        """Draw a plot under its title, on one page with it."""
        if self.will_page_break(_HEIGHT_MM + 12):
            self.add_page()
        self.set_font(FONT, style="B", size=_TEXT)
        title = plot.title + (f" ({plot.y_label})" if plot.y_label else "")
        self.cell(0, 5, latin(title), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        left, top = self.get_x() + _LEFT_MM, self.get_y() + 2
        wide, high = _WIDTH_MM - _LEFT_MM, _HEIGHT_MM - _BOTTOM_MM
        named = any(point.name for point in plot.points)
        last = max(len(plot.points) - 1, 1)

        def across(x: float) -> float:
            return left + ((x + 0.5) / (last + 1) if named else x) * wide

        def up(y: float) -> float:
            share = (y - plot.y_low) / (plot.y_high - plot.y_low)
            return top + (1 - min(max(share, 0.0), 1.0)) * high

        self._grid(plot, across, up)
        self._points(plot, across, up, top + high)
        words = latin(plot.x_label)
        self.text(left + (wide - self.get_string_width(words)) / 2, top + high + 8, words)
        self.set_text_color(*_BLACK)
        self.set_xy(self.l_margin, top + _HEIGHT_MM + 2)

    def _grid(self, plot: Plot, across: _Scale, up: _Scale) -> None:
        self.set_font(FONT, size=_SMALL)
        self.set_draw_color(*_LINE)
        self.set_text_color(*_GREY)
        self.set_line_width(0.15)
        left = self.l_margin + _LEFT_MM
        for tick in range(_TICKS + 1):
            value = plot.y_low + (plot.y_high - plot.y_low) * tick / _TICKS
            self.line(left, up(value), left + _WIDTH_MM - _LEFT_MM, up(value))
            self.text(left - 7, up(value) + 1, f"{value:.1f}")
        if plot.diagonal:
            self.set_draw_color(*_GREY)
            self.set_dash_pattern(dash=1, gap=1)
            self.line(across(0), up(0), across(1), up(1))
            self.set_dash_pattern()

    def _points(self, plot: Plot, across: _Scale, up: _Scale, floor: float) -> None:
        self.set_draw_color(*_BLUE)
        self.set_fill_color(*_BLUE)
        self.set_line_width(0.3)
        if plot.joined and len(plot.points) > 1:
            self.polyline([(across(point.x), up(point.y)) for point in plot.points])
        every = max(1, len(plot.points) // 8)
        for number, point in enumerate(plot.points):
            x = across(point.x)
            if point.low is not None and point.high is not None:
                self.line(x, up(point.low), x, up(point.high))
            self.circle(x, up(point.y), 0.8, style="F")
            words = latin(point.name or f"{point.x:.2f}")
            if number % every == 0:
                self.text(x - self.get_string_width(words) / 2, floor + 4, words)
        self.set_draw_color(*_BLACK)
        self.set_fill_color(*_WHITE)
