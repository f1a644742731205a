"""Where the parts of the desk lie: panes side by side in splitters, strips and bar below.

It owns sizes and order. It must not know what a part shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The parts, by place. `above` and `below` are strips, in order."""

    queue: QWidget
    content: QWidget
    verdict: QWidget
    policy: QWidget
    above: Sequence[QWidget]
    below: Sequence[QWidget]


def lay_out_desk(desk: QWidget, parts: DeskParts) -> dict[str, QSplitter]:
    """Put the parts on the desk; return the splitters by name."""
    right = _splitter(Qt.Orientation.Vertical, (parts.verdict, parts.policy), (3, 2))
    item = _splitter(Qt.Orientation.Horizontal, (parts.content, right), (5, 4))
    work = QWidget()
    column = QVBoxLayout(work)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(item, 1)
    for part in parts.below:
        column.addWidget(part)
    whole = _splitter(Qt.Orientation.Horizontal, (parts.queue, work), (3, 8))
    # Said outright: what a part shows must never push its neighbours.
    parts.queue.setMinimumWidth(280)
    parts.content.setMinimumWidth(300)
    right.setMinimumWidth(280)
    work.setMinimumWidth(300 + 280 + item.handleWidth())
    outer = QVBoxLayout(desk)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.setSpacing(0)
    for part in parts.above:
        outer.addWidget(part)
    outer.addWidget(whole, 1)
    whole.setSizes([376, 832])  # the five lists of the queue stand in one row
    item.setSizes([508, 424])
    right.setSizes([360, 240])
    return {"desk": whole, "item": item, "right": right}


def _splitter(orientation: Qt.Orientation, parts: Sequence[QWidget], stretch: Sequence[int]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    for index, part in enumerate(parts):
        splitter.addWidget(part)
        splitter.setStretchFactor(index, stretch[index])
    return splitter
