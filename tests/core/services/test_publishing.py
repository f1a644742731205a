"""Publishing: what stands in the way, in which order, who may wave what through, and what the audit chain tells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import services
from core.domain import DraftOrigin, Role
from core.errors import RoleError, UsageError
from core.services import Obstacle
from core.services.workspace import Workspace
from tests.core.services.conftest import NOISE
from tests.core.services.test_trials import BIRD, HORN
from tests.fixtures.classifiers import ScriptedClassifier
from tests.fixtures.workspaces import audit_kinds


@pytest.fixture
def draft(noisy: Workspace) -> Workspace:
    """A draft that mends the horn, and cases to test it on."""
    services.freeze_cases(noisy, name="all", policy_ids=["noise"])
    services.new_draft(noisy, source="noise")
    services.save_draft(noisy, name="noise", text=HORN, note="the horn")
    return noisy


def try_draft(workspace: Workspace, **options: object) -> None:
    policy = services.parse_draft(services.get_draft(workspace, name="noise"))
    current = services.get_policy(workspace, policy_id="noise")
    services.run_policy_test(
        workspace,
        draft=policy,
        case_set="all",
        against=current,
        classifier=ScriptedClassifier(),
        **options,  # type: ignore[arg-type]
    )


def obstacles(workspace: Workspace) -> list[Obstacle]:
    return list(services.check_publication(workspace, name="noise").obstacles)


def test_a_draft_is_published_once_it_was_tested(draft: Workspace) -> None:
    assert obstacles(draft) == [Obstacle.UNTESTED]
    with pytest.raises(UsageError, match="no test of this text"):
        services.publish_draft(draft, name="noise")
    try_draft(draft)
    check = services.check_publication(draft, name="noise")
    assert (check.obstacles, check.lost) == ((), ())
    published = services.publish_draft(draft, name="noise", seen=check)
    assert (published.version, published.author, published.note) == (2, "kim", "the horn")
    assert services.get_policy(draft, policy_id="noise") == published
    assert services.list_drafts(draft) == []
    assert audit_kinds(draft)[-2:] == ["policy.added", "policy.published"]
    event = next(event for event in services.audit_events(draft, limit=5) if event.kind == "policy.published")
    assert event.details["run"] == 1
    assert (event.details["fixed"], event.details["newly_broken"], event.details["accepted"]) == (4, 0, [])
    assert (event.details["hash"], event.details["version"]) == (published.hash, 2)
    assert [check.name for check in services.verify(draft) if not check.ok] == []


def test_a_test_of_an_older_text_does_not_count(draft: Workspace) -> None:
    try_draft(draft)
    services.save_draft(draft, name="noise", text=HORN.replace("a horn", "any horn"))
    assert obstacles(draft) == [Obstacle.UNTESTED]


def test_a_quick_look_is_no_test(draft: Workspace) -> None:
    try_draft(draft, fast=True)
    try_draft(draft, limit=3)
    assert obstacles(draft) == [Obstacle.UNTESTED]


def test_a_test_against_an_older_version_does_not_count(draft: Workspace) -> None:
    try_draft(draft)
    services.add_policy(draft, text=NOISE + "\nMore.\n")
    assert obstacles(draft) == [Obstacle.UNTESTED]


def test_what_breaks_is_shown_and_must_be_accepted(draft: Workspace) -> None:
    services.save_draft(draft, name="noise", text=BIRD)
    try_draft(draft)
    check = services.check_publication(draft, name="noise")
    assert check.obstacles == (Obstacle.BREAKS,)
    assert {flip.case.item_id for flip in check.lost} == {f"bird-{number}" for number in range(4)}
    with pytest.raises(UsageError, match="4 cases were right"):
        services.publish_draft(draft, name="noise", seen=check)
    services.publish_draft(draft, name="noise", seen=check, accepted=frozenset({Obstacle.BREAKS}))
    event = services.audit_events(draft, limit=1)[0]
    assert (event.details["newly_broken"], event.details["accepted"]) == (4, ["breaks"])


def test_what_a_model_wrote_is_never_published_by_itself(draft: Workspace) -> None:
    services.discard_draft(draft, name="noise")
    made = services.new_draft(draft, source="noise")
    draft.store.save_draft(replace(made, document=HORN, origin=DraftOrigin.MODEL))
    try_draft(draft)
    everything = frozenset(Obstacle)
    with pytest.raises(UsageError, match="written by a model"):
        services.publish_draft(draft, name="noise", accepted=everything)
    services.save_draft(draft, name="noise", text=HORN.replace("a horn", "the horn"))
    try_draft(draft)
    with pytest.raises(UsageError, match="written by a model"):  # an edit is no acceptance
        services.publish_draft(draft, name="noise", accepted=everything)
    assert services.accept_draft(draft, name="noise").origin is DraftOrigin.PERSON
    assert services.publish_draft(draft, name="noise").version == 2


def test_lint_errors_and_the_same_text_stand_in_the_way(draft: Workspace) -> None:
    services.save_draft(draft, name="noise", text=HORN.replace("- NO.a", "- YES.a Quite another rule.\n- NO.a"))
    try_draft(draft)
    assert Obstacle.LINT in obstacles(draft)
    with pytest.raises(UsageError, match="lint error"):
        services.publish_draft(draft, name="noise")
    services.save_draft(draft, name="noise", text=NOISE)
    with pytest.raises(UsageError, match="word for word"):
        services.publish_draft(draft, name="noise", accepted=frozenset(Obstacle))


def test_only_a_lead_publishes_and_only_what_was_looked_at(draft: Workspace) -> None:
    try_draft(draft)
    seen = services.check_publication(draft, name="noise")
    services.add_member(draft, name="lee", role=Role.REVIEWER)
    draft.reviewer = "lee"
    with pytest.raises(RoleError):
        services.publish_draft(draft, name="noise")
    services.save_draft(draft, name="noise", text=HORN.replace("a horn", "that horn"))
    draft.reviewer = "kim"
    with pytest.raises(UsageError, match="changed meanwhile"):
        services.publish_draft(draft, name="noise", seen=seen, accepted=frozenset({Obstacle.UNTESTED}))
    assert services.get_policy(draft, policy_id="noise").version == 1


def test_a_first_version_needs_a_test_too(draft: Workspace) -> None:
    services.new_draft(draft, source="noise", name="song", policy_id="song")
    with pytest.raises(UsageError, match="no test"):
        services.publish_draft(draft, name="song")
    published = services.publish_draft(draft, name="song", accepted=frozenset({Obstacle.UNTESTED}))
    assert (published.policy_id, published.version) == ("song", 1)
    assert services.audit_events(draft, limit=1)[0].details["accepted"] == ["untested"]
