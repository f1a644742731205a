"""The dialog of keys at work: who it is is asked first, then a slot is changed, or the whole workspace encrypted anew.

It owns the order of these steps and the life of the dialog. A rotation needs the workspace closed: the window closes it
and opens it again, whatever came of it. No secret is kept here longer than a task runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core import services
from core.domain import KeySlot, SlotKind
from core.errors import AppError
from core.services import Deed, KeyRotation, Workspace
from ui.dialogs.key_slots import KeyDeed, KeySlotsDialog, KeyWish
from ui.notices import Notices
from ui.tasks import Task, TaskContext, TaskPool
from ui.views.welcome import WorkspaceRequest

_MB = 1e6


@dataclass(frozen=True, slots=True)
class _Outcome:
    slots: tuple[KeySlot, ...]
    code: str | None = field(default=None, repr=False)


class KeyChanges(QObject):
    """One for a window. `close_wanted` asks the window to close the workspace, `open_wanted` to open it again."""

    close_wanted = Signal()
    open_wanted = Signal(object)

    def __init__(self, notices: Notices, pool: TaskPool, window: QWidget) -> None:
        """`pool` outlives any workspace."""
        super().__init__(window)
        self._notices, self._pool, self._window = notices, pool, window
        self._workspace: Workspace | None = None
        self._own_pool: TaskPool | None = None
        self._rotating = False
        self._rotation: Task | None = None
        self.dialog: KeySlotsDialog | None = None

    def attach(self, workspace: Workspace, pool: TaskPool) -> None:
        """A workspace was opened; `pool` lives as long as it."""
        self._workspace, self._own_pool = workspace, pool

    def detach(self) -> None:
        """The workspace is about to close; unless that is for a rotation, the dialog goes."""
        self._workspace = self._own_pool = None
        if self.dialog is not None and not self._rotating:
            self.dialog.reject()

    @Slot()
    def ask(self) -> None:
        """Read the slots and show the dialog."""
        workspace, pool = self._workspace, self._own_pool
        if workspace is None or pool is None or self.dialog is not None:
            return

        def read(context: TaskContext) -> tuple[list[KeySlot], str]:
            del context
            refused = None if workspace.is_team else services.refusal(workspace, Deed.KEYS)
            return services.list_keys(workspace.folder), refused.message if refused is not None else ""

        pool.quick(read, succeeded=lambda found: self._show(workspace, *found), failed=self._notices.show_error)

    def _show(self, workspace: Workspace, slots: Sequence[KeySlot], refusal: str) -> None:
        if self._workspace is not workspace or self.dialog is not None:
            return
        dialog = KeySlotsDialog(
            workspace.folder.name,
            keychain=services.keychain_available(),
            lock_minutes=workspace.settings.lock_minutes,
            judge_while_locked=workspace.settings.judge_while_locked,
            refusal=refusal,
            in_file=not workspace.is_team,
            parent=self._window,
        )
        dialog.show_slots(slots)
        dialog.wanted.connect(self._on_dialog_wanted)
        dialog.stop_wanted.connect(self._on_dialog_stop_wanted)
        dialog.lock_changed.connect(self._on_dialog_lock_changed)
        dialog.finished.connect(self._on_dialog_finished)
        self.dialog = dialog
        dialog.open()
        dialog.show_overview()

    @Slot(object)
    def _on_dialog_wanted(self, wish: KeyWish) -> None:
        workspace, pool = self._workspace, self._own_pool
        if workspace is None or pool is None:  # it is being opened again
            if self.dialog is not None:
                self.dialog.set_busy(False)
            return

        def run(context: TaskContext) -> _Outcome:
            del context
            return _change(workspace, wish)

        def check(context: TaskContext) -> None:
            del context
            services.check_key(workspace, passphrase=wish.current or None)

        if wish.deed is KeyDeed.ROTATE:
            pool.long(check, succeeded=lambda _: self._rotate(workspace, wish), failed=self._fail)
        else:
            pool.long(run, succeeded=self._on_changed, failed=self._fail)

    @Slot(object)
    def _on_changed(self, outcome: _Outcome) -> None:
        dialog = self.dialog
        if dialog is None:
            if outcome.code is not None:
                self._say_code_is_gone()
            return
        dialog.set_busy(False)
        dialog.show_slots(outcome.slots)
        if outcome.code is not None:
            dialog.show_code(outcome.code)
        else:
            dialog.show_overview()
            self._notices.show_info(self.tr("The keys were changed."))

    def _fail(self, error: AppError) -> None:
        if self.dialog is not None:
            self.dialog.fail(error)
        else:
            self._notices.show_error(error)

    def _rotate(self, workspace: Workspace, wish: KeyWish) -> None:
        folder, secret = workspace.folder, wish.current or None

        def run(context: TaskContext) -> KeyRotation:
            return services.rotate_key(
                folder,
                passphrase=secret,
                progress=lambda done, total: context.report((done, total)),
                cancel=context.cancel,
            )

        def over() -> None:
            self._rotating, self._rotation = False, None
            self.open_wanted.emit(WorkspaceRequest(folder, secret, create=False))

        def succeeded(done: KeyRotation) -> None:
            over()
            self._on_changed(_Outcome(done.slots, done.recovery_code))

        def failed(error: AppError) -> None:
            over()
            self._fail(error)

        if self.dialog is None:  # it was left while the passphrase was checked
            return
        self.dialog.show_progress(self.tr("Closing the workspace…"), 0)
        self._rotating = True
        self.close_wanted.emit()
        self._rotation = self._pool.long(run, succeeded=succeeded, failed=failed, progressed=self._on_progressed)

    @Slot(object)
    def _on_progressed(self, step: tuple[int, int]) -> None:
        done, total = step
        if self.dialog is not None:
            words = self.tr("{done} of {total} MB").format(done=f"{done / _MB:,.1f}", total=f"{total / _MB:,.1f}")
            self.dialog.show_progress(words, round(1000 * done / max(total, 1)))

    @Slot()
    def _on_dialog_stop_wanted(self) -> None:
        if self._rotation is not None:
            self._rotation.cancel()

    @Slot(int, bool)
    def _on_dialog_lock_changed(self, minutes: int, judge: bool) -> None:
        workspace, pool = self._workspace, self._own_pool
        if workspace is None or pool is None:
            return
        settings = replace(workspace.settings, lock_minutes=minutes, judge_while_locked=judge)
        if settings != workspace.settings:
            pool.quick(
                lambda _context: services.save_settings(workspace, settings=settings), failed=self._notices.show_error
            )

    def _say_code_is_gone(self) -> None:
        self._notices.show_report(self.tr("The new recovery code was not kept. Make another one: File, Keys."))

    @Slot()
    def _on_dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            if dialog.recovery.waits:
                dialog.recovery.show_code("", "")
                self._say_code_is_gone()
            dialog.deleteLater()
        self._window.activateWindow()


def _change(workspace: Workspace, wish: KeyWish) -> _Outcome:
    """Check who it is, then add, change or revoke a slot."""
    if wish.current:
        services.check_key(workspace, passphrase=wish.current)
    kinds = {slot.kind for slot in services.list_keys(workspace.folder)}
    if SlotKind.PASSPHRASE in kinds and not wish.current:
        services.check_key(workspace, passphrase="")  # it was added since the dialog was opened
    code = None
    if wish.deed is KeyDeed.REVOKE:
        services.revoke_key(workspace, wish.kind)
    else:
        verb = services.change_key if wish.kind in kinds else services.add_key
        code = verb(workspace, wish.kind, passphrase=wish.new or None).recovery_code
    return _Outcome(tuple(services.list_keys(workspace.folder)), code)
