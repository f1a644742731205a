"""An import that was cut off goes on where it stopped: the walk through a file's rows, and how far it came.

It owns what makes two imports the same one (file, size, time of change, first bytes, how it is read) and where the
next one begins. A place is only ever written in the transaction that stores everything before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from core.domain import ImportPlace, utc_now
from core.intake.containers import RowReader, can_go_on
from core.intake.plan import ITEMS, ReadPlan, plan_to_text
from core.intake.rows import Place, Row
from core.intake.shapes import SHAPES
from core.intake.sources import OpenPart, Source
from core.services.import_batches import Batches


class Journey:
    """Iterates over the rows of a reader from where an earlier import of the same file stopped, if one did.

    `before` writes down that all rows before the current one are stored, `behind` that the current one is, too, `end`
    that the import has ended; all three belong into the transaction that stores them.
    """

    def __init__(self, batches: Batches, reader: RowReader, key: str) -> None:
        """`key` names this import of this file; with "" nothing is written down."""
        self._batches = batches
        self._store = batches.workspace.store
        self._reader = reader
        self._key = key
        self._began = utc_now()
        self._first_key = self._store.next_item_key()
        self._before: Place | None = None
        self._behind: Place | None = None
        found = self._store.import_place(key) if key else None
        if found is not None:
            self._go_on(found)
        if not batches.plan.make_ids and _holds_items(batches.plan):
            batches.first_key = self._first_key

    def _go_on(self, found: ImportPlace) -> None:
        batches = self._batches
        self._reader.start_at(Place(found.offset, found.line))
        self._began, self._first_key = found.began, found.first_key
        refused = self._store.refused_since(batches.source, found.began, plan_to_text(batches.plan))
        batches.go_on(found.line, found.read, [row for row in refused if row.line <= found.line])

    @property
    def position(self) -> int:
        """Bytes consumed so far."""
        return self._reader.position

    def __iter__(self) -> Iterator[Row]:
        for row in self._reader:
            self._before, self._behind = self._behind, self._reader.place
            yield row

    def before(self) -> None:
        """Everything before the current row is stored."""
        self._keep(self._before)

    def behind(self) -> None:
        """The current row is stored, too."""
        self._keep(self._behind)

    def end(self) -> None:
        """All rows are stored."""
        if self._key:
            self._store.forget_import_place(self._key)

    def _keep(self, place: Place | None) -> None:
        if self._key and place is not None:
            reached = ImportPlace(place.offset, place.line, self._batches.read, self._first_key, self._began)
            self._store.keep_import_place(self._key, reached)


def begin_journey(source: Source, part: OpenPart, reader: RowReader, batches: Batches) -> Journey:
    """Return the walk through a part, set `batches` up for it, and go to where an earlier import of it stopped."""
    return Journey(batches, reader, _key_of(source, part, batches.plan, skip_known=batches.skip_known))


def _key_of(source: Source, part: OpenPart, plan: ReadPlan, *, skip_known: bool) -> str:
    """Return what names this import of this file, "" where it cannot go on in the middle."""
    if not (source.size_bytes and _holds_items(plan) and can_go_on(part.stream, plan)):
        return ""
    head = hashlib.sha256(part.head).hexdigest()
    told = [part.name, source.size_bytes, source.changed_ns, head, plan_to_text(plan), skip_known]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _holds_items(plan: ReadPlan) -> bool:
    return plan.shape == ITEMS or plan.shape in SHAPES
