"""The verbs of claims in a workspace of one file: the same as on a server, for the window has one way only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import services
from core.domain import QueueFilter, Role
from core.errors import RoleError, UsageError
from core.services.workspace import Workspace
from tests.fixtures.workspaces import audit_kinds, bring_in, new_workspace


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Workspace]:
    """Four items under a policy; `kim` leads."""
    with new_workspace(tmp_path / "w") as workspace:
        bring_in(workspace, [{"id": str(n), "content": f"x{n}"} for n in range(4)], policy_id="spam")
        yield workspace


def test_take_decide_take_again(desk: Workspace) -> None:
    [first] = services.claim_next(desk, filter=QueueFilter())
    assert (first.holder, first.mine, first.policy_id) == ("kim", True, "spam")
    assert services.claim_entry(desk, key=first.key).until > first.until
    services.decide(desk, key=first.key, label="SP2")
    assert services.list_claims(desk) == []
    assert [claim.item_id for claim in services.claim_next(desk, filter=QueueFilter(), count=9)] == ["1", "2", "3"]
    assert services.release_claims(desk, keys=[2]) == 1
    assert services.release_claims(desk) == 2


def test_claims_leave_nothing_in_the_chain(desk: Workspace) -> None:
    before = audit_kinds(desk)
    services.claim_next(desk, filter=QueueFilter(), count=2)
    services.release_claims(desk)
    assert audit_kinds(desk) == before


def test_two_people_at_one_file(desk: Workspace, tmp_path: Path) -> None:
    services.add_member(desk, name="bo")
    services.claim_next(desk, filter=QueueFilter(), count=3)
    with services.open_workspace(tmp_path / "w", passphrase="long enough") as other:
        other.reviewer = "bo"
        [claim] = services.claim_next(other, filter=QueueFilter(), count=9)
        assert claim.item_id == "3"
        assert [claim.holder for claim in services.list_claims(other)] == ["bo"]
        assert len(services.list_claims(desk)) == 4
        with pytest.raises(UsageError, match="kim holds that item"):
            services.decide(other, key=1, label="SP2")
        with pytest.raises(UsageError, match="kim holds that item"):
            services.skip(other, key=1)
        assert services.release_claims_of(desk, holder="bo") == 1


def test_who_may(desk: Workspace) -> None:
    services.add_member(desk, name="bo", role=Role.AUDITOR)
    services.claim_next(desk, filter=QueueFilter())
    desk.reviewer = "bo"
    with pytest.raises(RoleError):
        services.claim_next(desk, filter=QueueFilter())
    with pytest.raises(RoleError):
        services.claim_entry(desk, key=1)
    with pytest.raises(RoleError):
        services.release_claims_of(desk, holder="kim")
    assert [claim.holder for claim in services.list_claims(desk)] == ["kim"]
    desk.reviewer = "nobody"
    with pytest.raises(RoleError):
        services.list_claims(desk)
    desk.reviewer = "kim"


@pytest.mark.parametrize("count", [0, -1, 501])
def test_a_count_that_makes_no_sense_is_refused(desk: Workspace, count: int) -> None:
    with pytest.raises(UsageError):
        services.claim_next(desk, filter=QueueFilter(), count=count)


@pytest.mark.parametrize("minutes", [0, -5, 1441, float("nan"), float("inf")])
def test_a_time_that_makes_no_sense_is_refused(desk: Workspace, minutes: float) -> None:
    with pytest.raises(UsageError):
        services.claim_next(desk, filter=QueueFilter(), minutes=minutes)
