"""Locks the window after a while without a key or a click, or at once when asked, and lets its person back in.

It owns the time since the last sign of a person and the way through the lock. The workspace stays open behind it, so
that judging can go on; whether it does is a setting. It must not know what is on the desk.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from core import services
from core.domain import SlotKind
from core.errors import AppError, WorkspaceError
from core.services import Workspace
from ui.curtain import Curtain
from ui.judging import Judging
from ui.tasks import TaskContext, TaskPool
from ui.theme import Theme
from ui.views.lock import LockView

_LOOK_EVERY_MS = 5_000
_SIGNS = frozenset(
    {
        QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove,
        QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TabletPress,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Watched:
    workspace: Workspace
    judging: Judging
    resume: Callable[[], object]


class Guard(QObject):
    """One for a window. `locked` and `unlocked` fire as it happens; `left` when the person closes the workspace."""

    locked = Signal()
    unlocked = Signal()
    left = Signal()

    def __init__(
        self, curtain: Curtain, theme: Theme, pool: TaskPool, parent: QObject, *, clock: Callable[[], float] = time.time
    ) -> None:
        """`clock` gives seconds and goes on while the computer sleeps."""
        super().__init__(parent)
        self._curtain, self._theme, self._pool = curtain, theme, pool
        self.clock = clock
        self._seen_at = clock()
        self._watched: _Watched | None = None
        self._view: LockView | None = None
        self._resume_after = False
        self._swallows_key = False
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    @property
    def is_locked(self) -> bool:
        """Whether the lock stands before the window."""
        return self._view is not None

    @property
    def view(self) -> LockView | None:
        """The lock, while it is there."""
        return self._view

    def watch(self, workspace: Workspace, judging: Judging, resume: Callable[[], object]) -> None:
        """Begin to watch over an open workspace. `resume` starts judging again after a lock that stopped it."""
        self.release()
        self._watched = _Watched(workspace, judging, resume)
        self._seen_at = self.clock()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._timer.start()

    def release(self) -> None:
        """Stop watching: the workspace is about to close. A lock that stands goes with it."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self._timer.stop()
        self._watched = None
        self._resume_after = False
        if self._view is not None:
            self._lift()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a sign of a person; the first after too long a time locks instead, and does nothing else."""
        kind = event.type()
        if kind in _SIGNS and self._view is None:
            locks = self.look()
            self._seen_at = self.clock()
            if locks:
                event.accept()  # of a shortcut: take it as a key, which is swallowed below
                self._swallows_key = kind == QEvent.Type.ShortcutOverride
                return True
        if self._swallows_key and kind == QEvent.Type.KeyPress:
            self._swallows_key = False
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def look(self) -> bool:
        """Lock if nobody has been there for as long as the settings allow; return whether it did."""
        if self._watched is None or self._view is not None:
            return False
        limit_s = 60.0 * self._watched.workspace.settings.lock_minutes
        if not limit_s or self.clock() - self._seen_at < limit_s:
            return False
        self.lock()
        return True

    @Slot()
    def lock(self) -> None:
        """Lock now, if a workspace is watched."""
        watched = self._watched
        if watched is None or self._view is not None:
            return
        goes_on = watched.workspace.settings.judge_while_locked
        self._resume_after = watched.judging.running and not goes_on
        if self._resume_after:
            watched.judging.stop()
        self._view = self._make_view(watched, goes_on=goes_on)
        self._curtain.draw(self._view)
        self.locked.emit()

    def _make_view(self, watched: _Watched, *, goes_on: bool) -> LockView:
        if not watched.judging.running:
            words = self.tr("The workspace stays open behind this lock.")
        elif goes_on:
            words = self.tr("The model goes on judging behind this lock.")
        else:
            words = self.tr("Judging is paused until you are back.")
        try:
            kinds = {slot.kind for slot in services.list_keys(watched.workspace.folder)}
        except WorkspaceError:  # asking for everything lets the check say what is wrong
            kinds = {SlotKind.PASSPHRASE, SlotKind.KEYCHAIN}
        keychain = SlotKind.KEYCHAIN in kinds and services.keychain_available()
        view = LockView(self._theme, keychain=keychain, passphrase=SlotKind.PASSPHRASE in kinds, judging=words)
        view.unlock_wanted.connect(self._on_view_unlock_wanted)
        view.leave_wanted.connect(self.left)
        return view

    @Slot(str)
    def _on_view_unlock_wanted(self, typed: str) -> None:
        watched, view = self._watched, self._view
        if watched is None or view is None:
            return

        def run(context: TaskContext) -> None:
            del context
            services.check_key(watched.workspace, passphrase=typed or None)

        def failed(error: AppError) -> None:
            if self._view is view:
                view.set_busy(busy=False)
                view.show_problem(error)

        view.set_busy(busy=True)
        self._pool.long(run, succeeded=lambda _: self._unlock(view), failed=failed)

    def _unlock(self, view: LockView) -> None:
        watched = self._watched
        if self._view is not view or watched is None:
            return
        self._seen_at = self.clock()
        self._lift()
        if self._resume_after:
            self._resume_after = False
            _start_again(watched)

    def _lift(self) -> None:
        self._view = None
        self._curtain.lift()
        self.unlocked.emit()


def _start_again(watched: _Watched) -> None:
    """Judge on; a run that is still stopping is waited for."""
    if not watched.judging.running:
        watched.resume()
        return

    def once() -> None:
        watched.judging.ended.disconnect(once)
        watched.resume()

    watched.judging.ended.connect(once)
