"""The four pages of the preferences, each a form that says what it was set to.

They own their fields and hints. They must not store anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.domain import PolicyVersion, ReasonWhen, ReviewRules
from ui.actions import Act, menu_titles, specs
from ui.care import CareSettings
from ui.key_words import say
from ui.keymap import clash, keys_with, normal, spec_of, usual_keys
from ui.notices import FieldNotice
from ui.theme import Appearance
from ui.tokens import SPACE_2, SPACE_3
from ui.translation import LANGUAGES
from ui.visible import one_line
from ui.widgets.key_rows import KeyRows, key_row
from ui.widgets.labels import plain_label
from ui.widgets.number_box import NumberBox

_LONGEST_NAME = 200


class _Form(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(SPACE_3)
        self.form.setVerticalSpacing(SPACE_2)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        self.column.setSpacing(SPACE_3)
        self.column.addLayout(self.form)

    def add(self, words: str, widget: QWidget) -> None:
        label = plain_label(words)
        label.setBuddy(widget)
        widget.setAccessibleName(words)
        self.form.addRow(label, widget)


class RulesPage(_Form):
    """The reviewer's name, and the rules of one policy after the other."""

    def __init__(
        self, policies: Sequence[PolicyVersion], rules: Sequence[ReviewRules], reviewer: str, *, leads: bool
    ) -> None:
        super().__init__()
        self._rules = {one.policy_id: one for one in rules}
        self._policy_id = ""
        self.reviewer = QLineEdit(reviewer)
        self.reviewer.setMaxLength(_LONGEST_NAME)
        self.policy = QComboBox()
        for policy in policies:
            self.policy.addItem(one_line(policy.title or policy.policy_id, 60), policy.policy_id)
        percent = self.tr(" % of the items")
        self.blind = NumberBox(10, 0, 100, suffix=percent)
        self.second = NumberBox(0, 0, 100, suffix=percent)
        self.cause, self.note = QComboBox(), QComboBox()
        for box in (self.cause, self.note):
            for when, words in (
                (ReasonWhen.NEVER, self.tr("never")),
                (ReasonWhen.ASK, self.tr("asked for at an override, at the desk only")),
                (ReasonWhen.SIDE, self.tr("where one says it violates and the other does not")),
                (ReasonWhen.OVERRIDE, self.tr("at every override")),
                (ReasonWhen.ALWAYS, self.tr("always")),
            ):
                box.addItem(words, when)
        self.add(self.tr("Decisions are recorded under the name"), self.reviewer)
        self.add(self.tr("Policy"), self.policy)
        self.add(self.tr("Blind: the verdict is hidden until you decide"), self.blind)
        self.add(self.tr("Second review by somebody else"), self.second)
        self.add(self.tr("A cause is needed"), self.cause)
        self.add(self.tr("A note is needed"), self.note)
        for part in (self.blind, self.second, self.cause, self.note):
            part.setEnabled(leads)
        if not leads:
            self.column.addWidget(plain_label(self.tr("A lead sets the rules of review."), role="caption"))
        self.column.addStretch(1)
        self.policy.currentIndexChanged.connect(self._show_policy)
        self._show_policy()

    def chosen(self) -> tuple[ReviewRules, ...]:
        """Return the rules of every policy."""
        self._keep()
        return tuple(self._rules.values())

    @Slot()
    def _show_policy(self) -> None:
        self._keep()
        self._policy_id = self.policy.currentData() or ""
        rules = self._rules.setdefault(self._policy_id, ReviewRules(self._policy_id))
        self.blind.setValue(rules.blind_percent)
        self.second.setValue(rules.second_percent)
        self.cause.setCurrentIndex(self.cause.findData(rules.cause_when))
        self.note.setCurrentIndex(self.note.findData(rules.note_when))

    def _keep(self) -> None:
        if self._policy_id:
            self._rules[self._policy_id] = replace(
                self._rules[self._policy_id],
                blind_percent=self.blind.value(),
                second_percent=self.second.value(),
                cause_when=ReasonWhen(self.cause.currentData()),  # Qt makes text of a word
                note_when=ReasonWhen(self.note.currentData()),
            )


class CarePage(_Form):
    """Veil, masks, order and breaks; below, what this person has seen."""

    def __init__(self, care: CareSettings, words: Sequence[str], exposure: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        never = self.tr("never")
        self._care = care
        self.veil_from = QComboBox()
        self.veil_from.addItem(never, 0)
        for severity in (1, 2, 3, 4):
            self.veil_from.addItem(self.tr("from severity {severity} on").format(severity=severity), severity)
        self.veil_from.setCurrentIndex(self.veil_from.findData(care.veil_from))
        self.veil_labels = QLineEdit(", ".join(care.veil_labels))
        self.veil_labels.setPlaceholderText(self.tr("codes, with commas between them"))
        self.veil_unjudged = QCheckBox(self.tr("Veil items without a verdict, too"))
        self.veil_unjudged.setChecked(care.veil_unjudged)
        self.cover_words = QCheckBox(self.tr("Cover the words of the team's list"))
        self.cover_words.setChecked(care.mask)
        self.words = QPlainTextEdit("\n".join(words))
        self.words.setProperty("role", "field")
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(64)
        self.words.setPlaceholderText(self.tr("one word or phrase a line; Docket brings no list"))
        self.interleave = QCheckBox(self.tr("Spread grave items among light ones"))
        self.interleave.setChecked(care.interleave)
        minutes = self.tr(" min")
        self.break_every = NumberBox(care.break_every, 0, 480, suffix=minutes, zero=never)
        self.session = NumberBox(care.session_length, 0, 960, suffix=minutes, zero=never)
        self.idle = NumberBox(care.idle_seconds, 10, 900, suffix=self.tr(" s"))
        self.add(self.tr("Veil the text of items"), self.veil_from)
        self.add(self.tr("Always veil these labels"), self.veil_labels)
        self.form.addRow(self.veil_unjudged)
        self.form.addRow(self.cover_words)
        self.add(self.tr("Words the team covers"), self.words)
        self.form.addRow(self.interleave)
        self.add(self.tr("Remind me of a break after"), self.break_every)
        self.add(self.tr("Tell me when a session has lasted"), self.session)
        self.add(self.tr("Time on an item stops after"), self.idle)
        self.exposure = plain_label("\n".join(f"{period}: {counts}" for period, counts in exposure), wrap=True)
        self.exposure.setVisible(bool(exposure))
        self.column.addWidget(self.exposure)
        hint = self.tr("What you have seen is counted on this computer for you alone. None of this is medical advice.")
        self.column.addWidget(plain_label(say(hint), role="caption", wrap=True))
        self.column.addStretch(1)

    def chosen(self, *, greyscale: bool) -> tuple[CareSettings, tuple[str, ...]]:
        """Return the settings and the team's words."""
        labels = tuple(code.strip() for code in self.veil_labels.text().split(",") if code.strip())
        care = CareSettings(
            veil_from=self.veil_from.currentData(),
            veil_labels=labels,
            veil_unjudged=self.veil_unjudged.isChecked(),
            mask=self.cover_words.isChecked(),
            greyscale=greyscale,
            interleave=self.interleave.isChecked(),
            break_every=self.break_every.value(),
            break_length=self._care.break_length,
            session_length=self.session.value(),
            idle_seconds=self.idle.value(),
        )
        lines = (line.strip() for line in self.words.toPlainText().splitlines())
        return care, tuple(dict.fromkeys(line for line in lines if line))


class LookPage(_Form):
    """Colours, size and language."""

    def __init__(self, appearance: Appearance, scale: int, language: str, *, greyscale: bool) -> None:
        super().__init__()
        self.appearance = QComboBox()
        for look, words in (
            (Appearance.SYSTEM, self.tr("as the system")),
            (Appearance.LIGHT, self.tr("light")),
            (Appearance.DARK, self.tr("dark")),
            (Appearance.CONTRAST, self.tr("high contrast")),
        ):
            self.appearance.addItem(words, look)
        self.appearance.setCurrentIndex(self.appearance.findData(appearance))
        self.greyscale = QCheckBox(self.tr("Without colours: shapes and words say the same"))
        self.greyscale.setChecked(greyscale)
        self.scale = NumberBox(scale, 80, 250, suffix=" %")
        self.scale.setSingleStep(10)
        self.language = QComboBox()
        self.language.addItem(self.tr("as the system"), "")
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.add(self.tr("Colours"), self.appearance)
        self.form.addRow(self.greyscale)
        self.add(self.tr("Size of everything"), self.scale)
        self.add(self.tr("Language"), self.language)
        hint = self.tr(
            "Size and language change when Docket is started again. {key_larger} enlarges the reading text at once."
        )
        self.column.addWidget(plain_label(say(hint), role="caption", wrap=True))
        self.column.addStretch(1)


class KeysPage(QWidget):
    """Every action with its keys. A key that another action has is refused, with its name. `changes` are one's own."""

    def __init__(self, changes: Mapping[Act, Sequence[str]]) -> None:
        super().__init__()
        self.changes: dict[Act, tuple[str, ...]] = {act: tuple(keys) for act, keys in changes.items()}
        self.list = QListWidget()
        self.list.setItemDelegate(KeyRows(self.list))
        self.list.setAccessibleName(self.tr("Actions and their keys"))
        self.editor = QKeySequenceEdit()
        self.editor.setAccessibleName(self.tr("New key"))
        self.editor.setMaximumSequenceLength(1)
        self.give = QPushButton(self.tr("Use this key"))
        self.usual = QPushButton(self.tr("Usual key"))
        self.all_usual = QPushButton(self.tr("All usual keys"))
        self.problem = FieldNotice()
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self.editor, 1)
        for button in (self.give, self.usual, self.all_usual):
            button.setAutoDefault(False)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_2)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.give.clicked.connect(self.give_key)
        self.usual.clicked.connect(self._on_usual_clicked)
        self.all_usual.clicked.connect(self._on_all_usual_clicked)
        self._fill()

    def choose(self, act: Act) -> None:
        """Make an action the one whose key is changed."""
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) is act:
                self.list.setCurrentRow(row)

    @Slot()
    def give_key(self) -> None:
        """Give the chosen action the key in the field, unless something else has it."""
        act, key = self._act(), self.editor.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if act is None or not key:
            self.problem.say(self.tr("Choose an action, then press the key it should have."))
            return
        found = clash(keys_with(self.changes), act, key)
        if found is not None:
            words = self.tr("the labels") if isinstance(found, str) else _words(found)
            self.problem.say(self.tr("{key} belongs to: {words}").format(key=normal(key), words=words))
            return
        self.changes[act] = (normal(key),)
        if self.changes[act] == usual_keys()[act]:
            del self.changes[act]
        self.problem.say("")
        self.editor.clear()
        self._fill()

    @Slot()
    def _on_usual_clicked(self) -> None:
        act = self._act()
        if act is None or act not in self.changes:
            return
        rest = {other: keys for other, keys in self.changes.items() if other is not act}
        now = keys_with(self.changes)
        taken = [found for key in usual_keys()[act] if (found := clash(now, act, key)) is not None]
        if taken:
            words = self.tr("the labels") if isinstance(taken[0], str) else _words(taken[0])
            self.problem.say(self.tr("Its usual key belongs to: {words}").format(words=words))
            return
        self.changes = rest
        self.problem.say("")
        self._fill()

    @Slot()
    def _on_all_usual_clicked(self) -> None:
        self.changes = {}
        self.problem.say("")
        self._fill()

    def _act(self) -> Act | None:
        item = self.list.currentItem()
        act = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return act if isinstance(act, Act) else None

    def _fill(self) -> None:
        row = max(0, self.list.currentRow())
        keys, titles = keys_with(self.changes), menu_titles()
        self.list.clear()
        for spec in specs():
            own = "  (*)" if spec.act in self.changes else ""
            shown = "  ".join(
                QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys[spec.act]
            )
            menu = titles[spec.menu].replace("&", "")
            item = key_row(f"{menu}: {_words(spec.act)}{own}", shown)
            item.setData(Qt.ItemDataRole.UserRole, spec.act)
            self.list.addItem(item)
        self.list.setCurrentRow(row)


def _words(act: Act) -> str:
    return spec_of(act).text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
