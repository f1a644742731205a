"""Roles: what each may do, who is asked, and that every service which changes something asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import services
from core.domain import QueueFilter, Role
from core.errors import RoleError, UsageError
from core.services import Deed
from core.services.members import ALLOWED
from core.services.workspace import Workspace
from tests.fixtures.workspaces import ROOT, bring_in, new_workspace, write_lines

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ITEMS = [{"id": f"i-{number}", "content": f"text {number}", "policy": "spam"} for number in range(3)]


def become(workspace: Workspace, name: str) -> None:
    """Act as another person from now on."""
    services.save_settings(workspace, settings=replace(workspace.settings, reviewer=name))


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Three items, the lead kim, the reviewer bo and the auditor cy."""
    with new_workspace(tmp_path / "w") as made:
        bring_in(made, ITEMS)
        services.add_member(made, name="bo")
        services.add_member(made, name=" cy ", role=Role.AUDITOR)
        yield made


def take_one_free_item(workspace: Workspace) -> None:
    """Bring in an item that any policy may judge, with an entry under one of them."""
    bring_in(workspace, [{"id": "i-free", "content": "free"}])
    key = services.find_entry(workspace, item_id="i-free", policy_id="spam")
    services.decide(workspace, key=key, label="SP0", policy_id="spam")
    workspace.undo_steps.clear()


def first_key(workspace: Workspace) -> int:
    """The first queue entry."""
    return services.queue_ids(workspace, filter=QueueFilter())[0]


def change_everything(workspace: Workspace) -> dict[str, tuple[Deed, Callable[[], object]]]:
    """Every verb that changes a workspace, with the deed it is."""
    folder = workspace.folder.parent
    key = first_key(workspace)
    decision = {"id": "i-2", "policy": "spam", "label": "SP0"}
    return {
        "decide": (Deed.REVIEW, lambda: services.decide(workspace, key=key, label="SP0")),
        "undo": (Deed.REVIEW, lambda: services.undo(workspace)),
        "skip": (Deed.REVIEW, lambda: services.skip(workspace, key=key)),
        "escalate": (Deed.REVIEW, lambda: services.escalate(workspace, key=key)),
        "entry": (Deed.REVIEW, lambda: services.find_entry(workspace, item_id="i-free", policy_id="harassment")),
        "file": (
            Deed.REVIEW,
            lambda: list(services.decide_from_file(workspace, path=write_lines(folder / "d.jsonl", [decision]))),
        ),
        "import": (Deed.IMPORT, lambda: bring_in(workspace, [{"id": "new", "content": "new"}])),
        "policy": (
            Deed.PUBLISH, lambda: services.add_policy(workspace, path=ROOT / "policies" / "fraud.md"),
        ),
        "host": (Deed.SEND, lambda: services.allow_remote(workspace, host="models.example")),
        "purge": (Deed.PURGE, lambda: services.purge(workspace, before=LONG_AGO, confirm=0)),
        "add": (Deed.MANAGE, lambda: services.add_member(workspace, name="dee")),
        "role": (Deed.MANAGE, lambda: services.change_role(workspace, name="dee", role=Role.LEAD)),
        "remove": (Deed.MANAGE, lambda: services.remove_member(workspace, name="dee")),
    }  # fmt: skip


def test_one_person_is_never_in_the_way_of_roles(tmp_path: Path) -> None:
    with new_workspace(tmp_path / "w") as workspace:
        become(workspace, "someone else")
        assert services.role_of(workspace) is Role.LEAD
        assert all(services.refusal(workspace, deed) is None for deed in Deed)
        assert [member.name for member in services.list_members(workspace)] == ["kim"]


@pytest.mark.parametrize(("name", "role"), [("kim", Role.LEAD), ("bo", Role.REVIEWER), ("cy", Role.AUDITOR)])
def test_every_verb_asks_for_the_role(workspace: Workspace, name: str, role: Role) -> None:
    take_one_free_item(workspace)
    become(workspace, name)
    assert services.role_of(workspace) is role
    for deed, verb in change_everything(workspace).values():
        if deed in ALLOWED[role]:
            assert services.refusal(workspace, deed) is None
            verb()
        else:
            with pytest.raises(RoleError, match=name) as caught:
                verb()
            assert "kim" in caught.value.hint


def test_an_auditor_changes_nothing_at_all(workspace: Workspace) -> None:
    take_one_free_item(workspace)
    become(workspace, "cy")
    before = chain_size(workspace)
    for _, verb in change_everything(workspace).values():
        with pytest.raises(RoleError):
            verb()
    assert chain_size(workspace) == before
    assert services.get_review(workspace, key=first_key(workspace)).item.id == "i-0"  # but reads
    assert all(check.ok for check in services.verify(workspace))


def chain_size(workspace: Workspace) -> int:
    """How many events there are."""
    with workspace.store._db.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM audit_event").scalar() or 0)


def test_refusals_say_who_may(workspace: Workspace) -> None:
    become(workspace, "bo")
    refused = services.refusal(workspace, Deed.PUBLISH)
    assert refused is not None
    assert refused.message == "To add or publish policies needs a lead; bo is a reviewer."
    assert refused.hint == "Ask a lead: kim."
    become(workspace, "eve")
    refused = services.refusal(workspace, Deed.REVIEW)
    assert refused is not None
    assert refused.message == "eve is no member of this workspace and may not decide, skip or escalate items."
    assert "member add" in refused.hint


def test_a_removed_member_may_only_read(workspace: Workspace) -> None:
    services.remove_member(workspace, name="bo")
    assert [member.name for member in services.list_members(workspace)] == ["cy", "kim"]
    become(workspace, "bo")
    with pytest.raises(RoleError, match="no member"):
        services.skip(workspace, key=first_key(workspace))


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "\u202ekim"])
def test_a_name_that_is_none_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        services.add_member(workspace, name=name)


def test_a_decision_under_another_name_is_imported_and_says_by_whom(workspace: Workspace) -> None:
    become(workspace, "bo")
    decision = services.decide(workspace, key=first_key(workspace), label="SP0", reviewer="ana")
    assert (decision.reviewer, decision.imported) == ("ana", True)
    with workspace.store._db.read() as connection:
        payload = connection.exec_driver_sql("SELECT payload FROM audit_event ORDER BY id DESC LIMIT 1").scalar()
    assert '"actor":"bo"' in str(payload)
    assert '"reviewer":"ana"' in str(payload)
