"""Joins the actions of the menu to one desk. Every verb of the desk is reached from here, by menu or key.

It owns which action does what on an open workspace. It must not hold state: when the desk goes, so do the joins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QWidget

from core.domain import SavedView, Worklist
from ui.actions import Act, Actions
from ui.chores import Chores
from ui.dialogs.importing import ImportDialog, dropped_file
from ui.dialogs.transfer import ExportDialog
from ui.views.desk import DeskView

_VIEWS = (Act.VIEW_REVIEW, Act.VIEW_DECIDED, Act.VIEW_DISAGREE, Act.VIEW_ASIDE, Act.VIEW_ALL)


def connect_desk(actions: Actions, desk: DeskView, chores: Chores, window: QWidget) -> DeskKeys:
    """Connect every desk action. Call `leave` on the result before the desk goes."""
    joint = DeskKeys(actions, desk, chores, window)
    for act, verb in joint.verbs().items():
        joint.join(act, verb)
    for index, act in enumerate(_VIEWS):
        joint.join(act, partial(desk.queue.choose_view, index))
    for index, action in enumerate(actions.labels):
        joint.join_action(action, partial(desk.deciding.decide_digit, index))
    desk.digits_shown.connect(actions.name_digits)
    desk.break_changed.connect(joint.on_break_changed)
    desk.judging.progressed.connect(joint.name_judge)
    desk.judging.ended.connect(joint.name_judge)
    desk.decisions.verb_pressed.connect(joint.on_verb_pressed)
    desk.queue.order_note.clicked.connect(actions[Act.GO_INSIGHT].trigger)
    return joint


class DeskKeys(QObject):
    """The verbs of one desk, as a child of it."""

    def __init__(self, actions: Actions, desk: DeskView, chores: Chores, window: QWidget) -> None:
        super().__init__(desk)
        self._actions = actions
        self._desk = desk
        self._chores = chores
        self._joins: list[QMetaObject.Connection] = []
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def verbs(self) -> dict[Act, Callable[[], object]]:
        """Return what each action does."""
        desk = self._desk
        return {
            Act.IMPORT: self.ask_import,
            Act.POLICY: self.ask_policy,
            Act.EXPORT: self.ask_export,
            Act.BACKUP: self._chores.back_up,
            Act.AGREE: desk.deciding.agree,
            Act.MORE_LABELS: desk.decisions.open_more,
            Act.NOTE: desk.deciding.take_note,
            Act.SKIP: desk.reviewing.skip,
            Act.ESCALATE: desk.reviewing.escalate,
            Act.SKIP_BECAUSE: lambda: desk.deciding.ask_reason("skip"),
            Act.ESCALATE_BECAUSE: lambda: desk.deciding.ask_reason("escalate"),
            Act.UNDO: desk.reviewing.undo,
            Act.NEXT: lambda: desk.step(1),
            Act.PREVIOUS: lambda: desk.step(-1),
            Act.SELECT_NEXT: lambda: desk.queue.extend_selection(1),
            Act.SELECT_PREVIOUS: lambda: desk.queue.extend_selection(-1),
            Act.SECOND: lambda: desk.feed.read_worklist(Worklist.SECOND),
            Act.ADJUDICATE: lambda: desk.feed.read_worklist(Worklist.ADJUDICATE),
            Act.REVEAL: lambda: desk.caring.hold(self._held_key()),
            Act.LIFT: desk.caring.toggle_lift,
            Act.HIDE: desk.caring.hide_now,
            Act.BREAK: desk.toggle_break,
            Act.SEARCH: self.go_search,
            Act.FILTER_POLICY: lambda: _open_box(desk.queue.policies),
            Act.SORT: lambda: _open_box(desk.queue.sorts),
            Act.NARROW: desk.filters.toggle,
            Act.CLEAR_NARROWING: desk.queue.clear_narrowing,
            Act.SAVED_VIEWS: desk.filters.choose_view,
            Act.SAVE_VIEW: desk.filters.name_view,
            Act.FOLD_QUEUE: desk.grouping.toggle,
            Act.OPEN_GROUP: desk.open_group,
            Act.REFRESH: desk.reload,
            Act.WHOLE_QUEUE: desk.show_whole_queue,
            Act.JUDGE: desk.toggle_judging,
            Act.SCORE: lambda: desk.toggle_judging(fast=True),
            Act.FOCUS_QUEUE: lambda: _focus(desk.queue.table),
            Act.FOCUS_CONTENT: lambda: _focus(desk.content.surface),
            Act.FOCUS_VERDICT: lambda: _focus(desk.verdict.surface),
            Act.FOCUS_POLICY: lambda: _focus(desk.policy.surface),
            Act.LABEL_BEFORE: lambda: desk.policy.show_label(-1),
            Act.LABEL_AFTER: lambda: desk.policy.show_label(1),
            Act.WHOLE_POLICY: desk.policy.whole.toggle,
            Act.METADATA: desk.content.metadata_button.toggle,
            Act.COMPARE: desk.comparing.ask,
            Act.SPELL_OUT: desk.content_views.toggle_reveal,
            Act.FOLD_TURNS: desk.content_views.toggle_fold,
            Act.NEXT_QUOTE: lambda: desk.content.show_quote(1),
            Act.LARGER: lambda: desk.zoom(desk.content.surface.zoom + 1),
            Act.SMALLER: lambda: desk.zoom(desk.content.surface.zoom - 1),
            Act.USUAL_SIZE: lambda: desk.zoom(0),
        }

    def join(self, act: Act, verb: Callable[[], object]) -> None:
        """Connect an action for as long as the desk lives."""
        self.join_action(self._actions[act], verb)

    def join_action(self, action: QAction, verb: Callable[[], object]) -> None:
        """Connect any action for as long as the desk lives."""
        self._joins.append(action.triggered.connect(lambda _=False: verb()))

    def leave(self) -> None:
        """Take every action off the desk."""
        self._window.removeEventFilter(self)
        self._window.setAcceptDrops(False)
        for connection in self._joins:
            QObject.disconnect(connection)
        self._joins.clear()

    def name_judge(self, _progress: object = None) -> None:
        """Let the menu say what Ctrl+J would do now."""
        running = self._desk.judging.running
        self._actions[Act.JUDGE].setText(self.tr("Stop &judging") if running else self.tr("&Judge the queue"))
        self._actions[Act.SCORE].setEnabled(not running)

    def on_break_changed(self, resting: bool) -> None:
        """No key may decide an item during a break; the one that ends it stays."""
        self._actions.set_desk_in_view(in_view=not resting)
        self._actions[Act.BREAK].setEnabled(True)

    def on_verb_pressed(self, verb: str) -> None:
        """A quieter verb was pressed with the mouse: do what its key does."""
        acts = {"note": Act.NOTE, "skip": Act.SKIP, "escalate": Act.ESCALATE, "undo": Act.UNDO}
        acts |= {"previous": Act.PREVIOUS, "next": Act.NEXT}
        self._actions[acts[verb]].trigger()

    def _held_key(self) -> int:
        """Return the key whose release ends the look behind the veil."""
        held = self._actions[Act.REVEAL].shortcut()
        return int(held[0].key())  # type: ignore[index]

    def go_search(self) -> None:
        """Put the cursor into the search field."""
        _focus(self._desk.queue.search)
        self._desk.queue.search.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a file that is dropped on the window to the import dialog."""
        if isinstance(event, QDropEvent) and event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            path = dropped_file(event)
            if path is not None:
                event.acceptProposedAction()
                if event.type() is QEvent.Type.Drop:
                    QTimer.singleShot(0, self, lambda: self.ask_import(path))
                return True
        return super().eventFilter(watched, event)

    def ask_import(self, path: Path | None = None) -> None:
        """Ask for a file and bring it in."""
        dialog = ImportDialog(self._desk.policies, self._window, look=self._chores.look, path=path)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._chores.import_file(dialog.request())
        dialog.deleteLater()

    def ask_export(self) -> None:
        """Ask what to write where, and write it."""
        self._desk.filters.read_views(self._ask_export)

    def _ask_export(self, views: Sequence[SavedView]) -> None:
        dialog = ExportDialog(self._desk.policies, Path.home(), self._window, views=views)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._chores.export(dialog.request())
        dialog.deleteLater()

    def ask_policy(self) -> None:
        """Ask for a policy document and add it."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Add a policy"), "", self.tr("Policies (*.md *.txt);;All files (*)")
        )
        if chosen:
            self._chores.add_policy(Path(chosen))


def _focus(widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _open_box(box: QComboBox) -> None:
    _focus(box)
    box.showPopup()
