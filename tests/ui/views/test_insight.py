"""The insight page, driven by keys: sheets are chosen, every number opens its items, and tables and pictures leave."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from core import services
from core.domain.behind import Compared, Drawn, Listed, Sampled
from core.domain.insight import Cell, Dimension
from core.domain.opinions import Features
from tests.core.services.test_second_opinion import fill
from tests.fixtures.tiny_models import write_tiny_chatml
from tests.fixtures.workspaces import new_workspace, write_lines
from tests.ui.conftest import Stage
from ui.chores import Chores, ImportRequest
from ui.sheets import keys_behind, make_sheet
from ui.sheets.values import SheetKind
from ui.theme import Appearance
from ui.views.insight import InsightPage

K = Qt.Key
LONG_MS = 60_000
"""A sheet loads its libraries first, which takes its time on a busy machine."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("insight") / "desk"
    with new_workspace(folder) as workspace:
        fill(workspace, 100, 30)
        services.train_second_opinion(workspace, policy_id="sales")
        services.draw_audit(workspace, policy_id="sales", size=20, seed=1)
    return folder


@pytest.fixture
def page(stage: Stage, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InsightPage:
    import shutil

    from ui.views.welcome import WorkspaceRequest

    shutil.copytree(filled, tmp_path / "copy")
    stage.window.open_workspace(WorkspaceRequest(tmp_path / "copy", "long enough", create=False))
    stage.until(lambda: stage.window.desk is not None and stage.desk.reviewing.current is not None)
    stage.press(K.Key_3, Qt.KeyboardModifier.AltModifier)
    found = stage.window.findChild(InsightPage)
    assert isinstance(found, InsightPage)
    stage.qtbot.waitUntil(lambda: found.sheet is not None, timeout=LONG_MS)
    return found


def choose(stage: Stage, page: InsightPage, kind: SheetKind, by: Dimension = Dimension.REVIEW) -> None:
    page.sheet = None
    page.choose("sales", kind, by)
    stage.qtbot.waitUntil(lambda: page.sheet is not None, timeout=LONG_MS)


def test_every_sheet_is_shown_with_words_and_no_markup(stage: Stage, page: InsightPage) -> None:
    for kind in SheetKind:
        choose(stage, page, kind)
        assert page.sheet is not None
        assert page.sheet.kind is kind
        assert page.model.rowCount() == len(page.sheet.rows)
        assert page.sheet.rows or page.sheet.notes
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.findChildren(QLabel))
        assert all(len(row.cells) == len(row.behind) == len(page.sheet.headers) for row in page.sheet.rows)


def test_every_division_can_be_chosen(stage: Stage, page: InsightPage) -> None:
    workspace = page._context.workspace
    for by in Dimension:
        choose(stage, page, SheetKind.AGREEMENT, by)
        assert page.sheet == make_sheet(workspace, SheetKind.AGREEMENT, "sales", by)


def test_over_all_policies_some_sheets_ask_for_one(stage: Stage, page: InsightPage) -> None:
    for kind in SheetKind:
        page.sheet = None
        page.choose(None, kind)
        stage.qtbot.waitUntil(lambda: page.sheet is not None, timeout=LONG_MS)
        assert page.sheet is not None
        assert bool(page.sheet.rows) is not kind.needs_policy or kind is SheetKind.GOLDEN


def test_enter_on_a_number_opens_its_items_on_the_desk(stage: Stage, page: InsightPage) -> None:
    choose(stage, page, SheetKind.AGREEMENT)
    page.table.setCurrentIndex(page.model.index(0, 2))
    page.table.setFocus()
    stage.press(K.Key_Return)
    stage.until(lambda: not page.isVisible())
    workspace = page._context.workspace
    wanted = services.entries_behind(workspace, policy_id="sales", behind=Compared(cell=Cell.DISAGREEMENT))
    stage.until(lambda: stage.desk.model.rowCount() == len(wanted))
    assert len(wanted) > 0


def test_every_number_of_every_sheet_opens_as_many_items_as_it_says(page: InsightPage) -> None:
    workspace = page._context.workspace
    opened = 0
    for kind in SheetKind:
        for by in (Dimension.LABEL, Dimension.LANGUAGE) if kind is SheetKind.AGREEMENT else (Dimension.REVIEW,):
            for row in make_sheet(workspace, kind, "sales", by).rows:
                for cell, behind in zip(row.cells, row.behind, strict=True):
                    if behind is None:
                        continue
                    keys = keys_behind(workspace, "sales", behind)
                    assert len(set(keys)) == len(keys)
                    said = said_count(cell)
                    smaller_side = "AUC" in row.cells[0]
                    if said is not None and counts_all(behind) and not smaller_side:
                        assert len(keys) == said, (kind, cell, behind)
                    opened += 1
    assert opened > 150


def said_count(cell: str) -> int | None:
    """The number of items a cell names: a plain count, or the n of a figure."""
    found = re.fullmatch(r"(\d+)", cell) or re.search(r"n (\d+)\)", cell) or re.match(r"(\d+) of \d+", cell)
    return None if found is None else int(found[1])


def counts_all(behind: object) -> bool:
    """Whether a cell opens all that its figure counts: not what differs, no list, and not the seen part of a guess."""
    apart = getattr(behind, "cell", None) is Cell.DISAGREEMENT or getattr(behind, "differ", False)
    guessed = behind == Drawn(Sampled.MISSED)
    return not (apart or guessed or getattr(behind, "flipped", False) or isinstance(behind, Listed))


def test_most_useful_next_opens_in_its_order(stage: Stage, page: InsightPage) -> None:
    choose(stage, page, SheetKind.NEXT)
    assert page.sheet is not None
    wanted = [row.cells[0] for row in page.sheet.rows]
    page.open_behind()
    stage.until(lambda: not page.isVisible())
    stage.until(lambda: stage.desk.model.rowCount() == len(wanted))
    rows = [stage.desk.model.row_at(place) for place in range(3)]
    assert [row.item_id for row in rows if row is not None] == wanted[:3]


def test_a_table_leaves_as_csv_and_a_page_as_a_picture(
    stage: Stage, page: InsightPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(stage, page, SheetKind.AGREEMENT)
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda _parent, _title, name: (str(tmp_path / Path(name).name), "")
    )
    page.save_csv()
    stage.until(lambda: (tmp_path / "insight.csv").exists())
    with (tmp_path / "insight.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    assert page.sheet is not None
    assert rows[0] == list(page.sheet.headers)
    assert len(rows) == 1 + len(page.sheet.rows)
    page.save_picture()
    assert (tmp_path / "insight.png").read_bytes().startswith(b"\x89PNG")


def test_the_report_is_one_button(
    stage: Stage, page: InsightPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(stage, page, SheetKind.AGREEMENT)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "reports"))
    page.write_report()
    stage.qtbot.waitUntil(lambda: not page.work.running, timeout=LONG_MS)
    assert {path.suffix for path in (tmp_path / "reports").iterdir()} == {".html", ".pdf"}


def test_what_fails_is_said_and_the_page_goes_on(stage: Stage, page: InsightPage) -> None:
    choose(stage, page, SheetKind.OPINION)
    page.work.toggle_waiting("sales")
    stage.qtbot.waitUntil(lambda: not page.work.running, timeout=LONG_MS)
    assert "Not enough labels" in stage.notice
    assert page.buttons["train"].isEnabled()


def test_work_is_done_by_button_and_read_anew(stage: Stage, page: InsightPage) -> None:
    choose(stage, page, SheetKind.OPINION)
    assert not page.by.isVisible()
    assert page.reads.isVisible()
    stage.qtbot.mouseClick(page.buttons["score"], Qt.MouseButton.LeftButton)
    stage.qtbot.waitUntil(lambda: not page.work.running, timeout=LONG_MS)
    assert "30 items are scored" in stage.notice


def test_training_from_vectors_asks_for_the_file_once(
    stage: Stage, page: InsightPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(stage, page, SheetKind.OPINION)
    asked: list[str] = []
    path = write_tiny_chatml(tmp_path / "tiny.gguf")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: asked.append("asked") or (str(path), ""))
    page.reads.setCurrentIndex(page.reads.findData(Features.BOTH))
    stage.qtbot.mouseClick(page.buttons["train"], Qt.MouseButton.LeftButton)
    stage.qtbot.waitUntil(lambda: not page.work.running, timeout=LONG_MS)
    assert "Version 2 is trained" in stage.notice

    def said() -> bool:
        return page.sheet is not None and "tiny-chatml" in " ".join(page.sheet.notes)

    stage.qtbot.waitUntil(said, timeout=LONG_MS)
    page.reads.setCurrentIndex(page.reads.findData(Features.VECTORS))
    page._train()
    stage.qtbot.waitUntil(lambda: not page.work.running, timeout=LONG_MS)
    assert asked == ["asked"]


def test_what_is_imported_is_scored_beside_the_work(stage: Stage, page: InsightPage, tmp_path: Path) -> None:
    workspace = page._context.workspace
    path = write_lines(tmp_path / "new.jsonl", [{"id": "new", "content": "cheap offer", "policy": "sales"}])
    chores = stage.desk.findChild(Chores)
    assert isinstance(chores, Chores)
    chores.import_file(ImportRequest(path))

    def scored() -> bool:
        with workspace.store._db.read() as connection:
            query = "SELECT count(*) FROM queue_entry e JOIN item i ON i.id = e.item_key WHERE i.item_id = 'new' AND "
            return connection.exec_driver_sql(query + "e.opinion >= 0").scalar_one() == 1

    stage.qtbot.waitUntil(scored, timeout=LONG_MS)


def test_every_control_has_a_name_and_every_button_a_key(page: InsightPage) -> None:
    for button in page.findChildren(QPushButton):
        assert "&" in button.text(), button.text()
    for control in (page.policy, page.kind, page.by, page.table):
        assert control.accessibleName()


@pytest.mark.parametrize("look", [Appearance.LIGHT, Appearance.DARK])
def test_nothing_is_cut_off_at_the_smallest_size(stage: Stage, page: InsightPage, look: Appearance) -> None:
    stage.window._context.theme.set_appearance(look)
    stage.window.resize(1000, 640)
    choose(stage, page, SheetKind.OPINION)
    for button in page.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width(), button.text()
    stage.window._context.theme.set_appearance(Appearance.LIGHT)
