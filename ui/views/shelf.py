"""An open workspace on screen: a rail of pages at the left, the page in view beside it.

It owns which page is in view and builds each when it is first looked at. It must not know what a page does.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.icons import glyph_icon
from ui.page import Page, PageContext
from ui.pages import PageSpec, review_name
from ui.theme import Theme
from ui.tokens import SPACE_1, SPACE_2
from ui.visible import plain_tip

_RAIL_WIDTH = 72
_GLYPH = QSize(20, 20)


class Shelf(QWidget):
    """The desk is page 0; the others follow in the order of their specs. `page_changed` carries the index."""

    page_changed = Signal(int)

    def __init__(self, theme: Theme, desk: QWidget, specs: Sequence[PageSpec], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._specs = tuple(specs)
        self._context: PageContext | None = None
        self._pages: dict[int, Page] = {}
        self._stand_ins: dict[int, QWidget] = {}
        self.rail = QFrame()
        self.rail.setProperty("role", "rail")
        self.stack = QStackedWidget()
        self.stack.addWidget(desk)
        self._group = QButtonGroup(self)
        self._glyphs = ["review", *(spec.glyph for spec in self._specs)]
        column = QVBoxLayout(self.rail)
        column.setContentsMargins(SPACE_1, SPACE_2, SPACE_1, SPACE_2)
        column.setSpacing(SPACE_1)
        for index, name in enumerate([review_name(), *(spec.name for spec in self._specs)]):
            button = self._make_button(name)
            self._group.addButton(button, index)
            column.addWidget(button)
            if index:
                self._stand_ins[index] = QWidget()
                self.stack.addWidget(self._stand_ins[index])
        column.addStretch(1)
        words = max(button.sizeHint().width() for button in self._group.buttons())
        self.rail.setFixedWidth(max(_RAIL_WIDTH, words + 2 * SPACE_1))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
        if not self._specs:
            self.rail.hide()
        self._group.idClicked.connect(self.show_page)
        theme.changed.connect(self._draw)
        self._draw()
        self._group.button(0).setChecked(True)

    @property
    def index(self) -> int:
        """The page in view; 0 is the desk."""
        return self.stack.currentIndex()

    @property
    def page(self) -> Page | None:
        """The page in view, None for the desk."""
        return self._pages.get(self.index)

    def attach(self, context: PageContext) -> None:
        """Give pages what they work with; call before any is shown."""
        self._context = context

    @Slot(int)
    def show_page(self, index: int) -> None:
        """Bring a page into view, built now if it never was, and give it the focus."""
        if index and index not in self._pages and self._context is not None:
            page = self._specs[index - 1].build(self._context)
            self._pages[index] = page
            stand_in = self._stand_ins.pop(index)
            self.stack.insertWidget(index, page)
            self.stack.removeWidget(stand_in)
            stand_in.deleteLater()
        self._group.button(index).setChecked(True)
        changed = index != self.index
        self.stack.setCurrentIndex(index)
        if changed:
            if index in self._pages:
                self._pages[index].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.page_changed.emit(index)

    def leave(self) -> None:
        """Let every built page keep what it has not kept."""
        for page in self._pages.values():
            page.leave()

    def _make_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("role", "page")
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(plain_tip(name))
        button.setCheckable(True)
        button.setIconSize(_GLYPH)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFixedHeight(52)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    @Slot()
    def _draw(self) -> None:
        for index, name in enumerate(self._glyphs):
            self._group.button(index).setIcon(glyph_icon(name, self._theme.tokens))
