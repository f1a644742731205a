"""What a purge needs: when an item's content was removed, and triggers that let exactly that happen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Of each table: the column that names the item, the columns that stay, and the texts that may be emptied.
TABLES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "item": (
        "id",
        ("content_hash", "id", "imported_at", "item_id", "kind", "policy_id", "source", "target"),
        ("content IS ''", "parent IS NULL", "messages IS '[]'", "meta IS '{}'", "removed_at IS NOT NULL"),
    ),
    "verdict": (
        "item_key",
        (
            "created_at", "effort", "fast", "id", "item_key", "label", "label_mass", "model", "model_sha256",
            "output_tokens", "policy_hash", "policy_id", "prompt_sha256", "prompt_tokens", "rationale_cut",
            "reasoning_cut", "score", "seconds", "settings", "status", "violates",
        ),
        (
            "rationale IS ''", "reasoning IS ''", "rule_ids IS '[]'", "quotes IS '[]'", "invented IS '[]'",
            "raw_output IS ''", "detail IS ''",
        ),
    ),
    "decision": (
        "item_key",
        (
            "agrees", "blind", "cause", "decided_at", "id", "imported", "item_key", "label", "policy_hash",
            "policy_id", "reviewer", "rule_id", "seconds", "supersedes", "verdict_key", "violates", "withdrawn",
        ),
        ("note IS ''",),
    ),
    "remark": ("item_key", ("id", "item_key"), ("reason IS ''",)),
}  # fmt: skip


def upgrade() -> None:
    """Add the column and the tables, then put the triggers on UPDATE in place anew."""
    op.add_column("item", sa.Column("removed_at", sa.String(), nullable=True))
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_remark_item", "remark", ["item_key", "id"], unique=False)
    op.create_table(
        "purging",
        sa.Column("item_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("item_key"),
    )
    for table, (owner, kept, emptied) in TABLES.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        if table == "remark":
            there = "WHEN EXISTS (SELECT 1 FROM remark WHERE id = NEW.id)"
            op.execute(f"CREATE TRIGGER remark_no_delete BEFORE DELETE ON remark {refuse}")
            op.execute(f"CREATE TRIGGER remark_no_replace BEFORE INSERT ON remark {there} {refuse}")
        else:
            op.execute(f"DROP TRIGGER {table}_no_update")
        conditions = [
            f"EXISTS (SELECT 1 FROM purging WHERE item_key = OLD.{owner})",  # noqa: S608 - our own names
            *(f"NEW.{name} IS OLD.{name}" for name in kept),
            *(f"NEW.{condition}" for condition in emptied),
        ]
        unless = f"WHEN NOT ({' AND '.join(conditions)})"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {unless} {refuse}")
