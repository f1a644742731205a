"""The page of models, driven by keys: what is here and fits, files that come in, a switch without a restart."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog, QFileDialog

from core import services
from core.domain import Check
from core.paths import models_folder
from tests.fixtures.hub_server import HubServer, running
from tests.fixtures.tiny_models import write_tiny_gpt_oss
from tests.ui.conftest import Stage
from tests.ui.looking import assert_named, assert_nothing_cut, assert_plain
from ui.dialogs.confirm import ConfirmDialog
from ui.dialogs.graphics import GraphicsDialog
from ui.models.machine_models import CheckTable, ModelTable
from ui.views.models import ModelsPage

K = Qt.Key


def page_of(stage: Stage) -> ModelsPage:
    shelf = stage.window.shelf
    assert shelf is not None
    page = shelf.page
    assert isinstance(page, ModelsPage)
    return page


@pytest.fixture
def page(open_stage: Stage) -> ModelsPage:
    """The page in view, the list read."""
    open_stage.press(K.Key_4, Qt.KeyboardModifier.AltModifier)
    page = page_of(open_stage)
    open_stage.qtbot.waitUntil(lambda: fits(page, 0) != "…", timeout=60_000)
    return page


def fits(page: ModelsPage, number: int) -> str:
    row = page.models.row(number)
    return row.fits_word() if row is not None else "…"


def choose(page: ModelsPage, model_id: str) -> None:
    page.table.selectRow(page.models.index_of(model_id))


def state(page: ModelsPage, model_id: str) -> str:
    row = page.models.row(page.models.index_of(model_id))
    return row.state_word() if row is not None else "not listed"


def test_what_is_here_and_what_fits_is_shown(page: ModelsPage, open_stage: Stage) -> None:
    assert state(page, "sample") == "In use"
    assert state(page, "gpt-oss-safeguard-20b") == "Not here"
    open_stage.qtbot.waitUntil(lambda: page.checks.rowCount() > 0, timeout=60_000)
    assert page.check_words.text() != "Checking…"
    assert page.buttons["D"].isEnabled() is False
    choose(page, "gpt-oss-safeguard-120b")
    assert page.buttons["D"].isEnabled()
    assert page.buttons["V"].isEnabled() is False
    assert "Memory while judging" in page.details.facts.text()
    assert_named(page)
    assert_plain(page)
    assert_nothing_cut(open_stage.window)
    keys = dict(open_stage.window.key_groups())["This page"]
    assert "Use for judging" in [action.text() for action in keys]
    models_folder().mkdir(parents=True, exist_ok=True)
    (models_folder() / "gpt-oss-safeguard-120b-F16.gguf.part").write_bytes(b"came so far")
    page.reload()
    open_stage.until(lambda: state(page, "gpt-oss-safeguard-120b") == "Paused at 0%")
    assert page.buttons["D"].text() == "Resume…"


def test_a_file_is_added_used_and_found_damaged(
    page: ModelsPage, open_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_stage
    stick = write_tiny_gpt_oss(tmp_path / "guard.gguf")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(stick), ""))
    stage.press(K.Key_F)
    stage.until(lambda: state(page, "guard") == "Ready")
    choose(page, "guard")
    stage.press(K.Key_U)
    assert state(page, "guard") == "In use"
    assert stage.desk._workspace.settings.model == "guard"
    path = models_folder() / "guard.gguf"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.unlink()
    path.write_bytes(data)
    stage.press(K.Key_V)
    stage.until(lambda: "SHA-256" in stage.notice)


def test_a_download_asks_first_and_then_is_ready(
    page: ModelsPage, open_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_stage
    data = write_tiny_gpt_oss(tmp_path / "m.gguf").read_bytes()
    monkeypatch.setattr("tests.fixtures.hub_server.REPO", "unsloth/gpt-oss-safeguard-20b-GGUF")
    choose(page, "gpt-oss-safeguard-20b")
    with running(HubServer({"gpt-oss-safeguard-20b-F16.gguf": data})) as hub:
        fetched = services.download_model

        def from_mirror(**options: object) -> Path:
            return fetched(**options, mirror=hub.endpoint)  # type: ignore[arg-type]

        monkeypatch.setattr(services, "download_model", from_mirror)
        answers = [QDialog.DialogCode.Rejected, QDialog.DialogCode.Accepted]
        monkeypatch.setattr(ConfirmDialog, "exec", lambda box: answers.pop(0))
        stage.press(K.Key_D)
        stage.qtbot.wait(100)
        assert hub.asked == []
        stage.press(K.Key_D)
        stage.until(lambda: state(page, "gpt-oss-safeguard-20b") == "Ready")
    assert not page.jobs.running


def test_what_goes_on_a_graphics_card_is_set_and_what_cannot_be_had_is_said(
    page: ModelsPage, open_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = open_stage

    def answer(dialog: GraphicsDialog) -> int:
        assert dialog.values == {"gpu_layers": "auto", "cpu_experts": "auto"}
        dialog.layers.lineEdit().setText("12")  # still being typed when it is saved
        dialog.experts.setValue(3)
        assert_named(dialog)
        assert_plain(dialog)
        dialog.accept()
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(GraphicsDialog, "exec", answer)
    stage.press(K.Key_G)
    settings = stage.desk._workspace.settings
    assert (settings.gpu_layers, settings.cpu_experts) == (12, 3)
    stage.qtbot.waitUntil(lambda: "no backend" in page.checks.detail("graphics"), timeout=60_000)
    stage.classifier.settings["fallback"] = "The graphics card failed; the processor does it all."
    stage.press(K.Key_1, Qt.KeyboardModifier.AltModifier)
    stage.judge_all()
    stage.until(lambda: "graphics card failed" in stage.notice)
    assert "less on the graphics card than asked" in stage.window.strip.model.text()


@pytest.mark.slow
@pytest.mark.sample_model
def test_a_probe_shows_what_it_measured(page: ModelsPage, open_stage: Stage) -> None:
    open_stage.press(K.Key_M)
    open_stage.qtbot.waitUntil(lambda: "items/h" in _speed(page), timeout=120_000)
    assert "Measured: 4 items" in page.details.facts.text()


def _speed(page: ModelsPage) -> str:
    row = page.models.row(0)
    return row.speed_word() if row is not None else ""


def test_a_report_is_written(
    page: ModelsPage, open_stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "support.zip"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    open_stage.press(K.Key_R)
    open_stage.qtbot.waitUntil(lambda: zipfile.is_zipfile(out), timeout=60_000)


def test_failed_checks_come_first_with_what_to_do(qapp: object) -> None:
    table = CheckTable()
    QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.set_checks([Check("a", True, "fine"), Check("b", False, "gone", "Bring it back.")])
    assert table.data(table.index(0, 0)) == "b"
    assert table.data(table.index(0, 2)) == "gone. Bring it back."
    assert table.data(table.index(0, 0), Qt.ItemDataRole.AccessibleTextRole) == "b. Failed. gone. Bring it back."
    models = ModelTable()
    QAbstractItemModelTester(models, QAbstractItemModelTester.FailureReportingMode.Fatal)
    models.set_rows([])
    assert models.row(0) is None
