"""The line layout of a reading surface: Qt's own, with lines that run right to left beginning on the right.

It owns that one correction: Qt's plain text layout places every line on the left. It must not know what is shown.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextDocument, QTextOption
from PySide6.QtWidgets import QPlainTextDocumentLayout


class DirectionalLayout(QPlainTextDocumentLayout):
    """Lays out a block by the direction of its first letter with one, as readers of that script expect."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """Return the place of a block, its lines moved to the right if it reads that way."""
        box = super().blockBoundingRect(block)
        if block.isValid() and block.textDirection() == Qt.LayoutDirection.RightToLeft:
            self._move_right(block)
        return box

    def _move_right(self, block: QTextBlock) -> None:
        layout = block.layout()
        if layout.textOption().alignment() == Qt.AlignmentFlag.AlignRight:
            return
        option = QTextOption(layout.textOption())
        option.setAlignment(Qt.AlignmentFlag.AlignRight)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        layout.setTextOption(option)
        margin, width = self.document().documentMargin(), layout.lineAt(0).width()
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLeadingIncluded(True)
            line.setLineWidth(width)
            line.setPosition(QPointF(margin, height))
            height += line.height()
        layout.endLayout()
