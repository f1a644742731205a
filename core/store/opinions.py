"""Second opinions, their scores on the queue, and what waits: versions are appended, scores replaced.

It owns the tables `second_opinion` and `deferral` and the sort keys that come of a score. Models hold words of the
content they learnt from, so they live in the encrypted database and nowhere else, and a purge takes them out.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, case, delete, func, insert, select, update

from core.domain import EntryState, Item, VerdictStatus
from core.domain.opinions import Deferral, Guarantee, OpinionCard
from core.store import audit
from core.store.database import Database
from core.store.items import CHUNK
from core.store.rows import from_time, item_of, record_hash, to_json, to_time
from core.store.tables import AUDIT_EVENT, DECISION, DEFERRAL, EMBEDDING, ITEM, OPINION, QUEUE_ENTRY, VERDICT

TRAINED, DEFERRED, CLEARED = "opinion.trained", "deferral.set", "deferral.cleared"
PAGE = 500
WAITS, AUDITED = 1, 2
"""What `queue_entry.waits` says of a sure negative: it waits, or it was chosen to be looked at all the same."""

_CARD = TypeAdapter(OpinionCard)
_GUARANTEE = TypeAdapter(Guarantee)


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    """What speaks for looking at an entry: sort keys below 0 are unknown; `clauses` are those its verdict cites."""

    entry: int
    uncertainty: float
    expected: float
    clauses: tuple[str, ...]


class OpinionQueries:
    """What the store answers about second opinions."""

    _db: Database

    def items_of_entries(self, entries: Sequence[int]) -> list[Item]:
        """Return the item of each queue entry, in their order, without those whose entry is gone."""
        found: dict[int, Item] = {}
        query = select(ITEM, QUEUE_ENTRY.c.id.label("entry")).join(QUEUE_ENTRY, QUEUE_ENTRY.c.item_key == ITEM.c.id)
        with self._db.read() as connection:
            for start in range(0, len(entries), CHUNK):
                chunk = list(entries[start : start + CHUNK])
                for row in connection.execute(query.where(QUEUE_ENTRY.c.id.in_(chunk))):
                    found[row.entry] = item_of(row)
        return [found[entry] for entry in entries if entry in found]

    def add_opinion(
        self, card: OpinionCard, model: bytes, *, trial: Mapping[str, object] | None = None, actor: str
    ) -> OpinionCard:
        """Store a version with the next number of its policy; return its card as stored.

        `trial` says on which entries it was tried, for `opinion_trial`.
        """
        version = OPINION.c
        with self._db.write() as connection:
            last = connection.execute(
                select(func.max(version.version)).where(version.policy_id == card.policy_id)
            ).scalar()
            stored = replace(card, version=(last or 0) + 1)
            digest = hashlib.sha256(model).hexdigest()
            connection.execute(
                insert(OPINION).values(
                    policy_id=stored.policy_id,
                    version=stored.version,
                    card=_CARD.dump_json(stored).decode(),
                    model=model,
                    model_sha256=digest,
                    trial=None if trial is None else to_json(trial),
                )
            )
            row = connection.execute(
                select(OPINION).where(version.policy_id == stored.policy_id, version.version == stored.version)
            ).one()
            told = {"policy": stored.policy_id, "version": stored.version, "labels": stored.labels, "sha256": digest}
            told["record"] = _opinion_record(row)
            audit.append(connection, TRAINED, actor, told)
        return stored

    def opinions(self, policy_id: str) -> list[OpinionCard]:
        """Return the cards of all versions of a policy's second opinion, oldest first."""
        there = OPINION.c.model.is_not(None).label("there")
        query = select(OPINION.c.card, there).where(OPINION.c.policy_id == policy_id).order_by(OPINION.c.version)
        with self._db.read() as connection:
            rows = connection.execute(query).all()
        return [replace(_CARD.validate_json(row.card), has_model=bool(row.there)) for row in rows]

    def opinion_model(self, policy_id: str, version: int) -> bytes | None:
        """Return the stored model of a version, None when there is none or a purge took it."""
        query = select(OPINION.c.model).where(OPINION.c.policy_id == policy_id, OPINION.c.version == version)
        with self._db.read() as connection:
            model = connection.execute(query).scalar()
        return None if model is None else bytes(model)

    def vectors(self, model_sha256: str, contents: Sequence[str]) -> dict[str, bytes]:
        """Return the vectors that are kept of contents, by their hash, as one model gave them."""
        kept = EMBEDDING.c
        found: dict[str, bytes] = {}
        with self._db.read() as connection:
            for start in range(0, len(contents), CHUNK):
                chunk = list(contents[start : start + CHUNK])
                query = select(kept.content_hash, kept.vector)
                rows = connection.execute(query.where(kept.model_sha256 == model_sha256, kept.content_hash.in_(chunk)))
                found.update((row.content_hash, bytes(row.vector)) for row in rows)
        return found

    def add_vectors(self, model_sha256: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors by the hash of their content, those of content that is still there; known ones stay."""
        with self._db.write() as connection:
            wanted = list(vectors)
            there = (ITEM.c.content_hash.in_(wanted)) & ITEM.c.removed_at.is_(None)
            held = set(connection.execute(select(ITEM.c.content_hash).where(there)).scalars())
            kept = EMBEDDING.c
            known = (kept.model_sha256 == model_sha256) & kept.content_hash.in_(wanted)
            held -= set(connection.execute(select(kept.content_hash).where(known)).scalars())
            if held:
                connection.execute(
                    insert(EMBEDDING),
                    [
                        {"content_hash": content, "model_sha256": model_sha256, "vector": vectors[content]}
                        for content in wanted
                        if content in held
                    ],
                )

    def policies_with_opinion(self) -> list[str]:
        """Return the policies that have a second opinion whose newest model is there, by id."""
        newest = select(func.max(OPINION.c.id)).group_by(OPINION.c.policy_id)
        query = select(OPINION.c.policy_id).where(OPINION.c.id.in_(newest), OPINION.c.model.is_not(None))
        with self._db.read() as connection:
            return list(connection.execute(query.order_by(OPINION.c.policy_id)).scalars())

    def iter_undecided(self, policy_id: str, *, unscored: bool = False) -> Iterator[tuple[list[int], list[Item]]]:
        """Yield pages of the undecided entries of a policy, oldest first, with its items; no removed one.

        With `unscored` only those no second opinion has scored.
        """
        entry = QUEUE_ENTRY.c
        query = (
            select(ITEM, entry.id.label("entry"))
            .join(QUEUE_ENTRY, entry.item_key == ITEM.c.id)
            .where(entry.policy_id == policy_id, entry.state != EntryState.DECIDED.value, ITEM.c.removed_at.is_(None))
            .order_by(entry.id)
            .limit(PAGE)
        )
        if unscored:
            query = query.where(entry.opinion < 0)
        after = 0
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query.where(entry.id > after)).all()
            if not rows:
                return
            after = rows[-1].entry
            yield [row.entry for row in rows], [item_of(row) for row in rows]

    def count_unscored(self, policy_ids: Sequence[str]) -> int:
        """Return how many undecided entries of these policies no second opinion has scored."""
        entry = QUEUE_ENTRY.c
        states = [state.value for state in EntryState if state is not EntryState.DECIDED]
        query = select(func.count()).where(
            entry.policy_id.in_(list(policy_ids)),
            entry.state.in_(states),
            entry.expected < 0,  # what has no score has no expectation, and there is an index of those
            entry.opinion < 0,
        )
        with self._db.read() as connection:
            return int(connection.execute(query).scalar_one())

    def set_opinions(self, scores: Sequence[tuple[int, float, int]]) -> None:
        """Keep (entry, probability of violating, waits) on the queue, with the disagreement they lead to expect."""
        if not scores:
            return
        said = (
            select(VERDICT.c.violates)
            .where(VERDICT.c.id == QUEUE_ENTRY.c.verdict_key, VERDICT.c.status == VerdictStatus.PARSED.value)
            .scalar_subquery()
        )
        new: BindParameter[float] = bindparam("new_opinion")
        expected = case((said.is_(True), 1.0 - new), (said.is_(False), new), else_=-1.0)
        statement = (
            update(QUEUE_ENTRY)
            .where(QUEUE_ENTRY.c.id == bindparam("entry"))
            .values(opinion=new, expected=expected, waits=bindparam("new_waits"))
        )
        rows = [{"entry": entry, "new_opinion": score, "new_waits": waits} for entry, score, waits in scores]
        with self._db.write() as connection:
            connection.execute(statement, rows)

    def candidate_facts(self, entries: Sequence[int]) -> list[CandidateFacts]:
        """Return what the queue and the latest verdict say of these entries, in their order; none for one gone."""
        entry = QUEUE_ENTRY.c
        query = select(entry.id, entry.uncertainty, entry.expected, VERDICT.c.rule_ids).outerjoin(
            VERDICT, VERDICT.c.id == entry.verdict_key
        )
        found: dict[int, CandidateFacts] = {}
        with self._db.read() as connection:
            for start in range(0, len(entries), CHUNK):
                for row in connection.execute(query.where(entry.id.in_(list(entries[start : start + CHUNK])))):
                    clauses = tuple(json.loads(row.rule_ids)) if row.rule_ids else ()
                    found[row.id] = CandidateFacts(row.id, row.uncertainty, row.expected, clauses)
        return [found[key] for key in entries if key in found]

    def clause_counts(self, policy_id: str) -> Counter[str]:
        """Return how many decided items of a policy have a verdict that cites each clause."""
        query = (
            select(VERDICT.c.rule_ids, func.count())
            .join(QUEUE_ENTRY, QUEUE_ENTRY.c.verdict_key == VERDICT.c.id)
            .where(QUEUE_ENTRY.c.policy_id == policy_id, QUEUE_ENTRY.c.decision_key.is_not(None))
            .group_by(VERDICT.c.rule_ids)
        )
        counts: Counter[str] = Counter()
        with self._db.read() as connection:
            for rule_ids, count in connection.execute(query):
                counts.update(dict.fromkeys(json.loads(rule_ids), count))
        return counts

    # What waits

    def deferral(self, policy_id: str) -> Deferral | None:
        """Return the deferral of a policy with its counts, or None while nothing waits."""
        entry = QUEUE_ENTRY.c
        with self._db.read() as connection:
            row = connection.execute(select(DEFERRAL).where(DEFERRAL.c.policy_id == policy_id)).first()
            if row is None:
                return None
            sure = select(entry.waits, func.count()).where(entry.policy_id == policy_id, entry.waits > 0)
            counts = {waits: count for waits, count in connection.execute(sure.group_by(entry.waits))}  # noqa: C416
            looked_at = connection.execute(
                select(func.count(), func.coalesce(func.sum(case((DECISION.c.violates.is_(True), 1), else_=0)), 0))
                .join(DECISION, DECISION.c.id == entry.decision_key)
                .where(entry.policy_id == policy_id, entry.waits == AUDITED)
            ).one()
        return Deferral(
            policy_id=policy_id,
            version=row.version,
            guarantee=_GUARANTEE.validate_json(row.guarantee),
            audit_percent=row.audit_percent,
            set_by=row.set_by,
            set_at=from_time(row.set_at),
            waiting=counts.get(WAITS, 0),
            audited=counts.get(AUDITED, 0),
            decided=int(looked_at[0]),
            violating=int(looked_at[1]),
        )

    def set_deferral(
        self, policy_id: str, version: int, guarantee: Guarantee, audit_percent: int, *, actor: str
    ) -> None:
        """Let sure negatives of a policy wait from now on, by this version of its second opinion."""
        values: dict[str, Any] = {
            "version": version,
            "guarantee": _GUARANTEE.dump_json(guarantee).decode(),
            "audit_percent": audit_percent,
            "set_by": actor,
            "set_at": to_time(None),
        }
        with self._db.write() as connection:
            connection.execute(delete(DEFERRAL).where(DEFERRAL.c.policy_id == policy_id))
            connection.execute(insert(DEFERRAL).values(policy_id=policy_id, **values))
            audit.append(connection, DEFERRED, actor, {"policy": policy_id, **values})

    def clear_deferral(self, policy_id: str, *, actor: str) -> int:
        """Let nothing of a policy wait any more; return how many entries come back."""
        entry = QUEUE_ENTRY.c
        with self._db.write() as connection:
            back = connection.execute(
                select(func.count()).where(entry.policy_id == policy_id, entry.waits == WAITS)
            ).scalar_one()
            connection.execute(
                update(QUEUE_ENTRY).where(and_(entry.policy_id == policy_id, entry.waits > 0)).values(waits=0)
            )
            connection.execute(delete(DEFERRAL).where(DEFERRAL.c.policy_id == policy_id))
            audit.append(connection, CLEARED, actor, {"policy": policy_id, "came_back": int(back)})
        return int(back)


def forget_models(connection: Connection, items: Sequence[int]) -> int:
    """Empty every stored model, in the caller's write transaction: any may hold words of what is being removed.

    The vectors of these items go, too; return how many models were emptied.
    """
    contents = select(ITEM.c.content_hash).where(ITEM.c.id.in_(items))
    connection.execute(delete(EMBEDDING).where(EMBEDDING.c.content_hash.in_(contents)))
    return int(connection.execute(update(OPINION).where(OPINION.c.model.is_not(None)).values(model=None)).rowcount)


def _opinion_record(row: Row[Any]) -> str:
    """Return the hash of everything of a version but its model, which may go with a purge and has a hash of its own."""
    return record_hash({name: value for name, value in row._asdict().items() if name != "model"})


def check_opinions(connection: Connection) -> tuple[bool, str]:
    """Hold every version of a second opinion, and what waits by one, against the events that told of them."""
    event = AUDIT_EVENT.c
    stored = {(row.policy_id, row.version): row for row in connection.execute(select(OPINION).order_by(OPINION.c.id))}
    count = len(stored)
    rows = connection.execute(select(event.id, event.payload).where(event.kind == TRAINED).order_by(event.id))
    for number, payload in rows:
        said = json.loads(payload)
        what = f"version {said['version']} of the second opinion on {said['policy']}"
        row = stored.pop((said["policy"], said["version"]), None)
        if row is None:
            return False, f"{what} is missing (event {number} recorded it)"
        same = row.model_sha256 == said["sha256"] and said.get("record") in (None, _opinion_record(row))
        if not same or (row.model is not None and hashlib.sha256(row.model).hexdigest() != said["sha256"]):
            return False, f"{what} differs from what event {number} recorded"
    for policy_id, version in stored:
        return False, f"version {version} of the second opinion on {policy_id} was never recorded in the audit chain"
    wrong = _wrong_deferral(connection)
    return (False, wrong) if wrong else (True, f"{count} second opinions")


def _wrong_deferral(connection: Connection) -> str | None:
    """Name the first policy whose deferral is not what the chain told last, or None."""
    event = AUDIT_EVENT.c
    told: dict[str, tuple[int, dict[str, Any]]] = {}
    rows = connection.execute(
        select(event.id, event.kind, event.payload).where(event.kind.in_((DEFERRED, CLEARED))).order_by(event.id)
    )
    for number, kind, payload in rows:
        said = json.loads(payload)
        told.pop(said["policy"], None)
        if kind == DEFERRED:
            told[said["policy"]] = number, said
    for row in connection.execute(select(DEFERRAL).order_by(DEFERRAL.c.policy_id)):
        number, said = told.pop(row.policy_id, (0, {}))
        if not number:
            return f"what waits under {row.policy_id} was never recorded in the audit chain"
        if any(said[name] != value for name, value in row._asdict().items() if name != "policy_id"):
            return f"what waits under {row.policy_id} differs from what event {number} recorded"
    return next((f"what waits under {name} is missing (event {told[name][0]} recorded it)" for name in told), None)
