"""Which queue entries stand behind figures that are counted in the database: samples, steps, scores, what waits.

It owns those queries and returns keys and plain facts, never content. Which of them a figure needs is the business of
`core.services.behind`. It changes nothing.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Subquery, and_, exists, func, select

from core.domain import EntryState, VerdictStatus
from core.store.database import Database
from core.store.tables import (
    AUDIT_DRAW,
    AUDIT_SAMPLE,
    DECISION,
    OPINION,
    POLICY_VERSION,
    QUEUE_ENTRY,
    VERDICT,
)


@dataclass(frozen=True, slots=True)
class DrawnUnit:
    """An entry an audit draw covered: what the model said then and what a human says of it now.

    `layer` is the number of its layer within the draw when it was drawn, None otherwise; `known` says that a human had
    decided it before the draw.
    """

    entry: int
    draw: int
    layer: int | None
    flagged: bool
    score: float | None
    known: bool
    violating: bool | None


class BehindQueries:
    """What the store answers about the items behind figures."""

    _db: Database

    def entries_open_from(self, policy_id: str, score: float) -> array[int]:
        """Return the undecided entries whose parsed verdict has this score or more, the highest first."""
        entry, said = QUEUE_ENTRY.c, VERDICT.c
        query = (
            select(entry.id)
            .join(VERDICT, entry.verdict_key == said.id)
            .where(entry.policy_id == policy_id, entry.state != EntryState.DECIDED.value)
            .where(said.status == VerdictStatus.PARSED.value, said.score >= score)
            .order_by(said.score.desc(), entry.id)
        )
        with self._db.read() as connection:
            return array("q", connection.execute(query).scalars())

    def entries_judged_by_both(self, policy_id: str, before: int, after: int) -> Iterator[tuple[int, bool, bool]]:
        """Yield (entry, side before, side after) of what two versions of a policy judged, oldest entry first."""
        one, other = _latest(policy_id, before), _latest(policy_id, after)
        query = (
            select(QUEUE_ENTRY.c.id, one.c.violates.label("was"), other.c.violates.label("now"))
            .join(one, one.c.item_key == QUEUE_ENTRY.c.item_key)
            .join(other, other.c.item_key == QUEUE_ENTRY.c.item_key)
            .where(QUEUE_ENTRY.c.policy_id == policy_id)
            .order_by(QUEUE_ENTRY.c.id)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            yield row.id, bool(row.was), bool(row.now)

    def drawn_units(self, policy_id: str) -> list[DrawnUnit]:
        """Return everything the draws of a policy covered, draw by draw, oldest entry first.

        A draw covers the entries whose latest verdict at that time is newer than the draw before it.
        """
        with self._db.read() as connection:
            draws = connection.execute(
                select(AUDIT_DRAW.c.id, AUDIT_DRAW.c.up_to, AUDIT_DRAW.c.drawn_at)
                .where(AUDIT_DRAW.c.policy_id == policy_id)
                .order_by(AUDIT_DRAW.c.id)
            ).all()
        found: list[DrawnUnit] = []
        after = 0
        for draw in draws:
            found += self._units(policy_id, draw.id, after, draw.up_to, draw.drawn_at)
            after = draw.up_to
        return found

    def _units(self, policy_id: str, draw: int, after: int, up_to: int, drawn_at: str) -> Iterator[DrawnUnit]:
        entry, said, sample = QUEUE_ENTRY.c, VERDICT.c, AUDIT_SAMPLE.c
        last = (
            select(said.item_key, func.max(said.id).label("verdict"))
            .where(said.policy_id == policy_id, said.id <= up_to)
            .group_by(said.item_key)
            .subquery()
        )
        before = DECISION.alias("before")
        known = exists().where(
            before.c.item_key == entry.item_key,
            before.c.policy_id == policy_id,
            before.c.decided_at <= drawn_at,
            before.c.withdrawn.is_(False),
        )
        query = (
            select(
                entry.id, said.violates.label("flagged"), said.score, sample.layer, known.label("known"),
                DECISION.c.violates.label("human"),
            )
            .join(last, last.c.item_key == entry.item_key)
            .join(VERDICT, said.id == last.c.verdict)
            .outerjoin(AUDIT_SAMPLE, and_(sample.entry_key == entry.id, sample.draw == draw))
            .outerjoin(DECISION, DECISION.c.id == entry.decision_key)
            .where(entry.policy_id == policy_id, said.id > after)
            .where(said.status == VerdictStatus.PARSED.value, said.fast.is_(False))
            .order_by(entry.id)
        )  # fmt: skip
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        for row in rows:
            human = None if row.human is None else bool(row.human)
            yield DrawnUnit(
                row.id, draw, row.layer, bool(row.flagged), row.score, bool(row.known) and row.layer is None, human
            )

    def entries_waiting(self, policy_id: str, state: int, *, violating: bool = False) -> array[int]:
        """Return the entries that wait (1) or are the audit sample (2); with `violating` those a human called so."""
        entry = QUEUE_ENTRY.c
        query = select(entry.id).where(entry.policy_id == policy_id, entry.waits == state).order_by(entry.id)
        if violating:
            query = query.join(DECISION, DECISION.c.id == entry.decision_key).where(DECISION.c.violates.is_(True))
        with self._db.read() as connection:
            return array("q", connection.execute(query).scalars())

    def opinion_trial(self, policy_id: str, version: int) -> dict[str, object]:
        """Return what a second opinion was tried on, as it was stored with its card; empty for an older one."""
        query = select(OPINION.c.trial).where(OPINION.c.policy_id == policy_id, OPINION.c.version == version)
        with self._db.read() as connection:
            stored = connection.execute(query).scalar()
        found: dict[str, object] = json.loads(stored) if stored else {}
        return found


def _latest(policy_id: str, version: int) -> Subquery:
    """Return the side of the latest full parsed verdict of a version, item by item."""
    said = VERDICT.c
    full = and_(
        said.policy_hash.in_(
            select(POLICY_VERSION.c.hash).where(
                POLICY_VERSION.c.policy_id == policy_id, POLICY_VERSION.c.version == version
            )
        ),
        said.status == VerdictStatus.PARSED.value,
        said.fast.is_(False),
    )
    last = select(func.max(said.id)).where(full).group_by(said.item_key)
    return select(said.item_key, said.violates).where(said.id.in_(last)).subquery()
