"""What measures read: decisions beside the verdicts they are compared with, ratings, and verdicts of two versions.

It owns which columns a measure needs, and reads no content. Which verdict a decision is compared with is the rule of
`core.store.reports`. It changes nothing.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Subquery, and_, func, literal, select, union_all

from core.domain import Cause, EntryState, VerdictStatus
from core.domain.insight import Comparison, Rating
from core.store.database import Database
from core.store.reports import comparable, compared_verdict
from core.store.rows import from_time
from core.store.tables import (
    AUDIT_EVENT,
    DECISION,
    INDEPENDENT,
    ITEM,
    ITEM_LANGUAGE,
    POLICY_VERSION,
    QUEUE_ENTRY,
    VERDICT,
)

PAGE = 2000


class MeasureQueries:
    """What the store answers to measures."""

    _db: Database

    def iter_comparisons(self, *, policy_id: str | None = None) -> Iterator[Comparison]:
        """Yield every standing decision, oldest first, with its parsed verdict where it has one to compare."""
        entry = QUEUE_ENTRY.c
        said = VERDICT.c
        query = (
            select(
                DECISION.c.id, DECISION.c.policy_id, DECISION.c.label, DECISION.c.violates, DECISION.c.reviewer,
                DECISION.c.decided_at, DECISION.c.blind, DECISION.c.imported, DECISION.c.cause, DECISION.c.rule_id,
                DECISION.c.seconds, entry.id.label("entry"), ITEM.c.item_id, ITEM.c.kind, ITEM.c.source,
                ITEM_LANGUAGE.c.language, POLICY_VERSION.c.version, said.label.label("said"),
                said.violates.label("said_violates"), said.score, said.rule_ids, said.effort,
                said.model, said.model_sha256,
            )
            .join(QUEUE_ENTRY, entry.decision_key == DECISION.c.id)
            .join(ITEM, ITEM.c.id == DECISION.c.item_key)
            .outerjoin(ITEM_LANGUAGE, ITEM_LANGUAGE.c.item_key == ITEM.c.id)
            .join(POLICY_VERSION, POLICY_VERSION.c.hash == DECISION.c.policy_hash)
            .outerjoin(
                VERDICT,
                and_(
                    said.id == compared_verdict(), comparable(),
                    said.status == VerdictStatus.PARSED.value, said.fast.is_(False),
                ),
            )
            .order_by(DECISION.c.id)
            .limit(PAGE)
        )  # fmt: skip
        if policy_id is not None:
            query = query.where(DECISION.c.policy_id == policy_id)
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(DECISION.c.id > after)).all()
            if not rows:
                return
            after = rows[-1].id
            for row in rows:
                yield _comparison(row)

    def ratings(self, policy_id: str | None = None) -> list[Rating]:
        """Return each reviewer's last label on items that two or more decided under one policy version.

        Second reviews, made without sight of the first, count beside the decisions. A unit is such an item under such a
        version; a reviewer who took the label back has none.
        """
        entry = QUEUE_ENTRY.c
        names = ("id", "item_key", "policy_hash", "policy_id", "reviewer", "label", "violates", "withdrawn")
        tables = enumerate((DECISION.c, INDEPENDENT.c))
        both = [select(literal(place).label("place"), *(table[name] for name in names)) for place, table in tables]
        said = union_all(*both).subquery().c
        shared = (
            select(said.item_key, said.policy_hash)
            .group_by(said.item_key, said.policy_hash)
            .having(func.count(said.reviewer.distinct()) > 1)
        )
        if policy_id is not None:
            shared = shared.where(said.policy_id == policy_id)
        units = shared.subquery()
        query = (
            select(
                said.item_key, said.policy_hash, said.reviewer, said.label, said.violates, said.withdrawn,
                entry.id.label("entry"),
            )
            .join(units, and_(units.c.policy_hash == said.policy_hash, units.c.item_key == said.item_key))
            .outerjoin(QUEUE_ENTRY, and_(entry.item_key == said.item_key, entry.policy_id == said.policy_id))
            .order_by(said.place, said.id)
        )  # fmt: skip
        last: dict[tuple[int, str, str], Any] = {}
        with self._db.read() as connection:
            for row in connection.execute(query):
                last[row.item_key, row.policy_hash, row.reviewer] = row
        numbers: dict[tuple[int, str], int] = {}
        return [
            Rating(
                numbers.setdefault((row.item_key, row.policy_hash), len(numbers)),
                row.reviewer,
                row.label or "",
                bool(row.violates),
                row.entry or 0,
            )
            for row in last.values()
            if not row.withdrawn
        ]

    def models_of(self, policy_hash: str) -> list[tuple[str, str, int]]:
        """Return (name, SHA-256, how many verdicts) of every model that judged under a policy version, by name."""
        said = VERDICT.c
        query = (
            select(said.model, said.model_sha256, func.count())
            .where(said.policy_hash == policy_hash, said.fast.is_(False))
            .group_by(said.model, said.model_sha256)
            .order_by(said.model, said.model_sha256)
        )
        with self._db.read() as connection:
            return [(row[0], row[1], row[2]) for row in connection.execute(query)]

    def last_event_besides(self, kind: str) -> tuple[int, str]:
        """Return the number and the hash of the last event of the audit chain that is of another kind."""
        event = AUDIT_EVENT.c
        query = select(event.id, event.hash).where(event.kind != kind).order_by(event.id.desc()).limit(1)
        with self._db.read() as connection:
            row = connection.execute(query).one()
        return int(row.id), row.hash

    def open_scores(self, policy_id: str) -> array[float]:
        """Return the score of every item with a parsed verdict that nobody has decided, in no order."""
        entry = QUEUE_ENTRY.c
        query = (
            select(VERDICT.c.score)
            .join(QUEUE_ENTRY, entry.verdict_key == VERDICT.c.id)
            .where(entry.policy_id == policy_id, entry.state != EntryState.DECIDED.value)
            .where(VERDICT.c.status == VerdictStatus.PARSED.value, VERDICT.c.score.is_not(None))
        )
        with self._db.read() as connection:
            return array("d", connection.execute(query).scalars())

    def sides_by_version(self, before: str, after: str) -> Counter[tuple[bool, bool]]:
        """Count the items that two policy versions, named by hash, both judged by (side before, side after)."""
        one, other = _latest(before), _latest(after)
        query = (
            select(one.c.violates, other.c.violates, func.count())
            .join(other, other.c.item_key == one.c.item_key)
            .group_by(one.c.violates, other.c.violates)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return Counter({(bool(was), bool(now)): count for was, now, count in rows})

    def sides_of(self, policy_hash: str) -> tuple[int, int]:
        """Return how many items a policy version judged, and how many of them as violating."""
        latest = _latest(policy_hash)
        query = select(latest.c.violates, func.count()).group_by(latest.c.violates)
        with self._db.read() as connection:
            counts = {bool(side): count for side, count in connection.execute(query)}
        return sum(counts.values()), counts.get(True, 0)


def _latest(policy_hash: str) -> Subquery:
    """Return the side of the latest parsed verdict of a version, item by item."""
    full = and_(
        VERDICT.c.policy_hash == policy_hash,
        VERDICT.c.status == VerdictStatus.PARSED.value,
        VERDICT.c.fast.is_(False),
    )
    last = select(func.max(VERDICT.c.id)).where(full).group_by(VERDICT.c.item_key)
    return select(VERDICT.c.item_key, VERDICT.c.violates).where(VERDICT.c.id.in_(last)).subquery()


def _comparison(row: Any) -> Comparison:  # noqa: ANN401 - a joined row, its type is the statement's
    return Comparison(
        entry=row.entry,
        item_id=row.item_id,
        policy_id=row.policy_id,
        version=row.version,
        human_label=row.label or "",
        human_violates=bool(row.violates),
        reviewer=row.reviewer,
        decided_at=from_time(row.decided_at),
        model_label=row.said,
        model_violates=None if row.said_violates is None else bool(row.said_violates),
        score=row.score,
        blind=bool(row.blind),
        imported=bool(row.imported),
        cause=Cause(row.cause) if row.cause else None,
        rule_id=row.rule_id,
        rule_ids=tuple(json.loads(row.rule_ids)) if row.rule_ids else (),
        source=row.source,
        language=row.language or "",
        kind=row.kind,
        effort=row.effort or "",
        model=f"{row.model} {row.model_sha256[:8]}".strip() if row.model else "",
        seconds=row.seconds,
    )
