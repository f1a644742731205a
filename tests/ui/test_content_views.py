"""The two switches of the content pane on the real window: spell out, unfold; and zoom and quotes on keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.ui.conftest import Stage, make_workspace

K = Qt.Key


def test_hidden_letters_are_spelled_out_on_a_key_and_back(open_stage: Stage) -> None:
    stage = open_stage
    stage.show("m-6")
    pane = stage.desk.content
    assert "⟦RLO⟧" in pane.surface.toPlainText()
    assert "3 hidden characters" in pane.hidden_words.text()
    stage.press(K.Key_U)
    stage.until(lambda: "U+202E RIGHT-TO-LEFT OVERRIDE" in pane.surface.toPlainText())
    assert "As it stands" in pane.reveal.text()
    stage.press(K.Key_U)
    stage.until(lambda: "⟦RLO⟧" in pane.surface.toPlainText())
    pane.reveal.click()
    stage.until(lambda: "U+202E" in pane.surface.toPlainText())
    stage.press(K.Key_K)
    stage.until(lambda: stage.item_id != "m-6")
    stage.press(K.Key_J)
    stage.until(lambda: stage.item_id == "m-6" and "⟦RLO⟧" in pane.surface.toPlainText())  # each begins as it stands


def test_older_turns_unfold_on_a_key(stage: Stage, tmp_path: Path) -> None:
    turns = [{"role": "user", "content": f"turn number {n} pаypal"} for n in range(60)]
    stage.open(make_workspace(tmp_path / "long", ({"id": "c", "messages": turns, "target": 30, "policy": "spam"},)))
    pane = stage.desk.content
    assert pane.fold.isVisible()
    assert "turn number 2 " not in pane.surface.toPlainText()
    assert "1 word mixes alphabets (Cyrillic, Latin)" in pane.hidden_words.text()
    stage.press(K.Key_T)
    stage.until(lambda: "turn number 2 " in pane.surface.toPlainText())
    top = pane.surface.cursorForPosition(pane.surface.viewport().rect().topLeft()).block().text()
    assert "UNDER REVIEW" in top or "UNDER REVIEW" in pane.surface.firstVisibleBlock().next().text()
    desk = stage.desk
    desk.events.entries_changed(desk.reviewing.wanted_key)  # a verdict arrives: the item is read again
    read = stage.shown
    stage.until(lambda: stage.shown is not read and pane.view is not read.view)
    assert "turn number 2 " in pane.surface.toPlainText()
    assert pane.view.folded == 0
    stage.press(K.Key_T)
    stage.until(lambda: "turn number 2 " not in pane.surface.toPlainText())


def test_zoom_is_on_keys_for_all_reading_surfaces_and_remembered(open_stage: Stage) -> None:
    stage = open_stage
    stage.ctrl(K.Key_Plus)
    stage.ctrl(K.Key_Plus)
    desk = stage.desk
    assert [s.zoom for s in (desk.content.surface, desk.verdict.surface, desk.policy.surface)] == [2, 2, 2]
    stage.ctrl(K.Key_W)
    stage.open()
    assert stage.desk.content.surface.zoom == 2
    stage.ctrl(K.Key_0)
    assert stage.desk.content.surface.zoom == 0


def test_metadata_is_copied_without_live_addresses(stage: Stage, tmp_path: Path) -> None:
    item = {"id": "m", "content": "x", "policy": "spam", "metadata": {"page": "http://evil.example/a", "by": "me"}}
    stage.open(make_workspace(tmp_path / "meta", (item,)))
    stage.press(K.Key_M)
    table = stage.desk.content.metadata
    table.setFocus()
    table.selectAll()
    stage.ctrl(K.Key_C)
    assert QApplication.clipboard().text() == "page\thxxp[:]//evil[.]example/a\nby\tme"
