"""Item records, in whatever shape they come: each row becomes one or more items, or a reason why not.

It owns the walk from rows to items and, when asked, to the human label that a record carries. It stores nothing and
holds one record at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.domain import PolicyVersion
from core.intake.labels import read_label
from core.intake.records import ITEM_FIELDS, Incoming, RecordError, build_item, rename_fields
from core.intake.rows import Refused, Row
from core.intake.seen import SeenKeys
from core.intake.shapes import SHAPES

MAPPABLE_FIELDS = ITEM_FIELDS
MADE_ID = "c-"
"""Ids made of content start with this; what follows is the start of the content's hash."""


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Builds items from rows.

    `policies` are the ids a record's own `policy` may name and `lookup` returns the current version of one of them;
    `policy_id` restricts every item to one policy. `decide_from` names the field that holds a human label. `shape` is
    one of SHAPES, "" for item records as they are. With `make_ids` an item without an id gets one of its content, so
    that the same text twice is one item. Whether an id came before is for the store to say.
    """

    lookup: Callable[[str], PolicyVersion | None]
    policies: Container[str] = ()
    policy_id: str | None = None
    decide_from: str | None = None
    field_map: Mapping[str, str] = field(default_factory=dict)
    shape: str = ""
    make_ids: bool = False

    def read(self, rows: Iterable[Row]) -> Iterator[Incoming | Refused]:
        """Yield, for each row, the items it holds or why it is refused, in order."""
        return read_records(rows, self._build)

    def _build(self, row: Row, record: Mapping[str, Any]) -> list[Incoming]:
        converted = SHAPES[self.shape].convert(record) if self.shape else [record]
        return [self._build_one(row, each) for each in converted]

    def _build_one(self, row: Row, record: Mapping[str, Any]) -> Incoming:
        renamed = rename_fields(record, self.field_map)
        made = self.make_ids and renamed.get("id") is None
        item = build_item(
            {**renamed, "id": MADE_ID} if made else renamed, policies=self.policies, policy=self.policy_id
        )
        if made:
            item = replace(item, id=MADE_ID + item.content_hash[:24])
        written = written_label(record, renamed, self.decide_from)
        if self.decide_from is None or written is None:
            return Incoming(row.number, item, raw=row.raw)
        policy = self.lookup(item.policy) if item.policy else None
        if policy is None:
            raise RecordError("decision not recorded: the record names no policy of this workspace")
        meaning = read_label(policy, written, field=self.decide_from)
        return Incoming(row.number, item, policy, label=meaning.label, note=meaning.note, raw=row.raw)


def read_records(
    rows: Iterable[Row],
    build: Callable[[Row, Mapping[str, Any]], list[Incoming]],
    key: Callable[[Incoming], str] | None = None,
) -> Iterator[Incoming | Refused]:
    """Build what each row holds; `key` names what may stand in a file only once, None leaves that to the store."""
    seen = SeenKeys() if key is not None else None
    for row in rows:
        try:
            built = build(row, row.required())
            if seen is not None and key is not None:
                _refuse_repeated(seen, [key(incoming) for incoming in built], row.number)
        except RecordError as error:
            yield Refused(row.number, error.message, row.raw, row.whole)
        else:
            yield from built


def _refuse_repeated(seen: SeenKeys, keys: Iterable[str], line: int) -> None:
    for key in keys:
        first = seen.first_line(key, line)
        if first != line:
            raise RecordError(f"`id` is used twice in this file (first on line {first})")


def written_label(record: Mapping[str, Any], renamed: Mapping[str, Any], decide_from: str | None) -> object:
    """Return the human label a record carries: in that field as written or as mapped, or in its `metadata`."""
    if decide_from is None:
        return None
    metadata = renamed.get("metadata")
    for place in (renamed, record, metadata if isinstance(metadata, dict) else {}):
        if place.get(decide_from) is not None:
            return place[decide_from]
    return None
