"""Preferences, keys of one's own, the palette and the looks, on the real window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import services
from core.domain import ReasonWhen, ReviewRules
from tests.ui.conftest import Stage
from ui.actions import Act
from ui.care import CareSettings
from ui.dialogs.palette import CommandPalette, match
from ui.dialogs.preference_pages import KeysPage
from ui.dialogs.preferences import Chosen, PreferencesDialog
from ui.keymap import clash, keys_with, usual_keys
from ui.preferences import Preferences
from ui.theme import Appearance
from ui.tokens import CONTRAST

K = Qt.Key


def test_the_palette_does_what_is_typed(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    first = stage.item_id

    def answer() -> None:
        palette = QApplication.activeModalWidget()
        assert isinstance(palette, CommandPalette)
        stage.qtbot.keyClicks(palette.field, "skip")
        stage.qtbot.keyClick(palette.field, K.Key_Return)

    QTimer.singleShot(0, answer)
    stage.ctrl(K.Key_K)
    stage.until(lambda: stage.item_id != first)


def test_the_palette_is_left_without_doing_anything(open_stage: Stage, qtbot: QtBot) -> None:
    palette = CommandPalette(open_stage.window.key_groups(), open_stage.window)
    qtbot.addWidget(palette)
    palette.show()
    qtbot.keyClicks(palette.field, "nothing like this")
    assert palette.list.count() == 0
    qtbot.keyClick(palette.field, K.Key_Return)
    assert palette.isVisible()
    assert palette.chosen is None
    palette.field.clear()
    everything = palette.list.count()
    assert everything > 40
    qtbot.keyClick(palette.field, K.Key_Down)
    assert palette.list.currentRow() == 1


@pytest.mark.parametrize(
    ("typed", "words", "rank"),
    [
        ("", "Review: Skip", 0),
        ("sk", "Review: Skip", 0),
        ("kip", "Review: Skip", 1),
        ("rsk", "Review: Skip", 2),
        ("REV sk", "Review: Skip", 0),
        ("xyz", "Review: Skip", None),
    ],
)
def test_how_well_words_match(typed: str, words: str, rank: int | None) -> None:
    assert match(typed, words) == rank


def test_a_key_of_ones_own_works_at_once_and_is_shown(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    personal = stage.window.personal
    personal.apply(Chosen(), Chosen(keys={Act.SKIP: ("Y",)}, reviewer="mira"))
    first = stage.item_id
    stage.press(K.Key_S)
    assert stage.item_id == first
    stage.press(K.Key_Y)
    stage.until(lambda: stage.item_id != first)
    assert stage.desk.decisions.verbs["skip"].key == "Y"
    assert stage.window._context.preferences.keys == {Act.SKIP: ("Y",)}


def test_a_key_that_is_taken_is_refused_with_the_name_of_what_has_it(qtbot: QtBot) -> None:
    page = KeysPage({})
    qtbot.addWidget(page)
    page.choose(Act.SKIP)
    for key, words in (("E", "Escalate"), ("3", "labels"), ("Ctrl+F", "Search")):
        page.editor.setKeySequence(QKeySequence(key))
        page.give_key()
        assert words in page.problem.text()
        assert page.changes == {}
    page.editor.setKeySequence(QKeySequence("Y"))
    page.give_key()
    assert page.changes == {Act.SKIP: ("Y",)}
    page.choose(Act.NOTE)
    page.editor.setKeySequence(QKeySequence("S"))  # free now
    page.give_key()
    assert page.changes[Act.NOTE] == ("S",)
    page.choose(Act.SKIP)
    page.usual.click()
    assert "Note" in page.problem.text()  # its usual key is taken
    page.all_usual.click()
    assert page.changes == {}


def test_keys_that_clash_in_the_file_keep_the_usual_ones() -> None:
    keys = keys_with({Act.SKIP: ("E",), Act.NOTE: ("Y",)})
    assert keys[Act.SKIP] == usual_keys()[Act.SKIP]
    assert keys[Act.NOTE] == ("Y",)
    assert clash(keys, Act.ESCALATE, "y") is Act.NOTE


def test_a_key_may_move_on_in_whichever_order_the_file_has_them() -> None:
    changes = {Act.NOTE: ("S",), Act.SKIP: ("Y",)}
    for order in (changes, dict(reversed(changes.items()))):
        keys = keys_with(order)
        assert (keys[Act.NOTE], keys[Act.SKIP]) == (("S",), ("Y",))


def test_no_usual_key_clashes() -> None:
    keys = usual_keys()
    assert [(act, key) for act, own in keys.items() for key in own if clash(keys, act, key) is not None] == []


def test_preferences_are_kept_and_damage_is_as_at_first(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    care = CareSettings(veil_from=3, veil_labels=("SP4", "HR,4"), greyscale=True, break_every=50, mask=False)
    preferences = Preferences(file)
    preferences.care, preferences.keys = care, {Act.SKIP: ("Y", "F9")}
    preferences.scale, preferences.language, preferences.appearance = 150, "de", Appearance.CONTRAST
    preferences.sync()
    again = Preferences(file)
    assert (again.care, again.keys, again.scale, again.language) == (care, {Act.SKIP: ("Y", "F9")}, 150, "de")
    assert again.appearance is Appearance.CONTRAST
    file.write_text("[care]\nveil_from=x\nbreak_every=-5\nidle_seconds=\n[keys]\nGONE=Y\n[General]\nscale=9999\n")
    damaged = Preferences(file)
    assert damaged.care == CareSettings()
    assert (damaged.keys, damaged.scale) == ({}, 250)


def test_rules_words_and_name_are_stored_in_the_workspace(open_stage: Stage) -> None:
    stage = open_stage
    personal, workspace = stage.window.personal, stage.desk._workspace
    before = Chosen(reviewer="mira", rules=(ReviewRules("spam", 0),))
    rules = ReviewRules("spam", blind_percent=30, second_percent=5, note_when=ReasonWhen.ALWAYS)
    personal.apply(before, replace(before, rules=(rules,), masked_words=("foo",), reviewer="noor"))
    stage.until(lambda: workspace.reviewer == "noor")
    stored = services.review_rules(workspace, policy_id="spam")
    assert (stored.blind_percent, stored.second_percent, stored.note_when) == (30, 5, ReasonWhen.ALWAYS)
    assert workspace.settings.masked_words == ("foo",)
    assert "foo" in (stage.folder / "settings.toml").read_text()


def test_the_dialog_hands_back_what_it_was_given(open_stage: Stage, qtbot: QtBot) -> None:
    stage = open_stage
    now = Chosen(
        care=CareSettings(veil_from=2, veil_labels=("SP4",), greyscale=True, interleave=True, session_length=240),
        masked_words=("one", "two words"),
        appearance=Appearance.CONTRAST,
        scale=120,
        language="de",
        keys={Act.SKIP: ("Y",)},
        reviewer="mira",
        rules=tuple(ReviewRules(p.policy_id, 25, 10, ReasonWhen.SIDE, ReasonWhen.ASK) for p in stage.desk.policies),
    )
    dialog = PreferencesDialog(now, policies=stage.desk.policies, leads=True, parent=stage.window)
    qtbot.addWidget(dialog)
    assert dialog.chosen() == now
    # A string is equal to the word it stands for, and still the dark look would not be shown for it.
    assert isinstance(dialog.chosen().appearance, Appearance)
    dialog.rules.policy.setCurrentIndex(1)
    dialog.rules.policy.setCurrentIndex(0)
    assert all(isinstance(one.cause_when, ReasonWhen) for one in dialog.chosen().rules)
    dialog.rules.policy.setCurrentIndex(1)
    dialog.rules.blind.setValue(77)
    dialog.rules.policy.setCurrentIndex(0)
    assert [rules.blind_percent for rules in dialog.chosen().rules] == [25, 77]


def test_the_preferences_open_by_key(open_stage: Stage) -> None:
    stage = open_stage
    seen: list[PreferencesDialog] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, PreferencesDialog):
            seen.append(dialog)
            dialog.reject()
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)
    stage.ctrl(K.Key_Comma)
    stage.until(lambda: bool(seen))


def test_high_contrast_and_greys_are_one_key_away(open_stage: Stage) -> None:
    stage = open_stage
    theme = stage.window._context.theme
    stage.press(K.Key_3, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier)
    assert theme.tokens == CONTRAST
    assert stage.window.actions_table[Act.LOOK_CONTRAST].isChecked()
    theme.set_greyscale(on=True)
    assert theme.tokens.accent[1:3] == theme.tokens.accent[3:5]
    theme.set_greyscale(on=False)
    stage.window.personal.choose_look(Appearance.LIGHT)


def test_the_look_a_workspace_asks_for_is_that_of_who_chose_none(stage: Stage) -> None:
    (stage.folder / "settings.toml").write_text('theme = "dark"\n', encoding="utf-8")
    theme = stage.window._context.theme
    try:
        stage.open()
        assert theme.appearance is Appearance.DARK
        assert stage.window.actions_table[Act.LOOK_DARK].isChecked()
        stage.window.personal.choose_look(Appearance.CONTRAST)
        stage.window.close_workspace()
        stage.open()
        assert theme.appearance is Appearance.CONTRAST
    finally:
        theme.set_appearance(Appearance.LIGHT)


def test_a_setting_that_is_not_used_is_said_when_the_workspace_opens(stage: Stage) -> None:
    (stage.folder / "settings.toml").write_text('theme = "pink"\nlock_minutes = "x"\n', encoding="utf-8")
    stage.open()
    assert "`theme`" in stage.notice
    assert "`lock_minutes`" in stage.notice
