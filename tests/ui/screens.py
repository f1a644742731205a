"""Every screen there is, each by the class it is made of, and how a test brings it into view.

It owns the registry of pages, views, dialogs and strips; `missing` finds what was added to the program and not here.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

import ui.dialogs
import ui.views
from core import services
from core.domain import BackupContents, Check, KeptBackup, QuarantinedRow, RestoreSummary, ReviewRules, utc_now
from core.errors import StorageError
from core.services import Component
from tests.ui.conftest import PASSPHRASE, Stage
from ui.dialogs.about import AboutDialog
from ui.dialogs.backups import BackupsDialog
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.first_steps import FirstSteps
from ui.dialogs.graphics import GraphicsDialog
from ui.dialogs.importing import ImportDialog
from ui.dialogs.key_slots import KeyDeed, KeySlotsDialog
from ui.dialogs.keys import KeySheet
from ui.dialogs.model import ConsentDialog, ModelDialog
from ui.dialogs.palette import CommandPalette
from ui.dialogs.preferences import Chosen, PreferencesDialog
from ui.dialogs.publish import PublishDialog
from ui.dialogs.quarantine import QuarantineDialog
from ui.dialogs.transfer import ExportDialog, FormDialog
from ui.events import Events
from ui.mending import Mending
from ui.page import Page
from ui.pages import page_specs
from ui.sheets import SheetKind
from ui.steps.first_items import FirstItemsStep
from ui.steps.items import ItemsStep
from ui.steps.keys import KeysStep
from ui.steps.model import ModelStep
from ui.steps.place import PlaceStep
from ui.steps.policy import PolicyStep
from ui.tasks import TaskPool
from ui.views.desk import DeskView
from ui.views.insight import InsightPage
from ui.views.lock import LockView
from ui.views.models import ModelsPage
from ui.views.policies import PoliciesPage
from ui.views.shelf import Shelf
from ui.views.welcome import WelcomeView, WorkspaceForm

Mod = Qt.KeyboardModifier
HOSTILE = '<img src="file:///etc/passwd"><b>bold</b><a href="https://example.test">x</a>'
LONG_MS = 60_000
Shown = Iterator[tuple[str, QWidget]]
"""States of a screen, one after the other: what to call each, and the widget to look at while it is in view."""


def desk(stage: Stage) -> Shown:
    """The desk with each of its strips."""
    view, window = stage.desk, stage.window
    yield "desk", window
    view.open(services.find_entry(view._workspace, item_id="m-6", policy_id="spam"))
    stage.until(lambda: stage.item_id == "m-6" and view.content.hidden_line.isVisible())
    view.content.metadata_button.setChecked(True)
    steps: dict[str, Callable[[], object]] = {
        "override": lambda: view.deciding.decide_digit(0),
        "note": view.deciding.take_note,
        "skip": lambda: view.deciding.ask_reason("skip"),
        "escalate": lambda: view.deciding.ask_reason("escalate"),
        "rest": lambda: view.rest_strip.remind(50, session=True),
        "narrowing": view.filters.toggle,
        "selection": lambda: view.queue.extend_selection(1),
        "no second opinion": view.queue.order_note.show,
    }
    for name, step in steps.items():
        step()
        stage.qtbot.wait(30)
        yield name, window
        view.deciding.hide_strips()
    view.filters.toggle()
    view.queue.order_note.hide()
    view.caring.hide_now()
    yield "hidden", window
    view.caring.hide_now()
    view.toggle_break()
    yield "break", window
    view.toggle_break()
    window.notice_bar._on_error_raised(StorageError(f"The disk is full. {HOSTILE}", "Free some space. " * 4))
    stage.qtbot.wait(30)
    yield "notice", window
    window.notice_bar.hide()
    yield from pinned(stage)


def pinned(stage: Stage) -> Shown:
    """A list another page asked for, an empty one, and the banner of the sample."""
    view, window = stage.desk, stage.window
    view.show_entries([], "Called up from another page")
    stage.until(lambda: stage.item_id == "")
    yield "empty list", window
    view.show_whole_queue()
    stage.until(lambda: stage.item_id != "")
    window.banner.show()
    stage.qtbot.wait(30)
    yield "sample banner", window
    window.banner.hide()


def go(stage: Stage, kind: type[Page]) -> Page:
    """Bring a page into view by its key."""
    shelf = stage.window.shelf
    assert shelf is not None
    for number, spec in enumerate(page_specs(), 1):
        if PAGES[spec.act.name] is kind:
            shelf.show_page(number)
    page = shelf.page
    assert isinstance(page, kind)
    return page


def policies(stage: Stage) -> Shown:
    """Each pane of the page, before and with a draft."""
    page = go(stage, PoliciesPage)
    assert isinstance(page, PoliciesPage)
    stage.until(lambda: page.library_model.rowCount() == len(stage.desk.policies))
    stage.until(lambda: page.editor.outline.count() > 0 and not page.work.context.pool.busy)
    for drafted in (False, True):
        if drafted:
            page.begin.click()
            stage.until(lambda: page.work.draft is not None and not page.work.context.pool.busy)
        for pane in range(page.panes.count()):
            page.show_pane(pane)
            stage.qtbot.wait(30)
            stage.until(lambda: not page.work.context.pool.busy)
            yield f"policies, pane {pane}{', with a draft' if drafted else ''}", stage.window


def insight(stage: Stage) -> Shown:
    """Each sheet of the page."""
    page = go(stage, InsightPage)
    assert isinstance(page, InsightPage)
    stage.qtbot.waitUntil(lambda: page.sheet is not None, timeout=LONG_MS)
    for kind in SheetKind:
        page.sheet = None
        page.choose("spam", kind)
        stage.qtbot.waitUntil(lambda: page.sheet is not None, timeout=LONG_MS)
        stage.qtbot.wait(30)
        yield f"insight, {kind.value}", stage.window


def models(stage: Stage) -> Shown:
    """The page, its list read and the machine checked."""
    page = go(stage, ModelsPage)
    assert isinstance(page, ModelsPage)
    stage.qtbot.waitUntil(lambda: page.checks.rowCount() > 0 and not page._context.pool.busy, timeout=LONG_MS)
    for row in range(page.models.rowCount()):
        page.table.selectRow(row)
        yield f"models, row {row}", stage.window


def lock(stage: Stage) -> Shown:
    """The lock, and what it says of a wrong passphrase."""
    guard = stage.window.guard
    guard.lock()
    view = guard.view
    assert view is not None
    yield "lock", stage.window
    view.unlock_wanted.emit("wrong wrong wrong")
    stage.until(lambda: view.problem.isVisible())
    yield "lock, wrong passphrase", stage.window
    view.unlock_wanted.emit(PASSPHRASE)
    stage.until(lambda: not guard.is_locked)


def welcome(stage: Stage) -> Shown:
    """The first page and its forms; closes the workspace."""
    stage.window.close_workspace()
    view = stage.window.welcome
    assert view is not None
    yield "first page", stage.window
    view.ask_open()
    stage.qtbot.wait(30)
    yield "first page, open", stage.window
    view.form.submit()
    stage.qtbot.wait(30)
    yield "first page, open, refused", stage.window


PAGES: dict[str, type[Page]] = {"GO_POLICIES": PoliciesPage, "GO_INSIGHT": InsightPage, "GO_MODELS": ModelsPage}
"""The class of each page by the name of the action that goes there."""

VIEWS: dict[type[QWidget], Callable[[Stage], Shown]] = {
    DeskView: desk,
    PoliciesPage: policies,
    InsightPage: insight,
    ModelsPage: models,
    LockView: lock,
    WelcomeView: welcome,  # last: it closes the workspace
}
PARTS_OF_VIEWS = {Shelf, WorkspaceForm}
"""Views that hold others and are in view with them."""


def preferences(stage: Stage) -> list[QWidget]:
    """The preferences, once for each page."""
    made: list[QWidget] = []
    for page in range(4):
        rules = tuple(ReviewRules(policy.policy_id) for policy in stage.desk.policies)
        dialog = PreferencesDialog(
            Chosen(rules=rules, reviewer="mira"), policies=stage.desk.policies, leads=True,
            exposure=[("Seen today", "2 × severity 4")], parent=stage.window,
        )  # fmt: skip
        dialog.tabs.setCurrentIndex(page)
        made.append(dialog)
    return made


def refused_rows(stage: Stage) -> list[QWidget]:
    """The screen of refused rows, with one that tries to be markup."""
    row = QuarantinedRow(HOSTILE, 2, HOSTILE, HOSTILE.encode(), "")
    mending = Mending(stage.desk._workspace, TaskPool(stage.window), Events(), stage.window)
    dialog = QuarantineDialog(mending, stage.desk._context.theme, stage.window)
    dialog.editor.show_row(row)
    return [dialog]


def publish(stage: Stage) -> list[QWidget]:
    """What stands against publishing a draft that nobody tested."""
    workspace = stage.desk._workspace
    if not any(draft.name == "walk" for draft in services.list_drafts(workspace)):
        services.new_draft(workspace, source="spam", name="walk")
    return [PublishDialog(services.check_publication(workspace, name="walk"), stage.window)]


def first_steps(stage: Stage) -> list[QWidget]:
    """The dialog of the first steps, once at each step."""
    theme, notices = stage.window._context.theme, stage.window._context.notices
    made: list[QWidget] = []
    for at in range(7):  # the last once more with a code
        place = PlaceStep(TaskPool(stage.window), Path("/home/somebody/Docket/workspace"))
        keys = KeysStep(keychain=at == 1)
        steps = (place, keys, ModelStep(), PolicyStep(), ItemsStep(), FirstItemsStep())
        dialog = FirstSteps(theme, notices, steps, stage.window)
        if at == len(steps):
            keys.recovery.show_code("-".join(["ABCDEF"] * 6), "desk")
            keys.pages.setCurrentWidget(keys.recovery)
        dialog.show_step(at if at < len(steps) else 1)
        made.append(dialog)
    return made


def keys_of_the_workspace(stage: Stage) -> list[QWidget]:
    """The ways in for who may change them and who may not, the forms, and a rotation under way."""
    slots = services.list_keys(stage.desk._workspace.folder)
    made: list[QWidget] = []
    for refusal, show in (
        ("Needs a lead.", lambda dialog: None),
        ("", lambda dialog: dialog.ask(KeyDeed.SET)),
        ("", lambda dialog: dialog.ask(KeyDeed.ROTATE)),
        ("", lambda dialog: dialog.show_code("-".join(["ABCDEF"] * 6))),
        ("", lambda dialog: dialog.show_progress("1.0 of 4.0 MB", 250)),
    ):
        dialog = KeySlotsDialog(
            "desk", keychain=True, lock_minutes=10, judge_while_locked=True, refusal=refusal, parent=stage.window
        )
        dialog.show_slots(slots)
        dialog.table.selectRow(1)
        show(dialog)
        made.append(dialog)
    return made


def backups(stage: Stage) -> list[QWidget]:
    """The list, the form, a restore under way, and what was proven; without a workspace, too."""
    path, made = Path("/x/docket-1.zip"), list[QWidget]()
    contents = BackupContents(path, "2026-01-01T10:00:00", 5, True, 7)
    restored = RestoreSummary(Path("/x/desk-restored"), "id", "", 5, (Check("pages", True, ""),))
    for folder, show in (
        (None, lambda dialog: None),
        (stage.folder, lambda dialog: dialog.show_checked(path, False)),
        (stage.folder, lambda dialog: dialog.show_contents(contents)),
        (stage.folder, lambda dialog: dialog.show_progress("Unpacked 1.0 of 4.0 MB", 250)),
        (stage.folder, lambda dialog: dialog.show_restored(restored)),
    ):
        dialog = BackupsDialog(folder, parent=stage.window)
        dialog.show_backups([KeptBackup(path, utc_now(), 10**9, "")] if folder else [])
        show(dialog)
        made.append(dialog)
    return made


def about(stage: Stage) -> list[QWidget]:
    """Docket and a few of its libraries."""
    dialog = AboutDialog("1.0", "Apache-2.0", (), stage.window)
    dialog.show_components([Component("argon2-cffi", "25.1.0", "MIT")])
    return [dialog]


def importing(stage: Stage) -> list[QWidget]:
    """The form, empty and with a file looked at."""
    path = stage.folder.parent / "walk.jsonl"
    path.write_text('{"id": "1", "content": "x"}\nno\n', encoding="utf-8")
    return [
        ImportDialog(stage.desk.policies, stage.window),
        ImportDialog(stage.desk.policies, stage.window, look=None, path=path),
    ]


def confirming(stage: Stage) -> list[QWidget]:
    """A question before something is lost, and one before something is done; hostile words are words."""
    detail = "Docket goes on the network for this only, and sends nothing of your workspace. " * 2
    return [
        ConfirmDialog("Discard the draft", HOSTILE, do="&Discard", lost=True, parent=stage.window),
        ConfirmDialog("Download a model", "Download it, about 11.3 GiB?", detail=detail, do="&Download", lost=False,
                      parent=stage.window),
    ]  # fmt: skip


DIALOGS: dict[type[QDialog], Callable[[Stage], list[QWidget]]] = {
    KeySheet: lambda stage: [KeySheet(stage.window.key_groups(), stage.window)],
    CommandPalette: lambda stage: [CommandPalette(stage.window.key_groups(), stage.window)],
    ExportDialog: lambda stage: [ExportDialog(stage.desk.policies, Path("/"), stage.window)],
    ImportDialog: importing,
    PreferencesDialog: preferences,
    QuarantineDialog: refused_rows,
    ModelDialog: lambda stage: [ModelDialog(services.list_models(), "", stage.window)],
    ConsentDialog: lambda stage: [ConsentDialog(HOSTILE, stage.window)],
    ConfirmDialog: confirming,
    GraphicsDialog: lambda stage: [
        GraphicsDialog("No graphics card was found.", gpu_layers=None, cpu_experts=None, parent=stage.window)
    ],
    PublishDialog: publish,
    FirstSteps: first_steps,
    KeySlotsDialog: keys_of_the_workspace,
    BackupsDialog: backups,
    AboutDialog: about,
}
BASES_OF_DIALOGS = {FormDialog}
"""Dialogs that are only made as something more particular."""


def dialogs(stage: Stage) -> Iterator[QWidget]:
    """Every dialog in turn, shown over the window and gone before the next."""
    for make in DIALOGS.values():
        for dialog in make(stage):
            dialog.show()
            stage.qtbot.wait(20)
            yield dialog
            dialog.close()
            dialog.deleteLater()


def missing() -> list[str]:
    """Name every page, view and dialog of the program that no test here brings into view."""
    known = {*VIEWS, *PARTS_OF_VIEWS, *DIALOGS, *BASES_OF_DIALOGS}
    found = [f"page {spec.act.name}" for spec in page_specs() if PAGES.get(spec.act.name) not in VIEWS]
    for package, kind in ((ui.dialogs, QDialog), (ui.views, QWidget)):
        for name in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{name.name}")
            for title, member in inspect.getmembers(module, inspect.isclass):
                own = member.__module__ == module.__name__ and not title.startswith("_")
                if own and issubclass(member, kind) and member not in known:
                    found.append(f"{module.__name__}.{title}")
    return found
