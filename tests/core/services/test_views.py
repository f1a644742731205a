"""Narrowing the queue by everything that can be known of an entry, and keeping a filter under a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import services
from core.domain import Cause, EntryState, QueueFilter, QueueSort, Role, VerdictStatus
from core.errors import RoleError, UsageError
from core.services import Workspace
from tests.fixtures.values import make_item, make_policy, make_verdict
from tests.fixtures.workspaces import audit_kinds, new_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Six items from two sources; four judged, two of those decided."""
    with new_workspace(tmp_path / "w", policies=()) as workspace:
        policy = workspace.store.add_policy(make_policy(), author="kim", note="", actor="kim")
        items = [
            make_item("a", metadata={"language": "en"}),
            make_item("b", metadata={"lang": "de"}),
            make_item("c", content="привет"),
            make_item("d", content="1 2 3"),
        ]
        workspace.store.add_items(items, source="first.jsonl", actor="kim")
        late = [make_item("e", metadata={"language": "en"}), make_item("f", metadata={"language": "en"})]
        workspace.store.add_items(late, source="second.csv", actor="kim")
        for item, label in zip(items, ("X2", "X0", "X2", None), strict=True):
            workspace.store.add_verdicts([make_verdict(item, policy, label)], actor="kim")
        for name, code, cause in (("item-a", "X2", None), ("item-b", "X4", Cause.POLICY_GAP)):
            key = services.find_entry(workspace, item_id=name, policy_id="spam")
            services.decide(workspace, key=key, label=code, cause=cause)
        yield workspace


def ids(workspace: Workspace, **wanted: object) -> str:
    keys = services.queue_ids(workspace, filter=QueueFilter(sort=QueueSort.AGE, **wanted))  # type: ignore[arg-type]
    return "".join(sorted(row.item_id[-1] for row in services.queue_rows(workspace, keys=keys)))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"source": "first.jsonl"}, "abcd"),
        ({"source": "second.csv"}, "ef"),
        ({"language": "en"}, "aef"),
        ({"language": "und-cyrl"}, "c"),
        ({"status": VerdictStatus.PARSED}, "abc"),
        ({"status": VerdictStatus.UNPARSED}, "d"),
        ({"label": "X2"}, "ac"),  # c: said by the model; b: decided otherwise
        ({"label": "X0"}, ""),
        ({"label": "X4"}, "b"),
        ({"reviewer": "kim"}, "ab"),
        ({"reviewer": "nobody"}, ""),
        ({"cause": Cause.POLICY_GAP}, "b"),
        ({"language": "en", "source": "second.csv"}, "ef"),
        ({"label": "X2", "states": (EntryState.JUDGED,)}, "c"),
        ({"language": "en", "policy_id": "spam", "reviewer": "kim"}, "a"),
    ],
)
def test_each_restriction_lists_what_it_says_and_they_go_together(
    workspace: Workspace, wanted: dict[str, object], found: str
) -> None:
    assert ids(workspace, **wanted) == found
    for sort in QueueSort:
        keys = services.queue_ids(workspace, filter=QueueFilter(sort=sort, **wanted))  # type: ignore[arg-type]
        assert len(keys) == len(found)


def test_a_decision_that_is_taken_back_no_longer_counts(workspace: Workspace) -> None:
    services.undo(workspace)
    assert ids(workspace, cause=Cause.POLICY_GAP) == ""
    assert ids(workspace, label="X0") == "b"


def test_a_filter_by_the_verdict_does_not_tell_what_is_to_be_judged_blind(workspace: Workspace) -> None:
    services.set_review_rules(workspace, policy_id="spam", blind_percent=100)
    keys = services.seen_ids(workspace, filter=QueueFilter(label="X2"))
    assert [row.item_id for row in services.seen_rows(workspace, keys=keys)] == ["item-a"]  # decided by now
    assert list(services.seen_ids(workspace, filter=QueueFilter(status=VerdictStatus.UNPARSED))) == []
    services.set_review_rules(workspace, policy_id="spam", blind_percent=0)
    assert len(services.seen_ids(workspace, filter=QueueFilter(label="X2"))) == 2


def test_what_there_is_to_filter_by_is_listed_once_each(workspace: Workspace) -> None:
    facets = services.queue_facets(workspace)
    assert facets.sources == ("first.jsonl", "second.csv")
    assert facets.languages == ("de", "en", "und-cyrl")
    assert facets.reviewers == ("kim",)


EVERYTHING = QueueFilter(
    states=(EntryState.JUDGED, EntryState.SKIPPED), policy_id="spam", search='"a phrase"', disagreements_only=True,
    sort=QueueSort.UNCERTAINTY, label="X2", status=VerdictStatus.REFUSED, source="a.csv", language="en", reviewer="kim",
    cause=Cause.OTHER,
)  # fmt: skip


def test_a_view_comes_back_as_it_was_saved(workspace: Workspace) -> None:
    services.save_view(workspace, name=" mine \n all", wanted=EVERYTHING)
    services.save_view(workspace, name="empty", wanted=QueueFilter())
    views = services.list_views(workspace)
    assert [(view.name, view.wanted, view.saved_by) for view in views] == [
        ("empty", QueueFilter(), "kim"),
        ("mine all", EVERYTHING, "kim"),
    ]
    services.save_view(workspace, name="empty", wanted=replace(EVERYTHING, search=""))
    assert services.get_view(workspace, "empty").wanted.search == ""
    assert len(services.list_views(workspace)) == 2
    services.remove_view(workspace, "empty")
    assert [view.name for view in services.list_views(workspace)] == ["mine all"]
    assert audit_kinds(workspace).count("view.saved") == 3
    assert audit_kinds(workspace).count("view.removed") == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\u202eb"])
def test_a_name_nobody_could_read_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(UsageError):
        services.save_view(workspace, name=name, wanted=QueueFilter())


def test_a_view_that_is_not_there_is_said_to_be_missing(workspace: Workspace) -> None:
    with pytest.raises(UsageError):
        services.get_view(workspace, "nothing")
    with pytest.raises(UsageError):
        services.remove_view(workspace, "nothing")


def test_an_auditor_keeps_no_views(workspace: Workspace) -> None:
    services.add_member(workspace, name="ann", role=Role.LEAD)
    services.change_role(workspace, name="kim", role=Role.AUDITOR)
    with pytest.raises(RoleError):
        services.save_view(workspace, name="mine", wanted=QueueFilter())


def test_what_a_newer_docket_saved_is_read_as_far_as_it_is_known(workspace: Workspace) -> None:
    with workspace.store._db.write() as connection:
        connection.exec_driver_sql(
            'INSERT INTO saved_view VALUES (\'new\', \'{"shape": 3, "sort": "beauty", "search": "x"}\', \'kim\')'
        )
    assert services.get_view(workspace, "new").wanted == QueueFilter(search="x")
