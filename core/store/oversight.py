"""Rules of review, golden items and skips: who set them, for whom they count. Their history is in the audit chain.

It owns the tables `review_rules`, `golden` and `skip`, and the secret by which a share of the items is chosen. Which
items a share takes is the business of the services.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, func, insert, select, union_all, update

from core.domain import EntryState, GoldenItem, GoldenMark, GoldenScore, ReasonWhen, ReviewRules
from core.errors import UsageError
from core.store import audit
from core.store.database import Database
from core.store.items import CHUNK
from core.store.rows import from_time, to_time
from core.store.tables import (
    AUDIT_EVENT,
    DECISION,
    GOLDEN,
    INDEPENDENT,
    ITEM,
    QUEUE_ENTRY,
    REVIEW_RULES,
    SECOND_REVIEW,
    SECRET,
    SKIP,
)

_SAMPLING_DOMAIN = b"docket-sampling-v1"
_RULES_TOLD = ("blind_percent", "second_percent", "cause_when", "note_when", "set_by")
_GOLDEN_TOLD = ("label", "added_by", "added_at", "after_decision", "after_independent")


@dataclass(frozen=True, slots=True)
class Standing:
    """What some entries are to one reviewer.

    Args:
        independent: keys to be decided without sight of what others decided.
        skipped: keys this reviewer put aside.
        skipped_by_others: keys that only others put aside.
        own: keys on which this reviewer has decided before, whether or not it stands.
        rules: the rules that were set, by policy.
    """

    independent: frozenset[int]
    skipped: frozenset[int]
    skipped_by_others: frozenset[int]
    own: frozenset[int]
    rules: Mapping[str, ReviewRules]


def set_aside(connection: Connection, entry: int, reviewer: str) -> None:
    """Remember that a reviewer put an entry aside."""
    if connection.execute(select(SKIP).where(SKIP.c.entry_key == entry, SKIP.c.reviewer == reviewer)).first() is None:
        connection.execute(insert(SKIP).values(entry_key=entry, reviewer=reviewer))


def take_up(connection: Connection, entry: int, reviewer: str) -> bool:
    """Forget that a reviewer put an entry aside; return whether others still have."""
    connection.execute(delete(SKIP).where(SKIP.c.entry_key == entry, SKIP.c.reviewer == reviewer))
    return connection.execute(select(SKIP.c.entry_key).where(SKIP.c.entry_key == entry).limit(1)).first() is not None


def _decided_by(reviewer: str) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
    """Whether a reviewer has said anything on an entry, in either table."""
    entry, said, alone = QUEUE_ENTRY.c, DECISION.c, INDEPENDENT.c
    return (
        exists().where(
            said.item_key == entry.item_key, said.policy_id == entry.policy_id, said.reviewer == reviewer,
            said.imported.is_(False),
        )
        | exists().where(alone.entry_key == entry.id, alone.reviewer == reviewer)
    )  # fmt: skip


class OversightQueries:
    """What the store answers about rules, golden items and skips."""

    _db: Database

    def sampling_secret(self) -> bytes:
        """Return the secret (32 bytes) by which shares take items: the same for all desks, known to nobody."""
        with self._db.read() as connection:
            seed = connection.execute(select(SECRET.c.value).where(SECRET.c.name == "signing_key")).scalar_one()
        return hmac.new(bytes.fromhex(seed), _SAMPLING_DOMAIN, hashlib.sha256).digest()

    def review_rules(self) -> dict[str, ReviewRules]:
        """Return the rules that were set, by policy."""
        with self._db.read() as connection:
            return _rules(connection)

    def set_review_rules(self, rules: ReviewRules, *, actor: str) -> ReviewRules:
        """Set the rules of a policy; return them as stored."""
        values = {
            "blind_percent": rules.blind_percent,
            "second_percent": rules.second_percent,
            "cause_when": rules.cause_when.value,
            "note_when": rules.note_when.value,
            "set_by": actor,
        }
        with self._db.write() as connection:
            there = REVIEW_RULES.c.policy_id == rules.policy_id
            if connection.execute(select(REVIEW_RULES.c.policy_id).where(there)).first() is None:
                connection.execute(insert(REVIEW_RULES).values(policy_id=rules.policy_id, **values))
            else:
                connection.execute(update(REVIEW_RULES).where(there).values(values))
            audit.append(connection, "review_rules.set", actor, {"policy": rules.policy_id, **values})
            return _rules(connection)[rules.policy_id]

    def standing_of(self, keys: Sequence[int], reviewer: str) -> Standing:
        """Return what these entries are to a reviewer."""
        independent: set[int] = set()
        mine: set[int] = set()
        others: set[int] = set()
        own: set[int] = set()
        with self._db.read() as connection:
            for start in range(0, len(keys), CHUNK):
                chunk = list(keys[start : start + CHUNK])
                independent |= _independent(connection, chunk, reviewer)
                for entry, name in connection.execute(select(SKIP).where(SKIP.c.entry_key.in_(chunk))):
                    (mine if name == reviewer else others).add(entry)
                decided = select(QUEUE_ENTRY.c.id).where(QUEUE_ENTRY.c.id.in_(chunk), _decided_by(reviewer))
                own |= set(connection.execute(decided).scalars())
            rules = _rules(connection)
        return Standing(frozenset(independent), frozenset(mine), frozenset(others - mine), frozenset(own), rules)

    def skipped_by_others(self, reviewer: str, policy_id: str | None) -> list[int]:
        """Return the entries that others put aside and this reviewer did not, riskiest first."""
        entry = QUEUE_ENTRY.c
        query = select(entry.id).where(
            entry.state == EntryState.SKIPPED.value,
            exists().where(SKIP.c.entry_key == entry.id),
            ~exists().where(SKIP.c.entry_key == entry.id, SKIP.c.reviewer == reviewer),
        )
        if policy_id is not None:
            query = query.where(entry.policy_id == policy_id)
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(entry.risk.desc(), entry.id)).scalars())

    # Golden items

    def add_golden(self, entry: int, label: str, *, actor: str) -> None:
        """Make an entry a golden item. What was decided on it before does not count.

        Raises:
            UsageError: it is one already.
        """
        with self._db.write() as connection:
            if connection.execute(select(GOLDEN.c.entry_key).where(GOLDEN.c.entry_key == entry)).first() is not None:
                raise UsageError("That item is a golden item already.", "Remove it first to change its label.")
            values = {
                "label": label,
                "added_by": actor,
                "added_at": to_time(None),
                "after_decision": _newest(connection, DECISION),
                "after_independent": _newest(connection, INDEPENDENT),
            }
            connection.execute(insert(GOLDEN).values(entry_key=entry, **values))
            audit.append(connection, "golden.added", actor, {"entry": entry, **values})

    def remove_golden(self, entry: int, *, actor: str) -> None:
        """Make a golden item an ordinary one.

        Raises:
            UsageError: it is none.
        """
        with self._db.write() as connection:
            removed = connection.execute(delete(GOLDEN).where(GOLDEN.c.entry_key == entry))
            if not removed.rowcount:
                raise UsageError("That item is no golden item.", "See `main.py golden list`.")
            audit.append(connection, "golden.removed", actor, {"entry": entry})

    def golden_items(self) -> list[GoldenItem]:
        """Return the golden items, oldest first."""
        query = (
            select(GOLDEN, ITEM.c.item_id, QUEUE_ENTRY.c.policy_id)
            .join(QUEUE_ENTRY, QUEUE_ENTRY.c.id == GOLDEN.c.entry_key)
            .join(ITEM, ITEM.c.id == QUEUE_ENTRY.c.item_key)
            .order_by(GOLDEN.c.added_at, GOLDEN.c.entry_key)
        )
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [
            GoldenItem(row.item_id, row.policy_id or "", row.label, row.added_by, from_time(row.added_at))
            for row in rows
        ]

    def golden_for(self, reviewer: str, policy_id: str | None) -> list[int]:
        """Return the golden entries a reviewer has not decided since they became golden, oldest first."""
        entry = QUEUE_ENTRY.c
        query = select(entry.id).join(GOLDEN, GOLDEN.c.entry_key == entry.id)
        query = query.join(ITEM, ITEM.c.id == entry.item_key).where(
            ~_golden_decided(reviewer),
            GOLDEN.c.added_by != reviewer,
            entry.state != EntryState.ESCALATED.value,
            ~exists().where(SKIP.c.entry_key == entry.id, SKIP.c.reviewer == reviewer),
            ITEM.c.removed_at.is_(None),
        )
        if policy_id is not None:
            query = query.where(entry.policy_id == policy_id)
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(entry.id)).scalars())

    def golden_scores(self) -> list[GoldenScore]:
        """Return how each reviewer did: the first thing they said on each golden item after it became one."""
        counts: dict[tuple[str, str], list[int]] = {}
        for mark in self.golden_marks():
            count = counts.setdefault((mark.reviewer, mark.policy_id), [0, 0])
            count[0] += 1
            count[1] += mark.right
        return [GoldenScore(name, policy, *count) for (name, policy), count in sorted(counts.items())]

    def golden_marks(self) -> list[GoldenMark]:
        """Return the first thing each reviewer said on each golden item after it became one, oldest first."""
        entry, said, alone = QUEUE_ENTRY.c, DECISION.c, INDEPENDENT.c
        first = (
            select(GOLDEN.c.entry_key, entry.policy_id, GOLDEN.c.label.label("right"), said.reviewer, said.label,
                   said.decided_at)
            .join(QUEUE_ENTRY, entry.id == GOLDEN.c.entry_key)
            .join(DECISION, (said.item_key == entry.item_key) & (said.policy_id == entry.policy_id))
            .where(said.id > GOLDEN.c.after_decision, said.withdrawn.is_(False), said.imported.is_(False))
        )  # fmt: skip
        second = (
            select(GOLDEN.c.entry_key, entry.policy_id, GOLDEN.c.label.label("right"), alone.reviewer, alone.label,
                   alone.decided_at)
            .join(QUEUE_ENTRY, entry.id == GOLDEN.c.entry_key)
            .join(INDEPENDENT, alone.entry_key == entry.id)
            .where(alone.id > GOLDEN.c.after_independent, alone.withdrawn.is_(False))
        )  # fmt: skip
        both = union_all(first, second).subquery()
        firsts: dict[tuple[int, str], Any] = {}
        with self._db.read() as connection:
            for row in connection.execute(select(both).order_by(both.c.decided_at)):
                firsts.setdefault((row.entry_key, row.reviewer), row)
        return [
            GoldenMark(row.entry_key, row.policy_id, row.reviewer, row.label == row.right) for row in firsts.values()
        ]


def check_rules(connection: Connection) -> tuple[bool, str]:
    """Hold rules and golden items against what the audit chain tells of them; name the first that differs."""
    event = AUDIT_EVENT.c
    told: dict[str, dict[Any, tuple[Any, ...]]] = {"rules": {}, "golden": {}}
    kinds = ("review_rules.set", "golden.added", "golden.removed")
    for kind, payload in connection.execute(
        select(event.kind, event.payload).where(event.kind.in_(kinds)).order_by(event.id)
    ):
        said = json.loads(payload)
        if kind == "golden.removed":
            told["golden"].pop(said["entry"], None)
        elif kind == "golden.added":
            told["golden"][said["entry"]] = tuple(said[name] for name in _GOLDEN_TOLD)
        else:
            told["rules"][said["policy"]] = tuple(said[name] for name in _RULES_TOLD)
    stored = {
        "rules": {row.policy_id: tuple(row._mapping[name] for name in _RULES_TOLD)  # noqa: SLF001
                  for row in connection.execute(select(REVIEW_RULES))},
        "golden": {row.entry_key: tuple(row._mapping[name] for name in _GOLDEN_TOLD)  # noqa: SLF001
                   for row in connection.execute(select(GOLDEN))},
    }  # fmt: skip
    for word, rows in stored.items():
        for key in sorted({*rows, *told[word]}):
            if rows.get(key) != told[word].get(key):
                return False, f"{word} of {key} differ from what the audit chain recorded"
    return True, f"{len(stored['rules'])} rules, {len(stored['golden'])} golden items"


def _golden_decided(reviewer: str) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
    """Whether a reviewer has said anything on an entry since it became golden."""
    entry, said, alone = QUEUE_ENTRY.c, DECISION.c, INDEPENDENT.c
    return (
        exists().where(
            said.item_key == entry.item_key, said.policy_id == entry.policy_id, said.reviewer == reviewer,
            said.imported.is_(False), said.id > GOLDEN.c.after_decision,
        )
        | exists().where(
            alone.entry_key == entry.id, alone.reviewer == reviewer, alone.id > GOLDEN.c.after_independent
        )
    )  # fmt: skip


def _independent(connection: Connection, keys: Collection[int], reviewer: str) -> set[int]:
    """Return the decided entries this reviewer is to judge without sight of what stands: second reviews and golden."""
    waiting = select(SECOND_REVIEW.c.entry_key).where(
        SECOND_REVIEW.c.entry_key.in_(keys),
        SECOND_REVIEW.c.state == "waiting",
        SECOND_REVIEW.c.first_reviewer != reviewer,
    )
    golden = (
        select(GOLDEN.c.entry_key)
        .join(QUEUE_ENTRY, QUEUE_ENTRY.c.id == GOLDEN.c.entry_key)
        .where(
            GOLDEN.c.entry_key.in_(keys), GOLDEN.c.added_by != reviewer, ~_golden_decided(reviewer),
            QUEUE_ENTRY.c.state == EntryState.DECIDED.value,
        )
    )  # fmt: skip
    return set(connection.execute(waiting).scalars()) | set(connection.execute(golden).scalars())


def _newest(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.max(table.c.id))).scalar() or 0)


def _rules(connection: Connection) -> dict[str, ReviewRules]:
    return {
        row.policy_id: ReviewRules(
            row.policy_id,
            row.blind_percent,
            row.second_percent,
            ReasonWhen(row.cause_when),
            ReasonWhen(row.note_when),
            row.set_by,
        )
        for row in connection.execute(select(REVIEW_RULES))
    }
