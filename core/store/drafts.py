"""Drafts of policies: texts that change until they are published, and the step that makes a version of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from core.domain import Draft, DraftOrigin, PolicyVersion
from core.errors import UsageError
from core.store import audit
from core.store.database import Database
from core.store.policies import add_version
from core.store.rows import from_time, to_time
from core.store.tables import POLICY_DRAFT, POLICY_VERSION


class DraftQueries:
    """What the store answers about drafts."""

    _db: Database

    def list_drafts(self) -> list[Draft]:
        """Return all drafts, by name."""
        with self._db.read() as connection:
            rows = connection.execute(select(POLICY_DRAFT).order_by(POLICY_DRAFT.c.name)).all()
        return [_draft_of(row) for row in rows]

    def get_draft(self, name: str) -> Draft | None:
        """Return one draft, or None."""
        with self._db.read() as connection:
            row = connection.execute(select(POLICY_DRAFT).where(POLICY_DRAFT.c.name == name)).first()
        return None if row is None else _draft_of(row)

    def save_draft(self, draft: Draft, *, replaces: str | None = None) -> Draft:
        """Store a draft under its name, new or in place of what stood there; its times are given here.

        `replaces` is the text that must stand there, so that nobody's work is overwritten unseen; "" for a new one.

        Raises:
            UsageError: another text stands there.
        """
        row = POLICY_DRAFT.c
        now = to_time(None)
        with self._db.write() as connection:
            there = connection.execute(select(POLICY_DRAFT).where(row.name == draft.name)).first()
            if replaces is not None and (there.document if there is not None else "") != replaces:
                raise UsageError(
                    f"The draft {draft.name} was changed meanwhile.", "Look at it again, or save under another name."
                )
            values = {
                "policy_id": draft.policy_id,
                "document": draft.document,
                "base_hash": draft.base_hash,
                "origin": draft.origin.value,
                "author": draft.author,
                "note": draft.note,
                "updated_at": now,
            }
            if there is None:
                connection.execute(insert(POLICY_DRAFT).values(name=draft.name, created_at=now, **values))
            else:
                connection.execute(update(POLICY_DRAFT).where(row.name == draft.name).values(values))
            return _draft_of(connection.execute(select(POLICY_DRAFT).where(row.name == draft.name)).one())

    def delete_draft(self, name: str) -> bool:
        """Throw a draft away; return whether there was one."""
        with self._db.write() as connection:
            return bool(connection.execute(delete(POLICY_DRAFT).where(POLICY_DRAFT.c.name == name)).rowcount)

    def publish_draft(
        self,
        draft: Draft,
        policy: PolicyVersion,
        *,
        note: str,
        current_hash: str,
        actor: str,
        details: Mapping[str, Any],
    ) -> PolicyVersion:
        """Make a version of a draft, with the audit event that says on which grounds, and take the draft away.

        Raises:
            UsageError: the draft was changed, or another version became the current one meanwhile.
        """
        with self._db.write() as connection:
            row = connection.execute(select(POLICY_DRAFT).where(POLICY_DRAFT.c.name == draft.name)).first()
            if row is None or row.document != draft.document:
                raise UsageError(f"The draft {draft.name} was changed meanwhile.", "Look at it again and test it.")
            if _current_hash(connection, policy.policy_id) != current_hash:
                raise UsageError(
                    f"Another version of {policy.policy_id} was published meanwhile.",
                    "See `main.py policy history`, bring its changes into the draft, and test it again.",
                )
            stored = add_version(connection, policy, author=draft.author, note=note, actor=actor)
            told = {"policy": stored.policy_id, "version": stored.version, "hash": stored.hash, "draft": draft.name}
            audit.append(connection, "policy.published", actor, {**told, **details})
            connection.execute(delete(POLICY_DRAFT).where(POLICY_DRAFT.c.name == draft.name))
        return stored


def _current_hash(connection: Connection, policy_id: str) -> str:
    version = POLICY_VERSION.c
    query = select(version.hash).where(version.policy_id == policy_id).order_by(version.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def _draft_of(row: Row[Any]) -> Draft:
    return Draft(
        name=row.name,
        policy_id=row.policy_id,
        document=row.document,
        base_hash=row.base_hash,
        origin=DraftOrigin(row.origin),
        author=row.author,
        note=row.note,
        created_at=from_time(row.created_at),
        updated_at=from_time(row.updated_at),
    )
