"""The desk of a team: the item in view is held, what others hold is not offered, and leaving lets everything go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from core import services
from core.domain import QueueFilter
from core.services import Workspace
from core.store.wrapping import Argon2Cost
from tests.fixtures.server import TeamServer
from tests.fixtures.workspaces import bring_in
from tests.ui.conftest import PASSPHRASE, Stage

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def other(team_server: TeamServer, stage: Stage) -> Iterator[Workspace]:
    """A colleague at another workstation; the stage's folder becomes that of the first login."""
    database = team_server.database()
    cost = Argon2Cost(8, 1, 1)
    stage.folder = services.workspace_folder(team_server.url(database))
    with services.create_workspace(stage.folder, passphrase=PASSPHRASE, cost=cost) as lead:
        for name in ("spam", "harassment"):
            services.add_policy(lead, path=ROOT / "policies" / f"{name}.md")
        services.add_member(lead, name="rev2")
        bring_in(lead, [{"id": f"t-{n}", "content": f"text {n}"} for n in range(4)], policy_id="spam")
    folder = services.workspace_folder(team_server.url(database, "rev2"))
    with services.create_workspace(folder, passphrase=PASSPHRASE, cost=cost) as workspace:
        yield workspace


def held(workspace: Workspace) -> list[tuple[str, str]]:
    """Holder and item of every claim in force."""
    return [(claim.holder, claim.item_id) for claim in workspace.store.claims(session="")]


def test_the_item_in_view_is_held_and_let_go_when_the_reviewer_moves_on(stage: Stage, other: Workspace) -> None:
    services.claim_next(other, filter=QueueFilter())
    assert held(other) == [("rev2", "t-0")]
    stage.open()
    assert "does not encrypt" in stage.notice  # said once, before anybody relies on it
    stage.until(lambda: held(other) == [("rev1", "t-1"), ("rev2", "t-0")])
    stage.press(Qt.Key.Key_J)
    stage.until(lambda: held(other) == [("rev1", "t-2"), ("rev2", "t-0")])
    stage.window.close_workspace()
    stage.until(lambda: held(other) == [("rev2", "t-0")])
