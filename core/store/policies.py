"""Policy versions: added once, numbered by policy, never changed. The newest is the current one."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, insert, select

from core.domain import PolicyVersion
from core.errors import UsageError
from core.store import audit
from core.store.database import Database
from core.store.rows import from_time, policy_of, policy_values, record_hash, to_time
from core.store.tables import POLICY_VERSION


class PolicyQueries:
    """What the store answers about policies."""

    _db: Database

    def add_policy(self, policy: PolicyVersion, *, author: str, note: str, actor: str) -> PolicyVersion:
        """Store a version and make it the current one; a version that is there already is returned as stored.

        Raises:
            UsageError: the very same document is there under another id.
        """
        with self._db.write() as connection:
            return add_version(connection, policy, author=author, note=note, actor=actor)

    def list_policies(self) -> list[PolicyVersion]:
        """Return the current version of each policy, by id."""
        version = POLICY_VERSION.c
        newest = select(func.max(version.id)).group_by(version.policy_id)
        query = select(POLICY_VERSION).where(version.id.in_(newest)).order_by(version.policy_id)
        with self._db.read() as connection:
            return [policy_of(row) for row in connection.execute(query)]

    def get_policy(self, policy_id_or_hash: str) -> PolicyVersion | None:
        """Return the current version of a policy, or the version with this hash, or None."""
        version = POLICY_VERSION.c
        query = (
            select(POLICY_VERSION).where(version.policy_id == policy_id_or_hash).order_by(version.id.desc()).limit(1)
        )
        with self._db.read() as connection:
            row = connection.execute(query).first()
            if row is None:
                row = connection.execute(select(POLICY_VERSION).where(version.hash == policy_id_or_hash)).first()
        return None if row is None else policy_of(row)

    def policy_history(self, policy_id: str) -> list[PolicyVersion]:
        """Return all versions of a policy, oldest first."""
        version = POLICY_VERSION.c
        query = select(POLICY_VERSION).where(version.policy_id == policy_id).order_by(version.id)
        with self._db.read() as connection:
            return [policy_of(row) for row in connection.execute(query)]


def add_version(connection: Connection, policy: PolicyVersion, *, author: str, note: str, actor: str) -> PolicyVersion:
    """Do what `add_policy` says, in the caller's write transaction."""
    version = POLICY_VERSION.c
    row = connection.execute(select(POLICY_VERSION).where(version.hash == policy.hash)).first()
    if row is not None and row.policy_id != policy.policy_id:
        raise UsageError(
            f"That text is in the workspace already, as the policy {row.policy_id}.",
            "Use that policy, or say in the text what is different.",
        )
    if row is not None:
        return policy_of(row)
    last = connection.execute(select(func.max(version.version)).where(version.policy_id == policy.policy_id)).scalar()
    number, now = (last or 0) + 1, to_time(None)
    values = {**policy_values(policy), "version": number, "author": author, "note": note, "created_at": now}
    key = (connection.execute(select(func.max(version.id))).scalar() or 0) + 1
    connection.execute(insert(POLICY_VERSION).values(id=key, **values))
    details = {
        "key": key, "policy": policy.policy_id, "version": number, "hash": policy.hash, "note": note,
        "record": record_hash(values),
    }  # fmt: skip
    audit.append(connection, "policy.added", actor, details)
    return replace(policy, version=number, author=author, note=note, created_at=from_time(now))
