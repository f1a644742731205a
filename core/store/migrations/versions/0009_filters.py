"""Indexes for narrowing the queue, the language of items, and saved views."""

from __future__ import annotations

import json
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_item_source": ("item", ["source", "id"]),
    "ix_verdict_status": ("verdict", ["status", "id"]),
    "ix_verdict_label": ("verdict", ["label", "id"]),
    "ix_decision_label": ("decision", ["label", "id"]),
    "ix_decision_reviewer": ("decision", ["reviewer", "id"]),
    "ix_decision_cause": ("decision", ["cause", "id"]),
    "ix_entry_verdict": ("queue_entry", ["verdict_key", "id"]),
    "ix_entry_decision": ("queue_entry", ["decision_key", "id"]),
}
PAGE = 1_000
TAG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


def upgrade() -> None:
    """Make indexes and tables, then note the language of items that came with one."""
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)
    language = op.create_table(
        "item_language",
        sa.Column("item_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.PrimaryKeyConstraint("item_key"),
    )
    op.create_index("ix_item_language", "item_language", ["language", "item_key"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    _note_languages(op.get_bind(), language)


def _note_languages(connection: sa.Connection, language: sa.Table) -> None:
    page = sa.text("SELECT id, meta FROM item WHERE id > :after ORDER BY id LIMIT :page")
    after = 0
    while rows := connection.execute(page, {"after": after, "page": PAGE}).all():
        after = rows[-1].id
        found = [{"item_key": row.id, "language": tag} for row in rows if (tag := _told(json.loads(row.meta)))]
        if found:
            connection.execute(language.insert(), found)


def _told(meta: dict[str, Any]) -> str:
    for name in ("language", "lang", "langs"):
        value = meta.get(name)
        for tag in value if isinstance(value, list) else [value]:
            if isinstance(tag, str) and TAG.fullmatch(tag.strip()):
                return tag.strip().replace("_", "-").lower()
    return ""
