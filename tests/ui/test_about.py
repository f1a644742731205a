"""About Docket: version, licences, details without a path, and the SBOM."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core import services
from tests.ui.conftest import Stage
from tests.ui.looking import assert_named, assert_nothing_cut, assert_plain

K = Qt.Key


def test_it_shows_version_and_licences_and_writes_the_sbom(stage: Stage, tmp_path: Path) -> None:
    stage.press(K.Key_A, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    dialog = stage.window.administration.about.dialog
    assert dialog is not None
    stage.until(lambda: dialog.rows.rowCount() > 10)
    for check in (assert_nothing_cut, assert_named, assert_plain):
        check(dialog)
    listed = {dialog.rows.item(row, 0).text(): dialog.rows.item(row, 2).text() for row in range(dialog.rows.rowCount())}
    assert listed.keys() == {one.name for one in services.list_components()}
    assert "Apache" in listed["cryptography"]
    dialog.copy.click()
    copied = QApplication.clipboard().text()
    assert services.version() in copied
    assert "cryptography" in copied
    assert str(Path.home()) not in copied
    out = tmp_path / "docket.cdx.json"
    stage.window.administration.about.save(out)
    stage.until(lambda: "docket.cdx.json" in dialog.count.text())
    assert json.loads(out.read_text())["bomFormat"] == "CycloneDX"
    stage.window.administration.about.save(out)
    stage.until(lambda: "exists already" in dialog.problem.text())
    stage.until(dialog.isActiveWindow)
    stage.press(K.Key_Escape)
    assert stage.window.administration.about.dialog is None
