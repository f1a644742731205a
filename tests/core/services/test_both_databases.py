"""Every verb that takes a workspace, walked once on the encrypted file and once on a real server.

What differs between the two is hidden in the store; a verb that uses SQL of the one alone fails here on the other. What
a verb does is the business of its own tests: here it has to go through and `verify` has to find nothing.
"""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core import services
from core.domain import Cause, Item, PolicyVersion, QueueFilter, QueueSort, ReasonWhen, Role, SlotKind, utc_now
from core.domain.queue import EntryState
from core.errors import UsageError
from core.policy.document import parse_policy
from core.services.publishing import Obstacle
from core.services.workspace import Workspace
from core.settings import Settings
from core.store.wrapping import Argon2Cost
from tests.core.services.conftest import NOISE
from tests.core.services.test_second_opinion import fill
from tests.fixtures.classifiers import ScriptedClassifier, by_words
from tests.fixtures.server import TeamServer
from tests.fixtures.workspaces import write_lines

CHEAP = Argon2Cost(8, 1, 1)
PASSPHRASE = "long enough"
WORDS = ("drum", "horn", "siren", "rain")
ANYTHING = QueueFilter()

ELSEWHERE = {
    "allow_remote": "writes settings and nothing else",
    "change_settings": "writes settings and nothing else",
    "choose_model": "writes settings and nothing else",
    "host_to_allow": "reads settings and nothing else",
    "open_classifier": "starts a model and asks the database nothing",
}
"""Verbs that take a workspace and never come near its database."""

FILE_ONLY = {"make_backup", "list_backups", "kept_backups", "backup_due"}
"""A server's backups are the business of whoever runs it."""


class Verbs:
    """`core.services`, and which of its verbs were called."""

    def __init__(self) -> None:
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(services, name)


def with_workspace() -> set[str]:
    """The names of all verbs whose first argument is a workspace."""
    verbs: dict[str, Callable[..., object]] = dict(inspect.getmembers(services, inspect.isfunction))
    return {name for name, verb in verbs.items() if next(iter(inspect.signature(verb).parameters), "") == "workspace"}


@pytest.fixture(params=[pytest.param("file", marks=pytest.mark.slow), "server"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose lead acts; the folder of its files is `tmp_path`."""
    folder, lead = tmp_path / "w", "rev1"
    if request.param == "server":
        server: TeamServer = request.getfixturevalue("team_server")
        folder = services.workspace_folder(server.url(server.database(), lead))
    reviewer = lead if request.param == "file" else None
    with services.create_workspace(folder, passphrase=PASSPHRASE, cost=CHEAP, reviewer=reviewer) as made:
        yield made


def answers(item: Item, policy: PolicyVersion) -> str:
    """Answer for several policies at once, or for one."""
    if "+" in policy.policy_id:
        return json.dumps(dict.fromkeys(policy.policy_id.split("+"), "NO"))
    return by_words(item, policy)


def test_every_verb_goes_through(desk: Workspace, tmp_path: Path) -> None:
    verbs = Verbs()
    _take_in(verbs, desk, tmp_path)
    _judge(verbs, desk)
    _look(verbs, desk)
    _decide(verbs, desk, tmp_path)
    _oversee(verbs, desk)
    _draft_and_test(verbs, desk, tmp_path)
    _publish(verbs, desk)
    _learn(verbs, desk, tmp_path)
    _give_out(verbs, desk, tmp_path)
    _keep(verbs, desk, tmp_path)
    assert [check for check in verbs.verify(desk) if not check.ok] == []
    _remove(verbs, desk)
    assert [check for check in services.verify(desk) if not check.ok] == []
    assert with_workspace() - verbs.called - ELSEWHERE.keys() - (FILE_ONLY if desk.is_team else set()) == set()


def _take_in(verbs: Any, desk: Workspace, place: Path) -> None:
    verbs.add_sample_policies(desk)
    assert verbs.add_policy(desk, text=NOISE).policy_id == "noise"
    verbs.add_policy(desk, text=NOISE.replace("id: noise", "id: song"))
    path = write_lines(
        place / "items.jsonl",
        [
            *({"id": f"{word}-{n}", "content": f"A {word} at {n}", "thread": "t"} for word in WORDS for n in range(4)),
            {"id": "broken"},
            {"id": "nul", "content": "a\u0000b '\" \\ % _ \U0001f600", "metadata": {"language": "pt-BR"}},
        ],
    )
    assert verbs.preview_import(desk, path=path) is not None
    summary = verbs.import_file(desk, path=path, policy_id="noise")
    assert (summary.stored, summary.quarantined) == (17, 1)
    assert verbs.import_file(desk, path=path, policy_id="noise", skip_known=True).stored == 0
    assert verbs.quarantine_size(desk) == 1
    [key] = verbs.quarantine_keys(desk)
    assert verbs.get_quarantined(desk, key=key).line == 17
    assert len(verbs.quarantine_rows(desk, keys=[key])) == 1
    assert verbs.write_quarantined(desk, keys=[key], out=place / "refused") == 1
    assert verbs.retry_quarantined(desk, keys=[key]).stored == 0
    assert verbs.mend_quarantined(desk, key=key, raw=b'{"id": "mended", "content": "A horn"}').stored == 1
    assert verbs.drop_quarantined(desk, keys=verbs.quarantine_keys(desk)) == 0
    assert verbs.group_items(desk) is not None
    free = write_lines(place / "free.jsonl", [{"id": f"free-{n}", "content": f"A drum {n}"} for n in range(3)])
    assert verbs.import_file(desk, path=free).stored == 3


def _judge(verbs: Any, desk: Workspace) -> None:
    classifier = ScriptedClassifier(answers)
    assert verbs.classify(desk, classifier=classifier, policy_id="noise", fast=True).judged == 21
    assert verbs.classify(desk, classifier=classifier, policy_id="noise", limit=19).judged == 19
    assert verbs.classify_combined(desk, classifier=classifier).judged > 0
    assert verbs.rerun(desk, classifier=classifier, item_id="horn-1", policy_id="noise") is not None
    assert verbs.inspect(desk, classifier=classifier, item_id="horn-1", policy_id="noise")[1] is not None


def _look(verbs: Any, desk: Workspace) -> None:
    for sort in QueueSort:
        keys = verbs.queue_ids(desk, filter=QueueFilter(sort=sort))
        verbs.first_ids(desk, filter=QueueFilter(sort=sort))
        assert len(verbs.queue_rows(desk, keys=keys)) == len(keys) > 0
        assert len(verbs.seen_ids(desk, filter=QueueFilter(sort=sort), interleave=True)) > 0
    assert len(verbs.seen_rows(desk, keys=keys)) == len(keys)
    for text in ("horn", '"A horn"', "ho", "100%", "A' _"):
        verbs.queue_ids(desk, filter=QueueFilter(search=text))
    assert len(verbs.queue_ids(desk, filter=QueueFilter(search="horn", policy_id="noise"))) == 5
    facets = verbs.queue_facets(desk)
    assert "items.jsonl" in facets.sources
    assert "pt-br" in facets.languages
    narrow = QueueFilter((EntryState.JUDGED,), "noise", source="items.jsonl", language="pt-br")
    assert len(verbs.queue_ids(desk, filter=narrow)) == 1
    key = verbs.find_entry(desk, item_id="horn-1", policy_id="noise")
    assert verbs.get_review(desk, key=key).item.id == verbs.seen_review(desk, key=key).item.id == "horn-1"
    assert verbs.queue_counts(desk).total == len(keys)
    assert len(verbs.queue_groups(desk).keys) > 0
    verbs.other_verdicts(desk, key=key)
    with pytest.raises(UsageError):
        verbs.judge_without_context(desk, classifier=ScriptedClassifier(answers), key=key)
    assert verbs.save_view(desk, name="Horns", wanted=narrow).name == "Horns"
    assert verbs.get_view(desk, "Horns").wanted == narrow
    assert verbs.narrow_view(desk, name="Horns", asked=ANYTHING) == narrow
    assert len(verbs.list_views(desk)) == 1
    verbs.remove_view(desk, "Horns")


def _decide(verbs: Any, desk: Workspace, place: Path) -> None:
    [claim] = verbs.claim_next(desk, filter=QueueFilter(policy_id="noise"))
    assert [held.key for held in verbs.list_claims(desk)] == [claim.key]
    verbs.claim_entry(desk, key=claim.key)
    assert verbs.release_claims(desk) == 1
    assert verbs.release_claims_of(desk, holder=desk.reviewer) == 0

    def entry(item: str) -> int:
        return int(verbs.find_entry(desk, item_id=item, policy_id="noise"))

    for number in range(4):
        verbs.decide(desk, key=entry(f"horn-{number}"), label="YES", cause=Cause.POLICY_GAP, note="a horn is loud")
    verbs.explain(desk, key=entry("horn-1"), cause=Cause.MODEL_MISREAD, note="other")
    verbs.decide(desk, key=entry("horn-3"), label="NO")
    assert verbs.undo(desk) is not None
    assert verbs.skip(desk, key=entry("rain-0"), reason="later") is not None
    assert verbs.escalate(desk, key=entry("rain-1"), reason="unsure") is not None
    assert verbs.decide_many(desk, keys=[entry(f"drum-{n}") for n in range(3)], label="YES").left == ()
    records = [{"id": "siren-0", "policy": "noise", "label": "WORSE", "reviewer": "ann"}]
    acks = list(verbs.decide_from_file(desk, path=write_lines(place / "decisions.jsonl", records)))
    assert [ack.item_id for ack in acks] == ["siren-0"]


def _oversee(verbs: Any, desk: Workspace) -> None:
    assert verbs.role_of(desk) is Role.LEAD
    verbs.add_member(desk, name="bo")
    verbs.change_role(desk, name="bo", role=Role.AUDITOR)
    assert len(verbs.list_members(desk)) == 2
    verbs.require(desk, services.Deed.MANAGE)
    assert verbs.refusal(desk, services.Deed.MANAGE) is None
    rules = verbs.set_review_rules(desk, policy_id="noise", second_percent=100, note_when=ReasonWhen.NEVER)
    assert verbs.review_rules(desk, policy_id="noise") == rules
    key = verbs.find_entry(desk, item_id="siren-1", policy_id="noise")
    verbs.decide(desk, key=key, label="WORSE")
    assert verbs.second_review(desk, key=key) is None  # not before a second person looked
    assert [row.key for row in verbs.second_reviews(desk)] == [key]
    verbs.set_review_rules(desk, policy_id="noise", second_percent=0)
    verbs.add_golden(desk, item_id="siren-2", policy_id="noise", label="WORSE")
    assert len(verbs.golden_items(desk)) == 1
    verbs.golden_scores(desk)
    verbs.remove_golden(desk, item_id="siren-2", policy_id="noise")
    verbs.remove_member(desk, name="bo")


def _draft_and_test(verbs: Any, desk: Workspace, place: Path) -> None:
    verbs.freeze_cases(desk, name="all", policy_ids=["noise"])
    assert len(verbs.list_cases(desk, name="all")) > 0
    assert verbs.get_case_set(desk, name="all").name == "all"
    assert len(verbs.list_case_sets(desk)) == 1
    verbs.promote_to_cases(desk, item_id="horn-0", policy_id="noise", name="mine")
    rows = [{"id": f"case-{n}", "content": f"A drum {n}", "label": "YES"} for n in range(3)]
    verbs.import_cases(desk, name="given", path=write_lines(place / "cases.jsonl", rows), policy_id="noise")
    verbs.new_draft(desk, source="noise", name="first")
    text = NOISE.replace("- WORSE.a", "- YES.b Talk of a horn.\n- WORSE.a")
    verbs.save_draft(desk, name="first", text=text)
    assert verbs.get_draft(desk, name="first").document == text
    assert verbs.find_draft(desk, name="first")[1] is not None
    assert verbs.find_text(desk, name="draft:first").policy_id == "noise"
    assert len(verbs.list_drafts(desk)) == 1
    assert verbs.diff(desk, before="noise", after="draft:first") is not None
    report = verbs.run_policy_test(
        desk, draft=parse_policy(text), case_set="all", against=verbs.get_policy(desk, policy_id="noise"),
        classifier=ScriptedClassifier(answers),
    )  # fmt: skip
    [run] = verbs.list_runs(desk, policy_id="noise")
    assert verbs.get_run(desk, key=run.key) == report
    assert verbs.look_at_case(desk, run=run, item_id="horn-0") is not None
    assert verbs.trial_answer(desk, run=run, item_id="horn-0") is not None
    [group, *_] = verbs.disagreement_groups(desk, policy_id="noise")
    assert verbs.find_group(desk, policy_id="noise", key=group.key) == group
    verbs.edit_clause(desk, policy_id="noise", clause="NO.a", text="All other talk.", name="second")
    verbs.promote_to_example(desk, item_id="horn-1", policy_id="noise", name="third")
    verbs.discard_draft(desk, name="third")
    verbs.accept_draft(desk, name="second")
    verbs.suggest_edit(desk, group=group, classifier=ScriptedClassifier(answers))


def _publish(verbs: Any, desk: Workspace) -> None:
    assert verbs.check_publication(desk, name="first") is not None
    assert verbs.publish_draft(desk, name="first", accepted=frozenset(Obstacle)).version == 2
    assert len(verbs.policy_history(desk, policy_id="noise")) == 2
    assert {policy.policy_id for policy in verbs.list_policies(desk)} >= {"noise", "song"}
    assert len(verbs.policy_library(desk)) > 0


def _learn(verbs: Any, desk: Workspace, place: Path) -> None:
    fill(desk, 260, 40)
    assert verbs.train_second_opinion(desk, policy_id="sales").version == 1
    assert verbs.score_queue(desk, policy_id="sales").scored == 40
    assert verbs.score_new(desk) is not None
    assert verbs.policies_with_second_opinion(desk) == ["sales"]
    assert verbs.count_unscored(desk) == 0
    assert verbs.start_waiting(desk, policy_id="sales", error=0.3, audit_percent=20) is not None
    assert verbs.deferral(desk, policy_id="sales") is not None
    assert len(verbs.second_opinions(desk, policy_id="sales")) >= 1
    assert verbs.weighing_words(desk, policy_id="sales", item_id="m-1")
    assert verbs.draw_audit(desk, policy_id="sales", size=20) is not None
    assert verbs.audit_recall(desk, policy_id="sales") is not None
    assert verbs.most_useful_next(desk, policy_id="sales", limit=5)
    assert verbs.stop_waiting(desk, policy_id="sales") >= 0
    assert len(verbs.entries_behind(desk, policy_id="sales")) > 0
    assert len(verbs.stats(desk)) >= 2
    assert verbs.policy_measures(desk, policy_id="sales") is not None
    assert verbs.reviewer_measures(desk) is not None
    assert verbs.calibration(desk, policy_id="sales") is not None
    assert verbs.thresholds(desk, policy_id="sales", targets=[("recall", 0.9)]) is not None
    assert verbs.version_drift(desk, policy_id="noise") is not None
    assert verbs.write_evaluation(desk, policy_id="sales", out=place / "report") is not None
    assert verbs.save_table(desk, path=place / "t.csv", headers=["a"], rows=[["b"]], title="t").exists()


def _give_out(verbs: Any, desk: Workspace, place: Path) -> None:
    for what, format_name in (
        ("items", "jsonl"), ("items", "csv"), ("items", "parquet"), ("decisions", "jsonl"), ("decisions", "csv"),
        ("disagreements", "jsonl"), ("disagreements", "evals"), ("disagreements", "sft"), ("items", "labelstudio"),
    ):  # fmt: skip
        done = verbs.export(desk, what=what, out=place / f"{what}.{format_name}", format=format_name)
        assert done.rows > 0
    bundle = place / "b.docket"
    public, recipient = verbs.bundle_keys(desk)
    verbs.export(desk, what="items", out=bundle, format="bundle", recipients=[recipient])
    assert verbs.inspect_bundle(desk, path=bundle).origin.public_key == public
    other = "ab" * 32
    verbs.trust_sender(desk, public_key=other, name="North")
    assert [sender.public_key for sender in verbs.list_senders(desk)] == [other]
    verbs.forget_sender(desk, public_key=other)
    with services.create_workspace(place / "north", passphrase=PASSPHRASE, cost=CHEAP, reviewer="nora") as north:
        services.add_policy(north, text=NOISE.replace("id: noise", "id: north"))
        north_items = write_lines(place / "n.jsonl", [{"id": "n-1", "content": "A drum in the north"}])
        services.import_file(north, path=north_items, policy_id="north")
        services.export(north, what="items", out=place / "n.docket", format="bundle", recipients=[recipient])
        verbs.trust_sender(desk, public_key=north.store.public_key(), name="North")
    assert verbs.import_bundle(desk, path=place / "n.docket", take_policies=True).items == 1


def _keep(verbs: Any, desk: Workspace, place: Path) -> None:
    assert len(verbs.audit_events(desk, limit=5)) == 5
    assert verbs.export_audit(desk, out=place / "audit.jsonl").rows > 0
    change = verbs.add_key(desk, SlotKind.RECOVERY)
    assert change.recovery_code
    verbs.change_key(desk, SlotKind.PASSPHRASE, passphrase=PASSPHRASE, cost=CHEAP)
    verbs.check_key(desk, passphrase=PASSPHRASE)
    verbs.revoke_key(desk, SlotKind.RECOVERY)
    verbs.save_settings(desk, settings=Settings())
    assert verbs.doctor(desk)
    assert verbs.write_support_bundle(desk, out=place / "support.zip").exists()
    if desk.is_team:
        with pytest.raises(UsageError, match="server"):
            verbs.make_backup(desk)
        return
    assert verbs.make_backup(desk).path in verbs.list_backups(desk)
    assert len(verbs.kept_backups(desk)) == 1
    assert not verbs.backup_due(desk)


def _remove(verbs: Any, desk: Workspace) -> None:
    now = utc_now()
    plan = verbs.purge_plan(desk, before=now, policy_id="noise")
    assert plan.items > 0
    done = verbs.purge(desk, before=now, policy_id="noise", confirm=plan.items, cancel=threading.Event())
    assert done.items == plan.items
    assert len(verbs.queue_ids(desk, filter=QueueFilter(search="horn", policy_id="noise"))) <= 5
