"""What a person makes of the window: preferences, keys of their own, looks, the palette of commands, help.

It owns these dialogs and applies what is chosen, to the window and to the desk that is open. It must not review.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QMainWindow

from core import services
from core.domain import ReviewRules
from core.errors import AppError
from core.services import Workspace
from ui.actions import Act, Actions
from ui.desk_context import DeskContext
from ui.dialogs.keys import KeySheet
from ui.dialogs.palette import CommandPalette
from ui.dialogs.preferences import Chosen, PreferencesDialog
from ui.keymap import keys_with
from ui.tasks import TaskContext, TaskPool
from ui.theme import Appearance
from ui.views.desk import DeskView

_LOOKS = {
    Act.LOOK_SYSTEM: Appearance.SYSTEM,
    Act.LOOK_LIGHT: Appearance.LIGHT,
    Act.LOOK_DARK: Appearance.DARK,
    Act.LOOK_CONTRAST: Appearance.CONTRAST,
}

Groups = Callable[[], list[tuple[str, list[QAction]]]]


class Personal(QObject):
    """Made once for a window; `attach` and `detach` tell it which desk is open."""

    def __init__(self, context: DeskContext, actions: Actions, groups: Groups, window: QMainWindow) -> None:
        """`groups` tells the actions that mean something now, by menu."""
        super().__init__(window)
        self._groups = groups
        self._context = context
        self._actions = actions
        self._window = window
        self._desk: DeskView | None = None
        self._workspace: Workspace | None = None
        self._pool: TaskPool | None = None
        verbs: dict[Act, Callable[[], object]] = {
            Act.PREFERENCES: self.ask_preferences,
            Act.PALETTE: self.open_palette,
            Act.KEYS: self.show_keys,
        }
        for act, verb in verbs.items():
            actions[act].triggered.connect(lambda _=False, do=verb: do())
        for act, look in _LOOKS.items():
            actions[act].triggered.connect(lambda _=False, wanted=look: self.choose_look(wanted))
        actions.set_keys(keys_with(context.preferences.keys))
        context.theme.set_greyscale(on=context.preferences.care.greyscale)
        self._mark_look()

    def attach(self, desk: DeskView, workspace: Workspace, pool: TaskPool) -> None:
        """A desk was opened: let it follow what the person chose."""
        self._desk, self._workspace, self._pool = desk, workspace, pool
        if not self._context.preferences.chose_appearance:
            self._context.theme.set_appearance(Appearance(workspace.settings.theme))
            self._mark_look()
        desk.use_care(self._context.preferences.care, workspace.settings.masked_words)
        desk.decisions.set_keys(self._actions.first_keys())

    def detach(self) -> None:
        """The desk is about to go."""
        self._desk = self._workspace = self._pool = None

    @Slot()
    def show_keys(self) -> None:
        """Show the sheet of keys."""
        self._run(KeySheet(self._groups(), self._window))

    @Slot()
    def open_palette(self) -> None:
        """Ask for a command and do it once the dialog is gone."""
        palette = CommandPalette(self._groups(), self._window)
        self._run(palette)
        if palette.chosen is not None:
            palette.chosen.trigger()

    def choose_look(self, look: Appearance) -> None:
        """Show the window in other colours, now and next time."""
        self._context.preferences.appearance = look
        self._context.theme.set_appearance(look)
        self._mark_look()

    @Slot()
    def ask_preferences(self) -> None:
        """Read what the dialog shows of the workspace, then open it."""
        if self._workspace is None or self._pool is None:
            self._open(rules=(), leads=False)
            return
        workspace = self._workspace

        def read(context: TaskContext) -> tuple[tuple[ReviewRules, ...], bool]:
            del context
            policies = services.list_policies(workspace)
            rules = tuple(services.review_rules(workspace, policy_id=policy.policy_id) for policy in policies)
            return rules, services.refusal(workspace, services.Deed.OVERSEE) is None

        self._pool.quick(
            read,
            succeeded=lambda found: self._open(rules=found[0], leads=found[1]),
            failed=self._context.notices.show_error,
        )

    def _open(self, *, rules: tuple[ReviewRules, ...], leads: bool) -> None:
        preferences, workspace = self._context.preferences, self._workspace
        now = Chosen(
            care=preferences.care,
            masked_words=workspace.settings.masked_words if workspace is not None else (),
            appearance=preferences.appearance,
            scale=preferences.scale,
            language=preferences.language,
            keys=preferences.keys,
            reviewer=workspace.reviewer if workspace is not None else "",
            rules=rules,
        )
        policies = self._desk.policies if self._desk is not None else ()
        dialog = PreferencesDialog(
            now, policies=policies, leads=leads, exposure=self._exposure(), parent=self._window
        )  # fmt: skip
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.apply(now, dialog.chosen())
        dialog.deleteLater()

    def apply(self, before: Chosen, chosen: Chosen) -> None:
        """Keep what was chosen and follow it at once, as far as that goes without a new start."""
        preferences = self._context.preferences
        preferences.care = chosen.care
        preferences.keys = chosen.keys
        preferences.scale, preferences.language = chosen.scale, chosen.language
        self._actions.set_keys(keys_with(chosen.keys))
        self._context.theme.set_greyscale(on=chosen.care.greyscale)
        self.choose_look(chosen.appearance)
        if self._desk is not None:
            self._desk.decisions.set_keys(self._actions.first_keys())
            self._desk.use_care(chosen.care, chosen.masked_words)
            self._store(before, chosen)
        if (chosen.scale, chosen.language) != (before.scale, before.language):
            self._context.notices.show_info(self.tr("Size and language change when Docket is started again."))

    def _store(self, before: Chosen, chosen: Chosen) -> None:
        """Write what belongs to the workspace: rules, the team's words, the reviewer's name."""
        workspace, pool = self._workspace, self._pool
        if workspace is None or pool is None:
            return
        changed = [rules for rules in chosen.rules if rules not in before.rules]
        own = workspace.settings.reviewer
        name = chosen.reviewer if chosen.reviewer and chosen.reviewer != before.reviewer else own

        def write(context: TaskContext) -> None:
            del context
            for rules in changed:
                services.set_review_rules(
                    workspace,
                    policy_id=rules.policy_id,
                    blind_percent=rules.blind_percent,
                    second_percent=rules.second_percent,
                    cause_when=rules.cause_when,
                    note_when=rules.note_when,
                )
            services.save_settings(
                workspace, settings=replace(workspace.settings, masked_words=chosen.masked_words, reviewer=name)
            )

        def failed(error: AppError) -> None:
            self._context.notices.show_error(error)

        desk = self._desk
        pool.quick(write, succeeded=lambda _: desk.events.everything_changed() if desk else None, failed=failed)

    def _exposure(self) -> list[tuple[str, str]]:
        if self._desk is None:
            return []
        log = self._desk.caring.log
        periods = ((self.tr("Seen today"), 1), (self.tr("In seven days"), 7), (self.tr("In thirty days"), 30))
        return [(period, self._counts(log.total(days=days))) for period, days in periods]

    def _counts(self, total: Mapping[str, int]) -> str:
        if not total:
            return self.tr("nothing")
        words = {"?": self.tr("severity unknown")}
        parts = [
            self.tr("{count} × {severity}").format(
                count=f"{count:,}",
                severity=words.get(name) or self.tr("severity {severity}").format(severity=name),
            )
            for name, count in sorted(total.items(), reverse=True)
        ]
        return " · ".join(parts)

    def _mark_look(self) -> None:
        for act, look in _LOOKS.items():
            self._actions[act].setChecked(look is self._context.theme.appearance)

    def _run(self, dialog: QDialog) -> None:
        dialog.exec()
        dialog.deleteLater()
