"""Statistics through the verb: what is counted, and the figures beside scikit-learn's."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_score, recall_score

from core import services
from core.domain import PolicyStats, VerdictStatus
from core.errors import UsageError
from core.services.workspace import Workspace
from tests.fixtures.values import make_verdict
from tests.fixtures.workspaces import new_workspace, write_lines


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w") as made:
        items = [{"id": f"i{number}", "content": f"text {number}"} for number in range(8)]
        services.import_file(made, path=write_lines(tmp_path / "items.jsonl", items))
        yield made


def judge(workspace: Workspace, item_id: str, label: str | None) -> None:
    policy, item = workspace.store.get_policy("spam"), workspace.store.get_item(item_id)
    assert policy is not None
    assert item is not None
    status = VerdictStatus.PARSED if label else VerdictStatus.REFUSED
    workspace.store.add_verdicts([make_verdict(item, policy, label, status=status)], actor="test")


def decide(workspace: Workspace, item_id: str, label: str) -> None:
    key = services.find_entry(workspace, item_id=item_id, policy_id="spam")
    services.decide(workspace, key=key, label=label, policy_id="spam")


def read_lines(path: Path) -> list[dict[str, Any]]:
    # Not splitlines(): the runs hold U+2028 and the like inside their text.
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def spam(workspace: Workspace) -> PolicyStats:
    (figures,) = services.stats(workspace, policy_id="spam")
    return figures


def test_nothing_to_compare_gives_no_figures(workspace: Workspace) -> None:
    assert [figures.policy_id for figures in services.stats(workspace)] == ["harassment", "spam"]
    figures = spam(workspace)
    assert (figures.items, figures.judged, figures.decided, figures.compared) == (0, 0, 0, 0)
    assert {figures.agreement, figures.kappa, figures.precision, figures.recall, figures.f1} == {None}
    with pytest.raises(UsageError):
        services.stats(workspace, policy_id="nope")


def test_agreement_is_about_labels_and_the_rest_about_violating(workspace: Workspace) -> None:
    for number, (model, human) in enumerate(
        [("SP4", "SP4"), ("SP4", "SP2"), ("SP0", "SP2"), ("SP2", "SP0"), ("SP0", "SP0")]
    ):
        judge(workspace, f"i{number}", model)
        decide(workspace, f"i{number}", human)
    figures = spam(workspace)
    assert (figures.items, figures.judged, figures.decided, figures.compared) == (5, 5, 5, 5)
    assert figures.agreement == pytest.approx(2 / 5)
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.recall == pytest.approx(2 / 3)
    assert figures.f1 == pytest.approx(2 / 3)
    human, model = [1, 1, 1, 0, 0], [1, 1, 0, 1, 0]
    assert figures.kappa == pytest.approx(cohen_kappa_score(human, model))


def test_what_could_not_be_read_counts_by_status_only(workspace: Workspace) -> None:
    judge(workspace, "i0", None)
    decide(workspace, "i0", "SP4")
    judge(workspace, "i1", "SP4")
    figures = spam(workspace)
    assert (figures.judged, figures.decided, figures.compared, figures.agreement) == (2, 1, 0, None)
    assert figures.by_status == {VerdictStatus.REFUSED: 1, VerdictStatus.PARSED: 1}


def test_only_the_standing_decision_counts_against_the_verdict_it_was_made_on(workspace: Workspace) -> None:
    judge(workspace, "i0", "SP4")
    decide(workspace, "i0", "SP0")
    decide(workspace, "i0", "SP4")
    judge(workspace, "i0", "SP0")
    figures = spam(workspace)
    assert (figures.items, figures.decided, figures.compared, figures.agreement) == (1, 1, 1, 1.0)
    assert sum(figures.by_status.values()) == figures.judged == 1
    services.undo(workspace)
    services.undo(workspace)
    assert (spam(workspace).decided, spam(workspace).compared) == (0, 0)


def test_a_label_that_came_first_is_compared_with_the_verdict_that_follows(
    workspace: Workspace, tmp_path: Path
) -> None:
    gold = {"id": "g", "content": "x", "policy": "spam", "gold": "SP0"}
    services.import_file(workspace, path=write_lines(tmp_path / "gold.jsonl", [gold]), decide_from="gold")
    assert spam(workspace).compared == 0
    judge(workspace, "g", "SP2")
    figures = spam(workspace)
    assert (figures.compared, figures.agreement, figures.precision) == (1, 0.0, 0.0)


def test_one_sided_judgements_have_no_kappa(workspace: Workspace) -> None:
    judge(workspace, "i0", "SP0")
    decide(workspace, "i0", "SP0")
    figures = spam(workspace)
    assert (figures.agreement, figures.kappa, figures.precision, figures.recall, figures.f1) == (
        1.0, None, None, None, None,
    )  # fmt: skip


def test_recorded_runs_give_scikit_learns_figures(workspace: Workspace, docket_data: Path) -> None:
    folder = docket_data / "recorded_verdicts"
    path = folder / "verdicts.jsonl"
    services.import_file(workspace, path=path, policies=folder / "policies", decide_from="expected")
    services.export(workspace, what="items", out=workspace.folder.parent / "items.jsonl")
    exported = read_lines(workspace.folder.parent / "items.jsonl")
    model = {row["id"]: row["verdicts"][0]["violates"] for row in exported if row["verdicts"]}
    sides: dict[str, tuple[list[bool], list[bool]]] = {}
    for record in read_lines(path):
        if model[record["id"]] is not None:
            human, said = sides.setdefault(record["policy"], ([], []))
            human.append(record["expected"] == "INVALID")
            said.append(model[record["id"]])
    figures = {row.policy_id: row for row in services.stats(workspace)}
    assert set(sides) == set(figures) - {"spam", "harassment"}
    assert sum(row.judged for row in figures.values()) == sum(row.decided for row in figures.values()) == 841
    for policy_id, (human, said) in sides.items():
        row = figures[policy_id]
        assert row.compared == len(human) == row.by_status[VerdictStatus.PARSED]
        assert row.agreement == pytest.approx(accuracy_score(human, said))
        assert row.precision == pytest.approx(precision_score(human, said))
        assert row.recall == pytest.approx(recall_score(human, said))
        assert row.f1 == pytest.approx(f1_score(human, said))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn warns where kappa has no denominator
            kappa = cohen_kappa_score(human, said)
        assert (row.kappa is None) if math.isnan(kappa) else row.kappa == pytest.approx(kappa)
