"""Sentences that name a key: the one a person has now."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt

from tests.ui.conftest import Stage
from tests.ui.test_translation import SOURCE
from ui.actions import Act
from ui.key_words import keyed, say
from ui.keymap import keys_with

K = Qt.Key
# Keys that belong to a strip or a field and cannot be given to anything else.
FIXED = re.compile(r"\b(?:Esc|Escape|Enter)\b|\((?:N|R|1 to 6)\)")
NAMED = re.compile(r"(?:Ctrl|Shift|Alt)\+|\bF(?:[2-9]|1[0-2])\b|\([A-Z]\)|\b(?:[Hh]old|[Pp]ress) [A-Z]\b")


def test_no_sentence_names_a_key_by_itself() -> None:
    assert [text for _, text in SOURCE if NAMED.search(FIXED.sub("", text))] == []


def test_sentences_and_buttons_follow_keys_of_ones_own(open_stage: Stage) -> None:
    stage, actions = open_stage, open_stage.window.actions_table
    assert "Ctrl+J" in stage.desk.verdict.surface.toPlainText()
    assert "(M)" in stage.desk.content.metadata_button.text()
    actions.set_keys(keys_with({Act.METADATA: ("Ctrl+Alt+M",), Act.SEARCH: ("Ctrl+Alt+F",), Act.JUDGE: ("F9",)}))
    assert "(Ctrl+Alt+M)" in stage.desk.content.metadata_button.text()
    assert "(Ctrl+Alt+F)" in stage.desk.queue.search.placeholderText()
    stage.until(lambda: "F9" in stage.window.strip.words.full_text)
    stage.press(K.Key_J)
    stage.until(lambda: "F9" in stage.desk.verdict.surface.toPlainText())
    actions.set_keys(keys_with({}))
    assert "(M)" in stage.desk.content.metadata_button.text()


def test_a_value_cannot_pose_as_a_key(open_stage: Stage) -> None:
    assert open_stage.item_id
    assert say("{words}: {key_undo}", words="{key_skip}") == "{key_skip}: Ctrl+Z"
    assert keyed("Publish…", "Ctrl+Return") == "Publish… (Ctrl+Return)"
