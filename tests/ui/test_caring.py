"""Care at the desk: the veil lifts while a key is held, hides at once, masks words, counts and reminds."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.domain import EntryState
from tests.ui.conftest import Stage
from ui.care import CareSettings
from ui.masking import Mask

K = Qt.Key


def use(stage: Stage, words: tuple[str, ...] = (), **settings: object) -> None:
    stage.desk.use_care(CareSettings(**settings), words)  # type: ignore[arg-type]


def ready(stage: Stage) -> Stage:
    stage.judge_all()  # the fake says SP2, severity 2, of everything
    stage.show("m-1")
    return stage


def test_nothing_is_veiled_at_first(open_stage: Stage) -> None:
    assert not ready(open_stage).desk.caring.covered


def test_a_grave_item_is_veiled_and_shows_while_v_is_held(open_stage: Stage) -> None:
    stage = ready(open_stage)
    severity = next(p for p in stage.desk.policies if p.policy_id == "spam").labels[1].severity
    use(stage, veil_from=severity)
    assert stage.desk.caring.covered
    cover = stage.desk.caring._covers[0]
    assert cover.isVisible()
    assert cover.geometry() == stage.desk.content.surface.rect()
    assert str(severity) in cover.title.text()
    stage.until(lambda: stage.desk.model.row_at(0).excerpt == "Veiled")
    stage.press(K.Key_V)  # QTest presses and releases: down by hand
    QTest.keyPress(QApplication.focusWidget(), K.Key_V)
    assert not stage.desk.caring.covered
    QTest.keyRelease(QApplication.focusWidget(), K.Key_V)
    assert stage.desk.caring.covered
    stage.press(K.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert not stage.desk.caring.covered
    stage.press(K.Key_J)
    stage.until(lambda: stage.item_id != "m-1")
    assert stage.desk.caring.covered  # the next one is veiled anew
    stage.press(K.Key_2)  # every decision works behind the veil
    stage.until(lambda: not stage.desk.reviewing.busy)


@pytest.mark.parametrize(("labels", "covered"), [(("SP2",), True), (("SP4",), False)])
def test_a_label_can_be_veiled_by_itself(open_stage: Stage, labels: tuple[str, ...], covered: bool) -> None:
    stage = ready(open_stage)
    use(stage, veil_labels=labels)
    assert stage.desk.caring.covered is covered


def test_a_blind_item_is_veiled_whatever_the_model_said(stage: Stage) -> None:
    from tests.ui.test_deciding import rules

    rules(stage, blind_percent=100)
    stage.open()
    stage.judge_blind()
    use(stage, veil_from=4)  # graver than what the model said
    stage.until(lambda: stage.shown.review.state is EntryState.JUDGED)
    assert stage.desk.caring.covered
    assert "severity" not in stage.desk.caring._covers[0].title.text()


def test_hide_this_works_at_once_even_from_a_field(open_stage: Stage) -> None:
    stage = ready(open_stage)
    stage.press(K.Key_H)
    assert stage.desk.caring.covered
    stage.press(K.Key_H)
    assert not stage.desk.caring.covered
    stage.ctrl(K.Key_F)
    stage.press(K.Key_F8)
    assert stage.desk.caring.covered


def test_masked_words_keep_their_length_and_come_back_while_held(open_stage: Stage) -> None:
    stage = ready(open_stage)
    use(stage, ("watches",))
    surface = stage.desk.content.surface
    stage.until(lambda: "Cheap w•••••• today" in surface.toPlainText().replace(",", ""))
    stage.until(lambda: "w••••••" in stage.desk.model.row_at(stage.desk.model.row_of(stage.shown.review.key)).excerpt)
    QTest.keyPress(QApplication.focusWidget(), K.Key_V)
    stage.until(lambda: "watches" in surface.toPlainText())
    QTest.keyRelease(QApplication.focusWidget(), K.Key_V)
    stage.until(lambda: "watches" not in surface.toPlainText())
    assert "watches" in stage.shown.review.item.content


@pytest.mark.parametrize(
    ("words", "text", "shown"),
    [
        (("bad",), "Bad BAD badly", "B•• B•• badly"),
        (("two words",), "two words!", "t•• •••••!"),
        (("a+b",), "a+b c", "a+• c"),
        ((), "bad", "bad"),
        (("", " "), "bad", "bad"),
    ],
)
def test_a_mask_covers_whole_words(words: tuple[str, ...], text: str, shown: str) -> None:
    masked = Mask(words).text(text)
    assert masked == shown
    assert len(masked) == len(text)


def test_what_was_seen_is_counted_once_by_severity_and_only_if_it_was_uncovered(open_stage: Stage) -> None:
    stage = ready(open_stage)
    log = stage.desk.caring.log
    before = dict(log.total())
    stage.press(K.Key_1)
    stage.press(K.Key_6)
    stage.press(K.Key_Return)
    stage.until(lambda: stage.item_id != "m-1")
    assert log.total().get("0", 0) == before.get("0", 0) + 1
    use(stage, veil_from=1)
    counted = sum(log.total().values())
    stage.press(K.Key_J)
    stage.press(K.Key_J)
    stage.until(lambda: stage.desk.caring.covered)
    assert sum(log.total().values()) <= counted + 1  # the one in view when the veil came


def test_the_count_is_kept_apart_from_the_workspace(open_stage: Stage) -> None:
    from core.paths import home_folder

    stage = ready(open_stage)
    stage.press(K.Key_J)
    stage.window.close()
    file = home_folder() / "exposure.json"
    assert file.is_file()
    assert oct(file.stat().st_mode)[-3:] == "600"
    assert "m-1" not in file.read_text()
    assert not list(Path(stage.folder).glob("**/exposure*"))


def test_a_break_is_offered_taken_and_ended_by_keys(open_stage: Stage) -> None:
    stage = ready(open_stage)
    use(stage, break_every=1)
    stage.desk.attention._counted_s += 61
    stage.desk.caring.look_at_the_clock()
    assert stage.desk.rest_strip.isVisible()
    stage.desk.caring.look_at_the_clock()
    stage.ctrl(K.Key_B)
    assert stage.desk.resting.isVisible()
    assert not stage.desk.rest_strip.isVisible()
    item_id = stage.item_id
    stage.press(K.Key_A)
    stage.press(K.Key_2)
    assert stage.item_id == item_id
    assert not stage.desk.reviewing.busy
    stage.ctrl(K.Key_B)
    assert not stage.desk.resting.isVisible()
    stage.desk.caring.look_at_the_clock()
    assert not stage.desk.rest_strip.isVisible()


def test_the_end_of_a_session_is_told_once(open_stage: Stage) -> None:
    stage = ready(open_stage)
    use(stage, session_length=2)
    stage.desk.attention._counted_s += 121
    stage.desk.caring.look_at_the_clock()
    assert stage.desk.rest_strip.isVisible()
    stage.desk.rest_strip.put_off.click()
    stage.desk.caring.look_at_the_clock()
    assert not stage.desk.rest_strip.isVisible()
