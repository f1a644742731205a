"""The beginning of a long list: what is told before the rest is read is what the whole list begins with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import services
from core.domain import EntryState, QueueFilter, QueueSort
from core.services.sight import FIRST_IDS, OPEN_STATES
from core.services.workspace import Workspace
from tests.fixtures.values import make_item, make_policy, make_verdict
from tests.fixtures.workspaces import new_workspace

OPEN = QueueFilter(states=OPEN_STATES)
COUNT = FIRST_IDS + 60


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """So many items, every third judged: more than are told at first."""
    with new_workspace(tmp_path_factory.mktemp("sight") / "w", policies=()) as made:
        policy = made.store.add_policy(make_policy(), author="kim", note="", actor="kim")
        items = [make_item(number, policy="spam") for number in range(COUNT)]
        made.store.add_items(items, source="test", actor="kim")
        verdicts = [make_verdict(item, policy, f"X{n % 2 + 1}") for n, item in enumerate(items[::3])]
        made.store.add_verdicts(verdicts, actor="kim")
        yield made


@pytest.mark.parametrize("sort", list(QueueSort))
@pytest.mark.parametrize("wanted", [OPEN, QueueFilter(), replace(OPEN, policy_id="spam")])
def test_the_beginning_is_that_of_the_whole_list(workspace: Workspace, wanted: QueueFilter, sort: QueueSort) -> None:
    wanted = replace(wanted, sort=sort)
    whole = services.seen_ids(workspace, filter=wanted)
    assert len(whole) == COUNT
    assert services.first_ids(workspace, filter=wanted) == whole[:FIRST_IDS]


def test_it_waits_for_an_entry_in_view_that_stands_further_down(workspace: Workspace) -> None:
    whole = services.seen_ids(workspace, filter=OPEN)
    assert services.first_ids(workspace, filter=OPEN, keep=whole[FIRST_IDS - 1]) == whole[:FIRST_IDS]
    assert services.first_ids(workspace, filter=OPEN, keep=whole[FIRST_IDS]) is None
    assert services.first_ids(workspace, filter=OPEN, keep=10**9) == whole[:FIRST_IDS]


@pytest.mark.parametrize(
    "wanted", [replace(OPEN, search="item"), replace(OPEN, label="X1"), QueueFilter(states=(EntryState.DECIDED,))]
)
def test_a_list_that_is_sorted_afterwards_or_short_has_no_beginning(workspace: Workspace, wanted: QueueFilter) -> None:
    assert services.first_ids(workspace, filter=wanted) is None


def test_where_golden_items_are_strewn_in_the_whole_list_decides(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "w", policies=()) as made:
        made.store.add_policy(make_policy(), author="kim", note="", actor="kim")
        made.store.add_items([make_item(n, policy="spam") for n in range(COUNT)], source="test", actor="kim")
        assert services.first_ids(made, filter=OPEN) is not None
        services.add_golden(made, item_id=make_item(3).id, policy_id="spam", label="X2")
        other = Workspace(made.folder, made.store, made.settings, "lee")  # for whoever adds it it is none
        assert services.first_ids(other, filter=OPEN) is None
