"""Everything a person can do, as actions with a menu and a key each.

It owns the one table of actions, their keys and the menus built from it, so that no key can be given twice unseen.
It must not do anything itself: views connect to `triggered`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow

from ui.key_words import tell_keys
from ui.visible import plain_tip
from ui.widgets.decision_bar import DIGITS


class Act(Enum):
    """The names of the actions."""

    NEW = auto()
    OPEN = auto()
    SAMPLE = auto()
    IMPORT = auto()
    REFUSED = auto()
    POLICY = auto()
    EXPORT = auto()
    BACKUP = auto()
    BACKUPS = auto()
    KEY_SLOTS = auto()
    LOCK = auto()
    CLOSE = auto()
    PREFERENCES = auto()
    QUIT = auto()
    AGREE = auto()
    MORE_LABELS = auto()
    NOTE = auto()
    SKIP = auto()
    ESCALATE = auto()
    SKIP_BECAUSE = auto()
    ESCALATE_BECAUSE = auto()
    UNDO = auto()
    NEXT = auto()
    PREVIOUS = auto()
    SELECT_NEXT = auto()
    SELECT_PREVIOUS = auto()
    SEARCH = auto()
    VIEW_REVIEW = auto()
    VIEW_DECIDED = auto()
    VIEW_DISAGREE = auto()
    VIEW_ASIDE = auto()
    VIEW_ALL = auto()
    SECOND = auto()
    ADJUDICATE = auto()
    FILTER_POLICY = auto()
    SORT = auto()
    NARROW = auto()
    CLEAR_NARROWING = auto()
    SAVED_VIEWS = auto()
    SAVE_VIEW = auto()
    FOLD_QUEUE = auto()
    OPEN_GROUP = auto()
    REFRESH = auto()
    JUDGE = auto()
    SCORE = auto()
    COMPARE = auto()
    MODEL = auto()
    WHOLE_QUEUE = auto()
    GO_REVIEW = auto()
    GO_POLICIES = auto()
    GO_INSIGHT = auto()
    GO_MODELS = auto()
    FOCUS_QUEUE = auto()
    FOCUS_CONTENT = auto()
    FOCUS_VERDICT = auto()
    FOCUS_POLICY = auto()
    LABEL_BEFORE = auto()
    LABEL_AFTER = auto()
    WHOLE_POLICY = auto()
    METADATA = auto()
    SPELL_OUT = auto()
    FOLD_TURNS = auto()
    NEXT_QUOTE = auto()
    LARGER = auto()
    SMALLER = auto()
    USUAL_SIZE = auto()
    LOOK_SYSTEM = auto()
    LOOK_LIGHT = auto()
    LOOK_DARK = auto()
    LOOK_CONTRAST = auto()
    REVEAL = auto()
    LIFT = auto()
    HIDE = auto()
    BREAK = auto()
    FIRST_STEPS = auto()
    PALETTE = auto()
    KEYS = auto()
    ABOUT = auto()


class Menu(Enum):
    """The menus, in order."""

    FILE = auto()
    REVIEW = auto()
    QUEUE = auto()
    MODEL = auto()
    GO = auto()
    VIEW = auto()
    HELP = auto()


@dataclass(frozen=True, slots=True)
class Spec:
    """One action: where it is, what it is called and its keys.

    `desk` actions need an open workspace; those that are `bound` to the desk mean something only while it is in view.
    """

    act: Act
    menu: Menu
    text: str
    keys: tuple[str, ...]
    desk: bool = True
    before: bool = False
    checkable: bool = False

    @property
    def bound(self) -> bool:
        """Whether its key belongs to the desk: on another page it would act on an item nobody sees."""
        return self.desk and self.menu in (Menu.REVIEW, Menu.QUEUE, Menu.VIEW)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


def menu_titles() -> dict[Menu, str]:
    """Return the titles of the menus."""
    return {
        Menu.FILE: _tr("&File"),
        Menu.REVIEW: _tr("&Review"),
        Menu.QUEUE: _tr("&Queue"),
        Menu.MODEL: _tr("&Model"),
        Menu.GO: _tr("&Go"),
        Menu.VIEW: _tr("&View"),
        Menu.HELP: _tr("&Help"),
    }


def specs() -> tuple[Spec, ...]:
    """Return the table of actions. `before` puts a separator above."""
    return (
        *_file_specs(),
        *_review_specs(),
        *_queue_specs(),
        *_go_specs(),
        *_view_specs(),
        *_care_specs(),
        *_help_specs(),
    )


def _file_specs() -> tuple[Spec, ...]:
    f = Menu.FILE
    return (
        Spec(Act.NEW, f, _tr("&New workspace…"), ("Ctrl+Shift+N",), desk=False),
        Spec(Act.OPEN, f, _tr("&Open workspace…"), ("Ctrl+O",), desk=False),
        Spec(Act.SAMPLE, f, _tr("Try the &sample queue"), ("Ctrl+Shift+T",), desk=False),
        Spec(Act.IMPORT, f, _tr("&Import…"), ("Ctrl+I",), before=True),
        Spec(Act.REFUSED, f, _tr("Re&fused rows…"), ("Ctrl+Shift+I",)),
        Spec(Act.POLICY, f, _tr("Add a &policy…"), ("Ctrl+Shift+P",)),
        Spec(Act.EXPORT, f, _tr("&Export…"), ("Ctrl+E",)),
        Spec(Act.BACKUP, f, _tr("&Back up now"), ("Ctrl+Shift+B",), before=True),
        Spec(Act.BACKUPS, f, _tr("Back&ups…"), ("Ctrl+Alt+B",), desk=False),
        Spec(Act.KEY_SLOTS, f, _tr("&Keys…"), ("Ctrl+Alt+K",), before=True),
        Spec(Act.LOCK, f, _tr("&Lock"), ("Ctrl+Shift+K",)),
        Spec(Act.CLOSE, f, _tr("&Close workspace"), ("Ctrl+W",), before=True),
        Spec(Act.PREFERENCES, f, _tr("P&references…"), ("Ctrl+,",), desk=False),
        Spec(Act.QUIT, f, _tr("&Quit"), ("Ctrl+Q",), desk=False),
    )


def _review_specs() -> tuple[Spec, ...]:
    r = Menu.REVIEW
    return (
        Spec(Act.AGREE, r, _tr("&Agree with the model"), ("A", "Return", "Enter")),
        Spec(Act.MORE_LABELS, r, _tr("&More labels"), ("0",)),
        Spec(Act.NOTE, r, _tr("&Note…"), ("N",), before=True),
        Spec(Act.SKIP, r, _tr("&Skip"), ("S",)),
        Spec(Act.ESCALATE, r, _tr("&Escalate"), ("E",)),
        Spec(Act.SKIP_BECAUSE, r, _tr("Skip with a &reason…"), ("Shift+S",)),
        Spec(Act.ESCALATE_BECAUSE, r, _tr("Escalate with a reas&on…"), ("Shift+E",)),
        Spec(Act.UNDO, r, _tr("&Undo the last decision"), ("Ctrl+Z",)),
        Spec(Act.NEXT, r, _tr("Ne&xt item"), ("J",), before=True),
        Spec(Act.PREVIOUS, r, _tr("&Previous item"), ("K",)),
        Spec(Act.SELECT_NEXT, r, _tr("Select the next item, &too"), ("Shift+J",)),
        Spec(Act.SELECT_PREVIOUS, r, _tr("Select the item &before, too"), ("Shift+K",)),
    )


def _queue_specs() -> tuple[Spec, ...]:
    q = Menu.QUEUE
    return (
        Spec(Act.SEARCH, q, _tr("&Search"), ("Ctrl+F", "/")),
        Spec(Act.VIEW_REVIEW, q, _tr("To &review"), ("Ctrl+1",), before=True),
        Spec(Act.VIEW_DECIDED, q, _tr("&Decided"), ("Ctrl+2",)),
        Spec(Act.VIEW_DISAGREE, q, _tr("Disa&greements"), ("Ctrl+3",)),
        Spec(Act.VIEW_ASIDE, q, _tr("Set as&ide (skipped and escalated)"), ("Ctrl+4",)),
        Spec(Act.VIEW_ALL, q, _tr("&All"), ("Ctrl+5",)),
        Spec(Act.SECOND, q, _tr("Se&cond review"), ("Ctrl+6",), before=True),
        Spec(Act.ADJUDICATE, q, _tr("Differences to settl&e"), ("Ctrl+7",)),
        Spec(Act.FILTER_POLICY, q, _tr("Filter by &policy"), ("Ctrl+P",), before=True),
        Spec(Act.SORT, q, _tr("&Order"), ("Ctrl+R",)),
        Spec(Act.NARROW, q, _tr("Narro&w by label, language, source…"), ("Ctrl+L",)),
        Spec(Act.CLEAR_NARROWING, q, _tr("S&how what was narrowed away"), ("Ctrl+Shift+L",)),
        Spec(Act.SAVED_VIEWS, q, _tr("Sa&ved views"), ("Ctrl+Shift+V",)),
        Spec(Act.SAVE_VIEW, q, _tr("Save &this view…"), ("Ctrl+Shift+S",)),
        Spec(Act.FOLD_QUEUE, q, _tr("&Fold what is alike"), ("Ctrl+G",), before=True),
        Spec(Act.OPEN_GROUP, q, _tr("&Unfold this row and select its group"), ("G",)),
        Spec(Act.REFRESH, q, _tr("Sort agai&n"), ("F5",)),
        Spec(Act.WHOLE_QUEUE, q, _tr("&Back to the whole queue"), ("Ctrl+Backspace",)),
        Spec(Act.JUDGE, Menu.MODEL, _tr("&Judge the queue"), ("Ctrl+J",)),
        Spec(Act.SCORE, Menu.MODEL, _tr("&Score the queue first, without reasoning"), ("Ctrl+Shift+J",)),
        Spec(Act.MODEL, Menu.MODEL, _tr("&Choose the model…"), ("Ctrl+M",), before=True),
    )


def _go_specs() -> tuple[Spec, ...]:
    return (
        Spec(Act.GO_REVIEW, Menu.GO, _tr("&Review"), ("Alt+1",)),
        Spec(Act.GO_POLICIES, Menu.GO, _tr("&Policies"), ("Alt+2",)),
        Spec(Act.GO_INSIGHT, Menu.GO, _tr("&Insight"), ("Alt+3",)),
        Spec(Act.GO_MODELS, Menu.GO, _tr("&Models"), ("Alt+4",)),
    )


def _care_specs() -> tuple[Spec, ...]:
    v = Menu.VIEW
    return (
        Spec(Act.HIDE, v, _tr("Hid&e this now"), ("H", "F8"), before=True),
        Spec(Act.REVEAL, v, _tr("Look behind the veil while held"), ("V",)),
        Spec(Act.LIFT, v, _tr("Li&ft the veil of this item"), ("Shift+V",)),
        Spec(Act.BREAK, v, _tr("Take a b&reak"), ("Ctrl+B",)),
    )


def _view_specs() -> tuple[Spec, ...]:
    v = Menu.VIEW
    return (
        Spec(Act.FOCUS_QUEUE, v, _tr("Go to the &queue"), ("F2",)),
        Spec(Act.FOCUS_CONTENT, v, _tr("Go to the &content"), ("F3",)),
        Spec(Act.FOCUS_VERDICT, v, _tr("Go to the &verdict"), ("F4",)),
        Spec(Act.FOCUS_POLICY, v, _tr("Go to the &policy"), ("F6",)),
        Spec(Act.LABEL_BEFORE, v, _tr("Clauses of the label &before"), ("[",), before=True),
        Spec(Act.LABEL_AFTER, v, _tr("Clauses of the label &after"), ("]",)),
        Spec(Act.WHOLE_POLICY, v, _tr("&Whole policy"), ("P",)),
        Spec(Act.METADATA, v, _tr("&Metadata"), ("M",)),
        Spec(Act.COMPARE, v, _tr("Verdict without the co&ntext"), ("C",)),
        Spec(Act.SPELL_OUT, v, _tr("Spell out &hidden and look-alike letters"), ("U",)),
        Spec(Act.FOLD_TURNS, v, _tr("Earlier &turns of the conversation"), ("T",)),
        Spec(Act.NEXT_QUOTE, v, _tr("Next qu&ote of the model"), ("X",)),
        Spec(Act.LARGER, v, _tr("&Larger text"), ("Ctrl++", "Ctrl+="), before=True),
        Spec(Act.SMALLER, v, _tr("&Smaller text"), ("Ctrl+-",)),
        Spec(Act.USUAL_SIZE, v, _tr("Usual te&xt size"), ("Ctrl+0",)),
        Spec(
            Act.LOOK_SYSTEM, v, _tr("Look like the s&ystem"), ("Ctrl+Alt+0",), desk=False, before=True, checkable=True
        ),
        Spec(Act.LOOK_LIGHT, v, _tr("L&ight"), ("Ctrl+Alt+1",), desk=False, checkable=True),
        Spec(Act.LOOK_DARK, v, _tr("&Dark"), ("Ctrl+Alt+2",), desk=False, checkable=True),
        Spec(Act.LOOK_CONTRAST, v, _tr("Hi&gh contrast"), ("Ctrl+Alt+3",), desk=False, checkable=True),
    )


def _help_specs() -> tuple[Spec, ...]:
    h = Menu.HELP
    return (
        Spec(Act.FIRST_STEPS, h, _tr("&First steps…"), ("Ctrl+Shift+F",), desk=False),
        Spec(Act.PALETTE, h, _tr("&Commands…"), ("Ctrl+K",), desk=False),
        Spec(Act.KEYS, h, _tr("&Keys"), ("?", "F1"), desk=False),
        Spec(Act.ABOUT, h, _tr("&About Docket"), ("Ctrl+Shift+A",), desk=False),
    )


class Actions(QObject):
    """The actions of one window. `labels` are the nine digit keys, named after the labels of the policy in view."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._by_act: dict[Act, QAction] = {}
        self._desk: list[QAction] = []
        self._bound: list[QAction] = []
        self._is_open = False
        self._desk_in_view = True
        self.labels: list[QAction] = []
        menus = {menu: window.menuBar().addMenu(title) for menu, title in menu_titles().items()}
        for spec in specs():
            if spec.before:
                menus[spec.menu].addSeparator()
            action = self._make(spec)
            menus[spec.menu].addAction(action)
            if spec.act is Act.AGREE:
                self._make_labels(window)
                for label in self.labels:
                    menus[spec.menu].addAction(label)
        looks = QActionGroup(self)
        for act in (Act.LOOK_SYSTEM, Act.LOOK_LIGHT, Act.LOOK_DARK, Act.LOOK_CONTRAST):
            looks.addAction(self[act])
        self.set_desk_open(is_open=False)
        tell_keys(self.first_keys())

    def __getitem__(self, act: Act) -> QAction:
        return self._by_act[act]

    @property
    def all(self) -> list[QAction]:
        """Every action, digit keys included."""
        return [*self._by_act.values(), *self.labels]

    def groups(self) -> list[tuple[str, list[QAction]]]:
        """Return the actions that mean something now, by menu."""
        titles = menu_titles()
        groups = []
        for menu in Menu:
            actions = [self[spec.act] for spec in specs() if spec.menu is menu]
            if menu is Menu.REVIEW:
                actions[1:1] = self.labels
            groups.append((titles[menu].replace("&", ""), [action for action in actions if action.isVisible()]))
        return groups

    def set_keys(self, keys: Mapping[Act, Sequence[str]]) -> None:
        """Give every action its keys."""
        for act, own in keys.items():
            if act in self._by_act:
                self[act].setShortcuts([QKeySequence(key) for key in own])
        tell_keys(self.first_keys())

    def first_keys(self) -> dict[str, str]:
        """Return how the first key of each action is written here, by the action's name in small letters."""
        return {
            act.name.lower(): action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            for act, action in self._by_act.items()
        }

    def set_desk_open(self, *, is_open: bool) -> None:
        """Turn the actions that need a workspace on or off."""
        self._is_open = is_open
        self._desk_in_view = True
        for action in self._desk:
            action.setEnabled(is_open)
        if not is_open:
            self.name_digits(())

    def set_desk_in_view(self, *, in_view: bool) -> None:
        """Turn the actions that belong to the desk on or off: no key may decide an item that is out of sight."""
        self._desk_in_view = in_view
        for action in self._bound:
            action.setEnabled(self._is_open and in_view)
        for action in self.labels:
            action.setEnabled(self._is_open and in_view and action.isVisible())

    def name_digits(self, words: Sequence[str]) -> None:
        """Name the digit keys after what they would choose now; those that choose nothing are hidden."""
        for number, action in enumerate(self.labels):
            on = number < min(len(words), DIGITS)
            action.setVisible(on)
            action.setEnabled(on and self._desk_in_view)
            if on:
                action.setText(words[number].replace("&", "&&"))
                action.setToolTip(plain_tip(words[number]))
        self[Act.MORE_LABELS].setVisible(len(words) > DIGITS)

    def _make(self, spec: Spec) -> QAction:
        action = QAction(spec.text, self)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.checkable)
        action.setMenuRole(QAction.MenuRole.NoRole)
        self._by_act[spec.act] = action
        if spec.desk:
            self._desk.append(action)
        if spec.bound:
            self._bound.append(action)
        return action

    def _make_labels(self, window: QMainWindow) -> None:
        for number in range(1, DIGITS + 1):
            action = QAction(_tr("Label {number}").format(number=number), self)
            action.setShortcut(QKeySequence(str(number)))
            action.setData(number - 1)
            self.labels.append(action)
            self._desk.append(action)
            window.addAction(action)
