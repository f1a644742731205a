"""Which conversation an item is of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it holds items that come in from now on."""
    op.create_table(
        "item_thread",
        sa.Column("item_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_key"], ["item.id"]),
        sa.PrimaryKeyConstraint("item_key"),
    )
    op.create_index("ix_item_thread", "item_thread", ["thread", "item_key"], unique=False)
