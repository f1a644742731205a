"""An evaluation report as one HTML file that loads nothing: no script, no font, no picture from anywhere.

It owns markup and plots as SVG. Every text is escaped; the page's policy forbids scripts and connections.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from core.domain.reports import Plot, Report, Section, Table

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 240, 48, 40, 12, 12
_TICKS = 5
_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #8888; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 0.8rem 0; font-size: 12.5px; }
th, td { text-align: left; padding: 0.25rem 0.8rem 0.25rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
td { max-width: 24rem; overflow-wrap: break-word; } td.figure { white-space: nowrap; }
th { font-weight: 600; white-space: nowrap; } dt { font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.5rem; }
dd { margin: 0; overflow-wrap: anywhere; }
svg { width: 100%; max-width: 640px; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
svg .axis { stroke: #8888; fill: none; } svg .data { stroke: #2a5bd0; fill: none; stroke-width: 1.5; }
svg .dot { fill: #2a5bd0; } svg .even { stroke: #8888; stroke-dasharray: 4 4; }
figure { margin: 1.2rem 0; } figcaption { font-size: 13px; font-weight: 600; margin-bottom: 0.3rem; }
@media print { h2 { break-after: avoid; } tr, figure { break-inside: avoid; } body { max-width: none; margin: 0; } }
"""


def report_to_html(report: Report) -> Iterator[bytes]:
    """Yield the page in pieces, as UTF-8."""
    yield from (f"{line}\n".encode("utf-8", "replace") for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    title = escape(report.title)
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{title}</h1><p>{report.dated:%Y-%m-%d}</p><dl>"
    for name, value in report.facts:
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"
    for section in report.sections:
        yield from _section(section)
    yield "</body></html>"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.title)}</h2>"
    for paragraph in section.paragraphs:
        yield f"<p>{escape(paragraph)}</p>"
    for table in section.tables:
        yield from _table(table)
    for plot in section.plots:
        yield from plot_to_svg(plot)


def _table(table: Table) -> Iterator[str]:
    yield '<div class="wide"><table><thead><tr>'
    yield "".join(f'<th scope="col">{escape(header)}</th>' for header in table.headers)
    yield "</tr></thead><tbody>"
    for row in table.rows:
        yield "<tr>" + "".join(map(_cell, row)) + "</tr>"
    yield "</tbody></table></div>"


def _cell(text: str) -> str:
    """Return a cell; a figure with its interval and n stays on one line."""
    kind = ' class="figure"' if text[:1].isdigit() or text[:1] in "-(" or "(n " in text else ""
    return f"<td{kind}>{escape(text)}</td>"


def plot_to_svg(plot: Plot) -> Iterator[str]:
    """Yield a plot as a figure with its caption."""
    named = any(point.name for point in plot.points)
    last = max(len(plot.points) - 1, 1)

    def across(x: float) -> float:
        share = (x + 0.5) / (last + 1) if named else x
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def up(y: float) -> float:
        share = (y - plot.y_low) / (plot.y_high - plot.y_low)
        return TOP + (1 - min(max(share, 0.0), 1.0)) * (HEIGHT - TOP - BOTTOM)

    caption = plot.title + (f" ({plot.y_label})" if plot.y_label else "")
    yield f"<figure><figcaption>{escape(caption)}</figcaption>"
    yield f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(plot.title)}">'
    for tick in range(_TICKS + 1):
        value = plot.y_low + (plot.y_high - plot.y_low) * tick / _TICKS
        y = up(value)
        yield f'<path class="axis" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.1f}</text>'
    if plot.diagonal:
        ends = f'x1="{across(0):.1f}" y1="{up(0):.1f}" x2="{across(1):.1f}" y2="{up(1):.1f}"'
        yield f'<line class="even" {ends}/>'
    if plot.joined and len(plot.points) > 1:
        path = " ".join(f"{across(point.x):.1f},{up(point.y):.1f}" for point in plot.points)
        yield f'<polyline class="data" points="{path}"/>'
    every = max(1, len(plot.points) // 12)
    for number, point in enumerate(plot.points):
        x = across(point.x)
        if point.low is not None and point.high is not None:
            yield f'<path class="data" d="M{x:.1f} {up(point.low):.1f}V{up(point.high):.1f}"/>'
        yield f'<circle class="dot" cx="{x:.1f}" cy="{up(point.y):.1f}" r="3.5"/>'
        words = point.name or f"{point.x:.2f}"
        if number % every == 0:
            yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{escape(words)}</text>'
    if plot.x_label:
        yield f'<text x="{(LEFT + WIDTH) / 2:.0f}" y="{HEIGHT - 6}" text-anchor="middle">{escape(plot.x_label)}</text>'
    yield "</svg></figure>"
