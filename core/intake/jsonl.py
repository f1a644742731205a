"""Item records, one JSON object a line: the plain form in which content arrives.

It owns the walk from lines to items and, when asked, to the human label that a record carries. It stores nothing and
holds one record at a time; what it remembers of a file is which ids it has used.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain import PolicyVersion, RejectedRow
from core.intake.labels import read_label
from core.intake.lines import MAX_LINE_BYTES, Line
from core.intake.records import ITEM_FIELDS, Incoming, RecordError, build_item, parse_record, rename_fields
from core.intake.seen import SeenKeys

MAPPABLE_FIELDS = ITEM_FIELDS


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Builds items from records.

    `policies` are the ids a record's own `policy` may name and `lookup` returns the current version of one of them;
    `policy_id` restricts every item to one policy. `decide_from` names the field that holds a human label.
    """

    lookup: Callable[[str], PolicyVersion | None]
    policies: Container[str] = ()
    policy_id: str | None = None
    decide_from: str | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)

    def read(self, lines: Iterable[Line]) -> Iterator[Incoming | RejectedRow]:
        """Yield, for each line, what it holds or why it is refused, in order."""
        return read_records(lines, self._build, lambda incoming: incoming.item.id)

    def _build(self, line: int, record: dict[str, Any]) -> Incoming:
        renamed = rename_fields(record, self.field_map)
        item = build_item(renamed, policies=self.policies, policy=self.policy_id)
        written = written_label(record, renamed, self.decide_from)
        if self.decide_from is None or written is None:
            return Incoming(line, item)
        policy = self.lookup(item.policy) if item.policy else None
        if policy is None:
            raise RecordError("decision not recorded: the record names no policy of this workspace")
        meaning = read_label(policy, written, field=self.decide_from)
        return Incoming(line, item, policy, label=meaning.label, note=meaning.note)


def read_records(
    lines: Iterable[Line], build: Callable[[int, dict[str, Any]], Incoming], key: Callable[[Incoming], str]
) -> Iterator[Incoming | RejectedRow]:
    """Parse each line and build what it holds; `key` names what may stand in a file only once."""
    seen = SeenKeys()

    def read(line: Line) -> Incoming:
        if line.raw is None:
            raise RecordError(f"the line is longer than {MAX_LINE_BYTES // 2**20} MiB")
        incoming = build(line.number, parse_record(line.raw))
        first = seen.first_line(key(incoming), line.number)
        if first != line.number:
            raise RecordError(f"`id` is used twice in this file (first on line {first})")
        return incoming

    for line in lines:
        try:
            incoming = read(line)
        except RecordError as error:
            yield RejectedRow(line.number, error.message)
        else:
            yield incoming


def written_label(record: Mapping[str, Any], renamed: Mapping[str, Any], decide_from: str | None) -> object:
    """Return the human label a record carries: in that field as written or as mapped, or in its `metadata`."""
    if decide_from is None:
        return None
    metadata = renamed.get("metadata")
    for place in (renamed, record, metadata if isinstance(metadata, dict) else {}):
        if place.get(decide_from) is not None:
            return place[decide_from]
    return None
