"""The page of policies: the library with its health at the left; text, history, tests, disagreements at the right.

It owns what is looked at and the keys. `policy_drafting` and `policy_trying` do what the panes ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core import services
from core.domain import CaseSet, DisagreementGroup, Draft, DraftOrigin, PolicyVersion
from core.errors import AppError
from core.services import PolicyHealth
from ui.events import Change
from ui.key_words import keyed
from ui.models.library_model import LibraryModel
from ui.page import Page, PageContext
from ui.policy_drafting import PolicyDrafting
from ui.policy_trying import PolicyTrying
from ui.policy_work import PolicyWork
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.labels import plain_label
from ui.widgets.library_delegate import LibraryDelegate
from ui.widgets.policy_bench import PolicyBench
from ui.widgets.policy_editor import PolicyEditor
from ui.widgets.policy_history import PolicyHistory
from ui.widgets.policy_refine import PolicyRefine
from ui.widgets.segmented import Segmented

TEXT, HISTORY, BENCH, REFINE = range(4)
_WAIT_MS = 1500
"""After a verdict or a decision before the library is read again: there may be many in a second."""


class PoliciesPage(Page):
    """Keys: F2 library, F3 the pane, Ctrl+1 to 4 the panes; every button names its own."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.desk.theme
        self._stale = True
        self._groups_stale = True
        self._seen: tuple[object, ...] = ()
        self._reload = QTimer(self, singleShot=True)
        self.work = PolicyWork(context, self)
        self.library_model = LibraryModel(self)
        self.library = QListView()
        self.title = ElidedLabel(self.tr("Policy"))
        self.state = ElidedLabel(self.tr("What is open"))
        self.state.setProperty("role", "caption")
        self.begin = QPushButton(keyed(self.tr("Begin a draft"), "Ctrl+D"))
        self.accept = QPushButton(keyed(self.tr("Accept the draft"), "Ctrl+Shift+Y"))
        self.save = QPushButton(keyed(self.tr("Save"), "Ctrl+S"))
        self.discard = QPushButton(keyed(self.tr("Discard…"), "Ctrl+Shift+D"))
        self.publish = QPushButton(keyed(self.tr("Publish…"), "Ctrl+Return"))
        self.panes = QStackedWidget()
        self.tabs = Segmented(theme, self.tr("What of the policy"), self._tab_words(), counted=False)
        self.editor = PolicyEditor(theme)
        self.history = PolicyHistory(theme)
        self.bench = PolicyBench(theme)
        self.refine = PolicyRefine()
        self.drafting = PolicyDrafting(self.work, self.editor, lambda: self.show_pane(TEXT), self)
        self.trying = PolicyTrying(self.work, self.bench, self.drafting.save, self)
        self.library.setModel(self.library_model)
        self.library.setItemDelegate(LibraryDelegate(theme, self))
        self._build()
        self._connect()
        self._set_keys()
        self.setFocusProxy(self.library)

    def _tab_words(self) -> list[str]:
        return [
            keyed(self.tr("Text"), "Ctrl+1"),
            keyed(self.tr("History"), "Ctrl+2"),
            keyed(self.tr("Test"), "Ctrl+3"),
            keyed(self.tr("Disagreements"), "Ctrl+4"),
        ]

    # Layout

    def _build(self) -> None:
        self.library.setUniformItemSizes(True)
        self.library.setAccessibleName(self.tr("Policies"))
        title = plain_label(keyed(self.tr("Policies"), "F2"), role="section")
        title.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        left = _pane(title, self.library)
        left.setMinimumWidth(200)
        for pane in (self.editor, self.history, self.bench, self.refine):
            self.panes.addWidget(pane)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(_pane(self._head(), self.tabs, self.panes))
        split.setSizes([250, 950])
        split.setStretchFactor(1, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _head(self) -> QFrame:
        self.title.setProperty("role", "heading")
        self.publish.setProperty("role", "primary")
        self.discard.setProperty("role", "quiet")
        head = QFrame()
        head.setProperty("role", "head")
        row = QHBoxLayout(head)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_2)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.state)
        row.addLayout(words, 1)
        for button in (self.begin, self.discard, self.accept, self.save, self.publish):
            row.addWidget(button)
        return head

    def _connect(self) -> None:
        self.library.selectionModel().currentChanged.connect(self._on_library_current_changed)
        self.tabs.chosen.connect(self.show_pane)
        self.editor.text.modificationChanged.connect(self._show_state)
        self.history.wanted.connect(self._compare)
        self.bench.open_wanted.connect(self._open_items)
        self.refine.open_wanted.connect(self._open_items)
        self.refine.edit_wanted.connect(self.edit_clause)
        self.refine.suggest_wanted.connect(self.trying.suggest)
        self.refine.example_wanted.connect(self.make_example)
        self.refine.golden_wanted.connect(self.make_golden)
        self.trying.suggested.connect(self._on_trying_suggested)
        self.trying.refused.connect(self._read_groups)
        self.work.context.events.changed.connect(self._on_events_changed)
        self._reload.timeout.connect(self.reload)

    def _set_keys(self) -> None:
        drafting = self.drafting
        buttons = (self.begin, self.save, self.discard, self.accept, self.publish)
        verbs = (drafting.begin, drafting.save, drafting.discard, drafting.accept, drafting.publish)
        for button, verb in zip(buttons, verbs, strict=True):
            button.clicked.connect(lambda _=False, do=verb: do())
        keys: dict[str, Callable[[], object]] = {
            "F2": lambda: self.library.setFocus(Qt.FocusReason.ShortcutFocusReason),
            "F3": self._focus_pane,
            "F8": self.editor.next_finding,
            "Ctrl+D": drafting.begin,
            "Ctrl+S": drafting.save,
            "Ctrl+Shift+D": drafting.discard,
            "Ctrl+Shift+Y": drafting.accept,
            "Ctrl+Return": drafting.publish,
            "Ctrl+R": self.bench.ask_run,
            "Ctrl+G": self.trying.freeze,
            "Ctrl+T": self.refine.ask_edit,
            "Ctrl+L": self.refine.ask_suggest,
            "Ctrl+Shift+M": self.refine.ask_example,
            "Ctrl+B": self.refine.ask_golden,
        }
        for index in range(self.panes.count()):
            keys[f"Ctrl+{index + 1}"] = partial(self.show_pane, index)
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda do=act: do())

    # The library

    def showEvent(self, event: QShowEvent) -> None:
        """Read what has changed while another page was in view."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    def leave(self) -> None:
        """Keep a draft that was changed and not saved, and stop a test."""
        self.trying.stop()
        self.drafting.keep()

    @Slot(object)
    def _on_events_changed(self, change: Change) -> None:
        self._stale = self._groups_stale = True
        if not self.isVisible():
            return
        if change.everything:
            self.reload()
        elif not self._reload.isActive():
            self._reload.start(_WAIT_MS)

    @Slot()
    def reload(self) -> None:
        """Read all policies and their health again; the one in view stays in view."""
        self._stale = False
        self._reload.stop()
        workspace = self.work.workspace
        self.work.context.pool.quick(
            lambda _context: (services.policy_library(workspace), services.list_case_sets(workspace)),
            succeeded=self._on_library_read,
            failed=self.work.context.desk.notices.show_error,
        )

    def _on_library_read(self, read: tuple[list[PolicyHealth], list[CaseSet]]) -> None:
        rows, case_sets = read
        chosen = self.library.selectionModel()
        chosen.blockSignals(True)  # the same policy stays in view
        self.library_model.show(rows)
        row = max(0, self.library_model.row_of(self.work.policy_id))
        self.library.setCurrentIndex(self.library_model.index(row))
        chosen.blockSignals(False)
        health = self.library_model.health(row)
        if health is not None:
            self._show_policy(health)
            self.bench.show_case_sets(case_sets, health.policy_id)

    @Slot(QModelIndex, QModelIndex)
    def _on_library_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        health = self.library_model.health(current.row())
        if health is None or health.policy_id == self.work.policy_id:
            return
        self.drafting.save()
        self._show_policy(health)
        workspace, policy_id = self.work.workspace, health.policy_id
        self.work.read(
            lambda: services.list_case_sets(workspace), lambda found: self.bench.show_case_sets(found, policy_id)
        )

    # One policy

    def _show_policy(self, health: PolicyHealth) -> None:
        """Show a policy; of the one in view only what has changed is read again."""
        work = self.work
        changed = health.policy_id != work.policy_id
        work.policy_id, work.version = health.policy_id, health.policy
        same = next((draft for draft in health.drafts if draft.name == work.draft_name), None)
        work.draft = same or (health.drafts[0] if health.drafts else None)
        text = work.draft.document if work.draft else health.policy.document if health.policy else ""
        if changed or (text != work.kept and not self.drafting.modified):
            work.kept = text
            self.editor.show_text(text, editable=work.draft is not None)
            self.drafting.look()
        self.editor.text.setReadOnly(work.draft is None)
        self.title.set_full_text(one_line(health.title))
        self._show_state()
        seen = (health.policy_id, health.policy, health.drafts, health.run.key if health.run else 0)
        if seen != self._seen:
            self._seen = seen
            self._read_history()
            self.trying.read_run()
        self._groups_stale = self._groups_stale or changed
        if self.panes.currentIndex() == REFINE:
            self._read_groups()

    @Slot()
    def _show_state(self) -> None:
        draft, version, modified = self.work.draft, self.work.version, self.drafting.modified
        number = self.tr("version {number}").format(number=version.version) if version else self.tr("no version yet")
        words = self.tr("{version}, published; begin a draft to change it").format(version=number)
        if draft is not None:
            by = self.tr("written by the model") if draft.origin is DraftOrigin.MODEL else draft.author
            words = self.tr("draft {name}, {by}, beside {version}").format(
                name=one_line(draft.name, 40), by=one_line(by, 40), version=number
            )
        self.state.set_full_text(words + (self.tr(" · not saved") if modified else ""))
        self.begin.setVisible(draft is None)
        self.accept.setVisible(draft is not None and draft.origin is DraftOrigin.MODEL)
        for button in (self.save, self.discard, self.publish):
            button.setVisible(draft is not None)
        self.save.setEnabled(modified)

    @Slot(int)
    def show_pane(self, index: int) -> None:
        """Look at text, history, test bench or disagreements."""
        self.tabs.set_index(index)
        self.panes.setCurrentIndex(index)
        if index == REFINE and self._groups_stale:
            self._read_groups()
        self._focus_pane()

    def _focus_pane(self) -> None:
        targets = (self.editor.text, self.history.versions, self.bench.table, self.refine.groups)
        targets[self.panes.currentIndex()].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _read_history(self) -> None:
        workspace, policy_id, has_version = self.work.workspace, self.work.policy_id, self.work.version is not None

        def read() -> tuple[Sequence[PolicyVersion], Sequence[Draft]]:
            versions = services.policy_history(workspace, policy_id=policy_id) if has_version else []
            return versions, [draft for draft in services.list_drafts(workspace) if draft.policy_id == policy_id]

        self.work.read(read, lambda found: self.history.show_history(*found))

    @Slot(object, str)
    def _compare(self, before: str | None, after: str) -> None:
        if before is None:
            self.history.show_diff(None)
            return
        workspace = self.work.workspace

        def failed(error: AppError) -> None:
            self.history.show_diff(None)
            self.history.words.setText(f"{error.message} {error.hint}")

        self.work.context.pool.quick(
            lambda _context: services.diff(workspace, before=before, after=after),
            succeeded=self.history.show_diff,
            failed=failed,
        )

    # Disagreements

    @Slot()
    def _read_groups(self) -> None:
        workspace, policy_id = self.work.workspace, self.work.policy_id
        if self.trying.running:
            return
        self._groups_stale = False
        if self.work.version is None:
            self.refine.show_groups(())
            return

        def read() -> list[DisagreementGroup]:
            return services.disagreement_groups(workspace, policy_id=policy_id)

        self.refine.words.setText(self.tr("Reading the disagreements…"))
        self.work.read(read, self.refine.show_groups, slow=True)

    @Slot(str, str)
    def edit_clause(self, clause: str, text: str) -> None:
        """Say a clause anew in the draft, begun if there is none."""
        self.drafting.save()
        work, policy_id, name = self.work, self.work.policy_id, self.work.draft_name
        work.write(
            lambda: services.edit_clause(work.workspace, policy_id=policy_id, clause=clause, text=text, name=name),
            self.tr("{clause} is said anew in the draft.").format(clause=one_line(clause, 40)),
        )

    @Slot(str)
    def make_example(self, item_id: str) -> None:
        """Add an item to the examples of the draft, begun if there is none."""
        self.drafting.save()
        work, policy_id, name = self.work, self.work.policy_id, self.work.draft_name
        work.write(
            lambda: services.promote_to_example(work.workspace, item_id=item_id, policy_id=policy_id, name=name),
            self.tr("The item is an example in the draft."),
        )

    @Slot(str)
    def make_golden(self, item_id: str) -> None:
        """Add an item to the golden set of the policy."""
        work, policy_id = self.work, self.work.policy_id
        work.write(
            lambda: services.promote_to_cases(work.workspace, item_id=item_id, policy_id=policy_id),
            self.tr("The item is in the golden set."),
        )

    @Slot(object)
    def _on_trying_suggested(self, draft: Draft) -> None:
        self.work.draft = draft
        self.show_pane(HISTORY)
        self.work.context.events.everything_changed()

    # The way to the desk

    @Slot(list)
    def _open_items(self, item_ids: list[str]) -> None:
        policy_id, workspace = self.work.policy_id, self.work.workspace
        title = self.tr("Cases of {policy}").format(policy=one_line(self.title.full_text, 60))

        def read() -> list[int]:
            return [services.find_entry(workspace, item_id=item_id, policy_id=policy_id) for item_id in item_ids]

        self.work.read(read, lambda keys: self.work.context.open_entries(keys, title))


def _pane(*parts: QWidget) -> QWidget:
    """Return a column of parts on a surface; the last one takes the room that is left."""
    pane = QWidget()
    pane.setProperty("role", "pane")
    pane.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, int(part is parts[-1]))
    return pane
