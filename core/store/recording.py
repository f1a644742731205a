"""How verdicts and decisions are appended: many in few statements, each with its queue entry and its audit event.

It owns what a verdict or a decision changes in the queue. All of it belongs to the caller's write transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, func, select

from core.domain import Decision, EntryState, Verdict, VerdictStatus
from core.errors import UsageError
from core.store import audit
from core.store.bulk import insert_rows, new_keys
from core.store.claims import check_claim
from core.store.entries import Entries
from core.store.items import CHUNK
from core.store.rows import decision_record, decision_values, from_time, record_hash, to_time, verdict_values
from core.store.second_reviews import follow_decision, reviewed_twice
from core.store.tables import DECISION, ITEM, VERDICT


def risk_of(verdict: Verdict) -> float:
    """Return the probability of violating; one half for what could not be read, because a human must look."""
    if verdict.status is not VerdictStatus.PARSED:
        return 0.5
    return verdict.score if verdict.score is not None else float(bool(verdict.violates))


def uncertainty_of(verdict: Verdict) -> float:
    """Return 1 where the model could as well have said the opposite, 0 where it was sure."""
    if verdict.status is not VerdictStatus.PARSED:
        return 1.0
    return 1.0 - abs(2.0 * risk_of(verdict) - 1.0)


def expected_disagreement(opinion: float, verdict: Verdict) -> dict[str, float]:
    """Return what the queue keeps of how probable a human disagrees, by a second opinion; nothing without one."""
    if opinion < 0 or verdict.status is not VerdictStatus.PARSED:
        return {}
    return {"expected": 1.0 - opinion if verdict.violates else opinion}


def _late_comparison(connection: Connection, decision_key: int | None, verdict: Verdict) -> dict[str, int]:
    """Return what a verdict changes for a decision that was made before there was any, on the same policy version."""
    if decision_key is None or verdict.fast or verdict.status is not VerdictStatus.PARSED:
        return {}
    stands = connection.execute(select(DECISION).where(DECISION.c.id == decision_key)).one()
    if stands.verdict_key is not None or stands.policy_hash != verdict.policy_hash:
        return {}
    return {"disagrees": int((stands.label, stands.violates) != (verdict.label, verdict.violates))}


def _apart(connection: Connection, decision: Decision, verdict_key: int | None) -> int:
    """Return what the queue keeps of a standing decision: 1 apart from the model, 0 agreed, -1 nothing to compare."""
    if decision.withdrawn:
        return -1
    if decision.agrees is not None:
        return int(not decision.agrees)
    if decision.verdict_key is not None or verdict_key is None:
        return -1
    row = connection.execute(select(VERDICT).where(VERDICT.c.id == verdict_key)).first()
    if row is None or row.fast or row.status != VerdictStatus.PARSED:
        return -1
    same_version = row.policy_hash == decision.policy_hash
    return int((decision.label, decision.violates) != (row.label, row.violates)) if same_version else -1


def open_state(connection: Connection, key: int, policy_id: str | None) -> EntryState:
    """Return the state of an entry no human has acted on: judged once there is a verdict; a fast pass is none."""
    verdict = VERDICT.c
    judged = select(verdict.id).where(verdict.item_key == key, verdict.policy_id == policy_id, verdict.fast.is_(False))
    return EntryState.PENDING if connection.execute(judged.limit(1)).first() is None else EntryState.JUDGED


def _require_items(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Return the key and the content hash of each item, by id."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(ITEM.c.item_id, ITEM.c.id, ITEM.c.content_hash)
        for row in connection.execute(query.where(ITEM.c.item_id.in_(wanted[start : start + CHUNK]))):
            found[row.item_id] = row.id, row.content_hash
    if len(found) < len(wanted):
        raise UsageError("There is no item of that id.", "See `main.py queue` for the ids.")
    return found


def append_verdicts(connection: Connection, verdicts: Sequence[Verdict], actor: str) -> list[tuple[int, Verdict]]:
    """Store verdicts, with one audit event; return (queue entry, verdict as stored) in the same order.

    Raises:
        UsageError: an item is not there.
    """
    if not verdicts:
        return []
    items = _require_items(connection, (verdict.item_id for verdict in verdicts))
    owners = [items[verdict.item_id][0] for verdict in verdicts]
    entries = Entries(connection, ((key, one.policy_id) for key, one in zip(owners, verdicts, strict=True)))
    stored: list[tuple[int, Verdict]] = []
    rows: list[dict[str, Any]] = []
    for verdict, item, key in zip(verdicts, owners, new_keys(connection, VERDICT, len(verdicts)), strict=True):
        now = to_time(verdict.created_at)
        entry = entries.of(item, verdict.policy_id)
        values: dict[str, Any] = {
            "verdict_key": key,
            "risk": risk_of(verdict),
            "uncertainty": uncertainty_of(verdict),
        }
        if entry["state"] == EntryState.PENDING and not verdict.fast:
            values["state"] = EntryState.JUDGED.value
        values |= expected_disagreement(entry["opinion"], verdict)
        values |= _late_comparison(connection, entry["decision_key"], verdict)
        entries.change(entry, values)
        rows.append({"id": key, **verdict_values(verdict, item, now)})
        stored.append((entry["id"], replace(verdict, key=key, created_at=from_time(now))))
    insert_rows(connection, VERDICT, rows)
    entries.write()
    records = [_verdict_record(kept, row) for (_, kept), row in zip(stored, rows, strict=True)]
    audit.append(connection, "verdicts.stored", actor, {"verdicts": records})
    return stored


def append_decisions(
    connection: Connection,
    decisions: Sequence[Decision],
    actor: str,
    wanted: Sequence[bool],
    *,
    after: int | None = None,
    state: EntryState | None = None,
) -> list[tuple[int, Decision]]:
    """Store decisions, each superseding the last before it, each with its audit event, in the same order.

    `wanted`, aligned with `decisions`, says which entries a second person is to review. For `after` and `state` see
    `JudgementQueries.add_decision`.

    Raises:
        UsageError: an item is not there, somebody else holds it, or another decision came after `after`.
    """
    if not decisions:
        return []
    items = _require_items(connection, (decision.item_id for decision in decisions))
    entries = Entries(connection, ((items[one.item_id][0], one.policy_id) for one in decisions))
    last = _last_decisions(connection, sorted({key for key, _ in items.values()}))
    rows: list[dict[str, Any]] = []
    for decision, key in zip(decisions, new_keys(connection, DECISION, len(decisions)), strict=True):
        item, _ = items[decision.item_id]
        entry = entries.of(item, decision.policy_id)
        if not decision.imported:
            check_claim(connection, entry["id"], actor)
        before = last.get((item, decision.policy_id))
        if after is not None and before != after:
            raise UsageError("That item was decided again meanwhile.", "Look at it again, then decide.")
        last[item, decision.policy_id] = key
        change = {
            "state": _state_after(connection, item, decision, state).value,
            "decision_key": None if decision.withdrawn else key,
            "disagrees": _apart(connection, decision, entry["verdict_key"]),
        }
        entries.change(entry, change)
        rows.append({"id": key, **decision_values(decision, item, before)})
    insert_rows(connection, DECISION, rows)
    entries.write()
    stored: list[tuple[int, Decision]] = []
    for decision, row in zip(decisions, rows, strict=True):
        kept = replace(decision, key=row["id"], supersedes=row["supersedes"], decided_at=from_time(row["decided_at"]))
        stored.append((entries.of(row["item_key"], decision.policy_id)["id"], kept))
    _follow(connection, stored, wanted, undone=after)
    told = ({"item": one.item_id, "content_hash": items[one.item_id][1]} for one in decisions)
    events = [{**decision_record(row), **more} for row, more in zip(rows, told, strict=True)]
    audit.append_all(connection, "decision.recorded", actor, events)
    return stored


def _last_decisions(connection: Connection, items: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return the last decision on each of these items, by item and policy."""
    found: dict[tuple[int, str], int] = {}
    decision = DECISION.c
    for start in range(0, len(items), CHUNK):
        query = select(decision.item_key, decision.policy_id, func.max(decision.id))
        query = query.where(decision.item_key.in_(items[start : start + CHUNK]))
        for item, policy_id, key in connection.execute(query.group_by(decision.item_key, decision.policy_id)):
            found[item, policy_id] = int(key)
    return found


def _state_after(connection: Connection, item: int, decision: Decision, state: EntryState | None) -> EntryState:
    if not decision.withdrawn:
        return EntryState.DECIDED
    if state in (EntryState.SKIPPED, EntryState.ESCALATED):
        return state
    return open_state(connection, item, decision.policy_id)


def _follow(
    connection: Connection, stored: Sequence[tuple[int, Decision]], wanted: Sequence[bool], *, undone: int | None
) -> None:
    """Bring the second reviews in step; most entries have none, and nobody asks for one."""
    twice = reviewed_twice(connection, [entry for entry, _ in stored])
    for (entry, decision), second in zip(stored, wanted, strict=True):
        if second or entry in twice:
            follow_decision(connection, entry, decision.key or 0, decision, wanted=second, undone=undone)
            twice.add(entry)


def _verdict_record(verdict: Verdict, columns: dict[str, Any]) -> dict[str, Any]:
    return {
        "verdict": verdict.key,
        "item": verdict.item_id,
        "policy_hash": verdict.policy_hash,
        "status": verdict.status.value,
        "label": verdict.label,
        "model_sha256": verdict.model_sha256,
        "prompt_sha256": verdict.prompt_sha256,
        "record": record_hash(columns),
    }
