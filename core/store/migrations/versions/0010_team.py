"""Claims: who holds which queue entry until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; it starts empty."""
    op.create_table(
        "claim",
        sa.Column("entry_key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entry_key"], ["queue_entry.id"]),
        sa.PrimaryKeyConstraint("entry_key"),
    )
    op.create_index("ix_claim_holder", "claim", ["holder", "entry_key"], unique=False)
    op.create_index("ix_claim_session", "claim", ["session", "entry_key"], unique=False)
