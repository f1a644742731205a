"""What the sheet of recall and its command say while nothing is known yet, and where there is nothing to recall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.cli import run
from core.services import Workspace
from tests.core.services.test_second_opinion import POLICY
from tests.fixtures.labelled import labelled_items
from tests.fixtures.values import make_decision, make_verdict
from tests.fixtures.workspaces import new_workspace
from ui.sheets.scores import recall_sheet


@pytest.fixture
def harmless(tmp_path: Path) -> Iterator[Workspace]:
    """Forty judged items, the first twenty of them found harmless, and a draw from the rest."""
    with new_workspace(tmp_path / "desk") as workspace:
        store = workspace.store
        store.add_policy(POLICY, author="kim", note="", actor="kim")
        items = [item for item, _ in labelled_items(40)]
        store.add_items(items, source="test", actor="kim")
        store.add_verdicts([make_verdict(item, POLICY, "X0", score=0.1) for item in items], actor="kim")
        store.add_decisions([make_decision(item, POLICY, "X0") for item in items[:20]], actor="kim")
        services.draw_audit(workspace, policy_id="sales", size=20, seed=1)
        yield workspace


def recall_line(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> str:
    assert (
        run(["insight", "recall", "--policy", "sales", "--workspace", str(workspace.folder)], open_window=lambda *_: 2)
        == 0
    )
    return capsys.readouterr().out.splitlines()[0]


def test_recall_waits_for_layers_without_a_decision(
    harmless: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_PASSPHRASE", "long enough")
    assert "once every layer has a decided item" in recall_sheet(harmless, "sales").notes[0]
    assert recall_line(harmless, capsys).endswith("none yet of: passed, score 0.05 to 0.2.")


def test_where_nothing_violates_there_is_nothing_to_recall(
    harmless: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKET_PASSPHRASE", "long enough")
    rest = [make_decision(item, POLICY, "X0") for item, _ in labelled_items(40)[20:]]
    harmless.store.add_decisions(rest, actor="kim")
    assert "nothing to recall (n 40)" in recall_sheet(harmless, "sales").notes[0]
    assert "nothing to recall (n 40)" in recall_line(harmless, capsys)
