"""What second opinions were tried on, for the items behind their figures; and the vectors they may learn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, then the table."""
    op.add_column("second_opinion", sa.Column("trial", sa.Text(), nullable=True))
    op.create_table(
        "embedding",
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("model_sha256", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "model_sha256"),
    )
