"""What can stand before the whole window: while it does, nothing behind it is painted and no key reaches it.

It owns which of the two is in view and where the focus goes back to. It must not know why it is drawn.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QToolTip, QWidget
from shiboken6 import isValid


class Curtain(QStackedWidget):
    """Holds the window's content and, at times, one view before it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._focus: QWidget | None = None
        self._put_away: list[QWidget] = []
        self.addWidget(content)

    @property
    def drawn(self) -> bool:
        """Whether a view stands before the content."""
        return self.currentWidget() is not self._content

    def draw(self, view: QWidget) -> None:
        """Put a view before the content; dialogs, lists that are open and other windows go, too."""
        self.lift()
        self._focus = self._content.focusWidget()  # not that of a dialog, which is about to go
        self._clear_top()
        self.addWidget(view)
        self.setCurrentWidget(view)
        view.setFocus(Qt.FocusReason.OtherFocusReason)

    def lift(self) -> None:
        """Take the view away and give the focus back."""
        view = self.currentWidget()
        if view is None or view is self._content:
            return
        self.setCurrentWidget(self._content)
        self.removeWidget(view)
        view.deleteLater()
        for window in self._put_away:
            window.show()
        self._put_away = []
        if self._focus is not None and isValid(self._focus) and self._content.isAncestorOf(self._focus):
            self._focus.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focus = None

    def _clear_top(self) -> None:
        QToolTip.hideText()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
            if popup.isVisible():
                popup.hide()
        for window in QApplication.topLevelWidgets():
            if window is self.window() or not window.isVisible():
                continue
            if isinstance(window, QDialog):
                window.reject()  # what was asked for is not done; nothing was lost that is stored
            elif window.isWindow():
                window.hide()
                self._put_away.append(window)
