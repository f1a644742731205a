"""A team's workspace on a server measures as one in a file does: the same figures, samples, scores and items behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core import services
from core.domain import QueueFilter, QueueSort
from core.domain.behind import Compared, Drawn, Held, OpenItems, Sampled, Shared, Stepped, Waiting
from core.domain.insight import Cell, Dimension
from core.domain.opinions import Features
from core.exchange.insight import (
    calibration_to_dict,
    drift_to_dict,
    measures_to_dict,
    reviewers_to_dict,
)
from core.exchange.opinions import card_to_dict, deferral_to_dict, recall_to_dict, useful_to_dict
from core.services.workspace import Workspace, create_workspace
from core.store.wrapping import Argon2Cost
from tests.core.services.measured import measured_by_two
from tests.core.services.test_second_opinion import fill
from tests.fixtures.server import TeamServer
from tests.fixtures.tiny_models import write_tiny_chatml

CHEAP = Argon2Cost(8, 1, 1)
TOLD_APART = ("trained_at", "trained_by", "set_at", "set_by")
"""What names the moment and the person, who on a server is the login."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_chatml(tmp_path_factory.mktemp("team-vectors") / "tiny.gguf")


def measure_everything(workspace: Workspace, model: Path, out: Path) -> dict[str, Any]:
    """Go through every verb of measuring and return what each says."""
    measured_by_two(workspace)
    fill(workspace, 110, 40)
    said: dict[str, Any] = {
        "measures": measures_to_dict(services.policy_measures(workspace)),
        "reviewers": reviewers_to_dict(services.reviewer_measures(workspace, policy_id="fraud")),
        "drift": drift_to_dict("fraud", services.version_drift(workspace, policy_id="fraud")),
        "calibration": calibration_to_dict(services.calibration(workspace, policy_id="fraud")),
    }
    card = services.train_second_opinion(workspace, policy_id="sales", reads=Features.BOTH, embedding=str(model))
    said["card"] = card_to_dict(card)
    said["scored"] = services.score_new(workspace).scored
    drawn = services.draw_audit(workspace, policy_id="sales", size=30, seed=1)
    for place, key in enumerate(drawn.entries[:20]):
        services.decide(workspace, key=key, label="X2" if place % 4 == 0 else "X0")
    said["recall"] = recall_to_dict(services.audit_recall(workspace, policy_id="sales"), [])
    said["next"] = useful_to_dict("sales", services.most_useful_next(workspace, policy_id="sales", limit=10))
    said["waiting"] = deferral_to_dict(services.start_waiting(workspace, policy_id="sales", error=0.3))
    expected = QueueFilter(policy_id="sales", sort=QueueSort.EXPECTED)
    said["order"] = list(services.queue_ids(workspace, filter=expected))
    said["behind"] = [len(services.entries_behind(workspace, policy_id=policy, behind=one)) for policy, one in BEHIND]
    said["words"] = [word.text for word in services.weighing_words(workspace, policy_id="sales")]
    files = services.write_evaluation(workspace, policy_id="sales", out=out, dated=date(2026, 11, 24))
    said["report"] = files.html.stat().st_size > 10_000
    said["came back"] = services.stop_waiting(workspace, policy_id="sales")
    return json.loads(json.dumps(said), object_hook=lambda one: {k: v for k, v in one.items() if k not in TOLD_APART})  # type: ignore[no-any-return]


BEHIND = (
    ("fraud", Compared(cell=Cell.DISAGREEMENT)),
    ("fraud", Compared(Dimension.LANGUAGE, "de")),
    ("fraud", Shared("ana", "kim", differ=True)),
    ("fraud", Stepped(1, 2, flipped=True)),
    ("sales", OpenItems(0.5)),
    ("sales", Drawn(Sampled.ALL)),
    ("sales", Drawn(Sampled.MISSED)),
    ("sales", Held(1, cell=Cell.DISAGREEMENT)),
    ("sales", Waiting()),
    ("sales", Waiting(audited=True)),
)


def test_a_server_measures_as_a_file_does(
    team_server: TeamServer, tmp_path: Path, model: Path, equal: Callable[[Any, Any], None]
) -> None:
    with create_workspace(tmp_path / "file", passphrase="long enough", reviewer="rev1", cost=CHEAP) as workspace:
        here = measure_everything(workspace, model, tmp_path / "a")
    folder = services.workspace_folder(team_server.url(team_server.database()))
    with services.create_workspace(folder, passphrase="long enough", cost=CHEAP) as workspace:
        there = measure_everything(workspace, model, tmp_path / "b")
        assert all(check.ok for check in services.verify(workspace))
    assert len(here["order"]) > 15
    assert sum(here["behind"]) > 50
    equal(here, there)


@pytest.fixture
def equal() -> Callable[[Any, Any], None]:
    """Holds two documents against each other, numbers to nine digits; says where they differ."""

    def hold(one: Any, other: Any, place: str = "") -> None:
        if isinstance(one, dict):
            assert one.keys() == other.keys(), place
            for name, value in one.items():
                hold(value, other[name], f"{place}.{name}")
        elif isinstance(one, list):
            assert len(one) == len(other), place
            for number, value in enumerate(one):
                hold(value, other[number], f"{place}[{number}]")
        elif isinstance(one, float):
            assert one == pytest.approx(other, abs=1e-9), place
        else:
            assert one == other, place

    return hold
