"""The members of a workspace: who has which role now, and the audit events that say how it came to be.

It owns the table `member` and the rule that a workspace of one person has no roles to mind. What a role may do is the
business of the services.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.domain import Member, Role
from core.errors import UsageError
from core.store import audit
from core.store.database import Database
from core.store.rows import from_time, to_time
from core.store.tables import AUDIT_EVENT, MEMBER

REMOVED = "removed"
_KINDS = ("workspace.created", "member.added", "member.changed", "member.removed")


def list_as_lead(connection: Connection, name: str) -> dict[str, Any]:
    """List a person as lead by their own hand; return what the event of that step must tell."""
    return _write_row(connection, name, name, Role.LEAD.value)


def _write_row(connection: Connection, actor: str, name: str, role: str) -> dict[str, Any]:
    there = _row(connection, name)
    values = {"role": role, "added_by": actor, "added_at": to_time(None)}
    if there is None:
        connection.execute(insert(MEMBER).values(name=name, **values))
    else:
        connection.execute(update(MEMBER).where(MEMBER.c.name == name).values(values))
    return {"member": name, "before": there.role if there is not None else None, **values}


def _row(connection: Connection, name: str) -> Any:  # noqa: ANN401 - a row of `member`, or None
    return connection.execute(select(MEMBER).where(MEMBER.c.name == name)).first()


def _leads(connection: Connection) -> list[str]:
    return list(connection.execute(select(MEMBER.c.name).where(MEMBER.c.role == Role.LEAD.value)).scalars())


class MemberQueries:
    """What the store answers about members."""

    _db: Database

    def members(self) -> list[Member]:
        """Return everyone who is or was a member, by name."""
        with self._db.read() as connection:
            rows = connection.execute(select(MEMBER).order_by(MEMBER.c.name)).all()
        return [
            Member(row.name, None if row.role == REMOVED else Role(row.role), row.added_by, from_time(row.added_at))
            for row in rows
        ]

    def role_of(self, name: str) -> Role | None:
        """Return the role a name has here, None for no member.

        Until a second person is added there are no roles to mind in a file: whoever can open it leads it. On a server
        the first one has added themselves, and nobody else has a role until a lead gives one.
        """
        with self._db.read() as connection:
            rows = connection.execute(select(MEMBER.c.name, MEMBER.c.role)).all()
        alone = len(rows) < 2 and not self._db.shared
        if alone or not rows:
            return Role.LEAD
        role = dict(tuple(row) for row in rows).get(name, REMOVED)
        return None if role == REMOVED else Role(role)

    def add_member(self, name: str, role: Role, *, actor: str) -> None:
        """Add a member, or one who was removed again. With the first other person, `actor` is listed as lead.

        Raises:
            UsageError: there is such a member.
        """
        with self._db.write() as connection:
            there = _row(connection, name)
            if there is not None and there.role != REMOVED:
                raise UsageError(
                    f"{name} is a {there.role} here already.", "Use `main.py member role` to change the role."
                )
            alone = len(connection.execute(select(MEMBER.c.name).limit(2)).all()) < 2
            if alone and name != actor and _row(connection, actor) is None:
                audit.append(connection, "member.added", actor, list_as_lead(connection, actor))
            audit.append(connection, "member.added", actor, _write_row(connection, actor, name, role.value))

    def change_role(self, name: str, role: Role | None, *, actor: str) -> None:
        """Give a member another role; None removes the member. The name stays on record.

        Raises:
            UsageError: there is no such member, the role is the one they have, or no lead would be left.
        """
        with self._db.write() as connection:
            there = _row(connection, name)
            if there is None or there.role == REMOVED:
                raise UsageError(f"{name} is no member here.", "See `main.py member list`.")
            if role is not None and there.role == role.value:
                raise UsageError(f"{name} is a {role.value} already.", "See `main.py member list`.")
            if there.role == Role.LEAD.value and _leads(connection) == [name]:
                raise UsageError(f"{name} is the only lead.", "Make someone else a lead first.")
            kind = "member.removed" if role is None else "member.changed"
            told = _write_row(connection, actor, name, REMOVED if role is None else role.value)
            audit.append(connection, kind, actor, told)


def check_members(connection: Connection) -> tuple[bool, str]:
    """Hold the members against what the audit chain tells of them; name the first who differs."""
    event = AUDIT_EVENT.c
    told: dict[str, tuple[int, tuple[str, str, str]]] = {}
    rows = connection.execute(select(event.id, event.payload).where(event.kind.in_(_KINDS)).order_by(event.id))
    for number, payload in rows:
        said = json.loads(payload)
        if "member" not in said:  # a workspace from before there were members
            continue
        told[said["member"]] = (number, (said["role"], said["added_by"], said["added_at"]))
    stored = {
        row.name: (row.role, row.added_by, row.added_at)
        for row in connection.execute(select(MEMBER).order_by(MEMBER.c.name))
    }
    for name, (number, values) in sorted(told.items()):
        if name not in stored:
            return False, f"member {name} is missing (event {number} recorded it)"
        if stored[name] != values:
            return False, f"member {name} differs from what event {number} recorded"
    extra = sorted(stored.keys() - told.keys())
    return (False, f"member {extra[0]} was never recorded in the audit chain") if extra else (True, f"{len(told)} told")
