"""Is what was recorded still there, unchanged and readable? Each question is one function over a connection.

It owns the questions and the words for what was found; the first bad record is named. It changes nothing, and damage
is an answer, never an exception.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Table, exists, func, select, text
from sqlalchemy.exc import DBAPIError, NoResultFound

from core.domain import Check
from core.errors import AppError
from core.store import audit, migrations, purging
from core.store.database import Database
from core.store.migrations import server
from core.store.rows import decision_record, item_of, item_record_hash, record_hash, text_hash
from core.store.tables import (
    AUDIT_EVENT,
    CASE,
    CASE_SET,
    DECISION,
    INDEPENDENT,
    ITEM,
    METADATA,
    POLICY_VERSION,
    PURGING,
    QUEUE_ENTRY,
    REMARK,
    TRIAL_RUN,
    VERDICT,
)  # fmt: skip

Answer = tuple[bool, str]
Question = Callable[[Connection], Answer]
_HINT = "Keep this folder as it is and restore a backup into a new one."


def ask(database: Database, name: str, question: Question) -> Check:
    """Ask one question in a read transaction of its own; what cannot be read is an answer too."""
    try:
        with database.read() as connection:
            ok, detail = question(connection)
    except AppError as error:
        ok, detail = False, error.message
    except (DBAPIError, NoResultFound, LookupError, ValueError, TypeError, AttributeError):
        ok, detail = False, "what is stored there cannot be read"
    return Check(name, ok, detail, "" if ok else _HINT)


def check_pages(database: Database) -> Check:
    """Hold every page against its HMAC, then the b-trees against themselves."""
    try:
        damaged = database.damaged_pages() or database.broken_trees()
    except AppError as error:
        damaged = [error.message]
    if damaged:
        return Check("pages", False, damaged[0], _HINT)
    return ask(database, "pages", _check_checksums if database.shared else _count_pages)


def _check_checksums(connection: Connection) -> Answer:
    setting = connection.exec_driver_sql("SHOW data_checksums").scalar_one()
    return True, f"kept by the server, whose checksums are {setting}"


def _count_pages(connection: Connection) -> Answer:
    return True, f"{connection.execute(text('PRAGMA page_count')).scalar()} pages"


def check_foreign_keys(connection: Connection) -> Answer:
    """Look for a row that points to nothing."""
    if connection.dialect.name == "postgresql":
        return _check_references(connection)
    first = connection.execute(text("PRAGMA foreign_key_check")).first()
    return (True, "all point somewhere") if first is None else (False, f"{first[0]} {first[1]} points to nothing")


def _check_references(connection: Connection) -> Answer:
    """Look for a row that points to nothing on a server, where whoever owns the tables can switch constraints off."""
    for table in METADATA.sorted_tables:
        for key in table.foreign_keys:
            there, here = key.column, key.parent
            other = there.table.alias()
            lost = select(here).where(here.is_not(None), ~exists().where(other.c[there.name] == here)).limit(1)
            value = connection.execute(lost).scalar()
            if value is not None:
                return False, f"a {table.name} points to {there.table.name} {value}, which is not there"
    return True, "all point somewhere"


def check_schema(connection: Connection) -> Answer:
    """Tell whether the tables stand at the step this Docket knows."""
    revision = migrations.current_revision(connection)
    return revision == migrations.HEAD, f"step {revision}"


def check_triggers(connection: Connection) -> Answer:
    """Look for the triggers that refuse every change and keep index and counts, word for word, and for any other."""
    present: Mapping[str, object]
    wanted: Mapping[str, object]
    if connection.dialect.name == "postgresql":
        present, wanted = server.present_triggers(connection), server.wanted_triggers()
    else:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        present = {str(name): str(statement) for name, statement in rows}
        wanted = migrations.all_triggers()
    missing = [name for name, statement in wanted.items() if present.get(name) != statement]
    if missing:
        return False, f"missing or changed: {', '.join(missing)}"
    foreign = sorted(present.keys() - wanted.keys())
    return (False, f"unknown: {', '.join(foreign)}") if foreign else (True, f"{len(wanted)} in place")


class _Recorded:
    """The rows of one append-only table, in order, held against the events that recorded them."""

    def __init__(self, connection: Connection, table: Table, word: str) -> None:
        query = select(table).order_by(table.c.id).execution_options(yield_per=audit.PAGE)
        self._result = connection.execute(query)
        self._rows: Iterator[Row[Any]] = iter(self._result)
        self.word = word
        self.count = 0

    def close(self) -> None:
        """Read no more."""
        self._result.close()

    def next_row(self, key: int, event: int) -> Row[Any] | str:
        """Return the row an event names, or what is wrong."""
        row = next(self._rows, None)
        if row is not None and row.id < key:
            return f"{self.word} {row.id} was never recorded in the audit chain"
        if row is None or row.id != key:
            return f"{self.word} {key} is missing (event {event} recorded it)"
        self.count += 1
        return row

    def compare(self, key: int, told: str, event: int, purged: tuple[str, str] | None = None) -> str | None:
        """Hold the next row against the hash of all its columns; return what is wrong, or None.

        `purged` are the hashes before and after its texts were removed: it must have been what was recorded, and be
        what was left.
        """
        row = self.next_row(key, event)
        if isinstance(row, str):
            return row
        before, left = purged or (told, told)
        return None if (before, left) == (told, record_hash(row._asdict())) else self.changed(key, event)

    def changed(self, key: int, event: int) -> str:
        """Say that a row is not what was recorded."""
        return f"{self.word} {key} differs from what event {event} recorded"

    def leftover(self) -> str | None:
        """Say which row no event recorded, if there is one."""
        row = next(self._rows, None)
        return None if row is None else f"{self.word} {row.id} was never recorded in the audit chain"


_WORDS = {
    ITEM: "item",
    POLICY_VERSION: "policy version",
    VERDICT: "verdict",
    DECISION: "decision",
    REMARK: "remark",
    INDEPENDENT: "independent decision",
    CASE_SET: "case set",
    CASE: "case",
    TRIAL_RUN: "policy test",
}


def check_records(connection: Connection) -> Answer:
    """Hold every record against the event that recorded it, in one pass, and every purge against what it left."""
    with ExitStack() as rows:
        tables = {
            table.name: rows.enter_context(closing(_Recorded(connection, table, word)))
            for table, word in _WORDS.items()
        }
        wrong = _first_difference(connection, tables, _read_purges(connection))
        wrong = wrong or next(filter(None, (table.leftover() for table in tables.values())), None)
    if wrong is None and (open_key := connection.execute(select(PURGING.c.item_key)).scalar()) is not None:
        wrong = f"item {open_key} is open to a removal that never ended"
    return (False, wrong) if wrong else (True, ", ".join(f"{table.count} {table.word}s" for table in tables.values()))


def _first_difference(connection: Connection, tables: Mapping[str, _Recorded], purged: _Purged) -> str | None:
    event = AUDIT_EVENT.c
    query = select(event.id, event.kind, event.payload).order_by(event.id)
    with connection.execute(query.execution_options(yield_per=audit.PAGE)) as events:
        for number, kind, payload in events:
            if kind in _RECORDING and (wrong := _compare(kind, json.loads(payload), number, tables, purged)):
                return wrong
    return None


# The events that recorded one row as a whole: its table, and what names it in the event.
_ONE_ROW = {
    "policy.added": (POLICY_VERSION.name, "key"),
    "independent.recorded": (INDEPENDENT.name, "independent"),
    "cases.made": (CASE_SET.name, "key"),
    "policy.tested": (TRIAL_RUN.name, "run"),
}
_RECORDING = {*_ONE_ROW, "items.imported", "verdicts.stored", "decision.recorded", "entry.marked", "cases.added"}


def _compare(
    kind: str, told: dict[str, Any], number: int, tables: Mapping[str, _Recorded], purged: _Purged
) -> str | None:
    """Hold what one event recorded against the rows that are there; return what is wrong, or None."""
    if kind in _ONE_ROW:
        name, key = _ONE_ROW[kind]
        wrong = tables[name].compare(told[key], told["record"], number)
        return wrong or (_compare_remark(tables["remark"], told, number, purged) if "remark" in told else None)
    if kind == "items.imported":
        return _compare_items(tables["item"], told, number, purged)
    if kind == "decision.recorded":
        return _compare_decision(tables["decision"], told, number, purged)
    if kind == "entry.marked":
        return _compare_remark(tables["remark"], told, number, purged)
    if kind == "cases.added":
        return _compare_cases(tables[CASE.name], told, number)
    pairs = ((verdict["verdict"], verdict["record"]) for verdict in told["verdicts"])
    compared = (tables["verdict"].compare(key, record, number, purged.verdicts.get(key)) for key, record in pairs)
    return next(filter(None, compared), None)


@dataclass(slots=True)
class _Purged:
    """What purges told, by key: a record's hash before and after (of an item first its content's), a text's hash."""

    items: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    verdicts: dict[int, tuple[str, str]] = field(default_factory=dict)
    decisions: dict[int, str] = field(default_factory=dict)
    remarks: dict[int, str] = field(default_factory=dict)


def _read_purges(connection: Connection) -> _Purged:
    purged = _Purged()
    event = AUDIT_EVENT.c
    for payload in connection.execute(select(event.payload).where(event.kind == purging.KIND)).scalars():
        told = json.loads(payload)
        purged.items |= {key: (found, before, left) for key, _, found, before, left in told["items"]}
        purged.verdicts |= {key: (before, after) for key, before, after in told["verdicts"]}
        purged.decisions |= dict(told["decisions"])
        purged.remarks |= dict(told["remarks"])
    return purged


def _compare_items(items: _Recorded, told: dict[str, Any], event: int, purged: _Purged) -> str | None:
    """Hold a batch of items against its event: the content of each by itself, everything else over the whole batch."""
    hashes = []
    for key, (item_id, content_hash) in enumerate(told["items"], told["first"]):
        row = items.next_row(key, event)
        if isinstance(row, str):
            return row
        if (row.item_id, row.content_hash, item_of(row).content_hash) != (item_id, content_hash, content_hash):
            return items.changed(key, event)
        record = item_record_hash(row._asdict())
        found, before, left = purged.items.get(key, (content_hash, record, record))
        if (found, left) != (content_hash, record) or (row.removed_at is None) == (key in purged.items):
            return items.changed(key, event)
        hashes.append(before)
    if record_hash({"records": hashes}) != told["record"]:
        last = told["first"] + len(hashes) - 1
        return f"one of the items {told['first']} to {last} differs from what event {event} recorded"
    return None


def _compare_decision(decisions: _Recorded, told: dict[str, Any], event: int, purged: _Purged) -> str | None:
    row = decisions.next_row(told["decision"], event)
    if isinstance(row, str):
        return row
    stored = decision_record(row._asdict(), with_note="note" in told)
    recorded = {name: told[name] for name in stored}
    if row.id in purged.decisions:
        note = {"note": ""} if "note" in told else {"note_sha256": None}
        if purged.decisions[row.id] != (told.get("note_sha256") or text_hash(told.get("note", ""))):
            return decisions.changed(row.id, event)
        recorded |= note
    return None if stored == recorded else decisions.changed(row.id, event)


def _compare_remark(remarks: _Recorded, told: dict[str, Any], event: int, purged: _Purged) -> str | None:
    if told.get("remark") is None:
        return None
    row = remarks.next_row(told["remark"], event)
    if isinstance(row, str):
        return row
    removed = purged.remarks.get(row.id)
    left = (told["reason_sha256"], text_hash(row.reason)) if removed is None else (removed, told["reason_sha256"])
    same = left[0] == left[1] and (removed is None or row.reason == "") and row.item_key == told["item_key"]
    return None if same else remarks.changed(row.id, event)


def _compare_cases(cases: _Recorded, told: dict[str, Any], event: int) -> str | None:
    """Hold the cases that were added in one step against its event."""
    hashes = []
    for key in range(told["first"], told["first"] + told["count"]):
        row = cases.next_row(key, event)
        if isinstance(row, str):
            return row
        hashes.append(record_hash(row._asdict()))
    last = told["first"] + told["count"] - 1
    same = record_hash({"records": hashes}) == told["record"]
    return None if same else f"one of the cases {told['first']} to {last} differs from what event {event} recorded"


def check_queue(connection: Connection) -> Answer:
    """Hold the queue, which alone may change, against the latest verdict and decision of each entry."""
    wrong = connection.execute(text(_STALE_ENTRY)).first()
    if wrong is not None:
        return False, f"entry {wrong[0]} does not show the latest verdict and decision"
    lost = connection.execute(text(_LOST_RECORD)).first()
    if lost is not None:
        return False, f"{lost[0]} {lost[1]} has no entry"
    wrong_count = connection.execute(text(_WRONG_COUNT)).first()
    if wrong_count is not None:
        return False, f"the count of {wrong_count[1]} entries is not what the queue holds"
    count = connection.execute(select(func.count()).select_from(QUEUE_ENTRY)).scalar()
    return True, f"{count} entries"


_STALE_ENTRY = """
SELECT id FROM (
    SELECT e.id, e.state, e.verdict_key, e.decision_key,
        (SELECT max(v.id) FROM verdict v WHERE v.item_key = e.item_key AND v.policy_id = e.policy_id) AS verdict,
        (SELECT max(d.id) FROM decision d WHERE d.item_key = e.item_key AND d.policy_id = e.policy_id) AS decision
    FROM queue_entry e
) latest
WHERE verdict_key IS DISTINCT FROM verdict
   OR decision_key IS DISTINCT FROM (SELECT d.id FROM decision d WHERE d.id = latest.decision AND NOT d.withdrawn)
   OR (state = 'decided') <> (decision_key IS NOT NULL)
LIMIT 1
"""
_WRONG_COUNT = """
SELECT policy_id, state FROM (
    SELECT policy_id, state, apart, entries FROM queue_count
    UNION ALL
    SELECT coalesce(policy_id, ''), state, disagrees = 1, -count(*) FROM queue_entry GROUP BY 1, 2, 3
) counted
GROUP BY policy_id, state, apart HAVING sum(entries) <> 0 LIMIT 1
"""
_LOST_RECORD = """
SELECT 'item', i.id FROM item i WHERE NOT EXISTS (SELECT 1 FROM queue_entry e WHERE e.item_key = i.id)
UNION ALL
SELECT 'verdict', v.id FROM verdict v WHERE NOT EXISTS
    (SELECT 1 FROM queue_entry e WHERE e.item_key = v.item_key AND e.policy_id = v.policy_id)
UNION ALL
SELECT 'decision', d.id FROM decision d WHERE NOT EXISTS
    (SELECT 1 FROM queue_entry e WHERE e.item_key = d.item_key AND e.policy_id = d.policy_id)
LIMIT 1
"""
