"""The second opinion and the audit stream in a workspace: what they learn from, order, let wait, and forget."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import EntryState, QueueFilter, QueueSort, Role, utc_now
from core.errors import CancelledError, RoleError, UsageError
from core.services.workspace import Workspace
from core.store.opinions import AUDITED, WAITS
from tests.fixtures.labelled import labelled_items
from tests.fixtures.values import make_decision, make_policy, make_verdict
from tests.fixtures.workspaces import audit_kinds, new_workspace

POLICY = make_policy("sales")


def fill(workspace: Workspace, decided: int, undecided: int) -> None:
    """Items under `sales`, all judged by a model that knows little, the first ones decided blind by kim."""
    store = workspace.store
    store.add_policy(POLICY, author="kim", note="", actor="kim")
    pairs = labelled_items(decided + undecided, noise=0.02)
    store.add_items([item for item, _ in pairs], source="test", actor="kim")
    said = ["X2" if (side and n % 2) or n % 7 == 0 else "X0" for n, (_, side) in enumerate(pairs)]
    verdicts = store.add_verdicts(
        [
            make_verdict(item, POLICY, label, score=0.9 if label == "X2" else 0.2)
            for (item, _), label in zip(pairs, said, strict=True)
        ],
        actor="kim",
    )
    store.add_decisions(
        [
            make_decision(item, POLICY, "X2" if side else "X0", reviewer="kim", blind=True, verdict_key=verdict.key)
            for (item, side), (_, verdict) in list(zip(pairs, verdicts, strict=True))[:decided]
        ],
        actor="kim",
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "desk") as made:
        yield made


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace that was trained once; each test has a copy."""
    folder = tmp_path_factory.mktemp("taught") / "desk"
    with new_workspace(folder) as made:
        fill(made, 240, 60)
        services.train_second_opinion(made, policy_id="sales")
    return folder


@pytest.fixture
def trained(taught: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(taught, tmp_path / "trained")
    with services.open_workspace(tmp_path / "trained", passphrase="long enough") as opened:
        yield opened


def waits(workspace: Workspace) -> dict[str, int]:
    with workspace.store._db.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT i.item_id, e.waits FROM queue_entry e JOIN item i ON i.id = e.item_key WHERE e.policy_id = 'sales'"
        )
        return dict(tuple(row) for row in rows)


def test_a_card_says_what_it_learnt_from_and_how_good_it_is(trained: Workspace) -> None:
    [card] = services.second_opinions(trained, policy_id="sales")
    assert (card.version, card.labels, card.policy_versions, card.trained_by) == (1, 240, (1,), "kim")
    assert card.auc.value is not None
    assert card.auc.value > 0.95
    assert [point.labels for point in card.curve] == [50, 100]
    blind, everything = card.heads
    assert (blind.blind, everything.blind) == (True, False)
    assert blind.n == 240
    assert blind.opinion.f1.value is not None
    assert blind.model.f1.value is not None
    assert blind.opinion.f1.value > blind.model.f1.value
    assert blind.p is not None
    assert blind.p < 0.01
    assert "opinion.trained" in audit_kinds(trained)


def test_versions_count_up_and_words_weigh(trained: Workspace) -> None:
    assert services.train_second_opinion(trained, policy_id="sales").version == 2
    words = services.weighing_words(trained, policy_id="sales")
    assert words[0].weight > 0 > words[-1].weight
    assert services.weighing_words(trained, policy_id="sales", item_id="m-1")


def test_scores_order_the_queue_by_expected_disagreement(trained: Workspace) -> None:
    scored = services.score_queue(trained, policy_id="sales")
    assert (scored.scored, scored.waiting) == (60, 0)
    open_states = (EntryState.JUDGED,)
    keys = services.queue_ids(trained, filter=QueueFilter(open_states, "sales", sort=QueueSort.EXPECTED))
    rows = services.queue_rows(trained, keys=keys)
    truth = {item.id: side for item, side in labelled_items(300, noise=0.02)}
    wrong = [row.verdict_violates != truth[row.item_id] for row in rows]
    half = len(wrong) // 2
    assert sum(wrong[:half]) > 4 * sum(wrong[half:])


def test_a_later_verdict_is_set_against_the_opinion_that_is_there(trained: Workspace) -> None:
    services.score_queue(trained, policy_id="sales")
    item = trained.store.get_item("m-299")
    assert item is not None

    def expected() -> float:
        with trained.store._db.read() as connection:
            query = "SELECT e.expected FROM queue_entry e JOIN item i ON i.id = e.item_key WHERE i.item_id = 'm-299'"
            return float(connection.exec_driver_sql(query).scalar_one())

    trained.store.add_verdicts([make_verdict(item, POLICY, "X2")], actor="kim")
    violating = expected()
    trained.store.add_verdicts([make_verdict(item, POLICY, "X0")], actor="kim")
    assert expected() == pytest.approx(1 - violating)


def test_it_never_decides(trained: Workspace) -> None:
    before = services.queue_counts(trained, policy_id="sales").by_state
    services.score_queue(trained, policy_id="sales")
    assert services.queue_counts(trained, policy_id="sales").by_state == before
    assert not any(kind.startswith(("decision", "verdict")) for kind in audit_kinds(trained)[-1:])


def test_sure_negatives_wait_but_for_the_audit_sample(workspace: Workspace) -> None:
    fill(workspace, 450, 150)
    waiting = services.start_waiting(workspace, policy_id="sales", error=0.1, audit_percent=20)
    states = waits(workspace)
    assert waiting.waiting == sum(state == WAITS for state in states.values()) > 30
    assert waiting.audited == sum(state == AUDITED for state in states.values()) > 5
    truth = {item.id: side for item, side in labelled_items(600, noise=0.02)}
    undecided = [f"m-{n}" for n in range(450, 600)]
    violating = [name for name in undecided if truth[name]]
    assert sum(states[name] > 0 for name in violating) / len(violating) <= 0.1
    # A new version of the policy judges everything again, those that wait last.
    newer = make_policy("sales", text="second")
    workspace.store.add_policy(newer, author="kim", note="", actor="kim")
    order = [item.id for item in workspace.store.items(workspace.store.to_judge(newer))]
    assert {states[name] for name in order[-waiting.waiting :]} == {WAITS}
    assert WAITS not in {states[name] for name in order[: -waiting.waiting]}
    assert services.stop_waiting(workspace, policy_id="sales") == waiting.waiting
    assert set(waits(workspace).values()) == {0}
    assert services.deferral(workspace, policy_id="sales") is None
    assert {"deferral.set", "deferral.cleared"} <= set(audit_kinds(workspace))


def test_the_audit_sample_measures_the_error(workspace: Workspace) -> None:
    fill(workspace, 260, 150)
    services.start_waiting(workspace, policy_id="sales", error=0.15, audit_percent=50)
    chosen = [name for name, state in waits(workspace).items() if state == AUDITED]
    for name in chosen:
        key = services.find_entry(workspace, item_id=name, policy_id="sales")
        services.decide(workspace, key=key, label="X0")
    found = services.deferral(workspace, policy_id="sales")
    assert found is not None
    assert (found.missed.value, found.missed.n) == (0.0, len(chosen))


def test_waiting_is_for_a_lead_and_needs_its_labels(trained: Workspace) -> None:
    with pytest.raises(UsageError) as caught:
        services.start_waiting(trained, policy_id="sales", error=0.01)
    assert caught.value.title == "Not enough labels"
    assert services.deferral(trained, policy_id="sales") is None
    with pytest.raises(UsageError):
        services.start_waiting(trained, policy_id="sales", audit_percent=0)
    with pytest.raises(UsageError):
        services.stop_waiting(trained, policy_id="sales")
    services.add_member(trained, name="ana", role=Role.REVIEWER)
    services.add_member(trained, name="eve", role=Role.AUDITOR)
    trained.reviewer = "ana"
    for verb in (services.start_waiting, services.stop_waiting):
        with pytest.raises(RoleError):
            verb(trained, policy_id="sales")
    trained.reviewer = "eve"
    for verb in (services.train_second_opinion, services.score_queue, services.draw_audit):
        with pytest.raises(RoleError):
            verb(trained, policy_id="sales")


def test_not_enough_labels_is_said_and_nothing_is_stored(workspace: Workspace) -> None:
    fill(workspace, 40, 0)
    with pytest.raises(UsageError) as caught:
        services.train_second_opinion(workspace, policy_id="sales")
    assert caught.value.title == "Not enough labels"
    assert services.second_opinions(workspace, policy_id="sales") == []
    with pytest.raises(UsageError):
        services.score_queue(workspace, policy_id="sales")


def test_stopped_training_stores_nothing(workspace: Workspace) -> None:
    import threading

    fill(workspace, 80, 0)
    stop = threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        services.train_second_opinion(workspace, policy_id="sales", cancel=stop)
    assert services.second_opinions(workspace, policy_id="sales") == []


def test_a_purge_forgets_the_words_and_keeps_the_card(trained: Workspace) -> None:
    services.purge(trained, before=utc_now(), confirm=300)
    [card] = services.second_opinions(trained, policy_id="sales")
    assert not card.has_model
    assert card.labels == 240
    with pytest.raises(UsageError, match="forgotten"):
        services.weighing_words(trained, policy_id="sales")
    with pytest.raises(UsageError):
        services.train_second_opinion(trained, policy_id="sales")  # the texts are gone, too


# The audit stream


def test_a_draw_is_reviewed_and_gives_recall(workspace: Workspace) -> None:
    fill(workspace, 60, 340)
    truth = {item.id: side for item, side in labelled_items(400, noise=0.02)}
    drawn = services.draw_audit(workspace, policy_id="sales", size=120, seed=5)
    assert len(drawn.entries) == 120
    assert services.audit_recall(workspace, policy_id="sales").recall.value is None
    for row in services.queue_rows(workspace, keys=drawn.entries):
        assert row.decision_label is None
        services.decide(workspace, key=row.key, label="X2" if truth[row.item_id] else "X0")
    found = services.audit_recall(workspace, policy_id="sales")
    rows = services.queue_rows(workspace, keys=services.queue_ids(workspace, filter=QueueFilter(policy_id="sales")))
    hits = sum(truth[row.item_id] and bool(row.verdict_violates) for row in rows)
    recall = hits / sum(truth.values())
    assert found.pending == 0
    assert found.recall.low is not None
    assert found.recall.high is not None
    assert found.recall.low <= recall <= found.recall.high
    assert sum(stratum.size for stratum in found.strata) == 400
    assert "audit_stream.drawn" in audit_kinds(workspace)


def test_a_later_draw_covers_what_was_judged_since(workspace: Workspace) -> None:
    fill(workspace, 0, 50)
    services.draw_audit(workspace, policy_id="sales", size=20)
    with pytest.raises(UsageError):
        services.draw_audit(workspace, policy_id="sales", size=20)
    more = [item for item, _ in labelled_items(30, seed=9, start=1000)]
    workspace.store.add_items(more, source="more", actor="kim")
    workspace.store.add_verdicts([make_verdict(item, POLICY, "X0", score=0.1) for item in more], actor="kim")
    second = services.draw_audit(workspace, policy_id="sales", size=20)
    names = {row.item_id for row in services.queue_rows(workspace, keys=second.entries)}
    assert names <= {item.id for item in more}
    assert services.audit_recall(workspace, policy_id="sales").draws == 2
    with pytest.raises(UsageError):
        services.draw_audit(workspace, policy_id="sales", size=0)


def test_most_useful_next_prefers_what_is_disputed(trained: Workspace) -> None:
    services.score_queue(trained, policy_id="sales")
    listed = services.most_useful_next(trained, policy_id="sales", limit=15)
    assert len(listed) == 15
    truth = {item.id: side for item, side in labelled_items(300, noise=0.02)}
    rows = services.queue_rows(trained, keys=[one.entry for one in listed])
    wrong = [row.verdict_violates != truth[row.item_id] for row in rows]
    assert sum(wrong) > len(wrong) / 2
    assert "disputed" in listed[0].reasons
    assert all(row.decision_label is None for row in rows)
