"""What every screen is held to: plain text, a name for every control, keys, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from ui.widgets.elided_label import ElidedLabel
from ui.widgets.key_button import KeyButton


def everything(root: QWidget) -> list[QWidget]:
    return [root, *root.findChildren(QWidget)]


def visible(root: QWidget, kind: type[QWidget]) -> Iterator[QWidget]:
    for widget in root.findChildren(kind):
        if widget.isVisible():
            yield widget


def assert_plain(root: QWidget) -> None:
    """No widget may interpret what it shows; a document holds no picture, no link and no markup."""
    for widget in everything(root):
        if isinstance(widget, QLabel):
            assert widget.textFormat() == Qt.TextFormat.PlainText, (widget, widget.text())
            assert not widget.openExternalLinks()
        assert not isinstance(widget, (QTextEdit, QTextBrowser)), widget
        assert "<img" not in widget.toolTip(), widget
        assert "<a " not in widget.toolTip(), widget
        if isinstance(widget, QPlainTextEdit):
            assert_document_is_text(widget)
    for action in root.findChildren(QAction):
        assert "<img" not in action.toolTip(), action.text()


def assert_document_is_text(surface: QPlainTextEdit) -> None:
    for format_ in surface.document().allFormats():
        assert not format_.isImageFormat()
        assert not (format_.isCharFormat() and format_.toCharFormat().isAnchor())
    assert not surface.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse


def assert_named(root: QWidget) -> None:
    """Whatever can have the focus or hold text to act on has a name to say."""
    for widget in everything(root):
        parent = widget.parentWidget()
        if is_inner_part(widget):
            continue
        if isinstance(widget, (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit, QProgressBar)):
            named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
            assert named, f"{type(widget).__name__} in {type(parent).__name__} has no name"


def is_inner_part(widget: QWidget) -> bool:
    """Whether Qt made it inside one of its own controls, which speaks for it."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QComboBox, QAbstractItemView, QLineEdit)):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_")


def assert_nothing_cut(root: QWidget) -> None:
    """Every visible label and button is as large as its words need, and lies within its window."""
    assert cut_off(root) == []


def cut_off(root: QWidget) -> list[str]:
    """Name what is cut off: its kind, its words, what it has and what it needs."""
    found = []
    for widget in visible(root, QWidget):
        if isinstance(widget, ElidedLabel) or (isinstance(widget, QLabel) and not widget.text()):
            continue
        width, height = needed_size(widget)
        words = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else widget.accessibleName()
        name = f"{type(widget).__name__} “{words}”"
        if widget.width() < width or widget.height() < height or not words_seen(widget):
            found.append(f"{name}: {widget.width()}x{widget.height()}, needs {width}x{height}")
        corners = (widget.rect().topLeft(), widget.rect().bottomRight())
        if isinstance(widget, (QAbstractButton, QLabel, QLineEdit, QComboBox)) and not in_scroll_area(widget):
            outside = [corner for corner in corners if not root.rect().contains(widget.mapTo(root, corner))]
            found += [f"{name}: reaches out of the window" for _ in outside[:1]]
    return found


def words_seen(widget: QWidget) -> bool:
    """Whether a button that may shorten its words has room for them here."""
    return not isinstance(widget, KeyButton) or widget.words_fit


def needed_size(widget: QWidget) -> tuple[int, int]:
    """Return the least width and height a widget needs for its words, 0 where nothing can be cut."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return 0, widget.heightForWidth(widget.width()) - 1
    if isinstance(widget, KeyButton):
        return widget.minimumSizeHint().width(), widget.minimumSizeHint().height()
    if isinstance(widget, (QLabel, QAbstractButton)):
        return widget.sizeHint().width() - 1, widget.sizeHint().height() - 1
    return 0, 0


def in_scroll_area(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractItemView) or parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False


def without_a_key(root: QWidget) -> list[str]:
    """Name the buttons in view that no key reaches: not by Tab, nor by a shortcut."""
    found = []
    for button in visible(root, QAbstractButton):
        if is_inner_part(button) or not button.isEnabled():
            continue
        assert isinstance(button, QAbstractButton)
        reached = button.focusPolicy() & Qt.FocusPolicy.TabFocus or not button.shortcut().isEmpty()
        if not reached and not spoken_for(button):
            found.append(f"{type(button).__name__} “{button.text() or button.accessibleName()}”")
    return found


def spoken_for(button: QAbstractButton) -> bool:
    """Whether a key does what the button does: its words name it, or its group has the focus for it."""
    return "(" in button.text() or button.focusPolicy() != Qt.FocusPolicy.NoFocus or isinstance(button, KeyButton)


def keys_given_twice(actions: list[QAction]) -> list[str]:
    """Name the keys that two of these actions have."""
    keys: dict[str, str] = {}
    twice = []
    for action in actions:
        for sequence in action.shortcuts():
            name = sequence.toString(QKeySequence.SequenceFormat.PortableText)
            if name in keys:
                twice.append(f"{name}: {action.text()} and {keys[name]}")
            keys[name] = action.text()
    return twice
