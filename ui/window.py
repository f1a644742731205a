"""The main window: the first page or the desk, the menus, the notices above and the strip below.

It owns which of the two is shown and the life of the open workspace. It must not know how anything is reviewed.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core import services
from core.errors import AppError, LockedError
from core.services import Workspace
from ui.actions import Act, Actions
from ui.administration import Administration
from ui.backups import BackupSchedule
from ui.choosing_model import ChoosingModel
from ui.chores import Chores
from ui.curtain import Curtain
from ui.desk_context import DeskContext
from ui.desk_keys import connect_desk
from ui.events import Events
from ui.guard import Guard
from ui.icons import application_icon
from ui.key_words import follow_keys
from ui.notices import NoticeBar, announce
from ui.opening import open_requested
from ui.page import PageContext
from ui.pages import PageSpec, page_specs
from ui.personal import Personal
from ui.progress_line import ProgressLine
from ui.refused_rows import RefusedRows
from ui.session import Session
from ui.steps.page import OpenDesk
from ui.tasks import TaskContext, TaskPool
from ui.views.desk import DeskView
from ui.views.shelf import Shelf
from ui.views.welcome import WelcomeView, WorkspaceRequest
from ui.widgets.banner import SampleBanner
from ui.widgets.task_strip import TaskStrip

_FIRST_SIZE = QSize(1280, 800)
_ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
# How long closing waits for workers that open or make a workspace.
_LAST_WAIT_S = 20.0


class MainWindow(QMainWindow):
    """Begin with `begin`, then `show`. Closing it stops all work and closes the workspace.

    `touched` fires on every key, wherever it goes.
    """

    touched = Signal()

    def __init__(self, context: DeskContext, pages: Sequence[PageSpec] | None = None) -> None:
        """`pages` are those beside the desk; None means all of Docket's."""
        super().__init__()
        self._context = context
        self._pages = page_specs() if pages is None else tuple(pages)
        self.actions_table = Actions(self)
        self.notice_bar = NoticeBar(context.theme, context.notices)
        self.banner = SampleBanner(context.theme)
        self.strip = TaskStrip(context.theme)
        self.stack = QStackedWidget()
        self.welcome: WelcomeView | None = None
        self._session: Session | None = None
        self._scratch: set[Path] = set()
        self._title = "Docket"
        self._pool = TaskPool(self)
        self.administration = Administration(context, self._pool, self.actions_table, self)
        self._build()
        self._connect()
        self.personal = Personal(context, self.actions_table, self.key_groups, self)

    @property
    def desk(self) -> DeskView | None:
        """The desk, if a workspace is open."""
        return self._session.desk if self._session else None

    @property
    def shelf(self) -> Shelf | None:
        """The pages, if a workspace is open."""
        return self._session.shelf if self._session else None

    def _build(self) -> None:
        self.setWindowIcon(application_icon())
        self.setWindowTitle("Docket")
        self.setMinimumSize(QSize(1000, 640))
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.notice_bar, self.banner):
            column.addWidget(part)
        column.addWidget(self.stack, 1)
        column.addWidget(self.strip)
        self.curtain = Curtain(whole)
        self.curtain.currentChanged.connect(lambda _: self._name_window())
        self.setCentralWidget(self.curtain)
        self.guard = Guard(self.curtain, self._context.theme, self._pool, self)
        self.guard.left.connect(self.close_workspace)
        self.strip.hide()
        if not self._context.preferences.restore_geometry("window", self):
            self.resize(_FIRST_SIZE)

    def _connect(self) -> None:
        self._context.notices.info_raised.connect(self._on_info_raised)
        self.administration.made.connect(self._show_desk)
        self.administration.close_wanted.connect(self._leave_workspace)
        self.administration.open_wanted.connect(self.open_workspace)
        self.administration.landed.connect(self._land)
        actions = self.actions_table
        verbs: dict[Act, Callable[[], object]] = {
            Act.OPEN: self._ask_open,
            Act.SAMPLE: self.open_sample,
            Act.CLOSE: self.close_workspace,
            Act.QUIT: self.close,
            Act.LOCK: self.guard.lock,
        }
        for act, verb in verbs.items():
            actions[act].triggered.connect(lambda _=False, do=verb: do())
        for index, act in enumerate((Act.GO_REVIEW, *(page.act for page in self._pages))):
            actions[act].triggered.connect(lambda _=False, at=index: self._go(at))

    def begin(self, folder: Path | None, *, sample: bool = False) -> None:
        """Show the sample, the workspace in `folder`, or the first page."""
        self._show_welcome()
        if sample:
            self.open_sample()
        elif folder is not None:
            self.open_workspace(WorkspaceRequest(folder, None, create=False))

    @Slot(object)
    def open_workspace(self, request: WorkspaceRequest) -> None:
        """Open a workspace off the GUI thread; on failure the form says why."""

        def run(context: TaskContext) -> Workspace:
            del context
            return open_requested(request)[0]

        def failed(error: AppError) -> None:
            self._say_busy("")
            self._on_open_failed(request, error)

        self._leave_workspace()
        self._say_busy(self.tr("Opening…"))
        self._pool.long(run, succeeded=self._show_desk, failed=failed)

    @Slot()
    def open_sample(self) -> None:
        """Make a throwaway workspace with the sample queue and let the model judge it."""
        scratch = Path(tempfile.mkdtemp(prefix="docket-sample-"))
        self._scratch.add(scratch)

        def run(context: TaskContext) -> tuple[Workspace, Path]:
            del context
            # Nobody has to type the passphrase: the workspace ends with the window.
            return services.create_sample_workspace(scratch / "sample", secrets.token_urlsafe(24)), scratch

        def failed(error: AppError) -> None:
            self._say_busy("")
            self._context.notices.show_error(error)

        self._leave_workspace()
        self._say_busy(self.tr("Preparing the sample…"))
        self._pool.long(run, succeeded=self._on_sample_ready, failed=failed)

    @Slot()
    def close_workspace(self) -> None:
        """Stop all work, close the workspace and go back to the first page."""
        self._leave_workspace()

    def key_groups(self) -> list[tuple[str, list[QAction]]]:
        """Return the actions that mean something now, by menu, and those of the page in view."""
        groups = self.actions_table.groups()
        page = self._session.shelf.page if self._session else None
        if page is not None:
            groups.append((self.tr("This page"), [action for action in page.actions() if action.isVisible()]))
        return groups

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the layout, stop all work and close the workspace."""
        self._context.preferences.save_geometry("window", self)
        self._end_session()
        self._pool.shutdown(timeout_s=_LAST_WAIT_S)
        for scratch in list(self._scratch):  # a sample that was still being made
            self._remove(scratch)
        self._context.preferences.sync()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Enter for the control that has the focus: it must not agree with the model from a button or a field.

        Behind a curtain no shortcut means anything but that which ends the program. After a dialog the keys come back
        here: no window manager has to see to that, and some displays have none.
        """
        if event.type() == QEvent.Type.WindowUnblocked and _is_in_use():
            QTimer.singleShot(0, self, self._take_keys_back)
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self.touched.emit()
            if self.curtain.drawn and not event.matches(QKeySequence.StandardKey.Quit):
                event.accept()
                return True
            control = isinstance(self.focusWidget(), (QAbstractButton, QComboBox, QLineEdit))
            if control and event.key() in _ENTER_KEYS:
                event.accept()
                return True
        return super().event(event)

    def _take_keys_back(self) -> None:
        if QApplication.activeModalWidget() is None and QApplication.activeWindow() in (None, self):
            self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button in focus; Escape takes a notice away."""
        focus = self.focusWidget()
        if event.key() in _ENTER_KEYS and isinstance(focus, QAbstractButton):
            focus.click()
        elif event.key() in _ENTER_KEYS and isinstance(focus, QComboBox):
            focus.showPopup()
        elif event.key() == Qt.Key.Key_Escape:
            self.notice_bar.hide()
        else:
            super().keyPressEvent(event)

    # The first page and the desk

    def _show_welcome(self) -> None:
        recent = services.last_workspace()
        view = WelcomeView(
            self._context.theme,
            default_folder=services.default_workspace_folder(),
            recent=recent if recent is not None and services.is_workspace(recent) else None,
        )
        view.setup_wanted.connect(self.administration.setting_up.begin)
        view.sample_wanted.connect(self.open_sample)
        view.workspace_wanted.connect(self.open_workspace)
        self.welcome = view
        self._show(view)
        view.show_choices()
        self._title = "Docket"
        self._name_window()

    @Slot(object)
    def _on_sample_ready(self, ready: tuple[Workspace, Path]) -> None:
        workspace, scratch = ready
        self._show_desk(workspace, scratch=scratch)
        if self._session is not None:
            self._session.desk.toggle_judging()

    def _show_desk(self, workspace: Workspace, *, scratch: Path | None = None) -> None:
        self._end_session()
        pool, events = TaskPool(self), Events()
        desk = DeskView(workspace, self._context, pool, events)
        events.setParent(desk)
        pool.setParent(desk)
        chores = Chores(workspace, pool, self._context.notices, events, desk)
        progress = ProgressLine(
            strip=self.strip, banner=self.banner, notices=self._context.notices, judging=desk.judging, chores=chores
        )
        keys = connect_desk(self.actions_table, desk, chores, self)
        keys.join(Act.MODEL, ChoosingModel(workspace, pool, self._context.notices, desk.judging, self, desk).ask)
        refused = RefusedRows(workspace, pool, self._context.theme, events, self, desk)
        keys.join(Act.REFUSED, refused.open)
        chores.refused_wanted.connect(refused.open)
        shelf = Shelf(self._context.theme, desk, self._pages)
        shelf.page_changed.connect(self._on_shelf_page_changed)
        page = PageContext(workspace, self._context, pool, events, self._open_entries, desk.judging.change_model)
        shelf.attach(page)
        self._session = Session(workspace, pool, shelf, desk, keys, scratch)
        desk.feed.counted.connect(progress.on_counted)
        name = self.tr("Sample workspace") if scratch else workspace.folder.name
        place = self.tr("{name} · open · reviewer {reviewer}").format(name=name, reviewer=workspace.reviewer)
        follow_keys(desk, lambda: self.strip.show_place(place, lockable=scratch is None))
        self._title = self.tr("{name} – Docket").format(name=name)
        if scratch is None:  # nobody knows the passphrase of the sample, which ends with the window
            self.guard.watch(workspace, desk.judging, desk.toggle_judging)
            BackupSchedule(workspace, pool, self._context.notices, desk)
            self.administration.attach(OpenDesk(page, chores, desk.judging))
        self._show(shelf)
        self.welcome = None
        self.strip.show()
        self.actions_table.set_desk_open(is_open=True)
        for act in (Act.LOCK, Act.KEY_SLOTS):
            self.actions_table[act].setEnabled(scratch is None)
        self._name_window()
        self.personal.attach(desk, workspace, pool)
        if workspace.is_team and self._context.preferences.first_time(f"team {workspace.folder.name}"):
            self._context.notices.show_info(services.TEAM_NOTICE)
        if workspace.remarks:
            self.notice_bar.show_report(" ".join(workspace.remarks))
        desk.start()

    def _name_window(self) -> None:
        """Name the workspace in the title, and show the menus, only while it is in view."""
        self.menuBar().setVisible(not self.curtain.drawn)
        self.setWindowTitle("Docket" if self.curtain.drawn else self._title)

    def _show(self, view: QWidget) -> None:
        while (old := self.stack.currentWidget()) is not None:
            self.stack.removeWidget(old)
            old.deleteLater()
        self.stack.addWidget(view)

    def _on_open_failed(self, request: WorkspaceRequest, error: AppError) -> None:
        welcome = self.welcome
        if welcome is None:
            self._context.notices.show_error(error)
        elif isinstance(error, LockedError) or welcome.pages.currentWidget() is welcome.form:
            welcome.ask_open(request.folder, problem=error if request.passphrase else None)
        else:
            self._context.notices.show_error(error)

    def _ask_open(self) -> None:
        self._leave_workspace()
        if self.welcome is not None:
            self.welcome.ask_open()

    def _say_busy(self, words: str) -> None:
        if self.welcome is not None:
            self.welcome.set_busy(words)

    # The end of a workspace

    def _leave_workspace(self) -> None:
        if self._session is not None:
            self._end_session()
            self._show_welcome()

    def _end_session(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        self.guard.release()
        self.administration.detach()
        self.curtain.lift()
        self.actions_table.set_desk_open(is_open=False)
        self.personal.detach()
        session.end(self._context.notices)
        if session.scratch is not None:
            self._remove(session.scratch)
        self.strip.hide()
        self.banner.hide()

    def _remove(self, scratch: Path) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        self._scratch.discard(scratch)

    def _go(self, index: int) -> None:
        if self._session is not None:
            self._session.shelf.show_page(index)

    @Slot()
    def _land(self) -> None:
        """Show the desk from the top of the queue."""
        if self._session is not None:
            self._session.show_desk()

    def _open_entries(self, keys: Sequence[int], title: str) -> None:
        if self._session is not None:
            self._session.show_entries(keys, title)

    @Slot(int)
    def _on_shelf_page_changed(self, index: int) -> None:
        self.actions_table.set_desk_in_view(in_view=index == 0)
        if index == 0 and self._session is not None:
            self._session.desk.queue.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(str)
    def _on_info_raised(self, words: str) -> None:
        if self.strip.isVisible():
            self.strip.flash(words)
            announce(self.strip, words)
        else:
            self.notice_bar.show_report(words)


def _is_in_use() -> bool:
    return QApplication.applicationState() is Qt.ApplicationState.ApplicationActive
