"""The JSON shapes of trust: members and their roles.

It owns their field names, which others rely on: fields may be added, none renamed. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.domain import Member, Role
from core.exchange.records import time_to_text


def member_to_dict(member: Member) -> dict[str, Any]:
    """Return the object of one member; `role` is None after removal."""
    return {
        "name": member.name,
        "role": member.role.value if member.role else None,
        "added_by": member.added_by,
        "added_at": time_to_text(member.added_at),
    }


def members_to_dict(members: Iterable[Member], name: str, role: Role | None) -> dict[str, Any]:
    """Return the `member list` document; `you` is whoever asks."""
    you = {"name": name, "role": role.value if role else None}
    return {"members": [member_to_dict(member) for member in members], "you": you}
