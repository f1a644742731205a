"""Care at the desk: the veil and how it lifts, the key that hides at once, what was seen, and when to rest.

It owns the covers over the panes, the count of what was seen and the reminders. What is veiled is for `ui.care` to
say; the settings are the person's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from core.domain import PolicyVersion, QueueRow
from core.services import severity_of
from core.services.exposure import ExposureLog
from ui.attention import Attention
from ui.care import CareSettings, veil_reason, veils_row
from ui.key_words import say
from ui.masking import Mask
from ui.prepared import Prepared
from ui.reviewing import Committed
from ui.theme import Theme
from ui.widgets.cover import Cover

_LOOK_EVERY_MS = 15_000
_LATER_S = 600.0
_MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Rest:
    """A reminder that is due: active minutes since the last break, or of the session."""

    minutes: int
    session: bool


class Caring(QObject):
    """`rest_due` carries a `Rest`; `bared` says that masked words are wanted in the clear, or no longer."""

    rest_due = Signal(object)
    bared = Signal(bool)

    def __init__(
        self, theme: Theme, attention: Attention, panes: tuple[QWidget, ...], log: ExposureLog, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.settings = CareSettings()
        self.mask = Mask(())
        self.log = log
        self._attention = attention
        self._covers = [Cover(theme, pane) for pane in panes]
        self._severities: dict[tuple[str, str], int] = {}
        self._prepared: Prepared | None = None
        self._label: str | None = None
        self._seen = self._held = self._lifted = self._hidden = False
        self._hold_key = 0
        self._rested_at_s = attention.active_s()
        self._quiet_until_s = 0.0
        self._session_told = False
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look_at_the_clock)
        self._timer.start()

    @property
    def covered(self) -> bool:
        """Whether the item in view is covered now."""
        return not self._covers[0].isHidden()

    def use(self, settings: CareSettings, words: tuple[str, ...]) -> None:
        """Follow these settings from now on. `words` are those the team masks."""
        self.settings = settings
        self.mask = Mask(words if settings.mask else ())
        self._attention.idle_s = float(settings.idle_seconds)
        self._show()

    def set_policies(self, policies: tuple[PolicyVersion, ...]) -> None:
        """Tell how grave each label is."""
        self._severities = {(p.policy_id, label.code): label.severity for p in policies for label in p.labels}

    def dress_row(self, row: QueueRow) -> QueueRow:
        """Return a row as the list may show it: its excerpt veiled or masked."""
        code = row.decision_label or row.verdict_label
        severity = self._severities.get((row.policy_id, code or ""))
        if veils_row(self.settings, row, severity):
            return replace(row, excerpt=self.tr("Veiled"))
        return replace(row, excerpt=self.mask.text(row.excerpt))

    # The item in view

    @Slot(object, bool)
    def on_shown(self, prepared: Prepared, same: bool) -> None:
        """Veil an item that comes into view where the settings say so; one that was read again stays as it was."""
        if not same:
            self._leave_item()
            self._held = self._lifted = self._hidden = False
        self._prepared = prepared
        self._show()

    @Slot()
    def on_cleared(self) -> None:
        """Nothing is in view."""
        self._leave_item()
        self._prepared = None
        self._show()

    @Slot(object)
    def on_committed(self, committed: Committed) -> None:
        """Remember how grave a person said the item in view is."""
        if committed.decision is not None:
            self._label = committed.decision.label

    def hold(self, key: int) -> None:
        """Lift the veil and the masks while a key is held. Without a veil nothing changes but masks."""
        if self._held:
            return
        self._held = True
        self._hold_key = key
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        self._show()
        self.bared.emit(True)

    def toggle_lift(self) -> None:
        """Lift the veil of this item for good, or put it back: for hands that cannot hold a key."""
        self._lifted = not self._lifted
        self._hidden = False
        self._show()
        self.bared.emit(self._lifted)

    def hide_now(self) -> None:
        """Cover the item at once, whatever it is; a second time uncovers it."""
        self._hidden = not self._hidden
        self._held = self._lifted = False
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Put the veil back when the held key is released, or the window is left."""
        del watched
        if event.type() in (QEvent.Type.KeyRelease, QEvent.Type.ApplicationDeactivate):
            released = isinstance(event, QKeyEvent) and event.key() == self._hold_key and not event.isAutoRepeat()
            if released or event.type() == QEvent.Type.ApplicationDeactivate:
                self._let_go()
        return False

    def _let_go(self) -> None:
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self._held = False
        self._show()
        if not self._lifted:
            self.bared.emit(False)

    def _show(self) -> None:
        """Bring covers in step with the item, the settings and the keys."""
        reason = veil_reason(self.settings, self._prepared.review) if self._prepared is not None else None
        veiled = reason is not None and not self._lifted
        if self._prepared is None or self._held or not (veiled or self._hidden):
            for cover in self._covers:
                cover.hide()
            self._seen = self._seen or self._prepared is not None
            return
        if self._hidden:
            title = self.tr("Hidden")
        elif reason is not None and reason > 0:
            title = self.tr("Veiled: severity {severity} of 4").format(severity=reason)
        else:
            title = self.tr("Veiled")
        words = say(
            self.tr(
                "Hold {key_reveal} to look, {key_lift} lifts the veil for this item. Every decision works as it is."
            )
        )
        for cover in self._covers:
            cover.put(title, words)

    def _leave_item(self) -> None:
        """Count the item that is left, if it was ever uncovered."""
        if self._prepared is not None and self._seen:
            review = self._prepared.review
            codes = (self._label, review.verdict.label if review.verdict is not None else None)
            self.log.add(severity_of(review.policy, codes))
        self._seen = False
        self._label = None

    # Breaks

    @Slot()
    def look_at_the_clock(self) -> None:
        """Say that a break, or the end of the session, is due by the person's own settings."""
        active = self._attention.active_s()
        if active < self._quiet_until_s:
            return
        session = self.settings.session_length
        if session and not self._session_told and active >= session * _MINUTE_S:
            self._session_told = True
            self.rest_due.emit(Rest(int(active // _MINUTE_S), session=True))
            return
        since = active - self._rested_at_s
        if self.settings.break_every and since >= self.settings.break_every * _MINUTE_S:
            self._quiet_until_s = active + _LATER_S
            self.rest_due.emit(Rest(int(since // _MINUTE_S), session=False))

    def rested(self) -> None:
        """A break was taken: count anew."""
        self._rested_at_s = self._attention.active_s()
        self._quiet_until_s = 0.0

    def leave(self) -> None:
        """Keep what was counted: the workspace is about to close."""
        self._leave_item()
        self._prepared = None
        self.log.save()
