"""A recovery code: copied, printed on one sheet, and forgotten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.widgets.recovery_code import RecoveryCode, paint_sheet

CODE = "7V9388-XWQAYF-96W1EW-YHCZG6-B6DYP0-KN2YJR"


def test_it_waits_until_it_is_kept_and_is_forgotten(qtbot: QtBot) -> None:
    widget = RecoveryCode()
    qtbot.addWidget(widget)
    assert not widget.waits
    widget.show_code(CODE, "desk")
    assert widget.waits
    widget.copy.click()
    assert QApplication.clipboard().text() == CODE
    with qtbot.waitSignal(widget.kept):
        widget.tick.click()
    assert not widget.waits
    widget.show_code(CODE, "desk")
    assert widget.waits  # another code has to be kept anew
    widget.show_code("", "")
    assert not widget.waits
    assert CODE not in widget.code.text()


def test_the_sheet_is_one_page(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    writer = QPdfWriter(str(path))
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF()))
    paint_sheet(writer, CODE, "my <b>desk</b>")
    del writer
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") == 1
    assert b"/Font" in data  # words, not an empty page
