"""Audit streams: from what was drawn, what was drawn, and what came of it.

It owns the tables `audit_draw` and `audit_sample`. How many are drawn from where, and the estimate, are the business of
`core.insight.audit_stream`. A draw is never changed; a later one covers what was judged since.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter
from sqlalchemy import Connection, and_, func, insert, select

from core.domain import VerdictStatus
from core.domain.insight import AuditDraw, Stratum
from core.store import audit
from core.store.database import Database
from core.store.rows import from_time, record_hash, to_json, to_time
from core.store.tables import AUDIT_DRAW, AUDIT_EVENT, AUDIT_SAMPLE, DECISION, QUEUE_ENTRY, VERDICT

DRAWN = "audit_stream.drawn"
_STRATA = TypeAdapter(tuple[Stratum, ...])


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """A queue entry with a parsed verdict: the verdict's key, side and score, and what a human said, if anything."""

    entry: int
    verdict: int
    flagged: bool
    score: float | None
    violating: bool | None


class AuditStreamQueries:
    """What the store answers about audit streams."""

    _db: Database

    def judged_since(self, policy_id: str, verdict: int = 0) -> list[JudgedEntry]:
        """Return the entries of a policy whose latest verdict is parsed, full and newer than this one, oldest first."""
        entry, said = QUEUE_ENTRY.c, VERDICT.c
        query = (
            select(entry.id, said.id.label("verdict"), said.violates, said.score, DECISION.c.violates.label("human"))
            .join(VERDICT, said.id == entry.verdict_key)
            .outerjoin(DECISION, DECISION.c.id == entry.decision_key)
            .where(entry.policy_id == policy_id, said.id > verdict)
            .where(said.status == VerdictStatus.PARSED.value, said.fast.is_(False))
            .order_by(entry.id)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [
            JudgedEntry(
                row.id, row.verdict, bool(row.violates), row.score, None if row.human is None else bool(row.human)
            )
            for row in rows
        ]

    def last_drawn_verdict(self, policy_id: str) -> int:
        """Return the newest verdict that a draw of this policy covered, 0 before the first."""
        query = select(func.max(AUDIT_DRAW.c.up_to)).where(AUDIT_DRAW.c.policy_id == policy_id)
        with self._db.read() as connection:
            return int(connection.execute(query).scalar() or 0)

    def add_draw(
        self,
        policy_id: str,
        strata: Sequence[Stratum],
        sample: Mapping[int, int],
        *,
        seed: int,
        up_to: int,
        actor: str,
    ) -> AuditDraw:
        """Store a draw: its layers, and the layer of each entry that was drawn, in the order they are to be seen."""
        layers = _STRATA.dump_json(tuple(strata)).decode()
        now = to_time(None)
        with self._db.write() as connection:
            values = {"policy_id": policy_id, "seed": seed, "up_to": up_to, "strata": layers}
            made = connection.execute(insert(AUDIT_DRAW).values(**values, drawn_by=actor, drawn_at=now))
            number = int((made.inserted_primary_key or (0,))[0])
            if sample:
                connection.execute(
                    insert(AUDIT_SAMPLE),
                    [{"draw": number, "entry_key": entry, "layer": layer} for entry, layer in sample.items()],
                )
            drawn = hashlib.sha256(to_json([list(sample.items()), layers]).encode()).hexdigest()
            told = {"draw": number, "policy": policy_id, "seed": str(seed), "items": len(sample), "sha256": drawn}
            audit.append(connection, DRAWN, actor, {**told, "record": _draw_record(connection, number)})
        return AuditDraw(number, policy_id, from_time(now), tuple(strata), tuple(sample))

    def draws(self, policy_id: str) -> list[AuditDraw]:
        """Return the draws of a policy, oldest first, their layers with what has been decided since."""
        draw, sample, entry = AUDIT_DRAW.c, AUDIT_SAMPLE.c, QUEUE_ENTRY.c
        query = (
            select(sample.draw, sample.layer, sample.entry_key, DECISION.c.violates)
            .join(AUDIT_DRAW, draw.id == sample.draw)
            .join(QUEUE_ENTRY, entry.id == sample.entry_key)
            .outerjoin(DECISION, and_(DECISION.c.id == entry.decision_key))
            .where(draw.policy_id == policy_id)
            .order_by(sample.draw, sample.entry_key)
        )
        with self._db.read() as connection:
            draws = connection.execute(select(AUDIT_DRAW).where(draw.policy_id == policy_id).order_by(draw.id)).all()
            samples = connection.execute(query).all()
        said: dict[tuple[int, int], list[bool]] = defaultdict(list)
        waiting: dict[int, list[int]] = defaultdict(list)
        for row in samples:
            if row.violates is None:
                waiting[row.draw].append(row.entry_key)
            else:
                said[row.draw, row.layer].append(bool(row.violates))
        return [
            AuditDraw(
                row.id,
                row.policy_id,
                from_time(row.drawn_at),
                tuple(
                    replace(
                        layer,
                        decided=layer.decided + len(said[row.id, number]),
                        violating=layer.violating + sum(said[row.id, number]),
                    )
                    for number, layer in enumerate(_STRATA.validate_json(row.strata))
                ),
                tuple(waiting[row.id]),
            )
            for row in draws
        ]


def _draw_record(connection: Connection, number: int) -> str:
    """Return the hash of a draw with every entry it drew, as both are stored; "" where there is no such draw."""
    row = connection.execute(select(AUDIT_DRAW).where(AUDIT_DRAW.c.id == number)).first()
    sample = AUDIT_SAMPLE.c
    drawn = select(sample.entry_key, sample.layer).where(sample.draw == number).order_by(sample.entry_key)
    entries = [list(pair) for pair in connection.execute(drawn)]
    return record_hash({**row._asdict(), "entries": entries}) if row is not None else ""


def check_draws(connection: Connection) -> tuple[bool, str]:
    """Hold every draw and its sample against the event that told of it; name the first that differs."""
    event, draw, sample = AUDIT_EVENT.c, AUDIT_DRAW.c, AUDIT_SAMPLE.c
    sizes = select(draw.id, draw.policy_id, draw.seed, func.count(sample.entry_key).label("items"))
    sizes = sizes.outerjoin(AUDIT_SAMPLE, sample.draw == draw.id).group_by(draw.id).order_by(draw.id)
    stored = {row.id: (row.policy_id, str(row.seed), row.items) for row in connection.execute(sizes)}
    count = len(stored)
    rows = connection.execute(select(event.id, event.payload).where(event.kind == DRAWN).order_by(event.id)).all()
    for number, payload in rows:
        said = json.loads(payload)
        key = said["draw"]
        if key not in stored:
            return False, f"audit draw {key} is missing (event {number} recorded it)"
        same = stored.pop(key) == (said["policy"], said["seed"], said["items"])
        if not same or ("record" in said and said["record"] != _draw_record(connection, key)):
            return False, f"audit draw {key} differs from what event {number} recorded"
    for key in stored:
        return False, f"audit draw {key} was never recorded in the audit chain"
    return True, f"{count} draws"
