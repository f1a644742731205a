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

from sqlalchemy import Subquery, and_, case, func, select

from core.domain import Cause, EntryState, VerdictStatus
from core.domain.insight import Comparison, Rating
from core.store.database import Database
from core.store.reports import comparable, compared_verdict
from core.store.rows import from_time
from core.store.tables import DECISION, ITEM, POLICY_VERSION, QUEUE_ENTRY, VERDICT

PAGE = 2000
_LANGUAGE_FIELDS = ("language", "lang")


class MeasureQueries:
    """What the store answers to measures."""

    _db: Database

    def iter_comparisons(self, *, policy_id: str | None = None) -> Iterator[Comparison]:
        """Yield every standing decision, oldest first, with its parsed verdict where it has one to compare."""
        entry = QUEUE_ENTRY.c
        said = VERDICT.c
        # Metadata may be long; only what can name a language is read.
        named = case((ITEM.c.meta.like('%"lang%'), ITEM.c.meta), else_=None).label("meta")
        query = (
            select(
                DECISION.c.id, DECISION.c.policy_id, DECISION.c.label, DECISION.c.violates, DECISION.c.reviewer,
                DECISION.c.decided_at, DECISION.c.blind, DECISION.c.imported, DECISION.c.cause, DECISION.c.rule_id,
                DECISION.c.seconds, entry.id.label("entry"), ITEM.c.item_id, ITEM.c.kind, ITEM.c.source, named,
                POLICY_VERSION.c.version, said.label.label("said"), said.violates.label("said_violates"), said.score,
                said.rule_ids, said.effort, said.model, said.model_sha256,
            )
            .join(QUEUE_ENTRY, entry.decision_key == DECISION.c.id)
            .join(ITEM, ITEM.c.id == DECISION.c.item_key)
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

        A unit is such an item under such a version; a reviewer who took the label back has none.
        """
        column = DECISION.c
        last = select(func.max(column.id).label("id")).group_by(column.item_key, column.policy_hash, column.reviewer)
        shared = (
            select(column.item_key, column.policy_hash)
            .group_by(column.item_key, column.policy_hash)
            .having(func.count(column.reviewer.distinct()) > 1)
        )
        if policy_id is not None:
            last, shared = last.where(column.policy_id == policy_id), shared.where(column.policy_id == policy_id)
        units = shared.subquery()
        query = (
            select(column.item_key, column.policy_hash, column.reviewer, column.label, column.violates)
            .join(units, and_(units.c.item_key == column.item_key, units.c.policy_hash == column.policy_hash))
            .where(column.id.in_(last), column.withdrawn.is_(False))
            .order_by(column.id)
        )
        numbers: dict[tuple[int, str], int] = {}
        with self._db.read() as connection:
            return [
                Rating(
                    numbers.setdefault((row.item_key, row.policy_hash), len(numbers)),
                    row.reviewer,
                    row.label or "",
                    bool(row.violates),
                )
                for row in connection.execute(query)
            ]

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
        language=_language(row.meta),
        kind=row.kind,
        effort=row.effort or "",
        model=f"{row.model} {row.model_sha256[:8]}".strip() if row.model else "",
        seconds=row.seconds,
    )


def _language(meta: str | None) -> str:
    """Return what the item's metadata call its language, "" where they do not."""
    fields = json.loads(meta) if meta else {}
    return next((value for name in _LANGUAGE_FIELDS if isinstance(value := fields.get(name), str)), "")
