"""How a file is read: container, shape, layout and mapping, as guessed or as told.

It owns the plan and its JSON form, which goes with every refused row so that a mended one is read in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.errors import InputError
from core.intake.table import Layout

CONTAINERS = ("jsonl", "json", "csv", "txt", "parquet")
ITEMS, VERDICTS, DECISIONS, RECORDS = "items", "verdicts", "decisions", "records"


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How one file is read. The defaults are JSON lines of item records.

    `container` cuts the file into rows, `shape` says what a row is. `separator`, `header` and `columns` belong to
    tables, `split` to plain text. `field_map` maps fields of the format to columns; `make_ids` gives items without an
    id one that is made of their content. `policy_id` and `decide_from` are what the import was told. `notes` say in
    words what was guessed.
    """

    container: str = "jsonl"
    shape: str = ITEMS
    encoding: str = "utf-8"
    separator: str = ","
    header: int = 0
    columns: tuple[str, ...] = ()
    split: str = "lines"
    field_map: Mapping[str, str] = field(default_factory=dict)
    make_ids: bool = False
    policy_id: str | None = None
    decide_from: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        """The layout of a table."""
        return Layout(self.separator, self.header, self.columns)

    @property
    def format(self) -> str:
        """The name a person knows the format by."""
        if self.shape != ITEMS:
            return self.shape
        return "tsv" if self.container == "csv" and self.separator == "\t" else self.container


def plan_to_text(plan: ReadPlan) -> str:
    """Return the plan as JSON text, without its notes."""
    values = asdict(plan)
    del values["notes"]
    return json.dumps(values, ensure_ascii=False)


def plan_from_text(text: str) -> ReadPlan:
    """Return the plan of `plan_to_text`.

    Raises:
        InputError: it is none.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        return ReadPlan(**{**values, "columns": tuple(values["columns"])})
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("How that row was read is not known any more.", "Import its file again.") from error
