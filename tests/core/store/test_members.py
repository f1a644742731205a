"""Members in the store: what is kept of them, and what verify says when someone changed the list by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.domain import Role
from core.errors import UsageError
from core.store.keys import KeyFile
from core.store.store import Store
from tests.core.store.conftest import DATA_KEY, raw_connection

BOTH = True


def members_check(store: Store) -> tuple[bool, str]:
    """What verify says of the members."""
    checks = store.verify(KeyFile(signing_key=store.public_key()))
    [check] = [check for check in checks if check.name == "members"]
    return check.ok, check.detail


def test_while_there_is_one_everyone_leads(tmp_path: Path) -> None:
    store = Store.create(tmp_path, DATA_KEY, creator="ana")
    assert [(member.name, member.role, member.added_by) for member in store.members()] == [("ana", Role.LEAD, "ana")]
    assert store.role_of("ana") is store.role_of("someone else") is Role.LEAD
    store.add_member("bo", Role.AUDITOR, actor="ana")
    assert [store.role_of(name) for name in ("ana", "bo", "someone else")] == [Role.LEAD, Role.AUDITOR, None]
    assert members_check(store) == (True, "2 told")
    store.close()


def test_who_adds_the_first_colleague_stays_lead(store: Store) -> None:
    assert store.members() == []  # as in a workspace from before there were members
    store.add_member("bo", Role.REVIEWER, actor="ana")
    assert [(member.name, member.role) for member in store.members()] == [("ana", Role.LEAD), ("bo", Role.REVIEWER)]


def test_removing_one_of_two_gives_nobody_the_lead(store: Store) -> None:
    store.add_member("bo", Role.LEAD, actor="ana")
    store.change_role("bo", None, actor="ana")
    assert store.role_of("bo") is None
    with pytest.raises(UsageError, match="the only lead"):
        store.change_role("ana", Role.AUDITOR, actor="ana")
    with pytest.raises(UsageError, match="no member"):
        store.change_role("bo", Role.LEAD, actor="ana")
    store.add_member("bo", Role.REVIEWER, actor="ana")
    assert store.role_of("bo") is Role.REVIEWER
    assert members_check(store) == (True, "2 told")


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("UPDATE member SET role = 'lead' WHERE name = 'bo'", "member bo differs from what event 2 recorded"),
        ("UPDATE member SET added_by = 'bo' WHERE name = 'ana'", "member ana differs from what event 1 recorded"),
        ("DELETE FROM member WHERE name = 'bo'", "member bo is missing (event 2 recorded it)"),
        ("INSERT INTO member VALUES ('eve', 'lead', 'ana', 'x')", "member eve was never recorded in the audit chain"),
    ],
)
def test_a_list_changed_by_hand_is_named(tmp_path: Path, statement: str, detail: str) -> None:
    store = Store.create(tmp_path, DATA_KEY, creator="ana")
    store.add_member("bo", Role.REVIEWER, actor="ana")
    with raw_connection(tmp_path) as connection:
        connection.execute(statement)
    assert members_check(store) == (False, detail)
    store.close()


def test_every_step_is_in_the_chain(store: Store, tmp_path: Path) -> None:
    steps: list[Callable[[], None]] = [
        lambda: store.add_member("bo", Role.REVIEWER, actor="ana"),
        lambda: store.change_role("bo", Role.AUDITOR, actor="ana"),
        lambda: store.change_role("bo", None, actor="ana"),
    ]
    for step in steps:
        step()
    with raw_connection(tmp_path) as connection:
        kinds = [row[0] for row in connection.execute("SELECT kind FROM audit_event ORDER BY id")]
    assert kinds == ["workspace.created", "member.added", "member.added", "member.changed", "member.removed"]
