"""Tests of policies on real runs: recorded verdicts give scikit-learn's figures; the sample model, end to end."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from sklearn import metrics

from core import services
from core.domain import FlipKind, VerdictStatus
from core.policy.document import parse_policy
from tests.fixtures.workspaces import ROOT, new_workspace


def test_figures_of_recorded_runs_are_those_of_scikit_learn(docket_data: Path, tmp_path: Path) -> None:
    folder = docket_data / "recorded_verdicts"
    rows = [json.loads(line) for line in (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
    readings = json.loads((ROOT / "tests/core/inference/recorded_readings.json").read_text(encoding="utf-8"))
    with new_workspace(tmp_path / "w", policies=()) as workspace:
        services.import_file(
            workspace,
            path=folder / "verdicts.jsonl",
            format="verdicts",
            policies=folder / "policies",
            decide_from="expected",
        )
        services.freeze_cases(workspace, name="expected", policy_ids=["fraud-1", "multi_turn-3", "unicode-1"])
        for name in ("fraud-1", "multi_turn-3", "unicode-1"):
            policy = services.get_policy(workspace, policy_id=name)
            report = services.run_policy_test(workspace, draft=policy, case_set="expected")
            own = [row for row in rows if row["policy"] == name]
            assert len(report.run.flips) == len(own)
            read = [row for row in own if readings[row["id"]] is not None]
            assert report.draft.n == len(read)
            human = [row["expected"] == "INVALID" for row in read]
            violating = {label.code for label in policy.labels if label.violates}
            model = [readings[row["id"]] in violating for row in read]
            for mine, theirs in (
                (report.draft.precision, metrics.precision_score),
                (report.draft.recall, metrics.recall_score),
                (report.draft.f1, metrics.f1_score),
                (report.draft.kappa, metrics.cohen_kappa_score),
            ):
                assert mine.value == pytest.approx(theirs(human, model), abs=1e-12)
                assert mine.low is not None
                assert mine.high is not None
                assert mine.low <= mine.value <= mine.high  # type: ignore[operator]
            assert report.draft.output_tokens == sum(row["completion_tokens"] for row in own)


@pytest.mark.slow
@pytest.mark.sample_model
def test_a_draft_that_differs_in_one_clause_on_the_sample_model(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "w", policies=("spam",)) as workspace:
        golden = ROOT / "policies" / "golden" / "spam.jsonl"
        some = tmp_path / "some.jsonl"
        some.write_text("".join(golden.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), encoding="utf-8")
        services.import_cases(workspace, name="golden", path=some, policy_id="spam")
        services.edit_clause(workspace, policy_id="spam", clause="SP2.c", text="Begging for likes, follows or votes.")
        draft = services.parse_draft(services.get_draft(workspace, name="spam"))
        current = services.get_policy(workspace, policy_id="spam")
        assert [row.clause for row in services.diff(workspace, before="spam", after="draft:spam").changed] == ["SP2.c"]
        with closing(services.open_classifier(workspace)) as classifier:
            report = services.run_policy_test(
                workspace, draft=draft, case_set="golden", against=current, classifier=classifier
            )
            again = services.run_policy_test(
                workspace, draft=draft, case_set="golden", against=current, classifier=classifier
            )
        assert len(report.run.flips) == 4
        assert report.run.draft_hash == parse_policy(draft.document).hash
        assert sum(report.run.count(kind) for kind in FlipKind) == 4
        assert report.draft.output_tokens > 0
        assert {flip.after.status for flip in report.run.flips} <= set(VerdictStatus)
        assert again.run.flips == report.run.flips
        assert services.check_publication(workspace, name="spam").run == again.run
