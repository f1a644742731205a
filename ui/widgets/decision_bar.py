"""The bar of decisions: agree, one button for each label, and the quieter verbs below. Each shows its key.

It owns which buttons there are and which are on. Nothing an item, a label or a policy says changes its height or the
places in it; words without room are shortened. It emits what was pressed; the keys themselves belong to the actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from core.domain import Label, PolicyVersion, Review, VerdictStatus
from ui.theme import Theme
from ui.tokens import SPACE_2, SPACE_3
from ui.visible import one_line, plain_tip
from ui.widgets.key_button import CARD_HEIGHT, KeyButton
from ui.words import label_line, tone_of

# Labels with a digit of their own; further ones are in the menu behind 0.
DIGITS = 9
# Label buttons beside Agree; further ones stand below, so that all of them fit a small screen.
IN_A_ROW = 4


class DecisionBar(QFrame):
    """Emits what was pressed: agreement, a label's code, a policy's id (for an entry that has none), a quieter verb."""

    agree_pressed = Signal()
    label_pressed = Signal(str)
    policy_pressed = Signal(str)
    verb_pressed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "strip")
        self.agree = KeyButton(theme, self.tr("Agree"), "A", detail=" ", primary=True, shrinks=True)
        self.agree.clicked.connect(self.agree_pressed)
        self.label_buttons: list[KeyButton] = []
        self.more = _card(KeyButton(theme, self.tr("More"), "0", detail=" ", shrinks=True))
        self._menu = QMenu(self.more)
        self.more.clicked.connect(self.open_more)
        self._first = _row()
        self._rest = _blank(self)
        self._second_row = QWidget()
        self._second_row.setFixedHeight(CARD_HEIGHT)
        self._second_row.hide()
        self._second = _row(self._second_row)
        self._blanks = [_blank(self._second_row) for _ in range(IN_A_ROW + 1)]
        self.verbs: dict[str, KeyButton] = {}
        self._shown: object = None
        self._build()

    def _build(self) -> None:
        self._first.addWidget(self.agree)
        self._first.addWidget(self._rest, 1)
        for card in (*self._blanks, self.more):
            self._second.addWidget(card, 1)
        self.more.hide()
        below = QHBoxLayout()
        below.setSpacing(SPACE_2)
        words = {
            "skip": (self.tr("Skip"), "S", "skipped"),
            "escalate": (self.tr("Escalate"), "E", "escalated"),
            "undo": (self.tr("Undo"), "Ctrl+Z", "undo"),
            "note": (self.tr("Note"), "N", "note"),  # the last on its side: it comes to say more
            "previous": (self.tr("Previous"), "K", "previous"),
            "next": (self.tr("Next"), "J", "next"),
        }
        for name, (text, key, glyph) in words.items():
            if name == "previous":
                below.addStretch(1)
            button = KeyButton(self._theme, text, key, glyph=glyph, shrinks=True)
            button.clicked.connect(lambda _=False, verb=name: self.verb_pressed.emit(verb))
            self.verbs[name] = button
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        column.addLayout(self._first)
        column.addWidget(self._second_row)
        column.addLayout(below)

    def set_policies(self, policies: Sequence[PolicyVersion]) -> None:
        """Keep room for the labels of any of these, so that nothing moves between items of two policies."""
        most = max((len(policy.labels) for policy in policies), default=0)
        self._second_row.setVisible(max(most, len(policies)) > IN_A_ROW)

    def show_review(
        self, review: Review | None, policy: PolicyVersion | None, choices: Sequence[PolicyVersion] = ()
    ) -> None:
        """Offer the labels of `policy`; without one, the policies to choose from; nothing when there is no review."""
        offered = tuple(choices) if policy is None else policy
        if offered != self._shown:
            self._clear()
            if policy is not None:
                self._offer_labels(policy.labels)
            else:
                self._offer_policies(choices)
            self._shown = offered
        verdict = review.verdict if review else None
        # A first pass orders the queue; it is no verdict to agree with.
        parsed = verdict is not None and verdict.status is VerdictStatus.PARSED and not verdict.fast
        said = verdict.label if verdict is not None and parsed else None
        hidden = review is not None and review.hidden.verdict
        self._show_agree(policy.label(said) if policy is not None and said is not None else None, hidden=hidden)
        decided = review.decision.label if review is not None and review.decision is not None else None
        for label, button in zip(policy.labels if policy else (), self.label_buttons, strict=False):
            tag = self.tr("model") if label.code == said else ""
            button.set_words(one_line(label.code, 16), detail=_name(label), suggested=tag)
            button.setChecked(label.code == decided)
        for verb in ("note", "skip", "escalate"):
            self.verbs[verb].setEnabled(review is not None)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Show on each button the key that does the same, by the name of its verb (`agree`, `note`)."""
        self.agree.set_key(keys["agree"])
        self.more.set_key(keys["more_labels"])
        for name, button in self.verbs.items():
            button.set_key(keys[name])
        self._fit_verbs()

    def set_note_drafted(self, drafted: bool) -> None:
        """Say on its button that a note waits for the decision."""
        self.verbs["note"].set_words(self.tr("Note added") if drafted else self.tr("Note"))
        self._fit_verbs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep Agree as wide as a label of a full row, however many labels there are."""
        super().resizeEvent(event)
        room = event.size().width() - 2 * SPACE_3 - IN_A_ROW * SPACE_2
        self.agree.setFixedWidth(max(1, room // (IN_A_ROW + 1)))
        self._fit_verbs()

    def _fit_verbs(self) -> None:
        """Leave the glyphs of all quieter verbs out where not all of them have room."""
        for bare in (False, True):
            for button in self.verbs.values():
                button.set_bare(bare=bare)
            needed = sum(button.sizeHint().width() + SPACE_2 for button in self.verbs.values())
            if needed <= self.width() - 2 * SPACE_3:
                return

    def open_more(self) -> None:
        """Open the menu of labels that have no digit."""
        if self.more.isVisible():
            self._menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))

    def _show_agree(self, label: Label | None, *, hidden: bool) -> None:
        none = self.tr("Decide before you see the verdict") if hidden else self.tr("No verdict to agree with")
        words = f"{label.code}  {_name(label)}" if label else none
        self.agree.set_words(self.tr("Agree"), detail=words)
        self.agree.setEnabled(label is not None)

    def _clear(self) -> None:
        for button in self.label_buttons:
            for row in (self._first, self._second):
                row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.label_buttons.clear()
        for blank in (self._rest, *self._blanks):
            blank.show()
        self._menu.clear()
        self.more.hide()

    def _offer_labels(self, labels: Sequence[Label]) -> None:
        for label in labels[:DIGITS]:
            button = self._add(one_line(label.code, 16), _name(label), partial(self.label_pressed.emit, label.code))
            tone = tone_of(violates=label.violates)
            button.setCheckable(True)
            button.set_tone(tone, tone)
        for label in labels[DIGITS:]:
            words = f"{label.code}  {one_line(label.name, 60)}"
            action = self._menu.addAction(words.replace("&", "&&"))
            action.setToolTip(plain_tip(words))
            action.triggered.connect(lambda _=False, code=label.code: self.label_pressed.emit(code))
        self.more.set_words(self.tr("More"), detail=self.tr("{count} labels").format(count=len(labels) - DIGITS))
        self.more.setVisible(len(labels) > DIGITS)

    def _offer_policies(self, choices: Sequence[PolicyVersion]) -> None:
        for policy in choices[:DIGITS]:
            title = one_line(policy.title or policy.policy_id, 40)
            self._add(title, self.tr("Decide under this policy"), partial(self.policy_pressed.emit, policy.policy_id))

    def _add(self, words: str, detail: str, pressed: Callable[[], None]) -> KeyButton:
        place = len(self.label_buttons)
        button = _card(KeyButton(self._theme, words, str(place + 1), detail=detail, shrinks=True))
        button.clicked.connect(lambda _=False: pressed())
        self.label_buttons.append(button)
        if place < IN_A_ROW:
            self._first.insertWidget(place + 1, button, 1)
            self._rest.hide()
        else:
            self._second.insertWidget(place - IN_A_ROW, button, 1)
            self._second_row.show()
            self._blanks[place - IN_A_ROW].hide()
        return button


def _blank(parent: QWidget) -> QWidget:
    """A place that no label takes: those beside it stay where they belong."""
    blank = QWidget(parent)
    blank.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return blank


def _row(parent: QWidget | None = None) -> QHBoxLayout:
    row = QHBoxLayout(parent) if parent else QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_2)
    return row


def _card(button: KeyButton) -> KeyButton:
    """Let a button be as wide as its place, whatever it says."""
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return button


def _name(label: Label) -> str:
    return one_line(label.name, 60) or label_line(label)
