"""Walks over every widget of the real window: plain text, names, keys, nothing cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core import services
from core.domain import PolicyVersion
from core.errors import StorageError
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import says
from tests.ui.looking import (
    assert_named,
    assert_nothing_cut,
    assert_plain,
    cut_off,
    keys_given_twice,
    without_a_key,
)
from tests.ui.screens import HOSTILE, VIEWS, dialogs, missing
from ui.dialogs.keys import KeySheet, plain_words
from ui.visible import one_line

K = Qt.Key

HOSTILE_POLICY = f"""---
id: hostile
title: '{HOSTILE}'
applies_to: [message, reply, conversation]
output: rationale
labels:
  - {{code: H0, name: '<b>Fine</b> & good', violates: false}}
  - {{code: H1, name: '{HOSTILE}', violates: true, severity: 3}}
---
# Instructions
Decide. {HOSTILE}
# Violates
- H1.a {HOSTILE}
# Safe
- H0.a Anything else. <b>bold</b>
"""


@pytest.fixture
def hostile_stage(stage: Stage, tmp_path: Path) -> Stage:
    items: tuple[dict[str, object], ...] = (
        {"id": f"1{HOSTILE[:40]}", "content": HOSTILE, "parent": HOSTILE, "metadata": {HOSTILE: HOSTILE}},
        {
            "id": "2",
            "messages": [{"role": HOSTILE, "content": HOSTILE}, {"role": "user", "content": HOSTILE}],
            "target": 1,
            "metadata": {"nested": {"x": HOSTILE}},
        },
    )
    folder = make_workspace(tmp_path / "hostile", items)
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        services.add_policy(workspace, text=HOSTILE_POLICY)
        services.set_review_rules(workspace, policy_id="hostile", blind_percent=0)
    stage.classifier.answer = lambda item, policy: says(
        "H1" if policy.policy_id == "hostile" else policy.labels[0].code, reasoning=HOSTILE, rationale=HOSTILE
    )
    stage.window.open_workspace(request_for(folder))
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    stage.until(lambda: len(stage.desk.policies) == 3)
    return stage


def request_for(folder: Path) -> object:
    from ui.views.welcome import WorkspaceRequest

    return WorkspaceRequest(folder, PASSPHRASE, create=False)


def test_hostile_content_stays_plain_text_everywhere(hostile_stage: Stage) -> None:
    stage = hostile_stage
    box = stage.desk.queue.policies
    box.setCurrentIndex(box.findData("hostile"))
    stage.ctrl(K.Key_J)
    stage.until(lambda: not stage.desk.judging.running and len(stage.classifier.judged) == 2)
    stage.ctrl(K.Key_5)
    stage.until(lambda: stage.shown.review.verdict is not None)
    stage.press(K.Key_M)
    for _ in range(stage.desk.model.rowCount()):
        assert HOSTILE in stage.desk.content.surface.toPlainText()
        assert HOSTILE in stage.desk.verdict.surface.toPlainText()
        assert_plain(stage.window)
        stage.press(K.Key_J)
        stage.qtbot.wait(50)
    stage.press(K.Key_1)
    assert stage.desk.override_strip.isVisible()
    assert "<b>Fine</b>" in stage.desk.override_strip.words.text()
    assert_plain(stage.window)
    stage.press(K.Key_Escape)
    stage.press(K.Key_P)
    assert HOSTILE in stage.desk.policy.surface.toPlainText()
    stage.window.notice_bar._on_error_raised(StorageError(HOSTILE, HOSTILE))
    assert_plain(stage.window)
    for dialog in dialogs(stage):
        assert_plain(dialog)


def test_no_screen_of_the_program_is_forgotten_here() -> None:
    assert missing() == [], "add it to tests/ui/screens.py"


def test_every_screen_has_names_keys_and_plain_text_and_nothing_cut_off(open_stage: Stage) -> None:
    stage, window = open_stage, open_stage.window
    stage.judge_all()
    found: list[str] = []
    for dialog in dialogs(stage):
        assert_named(dialog)
        assert_plain(dialog)
        found += [f"{type(dialog).__name__}: {cut}" for cut in (*cut_off(dialog), *without_a_key(dialog))]
        if dialog.width() > 1280 or dialog.height() > 800:
            found.append(f"{type(dialog).__name__}: {dialog.width()}x{dialog.height()}")
    for view in VIEWS.values():
        for name, widget in view(stage):
            assert_named(widget)
            assert_plain(widget)
            found += [f"{name}: {cut}" for cut in (*cut_off(widget), *without_a_key(widget))]
            shelf = window.shelf
            page = shelf.page if shelf is not None else None
            alive = [action for action in window.actions_table.all if action.isEnabled()]
            own = [action for action in page.actions() if action.isEnabled()] if page is not None else []
            assert all(action.shortcuts() for action in own), name
            found += [f"{name}: {twice}" for twice in keys_given_twice([*alive, *own])]
    assert (window.width(), window.height()) == (1280, 800)
    assert found == [], "\n".join(dict.fromkeys(found))


def test_no_key_is_given_twice_and_every_action_has_one(open_stage: Stage) -> None:
    actions = open_stage.window.actions_table.all
    assert [action.text() for action in actions if not action.shortcuts()] == []
    assert keys_given_twice(actions) == []


def test_every_action_is_in_a_menu(open_stage: Stage) -> None:
    bar = open_stage.window.menuBar()
    in_menus = {action for top in bar.actions() for action in top.menu().actions()}
    assert set(open_stage.window.actions_table.all) <= in_menus


def test_menu_letters_are_not_given_twice(open_stage: Stage) -> None:
    for top in open_stage.window.menuBar().actions():
        letters = [
            action.text().replace("&&", "")[action.text().replace("&&", "").index("&") + 1].lower()
            for action in top.menu().actions()
            if "&" in action.text().replace("&&", "") and action.isVisible()
        ]
        assert len(letters) == len(set(letters)), (top.text(), letters)


def test_the_sheet_of_keys_shows_every_key(open_stage: Stage, qtbot: QtBot) -> None:
    stage = open_stage
    actions = [action for action in stage.window.actions_table.all if action.isVisible()]
    sheet = KeySheet(stage.window.key_groups(), stage.window)
    qtbot.addWidget(sheet)
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    for action in actions:
        assert one_line(plain_words(action), 300) in shown
        for sequence in action.shortcuts():
            assert sequence.toString(QKeySequence.SequenceFormat.NativeText) in shown


def test_labels_of_a_policy_with_twelve_still_fit(stage: Stage, tmp_path: Path) -> None:
    head = "\n".join(f"  - {{code: L{n}, name: Label number {n}, violates: {str(n > 0).lower()}}}" for n in range(12))
    rules = "\n".join(f"- L{n}.a Rule of label {n}." for n in range(1, 12))
    front = f"---\nid: many\ntitle: Many\noutput: category\nlabels:\n{head}\n---\n"
    text = f"{front}# Instructions\nChoose.\n# Violates\n{rules}\n# Safe\n- L0.a Else.\n"
    folder = make_workspace(tmp_path / "many", ({"id": "1", "content": "x"},))
    with services.open_workspace(folder, passphrase=PASSPHRASE) as workspace:
        policy: PolicyVersion = services.add_policy(workspace, text=text)
    assert len(policy.labels) == 12
    stage.window.open_workspace(request_for(folder))
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    stage.until(lambda: len(stage.desk.policies) == 3)
    stage.desk.reviewing.choose_policy("many")
    stage.until(lambda: stage.desk.decisions.more.isVisible())
    assert len(stage.desk.decisions.label_buttons) == 9
    stage.qtbot.wait(50)
    assert_nothing_cut(stage.window)
    stage.press(K.Key_0)
    menu = stage.desk.decisions._menu
    stage.until(menu.isVisible)
    assert len(menu.actions()) == 3
    menu.actions()[2].trigger()
    menu.close()
    stage.until(lambda: stage.desk.decisions.agree.isEnabled() is False and stage.item_id == "")
    key = services.find_entry(stage.desk._workspace, item_id="1", policy_id="many")
    decision = services.get_review(stage.desk._workspace, key=key).decision
    assert decision is not None
    assert decision.label == "L11"
