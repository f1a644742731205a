"""The matrix of reviewers: every two beside each other, with n and interval, and what the two differ on behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.behind import Shared
from core.services import Workspace
from tests.core.services.test_second_opinion import POLICY, fill
from tests.fixtures.labelled import labelled_items
from tests.fixtures.values import make_decision
from tests.fixtures.workspaces import new_workspace
from ui.sheets import keys_behind
from ui.sheets.people import MOST_REVIEWERS, reviewers_sheet
from ui.sheets.values import SheetRow


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Workspace]:
    """Thirty items that kim decided."""
    with new_workspace(tmp_path / "desk") as workspace:
        fill(workspace, 30, 0)
        yield workspace


def rate(desk: Workspace, reviewer: str, start: int, end: int, *, wrong: int = 0) -> None:
    """Let a reviewer decide some of the items as kim did, but the first `wrong` the other way."""
    pairs = labelled_items(30, noise=0.02)[start:end]
    said = [(item, side if place >= wrong else not side) for place, (item, side) in enumerate(pairs)]
    desk.store.add_decisions(
        [make_decision(item, POLICY, "X2" if side else "X0", reviewer=reviewer) for item, side in said], actor=reviewer
    )


def row_of(desk: Workspace, name: str) -> SheetRow:
    return next(row for row in reviewers_sheet(desk, "sales").rows if row.cells[0] == name)


def test_every_two_stand_beside_each_other_and_open_what_they_differ_on(desk: Workspace) -> None:
    rate(desk, "Ána \u05d0", 0, 20, wrong=3)
    rate(desk, "ben", 0, 4)
    sheet = reviewers_sheet(desk, "sales")
    names = sheet.headers[2:]
    assert names == ("ben", "kim", "Ána \u05d0")
    kim, other = row_of(desk, "kim"), row_of(desk, "Ána \u05d0")
    assert kim.cells[names.index("kim") + 2] == "\u2013"
    assert kim.cells[2].startswith("too few (n 4)")
    assert other.cells[3].startswith("0.85 (0.64\u20130.95, n 20)")
    assert kim.cells[4].startswith("0.")
    assert kim.cells[4].endswith("n 20)")
    differ = other.behind[3]
    assert differ == Shared("kim", "Ána \u05d0", differ=True)
    assert len(keys_behind(desk, "sales", differ)) == 3


def test_two_who_share_no_item_say_so_and_open_nothing(desk: Workspace) -> None:
    sheet = reviewers_sheet(desk, "sales")
    assert "No two reviewers" in sheet.notes[0]
    assert sheet.plot is None
    rate(desk, "ben", 0, 4)
    rate(desk, "eve", 20, 22)
    ben = row_of(desk, "ben")
    assert ben.cells[3] == "too few (n 0)"
    assert ben.behind[3] is None


def test_without_a_decision_there_is_no_number(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "empty") as workspace:
        sheet = reviewers_sheet(workspace, None)
    assert [row.cells[1] for row in sheet.rows] == ["too few (n 0)"] * 2


def test_many_reviewers_are_listed_by_pair(desk: Workspace) -> None:
    for number in range(MOST_REVIEWERS):
        rate(desk, f"reviewer {number:02}", 0, 2)
    sheet = reviewers_sheet(desk, "sales")
    assert sheet.headers[0:2] == ("Reviewer", "and")
    assert len(sheet.rows) == 2 + MOST_REVIEWERS * (MOST_REVIEWERS + 1) // 2
    assert all(len(row.cells) == len(row.behind) == len(sheet.headers) for row in sheet.rows)
