"""Who works on what: time-limited holds on queue entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A reviewer's hold on a queue entry; after `until` anyone may take it. `mine`: this session holds it."""

    key: int
    item_id: str
    policy_id: str
    holder: str
    since: datetime
    until: datetime
    mine: bool = False
