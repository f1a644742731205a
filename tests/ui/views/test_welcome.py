"""The first page on the real services: create, open, a wrong passphrase, the last workspace, the sample."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from core import services
from core.domain import EntryState
from tests.ui.conftest import PASSPHRASE, Stage
from ui.views.welcome import WelcomeView

K = Qt.Key


def welcome_of(stage: Stage) -> WelcomeView:
    welcome = stage.window.welcome
    assert welcome is not None
    return welcome


def test_the_first_page_offers_the_first_steps(stage: Stage) -> None:
    stage.press(K.Key_Return)  # the first card, when no workspace is known
    dialog = stage.window.administration.setting_up.dialog
    assert dialog is not None
    stage.until(dialog.isActiveWindow)
    stage.press(K.Key_Escape)
    assert stage.window.administration.setting_up.dialog is None
    assert welcome_of(stage).choices.isVisible()


def test_a_wrong_passphrase_says_so_and_asks_again(stage: Stage) -> None:
    stage.ctrl(K.Key_O)
    form = welcome_of(stage).form
    form.folder.setText(str(stage.folder))
    form.passphrase.setText("not the passphrase")
    form.submit()
    stage.until(lambda: "does not open" in form.problem.text())
    form.passphrase.setText(PASSPHRASE)
    form.submit()
    stage.until(lambda: stage.window.desk is not None)
    assert stage.window.windowTitle().startswith("desk")


def test_something_that_is_no_workspace_is_a_sentence(stage: Stage, tmp_path: Path) -> None:
    welcome_of(stage).ask_open(tmp_path)
    form = welcome_of(stage).form
    form.passphrase.setText(PASSPHRASE)
    form.submit()
    stage.until(lambda: "not a workspace" in form.problem.text() or "not a workspace" in stage.notice)
    assert stage.window.desk is None


def test_the_last_workspace_is_offered_and_asks_for_its_passphrase(stage: Stage) -> None:
    stage.open()
    stage.ctrl(K.Key_W)
    choices = welcome_of(stage).choices
    assert choices.open_recent.isVisible()
    assert str(stage.folder) in choices.open_recent.accessibleDescription()
    stage.press(K.Key_Return)
    form = welcome_of(stage).form
    stage.until(form.isVisible)
    assert not form.problem.isVisible()  # being asked is not an error
    stage.type(PASSPHRASE)
    stage.press(K.Key_Return)
    stage.until(lambda: stage.window.desk is not None)


def test_the_sample_opens_judges_itself_and_leaves_nothing_behind(stage: Stage) -> None:
    stage.ctrl(K.Key_Escape)
    welcome_of(stage).choices.sample.click()
    stage.until(lambda: stage.window.desk is not None)
    folder = stage.desk._workspace.folder
    assert folder.is_dir()
    count = len(services.sample_queue_path().read_text(encoding="utf-8").splitlines())
    stage.qtbot.waitUntil(lambda: len(stage.classifier.judged) >= count, timeout=20_000)
    stage.until(lambda: not stage.desk.judging.running)
    stage.until(lambda: stage.desk.model.rowCount() == count)
    states = {stage.desk.model.row_at(n).state for n in range(count)}
    assert states == {EntryState.JUDGED}
    stage.ctrl(K.Key_W)
    assert not folder.exists()
    assert services.last_workspace() is None


def test_escape_leads_back_to_the_choices(stage: Stage) -> None:
    welcome_of(stage).ask_open()
    stage.press(K.Key_Escape)
    assert welcome_of(stage).pages.currentWidget() is welcome_of(stage).choices
