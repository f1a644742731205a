"""What `export items` wrote, read back: items with the verdicts and the standing decisions they had.

It owns the strict inverse of the record shapes in `core.exchange.records`. A verdict or decision under a policy
version that is not here refuses the record; nothing is attached to another version.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from core.domain import Cause, Decision, Effort, Item, ItemReviews, PolicyVersion, Verdict, VerdictStatus
from core.intake.items import read_records
from core.intake.records import Incoming, RecordError, build_item, json_type, read_text
from core.intake.rows import Refused, Row

_E = TypeVar("_E", bound=StrEnum)
_KNOWN = ("verdicts", "decisions")
_REVIEWS = ("independent", "settled")


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Builds items with their judgements from exported records.

    `lookup` returns the policy version with a hash, or None. `policies` are the ids of the policies that are here and
    `policy_id` restricts every item to one of them. `with_reviews` reads what only a bundle has: decisions that do not
    stand.
    """

    lookup: Callable[[str], PolicyVersion | None]
    policies: Container[str] = ()
    policy_id: str | None = None
    with_reviews: bool = False

    def read(self, rows: Iterable[Row]) -> Iterator[Incoming | Refused]:
        """Yield, for each row, what it holds or why it is refused, in order."""
        return read_records(rows, self._build, lambda incoming: incoming.item.id)

    def _build(self, row: Row, record: Mapping[str, Any]) -> list[Incoming]:
        known = (*_KNOWN, *_REVIEWS) if self.with_reviews else _KNOWN
        item = build_item(record, policies=self.policies, policy=self.policy_id, known=known)
        verdicts = tuple(self._verdict(item, each) for each in _objects(record, "verdicts"))
        decisions = tuple(self._decision(item, each) for each in _objects(record, "decisions"))
        if not self.with_reviews:
            return [Incoming(row.number, item, verdicts=verdicts, decisions=decisions, raw=row.raw)]
        independent, settled = (
            tuple(self._decision(item, each) for each in _objects(record, name)) for name in _REVIEWS
        )
        reviews = ItemReviews(independent, settled)
        return [Incoming(row.number, item, verdicts=verdicts, decisions=decisions, reviews=reviews, raw=row.raw)]

    def _version(self, record: Mapping[str, Any]) -> PolicyVersion:
        name, wanted = read_text(record, "policy", required=True), read_text(record, "policy_hash", required=True)
        policy = self.lookup(wanted)
        if policy is None or policy.hash != wanted or policy.policy_id != name:
            raise RecordError("the policy version it was judged under is not in this workspace")
        return policy

    def _verdict(self, item: Item, record: Mapping[str, Any]) -> Verdict:
        policy = self._version(record)
        status = _choice(VerdictStatus, record, "status")
        label = read_text(record, "label") or None
        known = policy.label(label) if label is not None else None
        if status is VerdictStatus.PARSED and known is None:
            raise RecordError("a verdict's label is none of its policy version")
        return Verdict(
            item_id=item.id,
            policy_id=policy.policy_id,
            policy_hash=policy.hash,
            status=status,
            label=label,
            violates=known.violates if known is not None else None,
            score=_number(record, "score", 0, 1),
            rationale=read_text(record, "rationale"),
            reasoning=read_text(record, "reasoning"),
            rule_ids=_texts(record, "rule_ids"),
            quotes=_texts(record, "quotes"),
            model=read_text(record, "model"),
            model_sha256=read_text(record, "model_sha256"),
            prompt_sha256=read_text(record, "prompt_sha256"),
            prompt_tokens=_count(record, "prompt_tokens"),
            output_tokens=_count(record, "output_tokens"),
            seconds=_number(record, "seconds", 0, 1e9) or 0.0,
            effort=_choice(Effort, record, "effort") if record.get("effort") is not None else None,
            raw_output=read_text(record, "raw_output"),
            settings={"engine": "imported"},
        )

    def _decision(self, item: Item, record: Mapping[str, Any]) -> Decision:
        policy = self._version(record)
        label = policy.label(read_text(record, "label", required=True))
        if label is None:
            raise RecordError("a decision's label is none of its policy version")
        rule = read_text(record, "rule_id") or None
        if rule is not None and policy.rule(rule) is None:
            raise RecordError("a decision's rule is none of its policy version")
        reviewer = read_text(record, "reviewer", required=True)
        if not reviewer.isprintable() or not 0 < len(reviewer) <= 200:
            raise RecordError("`reviewer` must be a printable name of at most 200 characters")
        return Decision(
            item_id=item.id,
            policy_id=policy.policy_id,
            policy_hash=policy.hash,
            label=label.code,
            violates=label.violates,
            agrees=_flag(record, "agrees"),
            reviewer=reviewer,
            decided_at=read_moment(record, "decided_at"),
            cause=_choice(Cause, record, "cause") if record.get("cause") is not None else None,
            rule_id=rule,
            note=read_text(record, "note"),
            blind=bool(_flag(record, "blind")),
            seconds=_number(record, "seconds", 0, 1e9),
            imported=bool(_flag(record, "imported")),
        )


def read_moment(record: Mapping[str, Any], name: str) -> datetime:
    """Return a required ISO 8601 time with its zone, in UTC.

    Raises:
        RecordError: it is missing or none.
    """
    try:
        moment = datetime.fromisoformat(read_text(record, name, required=True))
        if moment.tzinfo is None:
            raise RecordError(f"`{name}` has no time zone: end it with Z or an offset")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RecordError(f"`{name}` is no ISO 8601 time") from None


def _objects(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = record.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise RecordError(f"`{name}` must be a list of objects")
    return value


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise RecordError(f"`{name}` must be a list of texts")
    return tuple(value)


def _choice(kind: type[_E], record: Mapping[str, Any], name: str) -> _E:
    value = record.get(name)
    if not isinstance(value, str) or value not in {each.value for each in kind}:
        raise RecordError(f"`{name}` must be one of {', '.join(each.value for each in kind)}")
    return kind(value)


def _flag(record: Mapping[str, Any], name: str) -> bool | None:
    value = record.get(name)
    if value is not None and not isinstance(value, bool):
        raise RecordError(f"`{name}` must be true or false, found {json_type(value)}")
    return value


def _number(record: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"`{name}` must be a number, found {json_type(value)}")
    if not low <= value <= high or not math.isfinite(value):
        raise RecordError(f"`{name}` is out of range")
    return float(value)


def _count(record: Mapping[str, Any], name: str) -> int:
    value = record.get(name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise RecordError(f"`{name}` must be a whole number")
    return value
