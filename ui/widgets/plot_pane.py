"""A plot of figures with their intervals, in the colours of the theme.

It owns drawing and nothing else; pyqtgraph does it, and is loaded when the first plot is needed.
"""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.domain.reports import Plot
from ui.theme import Theme, scaled_font
from ui.tokens import CAPTION_POINT_SIZE
from ui.widgets.labels import plain_label

_NAME_PX, _LETTER_PX = 60, 7
"""The least room a name at the axis needs, and what a letter of it takes, before scaling."""


class PlotPane(QWidget):
    """Shows one plot, or nothing. It is a picture: it takes no keys, and the table beside it says the same."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plot: Plot | None = None
        self.caption = plain_label(role="section")
        self.view = pg.PlotWidget(parent=self, enableMenu=False)
        self.view.setMouseEnabled(x=False, y=False)
        self.view.hideButtons()
        self.view.setFrameShape(pg.QtWidgets.QFrame.Shape.NoFrame)
        self.view.setFocusPolicy(pg.QtCore.Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.caption)
        column.addWidget(self.view, 1)
        theme.changed.connect(self._draw)

    def show_plot(self, plot: Plot | None) -> None:
        """Show a plot; None empties the pane."""
        self._plot = plot
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the axis anew: another width has room for other names."""
        super().resizeEvent(event)
        if self._plot is not None:
            self._set_axes(self._plot, any(point.name for point in self._plot.points))

    @Slot()
    def _draw(self) -> None:
        tokens, plot = self._theme.tokens, self._plot
        item = self.view.getPlotItem()
        item.clear()
        self.view.setBackground(QColor(tokens.surface))
        self.caption.setText(plot.title if plot else "")
        self.view.setAccessibleName(plot.title if plot else "")
        self.view.setVisible(plot is not None)
        if plot is None:
            return
        named = any(point.name for point in plot.points)
        self._set_axes(plot, named)
        across = [float(place) if named else point.x for place, point in enumerate(plot.points)]
        up = [point.y for point in plot.points]
        accent = QColor(tokens.accent)
        if plot.diagonal:
            even = pg.mkPen(QColor(tokens.muted), width=1, style=pg.QtCore.Qt.PenStyle.DashLine)
            item.plot([0, 1], [0, 1], pen=even, antialias=True)
        for x, point in zip(across, plot.points, strict=True):
            if point.low is not None and point.high is not None:
                item.plot([x, x], [point.low, point.high], pen=pg.mkPen(accent, width=2), antialias=True)
        item.plot(
            across, up, pen=pg.mkPen(accent, width=1) if plot.joined else None, symbol="o", symbolSize=8,
            symbolBrush=accent, symbolPen=QColor(tokens.surface), antialias=True,
        )  # fmt: skip
        low, high = (-0.6, max(len(across) - 0.4, 1.4)) if named else (0.0, 1.0)
        item.setRange(xRange=(low, high), yRange=(plot.y_low, plot.y_high), padding=0.04)

    def _set_axes(self, plot: Plot, named: bool) -> None:
        tokens, item = self._theme.tokens, self.view.getPlotItem()
        item.showGrid(x=False, y=True, alpha=0.25)
        for side, label in (("left", plot.y_label), ("bottom", plot.x_label)):
            axis = item.getAxis(side)
            axis.setPen(QColor(tokens.line))
            axis.setTextPen(QColor(tokens.muted))
            axis.setStyle(tickFont=scaled_font(CAPTION_POINT_SIZE))
            axis.setLabel(text=label, color=tokens.muted)
            axis.showLabel(bool(label))
        step = (plot.y_high - plot.y_low) / 5
        item.getAxis("left").setTicks([[(y, f"{y:.1f}") for y in (plot.y_low + step * n for n in range(6))]])
        room = max(1, self.view.width() - _NAME_PX)
        every = max(1, -(-len(plot.points) * _NAME_PX // room))
        longest = max(4, room * every // max(1, len(plot.points)) // _LETTER_PX - 1)
        names = [
            (float(place), point.name if len(point.name) <= longest else f"{point.name[: longest - 1].rstrip()}…")
            for place, point in enumerate(plot.points)
            if place % every == 0
        ]
        item.getAxis("bottom").setTicks([names] if named else None)
