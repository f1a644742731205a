"""The only place where errors show: a bar for what a task could not do, a line beside a field for what was typed.

It owns wording around errors and the "copy details" text. Details hold the kind of error, what Docket said of it and,
for faults of Docket's own, places in the code: never content. It must not decide what happens next.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.errors import AppError, CancelledError
from ui.tasks import BugError
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.labels import GlyphLabel, plain_label


def details_of(error: AppError) -> str:
    """Return what helps to find a fault and holds no content."""
    lines = [
        type(error).__name__,
        f"{error.title}: {error.message}",
        error.hint,
        f"{platform.system()} {platform.machine()}",
    ]
    if isinstance(error, BugError):
        lines.append(error.trace)
    return "\n".join(line for line in lines if line)


def mark_field(field: QWidget, *, invalid: bool) -> None:
    """Draw a field as wrong, or as right again."""
    if field.property("invalid") != invalid:
        field.setProperty("invalid", invalid)
        field.style().unpolish(field)
        field.style().polish(field)


class FieldNotice(QLabel):
    """The line beside a field. Empty means nothing is wrong, and takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(plain_label().textFormat())
        self.setProperty("role", "field-error")
        self.setWordWrap(True)
        self.hide()

    def say(self, words: str) -> None:
        """Say what is wrong; "" takes it back."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setVisible(bool(words))

    def say_error(self, error: AppError) -> None:
        """Say a known error in a line of its own."""
        self.say(" ".join(part for part in (error.message, error.hint) if part))


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb that goes with a report: the words of its button and what a press does."""

    words: str
    take: Callable[[], object]


class Notices(QObject):
    """Takes errors and news from anywhere. The bar above shows errors and reports, the strip below short news."""

    error_raised = Signal(object)
    report_raised = Signal(str, object)
    info_raised = Signal(str)

    @Slot(object)
    def show_error(self, error: AppError) -> None:
        """Show an error in the bar. Something the person stopped is news, not an error."""
        if isinstance(error, CancelledError):
            self.info_raised.emit(error.message)
        else:
            self.error_raised.emit(error)

    def show_report(self, words: str, offer: Offer | None = None) -> None:
        """Show an outcome that has to be read, until it is dismissed, perhaps with what to do about it."""
        self.report_raised.emit(words, offer)

    @Slot(str)
    def show_info(self, words: str) -> None:
        """Show that something went well, for a few seconds, without moving anything."""
        self.info_raised.emit(words)


def announce(widget: QWidget, words: str) -> None:
    """Let a screen reader say something that has just come up."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


class NoticeBar(QFrame):
    """Shows the newest error or report until it is dismissed."""

    def __init__(self, theme: Theme, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Notice"))
        self._error: AppError | None = None
        self._glyph = GlyphLabel(theme, "warning", "violates")
        self.title = plain_label(role="strong")
        self.words = plain_label(wrap=True)
        self._offer: Offer | None = None
        self.offer = QPushButton()
        self.offer.setAccessibleName(self.tr("What can be done about it"))
        self.copy = QPushButton(self.tr("Copy details"))
        self.dismiss = QPushButton(self.tr("Dismiss"))
        self._build()
        notices.error_raised.connect(self._on_error_raised)
        notices.report_raised.connect(self.show_report)
        self.hide()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        row.addWidget(self._glyph)
        row.addLayout(words, 1)
        for button in (self.offer, self.copy, self.dismiss):
            button.setProperty("role", "quiet")
            row.addWidget(button)
        self.offer.clicked.connect(self._on_offer_clicked)
        self.copy.clicked.connect(self._on_copy_clicked)
        self.dismiss.clicked.connect(self.hide)

    @Slot(object)
    def _on_error_raised(self, error: AppError) -> None:
        self._error = error
        self._show("notice-error", "warning", "violates", one_line(error.title, 120))
        self.words.setText(one_line(" ".join(part for part in (error.message, error.hint) if part), 600))
        self.words.show()
        self.copy.show()
        self._make_offer(None)

    @Slot(str, object)
    def show_report(self, words: str, offer: Offer | None = None) -> None:
        """Show an outcome, unless an error is waiting to be seen."""
        if self._error is not None and self.isVisible():  # an error stays until someone has seen it
            return
        self._error = None
        self._show("notice-info", "safe", "safe", one_line(words, 300))
        self.words.hide()
        self.copy.hide()
        self._make_offer(offer)

    def _show(self, role: str, glyph: str, tone: str, title: str) -> None:
        self.setProperty("role", role)
        self.style().unpolish(self)
        self.style().polish(self)
        self._glyph.set_glyph(glyph, tone)
        self.title.setText(title)
        self.setAccessibleDescription(title)
        self.show()
        announce(self, title)

    def _make_offer(self, offer: Offer | None) -> None:
        self._offer = offer
        self.offer.setText(offer.words if offer is not None else "")
        self.offer.setVisible(offer is not None)

    @Slot()
    def _on_offer_clicked(self) -> None:
        if self._offer is not None:
            self.hide()
            self._offer.take()

    @Slot()
    def _on_copy_clicked(self) -> None:
        if self._error is not None:
            QGuiApplication.clipboard().setText(details_of(self._error))
