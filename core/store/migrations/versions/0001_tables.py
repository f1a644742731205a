"""All tables, their indexes, and the triggers that make six of them append-only."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Each with its unique columns besides the key, which INSERT OR REPLACE would go by.
APPEND_ONLY = {
    "item": ("item_id",),
    "policy_version": ("hash",),
    "verdict": (),
    "decision": (),
    "audit_event": ("hash",),
    "checkpoint": (),
}


def upgrade() -> None:
    """Make the tables, then the triggers."""
    _create_tables()
    _create_queue_indexes()
    for table, unique in APPEND_ONLY.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        same = " OR ".join(f"{column} = NEW.{column}" for column in ("id", *unique))
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {there} {refuse}")


def _create_queue_indexes() -> None:
    for name, columns in {
        "": (),
        "policy_": ("policy_id",),
        "state_": ("state",),
        "policy_state_": ("policy_id", "state"),
    }.items():
        for sort in ("risk", "uncertainty", "disagrees"):
            descending = sa.text(f"{sort} DESC")
            op.create_index(f"ix_entry_{name}{sort}", "queue_entry", [*columns, descending, "id"])
    few: dict[str, Any] = {"sqlite_where": sa.text("disagrees = 1"), "postgresql_where": sa.text("disagrees = 1")}
    for sort in ("risk", "uncertainty"):
        descending = sa.text(f"{sort} DESC")
        for name, columns in {"": (), "policy_": ("policy_id",)}.items():
            keys: list[Any] = ["disagrees", *columns, descending, "id"]
            op.create_index(f"ix_entry_apart_{name}{sort}", "queue_entry", keys, **few)


def _create_tables() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("meta", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id"),
    )
    op.create_table(
        "model_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("mtime_ns", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path", "size_bytes", "mtime_ns"),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parsed", sa.Text(), nullable=False),
        sa.Column("output", sa.String(), nullable=False),
        sa.Column("effort", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
        sa.UniqueConstraint("policy_id", "version"),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("violates", sa.Boolean(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("reasoning", sa.Text(), nullable=False),
        sa.Column("rule_ids", sa.String(), nullable=False),
        sa.Column("quotes", sa.Text(), nullable=False),
        sa.Column("invented", sa.Text(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("model_sha256", sa.String(), nullable=False),
        sa.Column("prompt_sha256", sa.String(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("effort", sa.String(), nullable=True),
        sa.Column("raw_output", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("label_mass", sa.Float(), nullable=True),
        sa.Column("reasoning_cut", sa.Boolean(), nullable=False),
        sa.Column("rationale_cut", sa.Boolean(), nullable=False),
        sa.Column("fast", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_key"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["policy_hash"],
            ["policy_version.hash"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_verdict_item_policy", "verdict", ["item_key", "policy_id", "id"], unique=False)
    op.create_index("ix_verdict_policy", "verdict", ["policy_id", "id"], unique=False)
    op.create_index("ix_verdict_policy_hash", "verdict", ["policy_hash", "item_key"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("policy_hash", sa.String(), nullable=False),
        sa.Column("verdict_key", sa.Integer(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("violates", sa.Boolean(), nullable=True),
        sa.Column("agrees", sa.Boolean(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("rule_id", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_key"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["policy_hash"],
            ["policy_version.hash"],
        ),
        sa.ForeignKeyConstraint(
            ["supersedes"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["verdict_key"],
            ["verdict.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_decision_item_policy", "decision", ["item_key", "policy_id", "id"], unique=False)
    op.create_index("ix_decision_policy", "decision", ["policy_id", "id"], unique=False)
    op.create_table(
        "queue_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("verdict_key", sa.Integer(), nullable=True),
        sa.Column("decision_key", sa.Integer(), nullable=True),
        sa.Column("risk", sa.Float(), nullable=False),
        sa.Column("uncertainty", sa.Float(), nullable=False),
        sa.Column("disagrees", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_key"],
            ["decision.id"],
        ),
        sa.ForeignKeyConstraint(
            ["item_key"],
            ["item.id"],
        ),
        sa.ForeignKeyConstraint(
            ["verdict_key"],
            ["verdict.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_key", "policy_id"),
    )
    op.create_index("ix_entry_policy", "queue_entry", ["policy_id", "id"], unique=False)
    op.create_index("ix_entry_policy_state", "queue_entry", ["policy_id", "state", "id"], unique=False)
    op.create_index("ix_entry_state", "queue_entry", ["state", "id"], unique=False)
