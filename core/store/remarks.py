"""Reasons people give, kept beside the audit chain, which could never forget them.

It owns writing them; a purge empties them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert

from core.store.rows import text_hash
from core.store.tables import REMARK


def add_remark(connection: Connection, item_key: int, reason: str) -> tuple[int | None, dict[str, Any]]:
    """Keep a reason; return its key (None for no reason) and what the event of that step must tell of it."""
    key: int | None = None
    if reason:
        stored = connection.execute(insert(REMARK).values(item_key=item_key, reason=reason))
        key = int((stored.inserted_primary_key or (0,))[0])
    return key, {"remark": key, "reason_sha256": text_hash(reason)}
