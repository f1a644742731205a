"""Near-duplicates come together, whenever they arrive, and nothing else does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core import services
from core.domain import utc_now
from core.errors import CancelledError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import bring_in, new_workspace

WAVE = "Grab your free crypto coins now at the link in my profile before the offer ends tonight, friend number {}!"
OTHERS = ["The weather in Lisbon was lovely all week long.", "Does anyone know a good plumber in Leeds?", "ok", "no"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with new_workspace(tmp_path / "w", policies=["spam"]) as made:
        yield made


def groups(workspace: Workspace) -> list[set[str]]:
    found: dict[int, set[str]] = {}
    for key, group in workspace.store.groups_of(list(range(1, 100))).items():
        found.setdefault(group, set()).add(workspace.store.items([key])[0].id)
    return sorted((names for names in found.values() if len(names) > 1), key=min)


def test_a_wave_is_one_group_and_other_texts_are_alone(workspace: Workspace) -> None:
    records = [{"id": f"w{n}", "content": WAVE.format(n)} for n in range(5)]
    bring_in(workspace, records + [{"id": f"o{n}", "content": text} for n, text in enumerate(OTHERS)])
    summary = services.group_items(workspace)
    assert (summary.looked_at, summary.groups, summary.members) == (9, 1, 5)
    assert groups(workspace) == [{f"w{n}" for n in range(5)}]
    assert workspace.store.group_members(1) == [1, 2, 3, 4, 5]


def test_later_items_find_the_group_and_what_was_grouped_stays(workspace: Workspace) -> None:
    bring_in(workspace, [{"id": "w0", "content": WAVE.format(0)}, {"id": "o", "content": OTHERS[0]}])
    services.group_items(workspace)
    bring_in(workspace, [{"id": "w1", "content": WAVE.format("ONE").upper()}])
    assert services.group_items(workspace).looked_at == 1
    assert groups(workspace) == [{"w0", "w1"}]
    assert services.group_items(workspace).looked_at == 0


def test_an_item_between_two_groups_joins_them(workspace: Workspace) -> None:
    words = [f"word{n:03d}" for n in range(100)]
    texts = [" ".join(words[:88]), " ".join(words[12:]), " ".join(words[6:94])]
    bring_in(workspace, [{"id": f"t{n}", "content": text} for n, text in enumerate(texts[:2])])
    services.group_items(workspace)
    assert groups(workspace) == []
    bring_in(workspace, [{"id": "t2", "content": texts[2]}])
    services.group_items(workspace)
    assert groups(workspace) == [{"t0", "t1", "t2"}]


def test_the_same_words_in_another_conversation_are_not_alike(workspace: Workspace) -> None:
    def talk(first: str) -> list[dict[str, str]]:
        return [{"role": "user", "content": first}, {"role": "user", "content": "yes"}]

    long = "A story about a lighthouse keeper and the ships that he saw go by every night in winter."
    bring_in(workspace, [{"id": "a", "messages": talk(long)}, {"id": "b", "messages": talk("shall I bring milk?")}])
    services.group_items(workspace)
    assert groups(workspace) == []


def test_removed_content_leaves_no_sketch(workspace: Workspace) -> None:
    bring_in(workspace, [{"id": f"w{n}", "content": WAVE.format(n)} for n in range(2)])
    services.group_items(workspace)
    services.purge(workspace, before=utc_now() - timedelta(0), confirm=2)
    assert [sketch for _, _, sketch in workspace.store.iter_sketches()] == [b"", b""]
    bring_in(workspace, [{"id": "w9", "content": WAVE.format(9)}])
    services.group_items(workspace)
    assert groups(workspace) == [{"w0", "w1"}]


def test_cancelling_changes_nothing(workspace: Workspace) -> None:
    bring_in(workspace, [{"id": "a", "content": "x"}])
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(CancelledError):
        services.group_items(workspace, cancel=cancel)
    assert list(workspace.store.iter_sketches()) == []
