"""Shares, rules, golden items and second reviews through the verbs: who sees what, when, and what is recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from core import services
from core.domain import (
    Cause,
    EntryState,
    Hidden,
    QueueFilter,
    ReasonWhen,
    ReviewRules,
    Role,
    SecondState,
    Worklist,
)
from core.errors import RoleError, UsageError
from core.services.sight import OPEN_STATES, in_share
from core.services.workspace import Workspace
from tests.fixtures.values import make_item, make_policy, make_verdict
from tests.fixtures.workspaces import audit_kinds, new_workspace

OPEN = QueueFilter(states=OPEN_STATES)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=()) as made:
        made.store.add_policy(make_policy(), author="kim", note="", actor="kim")
        services.add_member(made, name="lee")
        services.add_member(made, name="ana", role=Role.LEAD)
        yield made
        assert [check for check in services.verify(made) if not check.ok] == []


@contextmanager
def acting(workspace: Workspace, name: str) -> Iterator[Workspace]:
    """Another reviewer at the same workspace, with a session of their own."""
    other = Workspace(workspace.folder, workspace.store, workspace.settings, name)
    yield other


def fill(workspace: Workspace, count: int, label: str = "X2") -> list[int]:
    """Add so many judged items; return their entries."""
    policy = services.get_policy(workspace, policy_id="spam")
    items = [make_item(number, policy="spam") for number in range(count)]
    workspace.store.add_items(items, source="test", actor="kim")
    workspace.store.add_verdicts([make_verdict(item, policy, label) for item in items], actor="kim")
    return [services.find_entry(workspace, item_id=item.id) for item in items]


def share(workspace: Workspace, percent: int, count: int = 4000) -> set[int]:
    return {n for n in range(count) if in_share(workspace, "blind", "spam", f"item-{n}", percent)}


def test_a_share_takes_about_its_percent_and_a_larger_one_takes_more(workspace: Workspace) -> None:
    small, large = share(workspace, 10), share(workspace, 40)
    assert 300 < len(small) < 500
    assert small < large
    assert share(workspace, 0) == set()
    assert len(share(workspace, 100)) == 4000
    second = {n for n in range(4000) if in_share(workspace, "second", "spam", f"item-{n}", 10)}
    assert len(second & small) < len(small) / 3  # the shares know nothing of each other


def test_no_two_workspaces_choose_alike_and_one_always_does(workspace: Workspace, tmp_path: Path) -> None:
    with new_workspace(tmp_path / "other", policies=()) as other:
        assert share(workspace, 20) != share(other, 20)
    workspace._sampling = b""
    assert share(workspace, 20) == share(workspace, 20)


def test_a_blind_entry_shows_nothing_of_its_verdict_until_it_is_decided(workspace: Workspace) -> None:
    [key] = fill(workspace, 1)
    services.set_review_rules(workspace, policy_id="spam", blind_percent=100)
    review = services.seen_review(workspace, key=key)
    assert (review.verdict, review.hidden, review.state) == (None, Hidden(verdict=True), EntryState.JUDGED)
    [row] = services.seen_rows(workspace, keys=[key])
    assert (row.status, row.verdict_label, row.verdict_violates, row.score) == (None, None, None, None)
    assert row.hidden.verdict
    decision = services.decide(workspace, key=key, label="X0", blind=True)
    assert (decision.blind, decision.agrees) == (True, False)
    seen = services.seen_review(workspace, key=key)
    assert seen.verdict is not None
    assert seen.hidden == Hidden()
    services.undo(workspace)
    assert services.seen_review(workspace, key=key).verdict is not None  # it was seen; it is not blind again
    assert services.seen_rows(workspace, keys=[key])[0].verdict_label == "X2"
    with acting(workspace, "lee") as lee:
        assert services.seen_review(lee, key=key).verdict is None


def test_the_usual_share_hides_one_in_ten(workspace: Workspace) -> None:
    keys = fill(workspace, 400)
    hidden = sum(row.hidden.verdict for row in services.seen_rows(workspace, keys=keys))
    assert 15 < hidden < 75
    services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    assert not any(row.hidden.verdict for row in services.seen_rows(workspace, keys=keys))


def test_the_reasons_of_a_blind_decision_leave_label_and_blindness(workspace: Workspace) -> None:
    [key] = fill(workspace, 1)
    services.set_review_rules(workspace, policy_id="spam", blind_percent=100, cause_when=ReasonWhen.OVERRIDE)
    first = services.decide(workspace, key=key, label="X0", blind=True, seconds=4)
    said = services.explain(workspace, key=key, cause=Cause.BORDERLINE, note="close")
    assert (said.label, said.blind, said.seconds, said.cause) == ("X0", True, 4, Cause.BORDERLINE)
    assert said.supersedes == first.key
    assert services.undo(workspace) == services.UndoResult(key, "decision")
    assert services.get_review(workspace, key=key).decision is None  # both steps at once
    with pytest.raises(UsageError, match="no decision of yours"):
        services.explain(workspace, key=key, cause=Cause.OTHER)


@pytest.mark.parametrize(
    ("rules", "label", "refused"),
    [
        ({"cause_when": ReasonWhen.OVERRIDE}, "X4", "cause"),
        ({"cause_when": ReasonWhen.SIDE}, "X0", "cause"),
        ({"cause_when": ReasonWhen.SIDE}, "X4", None),
        ({"cause_when": ReasonWhen.ALWAYS}, "X2", "cause"),
        ({"cause_when": ReasonWhen.NEVER}, "X0", None),
        ({"cause_when": ReasonWhen.ASK, "note_when": ReasonWhen.ASK}, "X0", None),
        ({"cause_when": ReasonWhen.NEVER, "note_when": ReasonWhen.OVERRIDE}, "X0", "note"),
        ({"cause_when": ReasonWhen.NEVER, "note_when": ReasonWhen.ALWAYS}, "X2", "note"),
    ],
)
def test_rules_that_were_set_are_enforced(
    workspace: Workspace, rules: dict[str, ReasonWhen], label: str, refused: str | None
) -> None:
    [key] = fill(workspace, 1)
    assert services.decide(workspace, key=key, label="X0").cause is None  # nobody has set a rule: nothing is refused
    services.undo(workspace)
    services.set_review_rules(workspace, policy_id="spam", **rules)
    if refused is not None:
        with pytest.raises(UsageError, match=refused):
            services.decide(workspace, key=key, label=label)
        assert services.get_review(workspace, key=key).decision is None
    services.decide(workspace, key=key, label=label, cause=Cause.OTHER, note="why")


def test_rules_are_kept_with_who_set_them(workspace: Workspace) -> None:
    assert services.review_rules(workspace, policy_id="spam") == ReviewRules("spam")
    set_rules = services.set_review_rules(workspace, policy_id="spam", blind_percent=25)
    assert set_rules == ReviewRules("spam", blind_percent=25, set_by="kim")
    assert services.set_review_rules(workspace, policy_id="spam", second_percent=5).blind_percent == 25
    assert audit_kinds(workspace).count("review_rules.set") == 2
    services.set_review_rules(workspace, policy_id="spam", second_percent=5)
    assert audit_kinds(workspace).count("review_rules.set") == 2
    for wrong in (-1, 101):
        with pytest.raises(UsageError, match="0 to 100"):
            services.set_review_rules(workspace, policy_id="spam", blind_percent=wrong)
    with pytest.raises(UsageError):
        services.set_review_rules(workspace, policy_id="gone", blind_percent=1)
    with acting(workspace, "lee") as lee, pytest.raises(RoleError):
        services.set_review_rules(lee, policy_id="spam", blind_percent=0)


def second_setup(workspace: Workspace) -> int:
    [key] = fill(workspace, 1)
    services.set_review_rules(workspace, policy_id="spam", blind_percent=0, second_percent=100)
    services.decide(workspace, key=key, label="X2", note="secret of the first", cause=Cause.OTHER)
    return key


def test_a_second_reviewer_sees_nothing_of_the_first(workspace: Workspace) -> None:
    key = second_setup(workspace)
    assert list(services.seen_ids(workspace, filter=OPEN, worklist=Worklist.SECOND)) == []  # not one's own
    with acting(workspace, "lee") as lee:
        assert list(services.seen_ids(lee, filter=OPEN, worklist=Worklist.SECOND)) == [key]
        review = services.seen_review(lee, key=key)
        assert (review.decision, review.history, review.state) == (None, (), EntryState.JUDGED)
        assert review.hidden == Hidden(decisions=True)
        [row] = services.seen_rows(lee, keys=[key])
        assert (row.decision_label, row.agrees, row.state) == (None, None, EntryState.JUDGED)
        assert services.second_review(lee, key=key) is None


def test_two_who_agree_settle_it(workspace: Workspace) -> None:
    key = second_setup(workspace)
    with acting(workspace, "lee") as lee:
        said = services.decide(lee, key=key, agree=True)
        assert (said.label, said.agrees, said.reviewer) == ("X2", True, "lee")
        assert list(services.seen_ids(lee, filter=OPEN, worklist=Worklist.SECOND)) == []
        assert services.seen_review(lee, key=key).decision is not None
    [second] = services.second_reviews(workspace)
    assert (second.state, second.adjudicated) == (SecondState.SETTLED, False)
    standing = services.get_review(workspace, key=key).decision
    assert standing is not None
    assert (standing.reviewer, standing.note) == ("kim", "secret of the first")


def test_two_who_differ_wait_for_a_lead(workspace: Workspace) -> None:
    key = second_setup(workspace)
    with acting(workspace, "lee") as lee:
        services.decide(lee, key=key, label="X0", note="I think not", cause=Cause.MODEL_MISREAD)
        with pytest.raises(RoleError):
            services.seen_ids(lee, filter=OPEN, worklist=Worklist.ADJUDICATE)
        with pytest.raises(RoleError):
            services.decide(lee, key=key, label="X0")
        assert services.second_review(lee, key=key) is None
    with acting(workspace, "ana") as ana:
        assert list(services.seen_ids(ana, filter=OPEN, worklist=Worklist.ADJUDICATE)) == [key]
        both = services.second_review(ana, key=key)
        assert both is not None
        assert both.second is not None
        assert [(one.reviewer, one.label, one.note) for one in (both.first, both.second)] == [
            ("kim", "X2", "secret of the first"), ("lee", "X0", "I think not"),
        ]  # fmt: skip
        services.decide(ana, key=key, label="X0", note="lee is right")
        assert list(services.seen_ids(ana, filter=OPEN, worklist=Worklist.ADJUDICATE)) == []
        settled = services.second_review(ana, key=key)
        assert settled is not None
        assert settled.adjudicated
        services.undo(ana)
        assert list(services.seen_ids(ana, filter=OPEN, worklist=Worklist.ADJUDICATE)) == [key]
        services.decide(ana, key=key, label="X2")
    with acting(workspace, "lee") as lee:
        assert services.second_review(lee, key=key) is not None  # both may learn how it ended


def test_a_second_decision_is_taken_back(workspace: Workspace) -> None:
    key = second_setup(workspace)
    with acting(workspace, "lee") as lee:
        services.decide(lee, key=key, label="X0")
        assert services.undo(lee) == services.UndoResult(key, "decision")
        assert list(services.seen_ids(lee, filter=OPEN, worklist=Worklist.SECOND)) == [key]
        services.decide(lee, key=key, label="X0")
        with acting(workspace, "ana") as ana:
            services.decide(ana, key=key, label="X0")
        with pytest.raises(UsageError, match="lead"):
            services.undo(lee)


def test_taking_back_the_first_ends_the_second_review(workspace: Workspace) -> None:
    key = second_setup(workspace)
    services.undo(workspace)
    assert services.second_reviews(workspace) == []
    services.decide(workspace, key=key, label="X4", cause=Cause.OTHER)
    [second] = services.second_reviews(workspace)
    assert (second.state, second.first.label) == (SecondState.WAITING, "X4")


def test_notes_of_a_second_review_go_with_a_purge(workspace: Workspace) -> None:
    key = second_setup(workspace)
    with acting(workspace, "lee") as lee:
        services.decide(lee, key=key, label="X0", note="quotes the content")
    from datetime import timedelta

    from core.domain import utc_now

    while workspace.store.purge_batch(utc_now() + timedelta(days=1), actor="kim")[0]:
        pass
    assert workspace.store.independent_decisions(key)[0].note == ""


def test_a_golden_item_reaches_everyone_once_and_looks_like_any_other(workspace: Workspace) -> None:
    keys = fill(workspace, 60)
    services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    golden_key = keys[50]
    services.decide(workspace, key=golden_key, label="X4")
    golden = services.add_golden(workspace, item_id="item-50", policy_id="spam", label="X4")
    assert (golden.label, golden.added_by) == ("X4", "kim")
    assert golden_key not in services.seen_ids(workspace, filter=OPEN)  # whoever added it knows it
    with acting(workspace, "lee") as lee:
        ids = services.seen_ids(lee, filter=OPEN)
        assert list(ids).index(golden_key) < 20
        assert len(ids) == len(set(ids)) == 60
        [row] = services.seen_rows(lee, keys=[golden_key])
        [plain] = services.seen_rows(lee, keys=[keys[0]])
        assert (row.state, row.decision_label, row.agrees) == (plain.state, None, None)
        assert services.seen_review(lee, key=golden_key).decision is None
        assert services.decide(lee, key=golden_key, label="X0").reviewer == "lee"
        assert golden_key not in services.seen_ids(lee, filter=OPEN)
        with pytest.raises(RoleError):
            services.golden_scores(lee)
        with pytest.raises(RoleError):
            services.golden_items(lee)
    with acting(workspace, "ana") as ana:
        services.decide(ana, key=golden_key, label="X4")
    scores = [(s.reviewer, s.decided, s.right) for s in services.golden_scores(workspace)]
    assert scores == [("ana", 1, 1), ("lee", 1, 0)]
    standing = services.get_review(workspace, key=golden_key).decision
    assert standing is not None
    assert standing.reviewer == "kim"  # nothing was superseded


def test_the_first_answer_on_an_open_golden_item_is_an_ordinary_decision(workspace: Workspace) -> None:
    keys = fill(workspace, 3)
    services.add_golden(workspace, item_id="item-1", policy_id="spam", label="bad")
    with acting(workspace, "lee") as lee:
        services.decide(lee, key=keys[1], label="X2")
        services.decide(lee, key=keys[1], label="X0")
    assert services.get_review(workspace, key=keys[1]).state is EntryState.DECIDED
    assert [(s.reviewer, s.decided, s.right) for s in services.golden_scores(workspace)] == [("lee", 1, 1)]


def test_what_is_no_golden_item_is_refused(workspace: Workspace) -> None:
    fill(workspace, 2)
    services.add_golden(workspace, item_id="item-1", policy_id="spam", label="X2")
    with pytest.raises(UsageError, match="already"):
        services.add_golden(workspace, item_id="item-1", policy_id="spam", label="X0")
    with pytest.raises(UsageError, match="no such label"):
        services.add_golden(workspace, item_id="item-0", policy_id="spam", label="Z9")
    with pytest.raises(UsageError, match="no item"):
        services.add_golden(workspace, item_id="gone", policy_id="spam", label="X0")
    for wrong in ("item-0", "gone"):
        with pytest.raises(UsageError, match="no golden item"):
            services.remove_golden(workspace, item_id=wrong, policy_id="spam")
    services.remove_golden(workspace, item_id="item-1", policy_id="spam")
    assert services.golden_items(workspace) == []


def test_a_skip_is_for_one_reviewer(workspace: Workspace) -> None:
    keys = fill(workspace, 3)
    services.skip(workspace, key=keys[0], reason="not my language")
    assert set(services.seen_ids(workspace, filter=OPEN)) == set(keys[1:])
    with acting(workspace, "lee") as lee:
        assert list(services.seen_ids(lee, filter=OPEN))[-1] == keys[0]  # after everything else
        assert services.seen_rows(lee, keys=keys[:1])[0].state is EntryState.JUDGED
        services.skip(lee, key=keys[0])
        assert keys[0] not in services.seen_ids(lee, filter=OPEN)
        services.undo(lee)
        assert keys[0] in services.seen_ids(lee, filter=OPEN)
    assert keys[0] not in services.seen_ids(workspace, filter=OPEN)
    services.undo(workspace)
    assert keys[0] in services.seen_ids(workspace, filter=OPEN)
    assert services.get_review(workspace, key=keys[0]).state is EntryState.JUDGED


def test_a_batch_is_recorded_one_by_one_and_taken_back_at_once(workspace: Workspace) -> None:
    keys = fill(workspace, 5)
    services.decide(workspace, key=keys[4], label="X0")
    summary = services.decide_many(workspace, keys=[*keys, keys[0]], label="X2", note="wave", seconds=10)
    assert [decision.label for decision in summary.decisions] == ["X2"] * 5
    assert {decision.seconds for decision in summary.decisions} == {2.0}
    assert summary.left == ()
    assert audit_kinds(workspace).count("decision.recorded") == 6
    result = services.undo(workspace)
    assert result is not None
    assert (result.what, sorted(result.keys)) == ("batch", sorted(keys))
    assert services.get_review(workspace, key=keys[0]).decision is None
    back = services.get_review(workspace, key=keys[4]).decision
    assert back is not None
    assert back.label == "X0"


def test_a_batch_leaves_out_what_it_cannot_decide_and_says_why(workspace: Workspace) -> None:
    keys = fill(workspace, 3)
    workspace.store.add_policy(make_policy("other"), author="kim", note="", actor="kim")
    workspace.store.add_items([make_item(9)], source="test", actor="kim")
    free = services.find_entry(workspace, item_id="item-9")
    services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    summary = services.decide_many(workspace, keys=[keys[0], free, 10**9], agree=True)
    assert [decision.item_id for decision in summary.decisions] == ["item-0"]
    assert {key for key, _ in summary.left} == {free, 10**9}
    assert all(reason for _, reason in summary.left)
    services.set_review_rules(workspace, policy_id="spam", blind_percent=100)
    with pytest.raises(UsageError, match="hidden"):
        services.decide_many(workspace, keys=keys[1:], agree=True)
    blind = services.decide_many(workspace, keys=keys[1:], label="X0").decisions
    assert all(decision.blind for decision in blind)


@pytest.mark.parametrize("keys", [[], list(range(1, 1002))])
def test_a_batch_has_a_size(workspace: Workspace, keys: list[int]) -> None:
    with pytest.raises(UsageError, match="batch"):
        services.decide_many(workspace, keys=keys, label="X0")


def test_heavy_items_are_spread_among_light_ones(workspace: Workspace) -> None:
    policy = services.get_policy(workspace, policy_id="spam")
    items = [make_item(number, policy="spam") for number in range(40)]
    workspace.store.add_items(items, source="test", actor="kim")
    grave = next(label.code for label in policy.labels if label.severity >= 3)
    workspace.store.add_verdicts(
        [make_verdict(item, policy, grave if n < 10 else "X0", score=0.9 if n < 10 else 0.1)
         for n, item in enumerate(items)],
        actor="kim",
    )  # fmt: skip
    label_of: Callable[[int], str | None] = {
        row.key: row.verdict_label for row in workspace.store.queue_rows(services.queue_ids(workspace, filter=OPEN))
    }.get
    together = [label_of(key) == grave for key in services.seen_ids(workspace, filter=OPEN)]
    apart = [label_of(key) == grave for key in services.seen_ids(workspace, filter=OPEN, interleave=True)]
    assert together[:10] == [True] * 10
    assert sum(apart) == 10
    assert not any(first and second for first, second in pairwise(apart))
