"""The bottom strip: what runs, how far it is, how long it still takes, and who is at work on what.

It owns the words of progress. It must not start or stop anything: it emits that cancel was pressed.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from core.domain import ModelInfo
from ui.key_words import say
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import GlyphLabel, plain_label

_FLASH_MS = 7_000


class TaskStrip(QFrame):
    """One line. Always says something: what runs, or what the model would do next."""

    cancel_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "strip")
        self.words = ElidedLabel(self.tr("Progress"))
        self.glyph = GlyphLabel(theme, "safe", "safe", size=14)
        self.glyph.hide()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.setAccessibleName(self.tr("Progress of the task"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setProperty("role", "quiet")
        self.cancel.setAccessibleName(self.tr("Cancel the task"))
        self.cancel.clicked.connect(self.cancel_pressed)
        self.place = plain_label(role="caption")
        self.open = GlyphLabel(theme, "unlocked", "muted", size=14)
        self.model = plain_label(role="caption")
        self.away = GlyphLabel(theme, "warning", "unknown", size=14)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, 2, SPACE_3, 2)
        row.setSpacing(SPACE_2)
        row.addWidget(self.glyph)
        row.addWidget(self.words, 1)
        row.addWidget(self.progress)
        row.addWidget(self.cancel)
        row.addSpacing(SPACE_2)
        row.addWidget(self.away)
        row.addWidget(self.model)
        row.addSpacing(SPACE_2)
        row.addWidget(self.open)
        row.addWidget(self.place)
        self._told = ""
        self._flash = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._flash.timeout.connect(self._on_flash_timeout)
        self.setFixedHeight(34)
        self.show_model(None)
        self.show_idle("")

    @property
    def flashing(self) -> str:
        """The news that is shown now, "" if none."""
        return self.words.full_text if self._flash.isActive() else ""

    def flash(self, words: str) -> None:
        """Show short news in place of the progress for a few seconds; nothing moves."""
        self.glyph.show()
        self.words.set_full_text(words)
        self._flash.start()

    def _say(self, words: str) -> None:
        self._told = words
        if not self._flash.isActive():
            self.words.set_full_text(words)

    @Slot()
    def _on_flash_timeout(self) -> None:
        self.glyph.hide()
        self.words.set_full_text(self._told)

    def show_idle(self, words: str) -> None:
        """Nothing runs."""
        self._say(words)
        self.progress.hide()
        self.cancel.hide()

    def show_running(self, words: str, done: int = 0, total: int = 0) -> None:
        """Something runs; `total` 0 means its length is unknown."""
        self._say(words)
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.progress.show()
        self.cancel.show()
        self.cancel.setEnabled(True)

    def show_stopping(self, words: str) -> None:
        """Cancel was pressed; it takes a moment."""
        self._say(words)
        self.cancel.setEnabled(False)

    def show_model(self, model: ModelInfo | None, *, fell_back: bool = False) -> None:
        """Say which model is loaded and whether content leaves this machine for it; None while there is none.

        `fell_back` says that it does not use a graphics card as it was asked to.
        """
        host = server_host(model) if model is not None else ""
        self.away.setVisible(bool(host) and not is_loopback(host))
        if model is None:
            words = self.tr("No model loaded · offline")
        elif host and not is_loopback(host):
            words = self.tr("{model} · content is sent to {host}").format(model=one_line(model.name, 30), host=host)
        elif host:
            words = self.tr("{model} · server on this machine").format(model=one_line(model.name, 30))
        else:
            words = self.tr("{model} · offline").format(model=one_line(model.name, 30))
        if fell_back:
            words = self.tr("{words} · less on the graphics card than asked").format(words=words)
        self.model.setText(words)

    def show_place(self, words: str, *, lockable: bool) -> None:
        """Say which workspace is open and who reviews. While it is locked the strip is out of sight, as all else is."""
        self.place.setText(words)
        way = self.tr("Open: what is decrypted is readable on this screen. {key_lock} locks it.")
        ends = self.tr("Open: the sample ends with the window and has nothing to lock.")
        self.open.setAccessibleName(say(way if lockable else ends))
        self.open.setToolTip(plain_tip(self.open.accessibleName()))


def server_host(model: ModelInfo) -> str:
    """Return the host of a model server, "" for a model file."""
    return urlsplit(model.source).hostname or "" if model.prompt_format == "server" else ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host in ("localhost", "::1") or host.startswith("127.")
