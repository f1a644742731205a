"""Walks over every widget of the real window: plain text, names, keys, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QTextBrowser,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import services
from core.domain import PolicyVersion, QuarantinedRow, ReviewRules
from core.errors import StorageError
from tests.ui.conftest import PASSPHRASE, Stage, make_workspace
from tests.ui.fakes import says
from ui.dialogs.first_steps import FirstSteps
from ui.dialogs.importing import ImportDialog
from ui.dialogs.keys import KeySheet, plain_words
from ui.dialogs.palette import CommandPalette
from ui.dialogs.preferences import Chosen, PreferencesDialog
from ui.dialogs.quarantine import QuarantineDialog
from ui.dialogs.transfer import ExportDialog
from ui.events import Events
from ui.mending import Mending
from ui.steps.first_items import FirstItemsStep
from ui.steps.items import ItemsStep
from ui.steps.keys import KeysStep
from ui.steps.model import ModelStep
from ui.steps.place import PlaceStep
from ui.steps.policy import PolicyStep
from ui.tasks import TaskPool
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.key_button import KeyButton

K = Qt.Key
HOSTILE = '<img src="file:///etc/passwd"><b>bold</b><a href="https://example.test">x</a>'

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


def everything(root: QWidget) -> list[QWidget]:
    return [root, *root.findChildren(QWidget)]


def visible(root: QWidget, kind: type[QWidget]) -> Iterator[QWidget]:
    for widget in root.findChildren(kind):
        if widget.isVisible():
            yield widget


def assert_plain(root: QWidget) -> None:
    """No widget may interpret what it shows; a document holds no picture, no link and no markup."""
    for widget in everything(root):
        if isinstance(widget, QLabel):
            assert widget.textFormat() == Qt.TextFormat.PlainText, (widget, widget.text())
            assert not widget.openExternalLinks()
        assert not isinstance(widget, (QTextEdit, QTextBrowser)), widget
        assert "<img" not in widget.toolTip(), widget
        assert "<a " not in widget.toolTip(), widget
        if isinstance(widget, QPlainTextEdit):
            assert_document_is_text(widget)
    for action in root.findChildren(QAction):
        assert "<img" not in action.toolTip(), action.text()


def assert_document_is_text(surface: QPlainTextEdit) -> None:
    for format_ in surface.document().allFormats():
        assert not format_.isImageFormat()
        assert not (format_.isCharFormat() and format_.toCharFormat().isAnchor())
    assert not surface.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse


def assert_named(root: QWidget) -> None:
    """Whatever can have the focus or hold text to act on has a name to say."""
    for widget in everything(root):
        parent = widget.parentWidget()
        if is_inner_part(widget):
            continue
        if isinstance(widget, (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QPlainTextEdit, QProgressBar)):
            named = widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text())
            assert named, f"{type(widget).__name__} in {type(parent).__name__} has no name"


def is_inner_part(widget: QWidget) -> bool:
    """Whether Qt made it inside one of its own controls, which speaks for it."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QComboBox, QAbstractItemView, QLineEdit)):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_")


def assert_nothing_cut(root: QWidget) -> None:
    """Every visible label and button is as large as its words need, and lies within its window."""
    assert cut_off(root) == []


def cut_off(root: QWidget) -> list[str]:
    """Name what is cut off: its kind, its words, what it has and what it needs."""
    found = []
    for widget in visible(root, QWidget):
        if isinstance(widget, ElidedLabel) or (isinstance(widget, QLabel) and not widget.text()):
            continue
        width, height = needed_size(widget)
        words = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else widget.accessibleName()
        name = f"{type(widget).__name__} “{words}”"
        if widget.width() < width or widget.height() < height:
            found.append(f"{name}: {widget.width()}x{widget.height()}, needs {width}x{height}")
        corners = (widget.rect().topLeft(), widget.rect().bottomRight())
        if isinstance(widget, (QAbstractButton, QLabel, QLineEdit, QComboBox)) and not in_scroll_area(widget):
            outside = [corner for corner in corners if not root.rect().contains(widget.mapTo(root, corner))]
            found += [f"{name}: reaches out of the window" for _ in outside[:1]]
    return found


def needed_size(widget: QWidget) -> tuple[int, int]:
    """Return the least width and height a widget needs for its words, 0 where nothing can be cut."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return 0, widget.heightForWidth(widget.width()) - 1
    if isinstance(widget, KeyButton):
        return widget.minimumSizeHint().width(), widget.minimumSizeHint().height()
    if isinstance(widget, (QLabel, QAbstractButton)):
        return widget.sizeHint().width() - 1, widget.sizeHint().height() - 1
    return 0, 0


def in_scroll_area(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractItemView) or parent.objectName() == "qt_scrollarea_viewport":
            return True
        parent = parent.parentWidget()
    return False


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


def preference_pages(stage: Stage) -> list[QWidget]:
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


def refused_rows(stage: Stage) -> QWidget:
    """The screen of refused rows, with one that tries to be markup."""
    row = QuarantinedRow(HOSTILE, 2, HOSTILE, HOSTILE.encode(), "")
    mending = Mending(stage.desk._workspace, TaskPool(stage.window), Events(), stage.window)
    dialog = QuarantineDialog(mending, stage.desk._context.theme, stage.window)
    dialog.editor.show_row(row)
    return dialog


def dialogs(stage: Stage) -> list[QWidget]:
    made: list[QWidget] = [
        KeySheet(stage.window.key_groups(), stage.window),
        ExportDialog(stage.desk.policies, Path("/"), stage.window),
        ImportDialog(stage.desk.policies, stage.window),
        CommandPalette(stage.window.key_groups(), stage.window),
        refused_rows(stage),
        *preference_pages(stage),
        *first_steps(stage),
    ]
    for dialog in made:
        stage.qtbot.addWidget(dialog)
        dialog.show()
    return made


def first_steps(stage: Stage) -> list[FirstSteps]:
    """The dialog of the first steps, once at each step."""
    theme, notices = stage.window._context.theme, stage.window._context.notices
    made = []
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


def test_every_control_has_a_name(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    stage.press(K.Key_M)
    assert_named(stage.window)
    for dialog in dialogs(stage):
        assert_named(dialog)
    stage.ctrl(K.Key_W)
    assert_named(stage.window)


def test_no_key_is_given_twice_and_every_action_has_one(open_stage: Stage) -> None:
    keys: dict[str, str] = {}
    for action in open_stage.window.actions_table.all:
        assert action.shortcuts(), action.text()
        for sequence in action.shortcuts():
            name = sequence.toString(QKeySequence.SequenceFormat.PortableText)
            assert name not in keys, f"{name}: {action.text()} and {keys[name]}"
            keys[name] = action.text()


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
        assert plain_words(action) in shown
        for sequence in action.shortcuts():
            assert sequence.toString(QKeySequence.SequenceFormat.NativeText) in shown


def test_nothing_is_cut_off_at_1280_by_800(open_stage: Stage) -> None:
    stage = open_stage
    stage.judge_all()
    assert (stage.window.width(), stage.window.height()) == (1280, 800)
    assert_nothing_cut(stage.window)
    stage.show("m-6")
    assert stage.desk.content.hidden_line.isVisible()
    stage.press(K.Key_1)
    assert_nothing_cut(stage.window)
    stage.press(K.Key_Escape)
    stage.press(K.Key_N)
    assert_nothing_cut(stage.window)
    stage.press(K.Key_Escape)
    stage.window.notice_bar._on_error_raised(StorageError("The disk is full. " * 6, "Free some space. " * 4))
    stage.qtbot.wait(50)
    assert_nothing_cut(stage.window)
    assert (stage.window.width(), stage.window.height()) == (1280, 800)
    for dialog in dialogs(stage):
        stage.qtbot.wait(20)
        assert_nothing_cut(dialog)
        assert dialog.width() <= 1280
        assert dialog.height() <= 800


def test_nothing_is_cut_off_on_the_first_page(stage: Stage) -> None:
    assert_nothing_cut(stage.window)
    welcome = stage.window.welcome
    assert welcome is not None
    welcome.ask_open()
    stage.qtbot.wait(50)
    assert_nothing_cut(stage.window)
    welcome.form.submit()
    stage.qtbot.wait(50)
    assert welcome.form.problem.isVisible()
    assert_nothing_cut(stage.window)


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
