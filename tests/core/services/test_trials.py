"""Testing a draft: what flips, what is asked again and what not, the figures, and several policies at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sklearn import metrics

from core import services
from core.domain import Effort, FlipKind, PolicyVersion, Role, TrialRun, VerdictStatus
from core.errors import CancelledError, RoleError, UsageError
from core.policy.document import parse_policy
from core.services import TrialJudged, TrialStarted
from core.services.workspace import Workspace
from tests.core.services.conftest import NOISE
from tests.fixtures.classifiers import ScriptedClassifier, by_words
from tests.fixtures.workspaces import audit_kinds, bring_in

HORN = NOISE.replace("- WORSE.a", "- YES.b Talk of a horn.\n- WORSE.a")
BIRD = HORN.replace("- WORSE.a", "- YES.c Talk of a bird.\n- WORSE.a")


@pytest.fixture
def cases(noisy: Workspace) -> Workspace:
    services.freeze_cases(noisy, name="all", policy_ids=["noise"])
    return noisy


def current(workspace: Workspace) -> PolicyVersion:
    return services.get_policy(workspace, policy_id="noise")


def test_a_draft_that_mends_one_clause_fixes_its_cases(cases: Workspace) -> None:
    classifier = ScriptedClassifier()
    report = services.run_policy_test(
        cases, draft=parse_policy(HORN), case_set="all", against=current(cases), classifier=classifier
    )
    run = report.run
    assert {kind: run.count(kind) for kind in FlipKind} == {
        FlipKind.FIXED: 4, FlipKind.NEWLY_BROKEN: 0, FlipKind.UNCHANGED: 16, FlipKind.UNPARSED: 0,
    }  # fmt: skip
    assert {flip.case.item_id for flip in run.flips if flip.kind is FlipKind.FIXED} == {f"horn-{n}" for n in range(4)}
    assert len(classifier.judged) == 40
    assert report.against is not None
    assert report.difference is not None
    assert report.mcnemar is not None
    assert (report.draft.f1.value, report.draft.right.value) == (1.0, 1.0)
    assert report.against.recall.value == pytest.approx(8 / 12)
    assert report.difference.recall.value == pytest.approx(4 / 12)
    assert (report.mcnemar.fixed, report.mcnemar.broken, report.mcnemar.p) == (4, 0, 0.125)
    assert report.draft.prompt_tokens == 2000
    assert report.draft.seconds == pytest.approx(5.0)
    clauses = {row.clause: row for row in report.clauses}
    assert (clauses["YES.b"].cases, clauses["YES.b"].before, clauses["YES.b"].right, clauses["YES.b"].fixed) == (
        4,
        0,
        4,
        4,
    )
    assert {row.label: (row.support, row.f1) for row in report.labels} == {
        "NO": (8, 1.0), "WORSE": (4, 1.0), "YES": (8, 1.0)
    }  # fmt: skip
    assert audit_kinds(cases)[-1] == "policy.tested"
    assert services.get_run(cases, key=run.key) == report
    assert services.list_runs(cases, policy_id="noise") == [run]
    assert [check.name for check in services.verify(cases) if not check.ok] == []


def test_what_breaks_is_told_and_figures_are_those_of_scikit_learn(cases: Workspace) -> None:
    def answer(item: object, policy: PolicyVersion) -> str:
        text = by_words(item, policy)  # type: ignore[arg-type]
        unreadable = policy.hash == parse_policy(BIRD).hash and "siren at 3" in item.content  # type: ignore[attr-defined]
        return "I would rather not say." if unreadable else text

    report = services.run_policy_test(
        cases, draft=parse_policy(BIRD), case_set="all", against=current(cases), classifier=ScriptedClassifier(answer)
    )
    run = report.run
    assert [run.count(kind) for kind in FlipKind] == [4, 4, 11, 1]
    assert {flip.case.item_id.split("-")[0] for flip in run.flips if flip.kind is FlipKind.NEWLY_BROKEN} == {"bird"}
    lost = {flip.case.item_id for flip in run.flips if flip.lost}
    assert lost == {"siren-3", *(f"bird-{n}" for n in range(4))}
    read = [flip for flip in run.flips if flip.after.status is VerdictStatus.PARSED]
    human, model = [flip.case.violates for flip in read], [flip.after.violates for flip in read]
    assert report.draft.n == len(read) == 19
    assert report.draft.precision.value == pytest.approx(metrics.precision_score(human, model))
    assert report.draft.recall.value == pytest.approx(metrics.recall_score(human, model))
    assert report.draft.f1.value == pytest.approx(metrics.f1_score(human, model))
    assert report.draft.kappa.value == pytest.approx(metrics.cohen_kappa_score(human, model))
    assert report.draft.right.value == pytest.approx(15 / 20)  # what could not be read is not right


def test_a_run_that_was_stopped_goes_on_where_it_was(cases: Workspace) -> None:
    stop = threading.Event()
    first = ScriptedClassifier(stop_after=27)
    draft = parse_policy(HORN)
    with pytest.raises(CancelledError, match="27 of 40"):
        services.run_policy_test(
            cases, draft=draft, case_set="all", against=current(cases), classifier=first, cancel=stop
        )
    assert services.list_runs(cases) == []
    second = ScriptedClassifier()
    events: list[object] = []
    report = services.run_policy_test(
        cases, draft=draft, case_set="all", against=current(cases), classifier=second, on_event=events.append
    )
    assert not set(first.judged) & set(second.judged)
    assert len(first.judged) + len(second.judged) == 40
    assert events[0] == TrialStarted(40, 27, second.info)
    assert isinstance(events[-1], TrialJudged)
    assert (events[-1].done, events[-1].total) == (40, 40)
    third = ScriptedClassifier()
    again = services.run_policy_test(
        cases, draft=draft, case_set="all", against=current(cases), classifier=third, cancel=threading.Event()
    )
    assert third.judged == []
    assert again.run.flips == report.run.flips


def test_another_effort_model_or_text_is_asked_anew_and_the_queue_is_not_touched(cases: Workspace) -> None:
    before = services.queue_counts(cases)
    draft = parse_policy(HORN)
    services.run_policy_test(cases, draft=draft, case_set="all", classifier=ScriptedClassifier())
    other = ScriptedClassifier()
    services.run_policy_test(cases, draft=draft, case_set="all", classifier=other, effort=Effort.HIGH)
    assert len(other.judged) == 20
    assert services.queue_counts(cases) == before
    assert cases.store.get_verdict("horn-1", "noise") is None


def test_verdicts_of_the_queue_count_for_the_same_model_and_text(cases: Workspace) -> None:
    services.classify(cases, classifier=ScriptedClassifier())
    classifier = ScriptedClassifier()
    services.run_policy_test(
        cases, draft=parse_policy(HORN), case_set="all", against=current(cases), classifier=classifier
    )
    assert {policy for policy, _ in classifier.judged} == {parse_policy(HORN).hash}
    recorded = services.run_policy_test(cases, draft=current(cases), case_set="all")
    assert (len(recorded.run.flips), recorded.against, recorded.run.model) == (20, None, "reader-20b")
    with pytest.raises(UsageError, match="No case has a verdict"):
        services.run_policy_test(cases, draft=parse_policy(HORN), case_set="all")


def test_a_failure_is_no_answer_and_is_asked_again(cases: Workspace) -> None:
    draft = parse_policy(HORN)
    failing = ScriptedClassifier(lambda item, policy: "!fail" if item.id == "rain-0" else by_words(item, policy))
    report = services.run_policy_test(cases, draft=draft, case_set="all", classifier=failing)
    assert [flip.case.item_id for flip in report.run.flips if flip.kind is FlipKind.UNPARSED] == ["rain-0"]
    again = ScriptedClassifier()
    services.run_policy_test(cases, draft=draft, case_set="all", classifier=again)
    assert [item for _, item in again.judged] == ["rain-0"]


def test_a_look_at_a_few_cases_is_not_kept(cases: Workspace) -> None:
    report = services.run_policy_test(
        cases, draft=parse_policy(HORN), case_set="all", classifier=ScriptedClassifier(), limit=3
    )
    assert (report.kept, report.run.key, len(report.run.flips)) == (False, 0, 3)
    assert services.list_runs(cases) == []
    with pytest.raises(UsageError):
        services.get_run(cases, key=1)


def test_the_whole_answer_behind_a_flip_can_be_read(cases: Workspace) -> None:
    report = services.run_policy_test(
        cases, draft=parse_policy(HORN), case_set="all", against=current(cases), classifier=ScriptedClassifier()
    )
    now = services.trial_answer(cases, run=report.run, item_id="horn-1")
    then = services.trial_answer(cases, run=report.run, item_id="horn-1", draft=False)
    assert now is not None
    assert then is not None
    assert (now.label, now.rule_ids, now.rationale) == ("YES", ("YES.b",), "It says so.")
    assert then.label == "NO"


def test_a_label_the_text_does_not_have_is_compared_by_side(cases: Workspace) -> None:
    two = NOISE.replace("  - {code: WORSE, name: Worse noise, violates: true, severity: 4}\n", "")
    two = two.replace("- WORSE.a Talk of a siren.", "- YES.b Talk of a siren.")
    report = services.run_policy_test(
        cases, draft=parse_policy(two), case_set="all", against=current(cases), classifier=ScriptedClassifier()
    )
    assert [report.run.count(kind) for kind in FlipKind] == [0, 0, 20, 0]


def test_several_policies_are_right_together_only_where_each_is(cases: Workspace, tmp_path: Path) -> None:
    song = NOISE.replace("id: noise", "id: song").replace("Talk of a drum.", "Talk of a bird.")
    services.add_policy(cases, text=song)
    for number in range(4):
        for word in ("bird", "drum", "siren"):
            bring_in(cases, [{"id": f"{word}-{number}", "content": f"A {word} at {number}"}])
            label = (
                "YES" if word == "bird" or (word == "drum" and number == 0) else "WORSE" if word == "siren" else "NO"
            )
            key = cases.store.open_entry(f"{word}-{number}", "song")
            services.decide(cases, key=key, label=label)
    services.freeze_cases(cases, name="all", policy_ids=["song"])
    runs: list[TrialRun] = []
    for name in ("noise", "song"):
        draft = services.get_policy(cases, policy_id=name)
        runs.append(services.run_policy_test(cases, draft=draft, case_set="all", classifier=ScriptedClassifier()).run)
    together = services.all_right(runs)
    assert together is not None
    assert (together.policies, together.items) == (("noise", "song"), 12)
    assert together.draft.value == pytest.approx(11 / 12)  # drum-0 is a song to the human, not to the model
    assert together.against is None
    assert services.all_right(runs[:1]) is None


def test_who_may_not_judge_may_not_test(cases: Workspace) -> None:
    services.add_member(cases, name="lee", role=Role.AUDITOR)
    cases.reviewer = "lee"
    with pytest.raises(RoleError):
        services.run_policy_test(cases, draft=parse_policy(HORN), case_set="all", classifier=ScriptedClassifier())


def test_what_is_not_there_is_named(cases: Workspace) -> None:
    with pytest.raises(UsageError, match="no case set none"):
        services.run_policy_test(cases, draft=parse_policy(HORN), case_set="none", classifier=ScriptedClassifier())
    other = parse_policy(HORN.replace("id: noise", "id: other"))
    with pytest.raises(UsageError, match="no case of other"):
        services.run_policy_test(cases, draft=other, case_set="all", classifier=ScriptedClassifier())
