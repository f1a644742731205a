"""Near-duplicates and conversations fold into one row each, under one policy, and nothing is lost or moved."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import services
from core.domain import ItemKind, QueueFilter, QueueSort
from core.services import QueueGroups, Workspace, fold
from tests.fixtures.values import make_item
from tests.fixtures.workspaces import new_workspace

SPAM = "Buy followers now, cheap and fast, at the best price that anyone has ever seen in this town"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w") as workspace:
        workspace.store.add_items(
            [
                make_item("a", content=SPAM, policy="spam"),
                make_item("b", content="something else entirely", policy="spam"),
                make_item("c", content=SPAM + "!!", policy="spam"),
                make_item("d", content=SPAM.lower(), policy="harassment"),
                make_item("e", content="one", metadata={"conversation_id": "t-1"}, policy="spam"),
                make_item("f", content="two words", metadata={"thread": "t-1"}, policy="spam"),
                make_item("g", kind=ItemKind.REPLY, content="yes", parent="Who is there?", policy="spam"),
                make_item("h", kind=ItemKind.REPLY, content="nobody", parent="Who is there?", policy="spam"),
            ],
            source="t",
            actor="kim",
        )
        services.group_items(workspace)
        yield workspace


def folded(workspace: Workspace) -> dict[str, str]:
    """What each row stands for, by the last letter of its item."""
    keys = services.queue_ids(workspace, filter=QueueFilter(sort=QueueSort.AGE))
    found = fold(keys, services.queue_groups(workspace))
    name = {row.key: row.item_id[-1] for row in services.queue_rows(workspace, keys=keys)}
    return {name[key]: "".join(name[other] for other in found.others.get(key, ())) for key in found.keys}


def test_one_row_stands_for_all_that_are_alike_under_its_policy(workspace: Workspace) -> None:
    assert folded(workspace) == {"a": "c", "b": "", "d": "", "e": "f", "g": "h"}


def test_what_came_later_joins_its_group(workspace: Workspace) -> None:
    workspace.store.add_items([make_item("z", content=SPAM + " now", policy="spam")], source="t", actor="kim")
    assert folded(workspace)["a"] == "c"
    services.group_items(workspace)
    assert folded(workspace)["a"] == "cz"


def test_a_workspace_without_groups_is_listed_as_it_is(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "empty") as workspace:
        groups = services.queue_groups(workspace)
        assert fold(array("q", [3, 1, 2]), groups).keys == array("q", [3, 1, 2])
        assert fold(array("q"), groups).others == {}


@given(
    st.lists(st.integers(1, 60), unique=True, max_size=40),
    st.dictionaries(st.integers(1, 60), st.integers(0, 5), max_size=40),
)
def test_folding_keeps_order_and_loses_nothing(keys: list[int], group_of: dict[int, int]) -> None:
    known = sorted(group_of)
    groups = QueueGroups(
        np.asarray(known, dtype=np.int64), np.asarray([group_of[key] for key in known], dtype=np.int64)
    )
    found = fold(array("q", keys), groups)
    assert list(found.keys) == [key for key in keys if key in set(found.keys)]
    assert sorted([*found.keys, *(other for rest in found.others.values() for other in rest)]) == sorted(keys)
    for head, rest in found.others.items():
        assert {group_of[key] for key in (head, *rest)} == {group_of[head]}
        assert list(rest) == [key for key in keys if key in set(rest)]
        assert all(keys.index(head) < keys.index(key) for key in rest)
    heads = [group_of[key] for key in found.keys if key in group_of]
    assert len(heads) == len(set(heads))
