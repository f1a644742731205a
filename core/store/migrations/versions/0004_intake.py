"""What import keeps beside the items: groups of near-duplicates, refused rows, and mappings of columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; they start empty, and none of them is append-only."""
    op.create_table(
        "item_group",
        sa.Column("item_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_key", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_key"], ["item.id"]),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.PrimaryKeyConstraint("item_key"),
    )
    op.create_index("ix_item_group", "item_group", ["group_key", "item_key"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("raw_hash", sa.String(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_quarantine_row", "quarantine", ["raw_hash", "source", "line"], unique=False)
    op.create_table(
        "column_map",
        sa.Column("columns_hash", sa.String(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("columns_hash"),
    )
