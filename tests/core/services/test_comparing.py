"""Verdicts beside the one in view, and the one without context; nothing that is to be judged blind gets out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import Item, ItemKind, PolicyVersion, Turn
from core.errors import UsageError
from core.services import Workspace
from tests.fixtures.values import make_item, make_policy, make_verdict
from tests.fixtures.workspaces import new_workspace
from tests.ui.fakes import FakeClassifier, says


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Two policies without a blind share; `spam` has two versions."""
    with new_workspace(tmp_path / "w", policies=()) as workspace:
        for policy in (make_policy(), make_policy(text="second"), make_policy("rude")):
            workspace.store.add_policy(policy, author="kim", note="", actor="kim")
            services.set_review_rules(workspace, policy_id=policy.policy_id, blind_percent=0)
        yield workspace


def judged(workspace: Workspace, item: Item) -> int:
    """Add an item and verdicts: an old one, a first pass and a full one under `spam`, one under `rude`."""
    workspace.store.add_items([item], source="t", actor="kim")
    old, new = make_policy(), make_policy(text="second")
    rude = make_policy("rude")
    for verdict in (
        make_verdict(item, old, "X0"),
        make_verdict(item, new, "X4", fast=True),
        make_verdict(item, rude, "X2"),
        make_verdict(item, new, "X4", score=0.9),
    ):
        workspace.store.add_verdicts([verdict], actor="kim")
    return services.find_entry(workspace, item_id=item.id, policy_id="spam")


def test_other_policies_and_earlier_versions_are_listed_newest_first(workspace: Workspace) -> None:
    key = judged(workspace, make_item())
    found = services.other_verdicts(workspace, key=key)
    assert [(other.policy.policy_id, other.policy.version, other.verdict.label) for other in found] == [
        ("rude", 1, "X2"),
        ("spam", 1, "X0"),
    ]


def test_what_is_to_be_judged_blind_is_not_among_them(workspace: Workspace) -> None:
    key = judged(workspace, make_item())
    services.set_review_rules(workspace, policy_id="rude", blind_percent=100)
    assert [other.policy.policy_id for other in services.other_verdicts(workspace, key=key)] == ["spam"]
    services.set_review_rules(workspace, policy_id="spam", blind_percent=100)
    assert services.other_verdicts(workspace, key=key) == []


def conversation() -> Item:
    turns = (Turn("user", "before"), Turn("user", "the text"))
    return make_item(kind=ItemKind.CONVERSATION, content="the text", messages=turns, target=1)


@pytest.mark.parametrize("item", [make_item(kind=ItemKind.REPLY, parent="said before"), conversation()])
def test_the_text_alone_is_judged_and_nothing_is_stored(workspace: Workspace, item: Item) -> None:
    key = judged(workspace, item)
    asked: list[tuple[Item, PolicyVersion]] = []
    classifier = FakeClassifier(lambda *given: asked.append(given) or says("X0"))
    verdict = services.judge_without_context(workspace, classifier=classifier, key=key)
    assert verdict.label == "X0"
    [(alone, policy)] = asked
    assert (alone.kind, alone.content, alone.parent, alone.messages) == (ItemKind.MESSAGE, item.content, None, ())
    assert policy.hash == make_policy(text="second").hash
    assert len(workspace.store.verdicts_of(item.id)) == 4


def test_what_cannot_be_compared_is_refused_with_a_reason(workspace: Workspace) -> None:
    plain = judged(workspace, make_item("plain"))
    with pytest.raises(UsageError, match="no context"):
        services.judge_without_context(workspace, classifier=FakeClassifier(), key=plain)
    reply = make_item("reply", kind=ItemKind.REPLY, parent="x", policy="spam")
    workspace.store.add_items([reply], source="t", actor="kim")
    key = services.find_entry(workspace, item_id=reply.id)
    with pytest.raises(UsageError, match="no verdict"):
        services.judge_without_context(workspace, classifier=FakeClassifier(), key=key)
    workspace.store.add_verdicts([make_verdict(reply, make_policy(text="second"))], actor="kim")
    services.set_review_rules(workspace, policy_id="spam", blind_percent=100)
    with pytest.raises(UsageError, match="no verdict"):
        services.judge_without_context(workspace, classifier=FakeClassifier(), key=key)
