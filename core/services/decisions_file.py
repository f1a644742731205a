"""The verb `decide --from`: decision records from a file, each committed on its own and acknowledged after that.

It owns the decision record and the order read, commit, acknowledge; what a decision may say is the business of
`review.decide`. An acknowledged decision is on the disk.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from core.domain import Cause, RejectedRow, Review, utc_now
from core.errors import CancelledError, UsageError
from core.intake.lines import LineReader, open_input
from core.intake.records import RecordError, json_type, read_id, read_text
from core.intake.rows import rows_of_lines
from core.policy.labels import find_label
from core.services import review
from core.services.members import Deed, require
from core.services.workspace import Workspace

MAX_REVIEWER_CHARACTERS = 200
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_DRIFT = timedelta(days=1)
"""How far another workstation's clock may run ahead of this one."""

MAX_SECONDS = 10**9
"""Some thirty years: longer than anyone looks at an item, short enough to stay a plain number."""


@dataclass(frozen=True, slots=True)
class DecisionAck:
    """The decision on line `line` is committed. `item_id` is the item's id as the record gave it."""

    line: int
    item_id: str


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision record that is well formed; whether it goes with this workspace is not yet known."""

    item_id: str
    policy_id: str
    label: str
    cause: Cause | None
    rule_id: str | None
    note: str
    reviewer: str
    decided_at: datetime | None
    seconds: float | None
    blind: bool


def decide_from_file(
    workspace: Workspace, *, path: Path, cancel: threading.Event | None = None
) -> Iterator[DecisionAck | RejectedRow]:
    """Yield, for each record of the file in order, its acknowledgement after its commit or the reason it was refused.

    A record that repeats the standing decision word for word is acknowledged without a second one, so a file can be
    run again after an interruption. A decision by another reviewer than the workspace's is marked as imported.

    Raises:
        RoleError: an auditor, or no member. InputError: the file cannot be read. Both before the first record.
        CancelledError: `cancel` was set; what was acknowledged is kept.
    """
    require(workspace, Deed.REVIEW)
    return _decide_lines(workspace, open_input(path), cancel)


def _decide_lines(
    workspace: Workspace, stream: BinaryIO, cancel: threading.Event | None
) -> Iterator[DecisionAck | RejectedRow]:
    with stream:
        for line in rows_of_lines(LineReader(stream)):
            if cancel is not None and cancel.is_set():
                raise CancelledError("The decisions were stopped.", "What was acknowledged is kept.")
            try:
                record = read_decision(line.required())
                commit_decision(workspace, record)
            except (RecordError, UsageError) as error:
                yield RejectedRow(line.number, error.message)
            else:
                yield DecisionAck(line.number, record.item_id)


def commit_decision(workspace: Workspace, record: DecisionRecord) -> bool:
    """Store a decision that was made elsewhere or in a file; return False when the standing one says the same already.

    Raises:
        RecordError: no such policy here. UsageError: no such item, label or rule.
    """
    if not workspace.store.policy_history(record.policy_id):
        raise RecordError("`policy` names no policy of this workspace")
    key = review.find_entry(workspace, item_id=record.item_id, policy_id=record.policy_id)
    shown = review.get_review(workspace, key=key)
    if _repeats(record, shown, workspace.reviewer):
        return False
    reviewer = record.reviewer or workspace.reviewer
    review.decide(
        workspace,
        key=key,
        policy_id=record.policy_id,
        label=record.label,
        cause=record.cause,
        rule_id=record.rule_id,
        note=record.note,
        seconds=record.seconds,
        blind=record.blind,
        reviewer=reviewer,
        decided_at=record.decided_at,
        imported=reviewer != workspace.reviewer,
    )
    return True


def _repeats(record: DecisionRecord, shown: Review, own_reviewer: str) -> bool:
    """Tell whether the standing decision says all that the record says."""
    standing = shown.decision
    if standing is None or shown.policy is None:
        return False
    label = find_label(shown.policy.labels, record.label)
    return (
        label is not None
        and (standing.policy_id, standing.label, standing.cause, standing.rule_id, standing.note)
        == (record.policy_id, label.code, record.cause, record.rule_id, record.note)
        and (standing.reviewer, standing.seconds, standing.blind)
        == (record.reviewer or own_reviewer, record.seconds, record.blind)
        and record.decided_at in (None, standing.decided_at)
    )


def read_decision(record: Mapping[str, Any]) -> DecisionRecord:
    """Return what a decision record says.

    Raises:
        RecordError: with the reason.
    """
    item_id = read_id(record)
    policy_id = read_text(record, "policy", required=True)
    label = read_text(record, "label", required=True)
    return DecisionRecord(
        item_id,
        policy_id,
        label,
        _read_cause(record),
        read_text(record, "rule_id") or None,
        read_text(record, "note"),
        _read_reviewer(record),
        _read_moment(record),
        _read_seconds(record),
        _read_flag(record, "blind"),
    )


def _read_reviewer(record: Mapping[str, Any]) -> str:
    name = read_text(record, "reviewer").strip()
    if len(name) > MAX_REVIEWER_CHARACTERS or not name.isprintable():
        raise RecordError(f"`reviewer` must be a printable name of at most {MAX_REVIEWER_CHARACTERS} characters")
    return name


def _read_cause(record: Mapping[str, Any]) -> Cause | None:
    written = read_text(record, "cause")
    if not written:
        return None
    if written not in {cause.value for cause in Cause}:
        raise RecordError(f"`cause` must be one of {', '.join(cause.value for cause in Cause)}")
    return Cause(written)


def _read_moment(record: Mapping[str, Any]) -> datetime | None:
    """Return `decided_at` in UTC; a time without its zone is refused rather than guessed."""
    written = read_text(record, "decided_at")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            raise RecordError("`decided_at` has no time zone: end it with Z or an offset")
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RecordError("`decided_at` is no ISO 8601 time") from None
    if not EARLIEST <= moment <= utc_now() + CLOCK_DRIFT:
        raise RecordError("`decided_at` is in the future or before 1970")
    return moment


def _read_seconds(record: Mapping[str, Any]) -> float | None:
    value = record.get("seconds")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"`seconds` must be a number, found {json_type(value)}")
    if not 0 <= value <= MAX_SECONDS:
        raise RecordError("`seconds` is out of range")
    return float(value)


def _read_flag(record: Mapping[str, Any], name: str) -> bool:
    value = record.get(name)
    if value is not None and not isinstance(value, bool):
        raise RecordError(f"`{name}` must be true or false, found {json_type(value)}")
    return bool(value)
