"""The verbs of measuring on real and made workspaces: figures against scikit-learn, items behind, who sees whose."""

from __future__ import annotations

import json
import math
import warnings
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from sklearn import metrics

from core import services
from core.domain import Role
from core.domain.behind import Marked
from core.domain.insight import Dimension, Figures
from core.errors import UsageError
from core.services.workspace import Workspace
from tests.core.services.measured import measured_by_two
from tests.fixtures.values import make_decision, make_item, make_verdict
from tests.fixtures.workspaces import new_workspace

MEASURES = ("agreement", "kappa", "precision", "recall", "f1")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "desk") as made:
        yield made


@pytest.fixture
def judged(workspace: Workspace) -> Workspace:
    measured_by_two(workspace)
    return workspace


def equal(ours: float | None, theirs: float) -> bool:
    return ours is None if math.isnan(theirs) else ours == pytest.approx(theirs, abs=1e-9)


def test_recorded_runs_give_scikit_learns_figures_policy_by_policy(workspace: Workspace, docket_data: Path) -> None:
    folder = docket_data / "recorded_verdicts"
    services.import_file(
        workspace, path=folder / "verdicts.jsonl", policies=folder / "policies", decide_from="expected"
    )
    services.export(workspace, what="items", out=workspace.folder.parent / "items.jsonl")
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in (workspace.folder.parent / "items.jsonl").read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        item = json.loads(line)
        [verdict], [decision] = item["verdicts"], item["decisions"]
        if verdict["status"] == "parsed":
            pairs[verdict["policy"]].append((decision["label"], verdict["label"]))
    parts = services.policy_measures(workspace, by=[Dimension.POLICY]).parts
    assert {part.value for part in parts} == set(pairs)
    for part in parts:
        violating = {
            label.code: label.violates for label in services.get_policy(workspace, policy_id=part.value).labels
        }
        labels = list(zip(*pairs[part.value], strict=True))
        human, model = ([violating[label] for label in said] for said in labels)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # scikit-learn warns where a figure has no denominator
            theirs = {
                "agreement": metrics.accuracy_score(*labels),
                "kappa": metrics.cohen_kappa_score(human, model),
                "precision": metrics.precision_score(human, model, zero_division=math.nan),
                "recall": metrics.recall_score(human, model, zero_division=math.nan),
                "f1": metrics.f1_score(human, model, zero_division=math.nan),
            }
        for name in MEASURES:
            assert equal(getattr(part.figures, name).value, theirs[name]), (part.value, name)
    for policy_id in pairs:
        whole = services.policy_measures(workspace, policy_id=policy_id, by=()).whole
        assert whole == next(part.figures for part in parts if part.value == policy_id)


def test_stats_say_the_same_as_measures(judged: Workspace) -> None:
    [stats] = services.stats(judged, policy_id="fraud")
    whole: Figures = services.policy_measures(judged, policy_id="fraud", by=()).whole
    assert whole.compared == stats.compared == 40
    for name in MEASURES:
        assert stats.estimates[name] == getattr(whole, name)


def test_parts_know_source_language_version_and_review(judged: Workspace) -> None:
    parts = services.policy_measures(judged, policy_id="fraud").parts
    values = defaultdict(list)
    for part in parts:
        values[part.dimension].append(part.value)
    assert values[Dimension.SOURCE] == ["forum.jsonl"]
    assert values[Dimension.LANGUAGE] == ["de", "en"]
    assert values[Dimension.VERSION] == ["fraud v2"]
    assert values[Dimension.REVIEW] == ["assisted", "blind"]
    assert values[Dimension.MODEL] == ["tiny abababab"]
    assert values[Dimension.CLAUSE] == ["X2.a"]


def test_golden_scores_are_seen_by_a_lead_and_the_person_alone(judged: Workspace) -> None:
    everyone = services.reviewer_measures(judged, policy_id="fraud")
    assert [(mark.reviewer, mark.score.value) for mark in everyone.golden] == [("ana", 21 / 24), ("kim", 1.0)]
    assert everyone.reviewers == ("ana", "kim")
    services.add_member(judged, name="ana", role=Role.REVIEWER)
    services.add_member(judged, name="eve", role=Role.AUDITOR)
    judged.reviewer = "ana"
    own = services.reviewer_measures(judged, policy_id="fraud")
    assert [mark.reviewer for mark in own.golden] == ["ana"]
    assert own.golden_hidden == 1
    judged.reviewer = "eve"
    assert services.reviewer_measures(judged, policy_id="fraud").golden == ()


def test_hidden_golden_items_count_from_the_first_answer(judged: Workspace) -> None:
    for number in range(30, 40):
        services.add_golden(judged, item_id=f"item-{number}", policy_id="fraud", label="X2")
    policy = judged.store.get_policy("fraud")
    assert policy is not None
    for number in range(30, 40):
        item = make_item(number)
        label = "X2" if number < 37 else "X0"
        judged.store.add_decisions([make_decision(item, policy, label, reviewer="ana")], actor="ana")
        judged.store.add_decisions([make_decision(item, policy, "X2", reviewer="ana")], actor="ana")
    [mark] = [mark for mark in services.reviewer_measures(judged, policy_id="fraud").golden if mark.hidden]
    assert (mark.reviewer, mark.score.value, mark.score.n) == ("ana", 0.7, 10)
    for wrong, number in ((False, 10), (True, 3)):
        behind = Marked("ana", hidden=True, wrong=wrong)
        assert len(services.entries_behind(judged, policy_id="fraud", behind=behind)) == number


def test_reviewers_are_held_beside_each_other(judged: Workspace) -> None:
    found = services.reviewer_measures(judged, policy_id="fraud")
    [pair] = found.pairs
    kim, ana = [n >= 18 for n in range(40)], [n >= 21 for n in range(40)]
    assert pair.kappa.value == pytest.approx(metrics.cohen_kappa_score(ana, kim), abs=1e-9)
    assert found.alpha.n == 40
    assert found.alpha.value == found.alpha_violates.value


def test_a_label_taken_back_is_no_rating(judged: Workspace) -> None:
    item = judged.store.get_item("item-0")
    policy = judged.store.get_policy("fraud")
    assert item is not None
    assert policy is not None
    judged.store.add_decisions([make_decision(item, policy, None, reviewer="ana")], actor="ana")
    assert services.reviewer_measures(judged, policy_id="fraud").pairs[0].kappa.n == 39


def test_drift_counts_what_both_versions_judged(judged: Workspace) -> None:
    [step] = services.version_drift(judged, policy_id="fraud")
    assert (step.before, step.after) == (1, 2)
    assert step.flips == {(False, False): 15, (False, True): 5, (True, True): 20}
    assert step.flipped.value == 5 / 40
    assert step.p == pytest.approx(2 / 2**5)
    assert (step.violating.first.value, step.violating.second.value) == (25 / 40, 20 / 40)
    assert services.version_drift(judged, policy_id="spam") == []


def test_calibration_reads_scores_and_the_open_workload(judged: Workspace) -> None:
    found = services.calibration(judged, policy_id="fraud")
    assert found.n == 40
    assert found.auc.value == 1.0
    assert found.thresholds[0].score == pytest.approx(19 / 40)  # 21 of 22 are at least 95%
    targets = [("recall", 0.95), ("precision", 0.9)]
    assert services.thresholds(judged, policy_id="fraud", targets=targets) == list(found.thresholds)
    extra = make_item("open")
    judged.store.add_items([extra], source="x", actor="kim")
    policy = judged.store.get_policy("fraud")
    assert policy is not None
    judged.store.add_verdicts([make_verdict(extra, policy, "X2", score=0.9)], actor="kim")
    [recall, _] = services.calibration(judged, policy_id="fraud").thresholds
    assert (recall.workload, recall.open_items) == (1, 1)


def test_what_makes_no_sense_is_refused(workspace: Workspace) -> None:
    for verb in (services.policy_measures, services.reviewer_measures, services.version_drift):
        with pytest.raises(UsageError):
            verb(workspace, policy_id="nope")
    with pytest.raises(UsageError):
        services.calibration(workspace, policy_id="spam", target_recall=1.5)


def test_an_empty_workspace_has_few_words(workspace: Workspace) -> None:
    assert services.policy_measures(workspace).whole.agreement.words() == "too few (n 0)"
    assert services.reviewer_measures(workspace).alpha.words() == "too few (n 0)"
    assert services.calibration(workspace, policy_id="spam").curves == ()
