"""How far an import came, so that one that was killed goes on from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "import_place",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("read", sa.BigInteger(), nullable=False),
        sa.Column("first_key", sa.Integer(), nullable=False),
        sa.Column("began", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
