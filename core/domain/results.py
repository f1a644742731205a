"""What the verbs return: summaries of imports and runs, figures, checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.insight import Estimate
from core.domain.items import Item
from core.domain.verdicts import ModelInfo, VerdictStatus


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """An input line that was not stored. `line` counts from 1; `part` names the member of an archive it stands in."""

    line: int
    reason: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """A refused row as it stood in `source`, with the plan it was read by. `raw` is only its start unless `whole`."""

    source: str
    line: int
    reason: str
    raw: bytes
    plan: str
    whole: bool = True
    at: datetime | None = None
    key: int = 0


@dataclass(frozen=True, slots=True)
class ImportPlace:
    """How far the import of a file came. It goes on behind `offset` (bytes; rows of Parquet) and row `line`.

    `read` records were read so far, from `began` on; `first_key` is the key that the first item of the file got, or
    would have got.
    """

    offset: int
    line: int
    read: int
    first_key: int
    began: datetime


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did. `read` = `stored` + `duplicates` + rejected rows.

    `format` says what the file was read as and `notes` what was guessed for that, in words. `quarantined` of the
    rejected rows wait in the quarantine to be mended. `continued_from` is the row behind which this import went on
    where an earlier one was cut off (0: from the start); what that one stored counts as duplicates.
    """

    read: int
    stored: int
    duplicates: int
    rejected: tuple[RejectedRow, ...] = ()
    verdicts: int = 0
    decisions: int = 0
    quarantined: int = 0
    format: str = ""
    notes: tuple[str, ...] = ()
    continued_from: int = 0


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would come in: the items it makes, the id of the item it decides, or why it would be refused."""

    line: int
    items: tuple[Item, ...] = ()
    reason: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file was taken for, and its first rows as they would come in. Nothing was stored.

    `notes` say in words what was guessed. `columns` are the columns there are to map, `part` is the file, or the member
    of an archive, that was looked at.
    """

    format: str
    notes: tuple[str, ...]
    field_map: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    size_bytes: int
    part: str


@dataclass(frozen=True, slots=True)
class ClassifySummary:
    """What a classification run did. `output_tokens` is the sum over the items of this run.

    `device` is where the model ran, "" where that is not known; `fallback` says what was asked for of a graphics card
    and could not be had.
    """

    judged: int
    by_status: Mapping[VerdictStatus, int]
    seconds: float
    output_tokens: int
    model: ModelInfo
    cancelled: bool = False
    device: str = ""
    fallback: str = ""

    @property
    def items_per_s(self) -> float:
        """Items judged a second, 0.0 for an empty run."""
        return self.judged / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class PolicyStats:
    """Agreement of model and humans under one policy; positive class: violates.

    Decisions count once for each (item, policy), the standing one. Only parsed verdicts enter `agreement`, `kappa`,
    `precision`, `recall` and `f1`; each is None where its denominator is zero. `compared` is their n. `estimates` holds
    the same figures by name, each with its own n and interval.
    """

    policy_id: str
    items: int
    judged: int
    decided: int
    compared: int
    agreement: float | None
    kappa: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    by_status: Mapping[VerdictStatus, int]
    estimates: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `verify` or `doctor`. `hint` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    hint: str = ""
